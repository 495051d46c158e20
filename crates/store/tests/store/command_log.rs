//! What each command leaves in the log: which events, of whom, on which day, in whose chain; and what leaves none.

use crate::county::{account, day, place};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, decimal, garden, garden_row, package, text};
use model::{Actor, Lead, Level, Value};
use store::{
    Command, Entry, FigurePublication, ImportState, ImportSummary, IndicatorFigures, NewAttachment, NewImport,
    NewToken, Publication, Receipt, Refusal, Region, Scope, system_actor,
};

on_both![
    every_command_leaves_its_events,
    what_is_refused_or_rehearsed_leaves_none,
    what_changes_nothing_leaves_none,
    a_record_that_moves_leaves_an_event_in_both_counties,
    values_that_are_sensitive_are_not_told_by_an_event,
];

const FIRST_COUNTY: &str = "990101000000";
const SECOND_COUNTY: &str = "990102000000";
const PROVINCE: &str = "990000000000";

fn events(valley: &Valley) -> i64 {
    valley.place().number("select count(*) from event")
}

/// A command carried out, and the events that stand behind those of before: how many of each register, action and chain.
struct Logged<'v> {
    valley: &'v Valley,
    before: i64,
    who: Actor,
    on: &'static str,
    receipt: Receipt,
}

impl Logged<'_> {
    fn count(&self, condition: &str) -> i64 {
        self.valley.place().number(&format!("select count(*) from event where seq > {} and {condition}", self.before))
    }

    /// Exactly these events: register, action, chain.
    fn are(&self, what: &str, expected: &[(&str, &str, &str)]) {
        for (register, action, chain) in expected {
            let same = expected.iter().filter(|one| *one == &(*register, *action, *chain)).count() as i64;
            let own = format!("register = '{register}' and action = '{action}' and chain = '{chain}'");
            assert_eq!(self.count(&own), same, "{what}: {own}");
        }
        assert_eq!(self.count("1 = 1"), expected.len() as i64, "{what}: no others");
        assert_eq!(self.receipt.events, expected.len() as u64, "{what}: the receipt counts them");
        let signed = format!(
            "account = '{}' and role = '{}' and day = '{}' and at_ms = {AT_MS}",
            self.who.account, self.who.role, self.on
        );
        assert_eq!(self.count(&signed), expected.len() as i64, "{what}: who, when");
    }
}

fn last(valley: &Valley) -> i64 {
    valley.place().number("select coalesce(max(seq), 0) from event")
}

fn logged<'v>(valley: &'v Valley, who: &Actor, on: &'static str, command: Command) -> Logged<'v> {
    let before = last(valley);
    let receipt = valley.apply(who, on, command).expect("is done");
    Logged { valley, before, who: who.clone(), on, receipt }
}

fn correct(id: &str, version: i64, fields: &[(&str, Value)]) -> Command {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Command::Correct {
        id: id.into(),
        version: model::Version(version),
        entry: Entry { register: "garden".into(), fields, ..Entry::default() },
    }
}

fn take(id: &str, step: &str, minutes: &str) -> Command {
    let fields = if minutes.is_empty() { Vec::new() } else { vec![("minutes".to_owned(), text(minutes))] };
    Command::TakeStep { register: "garden".into(), id: id.into(), version: None, step: step.into(), fields }
}

fn rows(file: &str, rows: &[(&str, &str, &str)]) -> Command {
    let records = (2..).zip(rows).map(|(row, (number, village, area))| garden_row(row, number, village, area));
    Command::ImportRecords { register: "garden".into(), file: file.repeat(12), records: records.collect() }
}

fn withdraw(id: &str, version: i64) -> Command {
    Command::Withdraw {
        register: "garden".into(), id: id.into(), version: model::Version(version), why: "重复".into()
    }
}

fn unmask(id: &str) -> Command {
    let (field, purpose) = ("keeper_phone".into(), "回访核实".into());
    Command::Unmask { register: "garden".into(), id: id.into(), field, purpose }
}

