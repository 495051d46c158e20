//! What the documents name is there: paths, commands of this house work, technologies of the rooms, and the walks through the code.

use crate::files;
use std::collections::BTreeSet;

const ARCHITECTURE: &str = "docs/architecture.md";
/// The heading of the walks, each of which has a heading of its own below it.
const WALKS: &str = "## Four walks";
const WALK_LINES_MAX: usize = 15;

/// Folders at the root. What stands in backticks and begins with one of them is a path of the repository.
const TOP: [&str; 5] = ["crates/", "docs/", "policy/", "xtask/", "browser/"];
/// What guides have the reader make: names of files that are not there before.
const MADE_BY_READERS: [&str; 2] = ["heating_", "home_aid"];

/// The documents that say what is; decisions say what was, and why.
fn documents() -> Vec<String> {
    let is_present = |path: &String| {
        path == "README.md" || (path.starts_with("docs/") && path.ends_with(".md") && !path.contains("/decisions/"))
    };
    let found: Vec<String> = files::all().into_iter().filter(is_present).collect();
    assert!(found.len() > 10, "only {} documents are seen", found.len());
    found
}

/// Every folder and file, each also without `src`, as documents write them.
fn known() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for path in files::all() {
        let without_src = path.replace("/src/", "/");
        for path in [path, without_src] {
            let ends = path.match_indices('/').map(|(at, _)| at);
            known.extend(ends.map(|at| path[..at].to_owned()));
            known.insert(path);
        }
    }
    known
}

/// Texts between backticks, outside of fenced blocks, each with its line counted from 1.
fn quoted(text: &str) -> Vec<(usize, &str)> {
    let (mut found, mut in_block) = (Vec::new(), false);
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            found.extend(line.split('`').skip(1).step_by(2).map(|quoted| (at + 1, quoted)));
        }
    }
    found
}

/// True for what is written as a path: from the root, or a file of Rust or a folder by its end.
fn is_path(text: &str) -> bool {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
    let from_root = TOP.iter().any(|folder| text.starts_with(folder));
    let is_own = !MADE_BY_READERS.iter().any(|name| text.contains(name));
    let by_its_end = text.ends_with(".rs") || (text.ends_with('/') && !text.starts_with('/'));
    is_plain && is_own && (from_root || by_its_end)
}

/// True when a file or folder is called so, or its path ends so.
fn is_there(path: &str, known: &BTreeSet<String>) -> bool {
    let path = path.trim_end_matches('/');
    let end = format!("/{path}");
    known.contains(path) || known.iter().any(|known| known.ends_with(&end))
}

/// A decision by its number, `docs/decisions/0006`.
fn is_decision(path: &str, known: &BTreeSet<String>) -> bool {
    path.starts_with("docs/decisions/") && known.iter().any(|known| known.starts_with(&format!("{path}-")))
}

#[test]
fn every_path_that_a_document_names_is_there() {
    let known = known();
    let (mut count, mut missing) = (0, Vec::new());
    for document in documents() {
        let text = files::text(&document).unwrap_or_default();
        for (line, path) in quoted(&text).into_iter().filter(|(_, text)| is_path(text)) {
            count += 1;
            if !is_there(path, &known) && !is_decision(path, &known) {
                missing.push(format!("{document}:{line} {path}"));
            }
        }
    }
    assert!(count > 60, "only {count} paths are seen");
    files::must_be_empty("paths of documents that are not there", &missing);
}

#[test]
fn paths_are_told_from_other_words() {
    for (text, expected) in [
        ("crates/words/", true),
        ("crates/store", true),
        ("store/write", false),
        ("http/route.rs", true),
        ("stored/", true),
        ("policy/sichuan-2021", true),
        ("registers/heating_subsidy.toml", false),
        ("crates/web/src/pages/<wing>/", false),
        ("/tokens", false),
        ("rusqlite", false),
    ] {
        assert_eq!(is_path(text), expected, "{text}");
    }
    let known: BTreeSet<String> =
        ["crates", "crates/a", "crates/a/b.rs", "docs/decisions/0001-one.md"].map(str::to_owned).into();
    for (path, expected) in [("a/b.rs", true), ("b.rs", true), ("/b.rs", false), ("c.rs", false), ("crates/a/", true)] {
        assert_eq!(is_there(path, &known), expected, "{path}");
    }
    assert!(is_decision("docs/decisions/0001", &known) && !is_decision("docs/decisions/0002", &known));
    assert_eq!(quoted("a `b` c\n```\n`d`\n```\n`e`"), [(1, "b"), (5, "e")]);
}

/// The words behind `cargo xtask` wherever a document writes it, up to the first that is no plain word.
fn house_work(text: &str) -> Vec<(usize, Vec<&str>)> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for (start, command) in line.match_indices("cargo xtask ") {
            let rest = &line[start + command.len()..];
            let rest = rest.split(['`', '#', '"']).next().unwrap_or_default();
            let is_word = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase());
            found.push((at + 1, rest.split_whitespace().take_while(is_word).collect()));
        }
    }
    found
}

