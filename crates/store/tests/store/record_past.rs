//! Records on every day of their past: random work on a garden against a plain model that keeps a picture of each evening.

use crate::chaos::{Dice, seed};
use crate::county::{actor, day};
use crate::place::on_both;
use crate::valley::{VILLAGES, Valley, clerk, decimal, garden, text};
use model::{Actor, Day, Value};
use std::collections::BTreeMap;
use store::{Command, Entry, RecordFile, RecordFilter, RefusalKind, Rows};

on_both![
    every_evening_of_a_record_is_seen_again,
    the_past_of_a_withdrawn_record_stays_and_its_list_forgets_it,
    the_past_tells_no_more_than_the_present_to_whom_it_lies_outside,
    who_looks_back_is_offered_nothing,
    a_record_that_was_entered_again_keeps_its_first_life,
    a_lead_that_was_watched_is_seen_on_the_days_before,
];

/// What stands of a garden in the evening of a day.
#[derive(Clone, Debug, PartialEq)]
struct Picture {
    area: Value,
    keeper: Value,
    phone: Value,
    harvests: Vec<(Value, Value)>,
    total: Value,
    is_large: Value,
    state: Option<String>,
    is_withdrawn: bool,
}

impl Picture {
    fn of(file: &RecordFile) -> Picture {
        let value = |name: &str| {
            file.fields.iter().find(|field| field.name == name).map(|field| field.value.clone()).expect("a field")
        };
        let harvests = file.children[0].rows.iter().map(|row| (row[0].value.clone(), row[1].value.clone()));
        Picture {
            area: value("area_mu"),
            keeper: value("keeper_name"),
            phone: value("keeper_phone"),
            harvests: harvests.collect(),
            total: value("harvest_kg"),
            is_large: value("is_large"),
            state: file.state.clone(),
            is_withdrawn: file.is_withdrawn,
        }
    }
}

/// A garden under random work: what it should be now, and on the evenings behind.
struct Worked {
    valley: Valley,
    id: String,
    version: i64,
    now: Picture,
    evenings: BTreeMap<Day, Picture>,
    /// Events up to the evening of each day.
    events: BTreeMap<Day, usize>,
}

fn masked(phone: &str) -> Value {
    text(&format!("{}****{}", &phone[..3], &phone[7..]))
}

impl Worked {
    fn new(first: Day) -> Worked {
        let valley = Valley::new();
        let entered = valley.apply(&clerk(), &first.to_string(), Command::Enter(garden("G1", VILLAGES[0], &[])));
        let id = entered.expect("is entered").id.expect("an id");
        let now = Picture {
            area: decimal("4.5"),
            keeper: text("阿依"),
            phone: masked("13812345678"),
            harvests: Vec::new(),
            total: decimal("0"),
            is_large: Value::Bool(false),
            state: Some("drafted".to_owned()),
            is_withdrawn: false,
        };
        let mut worked = Worked { valley, id, version: 1, now, evenings: BTreeMap::new(), events: BTreeMap::new() };
        worked.evening(first, 1);
        worked
    }

    fn evening(&mut self, on: Day, events: usize) {
        self.evenings.insert(on, self.now.clone());
        *self.events.entry(on).or_default() += events;
    }

    fn correct(&mut self, on: Day, dice: &mut Dice) {
        let mut entry = Entry { register: "garden".into(), ..Entry::default() };
        let area = dice.below(40) * 25;
        let area_text = format!("{}.{:02}", area / 100, area % 100);
        let mut next = self.now.clone();
        if dice.below(2) == 0 {
            entry.fields.push(("area_mu".to_owned(), decimal(&area_text)));
            (next.area, next.is_large) = (decimal(&area_text), Value::Bool(area >= 500));
        } else {
            let phone = format!("139{:08}", dice.below(100_000_000));
            entry.fields.push(("keeper_phone".to_owned(), text(&phone)));
            next.phone = masked(&phone);
        }
        if dice.below(2) == 0 {
            let picked: Vec<(Day, u64)> =
                (0..dice.below(4)).map(|at| (on.plus_days(-(at as i64)), dice.below(1_000))).collect();
            let row = |(on, weight): &(Day, u64)| {
                vec![("picked_on".to_owned(), Value::Day(*on)), ("weight_kg".to_owned(), decimal(&weight.to_string()))]
            };
            let rows: Rows = picked.iter().map(row).collect();
            entry.children.push(("harvest".to_owned(), rows));
            next.harvests = picked.iter().map(|(on, weight)| (Value::Day(*on), decimal(&weight.to_string()))).collect();
            let sum: u64 = picked.iter().map(|(_, weight)| weight).sum();
            next.total = decimal(&sum.to_string());
        }
        let correct = Command::Correct { id: self.id.clone(), version: model::Version(self.version), entry };
        let outcome = self.valley.apply(&clerk(), &on.to_string(), correct);
        if self.now.state.as_deref() == Some("public") {
            assert!(matches!(outcome.expect_err("it is locked").kind, RefusalKind::Lifecycle(_)));
            return;
        }
        let receipt = outcome.expect("is corrected");
        self.version += 1;
        assert_eq!(receipt.version, Some(model::Version(self.version)));
        self.now = next;
        self.evening(on, 1);
    }

