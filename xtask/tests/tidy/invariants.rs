//! The page of the architecture names for each invariant the tests that guard it, and those tests exist.

use crate::files;
use crate::rust::sources;
use std::collections::BTreeSet;

const PAGE: &str = "docs/architecture.md";
/// Words of a row whose guard does not exist yet.
const NOT_YET: &str = "to come";

/// The rows of the table whose heading ends in `guarded by`: number and last cell.
fn rows(page: &str) -> Vec<(String, String)> {
    let is_heading = |line: &&str| line.starts_with('|') && line.contains("guarded by");
    let behind = page.lines().skip_while(|line| !is_heading(line)).skip(2);
    let cells =
        |line: &str| -> Vec<String> { line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect() };
    behind
        .take_while(|line| line.starts_with('|'))
        .map(cells)
        .map(|cells| (cells.first().cloned().unwrap_or_default(), cells.last().cloned().unwrap_or_default()))
        .collect()
}

/// The names in backquotes that are names of tests: the last part of a path, in snake case, without an ending of a file.
fn tests_named(cell: &str) -> Vec<String> {
    let is_name =
        |name: &&str| name.contains('_') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let quoted = cell.split('`').skip(1).step_by(2);
    quoted.filter_map(|text| text.rsplit("::").next()).filter(is_name).map(str::to_owned).collect()
}

/// What is wrong with the table.
fn wrongs(page: &str, functions: &BTreeSet<String>) -> Vec<String> {
    let rows = rows(page);
    let mut wrongs = Vec::new();
    for (at, (number, guards)) in rows.iter().enumerate() {
        if *number != (at + 1).to_string() {
            wrongs.push(format!("row {} has the number `{number}`", at + 1));
        }
        let named = tests_named(guards);
        if named.is_empty() && !guards.contains(NOT_YET) {
            wrongs.push(format!("invariant {number} names no test, nor says that it is {NOT_YET}"));
        }
        let missing = named.iter().filter(|name| !functions.contains(*name));
        wrongs.extend(missing.map(|name| format!("invariant {number} names `{name}`, which is not there")));
    }
    if rows.is_empty() {
        wrongs.push("there is no row".to_owned());
    }
    wrongs
}

#[test]
fn every_invariant_names_tests_that_exist() {
    let functions = sources().into_iter().flat_map(|source| source.functions).map(|function| function.name).collect();
    let page = files::text(PAGE).expect("the page of the architecture is there");
    files::must_be_empty("invariants", &wrongs(&page, &functions));
}

#[test]
fn the_check_sees_missing_tests_and_missing_rows() {
    let functions: BTreeSet<String> = ["a_test_holds".to_owned()].into();
    for (row, count) in [
        ("| 1 | A | `a_test_holds` |", 0),
        ("| 1 | A | `xtask::tidy::a_test_holds` in `a_file.rs` |", 0),
        ("| 1 | A | `another_test_holds` |", 1),
        ("| 1 | A | nothing |", 1),
        ("| 1 | A | to come with the cluster |", 0),
        ("| 2 | A | `a_test_holds` |", 1),
        ("", 1),
    ] {
        let page = format!("| # | invariant | guarded by |\n|---|---|---|\n{row}\n\n| 7 | other | table |\n");
        assert_eq!(wrongs(&page, &functions).len(), count, "{row}");
    }
}
