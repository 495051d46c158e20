//! Steps with effects: what they wait for, what follows from them in the same transaction, and how they are taken back.

use crate::county::day;
use crate::grants::{Grants, cadre, kind, person};
use crate::place::on_both;
use crate::valley::AT_MS;
use lifecycle::RefusalKind as Kind;
use model::{Moment, Version};
use store::{Command, FollowedKind, GoneOn, RefusalKind};

on_both![
    a_notice_hangs_for_its_days_and_an_objection_stops_it,
    an_objection_that_comes_with_its_outcome_stops_its_day,
    an_unset_length_and_a_false_condition_refuse,
    several_agree_and_sending_back_asks_all_anew,
    a_step_opens_a_record_once_and_attaches_the_next,
    what_another_register_refuses_refuses_the_step,
    a_step_takes_another_record_along,
    a_step_is_taken_back_with_what_followed_until_somebody_acts,
    what_waits_goes_on_by_itself_once,
    stopped_days_do_not_count,
    who_acts_for_an_office_does_so_for_its_days_and_its_place,
    the_same_person_agrees_once_whatever_the_office,
    no_step_is_taken_where_work_is_suspended_and_clocks_stand_still,
];

fn a_notice_hangs_for_its_days_and_an_objection_stops_it() {
    let grants = Grants::new();
    let id = grants.put_up("G1", 100);
    let (an, bo) = (person("an", "clerk"), person("bo", "county"));
    assert_eq!(kind(grants.step(&an, "2024-06-15", &id, "approve")), Kind::TooEarly(day("2024-06-16")));
    grants.object("2024-06-12", &id, &[("不符合条件", "")]);
    assert_eq!(kind(grants.step(&an, "2024-06-30", &id, "approve")), Kind::Objected);
    grants.object("2024-06-14", &id, &[("不符合条件", "核实不成立")]);
    // The record is locked while its notice hangs: objections are taken all the same, nothing else is.
    let fields = vec![("amount_fen".to_owned(), model::Value::Fen(model::Fen(1)))];
    let entry = store::Entry { register: "aid".into(), fields, ..store::Entry::default() };
    let version = grants.file("aid", &id).version;
    assert_eq!(
        kind(grants.apply(&cadre(), "2024-06-14", Command::Correct { id: id.clone(), version, entry })),
        Kind::Closed
    );
    // Days 11, 15, 16, 17, 18 count.
    assert_eq!(kind(grants.step(&an, "2024-06-18", &id, "approve")), Kind::TooEarly(day("2024-06-19")));
    // An objection after the last day stops nothing.
    grants.object("2024-06-19", &id, &[("不符合条件", "核实不成立"), ("来晚了", "")]);
    grants.step(&an, "2024-06-19", &id, "approve").expect("its days are over");
    grants.step(&bo, "2024-06-19", &id, "approve").expect("its days are over");
    assert_eq!(grants.state("aid", &id), "approved");
}

fn an_objection_that_comes_with_its_outcome_stops_its_day() {
    let an = person("an", "clerk");
    for (on, free) in [
        ("2024-06-10", "2024-06-16"),
        ("2024-06-11", "2024-06-17"),
        ("2024-06-15", "2024-06-17"),
        ("2024-06-16", "2024-06-16"),
    ] {
        let (grants, one_by_one) = (Grants::new(), Grants::new());
        let (id, other) = (grants.put_up("G1", 100), one_by_one.put_up("G1", 100));
        grants.object(on, &id, &[("不符合条件", "核实不成立")]);
        one_by_one.object(on, &other, &[("不符合条件", "")]);
        one_by_one.object(on, &other, &[("不符合条件", "核实不成立")]);
        for (grants, id) in [(&grants, &id), (&one_by_one, &other)] {
            let eve = day(free).plus_days(-1).to_string();
            assert_eq!(kind(grants.step(&an, &eve, id, "approve")), Kind::TooEarly(day(free)), "{on}");
            grants.step(&an, free, id, "approve").expect("its days are over");
        }
        // The outcome worded otherwise is no other objection.
        let id = grants.put_up("G2", 100);
        grants.object("2024-06-12", &id, &[("不符合条件", "核实不成立")]);
        grants.object("2024-06-13", &id, &[("不符合条件", "经核实不成立")]);
        assert_eq!(kind(grants.step(&an, "2024-06-16", &id, "approve")), Kind::TooEarly(day("2024-06-17")));
    }
}

