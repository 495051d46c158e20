//! A stretch of households with everything that a plan calculates for them and their residents.

use super::cursor::{Cursor, household_numbers, numbers};
use super::elsewhere::Elsewhere;
use super::registers::CountyRegisters;
use crate::error::{AnalysisError, Result};
use crate::plan::{Accumulator, Climb, NOBODY, Planned, Program, SourcePlan, Step, Table};
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, UInt32Array, new_null_array};
use arrow::compute::{concat, take};
use arrow::datatypes::{DataType, Decimal128Type};
use lake::values::ColumnType;
use lake::{CountyRows, DELIVERED_ON, HOUSEHOLD_NO, RESIDENT_KEY, Stretch, stored_name};
use model::ResidentKey;
use policy::declare::Grain;
use std::ops::Range;
use std::sync::Arc;

/// Cursors over all rows of a county, moving together.
pub(crate) struct CountyCursors<'a> {
    program: &'a Program,
    elsewhere: &'a Elsewhere,
    household: Cursor<'a>,
    resident: Option<Cursor<'a>>,
    sources: Vec<Option<Cursor<'a>>>,
    last: i64,
}

impl<'a> CountyCursors<'a> {
    /// Cursors over the households from `first` to `last`, both included.
    pub(crate) fn open(
        program: &'a Program,
        registers: &'a CountyRegisters,
        first: i64,
        last: i64,
    ) -> Result<CountyCursors<'a>> {
        let open = |rows: &'a dyn CountyRows, names: Vec<String>| {
            let mut cursor = Cursor::open(rows, first, last, &names)?;
            if first > i64::MIN {
                cursor.take_until(first - 1)?;
            }
            Ok(cursor)
        };
        let sources = program.sources.iter().zip(&registers.sources).map(|(plan, rows)| match rows {
            Some(rows) => open(&**rows, source_names(plan)).map(Some),
            None => Ok(None),
        });
        Ok(CountyCursors {
            program,
            elsewhere: &registers.elsewhere,
            household: open(&*registers.household, table_names(&program.households, &[HOUSEHOLD_NO]))?,
            resident: match &registers.resident {
                Some(rows) => Some(open(&**rows, table_names(&program.residents, &[HOUSEHOLD_NO, RESIDENT_KEY]))?),
                None => None,
            },
            sources: sources.collect::<Result<Vec<_>>>()?,
            last,
        })
    }

    /// The next `households` households with all that is calculated for them; `None` at the end.
    pub(crate) fn next(&mut self, households: usize) -> Result<Option<Chunk>> {
        let mut household_rows = self.household.take_rows(households)?;
        for stretch in &mut household_rows {
            let end = household_numbers(stretch).partition_point(|number| *number <= self.last);
            *stretch = Stretch { batch: stretch.batch.slice(0, end), start: stretch.start };
        }
        household_rows.retain(|stretch| stretch.batch.num_rows() > 0);
        let Some(last) = household_rows.last().and_then(|stretch| household_numbers(stretch).last().copied()) else {
            return Ok(None);
        };
        let resident_rows = match &mut self.resident {
            Some(cursor) => cursor.take_until(last)?,
            None => Vec::new(),
        };
        let source_rows = self.sources.iter_mut().map(|cursor| match cursor {
            Some(cursor) => cursor.take_until(last),
            None => Ok(Vec::new()),
        });
        let source_rows = source_rows.collect::<Result<Vec<_>>>()?;
        Chunk::calculate(self.program, self.elsewhere, household_rows, resident_rows, source_rows).map(Some)
    }
}

fn table_names(table: &Table, keys: &[&str]) -> Vec<String> {
    let declared = table.read.iter().map(|place| stored_name(&table.schema.columns[*place].name));
    keys.iter().map(|key| (*key).to_owned()).chain(declared).collect()
}

fn source_names(plan: &SourcePlan) -> Vec<String> {
    let read = plan.read.iter().map(|place| match plan.schema.columns.get(*place) {
        Some(column) => stored_name(&column.name),
        None => DELIVERED_ON.to_owned(),
    });
    [HOUSEHOLD_NO.to_owned(), RESIDENT_KEY.to_owned()].into_iter().chain(read).collect()
}

