//! Entering, correcting and withdrawing; then random commands from a printed seed.

mod ledger;

use ledger::{asked, day, register, weekdays};
use lifecycle::{Command, RefusalKind, StepContext, Transition, decide};

fn kind(command: Command<'_>, asked: &StepContext<'_>) -> Result<Transition, RefusalKind> {
    decide(&register(), command, asked).map_err(|refusal| refusal.kind)
}

const ALL: &[&str] = &["number", "minutes", "votes"];

#[test]
fn records_are_entered_in_their_initial_state_by_roles_that_may() {
    let mut new = asked("", "clerk", "an", "2024-05-03");
    new.filled = ALL;
    let entered = kind(Command::Enter, &new).expect("a clerk enters");
    assert_eq!((entered.step.as_str(), entered.from.as_str(), entered.to.as_str()), ("enter", "", "entered"));
    assert_eq!(entered.entered_state_on, day("2024-05-03"));
    new.filled = &["votes"];
    assert_eq!(kind(Command::Enter, &new), Err(RefusalKind::Missing(vec!["number".into()])));
    new.role = "county";
    assert_eq!(kind(Command::Enter, &new), Err(RefusalKind::WrongRole), "the role is asked for first");
    let mut without = register();
    without.state.clear();
    new = asked("", "clerk", "an", "2024-05-03");
    new.filled = ALL;
    assert_eq!(decide(&without, Command::Enter, &new).expect("enters").to, "");
}

#[test]
fn open_records_change_and_closed_ones_do_not() {
    for (state, role, today, refused) in [
        ("entered", "clerk", "2024-05-01", None),
        ("public", "clerk", "2024-05-01", None),
        ("public", "clerk", "2024-04-30", Some(RefusalKind::BeforeEntry)),
        ("approved", "clerk", "2024-05-09", Some(RefusalKind::Closed)),
        ("archived", "clerk", "2024-05-09", Some(RefusalKind::Closed)),
        ("entered", "county", "2024-05-01", Some(RefusalKind::WrongRole)),
        ("archived", "county", "2024-05-01", Some(RefusalKind::WrongRole)),
    ] {
        let mut asked = asked(state, role, "bo", today);
        asked.filled = ALL;
        for command in [Command::Change(&["votes"]), Command::Withdraw] {
            let result = kind(command, &asked);
            assert_eq!(result.as_ref().err(), refused.as_ref(), "{command:?} {state} {role}");
            if let Ok(transition) = result {
                assert_eq!((transition.from.as_str(), transition.to.as_str()), (state, state));
                assert_eq!(transition.entered_state_on, day("2024-05-01"), "the state is as old as before");
            }
        }
    }
}

#[test]
fn what_is_calculated_is_not_given_and_what_is_required_is_not_taken_away() {
    let mut asked = asked("entered", "clerk", "an", "2024-05-01");
    asked.filled = ALL;
    let result = kind(Command::Change(&["votes", "sum"]), &asked);
    assert_eq!(result.err(), Some(RefusalKind::Calculated(["sum".into()].into())));
    asked.filled = &["votes"];
    assert_eq!(kind(Command::Change(&["number"]), &asked).err(), Some(RefusalKind::Missing(vec!["number".into()])));
    assert!(kind(Command::Withdraw, &asked).is_ok(), "a record with gaps can be withdrawn");
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

/// A record in the test: what happened to it so far.
struct Record {
    state: String,
    since: model::Day,
    entered_by: &'static str,
    changed_by: Vec<&'static str>,
}

/// A record lives through 20,000 random commands; whatever was granted must have been allowed, by words of this test alone.
#[test]
fn nobody_takes_a_step_they_may_not() {
    let seed = 20_241_105;
    println!("seed {seed}");
    let mut numbers = Numbers(seed);
    let register = register();
    let mut today = day("2024-05-01");
    let fresh = |today| Record { state: "entered".into(), since: today, entered_by: "an", changed_by: Vec::new() };
    let mut record = fresh(today);
    let mut granted = std::collections::BTreeMap::<String, usize>::new();
    for _ in 0..20_000 {
        today = today.plus_days(numbers.below(4) as i64);
        let account = numbers.one_of(&["an", "bo", "ci"]);
        let role = numbers.one_of(&["clerk", "county", "visitor"]);
        let steps = ["publish", "approve", "send_back", "archive", "fly"];
        let command = match numbers.below(8) {
            0 => Command::Enter,
            1 => Command::Change(numbers.one_of(&[&["votes"][..], &["sum"][..]])),
            2 if numbers.below(4) == 0 => Command::Withdraw,
            _ => Command::Step(numbers.one_of(&steps)),
        };
        let filled = numbers.one_of(&[ALL, &["votes"][..], &["number"][..]]);
        let asked = StepContext {
            state: &record.state,
            entered_state_on: record.since,
            entered_by: Some(record.entered_by),
            changed_by: &record.changed_by,
            account,
            role,
            filled,
            children: &[],
            calendar: weekdays(),
            today,
        };
        let Ok(transition) = decide(&register, command, &asked) else { continue };
        *granted.entry(transition.step.clone()).or_default() += 1;
        let is_closed = ["approved", "archived"].contains(&record.state.as_str());
        match command {
            Command::Step(name) => {
                let declared = register.step.iter().find(|step| step.name == name).expect("only declared steps");
                assert!(declared.from.contains(&record.state), "{name} from {}", record.state);
                assert!(declared.roles.iter().any(|allowed| allowed == role), "{name} by {role}");
                let has_a_hand = account == record.entered_by || record.changed_by.contains(&account);
                assert!(name != "approve" || !has_a_hand, "{account} approves what they entered or changed");
                let waited = record.since.days_until(today);
                assert!(name != "approve" || waited > 5, "approved after {waited} days of publicity");
                assert!(name != "archive" || waited > 2, "archived after {waited} days");
                assert!(name != "publish" || filled == ALL, "published with gaps");
                assert_eq!(transition.to, declared.to);
            }
            Command::Enter => assert!(role == "clerk" && filled.contains(&"number"), "{role} enters {filled:?}"),
            Command::Change(fields) => {
                assert!(role == "clerk" && !is_closed && filled.contains(&"number"), "{role} in {}", record.state);
                assert!(!fields.contains(&"sum"), "a calculated field was given");
            }
            Command::Withdraw => assert!(role == "clerk" && !is_closed, "{role} in {}", record.state),
            Command::Opened
            | Command::Object
            | Command::SendBack { .. }
            | Command::ByItself(_)
            | Command::Advanced(_) => {
                panic!("{command:?} was not asked")
            }
        }
        match command {
            _ if transition.is_final => record = fresh(today),
            Command::Enter | Command::Withdraw => record = Record { entered_by: account, ..fresh(today) },
            Command::Change(_) => record.changed_by.push(account),
            _ => (record.state, record.since) = (transition.to, transition.entered_state_on),
        }
    }
    for command in ["enter", "change", "withdraw", "publish", "approve", "send_back", "archive"] {
        let count = granted.get(command).copied().unwrap_or(0);
        assert!(count > 20, "{command} was granted {count} times: the test would prove nothing ({granted:?})");
    }
}