fn an_unset_length_and_a_false_condition_refuse() {
    let grants = Grants::new();
    let id = grants.enter("G1", 0);
    assert_eq!(kind(grants.step(&cadre(), "2024-06-10", &id, "publish")), Kind::NotMet);
    let id = grants.enter("G2", 1);
    assert_eq!(kind(grants.step(&cadre(), "2024-09-01", &id, "publish")), Kind::Unset("notice_days".into()));
    grants.step(&cadre(), "2024-08-31", &id, "publish").expect("is set on that day");
}

fn several_agree_and_sending_back_asks_all_anew() {
    let grants = Grants::new();
    let id = grants.put_up("G1", 100);
    let (an, bo) = (person("an", "clerk"), person("bo", "county"));
    let first = grants.step(&an, "2024-06-16", &id, "approve").expect("one agrees");
    assert!(first.followed.is_empty(), "nothing follows before the last: {:?}", first.followed);
    let agreement = first.agreement.expect("more must agree");
    assert_eq!((agreement.given, agreement.needed), (1, 2));
    assert_eq!(grants.state("aid", &id), "public");
    assert_eq!(kind(grants.step(&an, "2024-06-17", &id, "approve")), Kind::AlreadyApproved);
    assert_eq!(kind(grants.send_back(&bo, "2024-06-17", &id, "")), Kind::Missing(vec!["opinion".into()]));
    grants.send_back(&bo, "2024-06-17", &id, "金额有误").expect("is sent back");
    assert_eq!(grants.state("aid", &id), "drafted");
    grants.step(&cadre(), "2024-06-17", &id, "publish").expect("is put up again");
    assert_eq!(kind(grants.step(&an, "2024-06-22", &id, "approve")), Kind::TooEarly(day("2024-06-23")));
    let tally = grants.step(&an, "2024-06-23", &id, "approve").expect("agrees anew");
    assert!(tally.followed.is_empty());
    assert_eq!(grants.state("aid", &id), "public", "the agreement of before does not count");
    grants.step(&bo, "2024-06-23", &id, "approve").expect("both agree");
    assert_eq!(grants.state("aid", &id), "approved");
}

fn a_step_opens_a_record_once_and_attaches_the_next() {
    let grants = Grants::new();
    let (_, receipt) = grants.approved("G1", 100);
    let kinds: Vec<FollowedKind> = receipt.followed.iter().map(|one| one.what).collect();
    assert_eq!(kinds, [FollowedKind::TakenDown, FollowedKind::Opened, FollowedKind::Notified]);
    let visit = receipt.followed[1].clone();
    assert_eq!((visit.register.as_str(), visit.label.chinese()), ("visit", "走访"));
    let file = grants.file("visit", &visit.id);
    assert_eq!((file.state.as_deref(), file.version), (Some("open"), Version(1)));
    assert_eq!(file.history[0].action, "opened");
    assert_eq!(file.entered_by.map(|(account, _)| account).as_deref(), Some("bo"));
    let (_, second) = grants.approved("G2", 200);
    assert_eq!(second.followed[1].what, FollowedKind::Attached);
    assert_eq!(second.followed[1].id, visit.id, "the household has one open visit");
    assert_eq!(grants.file("visit", &visit.id).version, Version(1), "an attachment changes nothing of the record");
    assert_eq!(grants.file("visit", &visit.id).history[0].action, "attached");
    grants.0.store.verify().expect("the log holds");
}

