//! What a sample promises: the same bytes for the same seed, the census' proportions, valid people, sound families.

mod support;

use model::{AreaCodes, IdentityNumber, RegionCode};
use policy::Package;
use sample::{Plan, PlanError};
use std::collections::{BTreeMap, BTreeSet};
use support::{column, county, made, options, package};

fn codes_of(package: &Package, list: &str) -> BTreeMap<String, String> {
    package.codes[list]
        .code
        .iter()
        .flat_map(|code| [(code.label.clone(), code.code.clone()), (code.code.clone(), code.code.clone())])
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let package = package();
    let region = county(&package);
    let digest = |seed: u64| made(&package, &options(region, 300, seed, false)).0.digest();
    let first = digest(1);
    assert_eq!(first, digest(1));
    assert_ne!(first, digest(2));
}

#[test]
fn a_household_is_the_same_whatever_is_made_around_it() {
    let package = package();
    let region = county(&package);
    let (whole, _) = made(&package, &options(region, 400, 5, true));
    let villages = column(&package, &whole, "household", "region_code");
    let village: RegionCode = villages.last().expect("a household").parse().expect("a code");
    let count = villages.iter().filter(|code| **code == village.to_string()).count() as u64;
    let (part, _) = made(&package, &options(village, count, 5, true));
    let of_village = |keeper: &support::Keeper| -> Vec<String> {
        let numbers = column(&package, keeper, "resident", "household_no");
        let names = column(&package, keeper, "resident", "name");
        numbers
            .into_iter()
            .zip(names)
            .filter(|(number, _)| number.starts_with(&village.to_string()))
            .map(|(_, name)| name)
            .collect()
    };
    assert_eq!(of_village(&whole), of_village(&part));
}

#[test]
fn all_households_are_made_in_real_rural_villages() {
    let package = package();
    let (keeper, summary) = made(&package, &options(package.head.region, 3_000, 3, true));
    assert_eq!(summary.households, 3_000);
    for code in column(&package, &keeper, "household", "region_code") {
        let place = package.divisions.get(code.parse().expect("a code")).expect("a real place");
        assert_eq!(place.kind, "village-committee", "{code}");
    }
}

#[test]
fn people_of_a_clean_sample_are_valid_and_unique() {
    let package = package();
    let (keeper, _) = made(&package, &options(package.head.region, 6_000, 11, true));
    let areas =
        std::fs::read_to_string(package.root.join(&package.head.codes).join("id-area-codes.csv")).expect("areas");
    let areas = AreaCodes::from_csv(&areas).expect("a sound list");
    let born = column(&package, &keeper, "resident", "born_on");
    let sexes = column(&package, &keeper, "resident", "sex_code");
    let sex_codes = codes_of(&package, "sex");
    let mut seen = BTreeSet::new();
    let mut valid_when_born = 0;
    let numbers = column(&package, &keeper, "resident", "identity_no");
    for ((number, born), sex) in numbers.iter().zip(born).zip(sexes) {
        let identity = IdentityNumber::parse(number).expect("a valid number");
        assert!(seen.insert(identity.digits17()), "a number is given twice");
        assert_eq!(identity.born_on().to_string(), born);
        assert_eq!(sex_codes[&sex] == "1", identity.sex() == model::Sex::Male);
        valid_when_born += usize::from(areas.existed_in(identity.area(), identity.born_on().year().max(1984)));
    }
    assert!(valid_when_born * 1000 >= numbers.len() * 995, "{valid_when_born} of {}", numbers.len());
}

#[test]
fn two_counties_never_share_a_number() {
    let package = package();
    let (keeper, _) = made(&package, &options(package.head.region, 20_000, 12, true));
    let numbers = column(&package, &keeper, "resident", "identity_no");
    let distinct: BTreeSet<&String> = numbers.iter().collect();
    assert_eq!(distinct.len(), numbers.len());
}