fn every_command_leaves_its_events() {
    let valley = &Valley::new();
    let clerk = clerk();
    let by_clerk = |command| logged(valley, &clerk, "2024-06-03", command);
    let entered = by_clerk(Command::Enter(garden("G1", VILLAGES[0], &[])));
    entered.are("enter", &[("garden", "added", FIRST_COUNTY)]);
    let id = entered.receipt.id.clone().expect("an id");
    let garden_event = |action| [("garden", action, FIRST_COUNTY)];
    by_clerk(correct(&id, 1, &[("area_mu", decimal("6"))])).are("correct", &garden_event("changed"));
    by_clerk(take(&id, "patrol", "看过了")).are("a step to the same state", &garden_event("patrol"));
    by_clerk(take(&id, "publish", "一致同意")).are("a step", &garden_event("publish"));
    let undo = Command::UndoStep {
        register: "garden".into(),
        id: id.clone(),
        version: model::Version(4),
        why: "点错了".into(),
    };
    by_clerk(undo).are("undo", &garden_event("step_undone"));
    by_clerk(unmask(&id)).are("look", &garden_event("unmasked"));
    by_clerk(withdraw(&id, 5)).are("withdraw", &garden_event("withdrawn"));
    by_clerk(Command::Enter(garden("G1", VILLAGES[0], &[]))).are("again", &garden_event("entered_again"));
    let picture = NewAttachment { media: "image/png".into(), content: b"picture".to_vec() };
    by_clerk(Command::SaveAttachment(picture)).are("a file", &[]);
    imports_leave_theirs(valley);
    accounts_leave_theirs(valley);
    publications_leave_theirs(valley);
    valley.store.verify().expect("holds");
}

fn imports_leave_theirs(valley: &Valley) {
    let system = system_actor(place("99"));
    let by_system = |command| logged(valley, &system, "2024-06-04", command);
    let new = NewImport {
        dataset: "garden".into(),
        file_name: "园子.xlsx".into(),
        file_hash: "e".repeat(64),
        bytes: 9,
        region: place("99"),
        delivered_on: day("2024-06-04"),
        said_days: (None, None),
    };
    let begun = by_system(Command::BeginImport(new.clone()));
    begun.are("begin", &[("import", "begun", PROVINCE)]);
    let import = begun.receipt.id.clone().expect("a name");
    let both = [("N1", VILLAGES[0], "1"), ("N2", VILLAGES[3], "2"), ("N3", VILLAGES[1], "3")];
    let added = [("garden", "added", FIRST_COUNTY), ("garden", "added", SECOND_COUNTY)];
    by_system(rows("e", &both)).are("one event for the new ones of a county", &added);
    let changed = [("N1", VILLAGES[0], "4"), ("N3", VILLAGES[1], "5"), ("N2", VILLAGES[3], "2")];
    let expected = [("garden", "changed", FIRST_COUNTY), ("garden", "changed", FIRST_COUNTY)];
    by_system(rows("f", &changed)).are("one for each that changed", &expected);
    let summary = ImportSummary { state: ImportState::Done, ..ImportSummary::default() };
    let finish = Command::FinishImport { import: import.clone(), summary };
    by_system(finish).are("end", &[("import", "done", PROVINCE)]);
    let again = by_system(Command::BeginImport(new));
    again.are("the same file again", &[("import", "begun", PROVINCE)]);
    assert_eq!(again.receipt.id, Some(import.clone()));
    let summary = ImportSummary { state: ImportState::Refused, ..ImportSummary::default() };
    by_system(Command::FinishImport { import: import.clone(), summary })
        .are("a file that is refused", &[("import", "refused", PROVINCE)]);
    let undone = by_system(Command::UndoImport { import });
    // Two were changed since by the other file; the third goes.
    assert_eq!((undone.receipt.changed, undone.receipt.outside), (1, 2));
    undone.are("undo", &[("garden", "withdrawn", SECOND_COUNTY)]);
}