/// Households in ascending order with their residents, and the columns of both by place.
pub(crate) struct Chunk {
    /// Numbers of the households.
    pub numbers: Vec<i64>,
    /// Keys of the residents, in the order of their households.
    pub resident_keys: Int64Array,
    /// Household numbers of the residents.
    pub resident_numbers: Int64Array,
    /// For each resident the position of its household, or `NOBODY`.
    pub resident_households: Vec<u32>,
    households: Vec<Option<ArrayRef>>,
    residents: Vec<Option<ArrayRef>>,
    /// The rows that were read, for finding them again: household register, resident register, sources.
    pub household_rows: Vec<Stretch>,
    pub resident_rows: Vec<Stretch>,
    pub source_rows: Vec<Vec<Stretch>>,
}

impl Chunk {
    fn calculate(
        program: &Program,
        elsewhere: &Elsewhere,
        household_rows: Vec<Stretch>,
        resident_rows: Vec<Stretch>,
        source_rows: Vec<Vec<Stretch>>,
    ) -> Result<Chunk> {
        let numbers: Vec<i64> =
            household_rows.iter().flat_map(|stretch| household_numbers(stretch).iter().copied()).collect();
        let resident_keys = whole_numbers(&resident_rows, 1)?;
        let of_residents = whole_numbers(&resident_rows, 0)?;
        let resident_households = household_slots(of_residents.values(), &numbers, &mut 0);
        let mut chunk = Chunk {
            households: columns_of(&program.households, &household_rows, 1, numbers.len())?,
            residents: columns_of(&program.residents, &resident_rows, 2, resident_keys.len())?,
            numbers,
            resident_keys,
            resident_numbers: of_residents.clone(),
            resident_households,
            household_rows,
            resident_rows,
            source_rows,
        };
        for (position, plan) in program.sources.iter().enumerate() {
            chunk.sum_source(plan, position, of_residents.values())?;
        }
        for step in &program.steps {
            chunk.step(step, elsewhere)?;
        }
        Ok(chunk)
    }

    /// Number of rows of a table.
    pub(crate) fn rows(&self, over: Grain) -> usize {
        if over == Grain::Resident { self.resident_keys.len() } else { self.numbers.len() }
    }

    /// The column at a place of the table of a grain.
    pub(crate) fn column(&self, over: Grain, place: usize) -> Result<ArrayRef> {
        let columns = if over == Grain::Resident { &self.residents } else { &self.households };
        columns
            .get(place)
            .and_then(Option::clone)
            .ok_or_else(|| AnalysisError::plan("column", format!("place {place} is not calculated yet")))
    }

    /// The values of an expression for every row of its table.
    pub(crate) fn evaluate(&self, over: Grain, of: &str, planned: &Planned) -> Result<ArrayRef> {
        planned.evaluate(of, self.rows(over), |place| self.column(over, place))
    }

    /// Position of a household.
    pub(crate) fn household_at(&self, household: i64) -> Option<usize> {
        self.numbers.binary_search(&household).ok()
    }

    /// Positions of a household's residents.
    pub(crate) fn residents_of(&self, household: i64) -> Range<usize> {
        let numbers = self.resident_numbers.values();
        numbers.partition_point(|number| *number < household)..numbers.partition_point(|number| *number <= household)
    }

    /// Position of a resident.
    pub(crate) fn resident_at(&self, household: i64, key: i64) -> Option<usize> {
        self.residents_of(household).find(|at| self.resident_keys.is_valid(*at) && self.resident_keys.value(*at) == key)
    }

    /// Key of the resident at a position.
    pub(crate) fn key_at(&self, resident: usize) -> Option<ResidentKey> {
        self.resident_keys.is_valid(resident).then(|| ResidentKey(self.resident_keys.value(resident)))
    }

    fn put(&mut self, over: Grain, place: usize, column: ArrayRef) {
        let columns = if over == Grain::Resident { &mut self.residents } else { &mut self.households };
        if columns.len() <= place {
            columns.resize(place + 1, None);
        }
        columns[place] = Some(column);
    }

