//! Rows of a register's file become records of the store.

use super::super::super::people::{HOUSEHOLD, People};
use super::super::order::Order;
use super::super::read::piece::RecordRow;
use super::near_household::{Beside, Guesses, LeftRow, UNKNOWN_HOUSEHOLD, behind};
use crate::installation::Installation;
use crate::trouble::Outcome;
use matching::PersonCipher;
use model::{HouseholdNo, IdentityNumber, Kind, RegionCode, Row, Value};
use policy::declare::{Grain, Register};
use std::cell::Cell;
use store::{Record, UnmatchedRow};
use words::{Wording, wording};

/// Records, and the rows for which nobody was found or that lie outside.
#[derive(Default)]
pub struct MatchedRecords {
    pub records: Vec<Record>,
    pub unmatched: Vec<LeftRow>,
}

/// Makes records from the rows of one file.
pub struct RecordMatcher<'a> {
    name: &'a str,
    register: &'a Register,
    cipher: PersonCipher,
    people: &'a People,
    guesses: Guesses<'a>,
    /// The last household of a row that was known.
    above: Cell<Option<HouseholdNo>>,
    /// Rows of places outside are not taken.
    scope: RegionCode,
    identity_at: Option<usize>,
    household_at: Option<usize>,
    region_at: Option<usize>,
    sex_at: Option<usize>,
    born_at: Option<usize>,
}

impl<'a> RecordMatcher<'a> {
    /// An intake of records of a register for a place. It finds the columns that name a person, a household and a place.
    pub fn new(
        installation: &Installation,
        people: &'a People,
        order: &Order<'a>,
        register: &'a Register,
    ) -> RecordMatcher<'a> {
        let (name, scope) = (order.dataset, order.region);
        let named = |name: &str| register.field.iter().position(|field| field.name == name);
        let identity_at = register.field.iter().position(|field| field.kind == Kind::Identity);
        let is_person = register.of == Some(Grain::Resident);
        RecordMatcher {
            name,
            register,
            cipher: installation.cipher(),
            people,
            guesses: Guesses::new(people, scope),
            above: Cell::new(None),
            scope,
            identity_at: identity_at.filter(|_| is_person),
            household_at: named("household_no"),
            region_at: register.region.as_deref().and_then(named),
            sex_at: named("sex_code").filter(|_| is_person),
            born_at: named("born_on").filter(|_| is_person),
        }
    }

    /// The rows as the store takes them.
    ///
    /// # Errors
    /// When the registers of people cannot be looked up.
    pub fn records(&self, rows: Vec<RecordRow>) -> Outcome<MatchedRecords> {
        let mut matched = MatchedRecords { records: Vec::with_capacity(rows.len()), unmatched: Vec::new() };
        for row in rows {
            match self.record(row) {
                Ok(record) => matched.records.push(record),
                Err(row) => matched.unmatched.push(row),
            }
        }
        self.people.check()?;
        Ok(matched)
    }

    /// The row as the store takes it, or as one for which nobody is found or that lies outside.
    fn record(&self, RecordRow { row, id, children, unsaid }: RecordRow) -> Result<Record, LeftRow> {
        let Row { number, mut cells } = row;
        self.check_place(&cells).map_err(|left| left.at(number))?;
        let mut resident_key = None;
        let text = text_at(&cells, self.identity_at);
        // A masked number says nothing, nor does one that was left out: the store knows whose record it is.
        let is_masked = text.map_or(id.is_some(), |text| text.contains('*'));
        if self.identity_at.is_some() && !is_masked {
            let wrong = || left("bad_identity", wording!("row_identity_wrong")).at(number);
            let identity = text.and_then(|text| IdentityNumber::parse(text).ok()).ok_or_else(wrong)?;
            resident_key = Some(self.cipher.key_of(identity));
            self.fill_from_identity(&mut cells, identity);
        }
        Ok(Record { id, resident_key, row: number, fields: cells, children, unsaid })
    }

    /// Sex and day of birth follow from the number, so nobody has to type them and they cannot disagree.
    fn fill_from_identity(&self, cells: &mut [Value], number: IdentityNumber) {
        if let Some(cell) = self.born_at.and_then(|at| cells.get_mut(at)) {
            *cell = Value::Day(number.born_on());
        }
        if let Some(cell) = self.sex_at.and_then(|at| cells.get_mut(at)) {
            let code = if number.sex() == model::Sex::Male { "1" } else { "2" };
            *cell = Value::Text(code.to_owned());
        }
    }

    /// The record's place must lie in scope; a household that is named must be known. Where nothing is named, the store decides.
    fn check_place(&self, cells: &[Value]) -> Result<(), LeftRow> {
        let stated: Option<RegionCode> = text_at(cells, self.region_at).and_then(|text| text.parse().ok());
        let household = text_at(cells, self.household_at);
        let number = household.and_then(HouseholdNo::parse);
        if household.is_some() && number.is_none() {
            return Err(left(UNKNOWN_HOUSEHOLD, wording!("row_household_malformed")));
        }
        let of_household = number.and_then(|number| self.people.place_of(number));
        let is_about_people = self.name != HOUSEHOLD && self.register.of.is_some();
        if let Some(number) = number.filter(|_| is_about_people && of_household.is_none()) {
            return Err(self.unknown(cells, number));
        }
        self.above.set(number);
        match stated.or(of_household) {
            Some(place) if !self.scope.holds(place) => Err(left("outside", wording!("row_outside"))),
            _ => Ok(()),
        }
    }

    /// A row whose household nobody knows, with what its number probably was meant to be.
    fn unknown(&self, cells: &[Value], number: HouseholdNo) -> LeftRow {
        let person = text_at(cells, self.identity_at).and_then(|text| IdentityNumber::parse(text).ok());
        let person = person.map(|number| self.cipher.key_of(number));
        let beside = Beside { person, above: self.above.get() };
        let mut left = left(UNKNOWN_HOUSEHOLD, wording!("row_household_unknown"));
        if let Some(guess) = self.guesses.by_row(number, beside) {
            left.row.what = behind(&left.row.what, &guess.what);
            left.is_slip = guess.is_slip;
        }
        left.row.seen = seen(&number.to_string());
        left
    }
}

fn text_at(cells: &[Value], at: Option<usize>) -> Option<&str> {
    at.and_then(|at| cells.get(at)).and_then(Value::as_text)
}

/// A number that stands where a household's should, masked where it may be a person's that has slipped.
fn seen(number: &str) -> String {
    let is_phone = number.len() == 11 && matches!(number.as_bytes(), [b'1', b'3'..=b'9', ..]);
    if IdentityNumber::is_meant(number) || is_phone { model::mask_identity(number) } else { number.to_owned() }
}

/// A row that is not taken.
fn left(reason: &str, what: Wording) -> LeftRow {
    let row = UnmatchedRow { row: 0, reason: reason.to_owned(), what, seen: String::new() };
    LeftRow { row, is_slip: false }
}
