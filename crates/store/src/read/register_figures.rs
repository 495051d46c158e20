//! Figures of indicators over the records of a register, as they are now: for the engine itself, which publishes them.
//!
//! Records are read one by one and evaluated as forms and cases are, so that a figure is what the cases beside the indicator
//! say; the database narrows them to places and days.

use crate::database::{Row, values};
use crate::declarations::DeclaredIndicator;
use crate::stored::field_column::FieldColumn;
use crate::stored::files::hash_of;
use crate::stored::keys::RegionSpan;
use crate::stored::tables::RegisterTable;
use crate::{IndicatorFigures, Store, StoreError};
use model::{Day, Period, PeriodKind, RegionCode, Value};
use policy::expression::{AggregateCall, Expr, evaluate, names_of};
use policy::{DUE_ON, FigureParts, FigureRow, IndicatorForm, STATE_ON, units_of};
use std::collections::{BTreeMap, BTreeSet};

/// Periods that are computed again each time, that of the day the last of them: records are entered late.
const PERIODS: usize = 12;
/// Hexadecimal digits of a hash of what figures came from.
const HASH_DIGITS: usize = 16;

/// The values of a record that an indicator reads, by name.
type Fields<'r> = BTreeMap<&'r str, Value>;

/// Place, group and code.
type Cells = BTreeMap<(RegionCode, String, String), FigureParts>;

impl Store {
    /// Figures of every indicator over a register, for all places inside `region`, from the records that are there on `day`;
    /// those with a day for the last twelve periods. Indicators whose smallest places are larger than `region` are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn register_figures(&self, region: RegionCode, day: Day) -> Result<Vec<IndicatorFigures>, StoreError> {
        self.inner.must_be_complete()?;
        let mut figures = Vec::new();
        for (name, indicator) in &self.inner.declarations.indicators {
            let Some(register) = &indicator.declared.from else { continue };
            if region.level() <= indicator.declared.level
                && let Some(table) = self.inner.tables.get(register)
            {
                let counting = Counting { store: self, indicator, table, region, day };
                figures.extend(counting.figures(name)?);
            }
        }
        Ok(figures)
    }
}

/// One indicator that is counted.
struct Counting<'a> {
    store: &'a Store,
    indicator: &'a DeclaredIndicator,
    table: &'a RegisterTable,
    region: RegionCode,
    day: Day,
}

impl Counting<'_> {
    fn figures(&self, name: &str) -> Result<Vec<IndicatorFigures>, StoreError> {
        let periods = self.periods();
        let mut cells: BTreeMap<Period, Cells> = periods.iter().map(|period| (*period, Cells::new())).collect();
        let records = self.count(&mut cells)?;
        let of = format!("{} {} {records}", self.table.kept, self.indicator.version);
        let inputs = hash_of(of.as_bytes())[..HASH_DIGITS].to_owned();
        let row = |((place, group, code), parts)| FigureRow { place, group, code, parts };
        let of_period = |period: Period, cells: Cells| IndicatorFigures {
            indicator: name.to_owned(),
            period,
            inputs: inputs.clone(),
            rows: cells.into_iter().map(row).collect(),
        };
        Ok(cells.into_iter().map(|(period, cells)| of_period(period, cells)).collect())
    }

    /// That of the day, and those before it where records have a day.
    fn periods(&self) -> Vec<Period> {
        let declared = &self.indicator.declared;
        let last = Period::of(declared.period, self.day);
        let several = if declared.day.is_some() && declared.period != PeriodKind::Day { PERIODS } else { 1 };
        std::iter::successors(Some(last), |period| Some(period.before())).take(several).collect()
    }

    /// Counts all records that it looks at; gives a sum over which versions of which records they are, whatever their order.
    fn count(&self, cells: &mut BTreeMap<Period, Cells>) -> Result<i64, StoreError> {
        let reader = RecordReader::new(self);
        let RegionSpan { first, last } = RegionSpan::of(self.region);
        let own = Period::of(self.indicator.declared.period, self.day);
        let first_day = cells.keys().next().map_or(self.day, |period| period.first_day());
        let values = values![first, last, first_day.to_string(), self.day.to_string()];
        let values = if reader.day.is_some() { &values[..] } else { &values[..2] };
        let mut records: i64 = 0;
        self.store.inner.database.read(|transaction| {
            transaction.each(&reader.sql(), values, |row| {
                let version = (row.get::<Option<i64>>(1)?, row.get::<Option<i64>>(2)?.unwrap_or(1));
                records = records.wrapping_add(self.store.inner.cipher.content(format!("{version:?}").as_bytes()));
                let Some((place, record)) = reader.read(row)? else { return Ok(()) };
                let day = reader.day.as_ref().and_then(|day| record.get(day.as_str())).and_then(Value::as_day);
                let period = day.map_or(own, |day| Period::of(own.kind(), day));
                if let Some(cells) = cells.get_mut(&period) {
                    self.add(cells, place, &record);
                }
                Ok(())
            })
        })?;
        Ok(records)
    }

    /// Adds a record to its place, as a whole and in each of its groups.
    fn add(&self, cells: &mut Cells, place: RegionCode, record: &Fields<'_>) {
        let DeclaredIndicator { declared, form, .. } = self.indicator;
        let parts = self.parts(form, place, record);
        let place = place.at(declared.level);
        let name = |name: &str| record.get(name).cloned().unwrap_or_default();
        let groups = form.groups.iter().map(|group| (group.name.clone(), group.code_of(&name(&group.name)).to_owned()));
        for (group, code) in std::iter::once((String::new(), String::new())).chain(groups) {
            let sum = cells.entry((place, group, code)).or_default();
            // What does not fit is not known.
            *sum = sum.plus(parts).unwrap_or(FigureParts { unknown: 1, ..FigureParts::default() });
        }
    }

    /// What one record adds.
    fn parts(&self, form: &IndicatorForm, place: RegionCode, record: &Fields<'_>) -> FigureParts {
        let name = |name: &str| record.get(name).cloned().unwrap_or_default();
        let book = &self.store.inner.declarations.parameters;
        let parameter = |name: &str| book.value(name, place, self.day);
        let value = |expr: &Expr| evaluate(expr, &name, &parameter, self.day);
        let holds = |expr: &Expr| value(expr) == Value::Bool(true);
        let unknown = FigureParts { unknown: 1, ..FigureParts::default() };
        if form.unknown.as_ref().is_some_and(holds) {
            return unknown;
        }
        let units = |call: &AggregateCall| match &call.argument {
            Some(argument) => units_of(&value(argument)),
            None => Some(1),
        };
        let is_counted = form.filter.as_ref().is_none_or(holds);
        let numerator = if is_counted { units(&form.numerator) } else { Some(0) };
        let denominator = form.denominator.as_ref().map_or(Some(0), |(call, _)| units(call));
        match (numerator, denominator) {
            (Some(numerator), Some(denominator)) => FigureParts { numerator, denominator, known: 1, unknown: 0 },
            _ => unknown,
        }
    }
}

