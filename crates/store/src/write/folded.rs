//! Names of records, folded as they are compared.

use super::draft::Draft;
use crate::RefusedRow;
use crate::database::Storage;
use crate::stored::field_column::FieldColumn;
use crate::stored::tables::RegisterTable;
use model::written::{fold_key, has_unknown_letters};
use model::{Kind, Value};
use words::advice;

/// The text of a field that names a record, folded; `None` for other fields and for texts that are folded already.
pub(super) fn folded_name(column: &FieldColumn, value: &Value) -> Option<Value> {
    let names =
        column.storage == Storage::Text && matches!(column.field.kind, Kind::Text | Kind::Reference | Kind::Name);
    let text = value.as_text().filter(|_| names)?;
    let folded = fold_key(text);
    (folded != text).then(|| if folded.is_empty() { Value::Null } else { Value::Text(folded.into_owned()) })
}

/// Folds what names the record itself, and what names others.
pub(super) fn fold_names(table: &RegisterTable, draft: &mut Draft) {
    for (column, value) in table.columns.iter().zip(&mut draft.fields) {
        let is_key = table.register.key.contains(&column.field.name) && column.field.kind != Kind::Name;
        let names = is_key || column.field.kind == Kind::Reference;
        if let Some(folded) = folded_name(column, value).filter(|_| names) {
            *value = folded;
        }
    }
}

/// What is told of names with letters that only the system that wrote them can show.
pub(super) fn unknown_letters(table: &RegisterTable, draft: &Draft) -> Vec<RefusedRow> {
    let names = table.columns.iter().zip(&draft.fields).filter(|(column, _)| column.field.kind == Kind::Name);
    let unknown = names.filter(|(_, value)| value.as_text().is_some_and(has_unknown_letters));
    let remark = |column: &FieldColumn| {
        RefusedRow::new(
            draft.row,
            advice!("name_with_unknown_letters", field = column.label()),
            vec![column.field.name.clone()],
        )
    };
    unknown.map(|(column, _)| remark(column)).collect()
}