fn what_another_register_refuses_refuses_the_step() {
    let grants = Grants::new();
    let id = grants.put_up("G1", 9001);
    let (an, bo) = (person("an", "clerk"), person("bo", "county"));
    grants.step(&an, "2024-06-16", &id, "approve").expect("one agrees");
    let before = grants.file("aid", &id);
    let refusal = grants.step(&bo, "2024-06-16", &id, "approve").expect_err("the visit refuses");
    assert!(
        refusal.what.chinese().contains("《走访》") && refusal.what.chinese().contains("上限"),
        "{}",
        refusal.what.chinese()
    );
    assert!(refusal.what.english().contains("Visits"), "{}", refusal.what.english());
    assert_eq!(grants.file("aid", &id), before, "nothing of the step is left");
    assert_eq!(grants.0.place().number("select count(*) from r_visit"), 0);
    assert_eq!(grants.0.place().number("select count(*) from notice where register = 'aid'"), 0);
}

fn a_step_takes_another_record_along() {
    let grants = Grants::new();
    let (id, receipt) = grants.approved("G1", 100);
    let visit = receipt.followed[1].id.clone();
    let closed = grants.step(&person("an", "clerk"), "2024-06-20", &id, "close").expect("is closed");
    assert_eq!(closed.followed.iter().map(|one| one.what).collect::<Vec<_>>(), [FollowedKind::Advanced]);
    assert_eq!(closed.followed[0].label.chinese(), "走访:走访完成");
    assert_eq!((grants.state("aid", &id), grants.state("visit", &visit)), ("closed".into(), "done".into()));
    let (second, receipt) = grants.approved("G2", 100);
    let visit = receipt.followed[1].id.clone();
    let finish = Command::TakeStep {
        register: "visit".into(),
        id: visit,
        version: None,
        step: "finish".into(),
        fields: Vec::new(),
    };
    grants.apply(&cadre(), "2024-06-17", finish).expect("is finished");
    let refusal = grants.step(&person("an", "clerk"), "2024-06-20", &second, "close").expect_err("none is open");
    assert!(
        refusal.what.chinese().contains("《走访》") && refusal.what.chinese().contains("未办结"),
        "{}",
        refusal.what.chinese()
    );
    assert_eq!(grants.state("aid", &second), "approved");
}

fn a_step_is_taken_back_with_what_followed_until_somebody_acts() {
    let grants = Grants::new();
    let (an, bo) = (person("an", "clerk"), person("bo", "county"));
    let (id, receipt) = grants.approved("G1", 100);
    let visit = receipt.followed[1].id.clone();
    let refusal = grants.undo(&an, "2024-06-16", &id).expect_err("it was not this person's");
    assert!(matches!(refusal.kind, RefusalKind::NotAllowed), "{refusal:?}");
    grants.undo(&bo, "2024-06-16", &id).expect("is taken back");
    assert_eq!(grants.state("aid", &id), "public");
    assert!(grants.file("visit", &visit).is_withdrawn);
    assert_eq!(grants.0.place().number("select count(*) from notice where register = 'aid'"), 0);
    let refusal = grants.undo(&bo, "2024-06-16", &id).expect_err("it is no step any more");
    assert!(matches!(refusal.kind, RefusalKind::Conflict), "{refusal:?}");
    // The one who agreed before has agreed; the other agrees again, and the same visit is opened again.
    assert_eq!(kind(grants.step(&an, "2024-06-17", &id, "approve")), Kind::AlreadyApproved);
    let again = grants.step(&bo, "2024-06-17", &id, "approve").expect("agrees again");
    assert_eq!((again.followed[1].what, again.followed[1].id.as_str()), (FollowedKind::Opened, visit.as_str()));
    let finish = Command::TakeStep {
        register: "visit".into(),
        id: visit.clone(),
        version: None,
        step: "finish".into(),
        fields: Vec::new(),
    };
    grants.apply(&cadre(), "2024-06-18", finish).expect("is finished");
    let refusal = grants.undo(&bo, "2024-06-18", &id).expect_err("somebody acted on the visit");
    assert!(
        refusal.what.chinese().contains("《走访》") && refusal.what.chinese().contains("cadre"),
        "{}",
        refusal.what.chinese()
    );
    assert_eq!(grants.state("visit", &visit), "done");
    grants.0.store.verify().expect("the log holds");
}