/// Reads the fields of records that an indicator needs.
struct RecordReader<'a> {
    store: &'a Store,
    table: &'a RegisterTable,
    /// Name and column of each field.
    fields: Vec<(String, &'a FieldColumn)>,
    /// The field with the day that places a record in a period.
    day: Option<String>,
}

/// What every record has: where it stands in its life.
const OF_LIFE: [&str; 3] = ["state", STATE_ON, DUE_ON];
/// Columns before those of the fields.
const BEFORE_FIELDS: usize = BEFORE_LIFE + OF_LIFE.len();
/// Place, id and version.
const BEFORE_LIFE: usize = 3;

impl<'a> RecordReader<'a> {
    fn new(counting: &Counting<'a>) -> RecordReader<'a> {
        let (form, day) = (&counting.indicator.form, counting.indicator.declared.day.clone());
        let calls = std::iter::once(&form.numerator).chain(form.denominator.iter().map(|(call, _)| call));
        let read = calls.filter_map(|call| call.argument.as_ref()).chain(&form.filter).flat_map(names_of);
        let groups = form.groups.iter().map(|group| group.name.clone());
        let names: BTreeSet<String> = read.chain(groups).chain(day.clone()).collect();
        let column = |name: String| counting.table.column(&name).map(|(_, column)| (name, column));
        let fields = names.into_iter().filter_map(column).collect();
        RecordReader { store: counting.store, table: counting.table, fields, day }
    }

    /// `?1`, `?2`: first and last place; where records have a day, `?3` and `?4` the first and the last day.
    fn sql(&self) -> String {
        let columns: String = self.fields.iter().map(|(_, column)| format!(", t.\"{}\"", column.name)).collect();
        let day = self.day.as_ref().map(|day| match self.table.column(day) {
            Some((_, column)) => &column.name,
            None => day,
        });
        let within = day.map_or(String::new(), |column| format!(" and t.\"{column}\" between ?3 and ?4"));
        format!(
            "select t.place, t.id, t.version, t.state, t.state_on, t.due_on{columns} from {} t \
              where t.place between ?1 and ?2 and coalesce(t.is_withdrawn, 0) = 0{within}",
            self.table.table
        )
    }

    fn read(&self, row: &Row<'_>) -> Result<Option<(RegionCode, Fields<'_>)>, StoreError> {
        let place: Option<String> = row.get(0)?;
        let Some(place) = place.and_then(|place| place.parse().ok()) else { return Ok(None) };
        let mut record = Fields::new();
        for (at, name) in OF_LIFE.into_iter().enumerate() {
            let text: Option<String> = row.get(BEFORE_LIFE + at)?;
            let value = match (text, name) {
                (Some(text), "state") => Value::Text(text),
                (Some(text), _) => text.parse().map_or(Value::Null, Value::Day),
                (None, _) => Value::Null,
            };
            record.insert(name, value);
        }
        for (at, (name, column)) in self.fields.iter().enumerate() {
            let value = crate::stored::values::from_row(&self.store.inner.cipher, column, row, BEFORE_FIELDS + at)?;
            record.insert(name.as_str(), value);
        }
        Ok(Some((place, record)))
    }
}
