//! What must hold for every file: each row is accounted for, each value stands in its own row, and no message shows a cell.

use crate::file::{Expected, Generated, Line, Sheet};
use crate::table::{Fate, Record, Table};
use exchange::{Chunk, Options, Refusal, SheetRead, Summary};
use model::{Fault, FaultKind, Kind, Row, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

/// What a reading gave, by sheet.
#[derive(Default)]
struct Found {
    rows: Vec<(Option<String>, Row)>,
    faults: Vec<Fault>,
}

/// Reads the file twice and holds all promises against it.
///
/// # Errors
/// The first promise that is broken, with its row; texts of the made-up cells may stand in it.
pub fn check(file: &Generated, path: &Path) -> Result<(), String> {
    let outcome = read(file, path);
    let again = read(file, path);
    match (&outcome, &again) {
        (Ok((summary, found)), Ok((other, found_again))) => {
            let is_same = summary == other && found.rows == found_again.rows && found.faults == found_again.faults;
            ensure(is_same, || "reading twice gives two answers".to_owned())?;
        }
        (Err(one), Err(other)) => ensure(one.to_string() == other.to_string(), || "refused in two ways".to_owned())?,
        _ => return Err("read once and refused once".to_owned()),
    }
    match outcome {
        Err(refusal) => refused(file, &refusal),
        Ok(_) if file.expected == Expected::Refused => Err("is read, and should be refused".to_owned()),
        Ok((summary, found)) => holds(file, &summary, &found).map_err(|what| format!("{what}{}", told(&found))),
    }
}

fn holds(file: &Generated, summary: &Summary, found: &Found) -> Result<(), String> {
    summed(file, summary, found)?;
    for sheet in &file.sheets {
        rows_hold(&file.table, sheet, found)?;
    }
    silent(&file.table, found, summary)
}

/// All faults of a reading that broke a promise.
fn told(found: &Found) -> String {
    let line = |fault: &Fault| {
        let (place, kind, mark) = (&fault.place, fault.kind, if fault.drops_row { "×" } else { "" });
        format!("\n{:?} {:?}{mark} {kind:?} {}", place.sheet, place.row, fault.what.chinese())
    };
    found.faults.iter().map(line).collect()
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

fn read(file: &Generated, path: &Path) -> Result<(Summary, Found), Refusal> {
    let mut found = Found::default();
    let summary = exchange::read(path, &file.table.shape(), &Options::default(), &mut |chunk: Chunk| {
        let sheet = chunk.sheet.clone();
        found.rows.extend(chunk.rows.into_iter().map(|row| (sheet.clone(), row)));
        found.faults.extend(chunk.faults);
        ControlFlow::Continue(())
    })?;
    Ok((summary, found))
}

fn refused(file: &Generated, refusal: &Refusal) -> Result<(), String> {
    ensure(file.expected != Expected::Read, || format!("is refused, and should be read: {refusal}"))?;
    let said = format!("{:?}", refusal.said());
    ensure(!secrets(&file.table).any(|secret| said.contains(secret)), || format!("the refusal shows a cell: {said}"))
}

/// Rows in the file = taken + left out + passed over, for the file and for each sheet.
fn summed(file: &Generated, summary: &Summary, found: &Found) -> Result<(), String> {
    let taken = found.rows.len() as u64;
    ensure(summary.rows_good == taken, || format!("{taken} rows are handed out, {} are said", summary.rows_good))?;
    let faulty: BTreeSet<(Option<&str>, Option<u32>)> = found
        .faults
        .iter()
        .filter(|fault| fault.drops_row && fault.kind != FaultKind::NotData)
        .map(|fault| (fault.place.sheet.as_deref(), fault.place.row))
        .collect();
    ensure(summary.rows_dropped == faulty.len() as u64, || {
        format!("{} rows are left out, faults name {}", summary.rows_dropped, faulty.len())
    })?;
    ensure(summary.rows_seen == summary.rows_good + summary.rows_dropped, || {
        "seen is not good and dropped".to_owned()
    })?;
    accounted(file, summary)
}

/// Holds what the file says of its rows against the truth, sheet by sheet.
fn accounted(file: &Generated, summary: &Summary) -> Result<(), String> {
    let by_sheet: BTreeMap<Option<&str>, &SheetRead> =
        summary.sheets.iter().map(|sheet| (sheet.name.as_deref(), sheet)).collect();
    let mut all = 0;
    for sheet in file.sheets.iter().filter(|sheet| sheet.lines.iter().any(is_counted)) {
        let Some(read) = by_sheet.get(&name(file, sheet)) else { return Err(format!("{:?} is not read", sheet.name)) };
        let counted = sheet.lines.iter().filter(|line| is_counted(line)).count() as u64;
        let (in_file, skipped) = (sheet.lines.len() as u64, read.counts.skipped.values().sum::<u64>());
        let is_whole = read.counts.in_file == in_file
            && read.rows_seen == counted
            && read.counts.good + read.counts.dropped == counted
            && skipped == in_file - counted;
        ensure(is_whole, || format!("{:?} has {in_file} rows, {counted} of data; said is {read:?}", sheet.name))?;
        all += in_file;
    }
    let skipped: u64 = summary.skipped.values().sum();
    let said = (summary.rows_in_file, summary.rows_good + summary.rows_dropped + skipped);
    ensure(said == (all, all), || format!("{said:?} rows are said of {all}"))
}

fn is_counted(line: &Line) -> bool {
    matches!(line, Line::Record(_))
}

fn name<'s>(file: &Generated, sheet: &'s Sheet) -> Option<&'s str> {
    sheet.name.as_deref().filter(|_| file.ending == "xlsx")
}

