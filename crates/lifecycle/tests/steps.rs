//! What the decisions promise: cases on both sides of every boundary, then random commands from a printed seed.

use lifecycle::{Asked, Refusal, RefusalKind, decide, due_on, initial_state, offers};
use model::Day;
use policy::declare::{Register, State, Step};

fn day(text: &str) -> Day {
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

/// Entered, in publicity for 5 days, approved by another person, or sent back.
fn register() -> Register {
    let mut publish = step("publish", &["entered"], "public", &["clerk"]);
    publish.required = vec!["minutes".into(), "votes".into()];
    publish.due_days = Some(10);
    let mut approve = step("approve", &["public"], "approved", &["county", "clerk"]);
    approve.wait_days = 5;
    approve.due_days = Some(20);
    approve.not_by_who_entered = true;
    let mut back = step("send_back", &["public", "entered"], "entered", &["county"]);
    back.due_days = Some(7);
    Register {
        label: "台账".into(),
        label_en: "Ledger".into(),
        key: vec!["number".into()],
        state: vec![state("entered", true, false), state("public", false, false), state("approved", false, true)],
        step: vec![publish, approve, back],
        ..Register::default()
    }
}

fn asked<'a>(state: &'a str, role: &'a str, account: &'a str, today: &str) -> Asked<'a> {
    Asked {
        state,
        entered_state_on: day("2024-05-01"),
        entered_by: Some("an"),
        account,
        role,
        filled: &["minutes", "votes"],
        today: day(today),
    }
}

fn kind(step: &str, asked: &Asked<'_>) -> Result<String, RefusalKind> {
    decide(&register(), step, asked).map(|transition| transition.to).map_err(|refusal: Refusal| refusal.kind)
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
    let transition = decide(&register(), "approve", &asked("public", "county", "bo", "2024-05-09")).expect("may");
    assert_eq!((transition.from.as_str(), transition.to.as_str()), ("public", "approved"));
    assert!(transition.is_final);
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
}

#[test]
fn a_refusal_says_what_would_make_it_pass() {
    let refusal = decide(&register(), "approve", &asked("public", "clerk", "bo", "2024-05-06")).expect_err("too early");
    assert!(refusal.why.contains("5个整日"), "{}", refusal.why);
    assert!(refusal.hint.contains("2024-05-07"), "{}", refusal.hint);
    assert!(refusal.hint_en.contains("2024-05-07"), "{}", refusal.hint_en);
}

#[test]
fn a_state_is_due_by_the_earliest_deadline_of_its_steps() {
    let cases =
        [("entered", Some("2024-05-08")), ("public", Some("2024-05-08")), ("approved", None), ("unknown", None)];
    for (state, due) in cases {
        assert_eq!(due_on(&register(), state, day("2024-05-01")), due.map(day), "{state}");
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
    assert!(offers(&register(), &asked("approved", "county", "bo", "2024-05-06")).is_empty());
}

/// Whole numbers from a seed, by a linear congruential generator with its low bits thrown away.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }

    fn one_of<'a>(&mut self, names: &[&'a str]) -> &'a str {
        names[self.below(names.len())]
    }
}

/// A record lives through 10,000 random commands; whatever was granted must have been allowed.
#[test]
fn nobody_takes_a_step_they_may_not() {
    let seed = 20_241_105;
    println!("seed {seed}");
    let mut numbers = Numbers(seed);
    let register = register();
    let (mut state, mut since, mut today) = ("entered".to_owned(), day("2024-05-01"), day("2024-05-01"));
    let (mut entered_by, mut granted) = ("an", 0);
    for _ in 0..10_000 {
        today = today.plus_days(numbers.below(4) as i64);
        let (account, role) = (numbers.one_of(&["an", "bo", "ci"]), numbers.one_of(&["clerk", "county", "visitor"]));
        let name = numbers.one_of(&["publish", "approve", "send_back", "fly"]);
        let filled: &[&str] = if numbers.below(2) == 0 { &["minutes", "votes"] } else { &["votes"] };
        let asked = Asked {
            state: &state,
            entered_state_on: since,
            entered_by: Some(entered_by),
            account,
            role,
            filled,
            today,
        };
        let Ok(transition) = decide(&register, name, &asked) else { continue };
        granted += 1;
        let declared = register.step.iter().find(|step| step.name == name).expect("only declared steps are granted");
        assert!(declared.from.contains(&state), "{name} from {state}");
        assert!(declared.roles.iter().any(|allowed| allowed == role), "{name} by {role}");
        assert!(!declared.not_by_who_entered || account != entered_by, "{name} by who entered");
        assert!(declared.wait_days == 0 || since.days_until(today) > i64::from(declared.wait_days), "{name} cut short");
        assert!(declared.required.iter().all(|field| filled.contains(&field.as_str())), "{name} with gaps");
        assert_eq!(transition.to, declared.to);
        if transition.is_final {
            (state, since, entered_by) = ("entered".to_owned(), today, account);
        } else {
            (state, since) = (transition.to, transition.entered_state_on);
        }
    }
    assert!(granted > 500, "only {granted} were granted: the test would prove nothing");
}
