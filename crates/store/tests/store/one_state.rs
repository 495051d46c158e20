//! A read transaction shows one state of the database, whatever is written meanwhile, and no more than the actor may see.

use crate::county::{County, actor, day, lead};
use crate::place::on_both;
use store::{LeadFilter, StoreError, Total, View};

on_both![what_is_written_meanwhile_is_not_seen_in_it, it_opens_no_other_place];

const VILLAGES: [&str; 2] = ["990101100201", "990101100202"];

fn county() -> County {
    let county = County::filled();
    publish(&county, "2024-06-03", 1);
    county
}

/// A screening that finds as many leads as it says.
fn publish(county: &County, on: &str, leads: usize) {
    let found = VILLAGES.iter().zip(1..).take(leads).map(|(village, number)| lead(number, village, on, 1));
    county.publish(on, found.collect()).expect("is published");
}

/// What the list, the badges and the last screening say.
fn seen(view: &View<'_>) -> (Total, u64, String) {
    let listed = view.leads(&LeadFilter::default(), None, 10).expect("reads").total;
    let open = view.counts(day("2024-06-05")).expect("reads").open;
    let screening = view.last_screening().expect("reads").expect("a screening");
    (listed, open, screening.day.to_string())
}

fn what_is_written_meanwhile_is_not_seen_in_it() {
    let county = county();
    let view = county.store.view(&actor("county", "990101"));
    let (before, after) =
        ((Total::Exactly(1), 1, "2024-06-03".to_owned()), (Total::Exactly(2), 2, "2024-06-04".to_owned()));
    assert_eq!(seen(&view), before);
    let held = view.read_transaction(|held| {
        assert!(held.is_in_transaction() && !view.is_in_transaction());
        assert_eq!(seen(held), before);
        publish(&county, "2024-06-04", 2);
        assert_eq!(seen(held), before, "what was written meanwhile");
        assert_eq!(seen(&view), after, "outside of it");
        held.read_transaction(|inner| {
            assert_eq!(seen(inner), before, "one inside of another is the same");
            Ok::<(), StoreError>(())
        })?;
        Ok::<_, StoreError>(held.actor().account.clone())
    });
    assert_eq!(held.expect("reads"), view.actor().account);
    assert_eq!(seen(&view), after);
    view.read_transaction(|held| {
        assert_eq!(seen(held), after, "the next one begins anew");
        Ok::<(), StoreError>(())
    })
    .expect("reads");
}

fn it_opens_no_other_place() {
    let county = county();
    publish(&county, "2024-06-04", 2);
    for (village, open) in [(VILLAGES[0], 1), (VILLAGES[1], 1), ("990102100201", 0), ("990101", 2)] {
        let view = county.store.view(&actor("cadre", village));
        view.read_transaction(|held| {
            assert_eq!(seen(held).1, open, "{village}");
            assert_eq!(held.household(model::HouseholdNo(1))?.is_some(), [VILLAGES[0], "990101"].contains(&village));
            Ok::<(), StoreError>(())
        })
        .expect("reads");
    }
}
