//! What a step waits for, who must agree, and what follows: both sides of each boundary.

mod application;

use application::{Record, Who, day, region, who};
use lifecycle::{Command, Course, Deputy, Effect, Event, Objections, RefusalKind, Suspension, Tally};
use model::{Day, Fen, Value};
use policy::declare::{AllRoles, Approvals};

const APPROVE: Command<'_> = Command::Step("approve");

#[test]
fn a_condition_is_true_or_the_step_is_refused() {
    let review = Command::Step("review");
    for (members, income, refused) in [
        (Value::Int(1), Value::Fen(Fen(600_000)), false),
        (Value::Int(1), Value::Fen(Fen(600_001)), true),
        (Value::Int(0), Value::Fen(Fen(1)), true),
        (Value::Null, Value::Fen(Fen(1)), true),
        (Value::Int(1), Value::Null, true),
    ] {
        let mut record = Record::entered("2024-05-01");
        record.set("member_count", members.clone());
        record.set("income_fen", income.clone());
        let found = record.decides(review, who("an", "clerk", "2024-05-01"));
        assert_eq!(found.is_err(), refused, "{members:?} {income:?}");
        let Err(refusal) = found else { continue };
        assert_eq!(refusal.kind, RefusalKind::NotMet);
        assert!(
            refusal.what.chinese().contains("收入线") && refusal.what.english().contains("above the line"),
            "{refusal:?}"
        );
        assert_eq!(refusal.hint.chinese().contains("还没有填写"), members.is_null() || income.is_null(), "{refusal:?}");
    }
}

#[test]
fn a_condition_without_its_expression_is_not_dropped() {
    let record = Record::entered("2024-05-01");
    let refused = record.ask(who("an", "clerk", "2024-05-01"), |asked, _| {
        lifecycle::decide(&record.register, Command::Step("review"), asked).map_err(|refusal| refusal.kind)
    });
    assert_eq!(refused.err(), Some(RefusalKind::NotMet));
}

#[test]
fn a_notice_hangs_for_the_days_of_the_day_and_place() {
    let publish = Command::Step("publish");
    for (on, place, days, last, free) in [
        ("2024-05-10", "990101100201", Some(5), "2024-05-15", "2024-05-16"),
        ("2024-06-30", "990101100201", Some(5), "2024-07-05", "2024-07-06"),
        ("2024-07-01", "990101100201", Some(7), "2024-07-08", "2024-07-09"),
        ("2024-05-10", "990102", None, "", ""),
    ] {
        let mut record = Record::entered(on);
        record.region = region(place);
        record.does(Command::Step("review"), who("an", "clerk", on)).expect("reviews");
        let found = record.decides(publish, who("an", "clerk", on));
        let shown = record.preview("publish", on);
        let Some(days) = days else {
            let refusal = found.expect_err("unset");
            assert_eq!(refusal.kind, RefusalKind::Unset("notice_days".into()));
            assert!(
                refusal.what.chinese().contains("公示天数") && refusal.hint.chinese().contains("notice_days"),
                "{refusal:?}"
            );
            assert_eq!(shown.err(), Some(refusal), "a page says so before");
            continue;
        };
        let transition = found.expect("puts up");
        let put_up = Effect::PutUp { from: day(on), last_day: day(last), free_on: day(free) };
        assert_eq!(transition.effects, [put_up], "{on}");
        let shown = shown.expect("set").expect("a notice");
        assert_eq!((shown.term.last_day, shown.term.free_on), (day(last), day(free)));
        for part in [format!("公示{days}天"), format!("{last} 24时止"), format!("{free}起")] {
            assert!(shown.sentence.chinese().contains(&part), "{part}: {}", shown.sentence.chinese());
        }
        assert!(shown.sentence.english().contains(&format!("through {last}")), "{}", shown.sentence.english());
    }
    let mut record = Record::entered("2024-05-10");
    record.does(Command::Step("review"), who("an", "clerk", "2024-05-10")).expect("reviews");
    record.set("photo", Value::Null);
    let refused = record.refused(publish, who("an", "clerk", "2024-05-10"));
    assert_eq!(refused, Some(RefusalKind::Missing(vec!["photo".into()])));
}

