//! Keys as people and spreadsheets leave them: spellings of one are one record, what a spreadsheet has damaged is told.

use crate::harness::{Story, text};
use serde_json::Value;

const HEADING: &str = "统一社会信用代码,单位名称,单位类别,所在地\n";

fn import(story: &Story, name: &str, content: &str) -> Value {
    let path = story.path(name);
    std::fs::write(&path, content).expect("writes");
    story.import("organisation", &text(&path))
}

/// Rows that were read, taken, added or changed, and faults.
fn counts(report: &Value) -> [u64; 4] {
    let count = |name: &str| report[0]["summary"][name].as_u64().unwrap_or_default();
    [count("rows_read"), count("rows_taken"), count("rows_added") + count("rows_changed"), count("faults")]
}

/// The rows of an export, without the line above the headings and the headings.
fn export(story: &Story, name: &str) -> (String, Vec<String>) {
    let out = text(&story.path(name));
    story.run(&["export", "--dir", &text(&story.dir()), "organisation", "--format", "csv", "--out", &out]);
    let exported = std::fs::read_to_string(story.path(name)).expect("reads");
    let lines: Vec<String> = exported.lines().map(str::to_owned).collect();
    (lines[..2].join("\n"), lines[2..].to_vec())
}

#[test]
fn spellings_of_one_key_stay_one_record_also_in_an_export_that_comes_back() {
    let story = Story::begin();
    story.init();
    let rows = "00801234,甲水厂,企业,513431000000\nN1·7,乙水厂,企业,513431000000\n";
    let report = import(&story, "first.csv", &format!("{HEADING}{rows}"));
    assert_eq!(counts(&report), [2, 2, 2, 0], "{report}");
    let (head, lines) = export(&story, "export.csv");
    assert_eq!(lines.len(), 2);
    // New rows, typed below those that were exported: without their number, and with keys that are there already.
    let more = ["００801234", "00801234\u{200B}", "\u{A0}00801234", "'00801234", "N1•7", "Ｎ1・7"];
    for (at, key) in more.iter().enumerate() {
        let row = lines[0].replacen("00801234", key, 1).replacen("甲水厂", "另一个名字", 1);
        let own = row.rsplit_once(',').map(|(row, _)| format!("{row},")).expect("ends with its number");
        let report = import(&story, &format!("again{at}.csv"), &format!("{head}\n{}\n{}\n{own}\n", lines[0], lines[1]));
        assert_eq!(counts(&report), [3, 2, 0, 1], "{key:?} {report}");
    }
    assert_eq!(export(&story, "export2.csv").1, lines, "no twin, and nothing changed");
}

#[test]
fn blanks_and_days_in_keys_are_told() {
    let story = Story::begin();
    story.init();
    let rows = [
        ("N1", "\u{3000}"),
        ("N2", "\u{200B}"),
        ("N3", "\u{2800}\u{3164}"),
        ("\u{AD}", "甲水厂"),
        ("3月1日", "乙水厂"),
        ("2024/3/1", "丙水厂"),
        ("3-1", "丁水厂"),
    ];
    let rows: String = rows.iter().map(|(key, name)| format!("{key},{name},企业,513431000000\n")).collect();
    let report = import(&story, "blanks.csv", &format!("{HEADING}{rows}"));
    assert_eq!(counts(&report), [7, 1, 1, 6], "{report}");
    let (_, lines) = export(&story, "out.csv");
    assert!(lines.len() == 1 && lines[0].contains("丁水厂"), "{lines:?}");
}
