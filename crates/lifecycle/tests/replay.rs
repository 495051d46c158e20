//! A record is where its events say, deadlines run over states, and random hands on random days change nothing of that.

mod application;

use application::{Record, Who, day, package, region, who};
use lifecycle::{ClockState, Command, Deputy, Effect, Event, RefusalKind, Suspension, Transition, replay};
use model::{Day, Value};
use std::collections::{BTreeMap, BTreeSet};

fn decide_due(record: &Record, today: &str) -> ClockState {
    record.clocks(day(today)).into_iter().find(|(name, _)| name == "decide").map(|(_, state)| state).expect("it runs")
}

#[test]
fn a_deadline_runs_over_states_until_it_is_kept() {
    let mut record = Record::public("2024-05-01");
    assert_eq!(decide_due(&record, "2024-05-02"), ClockState::Due(day("2024-05-16")));
    let back = Command::SendBack { step: "approve", to: "entered" };
    let ci = Who { given: &["opinion"], ..who("ci", "county", "2024-05-03") };
    record.does(back, ci).expect("sends back");
    assert_eq!(decide_due(&record, "2024-05-03"), ClockState::Due(day("2024-05-16")), "it began when it began");
    record.does(Command::Step("review"), who("an", "clerk", "2024-05-04")).expect("reviews");
    record.does(Command::Step("publish"), who("an", "clerk", "2024-05-04")).expect("puts up");
    record.does(Command::Step("approve"), who("bo", "officer", "2024-05-10")).expect("agrees");
    record.does(Command::Step("approve"), who("ci", "officer", "2024-05-17")).expect("agrees");
    assert_eq!(decide_due(&record, "2024-05-17"), ClockState::Ended(day("2024-05-17"), Some(day("2024-05-16"))));
    // Five working days from Friday the 17th.
    let clocks = record.clocks(day("2024-05-17"));
    assert_eq!(clocks[1], ("file_away".to_owned(), ClockState::Due(day("2024-05-24"))));
    record.region = region("990102");
    assert_eq!(record.clocks(day("2024-05-17"))[1].1, ClockState::Unset("notice_days".into()));
}

#[test]
fn a_clock_is_stopped_and_resumed_with_a_reason_given_then() {
    let mut record = Record::entered("2024-05-01");
    record.does(Command::Step("review"), who("an", "clerk", "2024-05-01")).expect("reviews");
    let pause = Command::Step("pause");
    let missing = Some(RefusalKind::Missing(vec!["opinion".into()]));
    assert_eq!(record.refused(pause, who("an", "clerk", "2024-05-06")), missing, "an old opinion is no reason");
    let with = |on| Who { given: &["opinion"], ..who("an", "clerk", on) };
    let paused = record.does(pause, with("2024-05-06")).expect("pauses");
    let stop = Effect::StopClock { deadline: "decide".into(), reason: "情况属实".into() };
    assert_eq!(paused.effects, [stop]);
    assert_eq!(decide_due(&record, "2024-06-30"), ClockState::Stopped);
    record.does(Command::Step("take_up"), with("2024-05-10")).expect("takes up");
    // The 6th to the 10th do not count.
    assert_eq!(decide_due(&record, "2024-05-10"), ClockState::Due(day("2024-05-21")));
    record.suspensions = vec![Suspension {
        region: region("990101"),
        from: day("2024-05-21"),
        until: day("2024-05-22"),
        reason: "年度封账".into(),
    }];
    assert_eq!(decide_due(&record, "2024-05-23"), ClockState::Due(day("2024-05-23")));
}

#[test]
fn a_clock_that_stands_still_is_not_stopped_again() {
    let mut record = Record::entered("2024-05-01");
    record.does(Command::Step("review"), who("an", "clerk", "2024-05-01")).expect("reviews");
    for step in &mut record.register.step {
        step.resumes_clock.clear();
    }
    let with = |on| Who { given: &["opinion"], ..who("an", "clerk", on) };
    assert_eq!(record.does(Command::Step("pause"), with("2024-05-06")).expect("pauses").effects.len(), 1);
    record.does(Command::Step("take_up"), with("2024-05-08")).expect("takes up");
    assert!(record.does(Command::Step("pause"), with("2024-05-09")).expect("pauses").effects.is_empty());
    assert_eq!(record.position().clocks[0].halts.len(), 1, "it has stood still since the 6th");
}

/// Whole numbers from a seed, by a linear congruential generator with its low bits thrown away.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

/// What the test knows of a record in its own words.
#[derive(Default)]
struct Known {
    state: String,
    since: Option<Day>,
    agreed: BTreeSet<String>,
    put_up: Option<(Day, usize)>,
    /// Objections within the days, as days from and through.
    objected: Vec<(Day, Option<Day>)>,
    is_down: bool,
    is_stopped: bool,
    effects: BTreeMap<&'static str, usize>,
    steps: BTreeMap<String, usize>,
}

