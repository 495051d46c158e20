//! Imports: wrong files change nothing, the same file twice changes nothing, a corrected file mends, a kill loses nothing.

use crate::harness::{Story, files, program, text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// What stands in the lake (contents by dataset and county) and how many records there are.
fn state(story: &Story) -> (BTreeMap<String, Vec<u8>>, Vec<Value>) {
    let mut contents = BTreeMap::new();
    for (dataset, county, path) in in_force(&story.dir().join("lake")) {
        contents.insert(format!("{dataset}/{county}"), std::fs::read(path).expect("a lake file"));
    }
    (contents, story.leads())
}

fn in_force(lake: &Path) -> Vec<(String, String, PathBuf)> {
    let mut found = Vec::new();
    for dataset in folders(lake) {
        for county in folders(&dataset) {
            let mut files: Vec<PathBuf> = std::fs::read_dir(&county)
                .expect("a county")
                .filter_map(|entry| entry.ok().map(|entry| entry.path()))
                .filter(|path| path.extension().is_some_and(|ending| ending == "parquet"))
                .collect();
            files.sort_by_key(|path| path.metadata().and_then(|data| data.modified()).ok());
            if let Some(last) = files.pop() {
                found.push((name(&dataset), name(&county), last));
            }
        }
    }
    found
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    let mut folders: Vec<PathBuf> =
        entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name(path: &Path) -> String {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned()
}

#[test]
fn the_same_files_twice_end_in_the_same_state() {
    let story = Story::begin();
    let sample = story.sample("sample", 120, 11, &["--format", "xlsx"]);
    story.init();
    story.import_all(&sample);
    story.screen();
    let once = state(&story);
    for (dataset, file) in files(&sample) {
        let Some(again) = story.import_unless_empty(&dataset, &file) else { continue };
        for count in ["rows_added", "rows_changed", "rows_removed"] {
            assert_eq!(again[0]["summary"][count], 0, "{dataset}: {again}");
        }
    }
    story.screen();
    assert!(state(&story) == once, "the second import changed something");
}

#[test]
fn every_format_lands_the_same_rows() {
    let mut seen = Vec::new();
    for format in ["csv", "xlsx", "parquet"] {
        let story = Story::begin();
        let sample = story.sample("sample", 60, 3, &["--format", format, "--clean"]);
        story.init();
        let mut taken = BTreeMap::new();
        for (dataset, file) in files(&sample) {
            let Some(report) = story.import_unless_empty(&dataset, &file) else { continue };
            assert_eq!(report[0]["summary"]["faults"], 0, "{format} {dataset}: {report}");
            taken.insert(dataset, report[0]["summary"]["rows_taken"].clone());
        }
        seen.push(taken);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[1], seen[2]);
}

#[test]
fn a_corrected_file_after_a_partial_one_is_as_good_as_one_clean_import() {
    let (mended, clean) = (Story::begin(), Story::begin());
    let sample = mended.sample("sample", 80, 5, &["--clean"]);
    for story in [&mended, &clean] {
        story.init();
    }
    for (dataset, file) in files(&sample) {
        let broken = mended.path("broken.csv");
        break_file(Path::new(&file), &broken);
        let day = file.rsplit('_').next().and_then(|tail| tail.strip_suffix(".csv")).expect("a day in the name");
        let dir = text(&mended.dir());
        let _ = mended.try_run(&["import", "--dir", &dir, "--day", day, &dataset, &text(&broken)]);
        mended.import_unless_empty(&dataset, &file);
        clean.import_unless_empty(&dataset, &file);
    }
    let _ = (mended.screen(), clean.screen());
    let sentences = |story: &Story| -> Vec<String> {
        story.leads().iter().map(|lead| format!("{} {}", lead["lead_id"], lead["because"])).collect()
    };
    assert_eq!(sentences(&mended), sentences(&clean));
    let rows = |story: &Story| -> Vec<(String, u64)> {
        in_force(&story.dir().join("lake"))
            .into_iter()
            .map(|(dataset, _, path)| (dataset, path.metadata().map(|data| data.len()).unwrap_or_default()))
            .collect()
    };
    assert_eq!(rows(&mended).len(), rows(&clean).len());
}

/// Every third data row loses its last character, which spoils a cell or shortens the file's rows.
fn break_file(from: &Path, to: &Path) {
    let bytes = std::fs::read(from).expect("the sample's file");
    let mut out = Vec::with_capacity(bytes.len());
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if index > 0 && index % 3 == 0 {
            let cells: Vec<&[u8]> = line.split(|byte| *byte == b',').collect();
            out.extend_from_slice(&cells[..cells.len().saturating_sub(1).max(1)].join(&b','));
            out.push(b'\n');
        } else {
            out.extend_from_slice(line);
        }
    }
    std::fs::write(to, out).expect("a broken copy");
}

#[test]
fn wrong_files_are_refused_with_a_reason_and_change_nothing() {
    let story = Story::begin();
    let sample = story.sample("sample", 60, 9, &["--format", "xlsx"]);
    story.init();
    let files = files(&sample);
    for (dataset, file) in &files[..2] {
        story.import(dataset, file);
    }
    let file_of = |name: &str| files.iter().find(|(dataset, _)| dataset == name).expect("a large extract");
    let (dataset, good) = file_of("medical_enrolment");
    let other = &file_of("resident_pension").1;
    let whole = std::fs::read(good).expect("a workbook");
    let write = |name: &str, bytes: &[u8]| {
        let path = story.path(name);
        std::fs::write(&path, bytes).expect("a wrong file");
        text(&path)
    };
    let wrong = [
        (write("empty.csv", b""), "没有"),
        (write("blank.csv", "\n\n\n".as_bytes()), "没有"),
        (write("noise.csv", "甲,乙,丙\n1,2,3\n".as_bytes()), "列"),
        (write("half.xlsx", &whole[..whole.len() / 2]), "损坏"),
        (write("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook"), "xls"),
        (other.clone(), "不符"),
    ];
    let dir = text(&story.dir());
    let before = state(&story);
    for (file, reason) in wrong {
        let said = story.refused(&["import", "--dir", &dir, dataset, &file]);
        assert!(said.contains(reason), "{file}: {said}");
        assert!(state(&story) == before, "{file} changed something");
    }
    let unknown = story.refused(&["import", "--dir", &dir, "no_such_source", good]);
    assert!(unknown.contains("no_such_source"));
    let missing = story.refused(&["import", "--dir", &dir, dataset, "no-such-file.csv"]);
    assert!(missing.contains("no-such-file.csv"));
}

#[test]
fn no_identity_number_is_left_outside_the_encrypted_store_and_the_inbox() {
    let story = Story::begin();
    let sample = story.sample("sample", 60, 13, &["--clean"]);
    story.init();
    story.import_all(&sample);
    story.screen();
    let numbers = identity_numbers(&story.path("sample/registers"));
    assert!(numbers.len() > 100, "the sample has people");
    for place in ["lake", "data.db", "data.db-wal", "out"] {
        for file in all_files(&story.dir().join(place)) {
            let bytes = std::fs::read(&file).expect("a file of the installation");
            for number in &numbers {
                let found = bytes.windows(number.len()).any(|window| window == number.as_bytes());
                assert!(!found, "an identity number stands in {}", file.display());
            }
        }
    }
}

fn identity_numbers(folder: &Path) -> Vec<String> {
    let mut numbers = Vec::new();
    for file in all_files(folder) {
        let text = String::from_utf8_lossy(&std::fs::read(file).expect("a register")).into_owned();
        let is_number = |word: &&str| word.len() == 18 && model::IdentityNumber::parse(word).is_ok();
        numbers.extend(text.split([',', '\n', '\r', '"']).filter(is_number).map(str::to_owned).take(150));
    }
    numbers
}

pub fn all_files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    entries.filter_map(Result::ok).flat_map(|entry| all_files(&entry.path())).collect()
}

