//! What opening a database with a package would change, told before it is done.

use super::beside::indexes_beside;
use super::compatibility::SchemaCompatibility;
use super::fill::count_waiting;
use super::leads::count_leads;
use super::open::register_tables;
use super::recode::next_records;
use super::schema;
use crate::cipher::Cipher;
use crate::database::{Database, Location, Storage, Transaction};
use crate::stored::calculated::calculated_again;
use crate::stored::old_codes::OldCodes;
use crate::stored::tables::RegisterTable;
use crate::write::basis::{basis_of, noted};
use crate::{Declarations, Store, StoreError, StoreKey};
use model::{Day, RecordId};
use sea_query::TableCreateStatement;
use std::collections::BTreeMap;

/// What opening and settling would change. Everything only grows: nothing that is kept is taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Plan {
    /// Tables that would be made.
    pub tables: Vec<String>,
    /// Columns that would be added, as `(table, column)`.
    pub columns: Vec<(String, String)>,
    /// Indexes that would be built, as `(table, index)`.
    pub indexes: Vec<(String, String)>,
    /// Records of an earlier form that would get their id, place and version, as `(register, records)`.
    pub filled_in: Vec<(String, u64)>,
    /// Things that go by another name than the one under which they are kept, as `(old, new, day, reason)`. They do not move.
    pub renamed: Vec<(String, String, Day, String)>,
    /// Tables and columns that a change says are removed, as `(table, column)`; no column for whole tables. They stay.
    pub removed: Vec<(String, String)>,
    /// Tables and columns that nothing of the package stands for any more, in the same way; they stay too.
    pub left: Vec<(String, String)>,
    /// Records whose codes would be carried over.
    pub recoded: Vec<Recoding>,
    /// Records of which a calculated field would change, as `(register, records)`; all records where the field is new.
    pub recalculated: Vec<(String, u64)>,
    /// Records without a value in a field that must be filled in, as `(register, field, records)`. They stay as they are until
    /// somebody corrects them.
    pub lacking: Vec<(String, String, u64)>,
    /// Records with a code that its list does not have and no change leads on from, as `(register, field, code, records)`. They
    /// keep it and show it as it is.
    pub unknown_codes: Vec<(String, String, String, u64)>,
    /// What does not fit, with file and line: the package cannot be opened.
    pub refused: Vec<String>,
}

/// Codes of a field that became others.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Recoding {
    pub register: String,
    /// `field`, or `child.field`.
    pub field: String,
    /// Old and new codes.
    pub codes: Vec<(String, String)>,
    pub records: u64,
}

impl Plan {
    /// True when opening and settling would change nothing.
    pub fn is_empty(&self) -> bool {
        let Plan { tables, columns, indexes, filled_in, recoded, recalculated, refused, .. } = self;
        let is_built = tables.is_empty() && columns.is_empty() && indexes.is_empty();
        is_built && filled_in.is_empty() && recoded.is_empty() && recalculated.is_empty() && refused.is_empty()
    }
}

impl Store {
    /// What [`Store::open`] and [`Store::backfill`] would change with this package on a day; nothing is changed here.
    ///
    /// # Errors
    /// `NoDatabase`, `WrongKey`, `NewerForm`, `Declaration`.
    pub fn plan(
        location: impl Into<Location>,
        package: impl Into<Declarations>,
        key: &StoreKey,
        today: Day,
    ) -> Result<Plan, StoreError> {
        let (location, declarations) = (location.into(), package.into());
        let Some(database) = Database::open_existing(&location)? else {
            return Err(StoreError::NoDatabase { path: location.to_string().into() });
        };
        let (tables, cipher) = (register_tables(&declarations)?, Cipher::new(key));
        database.read(|transaction| {
            schema::check_form_only(transaction, &cipher)?;
            let compatibility = SchemaCompatibility::of(transaction, &tables, &declarations)?;
            let mut plan = Plan {
                refused: compatibility.refused.iter().map(ToString::to_string).collect(),
                left: compatibility.left,
                removed: compatibility.removed,
                renamed: renamed(&declarations),
                ..Plan::default()
            };
            let engine = crate::stored::system_tables::create_tables(transaction.dialect());
            plan.grow(transaction, &engine, &crate::stored::system_tables::create_indexes())?;
            for table in tables.values() {
                let before = (plan.columns.len(), plan.tables.len());
                let is_there = !transaction.column_types(&table.table)?.is_empty();
                plan.grow(transaction, &table.create(), &table.indexes())?;
                // What does not fit cannot be read either.
                if is_there && plan.refused.is_empty() {
                    let is_whole = (plan.columns.len(), plan.tables.len()) == before;
                    let look = Look { transaction, cipher: &cipher, declarations: &declarations, today, is_whole };
                    plan.look_at(&look, table)?;
                }
            }
            let leads = count_leads(transaction)?;
            if let Some(raised) = tables.values().find(|table| table.register.is_raised()).filter(|_| leads > 0) {
                plan.filled_in.push((raised.name.clone(), leads));
            }
            Ok(plan)
        })
    }
}

fn renamed(declarations: &Declarations) -> Vec<(String, String, Day, String)> {
    let renames = declarations.changes.renames().iter();
    renames.map(|one| (one.old.clone(), one.new.clone(), one.from, one.reason.clone())).collect()
}

/// What the records of a table are looked at with.
struct Look<'a> {
    transaction: &'a Transaction<'a>,
    cipher: &'a Cipher,
    declarations: &'a Declarations,
    today: Day,
    /// Every declared table and column is there.
    is_whole: bool,
}

