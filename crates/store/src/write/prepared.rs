//! A record in the form in which it is kept.

use super::draft::Draft;
use super::folded::folded_name;
use crate::cipher::Cipher;
use crate::database::{Sql, Storage};
use crate::error::refusal;
use crate::stored::field_column::FieldColumn;
use crate::stored::keys::compared_value;
use crate::stored::record::RecordMeta;
use crate::stored::tables::{ChildTable, RegisterTable};
use crate::stored::values::{Misfit, household_no, to_sql, to_text};
use crate::{Refusal, RefusalKind, StoreError};
use model::{Level, RecordId, Value};
use words::wording;

/// A record in the form in which it is kept.
pub(crate) struct Prepared {
    pub(crate) id: RecordId,
    /// One value per physical column, in their order.
    pub(crate) values: Vec<Sql>,
    /// For each kind of child record, its rows.
    pub(crate) children: Vec<Vec<Vec<Sql>>>,
    pub(crate) content: i64,
    pub(crate) household_no: Option<i64>,
}

impl Prepared {
    /// `file`: where the record came from; empty for what is entered by hand.
    pub(crate) fn new(
        cipher: &Cipher,
        table: &RegisterTable,
        draft: &Draft,
        meta: &RecordMeta,
        file: &str,
    ) -> Result<Prepared, Refusal> {
        if draft.fields.len() != table.columns.len() {
            return Err(misfit(table, draft, None));
        }
        let mut values: Vec<Sql> = Vec::with_capacity(table.columns.len() + 24);
        let mut plain: Vec<u8> = Vec::with_capacity(512);
        if table.of_resident {
            let resident = draft.resident_key.ok_or_else(|| misfit(table, draft, None))?;
            plain.extend(resident.0.to_le_bytes());
            values.push(Sql::Whole(resident.0));
        }
        for (column, value) in table.columns.iter().zip(&draft.fields) {
            place_field(cipher, column, value, &mut values, &mut plain)
                .map_err(|fault| fault.refusal(|| misfit(table, draft, Some(column))))?;
        }
        let mut children = Vec::with_capacity(table.children.len());
        for (child, rows) in table.children.iter().zip(draft.children()) {
            children.push(
                place_child(cipher, child, rows, &mut plain)
                    .map_err(|fault| fault.refusal(|| misfit(table, draft, None)))?,
            );
        }
        let by_key = Prepared::id_of(cipher, table, draft)?;
        let id = draft.id.unwrap_or(by_key);
        let content = cipher.content(&plain);
        place_record(&mut values, id, content, meta, file, draft.row);
        values.extend([key_id(id, by_key), Sql::Whole(content)]);
        let household = table.household.and_then(|index| household_no(&draft.fields[index])).map(|number| number.0);
        Ok(Prepared { id, values, children, content, household_no: household })
    }

    /// The id that the record's key gives: a keyed hash of its register and its folded key, so that it says nothing and the same
    /// record has it again, however its key is spelled.
    pub(crate) fn id_of(cipher: &Cipher, table: &RegisterTable, draft: &Draft) -> Result<RecordId, Refusal> {
        Prepared::id_by(cipher, table, draft, true)
    }

    /// The id that records have whose key was kept as it was written, before keys were folded.
    pub(crate) fn id_as_written(cipher: &Cipher, table: &RegisterTable, draft: &Draft) -> Result<RecordId, Refusal> {
        Prepared::id_by(cipher, table, draft, false)
    }

    fn id_by(cipher: &Cipher, table: &RegisterTable, draft: &Draft, is_folded: bool) -> Result<RecordId, Refusal> {
        let mut parts = format!("record id {}", table.kept).into_bytes();
        for name in &table.key {
            let column = table.columns.iter().position(|one| one.find.as_ref().unwrap_or(&one.name) == name);
            let value = match column {
                Some(index) => {
                    let (column, value) = (&table.columns[index], draft.fields.get(index).unwrap_or(&Value::Null));
                    let folded = folded_name(column, value).filter(|_| is_folded);
                    compared_value(cipher, column, folded.as_ref().unwrap_or(value))
                }
                None => draft.resident_key.map(|key| Sql::Whole(key.0)),
            };
            match value {
                Some(Sql::Whole(number)) => cover(&mut parts, Some(&number.to_le_bytes())),
                Some(Sql::Text(text)) => cover(&mut parts, Some(text.as_bytes())),
                _ => return Err(misfit(table, draft, column.map(|index| &table.columns[index]))),
            }
        }
        Ok(RecordId(cipher.content(&parts) & i64::MAX))
    }