#[test]
fn an_import_killed_at_any_moment_is_made_good_by_importing_again() {
    let (killed, whole) = (Story::begin(), Story::begin());
    let sample = killed.sample("sample", 400, 17, &[]);
    for story in [&killed, &whole] {
        story.init();
    }
    for (index, (dataset, file)) in files(&sample).iter().enumerate() {
        let dir = text(&killed.dir());
        let mut child = program()
            .args(["import", "--dir", &dir, dataset, file])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(Duration::from_millis(20 + 37 * (index as u64 % 12)));
        // It may have ended already; then the second import is one that changes nothing.
        let _ = child.kill();
        let _ = child.wait();
        killed.import_unless_empty(dataset, file);
        whole.import_unless_empty(dataset, file);
    }
    let _ = (killed.screen(), whole.screen());
    let dir = text(&killed.dir());
    killed.run(&["verify", "--dir", &dir]);
    let sentences = |story: &Story| -> Vec<String> {
        story.leads().iter().map(|lead| format!("{} {}", lead["lead_id"], lead["because"])).collect()
    };
    assert_eq!(sentences(&killed), sentences(&whole));
}

/// Row and heading of everything that was planted as a fault, by file; the kind of fault beside it.
fn planted(story: &Story, out: &str) -> BTreeMap<String, Vec<(u64, String)>> {
    let text = std::fs::read_to_string(story.path(out).join("truth/planted_dirt.csv")).expect("the planted dirt");
    let mut by_file: BTreeMap<String, Vec<(u64, String)>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [file, row, _, _, fault] = cells[..] else { panic!("five cells: {line}") };
        if !fault.is_empty() {
            by_file.entry(file.to_owned()).or_default().push((row.parse().expect("a row"), fault.to_owned()));
        }
    }
    by_file
}

#[test]
fn every_planted_fault_of_a_sample_is_counted_and_none_else() {
    for format in ["csv", "xlsx"] {
        let story = Story::begin();
        let sample = story.sample("dirty", 1500, 31, &["--format", format]);
        story.init();
        let planted = planted(&story, "dirty");
        let mut seen = 0;
        for (dataset, file) in files(&sample) {
            let Some(report) = story.import_unless_empty(&dataset, &file) else { continue };
            let stem = Path::new(&file).file_stem().and_then(|stem| stem.to_str()).expect("a name");
            let expected = planted.get(stem).map_or(0, Vec::len) as u64;
            let told = ["faults", "remarks"].map(|name| report[0]["summary"][name].as_u64().expect("a count"));
            assert_eq!(told.iter().sum::<u64>(), expected, "{format} {dataset}: {report}");
            seen += expected;
        }
        assert!(seen > 120, "the sample is dirty: {seen}");
    }
}
