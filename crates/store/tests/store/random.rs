//! Random commands by random actors: whatever happens, the promises hold.

use crate::county::{County, actor, day, lead, place};
use crate::place::on_both;
use model::Actor;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeSet;
use store::{LeadFilter, system_actor};

on_both![nobody_takes_a_step_they_may_not_and_a_household_has_one_open_lead];

const VILLAGES: [&str; 4] = ["990101100201", "990101100202", "990101200201", "990102100201"];

/// What somebody tries.
#[derive(Clone, Debug)]
enum Try {
    Publish { found: Vec<(usize, u32)>, later: i64 },
    Step { who: usize, household: usize, close: bool, reason: bool },
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let publish = (prop::collection::btree_map(0_usize..4, 1_u32..4, 0..4), 0_i64..3)
        .prop_map(|(found, later)| Try::Publish { found: found.into_iter().collect(), later });
    let step = (0_usize..7, 0_usize..4, any::<bool>(), any::<bool>())
        .prop_map(|(who, household, close, reason)| Try::Step { who, household, close, reason });
    prop::collection::vec(prop_oneof![1 => publish, 2 => step], 1..25)
}

fn actors() -> [Actor; 7] {
    [
        actor("cadre", VILLAGES[0]),
        actor("cadre", VILLAGES[3]),
        actor("clerk", "990101100"),
        actor("clerk", "990101200"),
        actor("county", "990101"),
        actor("officer", "990101"),
        actor("analyst", "99"),
    ]
}

/// The newest lead of a household.
fn newest(county: &County, household: usize) -> Option<(String, String)> {
    let filter = LeadFilter { region: Some(place(VILLAGES[household])), ..LeadFilter::default() };
    let rows = county.store.view(&system_actor(place("99"))).leads(&filter, None, 100).expect("reads").rows;
    rows.into_iter().map(|row| (row.lead_id, row.state)).max()
}

fn check(attempts: &[Try]) {
    let county = County::filled();
    let mut today = day("2024-06-03");
    for attempt in attempts {
        match attempt {
            Try::Publish { found, later } => {
                today = today.plus_days(*later);
                let on = today.to_string();
                let leads =
                    found.iter().map(|(village, band)| lead(*village as i64 + 1, VILLAGES[*village], &on, *band));
                county.publish(&on, leads.collect()).expect("days only move on");
            }
            Try::Step { who, household, close, reason } => {
                let who = &actors()[*who];
                let Some((id, state)) = newest(&county, *household) else { continue };
                let step = if *close { "close" } else { "start" };
                let given = if *close && *reason { "01" } else { "" };
                let outcome = county.step(who, &today.to_string(), &id, step, given);
                let may =
                    matches!(who.role.as_str(), "cadre" | "clerk") && who.region.holds(place(VILLAGES[*household]));
                let fits = matches!((state.as_str(), close), ("open", _) | ("in_progress", true));
                assert_eq!(outcome.is_ok(), may && fits && (!close || *reason), "{attempt:?} in state {state}");
            }
        }
        promises_hold(&county);
    }
    county.store.verify().expect("the log holds");
}

/// At most one open lead per household; what was verified is not open in the same band.
fn promises_hold(county: &County) {
    let open = LeadFilter { open: Some(true), ..LeadFilter::default() };
    let rows = county.store.view(&system_actor(place("99"))).leads(&open, None, 100).expect("reads").rows;
    let households: BTreeSet<i64> = rows.iter().map(|row| row.household_no.0).collect();
    assert_eq!(households.len(), rows.len(), "one open lead per household");
}

/// Both databases see the same commands.
fn nobody_takes_a_step_they_may_not_and_a_household_has_one_open_lead() {
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&tries(), |attempts| {
        check(&attempts);
        Ok(())
    });
    outcome.unwrap_or_else(|why| panic!("{why}"));
}
