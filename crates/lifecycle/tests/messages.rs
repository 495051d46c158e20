//! Every sentence by which a command is refused, as people read it, in files of one language each.
//!
//! Make them anew with `UPDATE_GOLDEN=1` and look at the difference.

mod application;
mod ledger;

use application::{Record, Who, region, who};
use ledger::{asked, day, register};
use lifecycle::{Command, Event, Refusal, RefusalKind, Suspension, decide};
use model::Value;
use std::path::Path;
use words::{Language, Wording};

const APPROVE: Command<'_> = Command::Step("approve");
const REVIEW: Command<'_> = Command::Step("review");

/// Refusals of the plain ledger: what is tried, in which state, by whom, on which day, with which fields filled.
fn of_the_ledger() -> Vec<(&'static str, Refusal)> {
    let full = &["number", "minutes", "votes"][..];
    let tried = [
        ("a step that is not declared", Command::Step("fly"), ("entered", "clerk", "an", "2024-05-01"), full),
        ("a step from another state", Command::Step("publish"), ("public", "clerk", "an", "2024-05-01"), full),
        ("a step of another role", Command::Step("publish"), ("entered", "county", "bo", "2024-05-01"), full),
        ("before the state was reached", Command::Step("publish"), ("entered", "clerk", "an", "2024-04-30"), full),
        ("who entered it", APPROVE, ("public", "clerk", "an", "2024-05-07"), full),
        ("a day too early", APPROVE, ("public", "clerk", "bo", "2024-05-06"), full),
        ("a working day too early", Command::Step("archive"), ("approved", "county", "bo", "2024-05-02"), full),
        ("two fields are missing", Command::Step("publish"), ("entered", "clerk", "an", "2024-05-01"), &["number"]),
        ("entered by another role", Command::Enter, ("", "county", "bo", "2024-05-01"), full),
        ("entered without its key", Command::Enter, ("", "clerk", "an", "2024-05-01"), &["votes"]),
        ("corrected when locked", Command::Change(&["votes"]), ("approved", "clerk", "an", "2024-05-09"), full),
        ("corrected when final", Command::Change(&["votes"]), ("archived", "clerk", "an", "2024-05-09"), full),
        ("corrected by another role", Command::Change(&["votes"]), ("entered", "county", "bo", "2024-05-09"), full),
        ("a calculated field", Command::Change(&["sum"]), ("entered", "clerk", "an", "2024-05-09"), full),
        ("withdrawn when final", Command::Withdraw, ("archived", "clerk", "an", "2024-05-09"), full),
    ];
    let mut found = Vec::new();
    for (what, command, (state, role, account, today), filled) in tried {
        let mut asked = asked(state, role, account, today);
        asked.filled = filled;
        found.push((what, decide(&register(), command, &asked).expect_err(what)));
    }
    let mut with_votes = register();
    with_votes.step[0].required_child = vec!["vote".into()];
    let asked = asked("entered", "clerk", "an", "2024-05-01");
    let refusal = decide(&with_votes, Command::Step("publish"), &asked).expect_err("no vote");
    found.push(("a kind of child record is missing", refusal));
    found
}

/// Refusals of an application with conditions, publicity, approvals and ways back.
fn of_the_application() -> Vec<(&'static str, Refusal)> {
    let mut found = Vec::new();
    let mut note = |what, record: &Record, command, who: Who<'_>| {
        found.push((what, record.decides(command, who).expect_err(what)));
    };
    let clerk = who("an", "clerk", "2024-05-10");
    let officer = |today| who("bo", "officer", today);
    let mut record = Record::entered("2024-05-10");
    record.set("member_count", Value::Int(0));
    note("the condition is not met", &record, REVIEW, clerk);
    record.set("member_count", Value::Null);
    note("the condition has no answer", &record, REVIEW, clerk);
    let mut elsewhere = Record::entered("2024-05-10");
    elsewhere.region = region("990102");
    elsewhere.does(REVIEW, clerk).expect("reviews");
    note("the days of publicity are not set", &elsewhere, Command::Step("publish"), clerk);
    let public = Record::public("2024-05-10");
    note("the notice still hangs", &public, APPROVE, officer("2024-05-15"));
    let mut without = Record::entered("2024-05-01");
    without.events.push(Event::Reached { state: "public".into(), on: day("2024-05-01") });
    note("there was no notice", &without, APPROVE, officer("2024-06-01"));
    let mut objected = public.clone();
    objected.events.push(Event::Objected { on: day("2024-05-12") });
    note("there is an objection", &objected, APPROVE, officer("2024-06-30"));
    let mut suspended = public.clone();
    let (from, until) = (day("2024-05-14"), day("2024-05-20"));
    suspended.suspensions = vec![Suspension { region: region("990101"), from, until, reason: "年度封账".into() }];
    note("nothing is done at the place", &suspended, APPROVE, officer("2024-05-20"));
    note("by itself", &public, Command::ByItself("approve"), who("", "", "2024-06-01"));
    let mut agreed = public.clone();
    agreed.does(APPROVE, officer("2024-05-16")).expect("agrees");
    note("the person agreed before", &agreed, APPROVE, who("bo", "county", "2024-05-17"));
    let other = who("ci", "county", "2024-05-17");
    let back = |to| Command::SendBack { step: "approve", to };
    note("sent back without a reason", &agreed, back("reviewed"), other);
    note("sent back to where it does not lead", &agreed, back("paused"), Who { given: &["opinion"], ..other });
    agreed.set("lead_no", Value::Null);
    note("what follows elsewhere lacks a field", &agreed, APPROVE, other);
    found
}