#[test]
fn the_population_is_near_the_census() {
    let package = package();
    let (keeper, summary) = made(&package, &options(package.head.region, 12_000, 4, true));
    let text = std::fs::read_to_string(package.root.join("data/census-2020-counties.csv")).expect("the census");
    let mut lines = text.lines();
    let headings: Vec<&str> = lines.next().expect("headings").split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let figure = |row: &[&str], name: &str| -> f64 {
        row[headings.iter().position(|heading| *heading == name).expect("a column")].parse().unwrap_or(0.0)
    };
    let rural: f64 = rows.iter().map(|row| figure(row, "rural_population")).sum();
    let mean = |names: &[&str]| {
        let share =
            |row: &Vec<&str>| figure(row, "rural_population") * names.iter().map(|name| figure(row, name)).sum::<f64>();
        rows.iter().map(share).sum::<f64>() / rural
    };
    let born = column(&package, &keeper, "resident", "born_on");
    let share = |from: i32, to: i32| {
        let years = born.iter().map(|day| 2024 - day[..4].parse::<i32>().expect("a year"));
        years.filter(|age| (from..to).contains(age)).count() as f64 / born.len() as f64
    };
    let young = mean(&["age_0", "age_1_4", "age_5_9", "age_10_14"]);
    let old = mean(&["age_65_69", "age_70_74", "age_75_79", "age_80_84", "age_85plus"]);
    assert!((share(0, 15) - young).abs() < 0.03, "{} {young}", share(0, 15));
    assert!((share(65, 120) - old).abs() < 0.04, "{} {old}", share(65, 120));
    let size =
        rural / rows.iter().map(|row| figure(row, "rural_population") / figure(row, "household_size")).sum::<f64>();
    let made = summary.residents as f64 / summary.households as f64;
    assert!((made / size - 1.0).abs() < 0.06, "{made} {size}");
}

#[test]
fn counties_get_households_in_proportion_to_their_rural_people() {
    let package = package();
    let (keeper, _) = made(&package, &options(package.head.region, 10_000, 4, true));
    let text = std::fs::read_to_string(package.root.join("data/census-2020-counties.csv")).expect("the census");
    let mut expected: BTreeMap<String, f64> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[2] == "county" {
            expected.insert(
                cells[0][..6].to_owned(),
                cells[3].parse::<f64>().unwrap_or(0.0) / cells[9].parse::<f64>().expect("a size"),
            );
        }
    }
    let total: f64 = expected.values().sum();
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    for code in column(&package, &keeper, "household", "region_code") {
        *found.entry(code[..6].to_owned()).or_default() += 1.0;
    }
    let off: f64 =
        expected.iter().map(|(code, weight)| (found.get(code).unwrap_or(&0.0) - weight / total * 10_000.0).abs()).sum();
    assert!(off / 10_000.0 < 0.05, "{off} households are elsewhere");
}

#[test]
fn families_are_sound() {
    let package = package();
    let (keeper, _) = made(&package, &options(package.head.region, 4_000, 9, true));
    let relations = codes_of(&package, "relation");
    let numbers = column(&package, &keeper, "resident", "household_no");
    let relation = column(&package, &keeper, "resident", "relation_code");
    let born = column(&package, &keeper, "resident", "born_on");
    let left = column(&package, &keeper, "resident", "member_to");
    let joined = column(&package, &keeper, "resident", "member_from");
    let mut households: BTreeMap<&String, Vec<(String, i32)>> = BTreeMap::new();
    for index in 0..numbers.len() {
        assert!(left[index].is_empty() || joined[index] <= left[index], "{} {}", joined[index], left[index]);
        let year = born[index][..4].parse().expect("a year");
        households.entry(&numbers[index]).or_default().push((relations[&relation[index]].clone(), year));
    }
    for (number, members) in households {
        let of = |codes: &[&str]| -> Vec<i32> {
            members.iter().filter(|(code, _)| codes.contains(&code.as_str())).map(|(_, year)| *year).collect()
        };
        assert_eq!(of(&["01"]).len(), 1, "{number} has one head");
        assert!(of(&["02"]).len() <= 1, "{number} has one spouse at most");
        let head = of(&["01"])[0];
        for (codes, low, high) in
            [(vec!["02"], -9, 9), (vec!["03", "04"], 15, 60), (vec!["11", "12"], -60, -14), (vec!["07", "08"], 30, 95)]
        {
            for year in of(&codes) {
                assert!((low..=high).contains(&(year - head)), "{number}: {codes:?} born {year}, head born {head}");
            }
        }
    }
}

#[test]
fn a_place_without_villages_is_refused_with_a_reason() {
    let package = package();
    let nowhere: RegionCode = "990000".parse().expect("a code");
    let refused = Plan::new(&package, &options(nowhere, 10, 1, true)).err();
    assert!(matches!(refused, Some(PlanError::NoVillages(place)) if place == nowhere));
    let village = package.divisions.inside(county(&package)).find(|place| place.kind == "village-committee");
    let village = village.expect("a village").code;
    let refused = Plan::new(&package, &options(village, 10_000, 1, true)).err();
    assert!(matches!(refused, Some(PlanError::TooMany { households: 10_000, villages: 1 })));
}
