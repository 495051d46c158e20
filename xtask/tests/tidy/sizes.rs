//! Files and functions stay small, and every file says what it is for.

use crate::files::must_be_empty;
use crate::public::room;
use crate::rust::{Source, sources};
use std::collections::BTreeMap;

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_P95_MAX: usize = 50;
/// The least number of lines of tests for a hundred lines that ship, in each crate and overall. Blank lines are left out. The cases of a
/// package are not counted.
const TESTS_OF_A_CRATE_MIN: usize = 40;
const TESTS_MIN: usize = 52;
/// Crates that are thinner yet, with what they have reached: a number here only rises, and goes when it reaches the others'.
const THIN: [(&str, usize); 3] = [("crates/analysis", 26), ("crates/policy", 34), ("crates/sample", 18)];

/// The share of `part` in `whole` in percent, rounded down; all of nothing is 100.
pub fn percent(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(100)
}

/// The smallest number that is not exceeded by 95 of 100 of them; 0 of none.
fn p95(mut numbers: Vec<usize>) -> usize {
    numbers.sort_unstable();
    let place = (numbers.len() * 95).div_ceil(100);
    place.checked_sub(1).map_or(0, |place| numbers[place])
}

#[test]
fn nearly_all_files_have_at_most_400_lines() {
    let sources = sources();
    let long: Vec<&Source> = sources.iter().filter(|source| source.lines > FILE_LINES_MAX).collect();
    for source in &long {
        println!("{} lines: {}", source.lines, source.path);
    }
    let share = percent(sources.len() - long.len(), sources.len());
    println!("{share} % of {} files have at most {FILE_LINES_MAX} lines", sources.len());
    let names: Vec<&str> = long.iter().map(|source| source.path.as_str()).collect();
    assert!(share >= 97, "only {share} % of the files are short; the long ones: {names:?}");
}

#[test]
fn functions_fit_on_a_screen() {
    let sources = sources();
    let mut lengths = Vec::new();
    let mut long = Vec::new();
    for source in &sources {
        for function in &source.functions {
            lengths.push(function.lines);
            if function.lines > FUNCTION_LINES_P95_MAX {
                long.push(format!("{}:{} {} has {} lines", source.path, function.line, function.name, function.lines));
            }
        }
    }
    let (count, p95) = (lengths.len(), p95(lengths));
    println!("{count} functions, 95 of 100 have at most {p95} lines; the long ones:\n{}", long.join("\n"));
    assert!(p95 <= FUNCTION_LINES_P95_MAX, "95 of 100 functions have at most {p95} lines\n{}", long.join("\n"));
}

#[test]
fn every_file_says_at_its_head_what_it_is_for() {
    let is_bare = |path: &String| {
        path.ends_with(".rs") && !crate::files::text(path).unwrap_or_default().trim_start().starts_with("//!")
    };
    let bare: Vec<String> = crate::files::all().into_iter().filter(is_bare).collect();
    crate::files::must_be_empty("files without `//!` at their head", &bare);
}

#[test]
fn there_is_enough_of_tests_in_each_crate_and_overall() {
    let mut crates: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for source in sources() {
        let (test, production) = crates.entry(room(&source.path).to_owned()).or_default();
        *test += source.test_lines;
        *production += source.production_lines;
    }
    let mut thin = Vec::new();
    for (name, (test, production)) in &crates {
        let share = percent(*test, *production);
        println!("{name}: {test} lines of tests, {production} of production: {share} %");
        let least = THIN.iter().find(|(room, _)| room == name).map_or(TESTS_OF_A_CRATE_MIN, |(_, reached)| *reached);
        if share < least {
            thin.push(format!("{name}: {share} %"));
        }
    }
    let (test, production) = crates.values().fold((0, 0), |sum, (test, production)| (sum.0 + test, sum.1 + production));
    let share = percent(test, production);
    println!("together: {test} lines of tests, {production} of production: {share} %");
    must_be_empty("crates with too few lines of tests", &thin);
    assert!(share >= TESTS_MIN, "{share} lines of tests for 100 of production");
}

#[test]
fn shares_and_percentiles_are_right_at_their_edges() {
    for (part, whole, share) in [(0, 0, 100), (97, 100, 97), (969, 1000, 96), (1, 1, 100)] {
        assert_eq!(percent(part, whole), share);
    }
    let hundred: Vec<usize> = (1..=100).collect();
    for (numbers, expected) in [(vec![], 0), (vec![7], 7), (hundred, 95), ((1..=20).collect(), 19)] {
        assert_eq!(p95(numbers), expected);
    }
}
