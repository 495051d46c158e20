//! What belongs to an account and is no record: sign-ins, sessions, preferences, searches, tokens; nobody else's, and with an end.

use crate::chaos::{Dice, seed};
use crate::county::{County, account, actor, day};
use crate::place::on_both;
use crate::valley::Valley;
use model::Actor;
use store::{Command, NewToken, Scope, SessionTimes};

on_both![
    random_sessions_end_as_the_model_says,
    random_failures_lock_as_the_model_says,
    all_sessions_of_an_account_end_at_once,
    a_preference_is_kept_in_the_place_of_the_earlier_one,
    a_search_is_found_again_by_its_account_only,
    the_oldest_searches_are_forgotten,
    scopes_are_read_as_they_are_written,
    a_token_may_what_its_scopes_hold_and_no_more,
    the_last_use_of_a_token_is_told_to_within_a_minute,
];

const NAMES: [&str; 2] = ["li", "wang"];

fn county() -> County {
    let county = County::empty();
    for name in NAMES {
        county.system(Command::AddAccount(account(name, "clerk", "990101100", None))).expect("is added");
    }
    county
}

fn person(name: &str) -> Actor {
    Actor { account: name.into(), ..actor("clerk", "990101100") }
}

/// A session as the model knows it.
struct Session {
    token: String,
    name: &'static str,
    seen: i64,
    ends: i64,
    idle: i64,
}

fn random_sessions_end_as_the_model_says() {
    let county = county();
    let mut dice = Dice(seed());
    let mut sessions: Vec<Session> = Vec::new();
    let mut at = 1_000_000;
    for number in 0..120 {
        at += dice.below(200_000) as i64;
        if sessions.is_empty() || dice.below(5) == 0 {
            let times = SessionTimes {
                idle_ms: 60_000 + dice.below(600_000) as i64,
                longest_ms: 600_000 + dice.below(1_200_000) as i64,
            };
            let (token, name) = (format!("token {number}"), NAMES[dice.below(2) as usize]);
            let began = county.store.begin_session(name, &token, at, times).expect("works").expect("begins");
            assert_eq!(began.account, name);
            sessions.push(Session { token, name, seen: at, ends: at + times.longest_ms, idle: times.idle_ms });
            continue;
        }
        let which = dice.below(sessions.len() as u64) as usize;
        if dice.below(10) == 0 {
            let ended = sessions.swap_remove(which);
            county.store.end_session(&ended.token, at).expect("ends");
            assert_eq!(county.store.session(&ended.token, at).expect("works"), None, "signed out");
            continue;
        }
        let session = &mut sessions[which];
        let is_alive = at < session.ends && at - session.seen <= session.idle;
        let found = county.store.session(&session.token, at).expect("works");
        let told = format!("at {at}: seen {}, idle {}, ends {}", session.seen, session.idle, session.ends);
        assert_eq!(found.map(|actor| actor.account), is_alive.then(|| session.name.to_owned()), "{told}");
        // The last use is written once a minute.
        if is_alive && at - session.seen > 60_000 {
            session.seen = at;
        }
        if !is_alive {
            sessions.swap_remove(which);
        }
    }
    county.store.verify().expect("sign-ins stand in the log");
}

fn random_failures_lock_as_the_model_says() {
    let county = county();
    let mut dice = Dice(seed());
    let (mut failures, mut locked_until, mut at) = (0_u32, 0_i64, 1_000);
    for number in 0..60 {
        at += dice.below(400_000) as i64;
        if dice.below(4) > 0 {
            failures += 1;
            let delay = match failures {
                0..=2 => 0,
                3..=9 => 2_000 << (failures - 3),
                _ => 900_000,
            };
            locked_until = at + delay;
            assert_eq!(county.store.note_failed_sign_in("li", at).expect("works"), locked_until, "failure {failures}");
        } else {
            let began = county.store.begin_session("li", &format!("t{number}"), at, SessionTimes::default());
            assert_eq!(began.expect("works").is_some(), locked_until <= at, "at {at}, locked until {locked_until}");
            if locked_until <= at {
                (failures, locked_until) = (0, 0);
            }
        }
        let found = county.store.find_account("li").expect("reads").expect("is there");
        assert_eq!((found.failures, found.locked_until_ms), (failures, locked_until));
        let other = county.store.find_account("wang").expect("reads").expect("is there");
        assert_eq!((other.failures, other.locked_until_ms), (0, 0), "another account is not touched");
    }
}

