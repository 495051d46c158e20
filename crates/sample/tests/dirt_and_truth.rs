//! Every planted piece of dirt is listed where it stands, and the truth is apart and holds together.

mod support;

use model::IdentityNumber;
use sample::{Dirt, Use};
use std::collections::{BTreeMap, BTreeSet};
use support::{Keeper, column, county, made, options, package};

/// Dirt by file and row: heading, kind, fault.
fn planted(keeper: &Keeper) -> BTreeMap<(String, usize), Vec<[String; 3]>> {
    let mut listed: BTreeMap<(String, usize), Vec<[String; 3]>> = BTreeMap::new();
    for row in &keeper.table("planted_dirt").rows {
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        let place = (cells[0].clone(), cells[1].parse().expect("a row number"));
        listed.entry(place).or_default().push([cells[2].clone(), cells[3].clone(), cells[4].clone()]);
    }
    listed
}

#[test]
fn a_clean_sample_has_no_dirt() {
    let package = package();
    let (keeper, summary) = made(&package, &options(county(&package), 400, 2, true));
    assert_eq!((summary.planted, keeper.table("planted_dirt").rows.len()), (0, 0));
    assert!(keeper.tables.iter().all(|table| table.head.title.is_none() && table.has_ended));
}

#[test]
fn every_kind_of_dirt_is_planted_at_a_place_that_exists() {
    let package = package();
    let (keeper, summary) = made(&package, &options(county(&package), 12_000, 2, false));
    let listed = planted(&keeper);
    assert_eq!(summary.planted as usize, listed.values().map(Vec::len).sum::<usize>());
    let mut kinds = BTreeSet::new();
    for ((stem, row), pieces) in &listed {
        let table = keeper.tables.iter().find(|table| table.head.stem == *stem).expect("a table of that stem");
        let above = 1 + usize::from(table.head.title.is_some());
        assert!(*row == 1 || (above + 1..=above + table.rows.len()).contains(row), "{stem} {row}");
        for [heading, dirt, _] in pieces {
            assert!(heading.is_empty() || table.head.headings.contains(heading), "{stem} {heading}");
            kinds.insert(dirt.clone());
        }
        let swaps = pieces.iter().filter(|piece| piece[1] == "swapped_name_and_identity").count();
        assert!(pieces.len() == 1 || swaps == 2, "{stem} {row} has more than one piece");
    }
    // Months stand in the few records of monitored households only: a sample may pass them by.
    let is_rare = |name: &str| name.ends_with("_month");
    let missing = Dirt::all().map(Dirt::name).filter(|name| !kinds.contains(*name) && !is_rare(name));
    let missing: Vec<&str> = missing.collect();
    assert!(missing.is_empty(), "never planted: {missing:?}");
}

#[test]
fn identity_numbers_are_wrong_only_where_it_is_listed() {
    let package = package();
    let (keeper, _) = made(&package, &options(county(&package), 3_000, 6, false));
    let listed = planted(&keeper);
    let table = keeper.table("resident");
    let above = 2 + usize::from(table.head.title.is_some());
    for (index, number) in column(&package, &keeper, "resident", "identity_no").iter().enumerate() {
        let is_wrong = IdentityNumber::parse(number.trim_start_matches('\'')).is_err();
        let is_listed = listed.contains_key(&(table.head.stem.clone(), index + above));
        assert!(!is_wrong || is_listed, "row {}", index + above);
    }
}

#[test]
fn dirt_in_the_register_of_households_loses_no_household() {
    let package = package();
    let (keeper, _) = made(&package, &options(county(&package), 2_000, 6, false));
    let numbers: BTreeSet<String> = column(&package, &keeper, "household", "household_no").into_iter().collect();
    let members = column(&package, &keeper, "resident", "household_no");
    let lost = members.iter().filter(|number| number.len() == 16 && number.is_ascii() && !numbers.contains(*number));
    assert_eq!(lost.count(), 0);
}

#[test]
fn the_truth_is_apart_and_within_its_rate() {
    let package = package();
    let (keeper, summary) = made(&package, &options(package.head.region, 12_000, 8, false));
    let truth = keeper.table("truth");
    assert_eq!(truth.head.usage, Use::Truth);
    assert_eq!(truth.rows.len() as u64, summary.truths);
    let share = summary.truths as f64 / summary.households as f64;
    assert!((0.012..0.04).contains(&share), "{share}");
    assert!(summary.hidden > 0 && summary.hidden * 2 < summary.truths, "{} hidden", summary.hidden);
    let households: BTreeSet<String> = column(&package, &keeper, "household", "household_no").into_iter().collect();
    let risks: BTreeSet<&String> = package.codes["risk_type"].code.iter().map(|code| &code.code).collect();
    let mut causes = BTreeSet::new();
    for row in &truth.rows {
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        assert!(households.contains(&cells[0]) || cells[0].len() == 16, "{}", cells[0]);
        assert!(risks.contains(&cells[1]), "{}", cells[1]);
        assert!(cells[2].as_str() <= "2024-06-30" && (cells[3].is_empty() || cells[2] <= cells[4]), "{cells:?}");
        for source in cells[3].split(';').chain(cells[5].split(';')).filter(|name| !name.is_empty()) {
            assert!(package.sources.contains_key(source), "{source}");
        }
        causes.insert(cells[1].clone());
    }
    assert!(causes.len() >= 8, "{causes:?}");
}

#[test]
fn every_source_of_the_package_is_handed_in() {
    let package = package();
    let (keeper, summary) = made(&package, &options(county(&package), 3_000, 8, false));
    for name in package.sources.keys() {
        assert!(summary.rows.get(name).is_some_and(|rows| *rows > 0), "{name}");
        assert_eq!(keeper.table(name).head.usage, Use::Extract);
    }
    assert_eq!(keeper.table("resident").head.usage, Use::Register);
}

#[test]
fn headings_are_the_declared_ones_and_none_stands_twice() {
    let package = package();
    for seed in 0..6 {
        let (keeper, _) = made(&package, &options(county(&package), 40, seed, false));
        for (name, source) in &package.sources {
            let headings = &keeper.table(name).head.headings;
            assert_eq!(headings.iter().collect::<BTreeSet<_>>().len(), headings.len(), "{name}");
            for (heading, column) in headings.iter().zip(&source.column) {
                assert!(*heading == column.label || column.headings.contains(heading), "{name}: {heading}");
            }
        }
    }
}
