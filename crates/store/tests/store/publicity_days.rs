//! Publicity, deadlines and suspended places day by day, against a count that looks at one day after the other.

use crate::chaos::{Dice, seed};
use crate::county::{actor, day};
use crate::grants::{Grants, cadre, kind, person};
use crate::place::on_both;
use crate::valley::{VILLAGES, text};
use lifecycle::RefusalKind as Kind;
use model::{Day, Fen, Value, Version};
use std::ops::RangeInclusive;
use store::{Command, Entry, FollowedKind, GoneOn, RecordFilter, RecordQuery, RefusalKind};

on_both![
    the_fifth_day_ends_in_whatever_month_it_falls,
    objections_stop_the_count_wherever_they_fall,
    an_objection_that_is_not_settled_stops_it_for_good,
    a_notice_comes_down_on_the_day_it_is_free,
    a_suspended_place_counts_for_those_inside_it,
    what_is_due_moves_with_a_suspension_and_back,
    a_deadline_leaves_out_the_days_on_which_it_stood_still,
    what_is_due_is_due_the_day_after_its_last_day,
    a_step_before_the_day_of_the_last_one_is_refused,
];

/// Days of the notice, as the package has them.
const DAYS: u16 = 5;
/// Days of the deadline for the decision.
const DEADLINE: u16 = 40;

/// The last of `days` days behind `from`, counted one by one; those that `stands_still` do not count.
fn last_day(from: Day, days: u16, stands_still: impl Fn(Day) -> bool) -> Day {
    let (mut at, mut left) = (from, days);
    while left > 0 {
        at = at.plus_days(1);
        left -= u16::from(!stands_still(at));
    }
    at
}

/// Enters a grant in a village on a day; the first days of the valley lie before all of them.
fn enter(grants: &Grants, number: &str, village: &str, on: Day) -> String {
    let fields = vec![
        ("aid_no".into(), text(number)),
        ("region_code".into(), text(village)),
        ("household_no".into(), text("1")),
        ("amount_fen".into(), Value::Fen(Fen(10_000))),
    ];
    let entry = Entry { register: "aid".into(), fields, ..Entry::default() };
    let entered = grants.apply(&actor("cadre", village), &on.to_string(), Command::Enter(entry));
    entered.expect("is entered").id.expect("an id")
}

fn put_up(grants: &Grants, number: &str, on: Day) -> String {
    let id = enter(grants, number, VILLAGES[0], on);
    let receipt = grants.step(&cadre(), &on.to_string(), &id, "publish").expect("is put up");
    assert_eq!(receipt.followed.iter().map(|one| one.what).collect::<Vec<_>>(), [FollowedKind::PutUp]);
    id
}

/// What a clerk is told who would agree on that day; nothing is changed.
fn tried(grants: &Grants, id: &str, on: Day) -> Result<(), Kind> {
    let (register, id, step) = ("aid".to_owned(), id.to_owned(), "approve".to_owned());
    let approve = Command::TakeStep { register, id, version: None, step, fields: Vec::new() };
    let outcome = grants.0.store.rehearse(
        &person("an", "clerk"),
        model::Moment { day: on, at_ms: crate::valley::AT_MS },
        approve,
    );
    outcome.map(drop).map_err(|refusal| match refusal.kind {
        RefusalKind::Lifecycle(kind) => kind,
        other => panic!("{other:?}"),
    })
}

/// Refused on the day before it is free, with that day; free on it.
fn is_free_on(grants: &Grants, id: &str, free: Day, told: &str) {
    assert_eq!(tried(grants, id, free.plus_days(-1)), Err(Kind::TooEarly(free)), "{told}");
    assert_eq!(tried(grants, id, free), Ok(()), "{told}");
    assert_eq!(tried(grants, id, free.plus_days(400)), Ok(()), "{told}");
}

fn the_fifth_day_ends_in_whatever_month_it_falls() {
    let grants = Grants::new();
    // Put up on; free on.
    let cases = [
        ("2024-06-10", "2024-06-16"),
        ("2024-01-31", "2024-02-06"),
        ("2024-02-24", "2024-03-01"),
        ("2024-02-23", "2024-02-29"),
        ("2023-02-24", "2023-03-02"),
        ("2023-02-23", "2023-03-01"),
        ("2023-12-26", "2024-01-01"),
        ("2023-12-25", "2023-12-31"),
        ("2024-04-25", "2024-05-01"),
        ("2024-08-31", "2024-09-06"),
    ];
    for (number, (on, free)) in cases.iter().enumerate() {
        let id = put_up(&grants, &format!("A{number}"), day(on));
        is_free_on(&grants, &id, day(free), on);
        assert_eq!(last_day(day(on), DAYS, |_| false).plus_days(1), day(free), "{on}: as counted one by one");
        let offers = grants.0.store.view(&person("an", "clerk")).record("aid", &id, day(free).plus_days(-1));
        let offers = offers.expect("reads").expect("is there").course.offers;
        assert!(
            offers.iter().any(|offer| offer.step == "approve"),
            "{on}: the page tells of it all the same: {offers:?}"
        );
    }
}

