//! Whatever is changed in the log past the store is found: any column of any event, any event that goes, comes or changes places.

use crate::chaos::{Dice, seed};
use crate::county::{County, actor, lead};
use crate::place::on_both;
use store::ChainBreak;

on_both![
    any_column_of_any_event_is_guarded,
    any_event_that_goes_is_missed,
    two_events_that_change_places_are_found,
    a_break_names_its_chain,
    what_was_put_back_holds_again,
    an_empty_log_holds_and_may_not_be_emptied,
];

/// Columns of an event with what is put in the place of theirs.
const FORGED: [(&str, &str); 14] = [
    ("chain", "chain || '1'"),
    ("position", "position + 1000"),
    ("account", "account || ' '"),
    ("role", "'another'"),
    ("day", "'1999-01-01'"),
    ("at_ms", "at_ms + 1"),
    ("register", "register || 's'"),
    ("record", "record || '0'"),
    ("household_no", "coalesce(household_no, 0) + 1"),
    ("action", "'other'"),
    ("before", "before || ' '"),
    ("after", "after || ' '"),
    ("hash", "'0' || hash"),
    ("record_id", "coalesce(record_id, 0) + 1"),
];

fn with_history() -> County {
    let county = County::filled();
    county.publish("2024-06-03", vec![lead(1, "990101100201", "2024-06-03", 1)]).expect("is published");
    let cadre = actor("cadre", "990101100201");
    county.step(&cadre, "2024-06-04", "1-20240603", "start", "").expect("is begun");
    county.step(&cadre, "2024-06-05", "1-20240603", "close", "01").expect("is closed");
    county.place.forge("create table kept_event as select * from event");
    county
}

/// The log as it was.
fn put_back(county: &County) {
    county.place.forge("delete from event; insert into event select * from kept_event");
    county.store.verify().expect("it holds again");
}

fn numbers(county: &County) -> Vec<i64> {
    let events = county.place.number("select count(*) from event");
    (0..events)
        .map(|at| county.place.number(&format!("select seq from event order by seq limit 1 offset {at}")))
        .collect()
}

fn is_broken(county: &County) -> bool {
    matches!(county.store.verify(), Err(ChainBreak::Broken { .. }))
}

fn any_column_of_any_event_is_guarded() {
    let county = with_history();
    let numbers = numbers(&county);
    let mut dice = Dice(seed());
    // Each column of one event at least; which one, the dice say.
    for (column, forged) in FORGED.into_iter().chain(FORGED) {
        let seq = numbers[dice.below(numbers.len() as u64) as usize];
        let sql = format!("update event set {column} = {forged} where seq = {seq}");
        assert_eq!(county.place.forge(&sql), 1, "{sql}");
        assert!(is_broken(&county), "{sql}");
        put_back(&county);
    }
}

fn any_event_that_goes_is_missed() {
    let county = with_history();
    for seq in numbers(&county) {
        county.place.forge(&format!("delete from event where seq = {seq}"));
        assert!(is_broken(&county), "event {seq} is gone");
        put_back(&county);
        let twin = format!(
            "insert into event (seq, chain, position, account, role, day, at_ms, register, record, household_no, action, \
             before, after, hash, record_id) select seq + 5000, chain, position + 5000, account, role, day, at_ms, \
             register, record, household_no, action, before, after, hash, record_id from event where seq = {seq}"
        );
        assert_eq!(county.place.forge(&twin), 1);
        assert!(is_broken(&county), "event {seq} is there twice");
        put_back(&county);
    }
}

fn two_events_that_change_places_are_found() {
    let county = with_history();
    let chain = "990101000000";
    let length = county.place.number(&format!("select count(*) from event where chain = '{chain}'"));
    assert!(length >= 4, "{length}");
    let places = |at: i64| {
        county.place.number(&format!(
            "select position from event where chain = '{chain}' order by position limit 1 offset {at}"
        ))
    };
    for (one, other) in [(0, 1), (0, length - 1), (length - 2, length - 1)] {
        let (one, other) = (places(one), places(other));
        let of = |position: i64| format!("where chain = '{chain}' and position = {position}");
        county.place.forge(&format!(
            "update event set position = -7 {}; update event set position = {one} {}; update event set position = {other} {}",
            of(one),
            of(other),
            of(-7)
        ));
        assert!(is_broken(&county), "{one} and {other}");
        put_back(&county);
    }
}

fn a_break_names_its_chain() {
    let county = with_history();
    county.place.forge("update event set account = 'x' where action = 'close'");
    let broken = county.store.verify().expect_err("is found");
    assert!(broken.to_string().contains("990101000000"), "{broken}");
    assert!(!broken.to_string().contains("990102000000"), "{broken}");
    put_back(&county);
    county.place.forge("update event set account = 'x' where chain = '990102000000'");
    let broken = county.store.verify().expect_err("is found");
    assert!(broken.to_string().contains("990102000000"), "{broken}");
}

fn what_was_put_back_holds_again() {
    let county = with_history();
    let report = county.store.verify().expect("holds");
    put_back(&county);
    assert_eq!(county.store.verify().expect("holds"), report);
    // The store goes on behind it as if nothing had been.
    county.publish("2024-06-06", vec![lead(2, "990101100202", "2024-06-06", 1)]).expect("is published");
    assert_eq!(county.store.verify().expect("holds").events, report.events + 2);
}

fn an_empty_log_holds_and_may_not_be_emptied() {
    let county = with_history();
    for sql in ["delete from event", "delete from event; delete from chain_head", "delete from chain_head"] {
        county.place.forge("create table kept_head as select * from chain_head");
        county.place.forge(sql);
        assert!(is_broken(&county), "{sql}");
        county
            .place
            .forge("delete from chain_head; insert into chain_head select * from kept_head; drop table kept_head");
        put_back(&county);
    }
}