fn all_sessions_of_an_account_end_at_once() {
    let county = county();
    let begin = |name: &str, token: &str| {
        county.store.begin_session(name, token, 0, SessionTimes::default()).expect("works").expect("begins");
    };
    let lives = |token: &str| county.store.session(token, 1).expect("works").is_some();
    [("li", "a"), ("li", "b"), ("wang", "c")].into_iter().for_each(|(name, token)| begin(name, token));
    county.store.end_sessions_of("li").expect("end");
    assert_eq!((lives("a"), lives("b"), lives("c")), (false, false, true));
    county.store.end_sessions_of("nobody").expect("no error");
    begin("wang", "d");
    assert!(lives("c") && lives("d"), "one may sign in at two places");
    county.store.end_session("c", 1).expect("ends");
    assert_eq!((lives("c"), lives("d")), (false, true), "signing out at one of them");
}

fn a_preference_is_kept_in_the_place_of_the_earlier_one() {
    let county = county();
    let kept = |who: &str, name: &str| county.store.preference(&person(who), name).expect("reads");
    let keep =
        |who: &str, name: &str, value: &str| county.store.keep_preference(&person(who), name, value).expect("is kept");
    assert_eq!(kept("li", "language"), None);
    for value in ["zh", "en", "", "{\"栏\": [\"a'b\", \"c\\\"\"]}", "ꆈꌠꉙ", "en"] {
        keep("li", "language", value);
        assert_eq!(kept("li", "language").as_deref(), Some(value));
        assert_eq!(county.store.view(&person("li")).preference("language").expect("reads").as_deref(), Some(value));
    }
    assert_eq!((kept("li", "Language"), kept("wang", "language")), (None, None), "another name, another account");
    keep("wang", "language", "zh");
    assert_eq!((kept("li", "language").as_deref(), kept("wang", "language").as_deref()), (Some("en"), Some("zh")));
    assert_eq!(county.store.verify().expect("holds").events as i64, county.place.number("select count(*) from event"));
    assert_eq!(county.place.number("select count(*) from event where register = 'preference'"), 0, "it is no record");
}

fn a_search_is_found_again_by_its_account_only() {
    let county = county();
    let keep = |who: &str, search: &str| county.store.keep_search(&person(who), search).expect("is kept");
    let found = |who: &str, token: &str| county.store.search(&person(who), token).expect("reads");
    let own = keep("li", "姓名=吉木阿古");
    assert_eq!(own.len(), 24);
    assert_eq!(keep("li", "姓名=吉木阿古"), own, "the same search has the same address");
    let other = keep("wang", "姓名=吉木阿古");
    assert_ne!(own, other, "each account its own, or one would tell of the other");
    assert_eq!(found("li", &own).as_deref(), Some("姓名=吉木阿古"));
    assert_eq!(county.store.view(&person("li")).search(&own).expect("reads").as_deref(), Some("姓名=吉木阿古"));
    assert_eq!((found("wang", &own), found("li", &other), found("li", "")), (None, None, None));
    let bytes = county.place.everything();
    let needle = "吉木阿古".as_bytes();
    assert!(!bytes.windows(needle.len()).any(|window| window == needle), "it is sealed");
}

fn the_oldest_searches_are_forgotten() {
    let county = county();
    let keep = |search: &str| county.store.keep_search(&person("li"), search).expect("is kept");
    let found = |token: &str| county.store.search(&person("li"), token).expect("reads").is_some();
    let first = keep("first");
    let second = keep("second");
    let others = county.store.keep_search(&person("wang"), "first").expect("is kept");
    let tokens: Vec<String> = (0..48).map(|number| keep(&number.to_string())).collect();
    assert!(found(&first) && found(&second), "fifty are kept");
    keep("first");
    keep("one more");
    assert!(found(&first), "asked for again it is among the newest");
    assert!(!found(&second), "then the second is the oldest");
    assert!(found(&tokens[0]) && found(&tokens[47]));
    keep("another");
    assert!(!found(&tokens[0]) && found(&tokens[1]));
    let kept = county.store.search(&person("wang"), &others).expect("reads");
    assert!(kept.is_some(), "what others look for pushes nothing out");
}

