//! A whole list for an export: its records and their child records, each read once, all of one state of the database.

use super::records::{BEFORE_CELLS, Beside, Ordering, Scoped};
use crate::database::Transaction;
use crate::read::{RecordQuery, RecordRow, View};
use crate::stored::field_column::FieldColumn;
use crate::stored::tables::RegisterTable;
use crate::stored::values::from_row;
use crate::{Refusal, StoreError};
use model::Value;
use policy::declare::{Permission, Register};

/// A row of an export.
#[derive(Clone, Debug, PartialEq)]
pub enum Exported {
    /// A record, with the columns asked for.
    Record(RecordRow),
    /// A child record: its kind's place among the declared ones, its record with the key as the only cells, and its own values.
    Child { kind: usize, record: RecordRow, values: Vec<Value> },
}

/// A list on its way out.
struct List<'l> {
    table: &'l RegisterTable,
    ordering: Ordering<'l>,
    scope: Scoped,
}

type Each<'e> = &'e mut dyn FnMut(Exported) -> Result<(), String>;

impl View<'_> {
    /// Gives every record of the list, whole and as the role may see it, in the list's order; then, kind by kind and in the same
    /// order, their child records, `with_children`. Few rows are in memory at a time. Returns how many records there were.
    ///
    /// # Errors
    /// As [`View::records`]; `NotAllowed` where the role may not take the register away; `Stopped` where `each` says so.
    pub fn export(
        &self,
        register: &str,
        query: RecordQuery<'_>,
        with_children: bool,
        each: Each<'_>,
    ) -> Result<u64, Refusal> {
        let table = self.table_to_export(register)?;
        let ordering = self.ordering(table, query.order)?;
        let shown = self.shown_columns(table, query.columns)?;
        let Some(scope) = self.scope(table, query.filter)? else { return Ok(0) };
        let list = List { table, ordering, scope };
        let given = self.read_within(&list.scope.span, |transaction| {
            let given = self.export_rows(transaction, &list, &shown, each)?;
            for kind in 0..if with_children { table.children.len() } else { 0 } {
                self.export_kind(transaction, &list, kind, each)?;
            }
            Ok(given)
        })?;
        Ok(given)
    }

    /// As [`View::export`], without child records.
    ///
    /// # Errors
    /// As [`View::export`].
    pub fn export_records(
        &self,
        register: &str,
        query: RecordQuery<'_>,
        each: &mut dyn FnMut(RecordRow) -> Result<(), String>,
    ) -> Result<u64, Refusal> {
        self.export(register, query, false, &mut |row| match row {
            Exported::Record(row) => each(row),
            Exported::Child { .. } => Ok(()),
        })
    }

    fn export_rows(
        &self,
        transaction: &Transaction<'_>,
        list: &List<'_>,
        shown: &[&FieldColumn],
        each: Each<'_>,
    ) -> Result<u64, StoreError> {
        let heads = self.heads_of_households(list.table);
        let with_heads = heads.is_some();
        let select = self.select_rows(list.table, &list.ordering, shown, &heads.unwrap_or_default());
        let sql = format!("{select}{} order by {}", list.scope.conditions.text, list.by());
        let mut given = 0;
        transaction.each(&sql, &list.scope.conditions.values, |row| {
            given += 1;
            let mut record = self.record_row(shown, row)?.0;
            if with_heads {
                let name: Option<String> = row.get(BEFORE_CELLS + shown.len())?;
                record.head_name = Some(name.map(|name| self.name_shown(&name)).unwrap_or_default());
            }
            each(Exported::Record(record)).map_err(StoreError::Stopped)
        })?;
        Ok(given)
    }

    /// The column with the name of the head, and how its table is joined, for records about households that are read by somebody who
    /// sees households.
    fn heads_of_households(&self, table: &RegisterTable) -> Option<Beside> {
        let household = &self.store.inner.tables["household"];
        let name = household.person_name.map(|index| &household.columns[index].name)?;
        if !self.shows_heads(&table.register, &table.name) {
            return None;
        }
        let join = format!(
            " left join {} h on h.household_no = t.household_no and coalesce(h.is_withdrawn, 0) = 0",
            household.table
        );
        Some(Beside { column: format!(", h.\"{name}\""), join })
    }

    /// True where an export of the register names the head of each record's household beside it.
    pub fn shows_heads(&self, register: &Register, name: &str) -> bool {
        name != "household" && register.field_named("household_no").is_some() && self.may(Permission::SeeHouseholds)
    }

    fn export_kind(
        &self,
        transaction: &Transaction<'_>,
        list: &List<'_>,
        kind: usize,
        each: Each<'_>,
    ) -> Result<(), StoreError> {
        let (table, child) = (list.table, &list.table.children[kind]);
        let keys = table.register.key.iter().filter_map(|name| table.column(name));
        let keys: Vec<&FieldColumn> = keys.map(|(_, column)| column).collect();
        let own: String = child.columns.iter().map(|column| format!(", c.\"{}\"", column.name)).collect();
        let of_record: String = keys.iter().map(|column| format!(", t.\"{}\"", column.name)).collect();
        let sql = format!(
            "select t.id, t.place, '', t.state, t.due_on, t.version, null{of_record}{own} from {} t join {} c on \
             c.record_id = t.id{} order by {}, c.position",
            table.table,
            child.table,
            list.scope.conditions.text,
            list.by()
        );
        let first = BEFORE_CELLS + keys.len();
        transaction.each(&sql, &list.scope.conditions.values, |row| {
            let columns = child.columns.iter().enumerate();
            let values = columns.map(|(index, column)| {
                let value = from_row(&self.store.inner.cipher, column, row, first + index)?;
                Ok(self.field_shown(&column.field, value).value)
            });
            let values = values.collect::<Result<Vec<Value>, StoreError>>()?;
            let record = self.record_row(&keys, row)?.0;
            each(Exported::Child { kind, record, values }).map_err(StoreError::Stopped)
        })
    }
}

impl List<'_> {
    /// What the list is in order by: unknown values last, as on its pages.
    fn by(&self) -> String {
        let direction = if self.ordering.descending { "desc" } else { "asc" };
        match &self.ordering.column {
            Some((name, _)) => format!("(t.\"{name}\" is null), t.\"{name}\" {direction}, t.id {direction}"),
            None => "t.id".to_owned(),
        }
    }
}
