//! Registers: files in and out on both databases. What is exported comes in again and changes nothing; a template that a program
//! fills comes in; an import is looked at, taken in, corrected and taken back; a kill loses nothing.

use crate::county::{On, county, csv_lines, export, number, package, preview, store_of, with_children};
use crate::harness::{REGION, Story, files, program, text};
use model::Moment;
use policy::Package;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use store::RecordQuery;

#[test]
fn every_register_is_exported_and_imported_again_without_a_change() {
    for on in On::both() {
        let (story, registers) = county(&on, 120);
        let mut seen = BTreeMap::new();
        for (register, _) in &registers {
            for ending in ["xlsx", "csv"] {
                let (file, rows) = export(&story, register, &format!("{register}.{ending}"));
                let outcome = preview(&story, register, &file);
                let counts = ["added", "changed", "refused", "outside", "unmatched"].map(|name| number(&outcome[name]));
                assert_eq!(counts, [0; 5], "{register}.{ending}: {outcome}");
                assert_eq!(number(&outcome["unchanged"]), rows, "{register}.{ending}: {outcome}");
                let report = story.import(register, &file);
                assert_eq!(report[0]["summary"]["rows_changed"], 0, "{register}.{ending}: {report}");
                assert_eq!(number(&report[0]["summary"]["rows_taken"]), rows, "{register}.{ending}: {report}");
                for told in [&outcome, &report] {
                    assert!(!told.to_string().contains("未使用"), "its own columns: {register}.{ending}: {told}");
                }
                seen.insert(register.clone(), rows);
            }
        }
        let package = package(&story);
        let missing: Vec<&String> = package
            .registers
            .iter()
            // Made-up deputies and suspensions would act on the made-up county.
            .filter(|(name, register)| *name != "region" && !register.is_raised() && register.serves_as.is_none())
            .map(|(name, _)| name)
            .filter(|name| seen.get(*name).is_none_or(|rows| *rows == 0))
            .collect();
        assert!(missing.is_empty(), "registers without records: {missing:?}");
    }
}

#[test]
fn a_file_is_looked_at_taken_in_corrected_exported_and_taken_back() {
    for on in On::both() {
        let (source, registers) = county(&On::Sqlite, 60);
        let package = package(&source);
        let (name, file, field) = with_children(&package, &registers);
        let story = Story::begin();
        on.init(&story);
        for (register, file) in registers.iter().take_while(|(register, _)| *register != name) {
            story.import(register, file);
        }
        let seen = preview(&story, &name, &file);
        let rows = number(&seen["added"]);
        assert!(rows > 5 && number(&seen["changed"]) == 0, "{seen}");
        assert_eq!(export(&story, &name, "before.xlsx").1, 0, "the preview changed something");
        let report = story.import(&name, &file)[0].clone();
        assert_eq!(number(&report["summary"]["rows_added"]), rows, "{report}");
        correct_first(&store_of(&story, &on, &package), &package, &name, &field);
        let (exported, count) = export(&story, &name, "after.xlsx");
        assert_eq!(count, rows);
        assert_eq!(story.import(&name, &exported)[0]["summary"]["rows_changed"], 0);
        let changes = preview(&story, &name, &file);
        assert_eq!(number(&changes["changed"]), 1, "{changes}");
        assert_eq!(changes["sample"][0]["changes"][0]["field"], field.as_str(), "{changes}");
        let dir = text(&story.dir());
        let import = report["import"].as_str().expect("an import has an id");
        let undone = story.run(&["undo", "--dir", &dir, import]);
        assert_eq!((number(&undone["put_back"]), number(&undone["stayed"])), (rows - 1, 1), "{undone}");
        assert_eq!(export(&story, &name, "undone.xlsx").1, 1);
        assert!(story.refused(&["undo", "--dir", &dir, import]).contains("撤销"));
        story.run(&["verify", "--dir", &dir]);
    }
}

/// Somebody corrects one record by hand.
fn correct_first(store: &store::Store, package: &Package, register: &str, field: &str) {
    let region: model::RegionCode = REGION.parse().expect("a place");
    let roles = &package.registers[register].may_enter;
    let role = roles.iter().find(|role| !package.roles[*role].of_department).expect("a role that enters records");
    let system = store::system_actor(region);
    let actor = model::Actor { account: "li".to_owned(), role: role.clone(), ..system.clone() };
    let view = store.view(&system);
    let all = store::RecordFilter::default();
    let page =
        view.records(register, RecordQuery { filter: &all, order: None, columns: &[] }, None, 1).expect("a page");
    let first = &page.rows[0];
    let entry = store::Entry {
        register: register.to_owned(),
        fields: vec![(field.to_owned(), model::Value::Text("=经核对更正".to_owned()))],
        ..store::Entry::default()
    };
    let command = store::Command::Correct { id: first.id.clone(), version: first.version, entry };
    // The program enters records on the day of the machine; a correction may not be earlier.
    let day = "2099-12-31".parse().expect("a day");
    store
        .apply(&actor, Moment { day, at_ms: 1_800_000_000_000 }, command)
        .unwrap_or_else(|refusal| panic!("{refusal:?}"));
}

