//! A person belongs to one household at a time: a record that puts somebody into two on one day is taken with a remark, for either
//! of them may be the wrong one, and who moves is entered in one before the other.

use super::change::UnitOfWork;
use super::draft::Draft;
use crate::database::{Sql, statement};
use crate::stored::tables::RegisterTable;
use crate::stored::values::{from_row, household_no};
use crate::{RefusedRow, StoreError};
use model::{Day, RegionCode, Value};
use std::collections::HashMap;
use words::{Wording, advice, wording};

/// The engine's own register of residents, and its fields with the first day and the day of leaving.
const RESIDENT: &str = "resident";
const FIELDS: [&str; 2] = ["member_from", "member_to"];

/// A membership of a person, held or on its way in.
#[derive(Clone, Debug)]
struct Stay {
    from: Option<Day>,
    to: Option<Day>,
    origin: Origin,
}

/// Where a membership is known from, and with it who may know of it.
#[derive(Clone, Copy, Debug)]
enum Origin {
    /// The place of the household.
    StoredRecord(Option<RegionCode>),
    /// A row of the same file.
    Row(u32),
}

/// The memberships of the people whom the records of one chunk are about, by person and household.
#[derive(Default)]
pub(super) struct Memberships {
    of: HashMap<i64, HashMap<i64, Stay>>,
}

impl Memberships {
    /// Fetches what is held, and lays over it what comes in.
    pub(super) fn fetch(
        change: &UnitOfWork<'_>,
        table: &RegisterTable,
        drafts: &[Draft],
    ) -> Result<Memberships, StoreError> {
        let mut memberships = Memberships::default();
        if table.name != RESIDENT || !table.of_resident {
            return Ok(memberships);
        }
        let mut people: Vec<i64> = drafts.iter().filter_map(|draft| Some(draft.resident_key?.0)).collect();
        people.sort_unstable();
        people.dedup();
        let people: Vec<Sql> = people.into_iter().map(Sql::Whole).collect();
        let days = FIELDS.map(|field| table.column(field).map(|(_, column)| column));
        let names = days.map(|column| column.map_or("null".to_owned(), |column| format!("t.\"{}\"", column.name)));
        let sql = format!(
            "select t.resident_key, t.household_no, t.place, {} from {} t \
             where t.resident_key in (:list) and coalesce(t.is_withdrawn, 0) = 0",
            names.join(", "),
            table.table
        );
        let cipher = &change.inner.cipher;
        let stored = statement::all_of(change.transaction, &sql, &people, |row| {
            let day = |at: usize| match days[at] {
                Some(column) => Ok::<_, StoreError>(from_row(cipher, column, row, 3 + at)?.as_day()),
                None => Ok(None),
            };
            let place: Option<String> = row.get(2)?;
            let origin = Origin::StoredRecord(place.and_then(|text| text.parse().ok()));
            Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, Stay { from: day(0)?, to: day(1)?, origin }))
        })?;
        for (person, household, stay) in stored {
            memberships.of.entry(person).or_default().insert(household, stay);
        }
        for draft in drafts {
            if let Some((person, household, stay)) = stay_of(table, draft) {
                memberships.of.entry(person).or_default().insert(household, stay);
            }
        }
        Ok(memberships)
    }

    /// What is to be said of a record whose person is in another household on one of its days.
    pub(super) fn remark(&self, change: &UnitOfWork<'_>, table: &RegisterTable, draft: &Draft) -> Option<RefusedRow> {
        if self.of.is_empty() {
            return None;
        }
        let (person, household, stay) = stay_of(table, draft)?;
        let others = self.of.get(&person)?.iter().filter(|(number, other)| **number != household && stay.meets(other));
        let mut others: Vec<(&i64, &Stay)> = others.collect();
        others.sort_unstable_by_key(|(number, other)| (!other.is_known_to(change), **number));
        let (number, other) = others.first()?;
        let span = stay.span_with(other);
        let more = match others.len() {
            1 => Wording::default(),
            count => wording!("stays_more", count = count - 1),
        };
        let advice = match other.origin {
            Origin::Row(row) if row > 0 => advice!("stays_in_row", span, row, household = number, more),
            _ if other.is_known_to(change) => advice!("stays_in_two", span, household = number, more),
            _ => advice!("stays_elsewhere", span, more),
        };
        let columns = vec!["household_no".to_owned()];
        Some(RefusedRow::new(draft.row, advice, columns))
    }
}

impl Stay {
    /// True when there is a day on which both hold; the day of leaving is none of the days.
    fn meets(&self, other: &Stay) -> bool {
        let begins_before = |one: &Stay, end: &Stay| match (one.from, end.to) {
            (Some(from), Some(to)) => from < to,
            _ => true,
        };
        // A stay of no day meets nobody.
        [(self, self), (other, other), (self, other), (other, self)].iter().all(|(one, end)| begins_before(one, end))
    }

    /// The days on which both hold, in words.
    fn span_with(&self, other: &Stay) -> Wording {
        let from = self.from.max(other.from);
        let until = [self.to, other.to].into_iter().flatten().min();
        match (from, until) {
            (Some(from), Some(until)) => wording!("stays_between", from, until),
            (Some(from), None) => wording!("stays_from", from),
            (None, Some(until)) => wording!("stays_until", until),
            (None, None) => Wording::default(),
        }
    }

    /// Whoever handed the row in knows it; of what is held, those know who see its place.
    fn is_known_to(&self, change: &UnitOfWork<'_>) -> bool {
        match self.origin {
            Origin::StoredRecord(place) => change.reaches_record(place),
            Origin::Row(_) => true,
        }
    }
}

/// Person, household and days of a record on its way in.
fn stay_of(table: &RegisterTable, draft: &Draft) -> Option<(i64, i64, Stay)> {
    let field = |index: usize| draft.fields.get(index).unwrap_or(&Value::Null);
    let household = household_no(field(table.household?))?.0;
    let [from, to] = FIELDS.map(|name| table.column(name).and_then(|(index, _)| field(index).as_day()));
    Some((draft.resident_key?.0, household, Stay { from, to, origin: Origin::Row(draft.row) }))
}
