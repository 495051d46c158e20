//! Screenings come into force: leads are raised, kept, lapse, and are not raised again once verified.

use crate::county::{County, actor, day, lead, lead_of_rule, place, publication};
use crate::place::on_both;
use model::{HouseholdNo, Lead, Moment, Value, Version};
use store::{Command, LeadFilter, LeadRow, RecordFilter, RecordQuery, RefusalKind, VerifiedBand};

on_both![
    the_same_publication_twice_changes_nothing,
    an_open_lead_is_kept_and_changes_with_its_evidence,
    a_lead_without_evidence_lapses_or_goes_stale,
    a_lead_that_lapsed_today_and_returns_today_is_the_same_lead,
    what_was_verified_is_raised_only_in_a_higher_band_or_for_another_reason,
    a_second_lead_of_the_same_day_has_its_own_id,
    an_earlier_day_is_refused_where_places_overlap,
    leads_elsewhere_are_not_touched,
    what_is_watched_waits_again_when_its_evidence_changes,
    a_step_on_a_lead_that_a_screening_changed_is_refused_with_who_and_when,
    a_lead_is_looked_back_at_and_found_like_any_record,
    one_household_is_screened_alone,
    publications_that_do_not_fit_are_refused,
    hit_rates_come_from_closings,
];

const VILLAGE: &str = "990101100201";

fn cadre() -> model::Actor {
    actor("cadre", VILLAGE)
}

fn leads(county: &County) -> Vec<LeadRow> {
    let county_officer = actor("county", "990101");
    county.store.view(&county_officer).leads(&LeadFilter::default(), None, 100).expect("reads").rows
}

fn states(county: &County) -> Vec<(String, String, bool)> {
    let mut states: Vec<_> = leads(county).into_iter().map(|row| (row.lead_id, row.state, row.stale)).collect();
    states.sort();
    states
}

fn state(id: &str, state: &str, stale: bool) -> (String, String, bool) {
    (id.to_owned(), state.to_owned(), stale)
}

fn the_same_publication_twice_changes_nothing() {
    let county = County::filled();
    let found = vec![lead(1, VILLAGE, "2024-06-03", 1), lead(2, "990101100202", "2024-06-03", 2)];
    let first = county.publish("2024-06-03", found.clone()).expect("is published");
    assert_eq!((first.added, first.changed, first.lapsed, first.events), (2, 0, 0, 3));
    let (rows, report) = (leads(&county), county.store.verify().expect("holds"));
    let second = county.publish("2024-06-03", found).expect("is published");
    assert_eq!((second.added, second.changed, second.unchanged, second.events), (0, 0, 2, 0));
    assert_eq!(leads(&county), rows);
    assert_eq!(county.store.verify().expect("holds"), report);
}

fn an_open_lead_is_kept_and_changes_with_its_evidence() {
    let county = County::filled();
    county.publish("2024-06-03", vec![lead(1, VILLAGE, "2024-06-03", 1)]).expect("is published");
    let same = county.publish("2024-06-04", vec![lead(1, VILLAGE, "2024-06-04", 1)]).expect("is published");
    assert_eq!((same.unchanged, same.events), (1, 1), "only the screening leaves an event");
    let row = leads(&county).remove(0);
    assert_eq!((row.raised_on, row.seen_on), (day("2024-06-03"), day("2024-06-04")));
    let moved = county.publish("2024-06-05", vec![lead(1, VILLAGE, "2024-06-05", 2)]).expect("is published");
    assert_eq!((moved.changed, moved.events), (1, 2));
    let row = leads(&county).remove(0);
    assert_eq!((row.lead_id.as_str(), row.urgency), ("1-20240603", 52));
}

fn a_lead_without_evidence_lapses_or_goes_stale() {
    let county = County::filled();
    let both = |on: &str| vec![lead(1, VILLAGE, on, 1), lead(2, "990101100202", on, 1)];
    county.publish("2024-06-03", both("2024-06-03")).expect("is published");
    county.step(&cadre(), "2024-06-04", "1-20240603", "start", "").expect("is begun");
    let gone = county.publish("2024-06-05", Vec::new()).expect("is published");
    assert_eq!(gone.lapsed, 1);
    assert_eq!(states(&county), [state("1-20240603", "in_progress", true), state("2-20240603", "lapsed", false)]);
    let again = county.publish("2024-06-05", Vec::new()).expect("is published");
    assert_eq!((again.lapsed, again.events), (0, 0));
    county.publish("2024-06-06", both("2024-06-06")).expect("is published");
    let expected = [
        state("1-20240603", "in_progress", false),
        state("2-20240603", "lapsed", false),
        state("2-20240606", "open", false),
    ];
    assert_eq!(states(&county), expected, "one is fresh again, the other is a new lead");
}