    fn step(&mut self, step: &Step, elsewhere: &Elsewhere) -> Result<()> {
        match step {
            Step::Derive { over, fact, place, planned } => {
                let column = self.evaluate(*over, fact, planned)?;
                self.put(*over, *place, column);
            }
            Step::Climb { fact, place, climb } => {
                let column = self.climb(fact, climb)?;
                self.put(Grain::Household, *place, column);
            }
            Step::OtherHouseholds { place } => {
                let counts = elsewhere.counts(&self.resident_keys, &self.resident_numbers);
                self.put(Grain::Resident, *place, Arc::new(counts));
            }
            Step::FromHousehold { place, household } => {
                let column = self.column(Grain::Household, *household)?;
                let slots = self.resident_households.iter().map(|slot| (*slot != NOBODY).then_some(*slot));
                let gathered = take(&column, &UInt32Array::from_iter(slots), None)
                    .map_err(AnalysisError::calculate("household"))?;
                self.put(Grain::Resident, *place, gathered);
            }
        }
        Ok(())
    }

    fn climb(&self, fact: &str, climb: &Climb) -> Result<ArrayRef> {
        let filter = match &climb.filter {
            Some(filter) => Some(self.evaluate(Grain::Resident, fact, filter)?),
            None => None,
        };
        let argument = match &climb.argument {
            Some(argument) => Some(self.evaluate(Grain::Resident, fact, argument)?),
            None => None,
        };
        let shape = climb.argument.as_ref().map(|argument| argument.result);
        let mut sums = Accumulator::new(climb.function, shape, self.numbers.len());
        sums.add(fact, &self.resident_households, filter.as_ref().map(truths), argument.as_ref())?;
        Ok(sums.finish())
    }

    /// All aggregates over one source.
    fn sum_source(&mut self, plan: &SourcePlan, position: usize, of_residents: &[i64]) -> Result<()> {
        let shape = |argument: Option<usize>| argument.map(|argument| plan.arguments[argument].result);
        let mut sums: Vec<Accumulator> = plan
            .facts
            .iter()
            .map(|fact| Accumulator::new(fact.function, shape(fact.argument), self.rows(fact.over)))
            .collect();
        let (mut at_resident, mut at_household) = (0, 0);
        for stretch in &self.source_rows[position] {
            let households = household_slots(household_numbers(stretch), &self.numbers, &mut at_household);
            let residents = resident_slots(stretch, of_residents, &self.resident_keys, &mut at_resident);
            let columns = SourceColumns::new(plan, stretch);
            let conditions = columns.evaluate(plan, &plan.conditions)?;
            let arguments = columns.evaluate(plan, &plan.arguments)?;
            for (fact, sum) in plan.facts.iter().zip(&mut sums) {
                let slots = if fact.over == Grain::Resident { &residents } else { &households };
                let condition = fact.condition.map(|condition| truths(&conditions[condition]));
                let argument = fact.argument.map(|argument| &arguments[argument]);
                sum.add(&fact.fact, slots, condition, argument)?;
            }
        }
        for (fact, sum) in plan.facts.iter().zip(sums) {
            self.put(fact.over, fact.place, sum.finish());
        }
        Ok(())
    }
}

/// The columns of a run of a source's rows, by place.
pub(crate) struct SourceColumns {
    columns: Vec<Option<ArrayRef>>,
    rows: usize,
}

impl SourceColumns {
    /// `stretch` has the columns that the plan reads, behind the two keys.
    fn new(plan: &SourcePlan, stretch: &Stretch) -> SourceColumns {
        let mut columns = vec![None; plan.columns.len()];
        for (position, place) in plan.read.iter().enumerate() {
            let column = stretch.batch.column(position + 2);
            columns[*place] = Some(calculated(column, plan.columns.type_at(*place)));
        }
        SourceColumns { columns, rows: stretch.batch.num_rows() }
    }

    /// From columns by place.
    pub(crate) fn of(columns: Vec<Option<ArrayRef>>, rows: usize) -> SourceColumns {
        SourceColumns { columns, rows }
    }