/// Writes each objection on its first day, and its outcome on its last; also where that is the same day.
fn write_objections(grants: &Grants, id: &str, spans: &[RangeInclusive<Day>]) {
    let mut rows: Vec<(&str, &str)> = Vec::new();
    for span in spans {
        rows.push(("不符合条件", ""));
        grants.object(&span.start().to_string(), id, &rows);
        rows.last_mut().expect("it was just said").1 = "核实不成立";
        grants.object(&span.end().to_string(), id, &rows);
    }
}

fn objections_stop_the_count_wherever_they_fall() {
    let grants = Grants::new();
    let mut dice = Dice(seed());
    for number in 0..10 {
        let on = day("2024-02-18").plus_days(dice.below(8) as i64);
        let id = put_up(&grants, &format!("B{number}"), on);
        // One behind the other, some of them said and settled on one day, all of them before the notice is over.
        let mut spans: Vec<RangeInclusive<Day>> = Vec::new();
        let mut at = on;
        loop {
            let stands_still = |day: Day| spans.iter().any(|span| span.contains(&day));
            let from = at.plus_days(1 + dice.below(3) as i64);
            if spans.len() == 3 || from > last_day(on, DAYS, stands_still) {
                break;
            }
            at = from.plus_days(dice.below(4) as i64);
            spans.push(from..=at);
        }
        write_objections(&grants, &id, &spans);
        let free = last_day(on, DAYS, |day| spans.iter().any(|span| span.contains(&day))).plus_days(1);
        is_free_on(&grants, &id, free, &format!("put up on {on}, objections {spans:?}"));
    }
    grants.0.store.verify().expect("the log holds");
}

fn an_objection_that_is_not_settled_stops_it_for_good() {
    let grants = Grants::new();
    let cases = [
        ("on the first day", "2024-06-11", Err(Kind::Objected)),
        ("on the last day", "2024-06-15", Err(Kind::Objected)),
        ("on the day after", "2024-06-16", Ok(())),
    ];
    for (number, (what, on, expected)) in cases.into_iter().enumerate() {
        let id = put_up(&grants, &format!("C{number}"), day("2024-06-10"));
        grants.object(on, &id, &[("不符合条件", "")]);
        for later in ["2024-06-16", "2024-06-17", "2024-07-31", "2025-01-01"] {
            assert_eq!(tried(&grants, &id, day(later)), expected, "{what}, asked on {later}");
        }
        // Settled at last: the days that were left go on behind the day of the outcome.
        let settled = day("2024-07-01");
        if on != "2024-06-16" {
            grants.object("2024-07-01", &id, &[("不符合条件", "核实不成立")]);
            let free = last_day(day("2024-06-10"), DAYS, |at| (day(on)..=settled).contains(&at)).plus_days(1);
            is_free_on(&grants, &id, free, what);
        }
    }
}

fn a_notice_comes_down_on_the_day_it_is_free() {
    let grants = Grants::new();
    let plain = put_up(&grants, "D1", day("2024-06-10"));
    let objected = put_up(&grants, "D2", day("2024-06-10"));
    grants.object("2024-06-12", &objected, &[("不符合条件", "")]);
    let go_on =
        |on: &str| grants.0.store.go_on(model::Moment { day: day(on), at_ms: crate::valley::AT_MS }).expect("goes on");
    let down = |number| GoneOn { taken_down: number, ..GoneOn::default() };
    assert_eq!(go_on("2024-06-15"), down(0));
    assert_eq!(go_on("2024-06-16"), down(1));
    assert_eq!(grants.file("aid", &plain).history[0].action, "taken_down");
    let late = |version: i64| {
        let (register, id, why) = ("aid".to_owned(), plain.clone(), "重复登记".to_owned());
        let version = model::Version(version);
        grants.apply(&cadre(), "2024-06-17", store::Command::Withdraw { register, id, version, why })
    };
    let refusal = late(2).expect_err("it was taken down since");
    assert_eq!(refusal.name, "overtaken");
    for part in ["the system on 2024-06-16", "notice taken down"] {
        assert!(refusal.what.english().contains(part), "{part}: {}", refusal.what.english());
    }
    assert_eq!(go_on("2024-07-20"), down(0), "the other hangs as long as its objection is open");
    grants.object("2024-07-20", &objected, &[("不符合条件", "核实不成立")]);
    // The 11th and the days from 21 to 24 July.
    assert_eq!((go_on("2024-07-24"), go_on("2024-07-25"), go_on("2024-07-26")), (down(0), down(1), down(0)));
    assert_eq!(grants.state("aid", &objected), "public", "the record waits for those who decide");
}

