//! The rows behind facts: found again in the files by their position, and held against the fact's own condition.

use super::proven::{Proven, contribution};
use crate::error::Result;
use crate::plan::{SourceFact, SourcePlan};
use crate::run::{Chunk, SourceColumns, calculated, household_numbers, truths};
use arrow::array::{Array, ArrayRef, RecordBatch};
use lake::values::{self, ColumnType};
use lake::{CountyRows, DELIVERED_ON, FILE, HOUSEHOLD_NO, RESIDENT_KEY, ROW, Stretch, stored_name};
use model::{Evidence, ResidentKey, Value};
use policy::declare::Grain;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// File and row number of rows of a register, by position in the chunk.
pub(super) fn register_rows(
    rows: Option<&dyn CountyRows>,
    stretches: &[Stretch],
    wanted: &BTreeSet<usize>,
) -> Result<HashMap<usize, (String, u32)>> {
    let mut found = HashMap::with_capacity(wanted.len());
    let Some(rows) = rows else { return Ok(found) };
    if wanted.is_empty() {
        return Ok(found);
    }
    let mut positions = Vec::with_capacity(wanted.len());
    let mut before = 0;
    for stretch in stretches {
        let length = stretch.batch.num_rows();
        for at in wanted.range(before..before + length) {
            extend(&mut positions, stretch.start + at - before);
        }
        before += length;
    }
    let mut wanted = wanted.iter();
    for batch in rows.at(&positions, &[FILE.to_owned(), ROW.to_owned()])? {
        let batch = batch?;
        for (row, at) in (0..batch.num_rows()).zip(wanted.by_ref()) {
            found.insert(*at, place_at(&batch, 0, row));
        }
    }
    Ok(found)
}

/// Appends a position to ascending ranges.
fn extend(ranges: &mut Vec<Range<usize>>, position: usize) {
    match ranges.last_mut() {
        Some(last) if last.end == position => last.end = position + 1,
        _ => ranges.push(position..position + 1),
    }
}

/// File and row number, in columns `first` and `first + 1`.
fn place_at(batch: &RecordBatch, first: usize, row: usize) -> (String, u32) {
    let file = values::text_at(batch.column(first), row).unwrap_or_default().to_owned();
    (file, values::row_number_at(batch.column(first + 1), row))
}

pub(super) fn source_rows(
    plan: &SourcePlan,
    rows: &dyn CountyRows,
    chunk: &Chunk,
    stretches: &[Stretch],
    facts: &[(&SourceFact, &BTreeSet<usize>)],
    proven: &mut Proven,
) -> Result<()> {
    let mut wanted: BTreeSet<i64> = BTreeSet::new();
    for (fact, rows) in facts {
        wanted.extend(rows.iter().map(|row| match fact.over {
            Grain::Resident => chunk.resident_numbers.value(*row),
            _ => chunk.numbers[*row],
        }));
    }
    let mut positions = Vec::new();
    for stretch in stretches {
        let numbers = household_numbers(stretch);
        for household in &wanted {
            let first = numbers.partition_point(|number| number < household);
            let count = numbers[first..].iter().take_while(|number| *number == household).count();
            (first..first + count).for_each(|row| extend(&mut positions, stretch.start + row));
        }
    }
    let declared = plan.schema.columns.iter().map(|column| stored_name(&column.name));
    let own = [HOUSEHOLD_NO, RESIDENT_KEY, FILE, ROW].map(str::to_owned);
    let names: Vec<String> = own.into_iter().chain(declared).chain([DELIVERED_ON.to_owned()]).collect();
    for batch in rows.at(&positions, &names)? {
        Rows { plan, chunk, batch: batch?, own: 4 }.prove(facts, proven)?;
    }
    Ok(())
}

/// Rows of a source with all columns: keys, file, row, declared columns, day of delivery.
struct Rows<'a> {
    plan: &'a SourcePlan,
    chunk: &'a Chunk,
    batch: RecordBatch,
    /// Columns before the declared ones.
    own: usize,
}

impl Rows<'_> {
    fn prove(&self, facts: &[(&SourceFact, &BTreeSet<usize>)], proven: &mut Proven) -> Result<()> {
        let columns: Vec<Option<ArrayRef>> = (0..=self.plan.delivered())
            .map(|place| Some(calculated(self.batch.column(self.own + place), self.plan.columns.type_at(place))))
            .collect();
        let columns = SourceColumns::of(columns, self.batch.num_rows());
        let conditions = columns.evaluate(self.plan, &self.plan.conditions)?;
        let arguments = columns.evaluate(self.plan, &self.plan.arguments)?;
        for row in 0..self.batch.num_rows() {
            let household = values::int_at(self.batch.column(0), row).unwrap_or_default();
            let key = values::int_at(self.batch.column(1), row);
            let resident = key.and_then(|key| self.chunk.resident_at(household, key));
            for (fact, wanted) in facts {
                let slot = match fact.over {
                    Grain::Resident => resident,
                    _ => self.chunk.household_at(household),
                };
                let Some(slot) = slot.filter(|slot| wanted.contains(slot)) else { continue };
                let counts = fact.condition.is_none_or(|condition| {
                    let truths = truths(&conditions[condition]);
                    truths.is_valid(row) && truths.value(row)
                });
                let argument = fact
                    .argument
                    .map(|argument| values::value_at(&arguments[argument], self.plan.arguments[argument].result, row));
                if let Some(adds) = contribution(fact.function, argument).filter(|_| counts) {
                    let evidence = self.evidence(&fact.fact, adds, row);
                    let rows = proven.sources.entry(fact.fact.clone()).or_default();
                    rows.entry(slot).or_default().push(evidence);
                }
            }
        }
        Ok(())
    }

    fn evidence(&self, fact: &str, adds: Value, row: usize) -> Evidence {
        let (file, number) = place_at(&self.batch, 2, row);
        let values = self.plan.schema.columns.iter().enumerate().filter_map(|(place, column)| {
            let column_type = ColumnType::of_kind(column.kind)?;
            let value = values::value_at(self.batch.column(self.own + place), column_type, row);
            (!value.is_null()).then(|| (column.name.clone(), value))
        });
        Evidence {
            fact: fact.to_owned(),
            dataset: self.plan.schema.name.clone(),
            file,
            row: number,
            resident_key: values::int_at(self.batch.column(1), row).map(ResidentKey),
            adds,
            values: values.collect(),
        }
    }
}