    fn step(&mut self, on: Day, step: &str, to: &str) {
        let fields = if step == "publish" { vec![("minutes".to_owned(), text("同意"))] } else { Vec::new() };
        let (register, id, step) = ("garden".to_owned(), self.id.clone(), step.to_owned());
        let step = Command::TakeStep { register, id, version: Some(model::Version(self.version)), step, fields };
        let receipt = self.valley.apply(&clerk(), &on.to_string(), step).expect("is taken");
        self.version += 1;
        assert_eq!(receipt.version, Some(model::Version(self.version)));
        self.now.state = Some(to.to_owned());
        self.evening(on, 1);
    }

    fn seen(&self, who: &Actor, on: Day) -> Option<RecordFile> {
        self.valley.store.view(who).record_as_of("garden", &self.id, on).expect("reads")
    }

    /// Every evening from the day before the first to the day after the last.
    fn check(&self, last: Day) {
        let first = *self.evenings.keys().next().expect("a day");
        assert!(self.seen(&clerk(), first.plus_days(-1)).is_none(), "the day before it was entered");
        for number in 0..=first.days_until(last) + 1 {
            let on = first.plus_days(number);
            let expected = self.evenings.range(..=on).next_back().expect("a picture").1;
            let file = self.seen(&clerk(), on).expect("was there");
            assert_eq!(&Picture::of(&file), expected, "{on}");
            let events: usize = self.events.range(..=on).map(|(_, events)| events).sum();
            assert_eq!(file.history.len(), events, "{on}");
        }
    }
}

fn every_evening_of_a_record_is_seen_again() {
    let mut dice = Dice(seed());
    // Over the end of February in a leap year.
    let mut today = day("2024-02-20");
    let mut worked = Worked::new(today);
    for _ in 0..30 {
        today = today.plus_days(dice.below(3) as i64);
        match (dice.below(5), worked.now.state.as_deref()) {
            (0, Some("drafted")) => worked.step(today, "publish", "public"),
            (0 | 1, Some("public")) => worked.step(today, "send_back", "drafted"),
            _ => worked.correct(today, &mut dice),
        }
    }
    worked.check(today);
    worked.valley.store.verify().expect("the chains hold");
}

fn the_past_of_a_withdrawn_record_stays_and_its_list_forgets_it() {
    let mut worked = Worked::new(day("2024-02-28"));
    let withdraw = |version: i64, on: &str, worked: &Worked| {
        let (register, id, why) = ("garden".to_owned(), worked.id.clone(), "重复".to_owned());
        let withdraw = Command::Withdraw { register, id, version: model::Version(version), why };
        worked.valley.apply(&clerk(), on, withdraw)
    };
    withdraw(1, "2024-03-01", &worked).expect("is withdrawn");
    worked.now.is_withdrawn = true;
    worked.evening(day("2024-03-01"), 1);
    worked.check(day("2024-03-02"));
    let again = withdraw(2, "2024-03-02", &worked).expect_err("it is gone");
    assert!(matches!(again.kind, RefusalKind::NotFound));
    let filter = |withdrawn| RecordFilter { withdrawn, ..RecordFilter::default() };
    let listed = |withdrawn| {
        let page = worked.valley.store.view(&clerk()).records(
            "garden",
            store::RecordQuery { filter: &filter(withdrawn), order: None, columns: &[] },
            None,
            9,
        );
        page.expect("reads").rows.len()
    };
    assert_eq!((listed(false), listed(true)), (0, 1));
    assert!(worked.valley.store.view(&clerk()).record_by_key("garden", "G1").expect("reads").is_none());
    let file = worked.valley.store.view(&clerk()).record("garden", &worked.id, day("2024-03-03")).expect("reads");
    let file = file.expect("whoever has its address sees what became of it");
    assert!(file.is_withdrawn && !file.may_correct && file.course.offers.is_empty());
}

