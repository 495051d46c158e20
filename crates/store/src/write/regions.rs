//! Names of places come in; other fields of the register of places stay as they are.

use super::change::UnitOfWork;
use crate::stored::tables::RegisterTable;
use crate::{Receipt, Record, Refusal, Region, StoreError};
use model::{Level, Value};
use words::wording;

impl UnitOfWork<'_> {
    pub(super) fn save_regions(&mut self, regions: &[Region]) -> Result<Receipt, Refusal> {
        self.only_system(wording!("act_keep_regions"))?;
        let table = &self.inner.tables["region"];
        let mut records = Vec::with_capacity(regions.len());
        for (index, region) in regions.iter().enumerate() {
            let stored = self.stored_place(table, region)?;
            let mut fields = stored.unwrap_or_else(|| vec![Value::Null; table.columns.len()]);
            for (column, field) in table.columns.iter().zip(&mut fields) {
                if let Some(text) = region_field(region, &column.field.name, table.register.key.first()) {
                    *field = Value::Text(text);
                }
            }
            records.push(Record { row: index as u32 + 1, fields, ..Record::default() });
        }
        self.save_records(table, "", records)
    }
}

impl UnitOfWork<'_> {
    /// The fields of the place as they are held.
    fn stored_place(&self, table: &RegisterTable, region: &Region) -> Result<Option<Vec<Value>>, StoreError> {
        let sql = format!("select {} from {} t where t.\"{}\" = ?1", table.selected("t"), table.table, table.key[0]);
        let cipher = &self.inner.cipher;
        self.transaction.first(&sql, &[region.code.to_string().into()], |row| table.fields_from(cipher, row, 0))
    }
}

/// The text of the field of that name, for the names that the engine knows.
fn region_field(region: &Region, name: &str, key: Option<&String>) -> Option<String> {
    match name {
        _ if key.is_some_and(|key| key == name) => Some(region.code.to_string()),
        "name" => Some(region.name.clone()),
        "short" => Some(region.short.clone()),
        "level" => Some(level_name(region.code.level()).to_owned()),
        "parent" => parent(region).map(|code| code.to_string()),
        _ => None,
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Province => "province",
        Level::Prefecture => "prefecture",
        Level::County => "county",
        Level::Township => "township",
        Level::Village => "village",
    }
}

/// The place around this one.
fn parent(region: &Region) -> Option<model::RegionCode> {
    let above = match region.code.level() {
        Level::Province => return None,
        Level::Prefecture => Level::Province,
        Level::County => Level::Prefecture,
        Level::Township => Level::County,
        Level::Village => Level::Township,
    };
    Some(region.code.at(above))
}
