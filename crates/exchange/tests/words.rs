//! What the program says of files has words, and no word of it is left behind.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use words::Language;

/// What stands before a key in the sources, without spaces.
const BEFORE_KEYS: [&str; 5] = ["wording!(\"", "advice!(\"", "Trouble::Broken(\"", ".say(\"", ".fill(\""];
/// Keys that are put together from the code of a kind; their crates' tests go over all kinds.
const OF_KINDS: [&str; 2] = ["noted_", "unmatched_"];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The sources of a crate without spaces, so that a call over several lines is found.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).expect("is read");
            found.push(text.chars().filter(|letter| !letter.is_whitespace()).collect());
        }
    }
}

fn all_sources() -> Vec<String> {
    let mut found = Vec::new();
    for name in ["exchange", "matching", "model"] {
        sources(&crates().join(name).join("src"), &mut found);
    }
    found
}

/// The keys that a source asks for; those of problems stand behind their kind.
fn asked(source: &str) -> BTreeSet<&str> {
    let after = |mark: &'static str| source.split(mark).skip(1);
    let plain = BEFORE_KEYS.into_iter().flat_map(after).filter_map(|rest| rest.split('"').next());
    let of_problems = after("Problem::new(FaultKind::").filter_map(|rest| {
        let (_, key) = rest.split_once(",\"").filter(|(kind, _)| kind.chars().all(char::is_alphanumeric))?;
        key.split('"').next()
    });
    plain.chain(of_problems).collect()
}

#[test]
fn every_key_that_is_asked_for_has_words() {
    let (words, sources) = (Language::CHINESE.words(), all_sources());
    let keys: BTreeSet<&str> = sources.iter().flat_map(|source| asked(source)).collect();
    assert!(keys.len() > 150, "{}", keys.len());
    for key in keys {
        assert!(words.contains_key(key) || words.contains_key(&format!("{key}.what")), "`{key}` has no words");
    }
}

#[test]
fn no_words_of_files_are_left_behind() {
    let sources = all_sources();
    for file in ["faults.toml", "files_read.toml"] {
        let text = std::fs::read_to_string(crates().join("words/zh-CN").join(file)).expect("is read");
        let keys: Vec<&str> = text.lines().filter_map(key_of).collect();
        assert!(keys.len() > 50, "{file}");
        for key in keys.into_iter().filter(|key| !OF_KINDS.iter().any(|kind| key.starts_with(kind))) {
            assert!(sources.iter().any(|source| source.contains(&format!("\"{key}\""))), "{file}: `{key}` is not used");
        }
    }
}

/// The key whose words begin on a line: `[key]` or `key = "…"`.
fn key_of(line: &str) -> Option<&str> {
    let table = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let flat = line.split_once(" = ").map(|(key, _)| key).filter(|key| !["what", "hint"].contains(key));
    table.or(flat)
}