/// What is due of a record, as its page and the lists say it; the clock beside it says the same.
fn due(grants: &Grants, id: &str) -> Option<Day> {
    let file = grants.file("aid", id);
    assert_eq!(file.course.clocks.first().and_then(|clock| clock.due_on), file.due_on);
    let view = grants.0.store.view(&person("bo", "county"));
    let filter = RecordFilter::default();
    let list =
        view.records("aid", RecordQuery { filter: &filter, order: None, columns: &[] }, None, 50).expect("reads");
    let row = list.rows.iter().find(|row| row.id == id).expect("is listed");
    assert_eq!(row.due_on, file.due_on);
    file.due_on
}

fn what_is_due_moves_with_a_suspension_and_back() {
    let grants = Grants::new();
    let (here, beside) =
        (enter(&grants, "H1", VILLAGES[0], day("2024-06-01")), enter(&grants, "H2", VILLAGES[1], day("2024-06-01")));
    let both = || (due(&grants, &here), due(&grants, &beside));
    let plain = Some(day("2024-07-11"));
    assert_eq!(both(), (plain, plain));
    let village = suspend(&grants, "1", VILLAGES[0], "2024-06-10", "2024-06-14");
    assert_eq!(both(), (Some(day("2024-07-16")), plain), "five days do not count");
    let county = suspend(&grants, "2", "990101", "2024-06-14", "2024-06-15");
    assert_eq!(both(), (Some(day("2024-07-17")), Some(day("2024-07-13"))), "a day of two suspensions counts once");
    let withdraw = |id: &str| {
        let (id, version, why) = (id.to_owned(), Version::FIRST, "误登".to_owned());
        let command = Command::Withdraw { register: "halt".into(), id, version, why };
        grants.apply(&person("bo", "county"), "2024-06-20", command).expect("is withdrawn");
    };
    withdraw(&village);
    assert_eq!(both(), (Some(day("2024-07-13")), Some(day("2024-07-13"))));
    withdraw(&county);
    assert_eq!(both(), (plain, plain));
}

/// Suspends the work at a place; gives the id of the record.
fn suspend(grants: &Grants, number: &str, region: &str, from: &str, until: &str) -> String {
    let value = |name: &str, value: &str| (name.to_owned(), text(value));
    let mut fields = vec![value("halt_no", number), value("region_code", region), value("reason", "年度封账")];
    fields.push(("from_on".to_owned(), Value::Day(day(from))));
    fields.push(("until_on".to_owned(), Value::Day(day(until))));
    let entry = Entry { register: "halt".into(), fields, ..Entry::default() };
    let entered = grants.apply(&person("bo", "county"), "2024-01-01", Command::Enter(entry));
    entered.expect("is entered").id.expect("an id")
}

fn a_suspended_place_counts_for_those_inside_it() {
    // Places that are suspended, each with its days; the day on which a notice of 10 June of the first village is free.
    type Halts = &'static [(&'static str, &'static str, &'static str)];
    let cases: [(&str, Halts, &str); 7] = [
        ("none", &[], "2024-06-16"),
        ("the village", &[("990101100201", "2024-06-12", "2024-06-13")], "2024-06-18"),
        ("its county", &[("990101", "2024-06-12", "2024-06-13")], "2024-06-18"),
        ("the village beside", &[("990101100202", "2024-06-12", "2024-06-13")], "2024-06-16"),
        ("the day of the notice itself", &[("990101", "2024-06-09", "2024-06-09")], "2024-06-16"),
        (
            "two that overlap count once",
            &[("990101", "2024-06-12", "2024-06-14"), ("990101100", "2024-06-13", "2024-06-15")],
            "2024-06-20",
        ),
        ("behind its end", &[("990101", "2024-06-17", "2024-06-30")], "2024-06-16"),
    ];
    // One after the other in a month of its own, from January on.
    let grants = Grants::new();
    for (month, (what, halts, free)) in (1..).zip(cases) {
        let of_month = |on: &str| on.replace("-06-", &format!("-{month:02}-"));
        for (number, (region, from, until)) in halts.iter().enumerate() {
            suspend(&grants, &format!("{month}.{number}"), region, &of_month(from), &of_month(until));
        }
        let id = put_up(&grants, &format!("E{month}"), day(&of_month("2024-06-10")));
        let free = of_month(free);
        assert_eq!(tried(&grants, &id, day(&free)), Ok(()), "{what}");
        let before = tried(&grants, &id, day(&free).plus_days(-1)).expect_err(what);
        assert!(
            matches!(before, Kind::TooEarly(on) if on == day(&free)) || matches!(before, Kind::Suspended(_)),
            "{what}"
        );
    }
    let grants = Grants::new();
    let id = put_up(&grants, "E0", day("2024-06-10"));
    suspend(&grants, "1", "990101", "2024-06-16", "2024-06-18");
    for (on, expected) in [
        ("2024-06-15", Err(Kind::TooEarly(day("2024-06-16")))),
        ("2024-06-16", Err(Kind::Suspended(day("2024-06-18")))),
        ("2024-06-18", Err(Kind::Suspended(day("2024-06-18")))),
        ("2024-06-19", Ok(())),
    ] {
        assert_eq!(tried(&grants, &id, day(on)), expected, "{on}");
    }
}