fn what_waits_goes_on_by_itself_once() {
    let grants = Grants::new();
    let paused = grants.enter("G1", 100);
    grants.step_with(&person("an", "clerk"), "2024-06-02", &paused, "pause", &[("opinion", "缺材料")]).expect("pauses");
    let public = grants.put_up("G2", 100);
    let go_on = |on: &str| grants.0.store.go_on(Moment { day: day(on), at_ms: AT_MS }).expect("goes on");
    assert_eq!(go_on("2024-06-15"), GoneOn::default(), "the notice hangs through the 15th");
    assert_eq!(go_on("2024-06-16"), GoneOn { taken_down: 1, ..GoneOn::default() });
    assert_eq!(go_on("2024-06-16"), GoneOn::default(), "twice is once");
    assert_eq!(grants.file("aid", &public).history[0].action, "taken_down");
    assert_eq!(go_on("2024-07-02"), GoneOn::default(), "the 30th day");
    assert_eq!(go_on("2024-07-03"), GoneOn { steps: 1, ..GoneOn::default() });
    assert_eq!(grants.state("aid", &paused), "lapsed");
    assert_eq!(go_on("2024-07-04"), GoneOn::default());
    let (an, bo) = (person("an", "clerk"), person("bo", "county"));
    grants.step(&an, "2024-07-04", &public, "approve").expect("a notice that came down was up");
    let receipt = grants.step(&bo, "2024-07-04", &public, "approve").expect("both agree");
    assert!(!receipt.followed.iter().any(|one| one.what == FollowedKind::TakenDown), "it is down already");
}

fn stopped_days_do_not_count() {
    let grants = Grants::new();
    let id = grants.enter("G1", 100);
    let due = || grants.file("aid", &id).due_on;
    assert_eq!(due(), Some(day("2024-07-11")), "40 days from 1 June");
    let an = person("an", "clerk");
    assert_eq!(
        kind(grants.step(&an, "2024-06-10", &id, "pause")),
        Kind::Missing(vec!["opinion".into()]),
        "a stop has its reason"
    );
    grants.step_with(&an, "2024-06-10", &id, "pause", &[("opinion", "缺材料")]).expect("pauses");
    assert_eq!(due(), None, "the clock stands still");
    grants.step_with(&an, "2024-06-19", &id, "take_up", &[("opinion", "材料已补")]).expect("is taken up");
    assert_eq!(due(), Some(day("2024-07-21")), "the 10 days from the 10th to the 19th do not count");
    grants.undo(&an, "2024-06-19", &id).expect("is taken back");
    assert_eq!((grants.state("aid", &id), due()), ("paused".into(), None));
}

/// Enters a record of a register that the engine reads, as the county's officer.
fn enter_for(grants: &Grants, register: &str, fields: &[(&str, &str)]) {
    let value = |name: &str, text: &str| match name {
        "from_on" | "until_on" => model::Value::Day(day(text)),
        _ => model::Value::Text(text.to_owned()),
    };
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), value(name, text))).collect();
    let entry = store::Entry { register: register.into(), fields, ..store::Entry::default() };
    grants.apply(&person("bo", "county"), "2024-06-01", Command::Enter(entry)).expect("is entered");
}

fn office(grants: &Grants, number: &str, account: &str, role: &str, region: &str) {
    grants.account(account);
    let days = [("from_on", "2024-06-10"), ("until_on", "2024-06-12")];
    let own = [("office_no", number), ("account", account), ("role_code", role), ("region_code", region)];
    enter_for(grants, "office", &[own.as_slice(), days.as_slice()].concat());
}

