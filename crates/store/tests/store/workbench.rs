//! The workbench and what stands around leads, against a count of the leads themselves: days, places, risks, rules, notices.

use crate::chaos::{Dice, seed};
use crate::county::{County, actor, day, lead, lead_of_rule, place, publication};
use crate::place::on_both;
use model::{Actor, Day, HouseholdNo, Lead, QualityFinding, RuleRun};
use std::collections::BTreeMap;
use store::{Command, Counts, Input, LeadFilter, LeadRow, RuleFigures, View};

on_both![
    the_figures_of_the_workbench_are_those_of_its_leads,
    due_soon_has_two_ends,
    a_lead_is_new_on_the_day_of_the_last_screening,
    filters_of_leads_leave_what_the_rows_say,
    rules_are_counted_by_the_leads_that_they_raised,
    findings_of_quality_are_read_page_by_page,
    the_last_screening_tells_no_more_than_lies_in_sight,
    places_are_named_one_level_below,
];

const VILLAGES: [&str; 4] = ["990101100201", "990101100202", "990101200201", "990102100201"];

/// Eight households, two in each village.
fn county() -> County {
    let county = County::empty();
    let households = (1..=8).map(|number| crate::county::household(number, village_of(number), "吉木阿古")).collect();
    county.save("household", households).expect("is saved");
    let residents = (1..=8).map(|number| crate::county::resident(number, number * 10)).collect();
    county.save("resident", residents).expect("is saved");
    county
}

fn village_of(number: i64) -> &'static str {
    VILLAGES[(number as usize - 1) % 4]
}

/// Leads of random households, in random bands, of random rules and risks, some of them worked on.
fn random_leads(county: &County, dice: &mut Dice) {
    for on in ["2024-06-03", "2024-06-05", "2024-06-07"] {
        let mut leads: Vec<Lead> = Vec::new();
        for number in 1..=8 {
            if dice.below(3) == 0 {
                continue;
            }
            let rule = if dice.below(2) == 0 { "illness" } else { "school" };
            let mut found = lead_of_rule(number, village_of(number), on, rule, 1 + dice.below(3) as u32);
            found.risk = format!("0{}", 1 + dice.below(3));
            leads.push(found);
        }
        county.publish(on, leads).expect("is published");
        for row in all(county) {
            let who = actor("clerk", &row.region.to_string()[..9]);
            let step = ["start", "close", "watch", "none"][dice.below(4) as usize];
            let reason = match step {
                "close" => ["01", "03"][dice.below(2) as usize],
                _ => "",
            };
            // What the state does not allow is refused, and nothing is changed.
            drop(county.step(&who, on, &row.lead_id, step, reason));
        }
    }
}

fn all(county: &County) -> Vec<LeadRow> {
    rows(&county.store.view(&store::system_actor(place("99"))), &LeadFilter::default())
}

fn rows(view: &View<'_>, filter: &LeadFilter) -> Vec<LeadRow> {
    let page = view.leads(filter, None, 500).expect("reads");
    assert_eq!(page.total, store::Total::Exactly(page.rows.len() as u64));
    page.rows
}

/// It waits for somebody: it is neither at its end nor only watched.
fn is_open(row: &LeadRow) -> bool {
    !is_ended(row) && row.state != "watched"
}

fn is_ended(row: &LeadRow) -> bool {
    ["closed", "lapsed"].contains(&row.state.as_str())
}

fn tally<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u64> {
    let mut tally = BTreeMap::new();
    keys.for_each(|key| *tally.entry(key).or_default() += 1);
    tally
}

fn readers() -> [Actor; 6] {
    [
        actor("cadre", VILLAGES[0]),
        actor("clerk", "990101100"),
        actor("county", "990101"),
        actor("county", "990102"),
        actor("county", "99"),
        store::system_actor(place("99")),
    ]
}

