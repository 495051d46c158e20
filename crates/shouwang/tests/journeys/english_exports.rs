//! A list that somebody takes away in English comes in again like one in Chinese.

use crate::county::{On, county, package};
use crate::page_exports::{comes_in_unchanged, from_page};
use crate::served::Served;
use crate::workbook::Book;

fn has_han(text: &str) -> bool {
    text.contains(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

#[test]
fn an_export_in_english_comes_in_again_and_changes_nothing() {
    let (story, registers) = county(&On::Sqlite, 60);
    let package = package(&story);
    let served = Served::begin(&story).in_english();
    for (name, _) in &registers {
        let workbook = from_page(&served, &story, name, &[], "xlsx");
        comes_in_unchanged(&story, name, &workbook, "a workbook in English");
        let book = Book::open(&workbook);
        let sheets = book.visible_sheets();
        assert_eq!(sheets.len(), package.registers[name].child.len() + 2, "{name}: {sheets:?}");
        assert!(!sheets.iter().any(|sheet| has_han(sheet)), "{name}: {sheets:?}");
        assert!(book.all_text().contains("How to change it and hand it in again"), "{name}");
        let csv = from_page(&served, &story, name, &[], "csv");
        comes_in_unchanged(&story, name, &csv, "a CSV file in English");
        let whole = std::fs::read_to_string(&csv).expect("a file");
        let headings = whole.lines().nth(1).expect("headings");
        assert!(!has_han(headings), "{name}: {headings}");
    }
}
