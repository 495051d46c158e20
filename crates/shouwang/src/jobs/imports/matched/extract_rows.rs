//! Rows of a department's extract, each with the household that it is of: ready for the lake, or told as not matched.

use super::super::super::people::People;
use super::super::entry::RowNotes;
use super::super::order::Order;
use super::heard::Heard;
use super::near_household::{Guesses, behind};
use super::not_taken::Recognised;
use crate::installation::Installation;
use crate::trouble::Outcome;
use matching::{Coded, Matched, Matcher, Note, NoteKind, PersonCipher, Sought, Unmatched, UnmatchedReason};
use model::{Day, HouseholdNo, IdentityNumber, Kind, LakeRow, Level, RegionCode, Row, Value};
use policy::Package;
use policy::declare::{Grain, Mode, Source};
use store::UnmatchedRow;
use words::{Wording, wording};

/// A row for the lake, and the village of its household.
pub struct PlacedRow {
    pub place: RegionCode,
    pub row: LakeRow,
}

/// What matching makes of some rows.
#[derive(Default)]
pub struct MatchedRows {
    pub rows: Vec<PlacedRow>,
    pub notes: RowNotes,
}

/// Finds the households of the rows of one file, and hears what the rows tell of the delivery.
pub struct ExtractMatcher<'a> {
    source: &'a Source,
    cipher: PersonCipher,
    people: &'a People,
    /// The place that was said, else that of who hands in; and the latter.
    scope: RegionCode,
    region: RegionCode,
    delivered_on: Day,
    file: String,
    hash_key: [u8; 32],
    guesses: Guesses<'a>,
    identity_at: Option<usize>,
    name_at: Option<usize>,
    household_at: Option<usize>,
    day_at: Option<usize>,
    /// Positions of the columns that enter the lake.
    kept: Vec<usize>,
    /// Positions of the key columns.
    key: Vec<usize>,
    heard: Heard,
    /// Rows that faults left out and of which something could be read.
    left_out: u64,
}

