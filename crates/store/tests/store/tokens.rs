//! Tokens of programs, and keys under which a change may be asked for again.

use crate::county::{County, account, actor, day, place};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, garden};
use model::{Actor, Moment, Version};
use std::sync::Barrier;
use store::{Command, NewToken, Once, Receipt, Refusal, RefusalKind, Scope};

on_both![
    a_token_is_shown_once_and_ends_by_its_day_or_by_revocation,
    tokens_are_made_by_their_account_within_what_it_sees,
    the_same_request_is_done_once_within_a_day,
    many_at_the_same_time_do_it_once,
    a_rehearsal_keeps_no_key_and_a_refusal_neither,
];

const DAY_MS: i64 = 86_400_000;

fn valley() -> Valley {
    let valley = Valley::new();
    for (name, role, region) in
        [("li", "clerk", "990101100"), ("wang", "county", "990101"), ("zhao", "cadre", "990101100201")]
    {
        valley.system(Command::AddAccount(account(name, role, region, None))).expect("is added");
    }
    valley
}

fn new(name: &str, account: &str, scopes: &[&str], expires_on: Option<&str>) -> Command {
    let scopes = scopes.iter().map(|scope| scope.parse::<Scope>().expect("a scope")).collect();
    Command::AddToken(NewToken { name: name.into(), account: account.into(), scopes, expires_on: expires_on.map(day) })
}

fn li() -> Actor {
    Actor { account: "li".into(), ..actor("clerk", "990101100") }
}

fn a_token_is_shown_once_and_ends_by_its_day_or_by_revocation() {
    let valley = valley();
    let made =
        valley.apply(&li(), "2024-06-02", new("交换", "li", &["read:garden", "step:garden"], Some("2024-06-09")));
    let made = made.expect("is made");
    let (token, id) = (made.text.expect("is shown"), made.id.expect("has an id"));
    assert!(token.len() > 60 && !token.contains(&id), "long, and not its id");
    let bearer = |today: &str, at| valley.store.bearer(&token, day(today), at).expect("reads");
    let found = bearer("2024-06-02", AT_MS).expect("is in force");
    assert_eq!((found.actor.account.as_str(), found.actor.region), ("li", place("990101100")));
    assert!(found.may(&Scope::Read("garden".into())) && !found.may(&Scope::Write("garden".into())));
    assert!(found.reaches("garden") && !found.reaches("tool") && found.may_change_something());
    assert!(bearer("2024-06-09", AT_MS).is_some(), "the last day");
    assert!(bearer("2024-06-10", AT_MS).is_none(), "the day after");
    assert!(valley.store.bearer(&format!("{token}0"), day("2024-06-02"), AT_MS).expect("reads").is_none());
    let shown = valley.store.tokens(&li()).expect("reads");
    assert_eq!((shown.len(), shown[0].name.as_str(), shown[0].used_ms), (1, "交换", Some(AT_MS)));
    assert!(valley.store.tokens(&actor("county", "990101")).expect("reads").is_empty(), "one's own only");
    let other = valley.apply(
        &Actor { account: "wang".into(), ..actor("county", "990101") },
        "2024-06-02",
        Command::RevokeToken { token_id: id.clone() },
    );
    assert!(matches!(other.expect_err("is not theirs").kind, RefusalKind::NotFound));
    valley.apply(&li(), "2024-06-02", Command::RevokeToken { token_id: id.clone() }).expect("is revoked");
    assert!(bearer("2024-06-02", AT_MS).is_none());
    let again = valley.apply(&li(), "2024-06-02", Command::RevokeToken { token_id: id });
    assert!(matches!(again.expect_err("is gone").kind, RefusalKind::NotFound));
    let events = valley.store.verify().expect("the log holds").events;
    assert!(events >= 4, "two accounts, a token made and revoked: {events}");
}

