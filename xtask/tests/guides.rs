//! The guides say what is: every block of theirs stands in the file above it, every path is there, and a page costs what is said.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const GUIDES: [&str; 3] = ["add-a-page", "add-a-route", "add-a-language"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn guide(name: &str) -> String {
    read(&format!("docs/guides/{name}.md"))
}

/// Paths of files of the repository between backticks; one with `<tag>` is the reader's.
fn paths(line: &str) -> impl Iterator<Item = &str> {
    let is_path = |text: &&str| {
        ["crates/", "browser/", "docs/"].iter().any(|folder| text.starts_with(folder)) && !text.contains('<')
    };
    line.split('`').skip(1).step_by(2).filter(is_path)
}

/// The blocks of a guide, without the indentation of their fences, each with the path named last before it.
fn blocks(text: &str) -> Vec<(String, Vec<String>)> {
    let (mut found, mut path, mut block) = (Vec::new(), String::new(), None::<(usize, Vec<String>)>);
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```").then(|| line.len() - line.trim_start().len());
        block = match (block, fence) {
            (None, Some(indentation)) => Some((indentation, Vec::new())),
            (Some((_, lines)), Some(_)) => {
                found.push((path.clone(), lines));
                None
            }
            (Some((indentation, mut lines)), None) => {
                lines.push(line.get(indentation..).unwrap_or_default().trim().to_owned());
                Some((indentation, lines))
            }
            (None, None) => {
                path = paths(line).next().map_or(path, str::to_owned);
                None
            }
        };
    }
    found
}

#[test]
fn every_block_of_a_guide_stands_in_its_file_word_by_word() {
    for name in GUIDES {
        let blocks = blocks(&guide(name));
        assert!(blocks.len() >= 2, "{name} has blocks");
        for (path, block) in blocks {
            let text = read(&path);
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            assert!(lines.windows(block.len()).any(|lines| lines == block), "{name}: not in {path}: {block:#?}");
        }
    }
}

#[test]
fn every_path_of_a_guide_is_there() {
    for name in GUIDES {
        let text = guide(name);
        for path in text.lines().flat_map(paths) {
            assert!(root().join(path).exists(), "{name}: {path}");
        }
    }
}

/// What only files say without which the page `/help` would not be there, or not be known to the tests.
const KNOW_THE_PAGE: [&str; 6] =
    ["pub mod help;", "help::show", "path = \"help.html\"", "help_1_t", "get(\"GET /help\"", "line(\"/help\""];

#[test]
fn a_page_costs_the_five_files_of_its_guide_and_a_line_of_test() {
    let text = guide("add-a-page");
    let step = |line: &str| line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
    let steps: Vec<&str> = text.lines().filter(|line| step(line)).flat_map(|line| paths(line).take(1)).collect();
    assert_eq!(steps.len(), 5, "{steps:?}");
    let of_test_and_menu = ["crates/web/tests/outside/calls.rs", "crates/web/src/parts/shell.rs"];
    let named: BTreeSet<&str> = steps.into_iter().chain(of_test_and_menu).collect();
    let mut known = [files(&root().join("crates/web")), files(&root().join("crates/words"))].concat();
    known.retain(|path| {
        let text = std::fs::read_to_string(root().join(path)).unwrap_or_default();
        path.ends_with("templates/help.html") || KNOW_THE_PAGE.iter().any(|mark| text.contains(mark))
    });
    assert_eq!(known.iter().map(String::as_str).collect::<BTreeSet<_>>(), named);
}

/// Files below a folder, as paths of the repository.
fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(shown(path)),
        }
    }
    found
}

fn shown(path: PathBuf) -> String {
    path.strip_prefix(root()).expect("lies in the repository").to_string_lossy().replace('\\', "/")
}