fn is_suspended(record: &Record, on: Day) -> bool {
    record.suspensions.iter().any(|one| one.from <= on && on <= one.until)
}

impl Known {
    /// Days between two days, both left out, on which the notice hung and counted.
    fn hung(&self, record: &Record, today: Day) -> usize {
        let Some((on, _)) = self.put_up else { return 0 };
        let stands =
            |day: Day| self.objected.iter().any(|(from, until)| *from <= day && until.is_none_or(|until| day <= until));
        let between = (1..on.days_until(today)).map(|after| on.plus_days(after));
        between.filter(|day| !stands(*day) && !is_suspended(record, *day)).count()
    }

    fn has_hung(&self, record: &Record, today: Day) -> bool {
        self.put_up.is_some_and(|(_, days)| self.hung(record, today) >= days)
    }

    fn count(&mut self, effect: &Effect) {
        let name = match effect {
            Effect::TakeDown => "take down",
            Effect::PutUp { .. } => "put up",
            Effect::StopClock { .. } => "stop",
            Effect::ResumeClock { .. } => "resume",
            Effect::Open { .. } => "open",
            Effect::Advance { .. } => "advance",
            Effect::Document { .. } => "document",
            Effect::Notify { .. } => "notify",
        };
        *self.effects.entry(name).or_default() += 1;
    }

    /// What was granted must have been allowed, by words of this test alone.
    fn granted(&mut self, record: &Record, command: Command<'_>, who: Who<'_>, done: &Transition) {
        let today = who.today;
        assert!(!is_suspended(record, today), "{command:?} on a suspended day {today}");
        let moved = done.tally.is_none_or(|tally| tally.is_full());
        let name = if done.step == "approve" && !moved { "agree" } else { &done.step };
        *self.steps.entry(name.to_owned()).or_default() += 1;
        done.effects.iter().for_each(|effect| self.count(effect));
        let is_stop = |effect: &&Effect| matches!(effect, Effect::StopClock { .. } | Effect::ResumeClock { .. });
        match command {
            Command::Step("review") => {
                let members = record.fields[6].as_i64().unwrap_or(0);
                let income = record.fields[7].as_i64().unwrap_or(i64::MAX);
                assert!(members > 0 && income <= 600_000, "{members} {income}");
            }
            Command::Step("pause" | "take_up") => {
                assert!(who.given.contains(&"opinion"), "no reason");
                let stops = done.effects.iter().filter(is_stop).count();
                let wanted = usize::from(self.is_stopped == (done.step == "take_up"));
                assert_eq!(stops, wanted, "{} while stopped: {}", done.step, self.is_stopped);
                self.is_stopped = done.step == "pause";
            }
            Command::Step("publish") => assert!(!record.fields[9].is_null(), "no photo"),
            Command::Step("approve") => {
                assert!(self.has_hung(record, today), "approved on {today}, put up {:?}", self.put_up);
                assert!(who.account != "an", "who entered it approved it");
                assert!(self.agreed.insert(who.account.to_owned()), "{} counted twice", who.account);
                assert_eq!(moved, self.agreed.len() == 2, "{:?}", self.agreed);
                let acts = record.deputies.iter().any(|one| one.account == who.account && one.until >= today);
                assert!(who.role != "visitor" || acts, "a visitor approved");
                assert!(moved || done.effects.is_empty(), "an effect without its step");
            }
            Command::SendBack { .. } => assert!(who.given.contains(&"opinion") && who.account != "an"),
            Command::ByItself(_) => {
                let since = self.since.expect("a state");
                let worked = (1..since.days_until(today))
                    .map(|after| since.plus_days(after))
                    .filter(|day| package().calendar.is_working_day(*day) && !is_suspended(record, *day));
                assert!(done.step == "archive" && worked.count() >= 3, "archived on {today}, approved {since}");
            }
            _ => panic!("{command:?}"),
        }
        if moved {
            self.moves(record, done, today);
        }
    }

    fn moves(&mut self, record: &Record, done: &Transition, today: Day) {
        (self.state, self.since) = (done.to.clone(), Some(today));
        self.agreed.clear();
        let days = package().parameter("notice_days", record.region, today, today).value.as_i64().expect("set");
        self.put_up = (done.step == "publish").then_some((today, days as usize));
        self.objected.clear();
        self.is_down = false;
    }
}

fn next_command(numbers: &mut Numbers) -> Command<'static> {
    match numbers.below(12) {
        0 => Command::SendBack { step: "approve", to: numbers.one_of(&["entered", "reviewed", "paused"]) },
        1 => Command::ByItself(numbers.one_of(&["archive", "approve", "review"])),
        2..=6 => Command::Step("approve"),
        _ => Command::Step(numbers.one_of(&["review", "pause", "take_up", "publish", "archive", "fly"])),
    }
}

