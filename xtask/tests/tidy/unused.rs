//! Every dependency that a manifest names is used by the crate that names it.

use crate::files::{self, must_be_empty};
use std::collections::BTreeSet;
use toml::Table;

/// Dependencies that no source names, with the reason why they stand there.
const NOT_CALLED_BY_NAME: [(&str, &str); 5] = [
    ("arrayvec", FEATURES),
    ("digest", FEATURES),
    ("regex-syntax", FEATURES),
    ("simdutf8", FEATURES),
    ("subtle", FEATURES),
];
const FEATURES: &str = "tests ask for more of its features; named, it is built once for program and tests";

const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// The words that sources name crates by: what stands before `::`, and what `use` and `extern crate` name.
fn words(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    for (end, _) in text.match_indices("::") {
        let before = &text[..end];
        let start = before.rfind(|letter| !is_part(letter)).map_or(0, |at| at + 1);
        found.insert(&before[start..]);
    }
    for mark in ["use ", "extern crate "] {
        for (at, _) in text.match_indices(mark) {
            let rest = &text[at + mark.len()..];
            found.insert(&rest[..rest.find(|letter| !is_part(letter)).unwrap_or(rest.len())]);
        }
    }
    found
}

/// The code of a file: what is no comment.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<&str>>().join("\n")
}

/// The dependencies of a manifest that the code of its crate does not name.
fn unused(manifest: &Table, code: &str) -> Vec<String> {
    let words = words(code);
    let named = SECTIONS.iter().filter_map(|section| manifest.get(*section)?.as_table()).flat_map(Table::keys);
    let is_unused = |name: &&String| {
        !words.contains(name.replace('-', "_").as_str()) && !NOT_CALLED_BY_NAME.iter().any(|(known, _)| known == name)
    };
    named.filter(is_unused).cloned().collect()
}

#[test]
fn every_dependency_is_used_by_its_crate_and_every_one_of_the_workspace_by_some() {
    let all = files::all();
    let folders: Vec<&str> = all.iter().filter_map(|path| path.strip_suffix("/Cargo.toml")).collect();
    let (mut named, mut found) = (BTreeSet::new(), Vec::new());
    for folder in &folders {
        let is_own = |path: &&String| {
            let inside = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
            // A crate inside another's folder is its own.
            let of_another = folders.iter().any(|other| other.len() > folder.len() && path.starts_with(other));
            inside.is_some_and(|rest| rest.ends_with(".rs")) && !of_another
        };
        let code: String =
            all.iter().filter(is_own).map(|path| code(&files::text(path).unwrap_or_default()) + "\n").collect();
        let manifest = files::toml(&files::root().join(folder).join("Cargo.toml"));
        found.extend(unused(&manifest, &code).into_iter().map(|name| format!("{folder}: {name}")));
        let of_crate = SECTIONS.iter().filter_map(|section| manifest.get(*section)?.as_table());
        named.extend(of_crate.flat_map(Table::keys).cloned());
    }
    let workspace = files::toml(&files::root().join("Cargo.toml"));
    let offered = workspace["workspace"]["dependencies"].as_table().expect("the dependencies of the workspace");
    found.extend(offered.keys().filter(|name| !named.contains(*name)).map(|name| format!("workspace: {name}")));
    must_be_empty("dependencies that nothing uses", &found);
}

#[test]
fn a_dependency_that_is_not_named_is_found() {
    let manifest: Table =
        "[dependencies]\nquick-xml = '1'\n[dev-dependencies]\ntempfile = '1'\n".parse().expect("TOML");
    for (text, expected) in [
        ("use quick_xml::Reader;\nfn a() { tempfile::tempdir() }", &[][..]),
        ("use tempfile;\nuse quick_xml as xml;", &[]),
        ("use tempfile::{TempDir};", &["quick-xml"]),
        ("// quick_xml::Reader\nfn tempfile() {}", &["quick-xml", "tempfile"]),
        ("fn a() { my_quick_xml::b(); nottempfile::c() }", &["quick-xml", "tempfile"]),
    ] {
        assert_eq!(unused(&manifest, &code(text)), expected, "{text}");
    }
}
