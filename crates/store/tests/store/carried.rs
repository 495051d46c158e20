//! Leads of a database in which they were no records yet are carried over when it is opened.

use crate::county::{County, day, declarations, key, lead, place};
use crate::place::{On, on, on_both};
use model::{Day, Lead, Value};
use std::fmt::Write;
use store::{LeadFilter, LeadRow, Store, system_actor};

on_both![
    leads_of_before_are_records_when_the_database_is_opened,
    carrying_over_goes_on_where_it_was_cut_off,
    a_screening_goes_on_with_the_leads_of_before,
];

const VILLAGES: [&str; 3] = ["990101100201", "990101100202", "990101200201"];

/// State, stale or not, and the fields given with steps of the leads of before.
const BEFORE: [(&str, bool, &str); 3] = [
    ("open", false, "{}"),
    ("in_progress", true, "{}"),
    ("closed", false, r#"{"reason_code":{"text":"01"},"note":{"text":"已入户"}}"#),
];

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn json(value: &impl serde::Serialize) -> String {
    quoted(&serde_json::to_string(value).expect("is JSON"))
}

/// Puts three leads into the tables in which they were kept before, with one event of each.
fn age(county: &County) {
    let whole = if on() == On::Postgresql { "bigint" } else { "integer" };
    let mut sql = format!(
        "create table lead (lead_id text primary key, household_no {whole}, region text, state text, is_open {whole}, \
         entered_state_on text, due_on text, urgency {whole}, risk text, because text, because_en text, reasons {whole}, \
         flags {whole}, stale {whole}, raised_on text, seen_on text, known text, fields text, flags_document text, \
         content {whole}); \
         create table lead_reason (lead_id text, position {whole}, rule text, risk text, resident_key {whole}, \
         band {whole}, document text, primary key (lead_id, position));"
    );
    for ((number, village), (state, is_stale, fields)) in (1..).zip(VILLAGES).zip(BEFORE) {
        let Lead { reasons, flags, urgency, risk, .. } = lead(number, village, "2024-06-03", 1);
        let is_open = i64::from(state != "closed");
        let due_on = if is_open == 1 { "'2024-06-18'" } else { "null" };
        let (because, because_en) = (quoted(&reasons[0].because), quoted(&reasons[0].because_en));
        write!(
            sql,
            "insert into lead values ('{number}-20240603', {number}, '{village}', '{state}', {is_open}, '2024-06-04', \
             {due_on}, {urgency}, '{risk}', {because}, {because_en}, 1, 1, {}, '2024-06-03', '2024-06-05', '2024-06-03', \
             {}, {}, 7); \
             insert into lead_reason values ('{number}-20240603', 1, 'illness', '01', null, 1, {}); \
             insert into event (seq, chain, position, account, role, day, at_ms, register, record, household_no, action, \
             before, after, hash) values ({}, 'x', {number}, 'system', 'system', '2026-03-02', 0, 'lead', \
             '{number}-20240603', {number}, 'raised', '', '{{}}', '');",
            i64::from(is_stale),
            quoted(fields),
            json(&flags),
            json(&reasons[0]),
            900_000 + number,
        )
        .expect("is written");
    }
    county.place.forge(&sql);
}

fn leads(store: &Store) -> Vec<LeadRow> {
    let view = store.view(&system_actor(place("99")));
    let mut rows = view.leads(&LeadFilter::default(), None, 100).expect("reads").rows;
    rows.sort_by(|one, other| one.lead_id.cmp(&other.lead_id));
    rows
}

fn entered_on(store: &Store, lead_no: &str) -> Option<Day> {
    let view = store.view(&system_actor(place("99")));
    view.record("lead", lead_no, day("2026-03-03")).expect("reads").expect("is there").entered_on
}

fn leads_of_before_are_records_when_the_database_is_opened() {
    let county = County::filled();
    age(&county);
    let store = Store::open(county.location(), declarations(""), &key()).expect("opens");
    let rows = leads(&store);
    let told: Vec<_> = rows.iter().map(|row| (row.lead_id.as_str(), row.state.as_str(), row.stale)).collect();
    assert_eq!(
        told,
        [("1-20240603", "open", false), ("2-20240603", "in_progress", true), ("3-20240603", "closed", false)]
    );
    let view = store.view(&system_actor(place("99")));
    for ((row, village), number) in rows.iter().zip(VILLAGES).zip(1..) {
        let known = lead(number, village, "2024-06-03", 1);
        let file = view.lead(&row.lead_id, day("2024-06-06")).expect("reads").expect("is there");
        assert_eq!((file.reasons, file.flags), (known.reasons, known.flags), "what was behind it");
        assert_eq!((row.raised_on, row.seen_on, file.known), (day("2024-06-03"), day("2024-06-05"), day("2024-06-03")));
        assert_eq!((row.urgency, row.region), (known.urgency, known.region));
        assert_eq!(entered_on(&store, &row.lead_id), Some(day("2026-03-02")), "the day on which the screening ran");
        assert_eq!(row.due_on.is_some(), row.state != "closed");
        let history: Vec<&str> = file.history.iter().map(|event| event.action.as_str()).collect();
        assert_eq!(history, ["raised"], "its own event, and no other");
        let given = file.fields.get("reason_code");
        assert_eq!(given, (number == 3).then(|| Value::Text("01".into())).as_ref());
    }
}

fn carrying_over_goes_on_where_it_was_cut_off() {
    let county = County::filled();
    age(&county);
    drop(Store::open(county.location(), declarations(""), &key()).expect("opens"));
    // A lead that was not carried over yet when the program ended.
    county.place.forge("delete from r_lead where lead_no = '2-20240603'");
    county.place.forge("delete from r_lead__reason where record_id not in (select id from r_lead)");
    county.place.forge("delete from r_lead__doubt where record_id not in (select id from r_lead)");
    county.place.forge("delete from event where seq > 900000");
    age(&county);
    county
        .place
        .forge("delete from lead where lead_id <> '2-20240603'; delete from lead_reason where lead_id <> '2-20240603'");
    let waiting = Store::open_at_once(county.location(), declarations(""), &key()).expect("opens");
    assert!(!waiting.is_complete(), "nothing is read before all leads are there");
    assert!(waiting.view(&system_actor(place("99"))).leads(&LeadFilter::default(), None, 10).is_err());
    waiting.finish_upgrade().expect("goes on");
    assert_eq!(leads(&waiting).len(), 3);
    assert!(waiting.recount().expect("counts").is_empty(), "the counts hold");
}

fn a_screening_goes_on_with_the_leads_of_before() {
    let county = County::filled();
    age(&county);
    county.place.forge("delete from event where seq > 900000");
    let store = Store::open(county.location(), declarations(""), &key()).expect("opens");
    let of_data: Vec<_> = leads(&store).iter().map(|row| entered_on(&store, &row.lead_id)).collect();
    assert_eq!(of_data, [Some(day("2024-06-03")); 3], "no event tells: the day of the data");
    let again = County { store, place: county.place };
    // The same evidence a day later: the first lead is left alone, the stale one is fresh, the closed one was verified elsewhere.
    let found = (1..).zip(VILLAGES).take(2).map(|(number, village)| lead(number, village, "2024-06-07", 1)).collect();
    let receipt = again.publish("2024-06-07", found).expect("is published");
    assert_eq!((receipt.unchanged, receipt.changed, receipt.added, receipt.lapsed), (1, 1, 0, 0));
    let states: Vec<_> = leads(&again.store).into_iter().map(|row| (row.state, row.stale)).collect();
    again.store.verify().expect("the log holds");
    let state = |name: &str| (name.to_owned(), false);
    assert_eq!(states, [state("open"), state("in_progress"), state("closed")]);
}
