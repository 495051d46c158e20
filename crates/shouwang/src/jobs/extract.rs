//! Rows of a department's extract become rows of a delivery to the lake.

use super::delivery::{Arrival, Landed};
use super::heard::Heard;
use super::not_taken::Recognised;
use super::order::Order;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome};
use lake::{DatasetSchema, Delivery, Lake};
use matching::{Coded, Matched, Matcher, Note, NoteKind, PersonCipher, Sought, Unmatched, UnmatchedReason};
use model::{Bilingual, Day, HouseholdNo, IdentityNumber, Kind, LakeRow, Level, RegionCode, Row, Value};
use policy::Package;
use policy::declare::{Grain, Mode, Source};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use store::UnmatchedRow;

use super::near_household::{Guesses, behind};
use super::people::People;

/// Takes the rows of one file into the lake.
pub struct ExtractIntake<'a> {
    source: &'a Source,
    schema: DatasetSchema,
    cipher: &'a PersonCipher,
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
    lake: &'a Lake,
    counties: BTreeMap<u32, Delivery>,
    heard: Heard,
    /// Rows of all counties that are held in memory.
    held: usize,
}

/// Rows that are held in memory before they go to the disk.
const ROWS_HELD: usize = 65_536;

const HINT: &str = "请检查磁盘空间和权限后重新导入";

fn unwritten(label: &str, county: u32) -> String {
    format!("无法写入数据湖({label} {county})")
}

/// What is to be said of rows: those for which nobody was found, and those that were taken and should be looked at.
#[derive(Default)]
pub struct Told {
    pub unmatched: Vec<UnmatchedRow>,
    pub noted: Vec<UnmatchedRow>,
}

