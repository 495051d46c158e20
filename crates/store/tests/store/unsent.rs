//! Forms kept for their account: sealed, bounded in number, size and time, and nobody else's.

use crate::place::on_both;
use crate::valley::{AT_MS, Valley};
use model::Actor;
use store::UNSENT_BYTES_MAX;

on_both![forms_are_kept_for_their_account_alone, forms_are_bounded_in_number_size_and_time];

const HOUR: i64 = 3_600_000;
const KEPT: (i64, i64) = (AT_MS, AT_MS + HOUR);

fn actor(account: &str) -> Actor {
    let region = crate::county::place("990101100");
    Actor { account: account.into(), shown_name: String::new(), role: "clerk".into(), region, department: None }
}

fn contents(valley: &Valley, account: &str, at_ms: i64) -> Vec<String> {
    let forms = valley.store.unsent_forms(&actor(account), at_ms).expect("reads");
    forms.into_iter().map(|form| form.content).collect()
}

fn forms_are_kept_for_their_account_alone() {
    let valley = Valley::new();
    let keep =
        |account: &str, content: &str| valley.store.keep_unsent(account, content, KEPT.0, KEPT.1).expect("a store");
    let id = keep("li", "一句话").expect("it is small");
    assert_eq!(keep("li", "一句话").as_ref(), Some(&id), "the same form is one form");
    assert_ne!(keep("wang", "一句话").as_ref(), Some(&id));
    let form = valley.store.unsent(&actor("li"), &id, AT_MS).expect("reads").expect("is there");
    assert_eq!((form.content.as_str(), form.kept_ms, form.ends_ms), ("一句话", KEPT.0, KEPT.1));
    assert_eq!(valley.store.unsent(&actor("wang"), &id, AT_MS).expect("reads"), None);
    valley.store.forget_unsent(&actor("wang"), &id).expect("a store");
    assert_eq!(contents(&valley, "li", AT_MS), ["一句话"], "nobody else forgets it");
    valley.place().forge("update unsent_form set account = 'other' where account = 'wang'");
    assert!(valley.store.unsent_forms(&actor("other"), AT_MS).is_err(), "what is sealed for one opens for no other");
    valley.store.forget_unsent(&actor("li"), &id).expect("a store");
    assert!(contents(&valley, "li", AT_MS).is_empty());
    let sealed = valley.store.seal_for_form("li\n7").expect("seals");
    assert_eq!(valley.store.open_from_form(&sealed).as_deref(), Some("li\n7"));
    assert_eq!(valley.store.open_from_form(&sealed[1..]), None);
}

fn forms_are_bounded_in_number_size_and_time() {
    let valley = Valley::new();
    for number in 0..12 {
        valley.store.keep_unsent("li", &number.to_string(), KEPT.0, KEPT.1).expect("a store");
    }
    let newest: Vec<String> = (2..12).rev().map(|number| number.to_string()).collect();
    assert_eq!(contents(&valley, "li", AT_MS), newest);
    valley.store.keep_unsent("li", "5", KEPT.0, KEPT.1).expect("a store");
    assert_eq!(contents(&valley, "li", AT_MS)[..2], ["5", "11"], "sent again it is the newest");
    for (length, is_kept) in [(UNSENT_BYTES_MAX, true), (UNSENT_BYTES_MAX + 1, false)] {
        let kept = valley.store.keep_unsent("wang", &"x".repeat(length), KEPT.0, KEPT.1).expect("a store");
        assert_eq!(kept.is_some(), is_kept, "{length}");
    }
    assert_eq!(contents(&valley, "wang", KEPT.1 - 1).len(), 1);
    assert!(contents(&valley, "wang", KEPT.1).is_empty(), "its time is over");
    valley.store.keep_unsent("zhang", "new", KEPT.1, KEPT.1 + HOUR).expect("a store");
    assert!(contents(&valley, "wang", AT_MS).is_empty(), "what is over goes when the next comes");
}