#[test]
fn a_notice_hangs_for_a_day_at_least() {
    let mut record = Record::entered("2024-05-10");
    record.does(Command::Step("review"), who("an", "clerk", "2024-05-10")).expect("reviews");
    for (days, term) in [
        (Value::Null, None),
        // A package with such a value is refused; one that comes out of a formula puts nothing up.
        (Value::Int(0), None),
        (Value::Int(1), Some(("2024-05-11", "2024-05-12"))),
        (Value::Int(65_536), None),
    ] {
        let decided = record.ask(who("an", "clerk", "2024-05-10"), |asked, course| {
            let parameters = |_: &str, _: Day| days.clone();
            let course = Course { parameters: &parameters, ..*course };
            lifecycle::decide_with(&record.register, Command::Step("publish"), asked, &course)
        });
        let expected = term.map(|(last, free)| {
            vec![Effect::PutUp { from: day("2024-05-10"), last_day: day(last), free_on: day(free) }]
        });
        let unset = RefusalKind::Unset("notice_days".into());
        let expected = expected.ok_or(unset);
        assert_eq!(decided.map(|one| one.effects).map_err(|refusal| refusal.kind), expected, "{days:?}");
    }
}

#[test]
fn nothing_goes_on_before_the_notice_has_hung() {
    let mut record = Record::public("2024-05-10");
    let early = RefusalKind::TooEarly(day("2024-05-16"));
    assert_eq!(record.refused(APPROVE, who("bo", "officer", "2024-05-15")), Some(early));
    assert_eq!(record.refused(APPROVE, who("bo", "officer", "2024-05-16")), None);
    assert!(!record.comes_down(day("2024-05-15")) && record.comes_down(day("2024-05-16")));
    record.events.push(Event::TakenDown { on: day("2024-05-16") });
    assert!(!record.comes_down(day("2024-05-17")), "it comes down once");
    let mut without = Record::entered("2024-05-01");
    without.events.push(Event::Reached { state: "public".into(), on: day("2024-05-01") });
    let refused = without.refused(APPROVE, who("bo", "officer", "2024-06-01"));
    assert_eq!(refused, Some(RefusalKind::NotPublic), "a state of publicity without a notice leads nowhere");
}

#[test]
fn an_objection_within_the_days_stops_them() {
    for (objected, settled, today, refused) in [
        ("2024-05-15", None, "2024-06-30", Some(RefusalKind::Objected)),
        ("2024-05-16", None, "2024-05-16", None),
        ("2024-05-12", Some("2024-05-13"), "2024-05-17", Some(RefusalKind::TooEarly(day("2024-05-18")))),
        ("2024-05-12", Some("2024-05-13"), "2024-05-18", None),
        ("2024-05-15", Some("2024-05-15"), "2024-05-16", Some(RefusalKind::TooEarly(day("2024-05-17")))),
    ] {
        let mut record = Record::public("2024-05-10");
        record.events.push(Event::Objected { on: day(objected) });
        record.events.extend(settled.map(|on| Event::Settled { on: day(on) }));
        assert_eq!(record.refused(APPROVE, who("bo", "officer", today)), refused, "{objected} {settled:?} {today}");
    }
}