    /// The record's name in events.
    pub(crate) fn name(&self) -> String {
        self.id.to_string()
    }
}

/// What is noted of a record whose id is not the one that its folded key gives.
pub(crate) fn key_id(id: RecordId, by_key: RecordId) -> Sql {
    if id == by_key { Sql::Null } else { by_key.into() }
}

/// In the order of [`crate::stored::tables::RECORD_COLUMNS`]; the last two are the caller's.
fn place_record(values: &mut Vec<Sql>, id: RecordId, content: i64, meta: &RecordMeta, file: &str, row: u32) {
    let text = |text: Option<String>| text.map_or(Sql::Null, Sql::Text);
    let day = |day: Option<model::Day>| text(day.map(|day| day.to_string()));
    values.extend([
        Sql::Text(file.to_owned()),
        Sql::Whole(i64::from(row)),
        Sql::Whole(content),
        id.into(),
        text(meta.place.map(|place| place.to_string())),
        text(meta.place.map(|place| place.at(Level::County).to_string())),
        text(meta.state.clone()),
        day(meta.state_on),
        day(meta.due_on),
        text(meta.entered_by.clone()),
        day(meta.entered_on),
        meta.version.into(),
        Sql::Whole(i64::from(meta.is_withdrawn)),
    ]);
}

enum Unplaceable {
    Misfit,
    Store(StoreError),
}

impl Unplaceable {
    fn refusal(self, misfit: impl FnOnce() -> Refusal) -> Refusal {
        match self {
            Unplaceable::Misfit => misfit(),
            Unplaceable::Store(error) => error.into(),
        }
    }
}

impl From<Misfit> for Unplaceable {
    fn from(_: Misfit) -> Unplaceable {
        Unplaceable::Misfit
    }
}

/// Adds a field and what is kept beside it to the columns, and its plain bytes to what the content hash covers.
fn place_field(
    cipher: &Cipher,
    column: &FieldColumn,
    value: &Value,
    values: &mut Vec<Sql>,
    plain: &mut Vec<u8>,
) -> Result<(), Unplaceable> {
    values.push(kept(cipher, column, value, plain)?);
    values.extend(column.values_beside(cipher, value)?);
    Ok(())
}

/// The value as it is kept: sealed where the field is sensitive.
fn kept(cipher: &Cipher, column: &FieldColumn, value: &Value, plain: &mut Vec<u8>) -> Result<Sql, Unplaceable> {
    if column.storage == Storage::Sealed {
        let text = to_text(column, value)?;
        cover(plain, text.as_deref().map(str::as_bytes));
        let sealed = text.map(|text| cipher.seal(&column.place, &text)).transpose().map_err(Unplaceable::Store)?;
        return Ok(sealed.map_or(Sql::Null, Sql::Bytes));
    }
    let kept = to_sql(column, value)?;
    match &kept {
        Sql::Whole(number) => cover(plain, Some(&number.to_le_bytes())),
        Sql::Text(text) => cover(plain, Some(text.as_bytes())),
        _ => cover(plain, None),
    }
    Ok(kept)
}

/// The rows of one kind of child record.
fn place_child(
    cipher: &Cipher,
    child: &ChildTable,
    rows: &[Vec<Value>],
    plain: &mut Vec<u8>,
) -> Result<Vec<Vec<Sql>>, Unplaceable> {
    cover(plain, Some(&(rows.len() as u64).to_le_bytes()));
    let mut placed = Vec::with_capacity(rows.len());
    for row in rows {
        if row.len() != child.columns.len() {
            return Err(Unplaceable::Misfit);
        }
        let values = child.columns.iter().zip(row).map(|(column, value)| kept(cipher, column, value, plain));
        placed.push(values.collect::<Result<_, _>>()?);
    }
    Ok(placed)
}

fn cover(plain: &mut Vec<u8>, bytes: Option<&[u8]>) {
    let length = bytes.map_or(u32::MAX, |bytes| bytes.len() as u32);
    plain.extend(length.to_le_bytes());
    plain.extend(bytes.unwrap_or_default());
}

fn misfit(table: &RegisterTable, draft: &Draft, column: Option<&FieldColumn>) -> Refusal {
    let field = column.map_or_else(|| wording!("any_field"), FieldColumn::label);
    let (kind, register) = (RefusalKind::Invalid, table.label());
    match draft.row {
        0 => refusal!("record_misfit", kind, register, field),
        row => refusal!("row_misfit", kind, register, row, field),
    }
}
