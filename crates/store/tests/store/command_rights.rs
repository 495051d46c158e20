//! Who may give which command: every command by every actor, rehearsed, so that the outcome of one is not that of another.

use crate::county::{account, actor, day, place};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, decimal, garden, garden_row, text};
use model::{Actor, Fault, FaultKind};
use store::{
    Command, Entry, FigurePublication, ImportState, ImportSummary, Leaver, NewImport, NewToken, Publication, Refusal,
    RefusalKind, Scope, UnmatchedRow, system_actor,
};

on_both![
    every_command_is_given_by_those_who_may,
    every_refusal_is_told_whole_in_both_languages,
    what_lies_outside_is_refused_in_the_words_of_what_does_not_exist,
];

/// The actors, in the order of the letters below.
fn actors() -> [Actor; 11] {
    let of = |department: &str| Actor { department: Some(department.into()), ..actor("officer", "990101") };
    [
        actor("cadre", VILLAGES[0]),
        actor("cadre", VILLAGES[1]),
        clerk(),
        actor("clerk", "990101200"),
        actor("county", "990101"),
        actor("county", "990102"),
        of("farming"),
        Actor { account: "officer of the other department".into(), ..of("medical") },
        actor("analyst", "99"),
        actor("unknown", "99"),
        system_actor(place("99")),
    ]
}

/// A valley in which every command has something to be given on.
struct Ground {
    valley: Valley,
    drafted: String,
    public: String,
    running: String,
    done: String,
    token: String,
}

fn import(digit: &str) -> NewImport {
    NewImport {
        dataset: "garden".into(),
        file_name: "园子.xlsx".into(),
        file_hash: digit.repeat(64),
        bytes: 9,
        region: place("990101100"),
        delivered_on: day("2024-06-02"),
        said_days: (None, None),
    }
}

impl Ground {
    fn new() -> Ground {
        let valley = Valley::new();
        for (name, role, region) in [("li", "clerk", "990101100"), (clerk().account.as_str(), "clerk", "990101100")] {
            valley.system(Command::AddAccount(account(name, role, region, None))).expect("is added");
        }
        let (drafted, public) = (valley.enter("G1", &[]), valley.enter("G2", &[]));
        let apply = |command| valley.apply(&clerk(), "2024-06-03", command).expect("is done");
        apply(step(&public, "publish", true));
        let begin = |digit: &str| apply(Command::BeginImport(import(digit))).id.expect("a name");
        let (running, done) = (begin("a"), begin("b"));
        apply(rows("b"));
        let summary = ImportSummary { state: ImportState::Done, ..ImportSummary::default() };
        apply(Command::FinishImport { import: done.clone(), summary });
        let token = apply(token_for(&clerk().account)).id.expect("a name");
        Ground { valley, drafted, public, running, done, token }
    }

    fn rehearse(&self, who: &Actor, command: Command) -> Result<(), Refusal> {
        self.valley.store.rehearse(who, model::Moment { day: day("2024-06-20"), at_ms: AT_MS }, command).map(drop)
    }

