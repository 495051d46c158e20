//! Records as they are stored: their fields, their child records, and where they stand in their life.

use super::field_column::FieldColumn;
use super::keys::compared_value;
use super::tables::{ChildTable, RegisterTable};
use super::values::from_row;
use crate::StoreError;
use crate::cipher::Cipher;
use crate::database::{Row, Sql, Transaction, has_nul, statement};
use model::written::fold_key;
use model::{Class, Day, RecordId, RegionCode, Value, Version};
use policy::declare::ServesAs;
use std::collections::HashMap;

/// Rows of child records: for each kind, in declared order, the values of each row's fields.
pub(crate) type Children = Vec<Vec<Vec<Value>>>;

/// Where a record stands in its life.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RecordMeta {
    pub(crate) place: Option<RegionCode>,
    pub(crate) state: Option<String>,
    pub(crate) state_on: Option<Day>,
    pub(crate) due_on: Option<Day>,
    pub(crate) entered_by: Option<String>,
    pub(crate) entered_on: Option<Day>,
    /// 1 for a new record.
    pub(crate) version: Version,
    pub(crate) is_withdrawn: bool,
}

impl RecordMeta {
    /// What counts of a standing, from place, state, deadline and withdrawal in this order.
    pub(crate) fn counted(row: &Row<'_>) -> Result<RecordMeta, StoreError> {
        let place: Option<String> = row.get(0)?;
        let due_on: Option<String> = row.get(2)?;
        Ok(RecordMeta {
            place: place.and_then(|text| text.parse().ok()),
            state: row.get(1)?,
            due_on: due_on.and_then(|text| text.parse().ok()),
            is_withdrawn: row.get::<Option<i64>>(3)?.unwrap_or_default() != 0,
            ..RecordMeta::default()
        })
    }
}

/// The row of a file that brought a record; empty for what was entered by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileRow {
    /// First digits of the file's hash.
    pub(crate) file: String,
    pub(crate) row: u32,
}

/// What a record says: its fields in declared order, and its child records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Contents<'r> {
    pub(crate) fields: &'r [Value],
    pub(crate) children: &'r Children,
}

/// A record with everything that belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct StoredRecord {
    pub(crate) id: RecordId,
    pub(crate) resident_key: Option<i64>,
    pub(crate) fields: Vec<Value>,
    pub(crate) children: Children,
    pub(crate) meta: RecordMeta,
    pub(crate) origin: FileRow,
    pub(crate) content: i64,
}

impl StoredRecord {
    pub(crate) fn contents(&self) -> Contents<'_> {
        Contents { fields: &self.fields, children: &self.children }
    }
}

/// Columns that [`RegisterTable::stored`] reads before the fields.
const BEFORE_FIELDS: usize = 12;

impl RegisterTable {
    /// What a select for [`RegisterTable::stored`] names.
    pub(crate) fn stored_columns(&self) -> String {
        let resident = if self.of_resident { "t.resident_key" } else { "null" };
        format!(
            "t.id, {resident}, t.place, t.state, t.state_on, t.due_on, t.entered_by, t.entered_on, t.version, \
             t.is_withdrawn, t.origin_file, t.origin_row, t.content, {}",
            self.selected("t")
        )
    }

    /// How many columns [`RegisterTable::stored`] reads.
    pub(crate) fn stored_width(&self) -> usize {
        BEFORE_FIELDS + 1 + self.columns.len()
    }

    /// Reads a record without its child records.
    pub(crate) fn stored(&self, cipher: &Cipher, row: &Row<'_>) -> Result<StoredRecord, StoreError> {
        let day = |index: usize| -> Result<Option<Day>, StoreError> {
            let text: Option<String> = row.get(index)?;
            text.map(|text| text.parse().map_err(|_| self.broken())).transpose()
        };
        let place: Option<String> = row.get(2)?;
        Ok(StoredRecord {
            id: row.get::<Option<RecordId>>(0)?.unwrap_or(RecordId(0)),
            resident_key: row.get(1)?,
            meta: RecordMeta {
                place: place.and_then(|text| text.parse().ok()),
                state: row.get(3)?,
                state_on: day(4)?,
                due_on: day(5)?,
                entered_by: row.get(6)?,
                entered_on: day(7)?,
                version: row.get::<Option<Version>>(8)?.unwrap_or_default(),
                is_withdrawn: row.get::<Option<i64>>(9)?.unwrap_or_default() != 0,
            },
            origin: FileRow {
                file: row.get::<Option<String>>(10)?.unwrap_or_default(),
                row: row.get::<Option<u32>>(11)?.unwrap_or_default(),
            },
            content: row.get::<Option<i64>>(BEFORE_FIELDS)?.unwrap_or_default(),
            fields: self.fields_from(cipher, row, BEFORE_FIELDS + 1)?,
            children: Vec::new(),
        })
    }

    /// The record with that id, whole.
    pub(crate) fn stored_by_id(
        &self,
        transaction: &Transaction<'_>,
        cipher: &Cipher,
        id: RecordId,
    ) -> Result<Option<StoredRecord>, StoreError> {
        let sql = format!("select {} from {} t where t.id = ?1", self.stored_columns(), self.table);
        let Some(mut stored) = transaction.first(&sql, &[id.into()], |row| self.stored(cipher, row))? else {
            return Ok(None);
        };
        self.give_children(transaction, cipher, [&mut stored])?;
        Ok(Some(stored))
    }

