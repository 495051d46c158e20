//! Nobody sees beyond the own place and role: every read, for every actor.

use crate::county::{County, actor, day, identity, lead, place};
use crate::place::on_both;
use model::{Actor, Day, FaultKind, HouseholdNo, Value};
use policy::declare::Permission;
use std::collections::BTreeSet;
use store::{Command, LeadFilter, NewImport, Total, View};

on_both![
    the_matrix_of_actors_and_reads,
    places_above_and_beside_stay_closed,
    names_are_masked_unless_the_role_sees_them_and_numbers_always,
    searches_find_by_village_and_by_head,
    pages_by_key_are_complete_and_stable,
];

const VILLAGES: [&str; 4] = ["990101100201", "990101100202", "990101200201", "990102100201"];

fn county() -> County {
    let county = County::filled();
    let leads = VILLAGES.iter().zip(1..).map(|(village, number)| lead(number, village, "2024-06-03", 1)).collect();
    county.publish("2024-06-03", leads).expect("is published");
    for (county_code, hash) in [("990101", "aaaaaaaaaaaa"), ("990102", "bbbbbbbbbbbb")] {
        let import = NewImport {
            dataset: "bill".into(),
            file_name: "结算.csv".into(),
            file_hash: hash.into(),
            bytes: 1,
            region: place(county_code),
            delivered_on: day("2024-06-01"),
            said_days: (None, None),
        };
        county.system(Command::BeginImport(import)).expect("begins");
    }
    county
}

fn today() -> Day {
    day("2024-06-04")
}

fn numbers<T>(rows: &[T], number: impl Fn(&T) -> HouseholdNo) -> BTreeSet<i64> {
    rows.iter().map(|row| number(row).0).collect()
}

/// Households that each read shows; all reads of one kind must agree.
fn leads_seen(view: &View) -> BTreeSet<i64> {
    let page = view.leads(&LeadFilter::default(), None, 100).expect("reads");
    let listed = numbers(&page.rows, |row| row.household_no);
    assert_eq!(page.total, Total::Exactly(listed.len() as u64));
    let opened = (1..=4).filter(|number| view.lead(&format!("{number}-20240603"), today()).expect("reads").is_some());
    assert_eq!(opened.collect::<BTreeSet<i64>>(), listed, "the list and the pages agree");
    let counts = view.counts(today()).expect("reads");
    assert_eq!(counts.open, listed.len() as u64, "the workbench agrees");
    assert_eq!(counts.by_place.iter().map(|place| place.open).sum::<u64>(), counts.open);
    assert_eq!(counts.by_risk.iter().map(|(_, number)| number).sum::<u64>(), counts.open);
    for village in VILLAGES {
        let filter = LeadFilter { region: Some(place(village)), ..LeadFilter::default() };
        let found = numbers(&view.leads(&filter, None, 10).expect("reads").rows, |row| row.household_no);
        assert!(found.is_subset(&listed), "a filter widens nothing");
    }
    listed
}

fn households_seen(view: &View) -> BTreeSet<i64> {
    let page = view.households("", None, None, 100).expect("reads");
    let listed = numbers(&page.rows, |row| row.household_no);
    let opened = (1..=4).filter(|number| view.household(HouseholdNo(*number)).expect("reads").is_some());
    assert_eq!(opened.collect::<BTreeSet<i64>>(), listed);
    for number in 1..=4 {
        let last_four = &identity(number * 10)[14..];
        for text in [number.to_string().as_str(), "吉木", last_four, &identity(number * 10)] {
            let rows = view.households(text, None, None, 100).expect("reads").rows;
            let found = numbers(&rows, |row| row.household_no);
            assert!(found.is_subset(&listed), "a search widens nothing");
            assert_eq!(found.contains(&number), listed.contains(&number), "`{text}` finds what is in sight");
        }
    }
    assert_eq!(view.counts(today()).expect("reads").households, listed.len() as u64);
    listed
}

fn imports_seen(view: &View) -> usize {
    let page = view.imports(None, 100).expect("reads");
    for id in ["bill-aaaaaaaaaaaa", "bill-bbbbbbbbbbbb"] {
        let listed = page.rows.iter().any(|row| row.import_id == id);
        assert_eq!(view.import(id).expect("reads").is_some(), listed);
        assert_eq!(view.faults(id, None, 10).expect("reads").is_some(), listed);
        assert_eq!(
            view.fault_counts(id).expect("reads").map(|counts: Vec<(FaultKind, u64)>| counts.len()).is_some(),
            listed
        );
        assert_eq!(view.unmatched(id, None, 10).expect("reads").is_some(), listed);
        assert_eq!(view.unmatched_counts(id).expect("reads").is_some(), listed);
    }
    page.rows.len()
}

/// Actor, households of the leads seen, households seen, imports seen, rules seen, quality findings seen.
type Line = (Actor, &'static [i64], &'static [i64], usize, bool, usize);

