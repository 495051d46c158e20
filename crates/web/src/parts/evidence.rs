//! The rows behind a value, as tables: one per dataset and fact, each row with its file, its number and what it adds.

use crate::parts::catalog::Catalog;
use crate::parts::show;
use model::{Decimal, Evidence, Fen, Value};
use std::collections::HashMap;
use store::View;
use words::Language;

/// Imports whose file names are looked up for evidence.
const FILES_MAX: u32 = 500;

/// Rows of one dataset that feed one fact.
pub struct EvidenceTable {
    pub dataset: String,
    pub fact: String,
    pub columns: Vec<String>,
    /// True when the rows add something that can be summed up.
    pub adds: bool,
    pub rows: Vec<EvidenceRow>,
    /// The sum in words, to be checked by hand.
    pub sum: Option<String>,
}

/// One row: where it stands, and its values with their labels.
pub struct EvidenceRow {
    /// `第 12 行`
    pub place: String,
    pub file: String,
    pub cells: Vec<(String, String)>,
    pub adds: String,
}

/// Names of handed-in files by the first 12 digits of their hash.
pub type FileNames = HashMap<String, String>;

/// Groups rows by dataset and fact, in the order in which they come. Files without a known name show the hash.
pub fn tables(evidence: &[Evidence], catalog: &Catalog<'_>, files: &FileNames) -> Vec<EvidenceTable> {
    let mut groups: Vec<((&str, &str), Vec<&Evidence>)> = Vec::new();
    for row in evidence {
        let key = (row.dataset.as_str(), row.fact.as_str());
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((key, vec![row])),
        }
    }
    groups.into_iter().map(|((dataset, fact), rows)| table(dataset, fact, &rows, catalog, files)).collect()
}

fn table(dataset: &str, fact: &str, rows: &[&Evidence], catalog: &Catalog<'_>, files: &FileNames) -> EvidenceTable {
    let shown = shown_columns(dataset, rows, catalog);
    let adds = rows.iter().any(|row| matches!(row.adds, Value::Int(_) | Value::Fen(_) | Value::Decimal(_)));
    let sum = if adds && rows.len() > 1 { sum_text(fact, rows, catalog) } else { None };
    EvidenceTable {
        dataset: catalog.dataset(dataset),
        fact: catalog.value_label(fact).unwrap_or_default(),
        columns: shown.iter().map(|(_, label)| label.clone()).collect(),
        adds,
        rows: rows.iter().map(|row| one_row(row, &shown, catalog, files)).collect(),
        sum,
    }
}

/// Names and labels of the columns that hold a value in at least one row, in declared order.
fn shown_columns(dataset: &str, rows: &[&Evidence], catalog: &Catalog<'_>) -> Vec<(String, String)> {
    let holds =
        |name: &str| rows.iter().any(|row| row.values.iter().any(|(key, value)| key == name && !value.is_null()));
    let declared = catalog.columns(dataset).iter().filter(|column| holds(&column.name));
    declared.map(|column| (column.name.clone(), catalog.column_label(column))).collect()
}

fn one_row(row: &Evidence, shown: &[(String, String)], catalog: &Catalog<'_>, files: &FileNames) -> EvidenceRow {
    let cell = |name: &str| {
        let value = row.values.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        match (catalog.column(&row.dataset, name), value) {
            (Some(column), Some(value)) if !value.is_null() => catalog.column_value(column, value),
            _ => "–".to_owned(),
        }
    };
    let hash = || catalog.language.fill("evidence_file", &[("file", &row.file)]);
    let file = files.get(&row.file).cloned().unwrap_or_else(hash);
    EvidenceRow {
        place: catalog.language.fill("evidence_row", &[("row", &row.row)]),
        file: if row.file.is_empty() { String::new() } else { file },
        cells: shown.iter().map(|(name, label)| (label.clone(), cell(name))).collect(),
        adds: catalog.fact_value(&row.fact, &row.adds),
    }
}

/// What the rows add up to, of one type only.
fn sum_text(fact: &str, rows: &[&Evidence], catalog: &Catalog<'_>) -> Option<String> {
    let total = sum(rows)?;
    let shown = catalog.fact_value(fact, &total);
    Some(catalog.language.fill("evidence_sum", &[("rows", &rows.len()), ("sum", &shown)]))
}

fn sum(rows: &[&Evidence]) -> Option<Value> {
    rows.iter().map(|row| &row.adds).try_fold(Value::Null, |sum, adds| match (sum, adds) {
        (Value::Null, first) => Some(first.clone()),
        (sum, Value::Null) => Some(sum),
        (Value::Int(sum), Value::Int(adds)) => sum.checked_add(*adds).map(Value::Int),
        (Value::Fen(sum), Value::Fen(adds)) => sum.0.checked_add(adds.0).map(|total| Value::Fen(Fen(total))),
        (Value::Decimal(sum), Value::Decimal(adds)) => Decimal::checked_add(sum, *adds).map(Value::Decimal),
        _ => None,
    })
}

/// The number of rows behind a value, in words.
pub fn rows_text(rows: usize, language: Language) -> String {
    language.fill("evidence_rows", &[("rows", &show::count(rows as u64))])
}

/// Names of the files that the actor may know of.
///
/// # Errors
/// What the store says.
pub fn file_names(view: &View) -> Result<FileNames, store::StoreError> {
    let imports = view.imports(None, FILES_MAX)?.rows;
    Ok(imports.into_iter().map(|row| (row.file_hash.chars().take(12).collect(), row.file_name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(adds: Value) -> Evidence {
        Evidence {
            fact: "f".into(),
            dataset: "d".into(),
            file: "0123".into(),
            row: 2,
            resident_key: None,
            adds,
            values: vec![],
        }
    }

    #[test]
    fn rows_are_summed_up_only_when_they_are_of_one_type() {
        let cases = [
            (vec![Value::Fen(Fen(100)), Value::Fen(Fen(-50))], Some(Value::Fen(Fen(50)))),
            (vec![Value::Int(1), Value::Null, Value::Int(2)], Some(Value::Int(3))),
            (vec![Value::Int(1), Value::Fen(Fen(2))], None),
            (vec![Value::Int(i64::MAX), Value::Int(1)], None),
        ];
        for (adds, expected) in cases {
            let rows: Vec<Evidence> = adds.into_iter().map(row).collect();
            assert_eq!(sum(&rows.iter().collect::<Vec<_>>()), expected);
        }
    }
}
