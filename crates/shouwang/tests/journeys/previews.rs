//! A register's file with faults is looked at: the page lists them at once, and they are those that the import then reports, on
//! both databases, from CSV and from workbooks.

use crate::county::{On, county, csv_lines, export, number, package, preview, store_of};
use crate::harness::{REGION, Story, text};
use crate::served::{Served, between};
use crate::workbook::{Book, column_of, with_cell};
use model::{FaultKind, IdentityNumber, Kind};
use policy::declare::Register;
use serde_json::Value;
use std::path::{Path, PathBuf};
use words::Wording;

/// Rows of titles and headings above the records of an export.
const HEAD_ROWS: usize = 2;
const UNKNOWN: &str = "无此项";
const NO_HOUSEHOLD: &str = "999999999";

/// A register of people with a check that refuses a record whose first day comes after its second.
struct Broken {
    register: String,
    identity: String,
    code: String,
    household: String,
    days: [String; 2],
    /// The check's sentence.
    refused: String,
}

impl Broken {
    fn find(package: &policy::Package) -> Broken {
        let found = package.registers.iter().find_map(|(name, register)| {
            let label = |name: &str| register.field_named(name).map(|field| field.label.clone());
            let days = |holds: &str| -> Option<[String; 2]> {
                let (first, second) = holds.split_once(" <= ")?;
                let is_day = |name: &str| register.field_named(name).is_some_and(|field| field.kind == Kind::Day);
                (is_day(first) && is_day(second)).then_some([label(first)?, label(second)?])
            };
            let mut checks = register.check.iter().filter(|check| check.drops_row);
            let (days, refused) = checks.find_map(|check| Some((days(&check.holds)?, check.what.clone())))?;
            let of_kind = |kind: Kind| Broken::field(register, kind);
            Some(Broken {
                register: name.clone(),
                identity: of_kind(Kind::Identity)?,
                code: of_kind(Kind::Code)?,
                household: label("household_no")?,
                days,
                refused,
            })
        });
        found.expect("a register of people with a check of two days")
    }

    fn field(register: &Register, kind: Kind) -> Option<String> {
        let fields = register.field.iter().filter(|field| field.is_entered() && !field.many);
        fields.filter(|field| field.kind == kind).map(|field| field.label.clone()).next()
    }

    /// Heading, row (from 1 below the headings) and what is written there.
    fn cells(&self, wrong_number: &str) -> Vec<(&str, usize, String)> {
        vec![
            (&self.identity, 1, wrong_number.to_owned()),
            (&self.days[0], 2, "2024-13-45".to_owned()),
            (&self.code, 3, UNKNOWN.to_owned()),
            (&self.days[0], 4, "2024-06-30".to_owned()),
            (&self.days[1], 4, "2024-01-01".to_owned()),
            (&self.household, 5, NO_HOUSEHOLD.to_owned()),
        ]
    }

    /// The faults that must be among those listed: row of the file, heading, kind.
    fn wanted(&self) -> Vec<(u64, &str, FaultKind)> {
        vec![
            (3, &self.identity, FaultKind::IdentityCheckDigit),
            (4, &self.days[0], FaultKind::NotADay),
            (5, &self.code, FaultKind::UnknownCode),
            (6, &self.days[0], FaultKind::CheckFailed),
            (6, &self.days[1], FaultKind::CheckFailed),
        ]
    }
}

/// A number of somebody of the place that is right but for its last digit.
fn wrong_number() -> String {
    let numbers = (0..10).map(|digit| format!("{REGION}19700307412{digit}"));
    let mut wrong = numbers.filter(|number| IdentityNumber::parse(number).is_err());
    wrong.next().expect("nine of ten digits are wrong")
}

fn broken_csv(story: &Story, broken: &Broken, number: &str) -> PathBuf {
    let whole = std::fs::read_to_string(export(story, &broken.register, "whole.csv").0).expect("an export");
    let mut lines = csv_lines(&whole);
    let headings = lines[HEAD_ROWS - 1].clone();
    for (heading, row, written) in broken.cells(number) {
        let column = headings.iter().position(|text| text == heading).unwrap_or_else(|| panic!("no {heading}"));
        lines[HEAD_ROWS + row - 1][column] = written;
    }
    let line = |cells: &Vec<String>| cells.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",");
    let path = story.path("broken.csv");
    // The title stands alone and without quotes, as the export wrote it.
    let body: Vec<String> = lines[1..].iter().map(line).collect();
    let title = whole.lines().next().expect("a title");
    std::fs::write(&path, format!("{title}\r\n{}\r\n", body.join("\r\n"))).expect("writes");
    path
}