fn fresh(today: Day) -> Record {
    let mut record = Record::entered(&today.to_string());
    let (from, until) = (today.plus_days(20), today.plus_days(40));
    record.deputies =
        vec![Deputy { account: "du".into(), role: "officer".into(), region: region("990101"), from, until }];
    record.suspensions = vec![Suspension {
        region: region("990101"),
        from: day(&format!("{}-12-26", today.year())),
        until: day(&format!("{}-01-05", today.year() + 1)),
        reason: "年度封账".into(),
    }];
    record
}

/// An objection comes or is settled: within the days it stands in the way, afterwards it is too late.
fn objects(numbers: &mut Numbers, record: &mut Record, known: &mut Known, today: Day) {
    if known.put_up.is_none() || numbers.below(12) > 0 {
        return;
    }
    let is_late = known.has_hung(record, today);
    match known.objected.last_mut() {
        Some((_, until)) if until.is_none() => {
            *until = Some(today);
            record.events.push(Event::Settled { on: today });
        }
        _ if is_late => record.events.extend([Event::Objected { on: today }, Event::Settled { on: today }]),
        _ => {
            known.objected.push((today, None));
            record.events.push(Event::Objected { on: today });
        }
    }
}

/// Records live through 60,000 random commands by random hands.
#[test]
fn random_hands_on_random_days_leave_a_record_where_its_events_say() {
    let seed = 20_241_201;
    println!("seed {seed}");
    let mut numbers = Numbers(seed);
    let mut today = day("2024-01-20");
    let start = |today: Day| Known { state: "entered".into(), since: Some(today), ..Known::default() };
    let (mut record, mut known, mut last_due) = (fresh(today), start(today), None);
    let (mut effects, mut steps) = (BTreeMap::<&str, usize>::new(), BTreeMap::<String, usize>::new());
    for _ in 0..60_000 {
        today = today.plus_days(numbers.below(3) as i64 / 2);
        objects(&mut numbers, &mut record, &mut known, today);
        if !known.is_down && record.comes_down(today) {
            assert!(known.has_hung(&record, today), "taken down before its end");
            (known.is_down, _) = (true, known.count(&Effect::TakeDown));
            record.events.push(Event::TakenDown { on: today });
        }
        record.set("income_fen", Value::Fen(model::Fen(numbers.one_of(&[599_999, 600_000, 600_001]))));
        let given = numbers.one_of(&[&["opinion"][..], &[]]);
        let account = numbers.one_of(&["an", "bo", "ci", "du"]);
        let role = if account == "du" { "visitor" } else { numbers.one_of(&["clerk", "officer", "county"]) };
        let (command, who) = (next_command(&mut numbers), Who { account, role, today, given });
        if let Ok(done) = record.decides(command, who) {
            known.granted(&record, command, who, &done);
            record.events.extend(done.events.iter().cloned());
            let position = replay(&record.register, &record.events).expect("entered");
            assert_eq!((&position.state, Some(position.entered_on)), (&known.state, known.since), "{command:?}");
            assert_eq!(position.state, done.to, "the state is the replay of the events");
            assert_eq!(position.approvals.len(), known.agreed.len());
            if done.is_final {
                known.effects.iter().for_each(|(name, count)| *effects.entry(name).or_default() += count);
                known.steps.iter().for_each(|(name, count)| *steps.entry(name.clone()).or_default() += count);
                balanced(&known);
                (record, known, last_due) = (fresh(today), start(today), None);
            }
        }
        // The deadline never moves back, whatever happens.
        if let ClockState::Due(due) = decide_due_on(&record, today) {
            assert!(last_due.is_none_or(|before| before <= due), "{last_due:?} {due}");
            last_due = Some(due);
        }
    }
    println!("{steps:?} {effects:?}");
    for step in ["review", "pause", "take_up", "publish", "agree", "approve", "sent_back", "archive"] {
        let count = steps.get(step).copied().unwrap_or(0);
        assert!(count > 20, "{step} was granted {count} times: the test would prove nothing ({steps:?})");
    }
}

fn decide_due_on(record: &Record, today: Day) -> ClockState {
    decide_due(record, &today.to_string())
}

/// No effect without its step, and none twice.
fn balanced(known: &Known) {
    let step = |name: &str| known.steps.get(name).copied().unwrap_or(0);
    let effect = |name: &str| known.effects.get(name).copied().unwrap_or(0);
    assert_eq!(effect("put up"), step("publish"));
    assert_eq!(
        effect("take down"),
        step("publish"),
        "every notice comes down, once: {:?} {:?}",
        known.steps,
        known.effects
    );
    for name in ["open", "advance", "document", "notify"] {
        assert_eq!(effect(name), step("approve"), "{name}");
    }
    assert!(effect("resume") <= effect("stop") && effect("stop") <= step("pause"), "{:?}", known.effects);
}