/// Every row of the sheet is taken with the values of its own line, or left out with a fault at its own line, as its fate says.
fn rows_hold(table: &Table, sheet: &Sheet, found: &Found) -> Result<(), String> {
    let is_here = |name: Option<&str>| name.is_none() || name == sheet.name.as_deref();
    let mut taken: BTreeMap<u32, &Row> = BTreeMap::new();
    for (_, row) in found.rows.iter().filter(|(name, _)| is_here(name.as_deref())) {
        ensure(taken.insert(row.number, row).is_none(), || format!("row {} is taken twice", row.number))?;
    }
    let mut faults: BTreeMap<u32, Vec<&Fault>> = BTreeMap::new();
    for fault in found.faults.iter().filter(|fault| is_here(fault.place.sheet.as_deref())) {
        faults.entry(fault.place.row.unwrap_or_default()).or_default().push(fault);
    }
    for (at, line) in sheet.lines.iter().enumerate() {
        let number = at as u32 + 1;
        let (row, faults) = (taken.remove(&number), faults.remove(&number).unwrap_or_default());
        line_holds(table, line, row, &faults).map_err(|what| format!("row {number}: {what}"))?;
    }
    ensure(taken.is_empty(), || format!("rows that the file does not have are taken: {:?}", taken.keys()))?;
    ensure(faults.is_empty(), || format!("faults stand in rows that the file does not have: {:?}", faults.keys()))
}

fn line_holds(table: &Table, line: &Line, row: Option<&Row>, faults: &[&Fault]) -> Result<(), String> {
    let is_dropped = faults.iter().any(|fault| fault.drops_row);
    let words = || {
        faults.iter().map(|fault| format!("{:?} {}", fault.kind, fault.what.chinese())).collect::<Vec<_>>().join("; ")
    };
    match line {
        Line::Record(at) => {
            let record = &table.records[*at];
            let fate = record.fate;
            ensure(row.is_some() != is_dropped, || format!("{fate:?}, taken {}, faults: {}", row.is_some(), words()))?;
            match fate {
                Fate::Taken => ensure(row.is_some() && faults.is_empty(), || format!("is sound, but: {}", words()))?,
                Fate::Dropped => ensure(row.is_none(), || "is damaged, and taken".to_owned())?,
                Fate::Either => ensure(!faults.is_empty(), || "is damaged, and nothing is said".to_owned())?,
            }
            row.map_or(Ok(()), |row| values_hold(table, record, row))
        }
        Line::NotData(_) => ensure(row.is_none() && is_dropped, || "is no data, and taken or not told".to_owned()),
        Line::Blank | Line::Note(_) | Line::Heading => {
            ensure(row.is_none() && faults.is_empty(), || format!("is no row of data, but: {}", words()))
        }
    }
}

fn values_hold(table: &Table, record: &Record, row: &Row) -> Result<(), String> {
    for (declared, column) in table.columns.iter().enumerate() {
        let at = table.file_columns.iter().position(|file_column| file_column.declared == Some(declared));
        let expected = at.map(|at| &record.cells[at]);
        let found = &row.cells[declared];
        let is_own = match expected {
            None => found.is_null(),
            Some(cell) if cell.is_damaged => found.is_null(),
            Some(cell) => is_same(&cell.value, found),
        };
        let truth = expected.map(|cell| &cell.value);
        ensure(is_own, || format!("{} is {found:?}, the file says {truth:?}", column.label))?;
    }
    Ok(())
}

/// Equal but for what spaces and line breaks of a text may become.
fn is_same(one: &Value, other: &Value) -> bool {
    let dense = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
    match (one, other) {
        (Value::Text(one), Value::Text(other)) => dense(one) == dense(other),
        _ => one == other,
    }
}

/// Texts that no message may show.
fn secrets(table: &Table) -> impl Iterator<Item = &str> {
    let is_secret = |at: &usize| {
        let kind = table.declared(*at).map(|column| column.kind);
        kind.is_some_and(|kind| {
            matches!(kind, Kind::Text | Kind::Name | Kind::Identity | Kind::Phone | Kind::Account | Kind::Reference)
        })
    };
    let secret: Vec<usize> = (0..table.file_columns.len()).filter(is_secret).collect();
    let cells =
        table.records.iter().flat_map(move |record| secret.clone().into_iter().map(move |at| &record.cells[at]));
    cells.map(|cell| cell.text.as_str()).filter(|text| text.chars().count() > 1 && !text.starts_with('#'))
}

/// No message shows the text of a cell; what a fault has seen of a person is masked.
fn silent(table: &Table, found: &Found, summary: &Summary) -> Result<(), String> {
    let mut said: BTreeSet<String> = summary.notes.iter().map(|note| format!("{:?}", note.said())).collect();
    said.extend(found.faults.iter().flat_map(|fault| [&fault.what, &fault.hint].map(|said| format!("{said:?}"))));
    let said = said.into_iter().collect::<Vec<_>>().join("\n");
    if let Some(secret) = secrets(table).find(|secret| said.contains(secret)) {
        return Err(format!("a message shows a cell: {secret}"));
    }
    let is_person = |kind: Kind| matches!(kind, Kind::Name | Kind::Identity | Kind::Phone | Kind::Account);
    let people: Vec<usize> = (0..table.file_columns.len())
        .filter(|at| table.declared(*at).is_some_and(|column| is_person(column.kind)))
        .collect();
    for fault in found.faults.iter().filter(|fault| !fault.seen.is_empty()) {
        let shows = |record: &Record| {
            people.iter().any(|at| long(&record.cells[*at].text) && fault.seen.contains(&record.cells[*at].text))
        };
        ensure(!table.records.iter().any(shows), || format!("a fault shows a person: {}", fault.seen))?;
    }
    Ok(())
}

/// Longer than what a mask leaves.
fn long(text: &str) -> bool {
    text.chars().count() > 3
}