    /// Each command with what becomes of it for each actor.
    fn commands(&self) -> Vec<(&'static str, Command, &'static str)> {
        let register = || "garden".to_owned();
        let entry =
            || Entry { register: register(), fields: vec![("area_mu".to_owned(), decimal("7"))], ..Entry::default() };
        let (id, import, why) = (self.drafted.clone(), self.running.clone(), "登记重复".to_owned());
        let unmatched =
            || vec![UnmatchedRow { row: 2, reason: "name".into(), what: Default::default(), seen: "".into() }];
        let leavers = vec![Leaver { household_no: model::HouseholdNo(1), resident_key: None }];
        let (field, purpose) = ("keeper_phone".to_owned(), "回访核实".to_owned());
        vec![
            ("enter", Command::Enter(garden("G9", VILLAGES[0], &[])), "ynynnnn-n-l"),
            ("correct", Command::Correct { id: id.clone(), version: model::Version(1), entry: entry() }, "y-y-nnn-n-l"),
            (
                "withdraw",
                Command::Withdraw {
                    register: register(),
                    id: id.clone(),
                    version: model::Version(1),
                    why: why.clone(),
                },
                "y-y-nnn-n-l",
            ),
            ("put up", step(&id, "publish", true), "y-y-l-l-l-l"),
            ("put up without minutes", step(&id, "publish", false), "l-l-l-l-l-l"),
            ("confirm", step(&self.public, "confirm", false), "l-l-y-l-l-l"),
            ("send back", step(&self.public, "send_back", false), "l-y-y-l-l-l"),
            ("a step that is none", step(&id, "fly", false), "l-l-l-l-l-l"),
            (
                "undo",
                Command::UndoStep { register: register(), id: self.public.clone(), version: model::Version(2), why },
                "n-y-n-n-n-n",
            ),
            ("look", Command::Unmask { register: register(), id: id.clone(), field, purpose }, "nny-nnn-n-y"),
            ("go on", Command::GoOn { register: register(), id }, "nnnnnnnnnny"),
            ("take rows in", rows("c"), "nnyyyyynnny"),
            ("begin an import", Command::BeginImport(self::import("d")), "nnynynynnny"),
            ("add faults", Command::AddFaults { import: import.clone(), faults: vec![fault()] }, "--y-------y"),
            ("add unmatched", Command::AddUnmatched { import: import.clone(), rows: unmatched() }, "--y-------y"),
            ("add notes", Command::AddNoted { import: import.clone(), rows: unmatched() }, "--y-------y"),
            ("add leavers", Command::AddLeavers { import: import.clone(), leavers }, "--y-------y"),
            (
                "end an import",
                Command::FinishImport { import: import.clone(), summary: ImportSummary::default() },
                "--y-------y",
            ),
            ("undo an import", Command::UndoImport { import: self.done.clone() }, "--y-------y"),
            ("undo one that runs", Command::UndoImport { import }, "--c-------c"),
            ("screen", Command::PublishScreening(Box::new(screening())), "nnnnynnnnny"),
            ("publish figures", Command::PublishFigures(Box::new(figures())), "nnnnynnnnny"),
            ("add an account", Command::AddAccount(account("wang", "clerk", "990101100", None)), "nnnnnnnnnny"),
            ("set a password", set_password("li"), "nnnnnnnnnny"),
            ("set the clerk's password", set_password(&clerk().account), "nnynnnnnnny"),
            ("make a token", token_for("li"), "nnnnnnnnnny"),
            ("make the clerk's token", token_for(&clerk().account), "nnynnnnnnny"),
            ("revoke the clerk's token", Command::RevokeToken { token_id: self.token.clone() }, "--y-------y"),
            ("name places", Command::SaveRegions(Vec::new()), "nnnnnnnnnny"),
            ("freeze", Command::Freeze { year: 2023 }, "nnnnnnnnnny"),
            ("set", Command::SetSetting { name: "x".into(), value: "1".into() }, "nnnnnnnnnny"),
        ]
    }
}

fn step(id: &str, step: &str, with_minutes: bool) -> Command {
    let fields = if with_minutes { vec![("minutes".to_owned(), text("一致同意"))] } else { Vec::new() };
    Command::TakeStep { register: "garden".into(), id: id.into(), version: None, step: step.into(), fields }
}

fn rows(digit: &str) -> Command {
    let records = vec![garden_row(2, &format!("N{digit}"), VILLAGES[0], "1")];
    Command::ImportRecords { register: "garden".into(), file: digit.repeat(12), records }
}

fn fault() -> Fault {
    let place = model::Place { file: "f".into(), sheet: None, row: Some(2), column: Some(2), heading: None };
    let (seen, what, hint) = (String::new(), words::Wording::same("空"), words::Wording::same("补"));
    Fault { place, kind: FaultKind::Missing, seen, what, hint, drops_row: true }
}

fn screening() -> Publication {
    Publication { quality: Vec::new(), ..crate::county::publication("990101", "2024-06-20", Vec::new()) }
}

fn figures() -> FigurePublication {
    FigurePublication { region: place("990101"), day: day("2024-06-20"), figures: Vec::new() }
}

fn set_password(name: &str) -> Command {
    Command::SetPassword { account: name.into(), password_hash: "new".into() }
}

fn token_for(name: &str) -> Command {
    let scopes = vec![Scope::Read("garden".into())];
    Command::AddToken(NewToken { name: "交换".into(), account: name.into(), scopes, expires_on: None })
}