fn the_matrix_of_actors_and_reads() {
    let county = county();
    let mut other_department = actor("officer", "990101");
    other_department.department = Some("education".into());
    let matrix: [Line; 13] = [
        (actor("cadre", VILLAGES[0]), &[1], &[1], 0, false, 0),
        (actor("cadre", VILLAGES[1]), &[2], &[2], 0, false, 0),
        (actor("cadre", VILLAGES[3]), &[4], &[4], 0, false, 0),
        (actor("clerk", "990101100"), &[1, 2], &[1, 2], 0, false, 0),
        (actor("clerk", "990101200"), &[3], &[3], 0, false, 0),
        (actor("county", "990101"), &[1, 2, 3], &[1, 2, 3], 1, true, 1),
        (actor("county", "990102"), &[4], &[4], 1, true, 0),
        (actor("officer", "990101"), &[], &[], 1, false, 0),
        (actor("officer", "990102"), &[], &[], 1, false, 0),
        (other_department, &[], &[], 0, false, 0),
        (actor("analyst", "99"), &[], &[], 0, true, 1),
        (actor("unknown", "99"), &[], &[], 0, false, 0),
        (store::system_actor(place("99")), &[1, 2, 3, 4], &[1, 2, 3, 4], 2, true, 1),
    ];
    for (who, leads, households, imports, rules, quality) in matrix {
        let view = county.store.view(&who);
        assert_eq!(leads_seen(&view), leads.iter().copied().collect(), "leads of {}", who.account);
        assert_eq!(households_seen(&view), households.iter().copied().collect(), "households of {}", who.account);
        assert_eq!(imports_seen(&view), imports, "imports of {}", who.account);
        assert_eq!(!view.rules().expect("reads").is_empty(), rules, "rules of {}", who.account);
        assert_eq!(view.quality(None, None, 10).expect("reads").rows.len(), quality, "quality of {}", who.account);
        assert_eq!(view.may(Permission::SeeLeads), !leads.is_empty(), "permission of {}", who.account);
    }
}

fn places_above_and_beside_stay_closed() {
    let county = county();
    let clerk = actor("clerk", "990101100");
    let view = county.store.view(&clerk);
    let names = |inside: &str| {
        view.regions(place(inside)).expect("reads").into_iter().map(|place| place.name).collect::<Vec<_>>()
    };
    assert_eq!(names("990101100"), ["大石村", "小石村"]);
    for outside in ["99", "990101", "990101200", "990102"] {
        assert!(names(outside).is_empty(), "{outside}");
    }
    let path = view.region_path(place("990101100201")).expect("reads");
    let path: Vec<&str> = path.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(path, ["某省", "某州", "甲县", "甲一镇", "大石村"]);
}

fn names_are_masked_unless_the_role_sees_them_and_numbers_always() {
    let county = county();
    for (who, head) in [(actor("cadre", VILLAGES[0]), "吉木*古"), (actor("clerk", "990101100"), "吉木阿古")] {
        let view = county.store.view(&who);
        let file = view.household(HouseholdNo(1)).expect("reads").expect("is there");
        assert_eq!(file.head_name, head);
        assert_eq!(view.leads(&LeadFilter::default(), None, 10).expect("reads").rows[0].head_name, head);
        assert_eq!(view.households("1", None, None, 10).expect("reads").rows[0].head_name, head);
        let shown = format!("{file:?}");
        for secret in [identity(10).as_str(), "13812345678", "慢性肾病"] {
            assert!(!shown.contains(secret), "{secret} is shown to {}", who.account);
        }
        let phone = file.fields.iter().find(|field| field.name == "phone").expect("is there");
        assert_eq!((phone.value.clone(), phone.masked), (Value::Text("138****5678".into()), true));
        assert_eq!(shown.contains("吉木阿古"), head == "吉木阿古", "history and fields mask names too");
        assert_eq!(file.members.len(), 2);
    }
}

fn searches_find_by_village_and_by_head() {
    let county = county();
    let view = county.store.view(&actor("county", "990101"));
    let filter = |text: &str| LeadFilter { text: Some(text.into()), ..LeadFilter::default() };
    let found = |text: &str| numbers(&view.leads(&filter(text), None, 10).expect("reads").rows, |row| row.household_no);
    assert_eq!(found("大石"), BTreeSet::from([1]));
    assert_eq!(found("吉木"), BTreeSet::from([1, 2, 3]));
    assert_eq!(found("3"), BTreeSet::from([3]));
    assert_eq!(found("石"), BTreeSet::new(), "only beginnings");
    assert_eq!(found("4"), BTreeSet::new(), "another county");
    let villages = numbers(&view.households("河边", None, None, 10).expect("reads").rows, |row| row.household_no);
    assert_eq!(villages, BTreeSet::from([3]));
}

fn pages_by_key_are_complete_and_stable() {
    let county = County::empty();
    let count = 137;
    let households = (1..=count).map(|number| crate::county::household(number, VILLAGES[0], "某人")).collect();
    county.save("household", households).expect("is saved");
    let leads = (1..=count).map(|number| {
        let mut found = lead(number, VILLAGES[0], "2024-06-03", 1);
        found.urgency = number % 5;
        found
    });
    county.publish("2024-06-03", leads.collect()).expect("is published");
    let view = county.store.view(&actor("clerk", "990101100"));
    for size in [1, 7, 50, 137, 500] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = view.leads(&LeadFilter::default(), after.as_deref(), size).expect("reads");
            assert_eq!(page.total, Total::Exactly(count as u64));
            seen.extend(page.rows.into_iter().map(|row| (row.urgency, row.lead_id)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert!(seen.is_sorted_by(|one, other| one.0 >= other.0), "pages of {size} are in order: {seen:?}");
        let each: BTreeSet<&String> = seen.iter().map(|(_, number)| number).collect();
        assert_eq!(
            (seen.len(), each.len()),
            (count as usize, count as usize),
            "pages of {size} miss and double nothing"
        );
    }
    let first = view.leads(&LeadFilter::default(), None, 10).expect("reads");
    county.step(&actor("clerk", "990101100"), "2024-06-04", &first.rows[3].lead_id, "close", "01").expect("is closed");
    let open = LeadFilter { open: Some(true), ..LeadFilter::default() };
    let second = view.leads(&open, first.next.as_deref(), 10).expect("reads");
    let both: BTreeSet<&str> = first.rows.iter().chain(&second.rows).map(|row| row.lead_id.as_str()).collect();
    assert_eq!(both.len(), 20, "a change on the first page shifts nothing on the second");
}