/// The figures as the rows in sight give them.
fn check(counts: &Counts, rows: &[LeadRow], who: &Actor, today: Day) {
    let told = format!("{} on {today}", who.account);
    let number = |holds: &dyn Fn(&LeadRow) -> bool| rows.iter().filter(|row| is_open(row) && holds(row)).count() as u64;
    let soon = today.plus_days(3);
    assert_eq!(counts.open, number(&|_| true), "{told}");
    assert_eq!(counts.overdue, number(&|row| row.due_on.is_some_and(|due| due < today)), "{told}");
    assert_eq!(counts.due_soon, number(&|row| row.due_on.is_some_and(|due| (today..=soon).contains(&due))), "{told}");
    assert_eq!(counts.stale, number(&|row| row.stale), "{told}");
    assert_eq!(counts.closed, rows.iter().filter(|row| is_ended(row)).count() as u64, "{told}");
    let by_state: BTreeMap<String, u64> = counts.by_state.iter().cloned().collect();
    assert_eq!(by_state, tally(rows.iter().map(|row| row.state.clone())), "{told}");
    let by_risk: BTreeMap<String, u64> = counts.by_risk.iter().cloned().collect();
    assert_eq!(by_risk, tally(rows.iter().filter(|row| is_open(row)).map(|row| row.risk.clone())), "{told}");
    assert!(counts.by_risk.windows(2).all(|pair| pair[0].1 >= pair[1].1), "{told}: most first");
    let sum = |of: &dyn Fn(&store::PlaceCount) -> u64| counts.by_place.iter().map(of).sum::<u64>();
    assert_eq!(sum(&|one| one.open), counts.open, "{told}");
    assert_eq!(sum(&|one| one.overdue), counts.overdue, "{told}");
    assert_eq!(sum(&|one| one.households), counts.households, "{told}");
    for one in &counts.by_place {
        assert_eq!(one.open, number(&|row| one.region.holds(row.region)), "{told} at {}", one.name);
        let is_known = one.region != place("990102100");
        assert_eq!((!one.name.is_empty(), who.region.holds(one.region)), (is_known, true), "{told}");
    }
}

fn the_figures_of_the_workbench_are_those_of_its_leads() {
    let county = county();
    random_leads(&county, &mut Dice(seed()));
    for who in readers() {
        let view = county.store.view(&who);
        let rows = rows(&view, &LeadFilter::default());
        for number in 0..20 {
            let today = day("2024-06-03").plus_days(number);
            check(&view.counts(today).expect("reads"), &rows, &who, today);
        }
        let counts = view.counts(day("2024-06-07")).expect("reads");
        let inside = (1..=8).filter(|number| who.region.holds(place(village_of(*number)))).count() as u64;
        assert_eq!((counts.households, counts.residents), (inside, inside), "{}", who.account);
        assert!(counts.confirmed <= counts.verified && counts.verified <= counts.closed, "{counts:?}");
    }
}

fn due_soon_has_two_ends() {
    let county = county();
    county.publish("2024-02-22", vec![lead(1, VILLAGES[0], "2024-02-22", 1)]).expect("is published");
    let view = county.store.view(&actor("cadre", VILLAGES[0]));
    assert_eq!(rows(&view, &LeadFilter::default())[0].due_on, Some(day("2024-02-29")), "seven days");
    // Today; overdue, due soon.
    let cases =
        [("2024-02-25", 0, 0), ("2024-02-26", 0, 1), ("2024-02-29", 0, 1), ("2024-03-01", 1, 0), ("2025-02-28", 1, 0)];
    for (today, overdue, soon) in cases {
        let counts = view.counts(day(today)).expect("reads");
        assert_eq!((counts.overdue, counts.due_soon), (overdue, soon), "{today}");
        for (filter, number) in [(LeadFilter::overdue(day(today)), overdue), (LeadFilter::due_soon(day(today)), soon)] {
            assert_eq!(rows(&view, &filter).len() as u64, number, "the list agrees on {today}: {filter:?}");
        }
    }
}

fn a_lead_is_new_on_the_day_of_the_last_screening() {
    let county = county();
    let view = county.store.view(&actor("county", "990101"));
    let new = || view.counts(day("2024-06-20")).expect("reads").new;
    assert_eq!(new(), 0, "nothing was ever screened");
    county.publish("2024-06-03", vec![lead(1, VILLAGES[0], "2024-06-03", 1)]).expect("is published");
    assert_eq!(new(), 1);
    let both = vec![lead(1, VILLAGES[0], "2024-06-04", 1), lead(2, VILLAGES[1], "2024-06-04", 1)];
    county.publish("2024-06-04", both).expect("is published");
    assert_eq!(new(), 1, "the other one is of the day before");
    county.publish("2024-06-05", Vec::new()).expect("is published");
    assert_eq!(new(), 0);
}

