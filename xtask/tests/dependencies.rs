//! What is built in: licences that fit, nothing that is banned, and one build of the dependencies for program and tests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use toml::{Table, Value};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

/// The lines of `cargo tree`, each once. Nothing is fetched: what the tests run with has been fetched.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let always = ["tree", "--offline", "--locked", "--prefix", "none"];
    let output = Command::new("cargo").args(always).args(arguments).current_dir(root()).output();
    let output = output.expect("cargo runs these tests");
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    // A package whose own tree was shown before carries a mark; headings of sections have no bar.
    let lines = text.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| line.contains('|'));
    lines.map(str::to_owned).collect()
}

/// Licences (`licenses.allow`) and names of crates (`bans.deny`) of deny.toml.
fn rules() -> (Vec<String>, Vec<String>) {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml is there");
    let rules: Table = text.parse().expect("deny.toml is well written");
    let list = |section: &str, key: &str| rules[section][key].as_array().cloned().unwrap_or_default();
    let name = |value: &Value| value.get("crate").unwrap_or(value).as_str().unwrap_or_default().to_owned();
    (list("licenses", "allow").iter().map(name).collect(), list("bans", "deny").iter().map(name).collect())
}

/// True when an SPDX expression can be met by the allowed licences. `/` is the old way to write `OR`.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "_WITH_");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any_of(&words, &mut at, allowed);
    met && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut met = all_of(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all_of(words, at, allowed);
    }
    met
}

fn all_of(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let word = words.get(*at).copied().unwrap_or_default();
    *at += 1;
    if word != "(" {
        return allowed.iter().any(|licence| *licence == word.replace("_WITH_", " WITH "));
    }
    let met = any_of(words, at, allowed);
    *at += 1;
    met
}

#[test]
fn every_licence_is_allowed_and_nothing_banned_is_built_in() {
    let (allowed, banned) = rules();
    let lines = tree(&["--workspace", "--edges", "normal,build,dev", "--format", "{l}|{p}"]);
    assert!(lines.len() > 50, "hardly any dependency is seen");
    let mut wrongs = Vec::new();
    for line in &lines {
        let (licence, package) = line.split_once('|').expect("the format has a bar");
        if !is_met(licence, &allowed) {
            wrongs.push(format!("{package}: licence `{licence}`"));
        }
        if banned.iter().any(|name| package.split(' ').next() == Some(name)) {
            wrongs.push(format!("{package} is banned"));
        }
    }
    assert!(wrongs.is_empty(), "\n{}", wrongs.join("\n"));
}

/// Features of each package by name and version.
fn features(lines: &BTreeSet<String>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut features: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in lines {
        let (package, list) = line.split_once('|').expect("the format has a bar");
        features.entry(package.trim_end_matches(" (*)")).or_default().insert(list);
    }
    features
}

/// A crate that tests build with more features than the program does is built twice, and all that stands on it: minutes, where
/// it stands below the engine of data. The cure is to name the missing features in the workspace.
#[test]
fn tests_build_the_dependencies_of_the_program_with_the_same_features() {
    let of_program = tree(&["--package", "shouwang", "--edges", "normal,no-proc-macro", "--format", "{p}|{f}"]);
    let of_tests =
        tree(&["--workspace", "--exclude", "browser", "--edges", "normal,dev,no-proc-macro", "--format", "{p}|{f}"]);
    let of_tests = features(&of_tests);
    let differing: Vec<String> = features(&of_program)
        .into_iter()
        .filter(|(package, list)| of_tests.get(package).is_some_and(|of_tests| of_tests != list))
        .map(|(package, list)| format!("{package}: program {list:?}, tests {:?}", of_tests[package]))
        .collect();
    assert!(differing.is_empty(), "\n{}", differing.join("\n"));
}

#[test]
fn licences_are_read_with_their_and_and_or() {
    let allowed: Vec<String> = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).into();
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("MIT AND Zlib", true),
        ("(GPL-3.0 OR MIT) AND Zlib", true),
        ("GPL-3.0 OR MIT AND BSD-3-Clause", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
        ("", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}