fn a_lead_that_lapsed_today_and_returns_today_is_the_same_lead() {
    let county = County::filled();
    county.publish("2024-06-03", vec![lead(1, VILLAGE, "2024-06-03", 1)]).expect("is published");
    county.publish("2024-06-03", Vec::new()).expect("is published");
    county.publish("2024-06-03", vec![lead(1, VILLAGE, "2024-06-03", 1)]).expect("is published");
    assert_eq!(states(&county), [state("1-20240603", "open", false)]);
    county.store.verify().expect("holds");
}

fn what_was_verified_is_raised_only_in_a_higher_band_or_for_another_reason() {
    let close_then = |again: Lead| {
        let county = County::filled();
        county.publish("2024-06-03", vec![lead(1, VILLAGE, "2024-06-03", 2)]).expect("is published");
        county.step(&cadre(), "2024-06-04", "1-20240603", "close", "03").expect("is closed");
        let band = VerifiedBand { household_no: HouseholdNo(1), rule: "illness".into(), resident_key: None, band: 2 };
        assert_eq!(county.store.verified().expect("reads"), [band]);
        county.publish("2024-06-05", vec![again]).expect("is published").added
    };
    let on = "2024-06-05";
    let of_member = |band| {
        let mut found = lead(1, VILLAGE, on, band);
        found.reasons[0].resident_key = Some(model::ResidentKey(7));
        found
    };
    let cases = [
        ("lower band", lead(1, VILLAGE, on, 1), 0),
        ("same band", lead(1, VILLAGE, on, 2), 0),
        ("higher band", lead(1, VILLAGE, on, 3), 1),
        ("other rule", lead_of_rule(1, VILLAGE, on, "school", 1), 1),
        ("about a member", of_member(1), 1),
    ];
    for (what, again, raised) in cases {
        assert_eq!(close_then(again), raised, "{what}");
    }
}

fn a_second_lead_of_the_same_day_has_its_own_id() {
    let county = County::filled();
    county.publish("2024-06-03", vec![lead(1, VILLAGE, "2024-06-03", 1)]).expect("is published");
    county.step(&cadre(), "2024-06-03", "1-20240603", "close", "01").expect("is closed");
    county.publish("2024-06-03", vec![lead(1, VILLAGE, "2024-06-03", 2)]).expect("is published");
    assert_eq!(states(&county), [state("1-20240603", "closed", false), state("1-20240603-2", "open", false)]);
}

fn an_earlier_day_is_refused_where_places_overlap() {
    let county = County::filled();
    county.publish_at("990101", "2024-06-10", Vec::new()).expect("is published");
    for place in ["99", "990101", "990101100", VILLAGE] {
        let refusal = county.publish_at(place, "2024-06-09", Vec::new()).expect_err(place);
        assert!(matches!(refusal.kind, RefusalKind::Conflict), "{place}");
    }
    county.publish_at("990102", "2024-06-09", Vec::new()).expect("another county is free");
    county.publish_at("990101", "2024-06-10", Vec::new()).expect("the same day is free");
}

fn leads_elsewhere_are_not_touched() {
    let county = County::filled();
    let found = vec![lead(1, VILLAGE, "2024-06-03", 1), lead(3, "990101200201", "2024-06-03", 1)];
    county.publish("2024-06-03", found).expect("is published");
    county.publish_at("990101200", "2024-06-04", Vec::new()).expect("is published");
    assert_eq!(states(&county), [state("1-20240603", "open", false), state("3-20240603", "lapsed", false)]);
}