fn tokens_are_made_by_their_account_within_what_it_sees() {
    let valley = valley();
    let by_li = |command| valley.apply(&li(), "2024-06-02", command);
    let cases = [
        ("for another", new("x", "wang", &["*"], None)),
        ("of no register", new("x", "li", &["read:nothing"], None)),
        ("without scopes", new("x", "li", &[], None)),
        ("without a name", new(" ", "li", &["*"], None)),
        ("with a long name", new(&"x".repeat(61), "li", &["*"], None)),
        ("that ended", new("x", "li", &["*"], Some("2024-06-01"))),
    ];
    for (what, command) in cases {
        assert!(by_li(command).is_err(), "{what}");
    }
    by_li(new("x", "li", &["*"], Some("2024-06-02"))).expect("today is a day");
    by_li(new("x", "li", &["read:lead"], None)).expect("leads are a register");
    let zhao = Actor { account: "zhao".into(), ..actor("cadre", "990101100201") };
    let unseen = valley.apply(&zhao, "2024-06-02", new("x", "zhao", &["read:duty"], None));
    assert!(unseen.is_err(), "of a register that is not seen");
    assert!(valley.system(new("x", "nobody", &["*"], None)).is_err(), "for nobody");
    valley.system(new("x", "wang", &["write:tool"], None)).expect("the system may");
    for text in ["", "read", "read:", "admin:garden", "* *"] {
        assert!(text.parse::<Scope>().is_err(), "{text}");
    }
    let many: Vec<_> = (0..60).map(|_| by_li(new("x", "li", &["*"], None)).is_ok()).collect();
    assert_eq!(many.iter().filter(|is_made| **is_made).count(), 48, "fifty in all");
    let county = County::empty();
    assert!(county.store.bearer("swt_", day("2024-06-02"), 0).expect("reads").is_none());
}

fn enter(valley: &Valley, number: &str, at_ms: i64, once: &Once<'_>) -> Result<Receipt, Refusal> {
    let command = Command::Enter(garden(number, VILLAGES[0], &[]));
    valley.store.apply_once(&clerk(), Moment { day: day("2024-06-02"), at_ms }, command, Some(once))
}

fn the_same_request_is_done_once_within_a_day() {
    let valley = valley();
    let once = Once { token: "t1", key: "k1", request: b"POST G1" };
    let first = enter(&valley, "G1", AT_MS, &once).expect("is entered");
    assert_eq!((first.version, first.added), (Some(Version(1)), 1));
    assert_eq!(enter(&valley, "G1", AT_MS + DAY_MS - 1, &once).expect("is told"), first);
    let other = enter(&valley, "G2", AT_MS, &Once { request: b"POST G2", ..once });
    assert!(matches!(other.expect_err("another request").kind, RefusalKind::KeyReused));
    enter(&valley, "G2", AT_MS, &Once { token: "t2", request: b"POST G2", ..once }).expect("another token");
    let id = first.id.expect("an id");
    let look = || Command::Unmask {
        register: "garden".into(),
        id: id.clone(),
        field: "keeper_phone".into(),
        purpose: "核对联系方式".into(),
    };
    let again = Once { key: "k2", request: b"POST unmask", ..once };
    for _ in 0..2 {
        let seen = valley
            .store
            .apply_once(&clerk(), Moment { day: day("2024-06-02"), at_ms: AT_MS }, look(), Some(&again))
            .expect("is seen");
        assert_eq!(seen.text.as_deref(), Some("13812345678"));
    }
    let history =
        valley.store.view(&clerk()).record("garden", &id, day("2024-06-02")).expect("reads").expect("is there");
    let looks = history.history.iter().filter(|event| event.action == "unmasked");
    assert_eq!(looks.count(), 1, "one look");
    let late = enter(&valley, "G1", AT_MS + DAY_MS, &once);
    assert!(matches!(late.expect_err("the key is forgotten").kind, RefusalKind::Conflict));
}

fn many_at_the_same_time_do_it_once() {
    let valley = valley();
    let once = Once { token: "t1", key: "k1", request: b"POST G1" };
    let start = Barrier::new(8);
    let receipts: Vec<Receipt> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    enter(&valley, "G1", AT_MS, &once).expect("is entered or told")
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("ends well")).collect()
    });
    assert!(receipts.iter().all(|receipt| *receipt == receipts[0]));
    let id = receipts[0].id.clone().expect("an id");
    let file = valley.store.view(&clerk()).record("garden", &id, day("2024-06-02")).expect("reads").expect("is there");
    assert_eq!((file.version, file.history.len()), (Version(1), 1));
}

fn a_rehearsal_keeps_no_key_and_a_refusal_neither() {
    let valley = valley();
    let once = Once { token: "t1", key: "k1", request: b"POST G1" };
    valley
        .store
        .rehearse(
            &clerk(),
            Moment { day: day("2024-06-02"), at_ms: AT_MS },
            Command::Enter(garden("G1", VILLAGES[0], &[])),
        )
        .expect("may be");
    assert!(enter(&valley, "", AT_MS, &once).is_err(), "without its key");
    assert!(enter(&valley, "G1", AT_MS, &Once { request: b"POST other", ..once }).is_ok());
}
