//! A register's page gives a file, people change it, and it comes in again: page, export job, file, preview, import, on both databases.

use crate::county::{On, county, export, number, package, preview, with_children};
use crate::harness::{REGION, Story, text};
use crate::served::Served;
use crate::workbook::{Book, renamed, without_rows};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The file that the register's page gives, under what its list is asked for.
pub fn from_page(served: &Served, story: &Story, register: &str, asked: &[(&str, &str)], format: &str) -> PathBuf {
    let token = token(served, register);
    let fields = [asked, &[("form_token", token.as_str())]].concat();
    served.exported(story, &format!("/registers/{register}/export"), &fields, format)
}

fn token(served: &Served, register: &str) -> String {
    let page = served.get(&format!("/registers/{register}/records")).text();
    let token = crate::served::between(&page, "name=\"form_token\" value=\"", "\"");
    token.unwrap_or_else(|| panic!("no form on the page of {register}")).to_owned()
}

/// Shows only these columns in the list of the register.
fn choose(served: &Served, register: &str, columns: &[&str]) {
    let token = token(served, register);
    let names: Vec<String> = columns.iter().map(|name| format!("column-{name}")).collect();
    let mut fields = vec![("form_token", token.as_str())];
    fields.extend(names.iter().map(|name| (name.as_str(), "1")));
    served.post(&format!("/registers/{register}/columns"), &fields);
}

/// Nothing changes, and every one of so many records is known again.
pub fn comes_in_unchanged(story: &Story, register: &str, file: &Path, what: &str) -> u64 {
    let seen = preview(story, register, &text(file));
    let counts = ["added", "changed", "refused", "outside", "unmatched", "rows_gone"].map(|name| number(&seen[name]));
    assert_eq!(counts, [0; 6], "{register} {what}: {seen}");
    let report = story.import(register, &text(file))[0].clone();
    assert_eq!(report["summary"]["rows_changed"], 0, "{register} {what}: {report}");
    assert_eq!(report["summary"]["rows_taken"], seen["unchanged"], "{register} {what}: {report}");
    number(&seen["unchanged"])
}

#[test]
fn what_a_page_exports_comes_in_again_whatever_was_chosen() {
    for on in On::both() {
        let (story, registers) = county(&on, 60);
        let package = package(&story);
        let served = Served::begin(&story);
        for (name, _) in &registers {
            let register = &package.registers[name];
            let all = export(&story, name, "all.csv").1;
            let own = from_page(&served, &story, name, &[], "xlsx");
            assert_eq!(comes_in_unchanged(&story, name, &own, "as it is listed"), all, "{name}");
            let sheets: Vec<String> = Book::open(&own).visible_sheets();
            assert_eq!(sheets.len(), register.child.len() + 2, "{name}: {sheets:?}");
            let free = register.field.iter().find(|field| !register.key.contains(&field.name)).expect("a field");
            choose(&served, name, &[&free.name]);
            let sorted = register.list.sort.first().map(String::as_str).unwrap_or_default();
            let asked: &[(&str, &str)] = if sorted.is_empty() { &[] } else { &[("sort", sorted), ("desc", "1")] };
            for format in ["xlsx", "csv"] {
                let narrow = from_page(&served, &story, name, asked, format);
                let what = format!("{} alone, {format}", free.name);
                assert_eq!(comes_in_unchanged(&story, name, &narrow, &what), all, "{name}");
            }
        }
    }
}

#[test]
fn nobody_takes_away_more_than_they_see() {
    let (story, _) = county(&On::Sqlite, 120);
    let package = package(&story);
    let whole = export(&story, "resident", "all.csv").1;
    let region: model::RegionCode = REGION.parse().expect("a place");
    let town = package.divisions.children(region)[0].code.to_string();
    let clerk = Served::as_role(&story, "wang", "township_clerk", &town);
    for name in ["household", "resident"] {
        let file = from_page(&clerk, &story, name, &[], "csv");
        let seen = comes_in_unchanged(&story, name, &file, "of one town");
        let text = std::fs::read_to_string(&file).expect("a file");
        assert_eq!(text.lines().count() as u64, seen + 2, "{name}");
        assert!(0 < seen && seen < whole, "{name}: {seen} of {whole}");
        let numbers: Vec<&str> = text.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
        let is_identity = |text: &&&str| text.len() == 18 && text[..17].bytes().all(|byte| byte.is_ascii_digit());
        assert_eq!(numbers.iter().find(is_identity), None, "a whole number of a person");
        let places = numbers.iter().filter(|text| text.len() == 12 && text.starts_with(REGION));
        assert!(places.clone().count() as u64 >= seen && places.clone().all(|place| place.starts_with(&town[..9])));
    }
    let other = package.registers.iter().find(|(_, register)| {
        let may = |roles: &[String]| roles.iter().any(|role| role == "township_clerk");
        may(&register.may_see) && !may(&register.may_export)
    });
    let (name, _) = other.expect("a register that the role sees and may not take away");
    let token = token(&clerk, name);
    let answer = clerk.post(&format!("/registers/{name}/export"), &[("form_token", &token)]);
    assert!(answer.head().contains(" 403"), "{}", answer.head());
}

