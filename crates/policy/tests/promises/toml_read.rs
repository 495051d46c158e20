//! Declarations are read as any reader of TOML reads them, whatever stands in their files.

use crate::hostile::Dice;
use policy::FileText;
use policy::declare::{
    CalendarFile, Cases, Change, CodeList, Fact, Indicator, PackageHead, Parameter, Register, Role, Rule, Source,
};
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

/// True where the text is a declaration; fails where two readers do not read the same.
fn reads_alike<T: DeserializeOwned + Debug>(path: &Path, text: &str) -> bool {
    let file = FileText { path: path.to_owned(), text: text.to_owned() };
    let (own, other) = (file.declared::<T>(), toml::from_str::<T>(text));
    match (own, other) {
        (Ok(own), Ok(other)) => {
            assert_eq!(format!("{own:?}"), format!("{other:?}"), "{}:\n{text}", path.display());
            true
        }
        (Err(problem), Err(_)) => {
            assert!(!problem.what.chinese().is_empty() && !problem.what.english().is_empty(), "{problem}");
            false
        }
        (own, other) => panic!("{}: {:?} but {:?}\n{text}", path.display(), own.err(), other.err()),
    }
}

/// The reader of what the files of a folder declare.
fn reader(path: &Path) -> fn(&Path, &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    match (folder, name) {
        _ if name.ends_with(".cases.toml") => reads_alike::<Cases>,
        (_, "package.toml") => reads_alike::<PackageHead>,
        (_, "calendar.toml") => reads_alike::<CalendarFile>,
        ("codes", _) => reads_alike::<CodeList>,
        ("registers", _) => reads_alike::<Register>,
        ("sources", _) => reads_alike::<Source>,
        ("facts", _) => reads_alike::<Fact>,
        ("rules", _) => reads_alike::<Rule>,
        ("parameters", _) => reads_alike::<Parameter>,
        ("roles", _) => reads_alike::<Role>,
        ("indicators", _) => reads_alike::<Indicator>,
        ("changes", _) => reads_alike::<Change>,
        _ => reads_alike::<toml::Table>,
    }
}

/// All files of the package, sorted.
fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let mut folders = vec![root.join("sichuan-2021"), root.join("codes")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("lists").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_file_of_the_package_is_read_as_any_reader_reads_it() {
    let files = files();
    assert!(files.len() > 150, "{}", files.len());
    for path in files {
        let text = fs::read_to_string(&path).expect("reads");
        assert!(reader(&path)(&path, &text), "{} is a declaration", path.display());
    }
}

/// Values that stand where another kind of value is wanted, or where none is.
const ODD: [&str; 14] = [
    "1",
    "-1",
    "300",
    "99999999999999999999",
    "1.5",
    "inf",
    "true",
    "\"a\"",
    "[]",
    "[1]",
    "{}",
    "{ a = 1 }",
    "2021-02-03",
    "",
];

/// The text with one thing of it spoiled: a letter, a line, or a value.
fn spoiled(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = dice.below(lines.len());
    match dice.below(6) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => lines.truncate(at),
        3 => {
            let letters: Vec<char> = lines[at].chars().collect();
            let without = if letters.is_empty() { 0 } else { dice.below(letters.len()) };
            lines[at] = letters.iter().enumerate().filter(|(place, _)| *place != without).map(|(_, one)| one).collect();
        }
        _ => {
            if let Some((key, _)) = lines[at].clone().split_once('=') {
                lines[at] = format!("{key}= {}", ODD[dice.below(ODD.len())]);
            }
        }
    }
    lines.join("\n")
}

#[test]
fn a_spoiled_file_is_taken_or_refused_as_any_reader_does() {
    let mut dice = Dice(7);
    let mut refused = 0;
    for path in files() {
        let text = fs::read_to_string(&path).expect("reads");
        for _ in 0..12 {
            refused += usize::from(!reader(&path)(&path, &spoiled(&text, &mut dice)));
        }
    }
    assert!(refused > 500, "{refused}");
}