    /// The id of the record with this text in the register's one key field, wherever it lies.
    pub(crate) fn id_by_key(
        &self,
        transaction: &Transaction<'_>,
        cipher: &Cipher,
        key: &str,
    ) -> Result<Option<RecordId>, StoreError> {
        let column = self.register.key.first().and_then(|key| self.column(key)).map(|(_, column)| column);
        let Some(column) = column.filter(|_| self.key.len() == 1 && !has_nul(key)) else { return Ok(None) };
        let value = Value::Text(fold_key(key).into_owned());
        let Some(value) = compared_value(cipher, column, &value) else { return Ok(None) };
        let sql = format!("select t.id from {} t where t.\"{}\" = ?1", self.table, self.key[0]);
        Ok(transaction.first(&sql, &[value], |row| row.get::<Option<RecordId>>(0))?.flatten())
    }

    /// Gives records their child records, those of many at once.
    pub(crate) fn give_children<'h>(
        &self,
        transaction: &Transaction<'_>,
        cipher: &Cipher,
        records: impl IntoIterator<Item = &'h mut StoredRecord>,
    ) -> Result<(), StoreError> {
        let mut records: HashMap<RecordId, &mut StoredRecord> =
            records.into_iter().map(|stored| (stored.id, stored)).collect();
        for stored in records.values_mut() {
            stored.children = vec![Vec::new(); self.children.len()];
        }
        let ids: Vec<Sql> = records.keys().map(|id| (*id).into()).collect();
        for (at, child) in self.children.iter().enumerate() {
            for (id, row) in child.rows(transaction, cipher, &ids)? {
                if let Some(stored) = records.get_mut(&id) {
                    stored.children[at].push(row);
                }
            }
        }
        Ok(())
    }

    fn broken(&self) -> StoreError {
        StoreError::StoredValue { column: self.table.clone() }
    }
}

impl ChildTable {
    /// The rows of these records, each with its record, in their order.
    fn rows(
        &self,
        transaction: &Transaction<'_>,
        cipher: &Cipher,
        records: &[Sql],
    ) -> Result<Vec<(RecordId, Vec<Value>)>, StoreError> {
        let names: String = self.columns.iter().map(|column| format!(", \"{}\"", column.name)).collect();
        let sql = format!(
            "select record_id{names} from {} where record_id in (:list) order by record_id, position",
            self.table
        );
        statement::all_of(transaction, &sql, records, |row| {
            let columns = self.columns.iter().enumerate();
            let values = columns.map(|(index, column)| from_row(cipher, column, row, index + 1));
            Ok((row.get(0)?, values.collect::<Result<_, _>>()?))
        })
    }
}

impl RegisterTable {
    /// The fields' columns in declared order, for a `select`, each behind the table's alias.
    pub(crate) fn selected(&self, alias: &str) -> String {
        let names: Vec<String> = self.columns.iter().map(|column| format!("{alias}.\"{}\"", column.name)).collect();
        names.join(", ")
    }

    /// Reads all fields from a row that holds [`RegisterTable::selected`] from `first` on.
    pub(crate) fn fields_from(&self, cipher: &Cipher, row: &Row<'_>, first: usize) -> Result<Vec<Value>, StoreError> {
        let columns = self.columns.iter().enumerate();
        columns.map(|(index, column)| from_row(cipher, column, row, first + index)).collect()
    }
}

impl RegisterTable {
    /// True for a field that holds the name of an account: it says so, or the engine reads it as that of a deputy.
    pub(crate) fn names_account(&self, column: &FieldColumn) -> bool {
        let is_deputy = self.register.serves_as == Some(ServesAs::Deputies) && column.field.name == "account";
        column.field.names_account || is_deputy
    }

    /// What people call a record by: its key, as lists show it; `None` where a part of it is unknown, or personal.
    pub(crate) fn number(&self, fields: &[Value]) -> Option<String> {
        let parts = self.register.key.iter().map(|name| {
            let (at, column) = self.column(name)?;
            let value = fields.get(at).filter(|value| !value.is_null())?;
            (column.field.effective_class() <= Class::Internal).then(|| value.to_string())
        });
        Some(parts.collect::<Option<Vec<String>>>()?.join(" "))
    }

    /// The kind of child record that holds objections to the notice of a state, by its place; `None` where there is none.
    pub(crate) fn objections_in(&self, state: Option<&str>) -> Option<usize> {
        let mut steps = self.register.step.iter().filter(|step| state == Some(&step.to));
        let kind = steps.find_map(|step| step.publicity.as_ref()?.objections.as_deref())?;
        self.register.child.iter().position(|child| child.name == kind)
    }

    /// Names of the fields that are known.
    pub(crate) fn filled<'t>(&'t self, fields: &'t [Value]) -> impl Iterator<Item = &'t str> {
        let known =
            |value: &Value| !value.is_null() && value.as_text().is_none_or(|text| !model::written::is_blank(text));
        let filled = self.columns.iter().zip(fields).filter(move |(_, value)| known(value));
        filled.map(|(column, _)| column.field.name.as_str())
    }

    /// Names of the kinds of child record of which there are some.
    pub(crate) fn with_children<'t, 'r>(
        &'t self,
        rows: impl Iterator<Item = &'r [Vec<Value>]>,
    ) -> impl Iterator<Item = &'t str> {
        let some = self.register.child.iter().zip(rows).filter(|(_, rows)| !rows.is_empty());
        some.map(|(child, _)| child.name.as_str())
    }
}