fn filters_of_leads_leave_what_the_rows_say() {
    let county = county();
    random_leads(&county, &mut Dice(seed()));
    for who in readers() {
        let view = county.store.view(&who);
        let whole = rows(&view, &LeadFilter::default());
        let ids = |rows: &[LeadRow]| rows.iter().map(|row| row.lead_id.clone()).collect::<Vec<_>>();
        let left = |filter: LeadFilter, holds: &dyn Fn(&LeadRow) -> bool| {
            let expected: Vec<String> = whole.iter().filter(|row| holds(row)).map(|row| row.lead_id.clone()).collect();
            assert_eq!(ids(&rows(&view, &filter)), expected, "{} {filter:?}", who.account);
        };
        left(LeadFilter { open: Some(true), ..LeadFilter::default() }, &is_open);
        left(LeadFilter { open: Some(false), ..LeadFilter::default() }, &is_ended);
        for state in ["open", "in_progress", "watched", "closed", "lapsed", "nothing"] {
            left(LeadFilter { state: Some(state.into()), ..LeadFilter::default() }, &|row| row.state == state);
        }
        for risk in ["01", "02", "03", "04"] {
            left(LeadFilter { risk: Some(risk.into()), ..LeadFilter::default() }, &|row| row.risk == risk);
        }
        for inside in ["990101", "990101100", VILLAGES[2], VILLAGES[3]] {
            let region = Some(place(inside));
            left(LeadFilter { region, ..LeadFilter::default() }, &|row| place(inside).holds(row.region));
        }
        assert!(whole.windows(2).all(|pair| pair[0].urgency >= pair[1].urgency), "the most urgent first");
        let of = |rule: &str| rows(&view, &LeadFilter { rule: Some(rule.into()), ..LeadFilter::default() });
        assert_eq!(of("illness").len() + of("school").len(), whole.len(), "each has one reason");
        assert!(of("nothing").is_empty());
        let wrong = view.leads(&LeadFilter::default(), Some("no cursor of ours"), 500).expect("begins anew");
        assert_eq!(ids(&wrong.rows), ids(&whole));
    }
}

fn rules_are_counted_by_the_leads_that_they_raised() {
    let county = county();
    let leads = |on: &str| {
        vec![
            lead(1, VILLAGES[0], on, 1),
            lead_of_rule(2, VILLAGES[1], on, "school", 1),
            lead(3, VILLAGES[2], on, 1),
            lead(4, VILLAGES[3], on, 1),
        ]
    };
    county.publish("2024-06-03", leads("2024-06-03")).expect("is published");
    let clerk = |region: &str| actor("clerk", region);
    county.step(&clerk("990101100"), "2024-06-04", "1-20240603", "close", "01").expect("is confirmed");
    county.step(&clerk("990101100"), "2024-06-04", "2-20240603", "close", "03").expect("is not");
    county.step(&clerk("990101200"), "2024-06-04", "3-20240603", "close", "03").expect("is not");
    let figures = |region: &str| -> BTreeMap<String, RuleFigures> {
        let rules = county.store.view(&actor("county", region)).rules().expect("reads");
        assert!(rules.windows(2).all(|pair| pair[0].rule < pair[1].rule), "by name");
        rules.into_iter().map(|one| (one.rule.clone(), one)).collect()
    };
    let told = |one: &RuleFigures| (one.raised, one.open, one.closed, one.confirmed, one.hit_per_mille());
    let first = figures("990101");
    assert_eq!(told(&first["illness"]), (2, 0, 2, 1, Some(500)));
    assert_eq!(told(&first["school"]), (1, 0, 1, 0, Some(0)));
    let second = figures("990102");
    assert_eq!(told(&second["illness"]), (1, 1, 0, 0, None), "nobody knows before one is closed");
    assert!(!second.contains_key("school"), "of another county nothing is told");
    assert_eq!(told(&figures("99")["illness"]), (3, 1, 2, 1, Some(500)));
    // The run was of the province: how many it found there is told to those who see all of it.
    let found = |region: &str| figures(region)["illness"].found;
    assert_eq!((found("99"), found("990101"), found("990102")), (Some(9), None, None));
    let mut unrun = publication("99", "2024-06-05", Vec::new());
    unrun.rules = vec![RuleRun { rule: "illness".into(), found: 0, not_run: words::Wording::same("没有数据") }];
    county.system(Command::PublishScreening(Box::new(unrun))).expect("is published");
    assert_eq!(figures("990101")["illness"].not_run.chinese(), "没有数据", "why a rule did not run is told to all");
}