fn letter(outcome: &Result<(), Refusal>) -> char {
    match outcome.as_ref().map_err(|refusal| &refusal.kind) {
        Ok(()) => 'y',
        Err(RefusalKind::NotAllowed) => 'n',
        Err(RefusalKind::NotFound) => '-',
        Err(RefusalKind::Lifecycle(_)) => 'l',
        Err(RefusalKind::Conflict) => 'c',
        Err(other) => panic!("{other:?}"),
    }
}

fn every_command_is_given_by_those_who_may() {
    let ground = Ground::new();
    let before = ground.valley.store.verify().expect("holds");
    let mut wrong = Vec::new();
    for (what, command, expected) in ground.commands() {
        let found: String = actors().iter().map(|who| letter(&ground.rehearse(who, command.clone()))).collect();
        if found != expected {
            wrong.push(format!("{what}: {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(ground.valley.store.verify().expect("holds"), before, "a rehearsal leaves nothing");
    assert_eq!(ground.valley.place().number("select count(*) from r_garden where garden_no = 'G9'"), 0);
}

/// True where a letter is of the Chinese script.
fn is_chinese(letter: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&letter)
}

fn every_refusal_is_told_whole_in_both_languages() {
    let ground = Ground::new();
    let mut refused = 0;
    for (what, command, _) in ground.commands() {
        for who in actors() {
            let Err(refusal) = ground.rehearse(&who, command.clone()) else { continue };
            refused += 1;
            for text in [&refusal.what.chinese(), &refusal.hint.chinese()] {
                assert!(text.chars().any(is_chinese), "{what} {}: {text:?}", who.account);
            }
            for text in [&refusal.what.english(), &refusal.hint.english()] {
                let is_english = text.chars().any(|letter| letter.is_ascii_alphabetic());
                // Days, times and names of people are what they are in every language.
                let told = text.replace("某人", "");
                assert!(is_english && !told.chars().any(is_chinese), "{what} {}: {text:?}", who.account);
            }
            assert_ne!(refusal.what.chinese(), refusal.hint.chinese(), "{what}");
            for hidden in [ground.drafted.as_str(), "13812345678", "garden_no", "r_garden"] {
                assert!(!format!("{refusal:?}").contains(hidden), "{what} tells {hidden}: {refusal:?}");
            }
        }
    }
    assert!(refused > 150, "{refused}");
}

fn what_lies_outside_is_refused_in_the_words_of_what_does_not_exist() {
    let ground = Ground::new();
    let words = |who: &Actor, command: Command| {
        let refusal = ground.rehearse(who, command).expect_err("is refused");
        assert!(matches!(refusal.kind, RefusalKind::NotFound), "{refusal:?}");
        assert!(refusal.record.is_none() && refusal.fields.is_empty() && refusal.since.is_empty());
        (refusal.what, refusal.hint)
    };
    let beside = actor("clerk", "990101200");
    let none = "0123456789abcdef";
    let correct = |id: &str, version| {
        let entry = Entry { register: "garden".into(), ..Entry::default() };
        Command::Correct { id: id.to_owned(), version, entry }
    };
    assert_eq!(
        words(&beside, correct(&ground.drafted, model::Version(1))),
        words(&beside, correct(none, model::Version(1)))
    );
    assert_eq!(
        words(&beside, correct(&ground.drafted, model::Version(9))),
        words(&beside, correct(none, model::Version(1))),
        "nor which version"
    );
    assert_eq!(
        words(&beside, correct("G1", model::Version(1))),
        words(&beside, correct("G77", model::Version(1))),
        "nor by its key"
    );
    assert_eq!(words(&beside, step(&ground.public, "confirm", false)), words(&beside, step(none, "confirm", false)));
    let undo = |import: &str| Command::UndoImport { import: import.to_owned() };
    assert_eq!(words(&beside, undo(&ground.done)), words(&beside, undo("garden-000000000000-990101100000")));
    let revoke = |token_id: &str| Command::RevokeToken { token_id: token_id.to_owned() };
    assert_eq!(words(&beside, revoke(&ground.token)), words(&beside, revoke("0000")));
    // A register of another department is as one that is not declared.
    let other = &actors()[7];
    let of = |register: &str| Command::TakeStep {
        register: register.to_owned(),
        id: ground.drafted.clone(),
        version: None,
        step: "publish".into(),
        fields: Vec::new(),
    };
    assert_eq!(words(other, of("garden")), words(other, of("nothing")));
}