/// How many child rows a file would take away, and how many records it would change.
fn would_go(story: &Story, register: &str, file: &Path) -> (u64, u64) {
    let seen = preview(story, register, &text(file));
    assert_eq!(number(&seen["refused"]), 0, "{seen}");
    (number(&seen["rows_gone"]), number(&seen["changed"]))
}

#[test]
fn a_record_loses_its_child_rows_by_its_export_and_never_by_a_forgotten_sheet() {
    for on in On::both() {
        let (story, registers) = county(&on, 60);
        let package = package(&story);
        let (name, ..) = with_children(&package, &registers);
        let served = Served::begin(&story);
        let file = from_page(&served, &story, &name, &[], "xlsx");
        let book = Book::open(&file);
        let children = &package.registers[&name].child[0].label;
        let rows = book.rows_by_record(1);
        let (record, lost) = rows.iter().next().expect("a child record");
        let (lost, all) = (*lost, rows.values().sum::<u64>());
        let made = |name: &str, book: &Book| -> PathBuf {
            let path = story.path(name);
            book.write(&path);
            path
        };
        let forgotten: [(&str, Book); 4] = [
            ("renamed.xlsx", renamed(&book, children, "另一张表")),
            ("blank.xlsx", without_rows(&book, 1, |_, _| true)),
            ("copied.xlsx", renamed(&without_rows(&book, 1, |row, _| row > 2), "_rows", "副本")),
            ("unstamped.xlsx", renamed(&without_rows(&book, 1, |row, _| row > 2), "_shouwang", "副本")),
        ];
        for (file, book) in &forgotten {
            assert_eq!(would_go(&story, &name, &made(file, book)), (0, 0), "{file}");
        }
        let csv = from_page(&served, &story, &name, &[], "csv");
        assert_eq!(would_go(&story, &name, &csv), (0, 0), "a file without sheets");
        let none = made("none.xlsx", &without_rows(&book, 1, |row, _| row > 2));
        assert_eq!(would_go(&story, &name, &none), (all, rows.len() as u64), "only the headings are left");
        let emptied = made("emptied.xlsx", &without_rows(&book, 1, |row, text| row > 2 && text.contains(record)));
        assert_eq!(would_go(&story, &name, &emptied), (lost, 1), "one record's rows are gone");
        let report: Value = story.import(&name, &text(&emptied))[0].clone();
        assert_eq!(report["summary"]["rows_changed"], 1, "{report}");
        assert!(report["summary"]["message"].as_str().expect("a text").contains(&format!("{lost}行")), "{report}");
        comes_in_unchanged(&story, &name, &emptied, "the same file again");
        let after = Book::open(&from_page(&served, &story, &name, &[], "xlsx")).rows_by_record(1);
        assert_eq!((after.get(record), after.len()), (None, rows.len() - 1));
        let late = preview(&story, &name, &text(&made("late.xlsx", &book)));
        assert_eq!((number(&late["refused"]), number(&late["changed"])), (1, 0), "an export from before: {late}");
        story.run(&["verify", "--dir", &text(&story.dir())]);
    }
}

#[test]
fn what_begins_like_a_formula_leaves_a_page_and_comes_back() {
    let (story, registers) = county(&On::Sqlite, 60);
    let package = package(&story);
    let (name, _, field) = with_children(&package, &registers);
    let label = &package.registers[&name].field_named(&field).expect("a field").label;
    let served = Served::begin(&story);
    let own = from_page(&served, &story, &name, &[], "xlsx");
    let records = Book::open(&own).records(0);
    let payloads: Vec<String> =
        ["=1+1", "+86", "-5", "@a", "\t=1", "=HYPERLINK(\"x\")", "'=1", "''", "＝1", "=cmd|' /C calc'!A"]
            .iter()
            .map(|text| (*text).to_owned())
            .collect();
    let given = story.path("payloads.csv");
    // An export of ours takes texts as they stand; it may lack all columns but the number of the record.
    let mut text_of_file = format!("守望导出｜{}｜试\r\n{label},系统记录号\r\n", package.registers[&name].label);
    for (record, payload) in records.iter().zip(&payloads) {
        let marked = format!("'{}", payload.replace('"', "\"\""));
        text_of_file.push_str(&format!("\"{marked}\",{record}\r\n"));
    }
    std::fs::write(&given, text_of_file).expect("writes");
    let taken = story.import(&name, &text(&given))[0].clone();
    let count = records.len().min(payloads.len()) as u64;
    assert_eq!(number(&taken["summary"]["rows_changed"]), count, "{taken}");
    choose(&served, &name, &[&field]);
    for format in ["xlsx", "csv"] {
        let file = from_page(&served, &story, &name, &[], format);
        comes_in_unchanged(&story, &name, &file, format);
        if format == "xlsx" {
            let book = Book::open(&file);
            assert!(book.sheets().all(|xml| !xml.contains("<f>") && !xml.contains("<f ")), "a formula");
            assert!(book.sheets().any(|xml| xml.contains("=1+1")), "the texts are there");
        } else {
            let whole = std::fs::read_to_string(&file).expect("a file");
            assert!(whole.contains("'=1+1") && !whole.contains(",=1+1"), "a bare formula");
        }
    }
}