#[test]
fn a_wrong_file_is_refused_with_a_reason() {
    let (story, registers) = county(&On::Sqlite, 60);
    let (name, ..) = with_children(&package(&story), &registers);
    let other = &registers.iter().find(|(register, _)| register == "resident").expect("residents").1;
    let before = export(&story, &name, "before.csv").1;
    let seen = preview(&story, &name, other);
    assert!(seen["refusal"].as_str().is_some_and(|why| why.contains("不符")), "{seen}");
    let dir = text(&story.dir());
    assert!(story.refused(&["import", "--dir", &dir, &name, other]).contains("不符"));
    assert_eq!(export(&story, &name, "after.csv").1, before);
}

/// Rows of an export without who and when, and without the numbers of the records, which differ between installations.
fn rows_of(story: &Story, register: &str) -> Vec<String> {
    let file = export(story, register, "rows.csv").0;
    let whole = std::fs::read_to_string(file).expect("an export");
    let row = |line: &str| line.rsplit_once(',').map_or(String::new(), |(cells, _)| cells.to_owned());
    let mut rows: Vec<String> = whole.lines().skip(1).map(row).collect();
    rows.sort();
    rows
}

#[test]
fn an_import_of_many_rows_killed_ten_times_ends_as_one_clean_import() {
    const ROWS: u32 = 20_000;
    for on in On::both() {
        let (killed, clean) = (Story::begin(), Story::begin());
        let sample = killed.sample("sample", ROWS, 3, &["--clean"]);
        let (register, file) = files(&sample).swap_remove(0);
        on.init(&killed);
        clean.init();
        let began = std::time::Instant::now();
        let report = clean.import(&register, &file);
        let whole = began.elapsed();
        assert_eq!(report[0]["summary"]["rows_taken"], ROWS);
        let mut seed = 20_210_527_u64;
        for _ in 0..10 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let mut child = importing(&killed, &register, &file);
            std::thread::sleep(whole.mul_f64((seed >> 40) as f64 / f64::from(1 << 24)).max(Duration::from_millis(5)));
            // It may have ended already; then the next one changes nothing.
            let _ = child.kill();
            let _ = child.wait();
        }
        let report = killed.import(&register, &file);
        assert_eq!(report[0]["summary"]["rows_taken"], ROWS, "{report}");
        let same = rows_of(&killed, &register) == rows_of(&clean, &register);
        assert!(same, "the rows differ after ten kills (seed 20210527)");
        killed.run(&["verify", "--dir", &text(&killed.dir())]);
    }
}

fn importing(story: &Story, register: &str, file: &str) -> std::process::Child {
    let dir: PathBuf = story.dir();
    program()
        .args(["import", "--dir", &text(&dir), register, file])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

#[test]
fn a_program_that_knows_only_the_schema_writes_a_file_that_comes_in() {
    let (story, registers) = county(&On::Sqlite, 60);
    let package = package(&story);
    let dir = text(&story.dir());
    for (name, _) in &registers {
        let empty = text(&story.path(&format!("{name}-template.xlsx")));
        story.run(&["template", "--dir", &dir, name, "--out", &empty]);
        assert!(story.refused(&["import", "--dir", &dir, name, &empty]).contains("没有数据"), "{name}");
    }
    let (name, ..) = with_children(&package, &registers);
    let schema = story.run(&["schema", "--dir", &dir, &name]);
    let fields = schema["resources"][0]["schema"]["fields"].as_array().expect("fields").clone();
    let title = |field: &Value| field["title"].as_str().expect("a title").to_owned();
    let whole = std::fs::read_to_string(export(&story, &name, "all.csv").0).expect("an export");
    let mut lines = csv_lines(&whole).into_iter().skip(1);
    let headings = lines.next().expect("headings");
    let kept: Vec<usize> =
        fields.iter().filter_map(|field| headings.iter().position(|heading| *heading == title(field))).collect();
    let wanted: Vec<exchange::Heading> =
        kept.iter().map(|at| exchange::Heading { text: headings[*at].clone(), kind: model::Kind::Text }).collect();
    let path = story.path("by-a-program.xlsx");
    let mut table = exchange::TableWriter::create(&path, exchange::Output::Xlsx, &wanted).expect("a file");
    let mut rows = 0;
    for line in lines {
        let cells: Vec<model::Value> = kept.iter().map(|at| plain(&line[*at])).collect();
        table.write_row(&cells).expect("a row");
        rows += 1;
    }
    table.finish().expect("the file");
    let seen = preview(&story, &name, &text(&path));
    let counts = ["added", "refused", "unmatched", "outside"].map(|name| number(&seen[name]));
    assert_eq!(counts, [0; 4], "{seen}");
    assert_eq!(number(&seen["unchanged"]) + number(&seen["changed"]), rows, "{seen}");
}

fn plain(text: &str) -> model::Value {
    if text.is_empty() { model::Value::Null } else { model::Value::Text(text.to_owned()) }
}