/// Writes or compares one language: what was tried, the key of the words, why it is refused, what to do.
fn compare(language: Language, name: &str, all: &[(&'static str, Refusal)]) {
    let lines = |(what, one): &(&str, Refusal)| {
        format!("{what} [{}]\n    {}\n    {}\n\n", one.name, one.what.of(language), one.hint.of(language))
    };
    let found: String = all.iter().map(lines).collect();
    golden(&format!("refusals.{name}"), &found);
}

/// Writes or compares one file.
fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.txt"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, found).expect("the golden file is written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for (found, golden) in found.lines().zip(golden.lines()) {
        assert_eq!(found, golden, "{name}.txt; look at it with UPDATE_GOLDEN=1 and git diff");
    }
    assert!(found == golden, "{name}.txt has other lines; look at it with UPDATE_GOLDEN=1 and git diff");
}

#[test]
fn the_sentences_of_refusals_are_the_golden_ones() {
    let all: Vec<(&str, Refusal)> = of_the_ledger().into_iter().chain(of_the_application()).collect();
    compare(Language::CHINESE, "zh", &all);
    compare(Language::ENGLISH, "en", &all);
}

/// What is said before a step that begins a notice or a wait, in natural and in working days.
fn previews() -> Vec<(&'static str, Wording)> {
    let mut found = Vec::new();
    for (notice, wait, in_working_days) in
        [("a notice", "a wait", false), ("a notice in working days", "a wait in working days", true)]
    {
        let mut record = Record::entered("2024-05-10");
        let publish = record.register.step.iter_mut().find(|step| step.name == "publish").expect("is declared");
        publish.publicity.as_mut().expect("puts up a notice").in_working_days = in_working_days;
        (publish.wait_days, publish.in_working_days) = (3, in_working_days);
        for (what, step) in [(notice, "publish"), (wait, "review")] {
            let said = record.preview(step, "2024-05-10").expect("is declared").expect("something is waited for");
            found.push((what, said.sentence));
        }
    }
    found
}

#[test]
fn what_is_said_before_steps_is_golden() {
    let lines = previews()
        .into_iter()
        .map(|(what, said)| format!("{what}\n    {}\n    {}\n\n", said.chinese(), said.english()));
    golden("previews", &lines.collect::<String>());
}

/// The name of a kind, without what it carries. A kind that is added is missing here first.
fn name(kind: &RefusalKind) -> &'static str {
    match kind {
        RefusalKind::NoSuchStep => "NoSuchStep",
        RefusalKind::WrongState => "WrongState",
        RefusalKind::WrongRole => "WrongRole",
        RefusalKind::OwnEntry => "OwnEntry",
        RefusalKind::BeforeEntry => "BeforeEntry",
        RefusalKind::TooEarly(_) => "TooEarly",
        RefusalKind::Missing(_) => "Missing",
        RefusalKind::MissingChild(_) => "MissingChild",
        RefusalKind::Closed => "Closed",
        RefusalKind::Calculated(_) => "Calculated",
        RefusalKind::NotMet => "NotMet",
        RefusalKind::Suspended(_) => "Suspended",
        RefusalKind::Objected => "Objected",
        RefusalKind::NotPublic => "NotPublic",
        RefusalKind::Unset(_) => "Unset",
        RefusalKind::AlreadyApproved => "AlreadyApproved",
        RefusalKind::NoSuchReturn => "NoSuchReturn",
        RefusalKind::NotByItself => "NotByItself",
    }
}

#[test]
fn every_kind_of_refusal_is_among_them_and_says_what_to_do_in_both_languages() {
    let all: Vec<(&str, Refusal)> = of_the_ledger().into_iter().chain(of_the_application()).collect();
    let kinds: std::collections::BTreeSet<&str> = all.iter().map(|(_, one)| name(&one.kind)).collect();
    assert_eq!(kinds.len(), 18, "{kinds:?}");
    let is_chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    for (what, one) in &all {
        assert!(is_chinese(one.what.chinese()) && is_chinese(one.hint.chinese()), "{what}: {one:?}");
        assert!(!one.what.english().is_empty() && !one.hint.english().is_empty(), "{what}: {one:?}");
    }
}
