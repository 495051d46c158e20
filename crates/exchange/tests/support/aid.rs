//! A small made-up extract for text files that are written by hand: number, name, reason, sum, day.

use super::{TestPlaces, column, day, identity};
use exchange::{Options, Refusal, Shape};
use model::{FaultKind, Kind};
use policy::declare::Column;
use std::collections::BTreeMap;

pub const HEADINGS: &str = "证件号码,姓名,事由,金额（元）,发放日期";

pub fn columns() -> Vec<Column> {
    let required = |column: Column| Column { required: true, ..column };
    vec![
        required(column("identity_no", "证件号码", Kind::Identity)),
        required(column("name", "姓名", Kind::Name)),
        column("reason", "事由", Kind::Text),
        required(column("amount_fen", "金额（元）", Kind::Fen)),
        required(column("paid_on", "发放日期", Kind::Day)),
    ]
}

/// What a file gives: its good rows as `row number|name|reason|sum|day`, its faults by row, and the whole summary.
pub struct Outcome {
    pub rows: Vec<String>,
    pub faults: Vec<(u32, FaultKind)>,
    pub summary: exchange::Summary,
}

/// Reads the bytes as a file of that name.
pub fn read(name: &str, bytes: &[u8]) -> Result<Outcome, Refusal> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("writes");
    let (columns, codes) = (columns(), BTreeMap::new());
    let shape = Shape {
        name: "aid",
        label: "救助",
        label_en: "Aid",
        columns: &columns,
        key: &[],
        identity: Some("identity_no"),
        household: None,
        tests: Vec::new(),
        codes: &codes,
        delivery_day: day("2024-12-31"),
        places: &TestPlaces,
    };
    let read = super::read_all(&path, &shape, &Options::default())?;
    // The book of faults reads the file again, and must see the same rows under the same numbers.
    let book = folder.path().join("book.xlsx");
    exchange::write_faults(
        &path,
        &read.summary,
        &(&read.summary).into(),
        read.faults.clone().into_iter(),
        &book,
        words::Language::CHINESE,
    )
    .expect("writes the faults");
    let again = super::read_all(&book, &shape, &Options::default()).map(|again| again.rows).unwrap_or_default();
    for row in &read.rows {
        assert!(again.contains(row), "{name}: not in the book: {row:?}");
    }
    let shown = |row: &model::Row| {
        let cells: Vec<String> = row.cells[1..].iter().map(ToString::to_string).collect();
        format!("{}|{}", row.number, cells.join("|"))
    };
    let faults = read.faults.iter().map(|fault| (fault.place.row.unwrap_or(0), fault.kind)).collect();
    Ok(Outcome { rows: read.rows.iter().map(shown).collect(), faults, summary: read.summary })
}

/// A text file of the headings and these lines, in which `#1` stands for the identity number of person 1.
pub fn text(lines: &[&str]) -> String {
    let mut text = format!("{HEADINGS}\n{}\n", lines.join("\n"));
    for number in (1..100).rev() {
        text = text.replace(&format!("#{number}"), &identity(number));
    }
    text
}
