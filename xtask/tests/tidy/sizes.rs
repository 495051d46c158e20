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
const TESTS_MIN: usize = 70;
/// Parameters that hide several values in a tuple, `(from, to): (Day, Day)`: what belongs together has a name.
const TUPLES_MAX: usize = 20;

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
        if share < TESTS_OF_A_CRATE_MIN {
            thin.push(format!("{name}: {share} %"));
        }
    }
    let (test, production) = crates.values().fold((0, 0), |sum, (test, production)| (sum.0 + test, sum.1 + production));
    let share = percent(test, production);
    println!("together: {test} lines of tests, {production} of production: {share} %");
    must_be_empty("crates with too few lines of tests", &thin);
    assert!(share >= TESTS_MIN, "{share} lines of tests for 100 of production");
}

/// True for a line with a parameter that is a pattern of names in brackets, typed by a tuple.
fn hides_a_tuple(line: &str) -> bool {
    !line.trim_start().starts_with("let (")
        && line.match_indices("): (").any(|(at, _)| {
            let names = line[..at].rsplit('(').next().unwrap_or_default();
            let is_name = |name: &str| {
                let name = name.trim().trim_start_matches('&').trim_start_matches("mut ");
                !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
            };
            names.contains(',') && names.split(',').all(is_name)
        })
}

#[test]
fn few_values_hide_in_the_tuples_of_others() {
    let mut found = Vec::new();
    for path in crate::files::all().into_iter().filter(|path| path.ends_with(".rs") && !path.starts_with("xtask/")) {
        let text = crate::files::text(&path).unwrap_or_default();
        let lines = text.lines().enumerate().filter(|(_, line)| hides_a_tuple(line));
        found.extend(lines.map(|(at, line)| format!("{path}:{}: {}", at + 1, line.trim())));
    }
    println!("{} values hide in tuples", found.len());
    assert!(found.len() <= TUPLES_MAX, "{} values hide in tuples:\n{}", found.len(), found.join("\n"));
}

#[test]
fn values_that_hide_in_tuples_are_seen() {
    for (line, hides) in [
        ("fn a((from, to): (Day, Day)) {", true),
        ("fn a(&self, (id, held): (&str, &mut u64), more: u8)", true),
        ("let (from, to): (Day, Day) = days;", false),
        ("|(_, rest): &(u8, u8)| rest", false),
        ("fn a(from: Day, to: (Day, Day)) {", false),
        ("fn a(span: Span) -> (Day, Day) {", false),
    ] {
        assert_eq!(hides_a_tuple(line), hides, "{line}");
    }
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