#[test]
fn objections_count_until_they_are_settled() {
    let record = Record::public("2024-05-10");
    let form = &application::package().register_forms["application"];
    let row = |outcome: Option<&str>| {
        vec![Value::Text("不属实".into()), outcome.map_or(Value::Null, |outcome| Value::Text(outcome.into()))]
    };
    let count = |rows: &[Vec<Value>]| {
        let Objections { open, settled } =
            lifecycle::objections(&record.register, form, &record.position(), rows, day("2024-05-12"));
        (open, settled)
    };
    assert_eq!(count(&[]), (0, 0));
    assert_eq!(count(&[row(None)]), (1, 0));
    assert_eq!(count(&[row(None), row(Some("查无此事"))]), (1, 1));
    let on = day("2024-05-12");
    let (objected, settled) = (Event::Objected { on }, Event::Settled { on });
    for ((open_before, settled_before), (open, settled_after), happened) in [
        ((0, 0), (2, 0), vec![objected.clone()]),
        ((2, 0), (1, 1), vec![]),
        ((1, 0), (0, 1), vec![settled.clone()]),
        // Entered together with its outcome: it stops the day on which it comes.
        ((0, 0), (0, 1), vec![objected.clone(), settled.clone()]),
        ((0, 1), (0, 2), vec![objected.clone(), settled.clone()]),
        ((0, 1), (1, 1), vec![objected]),
        ((1, 1), (0, 3), vec![settled]),
        // What is settled is worded otherwise, or was no objection.
        ((0, 1), (0, 1), vec![]),
        ((0, 2), (0, 1), vec![]),
        ((0, 0), (0, 0), vec![]),
    ] {
        let before = Objections { open: open_before, settled: settled_before };
        let after = Objections { open, settled: settled_after };
        assert_eq!(lifecycle::objection(before, after, on), happened, "{before:?} {after:?}");
    }
}

#[test]
fn the_state_moves_when_enough_different_persons_agreed() {
    let mut record = Record::public("2024-05-10");
    let first = record.does(APPROVE, who("bo", "officer", "2024-05-16")).expect("agrees");
    assert_eq!((first.to.as_str(), first.tally), ("public", Some(Tally { given: 1, needed: 2 })));
    assert!(first.effects.is_empty() && first.entered_state_on == day("2024-05-10"), "nothing moved");
    assert_eq!(record.refused(APPROVE, who("bo", "county", "2024-05-17")), Some(RefusalKind::AlreadyApproved));
    assert_eq!(record.refused(APPROVE, who("an", "clerk", "2024-05-17")), Some(RefusalKind::OwnEntry));
    let second = record.does(APPROVE, who("ci", "officer", "2024-05-17")).expect("agrees");
    assert_eq!((second.to.as_str(), second.tally), ("approved", Some(Tally { given: 2, needed: 2 })));
    let lines: Vec<String> = second.effects.iter().map(ToString::to_string).collect();
    assert_eq!(lines[0], "take down");
    assert!(lines[1].starts_with("open help_case: ") && lines[1].contains("is_large = 是"), "{}", lines[1]);
    assert_eq!(lines[2], "advance lead.close of L1 with outcome = 已纳入帮扶");
    assert_eq!(lines[3..], ["document approval_letter", "notify clerk"]);
    let Effect::Open { key, .. } = &second.effects[1] else { panic!("{:?}", second.effects) };
    assert_eq!(*key, [("household_no".to_owned(), Value::Text("H1".into()))]);
    assert!(record.position().approvals.is_empty(), "they agreed to what was then");
}

#[test]
fn one_of_each_office_may_be_asked_for() {
    let mut record = Record::public("2024-05-10");
    for step in &mut record.register.step {
        if step.name == "approve" {
            (step.approvals, step.roles) =
                (Some(Approvals::Every(AllRoles::All)), vec!["officer".into(), "county".into()]);
        }
    }
    record.does(APPROVE, who("bo", "officer", "2024-05-16")).expect("agrees");
    assert_eq!(record.refused(APPROVE, who("ci", "officer", "2024-05-16")), Some(RefusalKind::AlreadyApproved));
    let last = record.does(APPROVE, who("ci", "county", "2024-05-16")).expect("agrees");
    assert_eq!(last.to, "approved");
}

