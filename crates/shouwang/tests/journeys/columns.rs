//! A file whose columns have to be named: asked about once, remembered for the next file, and every row accounted for.

use crate::county::{On, county, export, package, with_children};
use crate::harness::{Story, files, root, text};
use crate::workbook::{Book, column_of, with_cell};
use serde_json::Value;
use std::path::Path;

/// The lines of a sample's file, its headings changed.
fn changed(story: &Story, file: &str, name: &str, change: impl Fn(&str) -> String, below: &str) -> String {
    let whole = std::fs::read_to_string(file).expect("a text file");
    let (head, body) = whole.split_once('\n').expect("has headings");
    let path = story.path(name);
    std::fs::write(&path, format!("{}\n{body}{below}", change(head))).expect("is written");
    text(&path)
}

fn headings(file: &str) -> impl Iterator<Item = &str> {
    file.lines().next().unwrap_or_default().trim_start_matches('\u{feff}').split(',')
}

/// An extract in UTF-8 with rows and a sum of money that must be there: dataset, file and place of the sum.
fn with_money(sample: &Value) -> (String, String, usize) {
    let package = policy::Package::load(&root().join("policy/sichuan-2021"), &[]).unwrap_or_else(|_| panic!("is good"));
    let found = files(sample).into_iter().find_map(|(dataset, file)| {
        let source = package.sources.get(&dataset)?;
        let whole = std::fs::read_to_string(&file).ok().filter(|whole| whole.lines().count() > 3)?;
        let is_sum = |text: &str| {
            source
                .column
                .iter()
                .any(|column| column.kind == model::Kind::Fen && column.required && column.label == text)
        };
        let at = headings(&whole).position(is_sum)?;
        Some((dataset, file, at))
    });
    found.expect("an extract with money")
}

fn sum(summary: &Value) -> u64 {
    let count = |name: &str| summary[name].as_u64().expect("a count");
    let skipped = summary["rows_skipped"].as_array().expect("reasons").iter();
    let skipped: u64 = skipped.map(|reason| reason[1].as_u64().expect("a count")).sum();
    count("rows_taken") + count("rows_dropped") + count("rows_unmatched") + skipped
}

#[test]
fn a_column_is_named_once_and_remembered_and_every_row_is_accounted_for() {
    let story = Story::begin();
    let sample = story.sample("sample", 120, 21, &[]);
    story.init();
    let dir = text(&story.dir());
    for (dataset, file) in files(&sample) {
        let Some(report) = story.import_unless_empty(&dataset, &file) else { continue };
        let summary = &report[0]["summary"];
        assert_eq!(sum(summary), summary["rows_in_file"].as_u64().expect("a count"), "{dataset}: {summary}");
    }
    let sample = story.sample("clean", 120, 21, &["--clean"]);
    let (dataset, file, at) = with_money(&sample);
    let first = std::fs::read_to_string(&file).expect("a text file");
    let labels: Vec<&str> = headings(&first).collect();
    let renamed = |head: &str| head.replace(labels[at], "家庭实际承担");
    let total = format!("合计{}\n", ",".repeat(labels.len() - 1));
    let path = changed(&story, &file, "a_2024-10-31.csv", renamed, &total);
    let why = story.refused(&["import", "--dir", &dir, &dataset, &path]);
    assert!(why.contains("家庭实际承担") && why.contains("--column 列"), "{why}");
    let field = why.split_once("--column 列").and_then(|(_, rest)| rest.split_once('=')).expect("says how").1;
    let field: String = field.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    let choice = format!("家庭实际承担={field}");
    let named = story.run(&["import", "--dir", &dir, "--column", &choice, &dataset, &path]);
    assert_eq!(sum(&named[0]["summary"]), named[0]["summary"]["rows_in_file"].as_u64().expect("a count"), "{named}");
    assert!(named[0]["summary"]["rows_skipped"].to_string().contains("total"), "{named}");
    let next = changed(&story, &file, "b_2024-10-31.csv", renamed, "");
    let again = story.run(&["import", "--dir", &dir, &dataset, &next]);
    assert!(again[0]["summary"]["notes"].to_string().contains("沿用上次指定的列"), "{again}");
    let wrong = story.refused(&["import", "--dir", &dir, "--column", "列ZZ=no_such", &dataset, &next]);
    assert!(wrong.contains(&field), "the fields are listed: {wrong}");
}

/// Rows above the data of an export: its title, and the headings.
const HEAD_ROWS: usize = 2;

#[test]
fn a_column_of_a_childs_sheet_is_named_once_and_remembered() {
    let (story, registers) = county(&On::Sqlite, 60);
    let package = package(&story);
    let (name, ..) = with_children(&package, &registers);
    let (register, dir) = (&package.registers[&name], text(&story.dir()));
    let child = &register.child[0];
    let is_own = |label: &String| register.field.iter().any(|field| field.label == *label);
    let fields = child.field.iter().filter(|field| field.is_entered() && field.kind != model::Kind::File);
    let field = fields.into_iter().find(|field| !is_own(&field.label)).expect("a field of the child's own");
    let book = Book::open(Path::new(&export(&story, &name, "whole.xlsx").0));
    let letters = column_of(&book, 1, HEAD_ROWS, &field.label);
    let book = with_cell(&book, 1, &format!("{letters}{HEAD_ROWS}"), "家庭实际承担");
    let file = story.path("named.xlsx");
    book.write(&file);
    let wrong = story.refused(&["import", "--dir", &dir, "--column", "列ZZ=no_such", &name, &text(&file)]);
    let choice = format!("{}.{}", child.name, field.name);
    assert!(wrong.contains(&choice), "the fields of the child are listed: {wrong}");
    let chosen = format!("家庭实际承担={choice}");
    let named = story.run(&["import", "--dir", &dir, "--column", &chosen, &name, &text(&file)]);
    assert_eq!(
        (&named[0]["summary"]["rows_changed"], &named[0]["summary"]["faults"]),
        (&0.into(), &0.into()),
        "{named}"
    );
    let again = story.run(&["import", "--dir", &dir, &name, &text(&file)]);
    let notes = again[0]["summary"]["notes"].to_string();
    assert!(notes.contains("沿用上次指定的列") && notes.contains(&field.label), "{again}");
}