fn the_past_tells_no_more_than_the_present_to_whom_it_lies_outside() {
    let mut worked = Worked::new(day("2024-05-31"));
    let moved = vec![("region_code".to_owned(), text(VILLAGES[1]))];
    let entry = Entry { register: "garden".into(), fields: moved, ..Entry::default() };
    let correct = Command::Correct { id: worked.id.clone(), version: model::Version(1), entry };
    worked.valley.apply(&clerk(), "2024-06-01", correct).expect("is moved to the other village");
    worked.version = 2;
    for on in ["2024-05-31", "2024-06-01", "2024-06-02"] {
        let seen = |who: &Actor| worked.seen(who, day(on)).is_some();
        let (old, new, beside) =
            (actor("cadre", VILLAGES[0]), actor("cadre", VILLAGES[1]), actor("clerk", "990101200"));
        assert_eq!(
            (seen(&old), seen(&new), seen(&beside)),
            (false, true, false),
            "{on}: it lies in the new village now"
        );
    }
    let then = worked.seen(&actor("cadre", VILLAGES[1]), day("2024-05-31")).expect("is seen");
    let village = then.fields.iter().find(|field| field.name == "region_code").expect("a field");
    assert_eq!(village.value, text(VILLAGES[0]), "as it stood");
}

fn who_looks_back_is_offered_nothing() {
    let mut worked = Worked::new(day("2024-05-31"));
    worked.step(day("2024-06-01"), "publish", "public");
    worked.step(day("2024-06-02"), "send_back", "drafted");
    let now = worked.valley.store.view(&clerk()).record("garden", &worked.id, day("2024-06-03")).expect("reads");
    let now = now.expect("is there");
    assert!(now.may_correct && !now.course.offers.is_empty() && now.course.may_undo);
    for on in ["2024-05-31", "2024-06-01", "2024-06-02", "2024-06-03"] {
        let file = worked.seen(&clerk(), day(on)).expect("was there");
        assert!(!file.may_correct && file.course == store::CourseShown::default(), "{on}");
        assert_eq!(file.id, worked.id);
        assert!(file.history.windows(2).all(|pair| pair[0].seq > pair[1].seq), "newest first");
    }
}

fn a_record_that_was_entered_again_keeps_its_first_life() {
    let mut worked = Worked::new(day("2024-05-31"));
    let (register, id, why) = ("garden".to_owned(), worked.id.clone(), "重复".to_owned());
    let withdraw = Command::Withdraw { register, id, version: model::Version(1), why };
    worked.valley.apply(&clerk(), "2024-06-02", withdraw).expect("is withdrawn");
    worked.now.is_withdrawn = true;
    worked.evening(day("2024-06-02"), 1);
    let again = Command::Enter(garden("G1", VILLAGES[0], &[("area_mu", decimal("8"))]));
    let receipt = worked.valley.apply(&clerk(), "2024-06-05", again).expect("is entered again");
    assert_eq!((receipt.id.as_deref(), receipt.version), (Some(worked.id.as_str()), Some(model::Version(3))));
    (worked.now.is_withdrawn, worked.now.area, worked.now.is_large) = (false, decimal("8"), Value::Bool(true));
    worked.evening(day("2024-06-05"), 1);
    worked.check(day("2024-06-06"));
}

fn a_lead_that_was_watched_is_seen_on_the_days_before() {
    let county = crate::county::County::filled();
    let publish = |on: &str, band| {
        let leads = vec![crate::county::lead(1, VILLAGES[0], on, band)];
        let publication = Box::new(crate::county::publication("99", on, leads));
        let system = store::system_actor(crate::county::place("99"));
        county
            .store
            .apply(&system, model::Moment { day: day(on), at_ms: 0 }, Command::PublishScreening(publication))
            .expect("is published");
    };
    publish("2024-06-03", 1);
    county.step(&clerk(), "2024-06-05", "1-20240603", "watch", "").expect("is watched");
    publish("2024-06-10", 2);
    let view = county.store.view(&clerk());
    let id = view.lead("1-20240603", day("2024-06-10")).expect("reads").expect("is there").record.id;
    let state = |on: &str| view.record_as_of("lead", &id, day(on)).expect("reads").and_then(|file| file.state);
    let expected = [
        ("2024-06-02", None),
        ("2024-06-03", Some("open")),
        ("2024-06-04", Some("open")),
        ("2024-06-05", Some("watched")),
        ("2024-06-09", Some("watched")),
        ("2024-06-10", Some("open")),
    ];
    for (on, expected) in expected {
        assert_eq!(state(on).as_deref(), expected, "{on}");
    }
}