#[test]
fn a_deputy_acts_for_the_office_and_counts_as_the_person() {
    let mut record = Record::public("2024-05-10");
    let deputy = |from: &str, until: &str, place: &str| Deputy {
        account: "du".into(),
        role: "officer".into(),
        region: region(place),
        from: day(from),
        until: day(until),
    };
    let visitor = who("du", "visitor", "2024-05-16");
    for (from, until, place, may) in [
        ("2024-05-16", "2024-05-16", "990101100000", true),
        ("2024-05-17", "2024-05-20", "990101100000", false),
        ("2024-05-01", "2024-05-15", "990101100000", false),
        ("2024-05-01", "2024-05-31", "990102000000", false),
    ] {
        record.deputies = vec![deputy(from, until, place)];
        assert_eq!(record.refused(APPROVE, visitor).is_none(), may, "{from} {until} {place}");
        assert_eq!(record.offers(visitor).is_empty(), !may);
    }
    record.deputies = vec![deputy("2024-05-01", "2024-05-31", "990101")];
    let acted = record.does(APPROVE, visitor).expect("acts");
    assert_eq!(acted.acted_for.as_deref(), Some("officer"));
    let again = record.refused(APPROVE, who("du", "county", "2024-05-17"));
    assert_eq!(again, Some(RefusalKind::AlreadyApproved), "the person counts once, whatever the office");
}

#[test]
fn what_is_changed_asks_everybody_anew() {
    let mut record = Record::public("2024-05-10");
    let agreed =
        |record: &Record| lifecycle::replay(&record.register, &record.events).expect("a state").approvals.len();
    let at = |record: &Record| lifecycle::replay(&record.register, &record.events).expect("a state");
    assert_eq!(lifecycle::voided(&at(&record), day("2024-05-16")), None, "nobody has agreed");
    record.does(APPROVE, who("bo", "officer", "2024-05-16")).expect("one agrees");
    assert_eq!(agreed(&record), 1);
    let voided = lifecycle::voided(&at(&record), day("2024-05-16"));
    assert_eq!(voided, Some(Event::Voided { on: day("2024-05-16") }));
    record.events.extend(voided);
    assert_eq!((agreed(&record), at(&record).state), (0, "public".to_owned()));
    assert_eq!(record.refused(APPROVE, who("bo", "officer", "2024-05-16")), None, "may agree again");
}

#[test]
fn a_suspended_place_does_nothing_and_its_clocks_stand_still() {
    let mut record = Record::public("2024-12-20");
    let suspension = |place: &str| Suspension {
        region: region(place),
        from: day("2024-12-25"),
        until: day("2025-01-05"),
        reason: "年度封账".into(),
    };
    record.suspensions = vec![suspension("990102000000")];
    assert_eq!(record.refused(APPROVE, who("bo", "officer", "2024-12-28")), None, "another place");
    record.suspensions = vec![suspension("990101000000")];
    let refusal = record.decides(APPROVE, who("bo", "officer", "2025-01-05")).expect_err("suspended");
    assert_eq!(refusal.kind, RefusalKind::Suspended(day("2025-01-05")));
    assert!(
        refusal.what.chinese().contains("年度封账") && refusal.hint.chinese().contains("2025-01-06"),
        "{refusal:?}"
    );
    // 21 to 24 December are four of seven days; 6, 7 and 8 January the others.
    let early = RefusalKind::TooEarly(day("2025-01-09"));
    assert_eq!(record.refused(APPROVE, who("bo", "officer", "2025-01-08")), Some(early));
    assert_eq!(record.refused(APPROVE, who("bo", "officer", "2025-01-09")), None);
}

#[test]
fn a_record_is_sent_back_with_a_reason_and_put_up_anew() {
    let mut record = Record::public("2024-05-10");
    record.does(APPROVE, who("bo", "officer", "2024-05-16")).expect("agrees");
    let back = |to| Command::SendBack { step: "approve", to };
    let with = |given: &'static [&'static str]| Who { given, ..who("ci", "county", "2024-05-16") };
    assert_eq!(record.refused(back("reviewed"), with(&[])), Some(RefusalKind::Missing(vec!["opinion".into()])));
    assert_eq!(record.refused(back("paused"), with(&["opinion"])), Some(RefusalKind::NoSuchReturn));
    assert_eq!(record.refused(back("reviewed"), who("an", "clerk", "2024-05-16")), Some(RefusalKind::OwnEntry));
    let returned = record.does(back("reviewed"), with(&["opinion"])).expect("sends back");
    assert_eq!((returned.step.as_str(), returned.to.as_str()), ("sent_back", "reviewed"));
    assert_eq!(returned.effects, [Effect::TakeDown]);
    record.does(Command::Step("publish"), who("an", "clerk", "2024-05-17")).expect("puts up anew");
    let early = RefusalKind::TooEarly(day("2024-05-23"));
    assert_eq!(record.refused(APPROVE, who("bo", "officer", "2024-05-22")), Some(early));
    let anew = record.decides(APPROVE, who("bo", "officer", "2024-05-23")).expect("agrees anew");
    assert_eq!(anew.tally, Some(Tally { given: 1, needed: 2 }), "who agreed before agreed to another notice");
}

