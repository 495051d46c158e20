//! What a step's receipt says, and that the page behind it says the same.

use crate::county::day;
use crate::grants::{Grants, cadre, person};
use crate::place::on_both;
use model::Actor;
use store::{FollowedKind, NoticeDays, Receipt};

on_both![
    a_notice_is_told_with_its_days,
    who_must_still_agree_is_told,
    what_was_opened_is_called_by_its_number_where_it_is_seen,
];

/// What the page of the record tells besides other records, in both languages.
fn told(grants: &Grants, who: &Actor, id: &str) -> Vec<(String, String)> {
    let file = grants.0.store.view(who).record("aid", id, day("2024-06-30")).expect("reads").expect("is there");
    file.course.told.iter().map(|one| (one.chinese().to_owned(), one.english().to_owned())).collect()
}

/// The page tells every sentence of the receipt that is about the record itself.
fn page_says_it(grants: &Grants, who: &Actor, id: &str, receipt: &Receipt) {
    let own = receipt.followed.iter().filter(|one| one.register == "aid").map(|one| &one.label);
    let told = told(grants, who, id);
    for label in own.chain(receipt.agreement.iter().map(|one| &one.label)) {
        let label = (label.chinese().to_owned(), label.english().to_owned());
        assert!(told.contains(&label), "{label:?} in {told:?}");
    }
}

fn a_notice_is_told_with_its_days() {
    let grants = Grants::new();
    let id = grants.enter("G1", 100);
    let receipt = grants.step(&cadre(), "2024-06-10", &id, "publish").expect("is put up");
    let days = NoticeDays { from: day("2024-06-10"), last_day: day("2024-06-15"), free_on: day("2024-06-16") };
    assert_eq!(
        receipt.followed.iter().map(|one| (one.what, one.days)).collect::<Vec<_>>(),
        [(FollowedKind::PutUp, Some(days))]
    );
    assert_eq!((receipt.state.as_deref(), receipt.due_on), (Some("public"), Some(day("2024-07-11"))));
    assert_eq!(receipt.agreement, None);
    page_says_it(&grants, &cadre(), &id, &receipt);
    let all = told(&grants, &cadre(), &id);
    assert_eq!(all.last().expect("a due day").1, "In publicity: to be done by 2024-07-11");
    // An objection moves the days; the page tells them as they are now.
    grants.object("2024-06-12", &id, &[("不符合条件", "核实不成立")]);
    let back = grants.send_back(&person("an", "clerk"), "2024-06-13", &id, "金额有误").expect("is sent back");
    assert_eq!(back.followed.iter().map(|one| one.what).collect::<Vec<_>>(), [FollowedKind::TakenDown]);
    assert_eq!(back.state.as_deref(), Some("drafted"));
    page_says_it(&grants, &cadre(), &id, &back);
}

fn who_must_still_agree_is_told() {
    let grants = Grants::new();
    let id = grants.put_up("G1", 100);
    let first = grants.step(&person("an", "clerk"), "2024-06-16", &id, "approve").expect("one agrees");
    let agreement = first.agreement.clone().expect("the other must agree");
    assert_eq!((agreement.given, agreement.needed, first.state.as_deref()), (1, 2, Some("public")));
    assert!(agreement.label.chinese().starts_with("已有1人同意,共需2人;还需1人"), "{}", agreement.label.chinese());
    assert!(agreement.label.english().starts_with("1 of 2 has agreed; still needed: 1 more, of "));
    assert!(first.followed.is_empty(), "nothing follows yet");
    page_says_it(&grants, &cadre(), &id, &first);
    let second = grants.step(&person("bo", "county"), "2024-06-16", &id, "approve").expect("both agree");
    assert_eq!((second.agreement.as_ref(), second.state.as_deref()), (None, Some("approved")));
    page_says_it(&grants, &cadre(), &id, &second);
    let notified = second.followed.last().expect("somebody is told");
    assert_eq!(notified.what, FollowedKind::Notified);
    let role = &crate::grants::package().roles["cadre"].label_en;
    assert!(notified.label.english().starts_with(&format!("Told: {role} (")), "{}", notified.label.english());
    assert!(!told(&grants, &cadre(), &id).iter().any(|(_, one)| one.contains("agreed; still needed")), "all are there");
}

fn what_was_opened_is_called_by_its_number_where_it_is_seen() {
    let grants = Grants::new();
    let (id, receipt) = grants.approved("G1", 100);
    assert_eq!(receipt.followed[1].number, None, "who took the step does not see visits");
    let numbers = |who: &Actor| {
        let file = grants.0.store.view(who).record("aid", &id, day("2024-06-20")).expect("reads").expect("is there");
        file.course.followed.into_iter().map(|one| (one.is_seen, one.number)).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&cadre()), [(true, Some("G1".to_owned()))]);
    assert_eq!(numbers(&person("bo", "county")), [(false, None)]);
}