fn broken_xlsx(story: &Story, broken: &Broken, number: &str) -> PathBuf {
    let mut book = Book::open(Path::new(&export(story, &broken.register, "whole.xlsx").0));
    for (heading, row, written) in broken.cells(number) {
        let column = column_of(&book, 0, HEAD_ROWS, heading);
        book = with_cell(&book, 0, &format!("{column}{}", HEAD_ROWS + row), &written);
    }
    let path = story.path("broken.xlsx");
    book.write(&path);
    path
}

fn lists_what_is_wanted(listed: &[Value], broken: &Broken, file: &Path) {
    let name = file.file_name().expect("a name").to_string_lossy();
    let is_workbook = name.ends_with(".xlsx");
    for (row, heading, kind) in broken.wanted() {
        let kind = serde_json::to_value(kind).expect("is JSON");
        let is_it = |fault: &&Value| {
            let place = &fault["place"];
            place["row"] == row && place["heading"] == heading && fault["kind"] == kind
        };
        let fault = listed.iter().find(is_it).unwrap_or_else(|| panic!("no {kind} of {heading} in {row}: {listed:#?}"));
        assert!(fault["place"]["column"].is_u64() && fault["place"]["file"] == *name, "{fault}");
        assert_eq!(fault["place"]["sheet"].is_string(), is_workbook, "{fault}");
        assert!(fault["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{fault}");
        if row == 6 {
            assert_eq!((fault["what"].as_str(), fault["drops_row"].as_bool()), (Some(&*broken.refused), Some(true)));
        }
    }
}

/// The fault as the command line says it.
fn in_chinese(fault: &model::Fault) -> model::Fault {
    let [what, hint] = [&fault.what, &fault.hint].map(|said| Wording::pair(said.chinese(), ""));
    model::Fault { what, hint, ..fault.clone() }
}

/// What the import of the file left in the store: its faults, their number by kind, and the reasons of unmatched rows.
fn reported(store: &store::Store, import: &str) -> (Vec<Value>, Value, Value) {
    let view = store.view(&store::system_actor(REGION.parse().expect("a place")));
    let page = view.faults(import, None, 500).expect("a store").expect("an import");
    assert!(page.next.is_none(), "all on one page");
    let faults = page.rows.iter().map(|row| serde_json::to_value(in_chinese(&row.fault)).expect("is JSON"));
    let mut counts = view.fault_counts(import).expect("a store").expect("an import");
    counts.sort();
    let unmatched = view.unmatched_counts(import).expect("a store").expect("an import").into_iter();
    let unmatched: Vec<_> = unmatched.map(|(reason, what, count)| (reason, what.chinese().to_owned(), count)).collect();
    let json = |value: Result<Value, serde_json::Error>| value.expect("is JSON");
    (faults.collect(), json(serde_json::to_value(counts)), json(serde_json::to_value(unmatched)))
}

#[test]
fn a_preview_lists_the_faults_that_the_import_then_reports() {
    for on in On::both() {
        let (story, _) = county(&on, 120);
        let package = package(&story);
        let (broken, number_of_person) = (Broken::find(&package), wrong_number());
        for file in [broken_csv(&story, &broken, &number_of_person), broken_xlsx(&story, &broken, &number_of_person)] {
            let seen = preview(&story, &broken.register, &text(&file));
            let listed = seen["first_faults"].as_array().expect("a list").clone();
            lists_what_is_wanted(&listed, &broken, &file);
            let report = story.import(&broken.register, &text(&file))[0].clone();
            let import = report["import"].as_str().expect("an import has an id");
            let (faults, counts, unmatched) = reported(&store_of(&story, &on, &package), import);
            assert_eq!(listed, faults, "{}", file.display());
            assert_eq!(seen["fault_counts"], counts, "{seen}");
            assert_eq!(seen["unmatched_counts"], unmatched, "{seen}");
            let told = number(&seen["faults"]) + number(&seen["remarks"]);
            assert_eq!((number(&seen["unmatched"]), told), (1, faults.len() as u64), "{seen}");
            let told = ["faults", "remarks"].map(|name| &report["summary"][name]);
            assert_eq!(told, ["faults", "remarks"].map(|name| &seen[name]), "{report}");
        }
    }
}

#[test]
fn a_long_list_is_cut_and_still_counted() {
    let (story, _) = county(&On::Sqlite, 60);
    let package = package(&story);
    let register = &package.registers["resident"];
    let code = Broken::field(register, Kind::Code).expect("a field with codes");
    let whole = std::fs::read_to_string(export(&story, "resident", "whole.csv").0).expect("an export");
    let headings = &csv_lines(&whole)[HEAD_ROWS - 1];
    let at = headings.iter().position(|text| *text == code).expect("the column");
    let broken = |row: usize, line: &str| {
        let mut cells: Vec<String> = csv_lines(line).swap_remove(0);
        if row >= HEAD_ROWS {
            cells[at] = UNKNOWN.to_owned();
        }
        if row == 0 { line.to_owned() } else { cells.join(",") }
    };
    let lines: Vec<String> = whole.lines().enumerate().map(|(row, line)| broken(row, line)).collect();
    let path = story.path("broken.csv");
    std::fs::write(&path, lines.join("\r\n")).expect("writes");
    let seen = preview(&story, "resident", &text(&path));
    let report = story.import("resident", &text(&path))[0].clone();
    let import = report["import"].as_str().expect("an import has an id");
    let (faults, counts, _) = reported(&store_of(&story, &On::Sqlite, &package), import);
    let listed = seen["first_faults"].as_array().expect("a list");
    assert!(faults.len() > 100 && listed.len() == 50, "{} of {}", listed.len(), faults.len());
    assert_eq!(listed[..], faults[..50]);
    assert_eq!((&seen["fault_counts"], number(&seen["faults"])), (&counts, faults.len() as u64));
}

#[test]
fn the_page_of_a_preview_shows_the_faults_and_keeps_no_whole_number() {
    for on in On::both() {
        let (story, _) = county(&on, 120);
        let package = package(&story);
        let (broken, number_of_person) = (Broken::find(&package), wrong_number());
        let file = broken_xlsx(&story, &broken, &number_of_person);
        let served = Served::begin(&story);
        let path = format!("/registers/{}/import", broken.register);
        let token =
            between(&served.get(&path).text(), "name=\"form_token\" value=\"", "\"").expect("a token").to_owned();
        let shown =
            served.upload(&path, &[("form_token", &token), ("day", crate::harness::DAY)], &file).header("location");
        let page = waited(&served, &shown);
        for (row, heading, _) in broken.wanted() {
            assert!(page.contains(&format!(" · 第 {row} 行 · {heading} · ")), "{row} {heading} in {page}");
        }
        for part in [broken.refused.as_str(), "这一行不会导入", "没有找到对应人员或农户的行"] {
            assert!(page.contains(part), "{part} in {page}");
        }
        let masked = model::mask_identity(&number_of_person);
        assert!(page.contains(&masked) && !page.contains(&number_of_person), "{page}");
        drop(served);
        let store = store_of(&story, &on, &package);
        let jobs = store.jobs_of(&store::system_actor(REGION.parse().expect("a place")), 10).expect("jobs");
        let kept = jobs.iter().map(|job| format!("{} {:?}", job.payload, job.result)).collect::<String>();
        assert!(kept.contains(&masked) && !kept.contains(&number_of_person), "{kept}");
        drop(store);
        if matches!(on, On::Sqlite) {
            for name in ["data.db", "data.db-wal"].map(|name| story.dir().join(name)) {
                let bytes = std::fs::read(name).unwrap_or_default();
                let is_in = bytes.windows(number_of_person.len()).any(|part| part == number_of_person.as_bytes());
                assert!(!is_in, "a whole number stands in the database");
            }
        }
    }
}

/// The page once the preview is done.
fn waited(served: &Served, address: &str) -> String {
    for _ in 0..600 {
        let page = served.get(address).text();
        if page.contains("sw-cards") {
            return page;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("the preview at {address} does not end");
}
