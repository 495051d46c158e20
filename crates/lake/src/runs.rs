//! Sorted runs of rows, and their merging into one file: a few thousand rows of each at a time.

use crate::error::{LakeError, Result};
use crate::read::{LakeFile, LakeRows};
use crate::schema::{DatasetSchema, FILE, HOUSEHOLD_NO, KEY_HASH, RESIDENT_KEY, ROW};
use crate::values;
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch};
use arrow::compute::{
    SortColumn, SortOptions, cast, concat_batches, interleave_record_batch, lexsort_to_indices, take_record_batch,
};
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Rows that are written at once: whole pages, so that the bytes of a file depend on its rows alone.
const ROWS_OUT: usize = 16_384;
/// Rows that all runs together have in memory.
const ROWS_IN: usize = 65_536;
/// Batches that may be held beside two of each source.
const BATCHES_HELD: usize = 16;
/// Rows of one run that are read at once, at least.
const ROWS_OF_RUN_MIN: usize = 256;

fn failed(schema: &DatasetSchema) -> impl Fn(ArrowError) -> LakeError + '_ {
    |error| LakeError::columns(&schema.name)(error)
}

/// The batch sorted by household, resident (rows about the household first) and key.
pub(crate) fn sorted(schema: &DatasetSchema, batch: &RecordBatch) -> Result<RecordBatch> {
    let options = Some(SortOptions { descending: false, nulls_first: true });
    let columns: Vec<SortColumn> = [HOUSEHOLD_NO, RESIDENT_KEY, KEY_HASH]
        .into_iter()
        .filter_map(|name| batch.column_by_name(name))
        .map(|values| SortColumn { values: values.clone(), options })
        .collect();
    let order = lexsort_to_indices(&columns, None).map_err(failed(schema))?;
    take_record_batch(batch, &order).map_err(failed(schema))
}

/// The batch with texts as the file schema has them (they are read as views).
fn with_plain_texts(schema: &DatasetSchema, batch: &RecordBatch) -> Result<RecordBatch> {
    let file_schema = schema.file_schema();
    let columns = batch.columns().iter().zip(file_schema.fields());
    let columns: std::result::Result<Vec<ArrayRef>, ArrowError> =
        columns.map(|(column, field)| cast(column, field.data_type())).collect();
    RecordBatch::try_new(file_schema.clone(), columns.map_err(failed(schema))?).map_err(failed(schema))
}

/// Household, resident and key of a row: what rows are sorted by.
type Key = (i64, Option<i64>, i64);

/// Where a row stands: of rows with the same key the greatest counts.
type Place = (u32, String, i64, Option<i64>);

fn place_at(batch: &RecordBatch, row: usize) -> Place {
    let number = |name: &str| batch.column_by_name(name).and_then(|column| values::int_at(column, row));
    // Texts stand plainly in memory and as views where they were read.
    let file = batch.column_by_name(FILE).map_or("", |column| match column.as_string_opt::<i32>() {
        Some(plain) => plain.value(row),
        None => values::text_at(column, row).unwrap_or_default(),
    });
    let row_number = batch.column_by_name(ROW).map_or(0, |column| values::row_number_at(column, row));
    (row_number, file.to_owned(), number(HOUSEHOLD_NO).unwrap_or_default(), number(RESIDENT_KEY))
}

/// Of every key that was delivered more than once, the place of the row that counts; `None` once it was taken.
#[derive(Debug, Default)]
pub(crate) struct Best(HashMap<i64, Option<Place>>);

impl Best {
    /// `keys`: all that were delivered, sorted.
    pub(crate) fn of(keys: &[i64], runs: &[LakeFile], held: Option<&RecordBatch>) -> Result<Best> {
        let twice = keys.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| (pair[0], None));
        let mut best = Best(twice.collect());
        if best.0.is_empty() {
            return Ok(best);
        }
        let names = [HOUSEHOLD_NO, RESIDENT_KEY, KEY_HASH, FILE, ROW].map(str::to_owned);
        for run in runs {
            for batch in run.rows(i64::MIN, i64::MAX, &names)? {
                best.look(&batch?);
            }
        }
        held.iter().for_each(|batch| best.look(batch));
        Ok(best)
    }

    fn look(&mut self, batch: &RecordBatch) {
        let hashes = numbers(batch, KEY_HASH);
        for (row, hash) in hashes.values().iter().enumerate() {
            if let Some(best) = self.0.get_mut(hash) {
                let place = place_at(batch, row);
                if best.as_ref().is_none_or(|best| *best < place) {
                    *best = Some(place);
                }
            }
        }
    }

    /// True for the row that counts, the first time it is met.
    pub(crate) fn counts(&mut self, hash: i64, batch: &RecordBatch, row: usize) -> bool {
        match self.0.get_mut(&hash) {
            None => true,
            Some(best) => best.take_if(|best| *best == place_at(batch, row)).is_some(),
        }
    }
}

fn numbers(batch: &RecordBatch, name: &str) -> Int64Array {
    batch.column_by_name(name).expect("every lake file has the lake's own columns").as_primitive::<Int64Type>().clone()
}

/// Sorted rows that come batch by batch.
pub(crate) struct Source {
    rows: Option<LakeRows>,
    /// A batch that is in memory already.
    ready: Option<RecordBatch>,
    /// The batch that is read, its place among those held, and the next row of it.
    held_at: usize,
    row: usize,
    keys: Option<[Int64Array; 3]>,
}

