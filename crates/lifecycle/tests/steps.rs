//! What the decisions promise about steps: cases on both sides of every boundary.

mod ledger;

use ledger::{asked, day, register};
use lifecycle::{Command, Halt, Refusal, RefusalKind, StepContext, decide, due_on, initial_state, offers};
use policy::Calendar;

fn kind(step: &str, asked: &StepContext<'_>) -> Result<String, RefusalKind> {
    decide(&register(), Command::Step(step), asked)
        .map(|transition| transition.to)
        .map_err(|refusal: Refusal| refusal.kind)
}

#[test]
fn the_first_no_is_the_answer() {
    let may = |to: &str| Ok(to.to_owned());
    let cases = [
        ("publish", asked("entered", "clerk", "an", "2024-05-01"), may("public")),
        ("fly", asked("entered", "clerk", "an", "2024-05-01"), Err(RefusalKind::NoSuchStep)),
        ("publish", asked("public", "clerk", "an", "2024-05-01"), Err(RefusalKind::WrongState)),
        ("publish", asked("unknown", "clerk", "an", "2024-05-01"), Err(RefusalKind::WrongState)),
        ("publish", asked("entered", "county", "bo", "2024-05-01"), Err(RefusalKind::WrongRole)),
        ("publish", asked("entered", "clerk", "an", "2024-04-30"), Err(RefusalKind::BeforeEntry)),
        ("approve", asked("public", "clerk", "an", "2024-05-07"), Err(RefusalKind::OwnEntry)),
        ("approve", asked("public", "clerk", "bo", "2024-05-06"), Err(RefusalKind::TooEarly(day("2024-05-07")))),
        ("approve", asked("public", "clerk", "bo", "2024-05-07"), may("approved")),
        ("approve", asked("approved", "clerk", "bo", "2024-05-07"), Err(RefusalKind::WrongState)),
        ("send_back", asked("public", "county", "bo", "2024-05-01"), may("entered")),
        ("send_back", asked("entered", "county", "bo", "2024-05-01"), may("entered")),
    ];
    for (step, asked, expected) in cases {
        assert_eq!(kind(step, &asked), expected, "{step} {asked:?}");
    }
}

#[test]
fn a_transition_says_where_it_leads_and_since_when() {
    let transition =
        decide(&register(), Command::Step("approve"), &asked("public", "county", "bo", "2024-05-09")).expect("may");
    assert_eq!((transition.from.as_str(), transition.to.as_str()), ("public", "approved"));
    assert!(!transition.is_final);
    assert_eq!(transition.entered_state_on, day("2024-05-09"));
}

#[test]
fn missing_fields_are_named_all_at_once() {
    for (filled, missing) in [(&[][..], vec!["minutes", "votes"]), (&["votes"][..], vec!["minutes"])] {
        let mut asked = asked("entered", "clerk", "an", "2024-05-01");
        asked.filled = filled;
        let missing = missing.into_iter().map(str::to_owned).collect();
        assert_eq!(kind("publish", &asked), Err(RefusalKind::Missing(missing)));
    }
}

#[test]
fn who_entered_is_nobody_where_the_system_did() {
    let mut asked = asked("public", "clerk", "an", "2024-05-07");
    asked.entered_by = None;
    assert_eq!(kind("approve", &asked), Ok("approved".to_owned()));
    asked.changed_by = &["ci", "an"];
    assert_eq!(kind("approve", &asked), Err(RefusalKind::OwnEntry), "who changed it has entered it too");
}

#[test]
fn a_refusal_says_what_would_make_it_pass() {
    let refusal = decide(&register(), Command::Step("approve"), &asked("public", "clerk", "bo", "2024-05-06"))
        .expect_err("too early");
    assert!(refusal.what.chinese().contains("5个整日"), "{}", refusal.what.chinese());
    assert!(refusal.hint.chinese().contains("2024-05-07"), "{}", refusal.hint.chinese());
    assert!(refusal.hint.english().contains("2024-05-07"), "{}", refusal.hint.english());
}

#[test]
fn a_state_is_due_by_the_earliest_deadline_of_its_steps() {
    let cases =
        [("entered", Some("2024-05-08")), ("public", Some("2024-05-08")), ("archived", None), ("unknown", None)];
    for (state, due) in cases {
        let due_with = |halts: &[Halt]| due_on(&register(), state, day("2024-05-01"), &Calendar::default(), halts);
        assert_eq!(due_with(&[]), due.map(day), "{state}");
        // Days on which nothing is done do not count, both ends included.
        let halt = |from: &str, until: &str| Halt { from: day(from), until: Some(day(until)) };
        let later = due.map(|due| day(due).plus_days(3));
        assert_eq!(due_with(&[halt("2024-05-02", "2024-05-04")]), later, "{state}");
        assert_eq!(due_with(&[halt("2024-05-08", "2024-05-10")]), later, "{state}: from the last day on");
        assert_eq!(due_with(&[halt("2024-05-09", "2024-05-20")]), due.map(day), "{state}: it was over before");
        assert_eq!(due_with(&[halt("2024-04-01", "2024-05-01")]), due.map(day), "{state}: the day itself");
    }
}

#[test]
fn records_start_in_the_initial_state() {
    assert_eq!(initial_state(&register()).map(|state| state.name.as_str()), Some("entered"));
    let mut without = register();
    without.state.clear();
    assert!(initial_state(&without).is_none());
}

#[test]
fn offers_are_the_steps_of_the_role_with_what_stands_in_the_way() {
    let found = offers(&register(), &asked("public", "county", "bo", "2024-05-06"));
    let shown: Vec<(&str, bool)> = found.iter().map(|offer| (offer.step.as_str(), offer.refusal.is_some())).collect();
    assert_eq!(shown, [("approve", true), ("send_back", false)]);
    assert!(offers(&register(), &asked("public", "visitor", "bo", "2024-05-06")).is_empty());
    assert!(offers(&register(), &asked("archived", "county", "bo", "2024-05-06")).is_empty());
}

#[test]
fn a_step_may_need_child_records() {
    let mut register = register();
    register.step[0].required_child = vec!["vote".into()];
    let mut asked = asked("entered", "clerk", "an", "2024-05-01");
    let publish =
        |asked: &StepContext<'_>| decide(&register, Command::Step("publish"), asked).map_err(|refusal| refusal.kind);
    assert_eq!(publish(&asked).err(), Some(RefusalKind::MissingChild(["vote".into()].into())));
    assert!(offers(&register, &asked)[0].refusal.is_some(), "a page says so before");
    asked.children = &["vote"];
    assert!(publish(&asked).is_ok());
    assert!(offers(&register, &asked)[0].refusal.is_none());
}