fn one_household_is_screened_alone() {
    let county = County::filled();
    let found = vec![lead(1, VILLAGE, "2024-06-03", 1), lead(2, "990101100202", "2024-06-03", 1)];
    county.publish("2024-06-03", found).expect("is published");
    let mut alone = publication("99", "2024-06-04", Vec::new());
    alone.household = Some(HouseholdNo(1));
    alone.rules.clear();
    county.system(Command::PublishScreening(Box::new(alone.clone()))).expect("is published");
    assert_eq!(states(&county), [state("1-20240603", "lapsed", false), state("2-20240603", "open", false)]);
    // Of a screening of the province, what it found there is told to the province only.
    for (who, found) in [(actor("analyst", "99"), Some(9)), (actor("county", "990101"), None)] {
        let view = county.store.view(&who);
        let rules = view.rules().expect("reads");
        assert!(rules.iter().any(|rule| rule.rule == "illness" && rule.found == found), "figures stay: {rules:?}");
        assert_eq!(view.last_screening().expect("reads").expect("is there").figures.is_some(), found.is_some());
    }
    alone.leads = vec![lead(2, "990101100202", "2024-06-04", 1)];
    assert!(county.system(Command::PublishScreening(Box::new(alone))).is_err(), "a lead of another household");
}

fn publications_that_do_not_fit_are_refused() {
    let county = County::filled();
    let doubled = vec![lead(1, VILLAGE, "2024-06-03", 1), lead(1, VILLAGE, "2024-06-03", 2)];
    assert!(county.publish("2024-06-03", doubled).is_err(), "two leads of one household");
    assert!(county.publish("2024-06-03", vec![lead(1, VILLAGE, "2024-06-02", 1)]).is_err(), "a lead of another day");
    let elsewhere = vec![lead(4, "990102100201", "2024-06-03", 1)];
    assert!(county.publish_at("990101", "2024-06-03", elsewhere).is_err(), "a lead of another place");
    let command = || Command::PublishScreening(Box::new(publication("990101", "2024-06-03", Vec::new())));
    for who in [actor("clerk", "990101100"), actor("county", "990102"), actor("analyst", "99")] {
        let refused = county.store.apply(&who, Moment { day: day("2024-06-03"), at_ms: 0 }, command());
        assert!(matches!(refused.expect_err(&who.account).kind, RefusalKind::NotAllowed), "{}", who.account);
    }
    county
        .store
        .apply(&actor("county", "990101"), Moment { day: day("2024-06-03"), at_ms: 0 }, command())
        .expect("the county officer may");
}

fn hit_rates_come_from_closings() {
    let county = County::filled();
    let found = vec![
        lead(1, VILLAGE, "2024-06-03", 1),
        lead(2, "990101100202", "2024-06-03", 1),
        lead(3, "990101200201", "2024-06-03", 1),
    ];
    county.publish("2024-06-03", found).expect("is published");
    let clerk = actor("clerk", "990101100");
    county.step(&clerk, "2024-06-04", "1-20240603", "close", "01").expect("is closed");
    county.step(&clerk, "2024-06-04", "2-20240603", "close", "03").expect("is closed");
    county.publish("2024-06-05", Vec::new()).expect("is published");
    let officer = actor("county", "990101");
    let view = county.store.view(&officer);
    let rules = view.rules().expect("reads");
    let illness = rules.iter().find(|rule| rule.rule == "illness").expect("is there");
    assert_eq!((illness.raised, illness.open, illness.closed, illness.confirmed), (3, 0, 2, 1));
    assert_eq!(illness.hit_per_mille(), Some(500), "what lapsed counts neither way");
    assert_eq!(rules.iter().find(|rule| rule.rule == "no_phone").map(|rule| rule.quality), Some(1));
    let counts = view.counts(day("2024-06-05")).expect("reads");
    assert_eq!((counts.verified, counts.confirmed, counts.closed, counts.open), (2, 1, 3, 0));
}

fn what_is_watched_waits_again_when_its_evidence_changes() {
    let clerk = actor("clerk", "990101100");
    let watched = |again: Vec<Lead>| {
        let county = County::filled();
        county.publish("2024-06-03", vec![lead(1, VILLAGE, "2024-06-03", 1)]).expect("is published");
        county.step(&clerk, "2024-06-04", "1-20240603", "watch", "").expect("is watched");
        let view = county.store.view(&clerk);
        assert_eq!(view.counts(day("2024-06-04")).expect("reads").open, 0, "nobody is sent");
        let open = LeadFilter { open: Some(true), ..LeadFilter::default() };
        assert!(view.leads(&open, None, 10).expect("reads").rows.is_empty());
        let row = leads(&county).remove(0);
        assert_eq!((row.state.as_str(), row.due_on), ("watched", None), "no deadline runs");
        county.publish("2024-06-07", again).expect("is published");
        let row = leads(&county).remove(0);
        (row.state, row.due_on.map(|day| day.to_string()))
    };
    let cases = [
        ("the same evidence", vec![lead(1, VILLAGE, "2024-06-07", 1)], ("watched", None)),
        ("the next band", vec![lead(1, VILLAGE, "2024-06-07", 2)], ("open", Some("2024-06-14"))),
        ("no evidence", Vec::new(), ("lapsed", None)),
    ];
    for (what, again, (state, due_on)) in cases {
        assert_eq!(watched(again), (state.to_owned(), due_on.map(str::to_owned)), "{what}");
    }
}

