//! What a change of the file in force means, row by row: rows that came, that read otherwise, that went, that stayed.

use crate::error::{LakeError, Result};
use crate::read::LakeFile;
use crate::schema::{DELIVERED_ON, DatasetSchema, FILE, HOUSEHOLD_NO, KEY_HASH, RESIDENT_KEY, ROW};
use crate::values;
use arrow::array::RecordBatch;
use arrow::row::{RowConverter, Rows, SortField};
use model::{HouseholdNo, ResidentKey};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// Of whom or what a row is that is no longer in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leaver {
    pub household_no: HouseholdNo,
    pub resident_key: Option<ResidentKey>,
}

/// Rows of one county, before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub added: u64,
    /// Rows of a key that was there before, with other values.
    pub changed: u64,
    pub removed: u64,
    pub unchanged: u64,
    /// Of whom the rows were that went, in the order of households.
    pub leavers: Vec<Leaver>,
}

/// A row's key, and a digest of what it says.
type Digest = (i64, u64);

impl Changes {
    /// From the file before to the file after, where there are any.
    pub(crate) fn between(
        schema: &DatasetSchema,
        before: Option<&LakeFile>,
        after: Option<&LakeFile>,
    ) -> Result<Changes> {
        let mut changes = Changes::default();
        let Some(before) = before else {
            changes.added = after.map_or(0, LakeFile::row_count);
            return Ok(changes);
        };
        let mut now: Vec<Digest> = Vec::new();
        if let Some(after) = after {
            each(schema, after, &mut |digest, _| now.push(digest))?;
        }
        now.sort_unstable();
        each(schema, before, &mut |(hash, digest), leaver| match now.binary_search_by_key(&hash, |(hash, _)| *hash) {
            Ok(at) if now[at].1 == digest => changes.unchanged += 1,
            Ok(_) => changes.changed += 1,
            Err(_) => {
                changes.removed += 1;
                changes.leavers.push(leaver());
            }
        })?;
        changes.added = now.len() as u64 - changes.changed - changes.unchanged;
        Ok(changes)
    }

    /// True where every row says what it said before.
    pub fn is_none(&self) -> bool {
        self.added + self.changed + self.removed == 0
    }
}

/// Goes through a file: what each row says, and of whom it is. Where it came from does not count.
fn each(schema: &DatasetSchema, file: &LakeFile, take: &mut dyn FnMut(Digest, &dyn Fn() -> Leaver)) -> Result<()> {
    let read = schema.read_schema();
    let names: Vec<String> = read.fields().iter().map(|field| field.name().clone()).collect();
    let said: Vec<usize> =
        (0..names.len()).filter(|at| ![KEY_HASH, FILE, ROW, DELIVERED_ON].contains(&names[*at].as_str())).collect();
    let fields = said.iter().map(|at| SortField::new(read.field(*at).data_type().clone())).collect();
    let converter = RowConverter::new(fields).map_err(LakeError::columns(&schema.name))?;
    for batch in file.rows(i64::MIN, i64::MAX, &names)? {
        let batch = batch?;
        let columns: Vec<_> = said.iter().map(|at| batch.column(*at).clone()).collect();
        let rows = converter.convert_columns(&columns).map_err(LakeError::columns(&schema.name))?;
        each_of(&batch, &rows, take);
    }
    Ok(())
}

fn each_of(batch: &RecordBatch, rows: &Rows, take: &mut dyn FnMut(Digest, &dyn Fn() -> Leaver)) {
    let number = |name: &str, row: usize| batch.column_by_name(name).and_then(|column| values::int_at(column, row));
    for (at, row) in rows.iter().enumerate() {
        let mut hasher = DefaultHasher::new();
        row.as_ref().hash(&mut hasher);
        let leaver = || Leaver {
            household_no: HouseholdNo(number(HOUSEHOLD_NO, at).unwrap_or_default()),
            resident_key: number(RESIDENT_KEY, at).map(ResidentKey),
        };
        take((number(KEY_HASH, at).unwrap_or_default(), hasher.finish()), &leaver);
    }
}
