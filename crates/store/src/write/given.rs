//! Values that are given by hand, put into a draft.

use super::draft::Draft;
use super::folded::fold_names;
use crate::command::{Rows, STORED_ROW};
use crate::error::refusal;
use crate::stored::field_column::FieldColumn;
use crate::stored::record::Children;
use crate::stored::tables::RegisterTable;
use crate::stored::values::to_sql;
use crate::{Refusal, RefusalKind, StoreError};
use model::Value;
use policy::declare::Step;
use words::Wording;

/// Puts given values into a draft. Fields that are not declared, or calculated, are refused.
pub(super) fn fill(
    table: &RegisterTable,
    draft: &mut Draft,
    fields: &[(String, Value)],
    children: &[(String, Rows)],
) -> Result<(), Refusal> {
    for (name, value) in fields {
        let (index, column) =
            table.column(name).filter(|(_, one)| one.field.is_entered()).ok_or_else(|| unknown_field(table, name))?;
        draft.fields[index] = fitting(column, value)?;
    }
    let mut all: Children = draft.children.take().unwrap_or_default();
    all.resize(table.children.len(), Vec::new());
    for (name, rows) in children {
        let index = table.register.child.iter().position(|child| child.name == *name);
        let index = index.ok_or_else(|| unknown_field(table, name))?;
        let columns = &table.children[index].columns;
        let stored = std::mem::take(&mut all[index]);
        all[index] = rows.iter().map(|row| child_row(table, columns, row, &stored)).collect::<Result<_, _>>()?;
    }
    draft.children = Some(all);
    fold_names(table, draft);
    Ok(())
}

/// A row of child records; it begins from a stored one where it says so.
fn child_row(
    table: &RegisterTable,
    columns: &[FieldColumn],
    given: &[(String, Value)],
    stored: &[Vec<Value>],
) -> Result<Vec<Value>, Refusal> {
    let mut row = vec![Value::Null; columns.len()];
    for (name, value) in given {
        if name == STORED_ROW {
            let number = value.as_i64().and_then(|number| usize::try_from(number).ok());
            row = number.and_then(|number| stored.get(number)).cloned().ok_or_else(|| unknown_field(table, name))?;
            continue;
        }
        let index = columns.iter().position(|column| column.field.name == *name);
        let index = index.ok_or_else(|| unknown_field(table, name))?;
        row[index] = fitting(&columns[index], value)?;
    }
    match columns.iter().zip(&row).find(|(column, value)| column.field.required && is_blank(value)) {
        Some((column, _)) => Err(refusal!("field_empty", RefusalKind::Invalid, field = column.label())
            .about(vec![column.field.name.clone()])),
        None => Ok(row),
    }
}

fn fitting(column: &FieldColumn, value: &Value) -> Result<Value, Refusal> {
    let value = if is_blank(value) { &Value::Null } else { value };
    if value.as_text().is_some_and(crate::database::has_nul) {
        return Err(Refusal::from(StoreError::Nul).about(vec![column.field.name.clone()]));
    }
    if to_sql(column, value).is_ok() {
        return Ok(value.clone());
    }
    Err(refusal!("value_misfit", RefusalKind::Invalid, field = column.label()).about(vec![column.field.name.clone()]))
}

fn unknown_field(table: &RegisterTable, name: &str) -> Refusal {
    let declared = table.register.field_named(name);
    let field = declared.map_or_else(|| Wording::same(name), |field| Wording::pair(&field.label, &field.label_en));
    refusal!("field_not_asked", RefusalKind::Invalid, field).about(vec![name.to_owned()])
}

/// Fills in what a step brings; only what it asks for.
pub(super) fn fill_for_step(
    table: &RegisterTable,
    draft: &mut Draft,
    step: &str,
    given: &[(String, Value)],
) -> Result<(), Refusal> {
    let declared = table.register.step.iter().find(|declared| declared.name == step);
    let asked = |name: &String| declared.is_none_or(|step| is_asked(step, name));
    if let Some((name, _)) = given.iter().find(|(name, _)| !asked(name)) {
        return Err(unknown_field(table, name));
    }
    fill(table, draft, given, &[])
}

/// The photo of a notice and the reason are asked for like every other field.
fn is_asked(step: &Step, name: &String) -> bool {
    let photo = step.publicity.as_ref().and_then(|publicity| publicity.photo.as_ref());
    step.asks_for(name) || photo == Some(name) || step.reason.as_ref() == Some(name)
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_text().is_some_and(model::written::is_blank)
}