#[test]
fn every_house_work_that_a_document_names_can_be_done() {
    let usage = files::text("xtask/src/main.rs").unwrap_or_default();
    let usage = usage.split("const USAGE").nth(1).and_then(|text| text.split(';').next()).unwrap_or_default();
    let words: BTreeSet<&str> = usage.split(|letter: char| !letter.is_ascii_lowercase()).collect();
    assert!(words.contains("bench") && words.contains("kills"), "{words:?}");
    let (mut count, mut unknown) = (0, Vec::new());
    for document in documents() {
        let text = files::text(&document).unwrap_or_default();
        for (line, command) in house_work(&text) {
            count += 1;
            if command.is_empty() || command.iter().any(|word| !words.contains(word)) {
                unknown.push(format!("{document}:{line} cargo xtask {}", command.join(" ")));
            }
        }
    }
    assert!(count > 5, "only {count} commands are seen");
    files::must_be_empty("house work that cannot be done", &unknown);
    let text = "run `cargo xtask bench imports --against x`\ncargo xtask simulate # why";
    assert_eq!(house_work(text), [(1, vec!["bench", "imports"]), (2, vec!["simulate"])]);
}

/// Rooms with the technologies in backquotes that the table of rooms puts there.
fn homes(page: &str) -> Vec<(String, Vec<String>)> {
    let rows = page.lines().skip_while(|line| !line.starts_with("| crate |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<String>>();
        (quoted(cells[0]).concat(), cells.last().map_or_else(Vec::new, |cell| quoted(cell)))
    })
    .collect()
}

#[test]
fn every_room_has_the_technologies_that_the_architecture_gives_it() {
    let homes = homes(&files::text(ARCHITECTURE).unwrap_or_default());
    let rooms = files::entries(&files::root().join("crates"));
    assert_eq!(homes.len(), rooms.len(), "one row for each crate");
    for (room, technologies) in homes {
        let manifest = files::toml(&files::root().join(format!("crates/{room}/Cargo.toml")));
        let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table).expect("dependencies");
        for technology in technologies {
            assert!(dependencies.contains_key(&technology), "{room} does not depend on {technology}");
        }
    }
}

/// The walks of the architecture: heading, and what stands in backquotes in each line.
fn walks(page: &str) -> Vec<(&str, Vec<Vec<&str>>)> {
    let part = page.split(WALKS).nth(1).unwrap_or_default();
    let part = part.split("\n## ").next().unwrap_or_default();
    let is_step = |line: &&str| line.starts_with(|letter: char| letter.is_ascii_digit());
    let named = |line| quoted(line).into_iter().map(|(_, text)| text).collect();
    let end = |text: &str| text.find('\n').unwrap_or(text.len());
    let split = part.split("\n### ").skip(1).map(|text| text.split_at(end(text)));
    split.map(|(heading, steps)| (heading, steps.lines().filter(is_step).map(named).collect())).collect()
}

/// What is wrong with a line of a walk: its first name is a file, its second stands in that file as a word.
fn wrong_step(named: &[&str]) -> Option<String> {
    let [path, name, ..] = named else { return Some("names no file and nothing in it".to_owned()) };
    let Some(text) = files::text(path) else { return Some(format!("{path} is not there")) };
    let mut words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    (!words.any(|word| word == *name)).then(|| format!("{path} has no `{name}`"))
}

#[test]
fn each_walk_goes_through_files_that_exist_in_at_most_fifteen_lines() {
    let page = files::text(ARCHITECTURE).unwrap_or_default();
    let walks = walks(&page);
    assert_eq!(walks.len(), 4, "four walks");
    let mut wrongs = Vec::new();
    for (heading, steps) in walks {
        if !(4..=WALK_LINES_MAX).contains(&steps.len()) {
            wrongs.push(format!("{heading}: {} lines", steps.len()));
        }
        for (at, named) in steps.iter().enumerate() {
            wrongs.extend(wrong_step(named).map(|wrong| format!("{heading}, line {}: {wrong}", at + 1)));
        }
    }
    files::must_be_empty("walks of the architecture", &wrongs);
}

#[test]
fn a_walk_that_leads_nowhere_is_seen() {
    let page = "## Four walks\n\nWords.\n\n### One\n\n1. `a.rs` `b`: c.\n2. `d.rs`\n\n## Next\n\n### No walk\n1. `e`\n";
    assert_eq!(walks(page), [("One", vec![vec!["a.rs", "b"], vec!["d.rs"]])]);
    for (named, is_wrong) in [
        (&["xtask/src/main.rs", "USAGE"][..], false),
        (&["xtask/src/main.rs", "USAG"], true),
        (&["xtask/src/mane.rs", "USAGE"], true),
        (&["xtask/src/main.rs"], true),
    ] {
        assert_eq!(wrong_step(named).is_some(), is_wrong, "{named:?}");
    }
}