impl<'a> ExtractMatcher<'a> {
    /// `file`: the first digits of the file's hash.
    pub fn new(
        installation: &Installation,
        people: &'a People,
        order: &Order<'_>,
        source: &'a Source,
        file: &str,
    ) -> ExtractMatcher<'a> {
        let named = |name: &str| source.column.iter().position(|column| column.name == name);
        let scope = order.declared.place.unwrap_or(order.region);
        ExtractMatcher {
            kept: Package::lake_columns(&source.column).filter_map(|column| named(&column.name)).collect(),
            cipher: installation.cipher(),
            people,
            guesses: Guesses::new(people, scope),
            scope,
            region: order.region,
            delivered_on: order.day,
            file: file.to_owned(),
            hash_key: installation.key.derive("row key"),
            identity_at: source.identity.as_deref().and_then(named),
            name_at: source.name.as_deref().and_then(named),
            household_at: source.household.as_deref().and_then(named),
            day_at: source.day.as_deref().and_then(named),
            key: source.key.iter().filter_map(|name| named(name)).collect(),
            source,
            heard: Heard::default(),
            left_out: 0,
        }
    }

    /// Matches rows to households. Of rows that faults leave out it notes of whom they are, as far as they can be read.
    ///
    /// # Errors
    /// When the register of people cannot be looked up.
    pub fn take(&mut self, rows: Vec<Row>, left_out: &[Row]) -> Outcome<MatchedRows> {
        let people = self.people;
        // The matcher borrows the cipher while the rows are noted here.
        let cipher = self.cipher.clone();
        let matcher = Matcher::new(&cipher, &people.names, &people.register);
        let mut taken = MatchedRows::default();
        for row in rows {
            match self.matched(&matcher, &row) {
                Ok(matched) => self.place(&matched, row, &mut taken),
                Err(reason) => {
                    let recognised = self.recognised(&row, None);
                    self.heard.not_taken.add(recognised);
                    taken.notes.unmatched.push(self.explain(&row, &reason));
                }
            }
        }
        for row in left_out {
            let matched = self.matched(&matcher, row).ok();
            let place = matched.as_ref().and_then(|matched| people.place_of(matched.household_no));
            if place.is_none_or(|place| self.scope.holds(place)) {
                let recognised = self.recognised(row, matched.as_ref());
                self.heard.not_taken.add(recognised);
            }
        }
        self.left_out += left_out.len() as u64;
        people.check()?;
        Ok(taken)
    }

    /// What all rows told. `dropped`: rows that were left out because of faults, but for those that repeat others.
    pub fn heard(mut self, dropped: u64) -> Heard {
        let unread = dropped.saturating_sub(self.left_out);
        (0..unread).for_each(|_| self.heard.not_taken.add(Recognised::default()));
        self.heard
    }

    /// A row whose household is known goes where that lies, unless it lies outside.
    fn place(&mut self, matched: &Matched, row: Row, taken: &mut MatchedRows) {
        let place = self.people.place_of(matched.household_no);
        match place.filter(|place| self.scope.holds(*place)) {
            Some(place) => {
                taken.notes.noted.extend(matched.notes.iter().map(|note| self.noted(&row, note)));
                self.look(place, &row, false);
                taken.rows.push(PlacedRow { place, row: self.lake_row(matched, row) });
            }
            None => {
                if let Some(place) = place.filter(|place| self.region.holds(*place)) {
                    self.look(place, &row, true);
                }
                taken.notes.unmatched.push(outside(row.number));
            }
        }
    }

    fn matched(&self, matcher: &Matcher<'_>, row: &Row) -> Result<Matched, Unmatched> {
        let stated_day = self.day_at.and_then(|at| row.cells.get(at)).and_then(Value::as_day);
        let sought = Sought {
            identity: text(row, self.identity_at),
            name: text(row, self.name_at),
            household_no: text(row, self.household_at),
            day: stated_day.unwrap_or(self.delivered_on),
            delivered_on: self.delivered_on,
            tolerance_days: self.source.member_tolerance_days,
        };
        match self.source.of {
            Grain::Resident => matcher.resident(sought),
            Grain::Household | Grain::Village => matcher.household(sought),
        }
    }

    fn lake_row(&self, matched: &Matched, row: Row) -> LakeRow {
        let identity = matched.resident_key.map_or(matched.household_no.0, |key| key.0);
        let key_hash = self.key_hash(identity, &row);
        let Row { number, mut cells } = row;
        LakeRow {
            household_no: matched.household_no,
            resident_key: matched.resident_key.filter(|_| self.source.of == Grain::Resident),
            key_hash,
            file: self.file.clone(),
            row: number,
            values: self.kept.iter().map(|at| std::mem::take(&mut cells[*at])).collect(),
        }
    }

    /// Notes which place and which day the row is of.
    fn look(&mut self, place: RegionCode, row: &Row, is_elsewhere: bool) {
        let seen = if is_elsewhere { &mut self.heard.elsewhere } else { &mut self.heard.seen };
        *seen.townships.entry(place.at(Level::Township)).or_default() += 1;
        let day = self.day_at.filter(|_| self.source.mode == Mode::Events).and_then(|at| row.cells[at].as_day());
        if let Some(day) = day {
            *seen.days.entry(day).or_default() += 1;
        }
    }

    /// Keyed, and the resident key in place of the identity number: nobody can find a person by trying numbers.
    /// `identity`: key of the resident, or number of the household where there is none.
    fn key_hash(&self, identity: i64, row: &Row) -> i64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.hash_key);
        for at in &self.key {
            if self.source.column[*at].kind == Kind::Identity {
                hasher.update(&identity.to_le_bytes());
            } else {
                let text = row.cells[*at].to_string();
                hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
            }
        }
        let bytes = hasher.finalize();
        let first: [u8; 8] = std::array::from_fn(|index| bytes.as_bytes()[index]);
        i64::from_le_bytes(first)
    }

    /// By what earlier rows are recognised as those of a row that is not taken. Of a list all rows of the person count; events are
    /// many, and one is no other.
    fn recognised(&self, row: &Row, matched: Option<&Matched>) -> Recognised {
        let number = text(row, self.identity_at).and_then(|text| IdentityNumber::parse(text.trim()).ok());
        let resident = number.map(|number| self.cipher.key_of(number).0);
        let household = matched.map(|matched| matched.household_no);
        let household = household.or_else(|| text(row, self.household_at).and_then(HouseholdNo::parse));
        // What is no household of the register has no earlier rows, and may be anybody's number.
        let household = household.filter(|household| self.people.place_of(*household).is_some());
        let household = household.map(|household| household.0);
        let identity = match matched {
            Some(matched) => matched.resident_key.map(|key| key.0).or(household),
            None => resident.or(household),
        };
        let is_whole = self.key.iter().all(|at| row.cells.get(*at).is_some_and(|cell| !cell.is_null()));
        let person = if self.source.of == Grain::Resident { resident } else { household };
        Recognised {
            key: identity.filter(|_| is_whole).map(|identity| self.key_hash(identity, row)),
            person: person.filter(|_| self.source.mode == Mode::Roster),
        }
    }

    fn explain(&self, row: &Row, unmatched: &Unmatched) -> UnmatchedRow {
        let reason: UnmatchedReason = unmatched.reason();
        let stated = text(row, self.household_at).and_then(HouseholdNo::parse);
        let stated = stated.filter(|_| matches!(unmatched, Unmatched::UnknownHousehold));
        let guess = stated.and_then(|written| self.guesses.by_households(written));
        let what = wording!("reason_and_advice", reason = unmatched.explain(), advice = advice_of(reason));
        UnmatchedRow {
            row: row.number,
            reason: reason.code().to_owned(),
            what: guess.map_or(what.clone(), |guess| behind(&what, &guess.what)),
            seen: model::mask_identity(text(row, self.identity_at).unwrap_or_default()),
        }
    }

    fn noted(&self, row: &Row, note: &Note) -> UnmatchedRow {
        let kind = note.kind();
        let mut seen = model::mask_identity(text(row, self.identity_at).unwrap_or_default());
        if kind == NoteKind::NameDiffers {
            seen = format!("{seen} {}", model::mask_name(text(row, self.name_at).unwrap_or_default()));
        }
        let what = wording!("note_and_advice", note = note.explain(), advice = advice_of(kind));
        UnmatchedRow { row: row.number, reason: kind.code().to_owned(), what, seen }
    }
}

/// What to do next where a row is of this kind.
fn advice_of(kind: impl Coded) -> Wording {
    kind.advice().hint
}

fn text(row: &Row, at: Option<usize>) -> Option<&str> {
    at.and_then(|at| row.cells.get(at)).and_then(Value::as_text)
}

fn outside(row: u32) -> UnmatchedRow {
    UnmatchedRow { row, reason: "outside".into(), what: wording!("row_household_outside"), seen: String::new() }
}
