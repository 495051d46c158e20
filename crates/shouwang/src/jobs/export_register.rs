//! A whole register to a file, as the actor sees it, with child records on sheets of their own. The file can be handed in again
//! and then changes nothing: by the numbers of the records even where their keys are masked.

use crate::clock;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::{ExportBook, ExportHead, ExportTable, Origin, Output, Part, RECORD_COLUMN};
use model::Value;
use policy::declare::{Column, Register};
use std::path::Path;
use store::{RecordFilter, RecordRow, View};

/// Tries, when records come or go between the counting and the writing.
const TRIES: u32 = 5;
const HINT: &str = "请检查安装目录的磁盘空间和权限后重试";

/// A register to be written.
pub struct Wanted<'a> {
    pub register: &'a str,
    pub filter: &'a RecordFilter,
    pub output: Output,
}

/// Writes the records that the view shows under the filter; returns how many.
///
/// # Errors
/// When the register does not exist, the role may not take it away, or the store or the disk fails.
pub fn register(installation: &Installation, view: &View, wanted: &Wanted<'_>, path: &Path) -> Outcome<u64> {
    let declared = installation.package.registers.get(wanted.register);
    let declared = declared.ok_or_else(|| no_register(installation, wanted.register))?;
    let mut tried = 0;
    loop {
        let written = write(installation, view, (wanted, declared), path)?;
        tried += 1;
        match written {
            Some(rows) => return Ok(rows),
            None if tried < TRIES => {}
            None => return Err(Trouble::new("导出时台账一直在变动,没有写完", "请稍后重试")),
        }
    }
}

/// There is no register of that name.
pub fn no_register(installation: &Installation, name: &str) -> Trouble {
    let known: Vec<&str> = installation.package.registers.keys().map(String::as_str).collect();
    Trouble::new(format!("政策包里没有名为 {name} 的台账"), format!("可用的名称:{}", known.join("、")))
}

/// `None` where the records changed in number while they were written.
fn write(
    installation: &Installation,
    view: &View,
    (wanted, declared): (&Wanted<'_>, &Register),
    path: &Path,
) -> Outcome<Option<u64>> {
    let attempt = || format!("无法写出 {}", path.display());
    let list = (wanted.filter, None);
    let parts = Part::all_with_record(wanted.register, declared);
    let columns: Vec<String> = declared.field.iter().map(|field| field.name.clone()).collect();
    // Only workbooks have sheets for children.
    let children = if wanted.output == Output::Xlsx { declared.child.len() } else { 0 };
    let mut counts = vec![view.export_records(wanted.register, list, &[], &mut |_| Ok(()))?];
    for kind in 0..children {
        counts.push(view.export_children(wanted.register, wanted.filter, kind, &mut |_, _| Ok(()))?);
    }
    let tables = parts.iter().zip(&counts).map(|(part, rows)| ExportTable { part, columns: &[], rows: *rows });
    let tables: Vec<ExportTable<'_>> = tables.collect();
    let when = clock::now();
    let who = if view.actor().role == store::SYSTEM_ROLE { "系统管理员" } else { &view.actor().account };
    let head = ExportHead { who, when: &when, filter: "" };
    let package = &installation.package;
    let (name, version) = (package.head.name.as_str(), package.head.version.as_str());
    let origin = Origin { package: name, version, day: clock::today() };
    let places = Some(&package.divisions);
    let mut book = ExportBook::create(path, wanted.output, &head, origin, &tables, &package.codes, places)
        .attempt(attempt, HINT)?;
    let record = |row: RecordRow| {
        let mut cells = row.cells;
        cells.push(Value::Text(row.id));
        cells
    };
    let written = view.export_records(wanted.register, list, &columns, &mut |row| {
        book.write_row(0, &record(row)).map_err(|error| error.to_string())
    })?;
    let mut is_same = written == counts[0];
    for kind in 0..children {
        let part = &parts[kind + 1];
        let written = view.export_children(wanted.register, wanted.filter, kind, &mut |row, child| {
            let cells = child_cells(part, &declared.key, declared, (kind, row, child));
            book.write_row(kind + 1, &cells).map_err(|error| error.to_string())
        })?;
        is_same &= written == counts[kind + 1];
    }
    if !is_same {
        return Ok(None);
    }
    book.finish().attempt(attempt, HINT)?;
    Ok(Some(written))
}

/// The cells of a child's row: the key of its record, its own, and the number of its record.
fn child_cells(
    part: &Part,
    key: &[String],
    declared: &Register,
    (kind, row, child): (usize, RecordRow, Vec<Value>),
) -> Vec<Value> {
    let own = &declared.child[kind].field;
    let cell = |column: &Column| {
        let of_key = key.iter().position(|name| *name == column.name).and_then(|at| row.cells.get(at));
        let own = || own.iter().position(|field| field.name == column.name).and_then(|at| child.get(at));
        match column.name.as_str() {
            RECORD_COLUMN => Value::Text(row.id.clone()),
            _ => of_key.or_else(own).cloned().unwrap_or_default(),
        }
    };
    part.columns.iter().map(cell).collect()
}
