//! The made-up records of the registers that the package marks, as workbooks with a sheet for each kind of child record.

use super::sample_folder::Folder;
use crate::arguments::Sample;
use crate::trouble::{Attempt, Outcome};
use exchange::{ExportBook, ExportHead, ExportTable, Origin, Output, Part};
use model::Value;
use policy::Package;
use policy::declare::{Column, Register};
use sample::{Home, Ledger, LedgerRecord};
use std::path::Path;
use words::{Language, advice};

/// Writes a workbook for each register, in the order in which they refer to one another.
///
/// # Errors
/// When the package's list cannot be read, or a file cannot be written.
pub fn write(package: &Package, wanted: &Sample, homes: &[Home], folder: &mut Folder) -> Outcome<()> {
    let suitable = sample::suitable(package).attempt(|| advice!("sample_ledgers_unread"))?;
    let registers = folder.root.join("registers");
    std::fs::create_dir_all(&registers).attempt(|| advice!("folder_unmade", folder = registers.display()))?;
    for ledger in sample::ledgers(package, &suitable, homes, wanted.seed, wanted.day) {
        let Some(declared) = package.registers.get(&ledger.register).filter(|_| !ledger.records.is_empty()) else {
            continue;
        };
        let path = registers.join(format!("{}_{}.xlsx", ledger.register, wanted.day));
        write_one(package, wanted, &ledger, declared, &path)?;
        folder.registers.push((ledger.register, path));
    }
    Ok(())
}

fn write_one(package: &Package, wanted: &Sample, ledger: &Ledger, declared: &Register, path: &Path) -> Outcome<()> {
    let unwritten = || advice!("file_unwritten", path = path.display());
    let parts = Part::all_of(&ledger.register, declared);
    let tables: Vec<ExportTable<'_>> = parts.iter().map(|part| ExportTable { part, columns: &[] }).collect();
    let day = wanted.day.to_string();
    // Departments and villages fill in the Chinese form, whoever makes them up.
    let language = Language::CHINESE;
    let head = ExportHead { who: language.say("sample_author"), when: &day, filter: "", language, is_handed_in: true };
    let origin = Origin { package: &package.head.name, version: &package.head.version, day: wanted.day };
    let book = ExportBook::create(path, Output::Xlsx, &head, origin, &tables, &package.codes, None);
    let mut book = book.attempt(unwritten)?;
    for record in &ledger.records {
        book.write_row(0, &record.fields).attempt(unwritten)?;
    }
    for (kind, child) in declared.child.iter().enumerate() {
        for record in &ledger.records {
            for row in &record.children[kind] {
                let cells = child_cells(&parts[kind + 1], declared, record, &child.field, row);
                book.write_row(kind + 1, &cells).attempt(unwritten)?;
            }
        }
    }
    book.finish().attempt(unwritten)
}

/// The key of the record, then the child's own cells.
fn child_cells(part: &Part, declared: &Register, record: &LedgerRecord, own: &[Column], row: &[Value]) -> Vec<Value> {
    let find = |columns: &[Column], name: &str| columns.iter().position(|column| column.name == name);
    let cell = |column: &Column| match find(&declared.field, &column.name) {
        Some(at) if declared.key.contains(&column.name) => record.fields[at].clone(),
        _ => find(own, &column.name).map(|at| row[at].clone()).unwrap_or_default(),
    };
    part.columns.iter().map(cell).collect()
}
