//! The rows behind facts: found again in the files by their position, and checked against the fact's own condition.

use crate::error::Result;
use crate::lake::{DELIVERED_ON, FILE, HOUSEHOLD_NO, LakeFile, RESIDENT_KEY, ROW, stored_name};
use crate::plan::{Climb, HOUSEHOLD, NOBODY, Program, Proof, RESIDENT, SourceFact, SourcePlan, Step};
use crate::run::{Chunk, CountyFiles, SourceColumns, Stretch, calculated, truths};
use crate::values::{self, ColumnType};
use datafusion::arrow::array::{Array, ArrayRef, RecordBatch};
use model::{Evidence, Value};
use policy::declare::Grain;
use policy::expression::AggregateFunction;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// Facts whose rows are wanted, each with the residents or households (positions in the chunk) they are wanted for.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    sources: BTreeMap<String, BTreeSet<usize>>,
    residents: BTreeSet<usize>,
    households: BTreeSet<usize>,
}

impl Wanted {
    /// Wants what proves `proof` for the row `row` of the table `over`.
    pub(crate) fn add(&mut self, program: &Program, chunk: &Chunk, proof: &Proof, over: Grain, row: usize) -> Result<()> {
        for row in rows_of(chunk, proof, over, row) {
            match proof {
                Proof::Source { fact, .. } => {
                    self.sources.entry(fact.clone()).or_default().insert(row);
                }
                Proof::Climb { fact, below } => {
                    for (resident, _) in counted(program, chunk, fact, row)? {
                        self.residents.insert(resident);
                        for proof in below {
                            self.add(program, chunk, proof, Grain::Resident, resident)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Wants the register's own row.
    pub(crate) fn add_register_row(&mut self, over: Grain, row: usize) {
        let rows = if over == Grain::Resident { &mut self.residents } else { &mut self.households };
        rows.insert(row);
    }
}

/// The rows of the proof's own grain that stand behind a row of the table `over`.
fn rows_of(chunk: &Chunk, proof: &Proof, over: Grain, row: usize) -> Vec<usize> {
    let grain = match proof {
        Proof::Source { over, .. } => *over,
        Proof::Climb { .. } => Grain::Household,
    };
    match (over, grain) {
        (Grain::Resident, Grain::Household) => {
            let slot = chunk.resident_households[row];
            if slot == NOBODY { Vec::new() } else { vec![slot as usize] }
        }
        (Grain::Household, Grain::Resident) => chunk.residents_of(chunk.numbers[row]).collect(),
        _ => vec![row],
    }
}

/// Rows that were found, by fact and position.
#[derive(Debug, Default)]
pub(crate) struct Proven {
    sources: HashMap<(String, usize), Vec<Evidence>>,
    residents: HashMap<usize, (String, u32)>,
    households: HashMap<usize, (String, u32)>,
}

/// Reads the wanted rows.
pub(crate) fn prove(program: &Program, files: &CountyFiles, chunk: &Chunk, wanted: &Wanted) -> Result<Proven> {
    let mut proven = Proven {
        households: register_rows(Some(&files.household), &chunk.household_rows, &wanted.households)?,
        residents: register_rows(files.resident.as_ref(), &chunk.resident_rows, &wanted.residents)?,
        ..Proven::default()
    };
    for (position, plan) in program.sources.iter().enumerate() {
        let facts: Vec<(&SourceFact, &BTreeSet<usize>)> =
            plan.facts.iter().filter_map(|fact| Some((fact, wanted.sources.get(&fact.fact)?))).collect();
        if let Some(file) = &files.sources[position]
            && !facts.is_empty()
        {
            source_rows(plan, file, chunk, &chunk.source_rows[position], &facts, &mut proven)?;
        }
    }
    Ok(proven)
}

/// File and row number of rows of a register, by position in the chunk.
fn register_rows(
    file: Option<&LakeFile>,
    stretches: &[Stretch],
    wanted: &BTreeSet<usize>,
) -> Result<HashMap<usize, (String, u32)>> {
    let mut found = HashMap::with_capacity(wanted.len());
    let Some(file) = file else { return Ok(found) };
    if wanted.is_empty() {
        return Ok(found);
    }
    let mut positions = Vec::with_capacity(wanted.len());
    let mut before = 0;
    for stretch in stretches {
        let rows = stretch.batch.num_rows();
        for at in wanted.range(before..before + rows) {
            extend(&mut positions, stretch.start + at - before);
        }
        before += rows;
    }
    let mut wanted = wanted.iter();
    for batch in file.rows_at(&positions, &[FILE.to_owned(), ROW.to_owned()])? {
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

fn source_rows(
    plan: &SourcePlan,
    file: &LakeFile,
    chunk: &Chunk,
    stretches: &[Stretch],
    facts: &[(&SourceFact, &BTreeSet<usize>)],
    proven: &mut Proven,
) -> Result<()> {
    let mut households: BTreeSet<i64> = BTreeSet::new();
    for (fact, rows) in facts {
        households.extend(rows.iter().map(|row| match fact.over {
            Grain::Resident => chunk.resident_numbers.value(*row),
            _ => chunk.numbers[*row],
        }));
    }
    let mut positions = Vec::new();
    for stretch in stretches {
        let numbers = stretch.households();
        for household in &households {
            let first = numbers.partition_point(|number| number < household);
            let count = numbers[first..].iter().take_while(|number| *number == household).count();
            (first..first + count).for_each(|row| extend(&mut positions, stretch.start + row));
        }
    }
    let declared = plan.schema.columns.iter().map(|column| stored_name(&column.name));
    let own = [HOUSEHOLD_NO, RESIDENT_KEY, FILE, ROW].map(str::to_owned);
    let names: Vec<String> = own.into_iter().chain(declared).chain([DELIVERED_ON.to_owned()]).collect();
    for batch in file.rows_at(&positions, &names)? {
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
                let argument = fact.argument.map(|argument| {
                    values::value_at(&arguments[argument], self.plan.arguments[argument].result, row)
                });
                if let Some(adds) = contribution(fact.function, argument).filter(|_| counts) {
                    let evidence = self.evidence(&fact.fact, adds, row);
                    proven.sources.entry((fact.fact.clone(), slot)).or_default().push(evidence);
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
            adds,
            values: values.collect(),
        }
    }
}

/// What a row that counts adds; `None` when it adds nothing and proves nothing.
fn contribution(function: AggregateFunction, argument: Option<Value>) -> Option<Value> {
    match (function, argument) {
        (AggregateFunction::Count, _) => Some(Value::Int(1)),
        (AggregateFunction::Any, Some(Value::Bool(false))) => None,
        (_, argument) => argument.filter(|value| !value.is_null()),
    }
}

/// The residents that a climbing fact counts in a household, and what each adds.
fn counted(program: &Program, chunk: &Chunk, fact: &str, household: usize) -> Result<Vec<(usize, Value)>> {
    let Some(climb) = climb_of(program, fact) else { return Ok(Vec::new()) };
    let residents = chunk.residents_of(chunk.numbers[household]);
    let (offset, length) = (residents.start, residents.len());
    let part = |place: usize| Ok(chunk.column(Grain::Resident, place)?.slice(offset, length));
    let filter = match &climb.filter {
        Some(filter) => Some(filter.evaluate(fact, length, part)?),
        None => None,
    };
    let argument = match &climb.argument {
        Some(argument) => Some((argument.evaluate(fact, length, part)?, argument.result)),
        None => None,
    };
    let mut found = Vec::new();
    for row in 0..length {
        let counts = filter.as_ref().is_none_or(|filter| values::bool_at(filter, row) == Some(true));
        let value = argument.as_ref().map(|(values, column_type)| values::value_at(values, *column_type, row));
        if let Some(adds) = contribution(climb.function, value).filter(|_| counts) {
            found.push((offset + row, adds));
        }
    }
    Ok(found)
}

fn climb_of<'a>(program: &'a Program, fact: &str) -> Option<&'a Climb> {
    program.steps.iter().find_map(|step| match step {
        Step::Climb { fact: known, climb, .. } if known == fact => Some(climb),
        _ => None,
    })
}

impl Proven {
    /// The rows that prove `proof` for a row of the table `over`.
    pub(crate) fn of(
        &self,
        program: &Program,
        chunk: &Chunk,
        proof: &Proof,
        over: Grain,
        row: usize,
    ) -> Result<Vec<Evidence>> {
        let mut found = Vec::new();
        for row in rows_of(chunk, proof, over, row) {
            match proof {
                Proof::Source { fact, .. } => {
                    found.extend(self.sources.get(&(fact.clone(), row)).into_iter().flatten().cloned());
                }
                Proof::Climb { fact, below } => {
                    for (resident, adds) in counted(program, chunk, fact, row)? {
                        let shown = climb_of(program, fact).map(inputs).unwrap_or_default();
                        found.push(self.register_row(program, chunk, Grain::Resident, resident, fact, adds, &shown)?);
                        for proof in below {
                            found.extend(self.of(program, chunk, proof, Grain::Resident, resident)?);
                        }
                    }
                }
            }
        }
        Ok(found)
    }

    /// The register's own row as evidence, with the values at the places `shown`.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn register_row(
        &self,
        program: &Program,
        chunk: &Chunk,
        over: Grain,
        row: usize,
        fact: &str,
        adds: Value,
        shown: &[usize],
    ) -> Result<Evidence> {
        let (places, dataset) = match over {
            Grain::Resident => (&self.residents, RESIDENT),
            _ => (&self.households, HOUSEHOLD),
        };
        let (file, number) = places.get(&row).cloned().unwrap_or_default();
        let columns = &program.table(over).columns;
        let mut values = Vec::with_capacity(shown.len());
        for place in shown {
            let value = values::value_at(&chunk.column(over, *place)?, columns.type_at(*place), row);
            values.push((columns.name_at(*place).to_owned(), value));
        }
        Ok(Evidence { fact: fact.to_owned(), dataset: dataset.to_owned(), file, row: number, adds, values })
    }
}

/// Places that a climb reads, each once, ascending.
fn inputs(climb: &Climb) -> Vec<usize> {
    let places: BTreeSet<usize> =
        climb.filter.iter().chain(&climb.argument).flat_map(|planned| planned.inputs.iter().copied()).collect();
    places.into_iter().collect()
}
