//! Sign-in: delay, lock, sessions that end.

use crate::county::{County, account, actor, day};
use crate::place::on_both;
use model::Moment;
use store::{Command, RefusalKind, SessionTimes};

on_both![
    accounts_fit_the_package,
    a_session_ends_by_idleness_by_age_and_by_sign_out,
    failures_delay_then_lock,
    a_password_is_set_by_its_owner_or_the_system_only,
];

fn county() -> County {
    let county = County::empty();
    county.system(Command::AddAccount(account("li", "clerk", "990101100", None))).expect("is added");
    county
}

const TIMES: SessionTimes = SessionTimes { idle_ms: 600_000, longest_ms: 3_600_000 };

fn accounts_fit_the_package() {
    let county = county();
    let cases = [
        ("taken", account("li", "clerk", "990101100", None)),
        ("no such role", account("x", "king", "990101100", None)),
        ("the system's role", account("x", "system", "99", None)),
        ("the system's name", account("system", "clerk", "990101100", None)),
        ("no name", account(" ", "clerk", "990101100", None)),
        ("other level", account("x", "clerk", "990101", None)),
        ("no department", account("x", "officer", "990101", None)),
        ("a department too many", account("x", "clerk", "990101100", Some("medical"))),
    ];
    for (what, wrong) in cases {
        assert!(county.system(Command::AddAccount(wrong)).is_err(), "{what}");
    }
    let by_clerk = Command::AddAccount(account("y", "clerk", "990101100", None));
    let refused =
        county.store.apply(&actor("clerk", "990101100"), Moment { day: day("2024-06-01"), at_ms: 0 }, by_clerk);
    assert!(matches!(refused.expect_err("may not").kind, RefusalKind::NotAllowed));
    assert_eq!(county.store.accounts().expect("reads").len(), 1);
}

fn a_session_ends_by_idleness_by_age_and_by_sign_out() {
    let county = county();
    let begin = |token: &str, at| county.store.begin_session("li", token, at, TIMES).expect("works");
    let who = |token: &str, at| county.store.session(token, at).expect("works").map(|actor| actor.account);
    assert_eq!(begin("t1", 0).expect("begins").role, "clerk");
    assert_eq!(who("t1", 600_000), Some("li".into()), "idle for exactly the limit");
    assert_eq!(who("t1", 1_200_000), Some("li".into()), "use moved the end");
    assert_eq!(who("t1", 1_800_001), None, "idle for longer");
    begin("t2", 0).expect("begins");
    for at in (0..3_600_000).step_by(300_000) {
        assert!(who("t2", at).is_some(), "{at}");
    }
    assert_eq!(who("t2", 3_600_000), None, "the longest time is over");
    begin("t3", 0).expect("begins");
    county.store.end_session("t3", 1).expect("ends");
    assert_eq!(who("t3", 2), None);
    county.store.end_session("never", 1).expect("no error");
    assert_eq!(begin("t4", 0).map(|actor| actor.account), Some("li".into()));
    county.system(Command::SetPassword { account: "li".into(), password_hash: "new".into() }).expect("is set");
    assert_eq!(who("t4", 1), None, "a new password ends sessions");
    assert!(county.store.begin_session("nobody", "t", 0, TIMES).expect("works").is_none());
    county.store.verify().expect("the log holds");
}

fn failures_delay_then_lock() {
    let county = county();
    let fail = |at| county.store.note_failed_sign_in("li", at).expect("works");
    let begin = |at| county.store.begin_session("li", "t", at, TIMES).expect("works").is_some();
    assert_eq!((fail(0), fail(0)), (0, 0));
    assert_eq!(fail(1_000), 3_000);
    assert!(!begin(2_999));
    for _ in 4..10 {
        fail(10_000);
    }
    assert_eq!(fail(10_000), 910_000, "the tenth locks for a quarter of an hour");
    assert!(!begin(909_999));
    assert!(begin(910_000));
    assert_eq!(county.store.find_account("li").expect("reads").expect("is there").failures, 0);
    assert_eq!(county.store.note_failed_sign_in("nobody", 0).expect("works"), 0);
}

fn a_password_is_set_by_its_owner_or_the_system_only() {
    let county = county();
    let set = |who: &model::Actor, name: &str| {
        let command = Command::SetPassword { account: name.into(), password_hash: "new".into() };
        county.store.apply(who, Moment { day: day("2024-06-01"), at_ms: 0 }, command)
    };
    let owner = county.store.find_account("li").expect("reads").expect("is there").actor();
    set(&owner, "li").expect("the owner may");
    assert!(matches!(set(&actor("clerk", "990101100"), "li").expect_err("may not").kind, RefusalKind::NotAllowed));
    let missing = Command::SetPassword { account: "nobody".into(), password_hash: "new".into() };
    assert!(matches!(county.system(missing).expect_err("is missing").kind, RefusalKind::NotFound));
}