impl<'a> ExtractIntake<'a> {
    /// `file`: the first 12 digits of the file's hash.
    pub fn new(
        installation: &'a Installation,
        source: &'a Source,
        (cipher, people): (&'a PersonCipher, &'a People),
        order: &Order<'_>,
        file: String,
    ) -> ExtractIntake<'a> {
        let named = |name: &str| source.column.iter().position(|column| column.name == name);
        let scope = order.declared.place.unwrap_or(order.region);
        ExtractIntake {
            kept: Package::lake_columns(&source.column).filter_map(|column| named(&column.name)).collect(),
            schema: DatasetSchema::of_source(order.dataset, source),
            cipher,
            people,
            guesses: Guesses::new(people, scope),
            scope,
            region: order.region,
            delivered_on: order.day,
            file,
            hash_key: installation.key.derive("row key"),
            identity_at: source.identity.as_deref().and_then(named),
            name_at: source.name.as_deref().and_then(named),
            household_at: source.household.as_deref().and_then(named),
            day_at: source.day.as_deref().and_then(named),
            key: source.key.iter().filter_map(|name| named(name)).collect(),
            source,
            lake: &installation.lake,
            counties: BTreeMap::new(),
            heard: Heard::default(),
            held: 0,
        }
    }

    /// Matches rows to households and holds them, in memory or beside the lake, until [`ExtractIntake::land`]. Of rows that faults
    /// leave out it notes of whom they are, as far as they can be read.
    ///
    /// # Errors
    /// When the register of people cannot be looked up, or the disk fails.
    pub fn take(&mut self, rows: Vec<Row>, left_out: &[Row]) -> Outcome<Told> {
        let people = self.people;
        let matcher = Matcher::new(self.cipher, &people.names, &people.register);
        let mut told = Told::default();
        for row in rows {
            match self.matched(&matcher, &row) {
                Ok(matched) => {
                    let place = people.place_of(matched.household_no);
                    match place.filter(|place| self.scope.holds(*place)) {
                        Some(place) => {
                            told.noted.extend(matched.notes.iter().map(|note| self.noted(&row, note)));
                            self.hold(place, &matched, row)?;
                        }
                        None => {
                            if let Some(place) = place.filter(|place| self.region.holds(*place)) {
                                self.look(place, &row, true);
                            }
                            told.unmatched.push(outside(row.number));
                        }
                    }
                }
                Err(reason) => {
                    let recognised = self.recognised(&row, None);
                    self.heard.not_taken.add(recognised);
                    told.unmatched.push(self.explain(&row, &reason));
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
        people.check()?;
        Ok(told)
    }

    /// Puts everything that was held in force under the name of its import, unless something has to be asked first. `unread`: rows
    /// with faults of which nothing could be read.
    ///
    /// # Errors
    /// When the lake cannot be written; nothing is changed then.
    pub fn land(self, installation: &Installation, order: &Order<'_>, import: &str, unread: u64) -> Outcome<Landed> {
        let ExtractIntake { source, schema, people, counties, mut heard, .. } = self;
        (0..unread).for_each(|_| heard.not_taken.add(Recognised::default()));
        Arrival { installation, people, source, schema: &schema, order, import }.land(counties, &heard)
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

    fn hold(&mut self, place: RegionCode, matched: &Matched, row: Row) -> Outcome<()> {
        let identity = matched.resident_key.map_or(matched.household_no.0, |key| key.0);
        let key_hash = self.key_hash(identity, &row);
        self.look(place, &row, false);
        let Row { number, mut cells } = row;
        let county = (place.number() / 1_000_000) as u32;
        let held = LakeRow {
            household_no: matched.household_no,
            resident_key: matched.resident_key.filter(|_| self.source.of == Grain::Resident),
            key_hash,
            file: self.file.clone(),
            row: number,
            values: self.kept.iter().map(|at| std::mem::take(&mut cells[*at])).collect(),
        };
        self.held += 1;
        self.delivery(county)
            .and_then(|delivery| delivery.push(held))
            .attempt(|| unwritten(&self.source.label, county), HINT)?;
        if self.held >= ROWS_HELD { self.spill() } else { Ok(()) }
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

    fn delivery(&mut self, county: u32) -> lake::Result<&mut Delivery> {
        match self.counties.entry(county) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(self.lake.delivery(&self.schema, county, self.delivered_on)?)),
        }
    }

    /// Puts what all counties hold in memory on the disk: a file may have rows of many counties, each with few.
    fn spill(&mut self) -> Outcome<()> {
        self.held = 0;
        for (county, delivery) in &mut self.counties {
            delivery.spill().attempt(|| unwritten(&self.source.label, *county), HINT)?;
        }
        Ok(())
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
        let what = with_advice(&unmatched.explain(), reason);
        UnmatchedRow {
            row: row.number,
            reason: reason.code().to_owned(),
            what: guess.map_or(what.clone(), |guess| behind(&what, &guess)),
            seen: model::mask_identity(text(row, self.identity_at).unwrap_or_default()),
        }
    }

    fn noted(&self, row: &Row, note: &Note) -> UnmatchedRow {
        let kind = note.kind();
        let mut seen = model::mask_identity(text(row, self.identity_at).unwrap_or_default());
        if kind == NoteKind::NameDiffers {
            seen = format!("{seen} {}", model::mask_name(text(row, self.name_at).unwrap_or_default()));
        }
        let Bilingual { chinese, english } = note.explain();
        let what = with_advice(&Bilingual::new(format!("{chinese}。"), format!("{english}.")), kind);
        UnmatchedRow { row: row.number, reason: kind.code().to_owned(), what, seen }
    }
}

/// A sentence, and what to do next.
fn with_advice(said: &Bilingual, kind: impl Coded) -> Bilingual {
    let [chinese, english] = kind.texts().hint;
    Bilingual::new(format!("{}{chinese}", said.chinese), format!("{} {english}.", said.english))
}

fn text(row: &Row, at: Option<usize>) -> Option<&str> {
    at.and_then(|at| row.cells.get(at)).and_then(Value::as_text)
}

fn outside(row: u32) -> UnmatchedRow {
    UnmatchedRow {
        row,
        reason: "outside".into(),
        what: Bilingual::new(
            "该户不在本次报送的辖区内,未予采用",
            "The household lies outside the place of this delivery; the row was not taken.",
        ),
        seen: String::new(),
    }
}