fn scopes_are_read_as_they_are_written() {
    let registers = ["garden", "a", "园子", "a:b", "*"];
    let scopes = registers.iter().flat_map(|register| {
        let register = (*register).to_owned();
        [Scope::Read(register.clone()), Scope::Write(register.clone()), Scope::Step(register)]
    });
    for scope in scopes.chain([Scope::All]) {
        let written = scope.to_string();
        assert_eq!(written.parse::<Scope>().ok(), Some(scope.clone()), "{written}");
        assert_eq!(scope.register().is_none(), scope == Scope::All);
    }
    for wrong in ["", " ", "*:garden", "read", "read:", ":garden", "Read:garden", "read garden", "**", "all"] {
        let refused = wrong.parse::<Scope>().expect_err(wrong);
        assert_eq!(refused.to_string(), "a scope is `*`, `read:<register>`, `write:<register>` or `step:<register>`");
    }
}

fn token(county: &County, scopes: &[&str], expires_on: Option<&str>) -> (String, String) {
    let scopes = scopes.iter().map(|scope| scope.parse().expect("a scope")).collect();
    let expires_on = expires_on.map(day);
    let new = NewToken { name: "交换".into(), account: "li".into(), scopes, expires_on };
    let made = county
        .store
        .apply(&person("li"), model::Moment { day: day("2024-02-28"), at_ms: 0 }, Command::AddToken(new))
        .expect("is made");
    (made.text.expect("is shown"), made.id.expect("a name"))
}

fn a_token_may_what_its_scopes_hold_and_no_more() {
    let valley = Valley::new();
    valley.system(Command::AddAccount(account("li", "clerk", "990101100", None))).expect("is added");
    let all = ["read:garden", "write:garden", "step:garden", "read:tool", "step:tool", "*"];
    // What a token may of all that, whether it reaches tools, whether it may change something.
    let cases: [(&[&str], &str, bool, bool); 6] = [
        (&["*"], "yyyyyy", true, true),
        (&["read:tool"], "---y--", true, false),
        (&["step:tool"], "----y-", true, true),
        (&["read:garden", "read:tool"], "y--y--", true, false),
        (&["write:garden", "write:garden"], "-y----", false, true),
        (&["write:garden", "*"], "yyyyyy", true, true),
    ];
    for (scopes, expected, reaches, changes) in cases {
        let scopes: Vec<Scope> = scopes.iter().map(|scope| scope.parse().expect("a scope")).collect();
        let new = NewToken { name: "交换".into(), account: "li".into(), scopes: scopes.clone(), expires_on: None };
        let made = valley.apply(&person("li"), "2024-02-28", Command::AddToken(new)).expect("is made");
        let bearer = valley.store.bearer(&made.text.expect("is shown"), day("2024-02-28"), 0).expect("reads");
        let bearer = bearer.expect("is in force");
        let may = |scope: &&str| if bearer.may(&scope.parse().expect("a scope")) { 'y' } else { '-' };
        assert_eq!(all.iter().map(may).collect::<String>(), expected, "{scopes:?}");
        assert_eq!((bearer.reaches("tool"), bearer.may_change_something()), (reaches, changes), "{scopes:?}");
        assert_eq!(bearer.actor, valley.store.find_account("li").expect("reads").expect("is there").actor());
    }
}

fn the_last_use_of_a_token_is_told_to_within_a_minute() {
    let county = county();
    let (token, id) = token(&county, &["*"], Some("2024-02-29"));
    let used = || county.store.tokens(&person("li")).expect("reads")[0].used_ms;
    let bears = |today: &str, at: i64| county.store.bearer(&token, day(today), at).expect("reads").is_some();
    assert_eq!(used(), None, "never");
    assert!(bears("2024-02-28", 100_000));
    assert_eq!(used(), Some(100_000));
    assert!(bears("2024-02-28", 130_000));
    assert_eq!(used(), Some(100_000), "half a minute later it is not written again");
    assert!(bears("2024-02-29", 160_001));
    assert_eq!(used(), Some(160_001), "the last day of February");
    assert!(!bears("2024-03-01", 500_000));
    assert_eq!(used(), Some(160_001), "who is refused uses nothing");
    let listed = county.store.view(&person("li")).tokens().expect("reads");
    assert_eq!((listed.len(), listed[0].name.as_str()), (1, "交换"));
    let revoke = Command::RevokeToken { token_id: id };
    county.store.apply(&person("li"), model::Moment { day: day("2024-02-29"), at_ms: 0 }, revoke).expect("is revoked");
    assert!(!bears("2024-02-29", 500_000));
    assert_eq!(county.store.tokens(&person("li")).expect("reads").len(), 1, "revoked it is shown still");
}