    pub(crate) fn evaluate(&self, plan: &SourcePlan, expressions: &[Planned]) -> Result<Vec<ArrayRef>> {
        let column = |place: usize| {
            let known = self.columns.get(place).and_then(Option::clone);
            Ok(known.unwrap_or_else(|| new_null_array(&plan.columns.type_at(place).arrow(), self.rows)))
        };
        expressions.iter().map(|planned| planned.evaluate(&plan.schema.name, self.rows, column)).collect()
    }
}

/// The truths of a column of truths.
pub(crate) fn truths(column: &ArrayRef) -> &BooleanArray {
    column.as_boolean()
}

/// A stored column in the type that is calculated with.
pub(crate) fn calculated(column: &ArrayRef, column_type: ColumnType) -> ArrayRef {
    match (column.data_type(), column_type.arrow()) {
        (DataType::Decimal128(_, _), DataType::Decimal128(precision, scale)) => {
            let decimals = column.as_primitive::<Decimal128Type>().clone();
            Arc::new(decimals.with_precision_and_scale(precision, scale).expect("a wider precision holds them"))
        }
        _ => Arc::clone(column),
    }
}

fn whole_numbers(stretches: &[Stretch], column: usize) -> Result<Int64Array> {
    match stretches {
        [] => Ok(Int64Array::from(Vec::<i64>::new())),
        [only] => Ok(numbers(&only.batch, column).clone()),
        many => {
            let parts: Vec<&dyn Array> = many.iter().map(|stretch| stretch.batch.column(column).as_ref()).collect();
            let joined = concat(&parts).map_err(AnalysisError::calculate("keys"))?;
            Ok(joined.as_primitive().clone())
        }
    }
}

/// The declared columns that a table reads, by place; they stand behind `keys` key columns.
fn columns_of(table: &Table, stretches: &[Stretch], keys: usize, rows: usize) -> Result<Vec<Option<ArrayRef>>> {
    let mut columns = vec![None; table.columns.len()];
    for (position, place) in table.read.iter().enumerate() {
        let column_type = table.columns.type_at(*place);
        let parts: Vec<&dyn Array> =
            stretches.iter().map(|stretch| stretch.batch.column(keys + position).as_ref()).collect();
        let column = match (parts.len(), stretches.first()) {
            (1, Some(only)) => Arc::clone(only.batch.column(keys + position)),
            (0, _) => new_null_array(&column_type.arrow(), rows),
            _ => concat(&parts).map_err(AnalysisError::calculate(&table.schema.name))?,
        };
        columns[*place] = Some(calculated(&column, column_type));
    }
    Ok(columns)
}

/// For each row the position of its household among `numbers`; both ascend, and `at` moves on.
fn household_slots(rows: &[i64], numbers: &[i64], at: &mut usize) -> Vec<u32> {
    rows.iter()
        .map(|household| {
            while numbers.get(*at).is_some_and(|number| number < household) {
                *at += 1;
            }
            match numbers.get(*at) {
                Some(number) if number == household => u32::try_from(*at).unwrap_or(NOBODY),
                _ => NOBODY,
            }
        })
        .collect()
}

/// For each row the position of its resident; rows and residents ascend by household and key, and `at` moves on.
fn resident_slots(stretch: &Stretch, households: &[i64], keys: &Int64Array, at: &mut usize) -> Vec<u32> {
    let row_keys = numbers(&stretch.batch, 1);
    let resident = |at: usize| (households[at], keys.is_valid(at).then(|| keys.value(at)));
    household_numbers(stretch)
        .iter()
        .enumerate()
        .map(|(row, household)| {
            let wanted = (*household, row_keys.is_valid(row).then(|| row_keys.value(row)));
            while *at < keys.len() && resident(*at) < wanted {
                *at += 1;
            }
            let is_found = *at < keys.len() && wanted.1.is_some() && resident(*at) == wanted;
            if is_found { u32::try_from(*at).unwrap_or(NOBODY) } else { NOBODY }
        })
        .collect()
}