fn who_acts_for_an_office_does_so_for_its_days_and_its_place() {
    let cases = [
        ("nobody", None, "2024-06-11", false),
        ("the day before", Some(("zhou", "clerk", "990101100")), "2024-06-09", false),
        ("the first day", Some(("zhou", "clerk", "990101100")), "2024-06-10", true),
        ("the last day", Some(("zhou", "clerk", "990101100")), "2024-06-12", true),
        ("the day behind", Some(("zhou", "clerk", "990101100")), "2024-06-13", false),
        ("another account", Some(("other", "clerk", "990101100")), "2024-06-11", false),
        ("an office elsewhere", Some(("zhou", "clerk", "990101200")), "2024-06-11", false),
        ("an office that may not", Some(("zhou", "officer", "990101100")), "2024-06-11", false),
    ];
    for (what, acts_for, on, may) in cases {
        let grants = Grants::new();
        let id = grants.enter("G1", 100);
        if let Some((account, role, region)) = acts_for {
            office(&grants, "1", account, role, region);
        }
        // The county's officer may not put grants up by the own office.
        let taken = grants.step(&person("zhou", "county"), on, &id, "publish");
        assert_eq!(taken.is_ok(), may, "{what}: {taken:?}");
    }
}

fn the_same_person_agrees_once_whatever_the_office() {
    let grants = Grants::new();
    let id = grants.put_up("G1", 100);
    grants.account("an");
    let days = [("from_on", "2024-06-10"), ("until_on", "2024-06-30")];
    let own = [("office_no", "1"), ("account", "an"), ("role_code", "county"), ("region_code", "990101")];
    enter_for(&grants, "office", &[own.as_slice(), days.as_slice()].concat());
    let an = person("an", "clerk");
    grants.step(&an, "2024-06-16", &id, "approve").expect("agrees by the own office");
    assert_eq!(kind(grants.step(&an, "2024-06-17", &id, "approve")), Kind::AlreadyApproved);
    grants.step(&person("bo", "county"), "2024-06-17", &id, "approve").expect("another person");
    assert_eq!(grants.state("aid", &id), "approved");
}

fn no_step_is_taken_where_work_is_suspended_and_clocks_stand_still() {
    let halted = |region: &str| {
        let grants = Grants::new();
        let id = grants.enter("G1", 100);
        let halt = [("halt_no", "1"), ("region_code", region), ("reason", "年度封账")];
        let days = [("from_on", "2024-06-10"), ("until_on", "2024-06-12")];
        enter_for(&grants, "halt", &[halt.as_slice(), days.as_slice()].concat());
        (grants, id)
    };
    let cases = [
        ("990101", "2024-06-09", true),
        ("990101", "2024-06-10", false),
        ("990101", "2024-06-12", false),
        ("990101", "2024-06-13", true),
        ("990101100", "2024-06-11", false),
        ("990101200", "2024-06-11", true),
    ];
    for (region, on, may) in cases {
        let (grants, id) = halted(region);
        let taken = grants.step(&cadre(), on, &id, "publish");
        assert_eq!(taken.is_ok(), may, "{region} {on}: {taken:?}");
        if let Err(refusal) = taken {
            assert!(
                refusal.what.chinese().contains("年度封账") || refusal.hint.chinese().contains("2024-06-13"),
                "{refusal:?}"
            );
        }
    }
    // Five days put up on the 7th end on the 12th, and three of them do not count.
    let (grants, id) = halted("990101");
    grants.step(&cadre(), "2024-06-07", &id, "publish").expect("is put up");
    let an = person("an", "clerk");
    assert_eq!(kind(grants.step(&an, "2024-06-15", &id, "approve")), Kind::TooEarly(day("2024-06-16")));
    grants.step(&an, "2024-06-16", &id, "approve").expect("its days are over");
}
