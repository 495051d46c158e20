//! Whole reads for the engine itself: rows for the lake, verified bands. People read through views.

use crate::database::{Row, values};
use crate::stored::field_column::FieldColumn;
use crate::stored::keys::RegionSpan;
use crate::stored::tables::RegisterTable;
use crate::{Store, StoreError, VerifiedBand};
use model::{HouseholdNo, LakeRow, RegionCode, ResidentKey, Value};

impl Store {
    /// Gives every record of a register about households or residents inside `region` that was not withdrawn, ordered by household number and
    /// resident key, as rows for the lake: the values of the fields that may enter it, in declared order.
    /// Returns the number of rows.
    ///
    /// # Errors
    /// `Declaration` for a register without household numbers; `Stopped` with the text that `each` gave.
    pub fn snapshot(
        &self,
        register: &str,
        region: RegionCode,
        each: &mut dyn FnMut(LakeRow) -> Result<(), String>,
    ) -> Result<u64, StoreError> {
        let table = self.with_households(register)?;
        let RegionSpan { first, last } = RegionSpan::of(region);
        let sql = self.snapshot_sql(table, &format!("t.origin_file, t.origin_row, t.content, {}", table.selected("t")));
        self.inner.database.read(|transaction| {
            let mut given = 0;
            transaction.each(&sql, values![first, last], |row| {
                given += 1;
                each(self.lake_row(table, row)?).map_err(StoreError::Stopped)
            })?;
            Ok(given)
        })
    }

    /// Gives household, resident and these fields of every record of a register about residents inside `region`, in the order of
    /// [`Store::snapshot`]; unlike that also fields that never enter the lake, such as names. What is no field is unknown.
    ///
    /// # Errors
    /// As [`Store::snapshot`].
    pub fn members(
        &self,
        register: &str,
        region: RegionCode,
        fields: &[&str],
        each: &mut dyn FnMut(HouseholdNo, ResidentKey, Vec<Value>) -> Result<(), String>,
    ) -> Result<(), StoreError> {
        let table = self.with_households(register)?;
        let RegionSpan { first, last } = RegionSpan::of(region);
        let columns: Vec<_> = fields.iter().map(|field| table.column(field).map(|(_, column)| column)).collect();
        let name =
            |column: &Option<&FieldColumn>| column.map_or("null".to_owned(), |one| format!("t.\"{}\"", one.name));
        let sql = self.snapshot_sql(table, &columns.iter().map(name).collect::<Vec<_>>().join(", "));
        self.inner.database.read(|transaction| {
            transaction.each(&sql, values![first, last], |row| {
                let Some(resident_key) = row.get::<Option<i64>>(1)? else { return Ok(()) };
                let value = |column: &Option<&FieldColumn>, at: usize| match column {
                    Some(column) => crate::stored::values::from_row(&self.inner.cipher, column, row, 2 + at),
                    None => Ok(Value::Null),
                };
                let values = columns
                    .iter()
                    .zip(0..)
                    .map(|(column, at)| value(column, at))
                    .collect::<Result<Vec<_>, StoreError>>()?;
                each(HouseholdNo(row.get(0)?), ResidentKey(resident_key), values).map_err(StoreError::Stopped)
            })
        })
    }

    fn with_households(&self, register: &str) -> Result<&RegisterTable, StoreError> {
        let table = self.inner.tables.get(register).filter(|table| table.household.is_some());
        table.ok_or_else(|| StoreError::Declaration {
            register: register.to_owned(),
            why: "it has no household numbers, so it has no rows for the lake".to_owned(),
        })
    }

    /// What was withdrawn should not have been there: neither it counts, nor the members of a household that was.
    fn snapshot_sql(&self, table: &RegisterTable, columns: &str) -> String {
        let households = &self.inner.tables["household"];
        let place = households.region.map_or("", |index| households.columns[index].name.as_str());
        let resident = if table.of_resident { "t.resident_key" } else { "null" };
        let order = if table.of_resident { ", t.resident_key" } else { "" };
        format!(
            "select t.household_no, {resident}, {columns} \
               from {table} t join r_household h on h.household_no = t.household_no \
              where h.\"{place}\" between ?1 and ?2 \
                and coalesce(t.is_withdrawn, 0) = 0 and coalesce(h.is_withdrawn, 0) = 0 \
              order by t.household_no{order}",
            table = table.table,
        )
    }

    fn lake_row(&self, table: &RegisterTable, row: &Row<'_>) -> Result<LakeRow, StoreError> {
        let household_no = HouseholdNo(row.get(0)?);
        let resident_key = row.get::<Option<i64>>(1)?.map(ResidentKey);
        let mut values: Vec<Value> = Vec::with_capacity(table.columns.len());
        for (index, column) in table.columns.iter().enumerate() {
            if column.field.stands_in_lake() {
                values.push(crate::stored::values::from_row(&self.inner.cipher, column, row, 5 + index)?);
            }
        }
        let key = format!("{}/{}/{}", table.kept, household_no, resident_key.map_or(0, |key| key.0));
        Ok(LakeRow {
            household_no,
            resident_key,
            key_hash: self.inner.cipher.content(key.as_bytes()),
            file: row.get(2)?,
            row: row.get(3)?,
            values,
        })
    }

    /// Number of the last event that changed what [`Store::snapshot`] gives of the register in that county; 0 where there is
    /// none. Registers that have their place from the household move with the households too.
    pub fn register_version(&self, register: &str, county: RegionCode) -> Result<i64, StoreError> {
        let county = county.at(model::Level::County).to_string();
        let own_place = self.inner.tables.get(register).is_some_and(|table| table.region.is_some());
        let register = self.inner.declarations.changes.kept_register(register);
        let placing = if own_place { register } else { "household" };
        self.inner.database.read(|transaction| {
            let sql = "select coalesce(max(seq), 0) from event where register in (?1, ?2) and chain = ?3";
            Ok(transaction.first(sql, values![register, placing, county], |row| row.get(0))?.unwrap_or(0))
        })
    }

    /// Bands in which reasons were verified by closing their lead, for the next screening; ordered, the highest of each.
    pub fn verified(&self) -> Result<Vec<VerifiedBand>, StoreError> {
        self.inner.database.read(|transaction| {
            transaction.all(include_str!("../sql/verified_bands.sql"), values![], |row| {
                Ok(VerifiedBand {
                    household_no: HouseholdNo(row.get(0)?),
                    rule: row.get(1)?,
                    resident_key: row.get::<Option<i64>>(2)?.map(ResidentKey),
                    band: row.get(3)?,
                })
            })
        })
    }
}