impl Source {
    /// The runs of a delivery and what of it is in memory.
    pub(crate) fn runs(schema: &DatasetSchema, runs: &[LakeFile], held: Option<RecordBatch>) -> Result<Vec<Source>> {
        let mut sources = Source::files(schema, runs)?;
        sources.extend(held.map(|batch| Source::new(None, Some(batch))));
        Ok(sources)
    }

    /// Whole files of the lake.
    pub(crate) fn files(schema: &DatasetSchema, files: &[LakeFile]) -> Result<Vec<Source>> {
        let batch_rows = (ROWS_IN / files.len().max(1)).clamp(ROWS_OF_RUN_MIN, ROWS_OUT);
        files.iter().map(|file| Ok(Source::new(Some(file.all_rows(schema, batch_rows)?), None))).collect()
    }

    fn new(rows: Option<LakeRows>, ready: Option<RecordBatch>) -> Source {
        Source { rows, ready, held_at: 0, row: 0, keys: None }
    }

    fn next_batch(&mut self, schema: &DatasetSchema) -> Result<Option<RecordBatch>> {
        if let Some(batch) = self.ready.take() {
            return Ok(Some(batch));
        }
        match self.rows.as_mut().and_then(Iterator::next) {
            Some(batch) => with_plain_texts(schema, &batch?).map(Some),
            None => Ok(None),
        }
    }

    /// What the next row is sorted by.
    fn key(&self) -> Option<Key> {
        let [households, residents, hashes] = self.keys.as_ref().filter(|keys| self.row < keys[0].len())?;
        let resident = residents.is_valid(self.row).then(|| residents.value(self.row));
        Some((households.value(self.row), resident, hashes.value(self.row)))
    }
}

/// A row that comes next when sources are merged.
pub(crate) struct Candidate<'a> {
    /// Which source it is of.
    pub source: usize,
    pub hash: i64,
    pub batch: &'a RecordBatch,
    /// Its row in the batch.
    pub at: usize,
}

/// Merges sources: the rows that count, sorted.
pub(crate) struct Merging<'a> {
    schema: &'a DatasetSchema,
    sources: Vec<Source>,
    waiting: BinaryHeap<Reverse<(Key, usize)>>,
    /// Batches from which the rows of the next output come.
    held: Vec<RecordBatch>,
}

impl<'a> Merging<'a> {
    pub(crate) fn new(schema: &'a DatasetSchema, sources: Vec<Source>) -> Result<Merging<'a>> {
        let (waiting, held) = (BinaryHeap::new(), Vec::new());
        let mut merging = Merging { schema, sources, waiting, held };
        for source in 0..merging.sources.len() {
            merging.advance(source)?;
        }
        Ok(merging)
    }

    /// The next rows among those that `counts` takes, as many as are written at once; `None` at the end.
    pub(crate) fn next(&mut self, counts: &mut dyn FnMut(Candidate<'_>) -> bool) -> Result<Option<RecordBatch>> {
        let mut pieces = Vec::new();
        let mut taken: Vec<(usize, usize)> = Vec::with_capacity(ROWS_OUT);
        let mut rows = 0;
        while rows < ROWS_OUT {
            let Some(Reverse(((_, _, hash), source))) = self.waiting.pop() else { break };
            let (held_at, at) = (self.sources[source].held_at, self.sources[source].row);
            let batch = &self.held[held_at];
            if counts(Candidate { source, hash, batch, at }) {
                taken.push((held_at, at));
                rows += 1;
            }
            self.sources[source].row += 1;
            self.advance(source)?;
            // Rows that do not count keep nothing in memory.
            if self.held.len() > 2 * self.sources.len() + BATCHES_HELD {
                pieces.extend(self.piece(&mut taken)?);
            }
        }
        pieces.extend(self.piece(&mut taken)?);
        match pieces.len() {
            0 | 1 => Ok(pieces.pop()),
            _ => concat_batches(&pieces[0].schema(), &pieces).map(Some).map_err(failed(self.schema)),
        }
    }

    /// The rows that were taken, if there are any; batches without rows left are let go.
    fn piece(&mut self, taken: &mut Vec<(usize, usize)>) -> Result<Option<RecordBatch>> {
        let batches: Vec<&RecordBatch> = self.held.iter().collect();
        let piece = match taken.is_empty() {
            true => None,
            false => Some(interleave_record_batch(&batches, taken).map_err(failed(self.schema))?),
        };
        taken.clear();
        self.let_go();
        Ok(piece)
    }

    /// Lines up the next row of a source, from its next batch where this one is at its end.
    fn advance(&mut self, at: usize) -> Result<()> {
        let source = &mut self.sources[at];
        while source.key().is_none() {
            let Some(batch) = source.next_batch(self.schema)? else { return Ok(()) };
            source.keys = Some([HOUSEHOLD_NO, RESIDENT_KEY, KEY_HASH].map(|name| numbers(&batch, name)));
            (source.held_at, source.row) = (self.held.len(), 0);
            self.held.push(batch);
        }
        self.waiting.extend(source.key().map(|key| Reverse((key, at))));
        Ok(())
    }

    /// Keeps only the batches that have rows left.
    fn let_go(&mut self) {
        let before = std::mem::take(&mut self.held);
        for source in self.sources.iter_mut().filter(|source| source.key().is_some()) {
            self.held.push(before[source.held_at].clone());
            source.held_at = self.held.len() - 1;
        }
    }
}
