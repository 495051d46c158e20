//! A cell that cannot be read is not an empty one: what a record holds there stays, and the preview says so.

use crate::county::preview;
use crate::harness::{Story, text};
use serde_json::Value;

const HEADING: &str = "户编号,行政区划代码,户主姓名,户类型,收入年度,工资性收入（元）,住房面积（平方米）,户联系电话\n";

fn write(story: &Story, name: &str, row: &str) -> String {
    let path = story.path(name);
    std::fs::write(&path, format!("{HEADING}{row}\n")).expect("writes");
    text(&path)
}

/// Cells of the one household by heading.
fn exported(story: &Story, name: &str) -> impl Fn(&str) -> String + use<> {
    let out = text(&story.path(name));
    story.run(&["export", "--dir", &text(&story.dir()), "household", "--format", "csv", "--out", &out]);
    let exported = std::fs::read_to_string(&out).expect("reads");
    let lines: Vec<Vec<String>> =
        exported.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect();
    assert_eq!(lines.len(), 2, "{exported}");
    move |heading: &str| {
        let at = lines[0].iter().position(|known| known == heading);
        lines[1][at.unwrap_or_else(|| panic!("no {heading} in {:?}", lines[0]))].clone()
    }
}

#[test]
fn what_a_record_holds_stays_where_a_cell_cannot_be_read() {
    let story = Story::begin();
    story.init();
    let sound = write(&story, "first.csv", "9001,513431100200,郑佳,一般农户,2023,57102,61,13800001111");
    let report = story.import("household", &sound);
    assert_eq!(report[0]["summary"]["rows_added"], 1, "{report}");

    let damaged = write(&story, "again.csv", "9001,513431100200,郑佳,一般农户,2023,约四万,#N/A,13800002222");
    let seen = preview(&story, "household", &damaged);
    let changes = seen["sample"][0]["changes"].as_array().expect("changes");
    let fields: Vec<&Value> = changes.iter().map(|change| &change["field"]).collect();
    assert_eq!(fields.len(), 1, "the telephone alone changes: {seen}");

    let report = story.import("household", &damaged);
    assert_eq!(report[0]["summary"]["faults"], 2, "{report}");
    assert_eq!(report[0]["summary"]["rows_changed"], 1, "{report}");
    let cell = exported(&story, "exported.csv");
    assert_eq!([cell("工资性收入（元）"), cell("住房面积（平方米）")], ["57102.00", "61"].map(str::to_owned));

    let emptied = write(&story, "empty.csv", "9001,513431100200,郑佳,一般农户,2023,,61,13800002222");
    story.import("household", &emptied);
    assert_eq!(exported(&story, "emptied.csv")("工资性收入（元）"), "", "an empty cell says that there is nothing");
}
