//! Child records of a whole list: what an export writes on further sheets.

use super::{RecordFilter, RecordRow, View};
use crate::record::from_row;
use crate::{Refusal, StoreError};
use model::Value;

impl View {
    /// Gives every child record of one kind (its place among the declared ones) of the records of a list, in the order of the
    /// records' ids: the record with its key as the only cells, and the child's values, masked as the role may see them.
    /// Returns how many there were.
    ///
    /// # Errors
    /// As [`View::export_records`].
    pub fn export_children(
        &self,
        register: &str,
        filter: &RecordFilter,
        kind: usize,
        each: &mut dyn FnMut(RecordRow, Vec<Value>) -> Result<(), String>,
    ) -> Result<u64, Refusal> {
        let table = self.table_to_export(register)?;
        let Some(child) = table.children.get(kind) else { return Ok(0) };
        let keys = self.shown_columns(table, &table.register.key)?;
        let Some((span, scope)) = self.scope(table, filter)? else { return Ok(0) };
        let own: String = child.columns.iter().map(|column| format!(", c.\"{}\"", column.name)).collect();
        let of_record: String = keys.iter().map(|column| format!(", t.\"{}\"", column.name)).collect();
        let sql = format!(
            "select t.id, t.place, '', t.state, t.due_on, t.version, null{of_record}{own} from {} t join {} c on \
             c.record_id = t.id{} order by t.id, c.position",
            table.table, child.table, scope.text
        );
        let first = super::records::BEFORE_CELLS + keys.len();
        let mut given = 0;
        self.store.inner.database.read_as(&span.0, &span.1, |transaction| {
            transaction.each(&sql, &scope.values, |row| {
                given += 1;
                let columns = child.columns.iter().enumerate();
                let values = columns.map(|(index, column)| {
                    let value = from_row(&self.store.inner.cipher, column, row, first + index)?;
                    Ok(self.field_shown(&column.field, value).value)
                });
                let values = values.collect::<Result<Vec<Value>, StoreError>>()?;
                each(self.record_row(&keys, row)?.0, values).map_err(StoreError::Stopped)
            })
        })?;
        Ok(given)
    }
}