fn accounts_leave_theirs(valley: &Valley) {
    let system = system_actor(place("99"));
    let by_system = |command| logged(valley, &system, "2024-06-04", command);
    by_system(Command::AddAccount(account("li", "clerk", "990101100", None)))
        .are("account", &[("account", "added", FIRST_COUNTY)]);
    by_system(Command::SetPassword { account: "li".into(), password_hash: "new".into() })
        .are("password", &[("account", "password_set", PROVINCE)]);
    let li = Actor { account: "li".into(), ..clerk() };
    let (name, account) = ("交换".to_owned(), "li".to_owned());
    let new = NewToken { name, account, scopes: vec![Scope::All], expires_on: None };
    let made = logged(valley, &li, "2024-06-05", Command::AddToken(new));
    made.are("token", &[("token", "added", FIRST_COUNTY)]);
    let token_id = made.receipt.id.clone().expect("a name");
    let secret = made.receipt.text.clone().expect("is shown");
    assert_eq!(made.count(&format!("after like '%{secret}%'")), 0, "the token itself is told nowhere");
    logged(valley, &li, "2024-06-05", Command::RevokeToken { token_id })
        .are("revoked", &[("token", "revoked", FIRST_COUNTY)]);
    by_system(Command::SetSetting { name: "x".into(), value: "1".into() })
        .are("setting", &[("setting", "changed", PROVINCE)]);
}

fn publications_leave_theirs(valley: &Valley) {
    let system = system_actor(place("99"));
    let by_system = |command| logged(valley, &system, "2024-06-04", command);
    let found = |villages: &[(i64, usize)]| -> Vec<Lead> {
        villages.iter().map(|(number, at)| crate::county::lead(*number, VILLAGES[*at], "2024-06-04", 1)).collect()
    };
    let screening = |leads| {
        let publication = crate::county::publication("99", "2024-06-04", leads);
        Command::PublishScreening(Box::new(Publication { quality: Vec::new(), ..publication }))
    };
    let published = ("screening", "published", PROVINCE);
    by_system(screening(found(&[(1, 0), (4, 3)])))
        .are("screening", &[("lead", "raised", FIRST_COUNTY), ("lead", "raised", SECOND_COUNTY), published]);
    let figures = IndicatorFigures {
        indicator: "gardens".into(),
        period: "2024-06".parse().expect("a period"),
        inputs: "a".into(),
        rows: Vec::new(),
    };
    let publication = FigurePublication { region: place("990101"), day: day("2024-06-04"), figures: vec![figures] };
    by_system(Command::PublishFigures(Box::new(publication))).are("figures", &[("figure", "published", FIRST_COUNTY)]);
    let region = |code: &str, name: &str| Region { code: place(code), name: name.into(), short: name.into() };
    by_system(Command::SaveRegions(vec![region("990101100203", "新村"), region("990102100202", "新乙村")]))
        .are("places", &[("region", "added", FIRST_COUNTY), ("region", "added", SECOND_COUNTY)]);
    let frozen = by_system(Command::Freeze { year: 2023 });
    assert_eq!(frozen.count("action <> 'frozen'"), 0);
    assert_eq!(frozen.count("record <> '2023'"), 0);
    assert!(frozen.receipt.events >= 6, "of each register and county that holds records: {:?}", frozen.receipt);
}

fn what_is_refused_or_rehearsed_leaves_none() {
    let valley = &Valley::new();
    let id = valley.enter("G1", &[]);
    let before = (events(valley), valley.store.verify().expect("holds"));
    let commands = || {
        vec![
            Command::Enter(garden("G2", VILLAGES[0], &[])),
            correct(&id, 1, &[("area_mu", decimal("6"))]),
            take(&id, "publish", "一致同意"),
            withdraw(&id, 1),
            unmask(&id),
            rows("b", &[("N1", VILLAGES[0], "1")]),
        ]
    };
    for command in commands() {
        let receipt = valley
            .store
            .rehearse(&clerk(), model::Moment { day: day("2024-06-03"), at_ms: AT_MS }, command)
            .expect("would be done");
        assert_eq!(receipt.events, 1, "it tells what it would leave");
    }
    let beside = Actor { region: place("990101200"), ..clerk() };
    let refused: Vec<Refusal> =
        commands().into_iter().filter_map(|command| valley.apply(&beside, "2024-06-03", command).err()).collect();
    assert_eq!(refused.len(), 5, "rows of other places are counted, not refused");
    assert_eq!((events(valley), valley.store.verify().expect("holds")), before);
}