fn a_deadline_leaves_out_the_days_on_which_it_stood_still() {
    let grants = Grants::new();
    let mut dice = Dice(seed());
    let an = person("an", "clerk");
    for number in 0..8 {
        let entered = day("2024-01-20").plus_days(dice.below(20) as i64);
        let id = enter(&grants, &format!("F{number}"), VILLAGES[0], entered);
        let mut at = entered;
        let mut stops: Vec<RangeInclusive<Day>> = Vec::new();
        for _ in 0..dice.below(4) {
            let from = at.plus_days(1 + dice.below(5) as i64);
            let opinion = [("opinion", "缺材料")];
            grants.step_with(&an, &from.to_string(), &id, "pause", &opinion).expect("pauses");
            let file = grants.file("aid", &id);
            assert_eq!((file.due_on, file.course.clocks[0].is_stopped), (None, true), "it stands still");
            assert!(file.course.clocks.iter().all(|clock| clock.due_on.is_none()));
            at = from.plus_days(dice.below(25) as i64);
            grants.step_with(&an, &at.to_string(), &id, "take_up", &opinion).expect("is taken up");
            stops.push(from..=at);
        }
        let due = last_day(entered, DEADLINE, |day| stops.iter().any(|stop| stop.contains(&day)));
        let file = grants.file("aid", &id);
        assert_eq!(file.due_on, Some(due), "from {entered} with stops {stops:?}");
        let clocks: Vec<_> = file.course.clocks.iter().map(|clock| (clock.due_on, clock.is_stopped)).collect();
        assert_eq!(clocks, [(Some(due), false)], "the page tells the same");
        assert_eq!(file.course.clocks[0].label.english(), "Deadline for the decision");
    }
}

fn what_is_due_is_due_the_day_after_its_last_day() {
    let grants = Grants::new();
    // Forty days from 20 January end on 29 February; the other one stands still.
    let running = enter(&grants, "G1", VILLAGES[0], day("2024-01-20"));
    let stopped = enter(&grants, "G2", VILLAGES[0], day("2024-01-20"));
    let opinion = [("opinion", "缺材料")];
    grants.step_with(&person("an", "clerk"), "2024-02-01", &stopped, "pause", &opinion).expect("pauses");
    assert_eq!(grants.file("aid", &running).due_on, Some(day("2024-02-29")));
    for who in [actor("county", "990101"), actor("clerk", "990101100"), cadre()] {
        let view = grants.0.store.view(&who);
        for (on, overdue) in [("2024-02-28", 0), ("2024-02-29", 0), ("2024-03-01", 1), ("2025-03-01", 1)] {
            let figures = view.register_figures("aid", day(on)).expect("reads");
            assert_eq!((figures.records, figures.overdue), (2, overdue), "{on} for {}", who.account);
            let filter = RecordFilter { due_before: Some(day(on)), ..RecordFilter::default() };
            let listed = view
                .records("aid", store::RecordQuery { filter: &filter, order: None, columns: &[] }, None, 9)
                .expect("reads")
                .rows;
            assert_eq!(listed.len() as u64, overdue, "the list agrees on {on}");
        }
    }
    let elsewhere = grants.0.store.view(&actor("county", "990102"));
    let figures = elsewhere.register_figures("aid", day("2025-03-01")).expect("reads");
    assert_eq!((figures.records, figures.overdue), (0, 0));
    assert_eq!(figures.by_state.len(), 6, "every state is told, also those with nothing in them");
}

fn a_step_before_the_day_of_the_last_one_is_refused() {
    let grants = Grants::new();
    let id = enter(&grants, "H1", VILLAGES[0], day("2024-06-10"));
    assert_eq!(kind(grants.step(&cadre(), "2024-06-09", &id, "publish")), Kind::BeforeEntry);
    grants.step(&cadre(), "2024-06-10", &id, "publish").expect("on the day itself");
    assert_eq!(tried(&grants, &id, day("2024-06-09")), Err(Kind::BeforeEntry));
}
