//! Deliveries that stand become one file: of rows with one key the later delivery's, without those that gave way.

use crate::error::Result;
use crate::read::LakeFile;
use crate::runs::{Merging, Source};
use crate::schema::{DatasetSchema, HOUSEHOLD_NO, KEY_HASH, RESIDENT_KEY};
use crate::standing::Standing;
use crate::storage::Storage;
use crate::values;
use crate::write::FileWriter;
use model::{HouseholdNo, RegionCode};

/// Whether a household is in a place.
pub type InPlace<'a> = &'a dyn Fn(HouseholdNo, RegionCode) -> bool;

/// What was merged.
pub(crate) struct MergedFile {
    /// Name of the file, which is its hash.
    pub hash: String,
    pub rows: u64,
    /// How many rows of each delivery are among them.
    pub rows_of: Vec<u64>,
}

/// Merges the deliveries of a county into a file beside their own.
///
/// # Errors
/// `File` or `Parquet` when the disk fails.
pub(crate) fn merge(
    storage: &Storage,
    folder: &str,
    schema: &DatasetSchema,
    in_place: InPlace<'_>,
    stands: &[Standing<'_>],
) -> Result<MergedFile> {
    let files = stands
        .iter()
        .map(|stands| LakeFile::open(storage.locate(&format!("{folder}/{}", stands.delivered.file))?, schema));
    let files = files.collect::<Result<Vec<_>>>()?;
    let winners = winners(&files, stands, in_place)?;
    let mut rows_of = vec![0; files.len()];
    winners.iter().for_each(|(_, source)| rows_of[*source as usize] += 1);
    // Lists from which only a few rows are left over stand for long: those without any are not read again.
    let with_rows = files.into_iter().enumerate().filter(|(at, _)| rows_of[*at] > 0);
    let (at, files) = with_rows.unzip::<_, _, Vec<_>, Vec<_>>();
    let mut merging = Merging::new(schema, Source::files(schema, &files)?)?;
    let mut writer = FileWriter::create(storage, folder, schema)?;
    while let Some(batch) = merging.next(&mut |row| {
        let found = winners.binary_search_by_key(&row.hash, |(hash, _)| *hash);
        found.is_ok_and(|found| winners[found].1 as usize == at[row.source])
    })? {
        writer.write(&batch)?;
    }
    let (hash, rows) = writer.finish()?;
    Ok(MergedFile { hash, rows, rows_of })
}

/// For every key the last delivery whose row of it did not give way, sorted by key. A file has each key once.
fn winners(files: &[LakeFile], stands: &[Standing<'_>], in_place: InPlace<'_>) -> Result<Vec<(i64, u32)>> {
    let mut keys = Vec::new();
    for (source, (file, stands)) in files.iter().zip(stands).enumerate() {
        each_row(file, &mut |key, household, person| {
            let is_cut = stands.cut.iter().any(|cut| {
                let is_there = cut.place.is_none_or(|place| in_place(household, place));
                is_there && !cut.spared.holds(key, person)
            });
            keys.extend((!is_cut).then_some((key, source as u32)));
        })?;
    }
    keys.sort_unstable();
    keys.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        kept.1 = if same { later.1 } else { kept.1 };
        same
    });
    Ok(keys)
}

/// Goes through a file: key, household, and whom a row is of (the resident, else the household).
pub(crate) fn each_row(file: &LakeFile, take: &mut dyn FnMut(i64, HouseholdNo, i64)) -> Result<()> {
    for batch in file.rows(i64::MIN, i64::MAX, &[HOUSEHOLD_NO, RESIDENT_KEY, KEY_HASH].map(str::to_owned))? {
        let batch = batch?;
        let number = |column: usize, row: usize| values::int_at(batch.column(column), row);
        for row in 0..batch.num_rows() {
            let household = number(0, row).unwrap_or_default();
            take(number(2, row).unwrap_or_default(), HouseholdNo(household), number(1, row).unwrap_or(household));
        }
    }
    Ok(())
}
