//! The sentences by which a change is refused, as people read them, in files of one language each.
//!
//! Make them anew with `UPDATE_GOLDEN=1` and look at the difference.

use crate::county::{actor, day};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, decimal, garden, text};
use model::{Fen, Moment, Value, Version};
use store::{Command, Entry, Refusal, RefusalKind};
use words::Language;

/// Everything that is tried and refused, in order.
struct Tried<'v> {
    valley: &'v Valley,
    found: Vec<(&'static str, Refusal)>,
}

impl Tried<'_> {
    fn by(&mut self, what: &'static str, role: (&str, &str), command: Command) {
        let refused =
            self.valley.store.apply(&actor(role.0, role.1), Moment { day: day("2024-06-03"), at_ms: AT_MS }, command);
        self.found.push((what, refused.expect_err(what)));
    }

    fn entered(&mut self, what: &'static str, more: &[(&str, Value)]) {
        self.by(what, ("clerk", "990101100"), Command::Enter(garden("G9", VILLAGES[0], more)));
    }
}

fn correct(id: &str, version: i64, fields: &[(&str, Value)]) -> Command {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Command::Correct {
        id: id.into(),
        version: Version(version),
        entry: Entry { register: "garden".into(), fields, ..Entry::default() },
    }
}

fn step(id: &str, step: &str, fields: &[(&str, Value)]) -> Command {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Command::TakeStep { version: None, register: "garden".into(), id: id.into(), step: step.into(), fields }
}

fn unmask(id: &str, field: &str, purpose: &str) -> Command {
    Command::Unmask { register: "garden".into(), id: id.into(), field: field.into(), purpose: purpose.into() }
}

fn withdraw(id: &str, version: i64, why: &str) -> Command {
    Command::Withdraw { register: "garden".into(), id: id.into(), version: Version(version), why: why.into() }
}

fn refusals(valley: &Valley) -> Vec<(&'static str, Refusal)> {
    const CLERK: (&str, &str) = ("clerk", "990101100");
    const COUNTY: (&str, &str) = ("county", "990101");
    const ELSEWHERE: (&str, &str) = ("clerk", "990102100");
    let mut tried = Tried { valley, found: Vec::new() };
    tried.entered("a required field is empty", &[("kind_code", Value::Null)]);
    tried.entered("a value of another kind", &[("worth_fen", text("many"))]);
    tried.entered("a calculated field", &[("is_large", Value::Bool(true))]);
    tried.entered("a field that is not declared", &[("colour", text("red"))]);
    tried.entered("a check does not hold", &[("worth_fen", Value::Fen(Fen(-1)))]);
    tried.entered("a reference to nothing", &[("tool_no", text("T9"))]);
    tried.entered("a village outside", &[("region_code", text(VILLAGES[2]))]);
    let tea = |household: &str| vec![("kind_code", text("tea")), ("household_no", text(household))];
    valley.enter("T1", &tea("1"));
    valley.enter("T2", &tea("1"));
    tried.entered("a constraint does not hold", &tea("1"));
    let id = valley.enter("G1", &[]);
    tried.by("the same record again", CLERK, Command::Enter(garden("G1", VILLAGES[0], &[])));
    tried.by("a role that does not enter", COUNTY, Command::Enter(garden("G9", VILLAGES[0], &[])));
    tried.by("a record of another place", ELSEWHERE, correct(&id, 1, &[("area_mu", decimal("6"))]));
    tried.by("a record that is not there", CLERK, correct("0000000000000000", 1, &[("area_mu", decimal("6"))]));
    valley.apply(&clerk(), "2024-06-03", correct(&id, 1, &[("area_mu", decimal("6"))])).expect("is corrected");
    tried.by("an old version", CLERK, correct(&id, 1, &[("area_mu", decimal("7"))]));
    tried.by("a step without its field", CLERK, step(&id, "publish", &[]));
    let smuggled = [("minutes", text("三人到会")), ("area_mu", decimal("100"))];
    tried.by("a step with another field", CLERK, step(&id, "publish", &smuggled));
    tried.by("withdrawn without a reason", CLERK, withdraw(&id, 2, " "));
    tried.by("a look without a purpose", CLERK, unmask(&id, "keeper_phone", "看"));
    tried.by("a look without the right", COUNTY, unmask(&id, "keeper_phone", "回访核实"));
    tried.by("a look at what is not masked", CLERK, unmask(&id, "area_mu", "回访核实"));
    valley.apply(&clerk(), "2024-06-03", step(&id, "publish", &[("minutes", text("三人到会"))])).expect("is public");
    tried.by("corrected while locked", CLERK, correct(&id, 3, &[("area_mu", decimal("7"))]));
    tried.by("a step too early", COUNTY, step(&id, "confirm", &[]));
    tried.by("a year frozen by a person", CLERK, Command::Freeze { year: 2023 });
    valley.system(Command::Freeze { year: 2023 }).expect("is frozen");
    let again = valley.system(Command::Freeze { year: 2023 }).expect_err("once");
    tried.found.push(("a year frozen twice", again));
    let undo = Command::UndoImport { import: "none".into() };
    tried.by("an import that is not there", CLERK, undo);
    tried.found
}

/// Writes or compares one language: what was tried, the key of the words, the fields in the way, why it is refused, what to do.
fn compare(language: Language, short: &str, all: &[(&str, Refusal)]) {
    let line = |(what, one): &(&str, Refusal)| {
        let fields = if one.fields.is_empty() { String::new() } else { format!(" [{}]", one.fields.join(", ")) };
        let (why, hint) = (one.what.of(language), one.hint.of(language));
        format!("{what}: {}{fields}\n    {why}\n    {hint}\n\n", one.name)
    };
    let found: String = all.iter().map(line).collect();
    let name = format!("refusals.{short}.txt");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(&name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &found).expect("the golden file is written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for (found, golden) in found.lines().zip(golden.lines()) {
        assert_eq!(found, golden, "{name}; look at it with UPDATE_GOLDEN=1 and git diff");
    }
    assert!(found == golden, "{name} has other lines; look at it with UPDATE_GOLDEN=1 and git diff");
}

fn the_sentences_of_refusals_are_the_golden_ones() {
    let valley = &Valley::new();
    let all = refusals(valley);
    for (what, refusal) in &all {
        assert!(!matches!(refusal.kind, RefusalKind::Store(_)), "{what} is no fault of the store: {refusal:?}");
    }
    compare(Language::CHINESE, "zh", &all);
    compare(Language::ENGLISH, "en", &all);
}

on_both!(the_sentences_of_refusals_are_the_golden_ones);