fn a_step_on_a_lead_that_a_screening_changed_is_refused_with_who_and_when() {
    let county = County::filled();
    county.publish("2024-06-03", vec![lead(1, VILLAGE, "2024-06-03", 1)]).expect("is published");
    let seen = county.store.view(&cadre()).lead("1-20240603", day("2024-06-03")).expect("reads").expect("is there");
    county.publish("2024-06-07", vec![lead(1, VILLAGE, "2024-06-07", 2)]).expect("is published");
    let close = |version: Version| {
        let fields = vec![("reason_code".to_owned(), Value::Text("01".into()))];
        let (register, id, step) = ("lead".into(), seen.record.id.clone(), "close".into());
        let command = Command::TakeStep { register, id, version: Some(version), step, fields };
        county.store.apply(&cadre(), Moment { day: day("2024-06-07"), at_ms: 0 }, command)
    };
    let refusal = close(seen.record.version).expect_err("the evidence is another");
    assert!(matches!(refusal.kind, RefusalKind::Conflict), "{refusal:?}");
    assert!(
        refusal.what.chinese().contains("系统") || refusal.since.iter().any(|since| since.is_system),
        "{refusal:?}"
    );
    close(seen.record.version.next()).expect("who looked at it again closes it");
}

fn a_lead_is_looked_back_at_and_found_like_any_record() {
    let county = County::filled();
    for (on, band) in [("2024-06-03", 1), ("2024-06-07", 2)] {
        let found = publication("99", on, vec![lead(1, VILLAGE, on, band)]);
        let command = Command::PublishScreening(Box::new(found));
        county
            .store
            .apply(&store::system_actor(place("99")), Moment { day: day(on), at_ms: 0 }, command)
            .expect("is published");
    }
    let clerk = actor("clerk", "990101100");
    let view = county.store.view(&clerk);
    let file = view.record("lead", "1-20240603", day("2024-06-08")).expect("reads").expect("by its number");
    assert_eq!(file.children.iter().map(|child| child.rows.len()).collect::<Vec<_>>(), [1, 1], "reasons and doubts");
    let urgency = |file: &store::RecordFile| {
        file.fields.iter().find(|field| field.name == "urgency").map(|field| field.value.clone())
    };
    assert_eq!(urgency(&file), Some(Value::Int(52)));
    let evidence = |file: &store::RecordFile| {
        let field = file.fields.iter().find(|field| field.name == "evidence").expect("declared");
        let text = field.value.as_text().expect("a file").to_owned();
        let hash = text.split_once(':').expect("hash and name").0.to_owned();
        view.attachment("lead", &file.id, &hash).expect("reads").expect("is kept").1
    };
    let before = view.record_as_of("lead", "1-20240603", day("2024-06-05")).expect("reads").expect("was there");
    assert_eq!(urgency(&before), Some(Value::Int(51)), "as it stood");
    assert_ne!(evidence(&file), evidence(&before), "what was seen then is kept");
    let of_rule = |rule: &str| RecordFilter {
        conditions: vec![store::Condition::is("reason.rule", Value::Text(rule.into()))],
        ..RecordFilter::default()
    };
    let found = |rule: &str| {
        view.records("lead", RecordQuery { filter: &of_rule(rule), order: None, columns: &[] }, None, 10)
            .expect("reads")
            .rows
            .len()
    };
    assert_eq!((found("illness"), found("vehicle")), (1, 0));
    assert_eq!(view.register_figures("lead", day("2024-06-08")).expect("reads").records, 1);
    assert!(county.store.recount().expect("counts").is_empty(), "the counts of registers hold");
}
