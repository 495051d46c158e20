//! The ledger that the tests decide about.
#![allow(dead_code, reason = "each test uses its part")]

use lifecycle::StepContext;
use model::Day;
use policy::Calendar;
use policy::declare::{Column, Register, State, Step};
use std::sync::OnceLock;

pub fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

fn state(name: &str, initial: bool, is_final: bool) -> State {
    State {
        name: name.into(),
        label: format!("状态{name}"),
        label_en: name.into(),
        initial,
        is_final,
        ..State::default()
    }
}

fn step(name: &str, from: &[&str], to: &str, roles: &[&str]) -> Step {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Step {
        name: name.into(),
        label: format!("步骤{name}"),
        label_en: name.into(),
        from: names(from),
        to: to.into(),
        roles: names(roles),
        ..Step::default()
    }
}

/// Entered, in publicity for 5 days, approved by another person and then locked, archived after 2 working days; or sent back.
pub fn register() -> Register {
    let mut publish = step("publish", &["entered"], "public", &["clerk"]);
    publish.required = vec!["minutes".into(), "votes".into()];
    publish.due_days = Some(10);
    let mut approve = step("approve", &["public"], "approved", &["county", "clerk"]);
    approve.wait_days = 5;
    approve.due_days = Some(20);
    approve.not_by_who_entered = true;
    let mut back = step("send_back", &["public", "entered"], "entered", &["county"]);
    back.due_days = Some(7);
    let field = |name: &str, required: bool, derived: Option<&str>| Column {
        name: name.into(),
        label: name.into(),
        label_en: name.into(),
        required,
        derived: derived.map(str::to_owned),
        ..Column::default()
    };
    let mut approved = state("approved", false, false);
    approved.is_locked = true;
    let mut archive = step("archive", &["approved"], "archived", &["county"]);
    archive.wait_days = 2;
    archive.in_working_days = true;
    Register {
        label: "台账".into(),
        label_en: "Ledger".into(),
        key: vec!["number".into()],
        field: vec![
            field("number", true, None),
            field("minutes", false, None),
            field("votes", false, None),
            field("sum", false, Some("1")),
        ],
        may_enter: vec!["clerk".into()],
        state: vec![
            state("entered", true, false),
            state("public", false, false),
            approved,
            state("archived", false, true),
        ],
        step: vec![publish, approve, back, archive],
        ..Register::default()
    }
}

pub fn asked<'a>(state: &'a str, role: &'a str, account: &'a str, today: &str) -> StepContext<'a> {
    StepContext {
        state,
        entered_state_on: day("2024-05-01"),
        entered_by: Some("an"),
        changed_by: &[],
        account,
        role,
        filled: &["minutes", "votes"],
        children: &[],
        calendar: weekdays(),
        today: day(today),
    }
}

/// Weekdays, without any holiday.
pub fn weekdays() -> &'static Calendar {
    static WEEKDAYS: OnceLock<Calendar> = OnceLock::new();
    WEEKDAYS.get_or_init(Calendar::default)
}