#[test]
fn what_follows_elsewhere_needs_its_fields() {
    for (field, missing) in [("household_no", true), ("lead_no", true), ("head_name", false), ("income_fen", false)] {
        let mut record = Record::public("2024-05-10");
        record.does(APPROVE, who("bo", "officer", "2024-05-16")).expect("agrees");
        record.set(field, Value::Null);
        let refused = record.refused(APPROVE, who("ci", "county", "2024-05-16"));
        assert_eq!(refused, missing.then(|| RefusalKind::Missing(vec![field.into()])), "{field}");
    }
}

#[test]
fn a_step_goes_on_by_itself_when_its_wait_is_over_and_never_one_that_approves() {
    let mut record = Record::public("2024-09-19");
    assert!(record.automatic("2025-01-01").is_none(), "an approval is nobody's to give");
    let refused = record.refused(Command::ByItself("approve"), who("", "", "2025-01-01"));
    assert_eq!(refused, Some(RefusalKind::NotByItself));
    assert_eq!(record.refused(Command::Advanced("approve"), who("", "", "2025-01-01")), Some(RefusalKind::NotByItself));
    record.does(APPROVE, who("bo", "officer", "2024-09-27")).expect("agrees");
    record.does(APPROVE, who("ci", "county", "2024-09-27")).expect("agrees");
    // Sunday the 29th is worked, then the 30th, and after the holiday the 8th.
    assert!(record.automatic("2024-10-08").is_none());
    let archived = record.automatic("2024-10-09").expect("goes on");
    assert_eq!((archived.step.as_str(), archived.to.as_str(), archived.is_final), ("archive", "archived", true));
    assert_eq!(
        record.refused(Command::Step("archive"), who("bo", "officer", "2024-10-09")),
        Some(RefusalKind::WrongRole)
    );
}

#[test]
fn offers_say_days_tally_and_ways_back() {
    let mut record = Record::entered("2024-05-10");
    record.does(Command::Step("review"), who("an", "clerk", "2024-05-10")).expect("reviews");
    let offers = record.offers(who("an", "clerk", "2024-05-10"));
    let names: Vec<&str> = offers.iter().map(|offer| offer.step.as_str()).collect();
    assert_eq!(names, ["pause", "publish"]);
    assert_eq!((offers[0].required.as_slice(), offers[0].preview.is_some()), (&["opinion".to_owned()][..], false));
    assert_eq!(offers[1].required, ["photo"]);
    assert_eq!(offers[1].preview.as_ref().map(|preview| preview.term.free_on), Some(day("2024-05-16")));
    record.does(Command::Step("publish"), who("an", "clerk", "2024-05-10")).expect("puts up");
    let offers = record.offers(who("bo", "officer", "2024-05-11"));
    assert_eq!(offers[0].returns_to, ["entered", "reviewed"]);
    assert_eq!(offers[0].tally, Some(Tally { given: 0, needed: 2 }));
    assert!(matches!(&offers[0].refusal, Some(refusal) if refusal.kind == RefusalKind::TooEarly(day("2024-05-16"))));
    assert_eq!(
        offers[0].preview.as_ref().map(|preview| preview.term.last_day),
        Some(day("2024-05-15")),
        "the archive waits"
    );
}