fn what_changes_nothing_leaves_none() {
    let valley = &Valley::new();
    let both = [("N1", VILLAGES[0], "1"), ("N2", VILLAGES[3], "2")];
    let system = system_actor(place("99"));
    logged(valley, &system, "2024-06-03", rows("a", &both));
    for file in ["a", "b"] {
        let again = logged(valley, &system, "2024-06-04", rows(file, &both));
        again.are("the same rows", &[]);
        assert_eq!((again.receipt.unchanged, again.receipt.changed, again.receipt.added), (2, 0, 0));
    }
    let none = logged(valley, &system, "2024-06-04", rows("c", &[]));
    none.are("no rows", &[]);
    assert_eq!(none.receipt, Receipt::default());
    let divisions = package().divisions.all().iter();
    let known = divisions.map(|one| Region { code: one.code, name: one.name.clone(), short: one.short.clone() });
    let places = logged(valley, &system, "2024-06-04", Command::SaveRegions(known.collect()));
    places.are("the same places", &[]);
    assert!(places.receipt.unchanged > 0 && places.receipt.changed == 0);
    let go_on = Command::GoOn { register: "garden".into(), id: "N1".into() };
    logged(valley, &system, "2024-06-04", go_on).are("nothing is due", &[]);
}

fn a_record_that_moves_leaves_an_event_in_both_counties() {
    let valley = &Valley::new();
    let system = system_actor(place("99"));
    logged(valley, &system, "2024-06-03", rows("a", &[("N1", VILLAGES[0], "1")]));
    let moved = logged(valley, &system, "2024-06-04", rows("b", &[("N1", VILLAGES[3], "1")]));
    let expected = [("garden", "changed", SECOND_COUNTY), ("garden", "moved_away", FIRST_COUNTY)];
    moved.are("to another county", &expected);
    let back = logged(valley, &system, "2024-06-05", rows("c", &[("N1", VILLAGES[2], "1")]));
    let expected = [("garden", "changed", FIRST_COUNTY), ("garden", "moved_away", SECOND_COUNTY)];
    back.are("and back", &expected);
    let within = logged(valley, &system, "2024-06-06", rows("d", &[("N1", VILLAGES[0], "1")]));
    within.are("within the county", &[("garden", "changed", FIRST_COUNTY)]);
    assert_eq!(place(VILLAGES[0]).at(Level::County).to_string(), FIRST_COUNTY);
    valley.store.verify().expect("holds");
}

fn values_that_are_sensitive_are_not_told_by_an_event() {
    let valley = &Valley::new();
    let id = valley.enter("G1", &[("keeper_phone", text("13812345678"))]);
    let change = correct(&id, 1, &[("keeper_phone", text("13900001111"))]);
    let changed = logged(valley, &clerk(), "2024-06-03", change);
    changed.are("a phone", &[("garden", "changed", FIRST_COUNTY)]);
    for secret in ["13812345678", "13900001111"] {
        let told = format!("select count(*) from event where before like '%{secret}%' or after like '%{secret}%'");
        assert_eq!(valley.place().number(&told), 0, "{secret}");
    }
    assert_eq!(changed.count("before like '%keeper_phone%' and after like '%keeper_phone%'"), 1, "sealed it is there");
    logged(valley, &clerk(), "2024-06-03", unmask(&id));
    let looked = "select count(*) from event where action = 'unmasked' and after like '%回访核实%'";
    assert_eq!(valley.place().number(looked), 1, "a look tells its purpose");
}