fn findings_of_quality_are_read_page_by_page() {
    let county = county();
    let finding = |number: i64| QualityFinding {
        rule: if number % 3 == 0 { "no_phone" } else { "no_age" }.into(),
        household_no: HouseholdNo(number),
        resident_key: None,
        region: place(village_of(number)),
        because: format!("第{number}户"),
        because_en: format!("Household {number}"),
    };
    let mut screening = publication("99", "2024-06-03", Vec::new());
    screening.quality = (1..=8).map(finding).collect();
    county.system(Command::PublishScreening(Box::new(screening))).expect("is published");
    let listed = |who: &Actor, rule: Option<&str>, size: u32| {
        let view = county.store.view(who);
        let (mut found, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = view.quality(rule, after.as_deref(), size).expect("reads");
            found.extend(page.rows.iter().map(|row| row.household_no.0));
            assert!(found.len() <= 8, "the pages come to an end");
            match page.next {
                Some(next) => after = Some(next),
                None => {
                    assert_eq!(page.total, store::Total::Exactly(found.len() as u64));
                    return found;
                }
            }
        }
    };
    for size in [1, 2, 3, 8, 500] {
        assert_eq!(listed(&actor("county", "99"), None, size), (1..=8).collect::<Vec<i64>>(), "{size}");
    }
    assert_eq!(listed(&actor("county", "99"), Some("no_phone"), 1), [3, 6]);
    assert_eq!(listed(&actor("county", "990102"), None, 1), [4, 8]);
    assert_eq!(listed(&actor("county", "990102"), Some("no_phone"), 9), [0; 0]);
    assert_eq!(listed(&actor("clerk", "990101100"), None, 9), [0; 0], "who sees no rules sees no findings");
    // A later screening of one county takes the place of that county's findings only.
    let mut later = publication("990102", "2024-06-04", Vec::new());
    later.quality = vec![finding(8)];
    county.system(Command::PublishScreening(Box::new(later))).expect("is published");
    assert_eq!(listed(&actor("county", "99"), None, 3), [1, 2, 3, 5, 6, 7, 8]);
}

fn the_last_screening_tells_no_more_than_lies_in_sight() {
    let county = county();
    let input = |region: &str, file: &str| Input {
        dataset: "bill".into(),
        region: place(region),
        file: file.into(),
        delivered_on: Some(day("2024-06-01")),
        rows: 7,
    };
    let mut whole = publication("99", "2024-06-03", vec![lead(1, VILLAGES[0], "2024-06-03", 1)]);
    whole.inputs = vec![input("990101", "aaaaaaaaaaaa"), input("990102", "bbbbbbbbbbbb"), input("99", "cccccccccccc")];
    county.system(Command::PublishScreening(Box::new(whole))).expect("is published");
    let told = |region: &str| {
        let screening = county.store.view(&actor("county", region)).last_screening().expect("reads").expect("one");
        let files: Vec<String> = screening.inputs.iter().map(|input| input.file[..1].to_owned()).collect();
        (screening.day.to_string(), screening.figures.map(|figures| figures.leads), files.concat())
    };
    assert_eq!(told("99"), ("2024-06-03".into(), Some(1), "abc".into()));
    assert_eq!(told("990101"), ("2024-06-03".into(), None, "ac".into()), "one county of two");
    assert_eq!(told("990102"), ("2024-06-03".into(), None, "bc".into()));
    county.publish_at("990102", "2024-06-05", Vec::new()).expect("is published");
    assert_eq!(told("990102"), ("2024-06-05".into(), Some(0), String::new()));
    assert_eq!(told("990101").0, "2024-06-03", "of another county nothing is told");
    assert_eq!(told("99").0, "2024-06-05", "the latest inside");
    let empty = County::empty();
    assert_eq!(empty.store.view(&actor("county", "99")).last_screening().expect("reads"), None);
}

fn places_are_named_one_level_below() {
    let county = county();
    let names = |own: &str, inside: &str| -> Vec<String> {
        let regions = county.store.view(&actor("county", own)).regions(place(inside)).expect("reads");
        regions.into_iter().map(|region| region.name).collect()
    };
    assert_eq!(names("99", "99"), ["某州"]);
    assert_eq!(names("99", "9901"), ["甲县", "乙县"]);
    assert_eq!(names("99", "990101"), ["甲一镇", "甲二镇"]);
    assert_eq!(names("990101", "990101200"), ["河边村"]);
    assert_eq!(names("990101", VILLAGES[0]), [""; 0], "below a village there is nothing");
    assert_eq!(names("990101", "990102"), [""; 0], "another county");
    assert_eq!(names("990101", "99"), [""; 0], "what lies around");
    let path = |to: &str| -> Vec<String> {
        let path = county.store.view(&actor("cadre", VILLAGES[0])).region_path(place(to)).expect("reads");
        path.into_iter().map(|region| region.name).collect()
    };
    assert_eq!(path("99"), ["某省"]);
    assert_eq!(path("990102"), ["某省", "某州", "乙县"], "names of places are no secret");
    assert_eq!(path(VILLAGES[2]), ["某省", "某州", "甲县", "甲二镇", "河边村"]);
    assert_eq!(path("990109"), ["某省", "某州"], "what is not known has no name");
}