impl Plan {
    fn grow(
        &mut self,
        transaction: &Transaction<'_>,
        tables: &[TableCreateStatement],
        indexes: &[sea_query::IndexCreateStatement],
    ) -> Result<(), StoreError> {
        for table in tables {
            let Some(sea_query::TableRef::Table(name, _)) = table.get_table_name() else { continue };
            let name = name.1.to_string();
            let present = transaction.column_types(&name)?;
            if present.is_empty() {
                self.tables.push(name);
                continue;
            }
            let missing = table.get_columns().iter().map(|column| column.get_column_name());
            let missing = missing.filter(|column| !present.contains_key(column));
            self.columns.extend(missing.map(|column| (name.clone(), column)));
        }
        for index in transaction.missing_indexes(indexes)? {
            let Some(name) = index.get_index_spec().get_name() else { continue };
            let table = name.split("_by_").next().unwrap_or_default();
            self.indexes.push((table.to_owned(), name.to_owned()));
        }
        Ok(())
    }

    /// Records that wait for something: to be filled in, carried over, calculated again, or completed by people.
    fn look_at(&mut self, look: &Look<'_>, table: &RegisterTable) -> Result<(), StoreError> {
        let transaction = look.transaction;
        let present = transaction.column_types(&table.table)?;
        let waiting = match present.contains_key("id") {
            true => count_waiting(transaction, table, i64::MAX as u64)?,
            false => transaction.count_rows(&table.table)?,
        };
        if waiting > 0 {
            self.filled_in.push((table.name.clone(), waiting));
        }
        let names = transaction.index_names()?;
        let beside = indexes_beside(table).into_iter().filter(|(name, _)| !names.contains(name));
        self.indexes.extend(beside.map(|(name, _)| (table.table.clone(), name)));
        let of_old_codes = OldCodes::of(look.cipher, table, look.declarations, None);
        for codes in OldCodes::not_indexed(transaction, of_old_codes)? {
            self.indexes.push((codes.table().to_owned(), codes.index_name()));
        }
        self.look_at_codes(look, table, &present)?;
        self.look_at_required(look, table, &present)?;
        self.look_at_calculated(look, table)
    }

    fn look_at_codes(
        &mut self,
        look: &Look<'_>,
        table: &RegisterTable,
        present: &BTreeMap<String, Storage>,
    ) -> Result<(), StoreError> {
        let transaction = look.transaction;
        for codes in OldCodes::of(look.cipher, table, look.declarations, Some(look.today)) {
            let is_there = !transaction.column_types(codes.table())?.is_empty() && look.is_whole;
            let records = if is_there { codes.count(transaction, i64::MAX as u64)? } else { 0 };
            if records > 0 {
                let (field, codes) = codes.shown(table);
                self.recoded.push(Recoding { register: table.name.clone(), field, codes, records });
            }
        }
        for column in &table.columns {
            let list = column.field.codes.as_ref().and_then(|name| Some((name, look.declarations.codes.get(name)?)));
            let is_read = column.storage == Storage::Text && !column.field.many && present.contains_key(&column.name);
            let Some((list_name, list)) = list.filter(|_| is_read) else { continue };
            let sql = format!(
                "select \"{0}\", count(*) from {1} where \"{0}\" is not null group by \"{0}\" order by 1",
                column.name, table.table
            );
            let recoded = look.declarations.changes.recoded(list_name);
            let counted: Vec<(String, u64)> = transaction.all(&sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
            for (code, records) in counted {
                let is_known =
                    list.code.iter().any(|known| known.code == code) || recoded.iter().any(|known| known.old == code);
                if !is_known {
                    self.unknown_codes.push((table.name.clone(), column.field.name.clone(), code, records));
                }
            }
        }
        Ok(())
    }

    fn look_at_required(
        &mut self,
        look: &Look<'_>,
        table: &RegisterTable,
        present: &BTreeMap<String, Storage>,
    ) -> Result<(), StoreError> {
        for column in table.columns.iter().filter(|column| column.field.required) {
            let records = match present.contains_key(&column.name) {
                true => {
                    let sql = format!("select count(*) from {} where \"{}\" is null", table.table, column.name);
                    look.transaction.first(&sql, &[], |row| row.get(0))?.unwrap_or_default()
                }
                false => look.transaction.count_rows(&table.table)?,
            };
            if records > 0 {
                self.lacking.push((table.name.clone(), column.field.name.clone(), records));
            }
        }
        Ok(())
    }

    fn look_at_calculated(&mut self, look: &Look<'_>, table: &RegisterTable) -> Result<(), StoreError> {
        let Some(basis) = basis_of(table, look.declarations, look.today) else { return Ok(()) };
        let transaction = look.transaction;
        if noted(transaction, table)?.as_ref() == Some(&basis) {
            return Ok(());
        }
        let records = match look.is_whole && self.filled_in.iter().all(|(name, _)| *name != table.name) {
            true => count_changing(look, table)?,
            false => transaction.count_rows(&table.table)?,
        };
        if records > 0 {
            self.recalculated.push((table.name.clone(), records));
        }
        Ok(())
    }
}

/// How many records would have another value in a calculated field.
fn count_changing(look: &Look<'_>, table: &RegisterTable) -> Result<u64, StoreError> {
    let codes = OldCodes::of(look.cipher, table, look.declarations, Some(look.today));
    let (mut after, mut changing) = (RecordId::MIN, 0);
    loop {
        let records = next_records(look.transaction, look.cipher, table, after)?;
        let Some(last) = records.last() else { return Ok(changing) };
        after = last.id;
        for mut stored in records {
            for one in &codes {
                one.replace(table, &mut stored.fields, &mut stored.children, look.declarations);
            }
            let now = calculated_again(look.declarations, table, &stored, look.today);
            changing += u64::from(now.contents() != stored.contents());
        }
    }
}
