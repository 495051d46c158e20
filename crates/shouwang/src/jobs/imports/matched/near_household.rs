//! A household number that no register knows: what it probably was meant to be. Only households of the place that the file was
//! handed in for are named.

use super::super::super::people::{HOUSEHOLD, People};
use super::super::order::Order;
use crate::installation::Installation;
use crate::trouble::Outcome;
use matching::{Registered, slips_of};
use model::{Actor, HouseholdNo, RegionCode, ResidentKey};
use std::cell::RefCell;
use std::collections::HashMap;
use store::{ImportState, UnmatchedRow};
use words::{Wording, clauses, list, wording};

/// The reason of rows whose household number is unknown.
pub const UNKNOWN_HOUSEHOLD: &str = "unknown_household";

/// Unknown numbers of one file that are looked for, each with some three hundred look-ups.
const NUMBERS_MAX: usize = 1_000;
/// Rows that wait for the end of the file.
const ROWS_MAX: usize = 1_000;
/// More numbers than these are no hint.
const NAMED_MAX: usize = 3;
/// Imports among which the last one of households is looked for.
const IMPORTS_MAX: u32 = 200;

/// What is known of a row besides its household number.
#[derive(Clone, Copy, Default)]
pub struct Beside {
    pub person: Option<ResidentKey>,
    /// The household of the row above.
    pub above: Option<HouseholdNo>,
}

/// What the number of a row probably was meant to be.
pub struct Guess {
    pub what: Wording,
    /// The row itself shows that the number is a slip of another one.
    pub is_slip: bool,
}

/// A row of a register's file that is not taken.
pub struct LeftRow {
    pub row: UnmatchedRow,
    /// The row itself shows what its household number was meant to be.
    pub is_slip: bool,
}

impl LeftRow {
    /// The same, with its number in the file.
    pub fn at(mut self, number: u32) -> LeftRow {
        self.row.row = number;
        self
    }
}

/// Looks for the households near to unknown numbers of one file.
pub struct Guesses<'a> {
    people: &'a People,
    scope: RegionCode,
    known: RefCell<HashMap<HouseholdNo, Vec<HouseholdNo>>>,
}

impl<'a> Guesses<'a> {
    /// Guesses among the households of a register of people, inside `scope`.
    pub fn new(people: &'a People, scope: RegionCode) -> Guesses<'a> {
        Guesses { people, scope, known: RefCell::default() }
    }

    /// What the row itself tells: the person's household in the register, or that of the row above, if the number is a slip of it.
    pub fn by_row(&self, written: HouseholdNo, beside: Beside) -> Option<Guess> {
        let near = self.near(written);
        let members = beside.person.map(|person| self.people.register.memberships(person)).unwrap_or_default();
        let own: Vec<HouseholdNo> = members.iter().map(|member| member.household_no).collect();
        if let Some(household) = near.iter().find(|household| own.contains(household)) {
            return Some(Guess { what: wording!("household_of_person_near", household), is_slip: true });
        }
        if let Some(household) = beside.above.filter(|household| near.contains(household)) {
            return Some(Guess { what: wording!("household_above_near", household), is_slip: true });
        }
        let household = own.iter().rev().find(|household| self.is_in_scope(**household))?;
        Some(Guess { what: wording!("household_of_person", household), is_slip: false })
    }

    /// What the households tell: one without members, or few.
    pub fn by_households(&self, written: HouseholdNo) -> Option<Guess> {
        let near = self.near(written);
        let is_empty = |household: &&HouseholdNo| !self.people.register.has_members(**household);
        let empty: Vec<HouseholdNo> = near.iter().filter(is_empty).copied().collect();
        let guess = |what: Wording| Guess { what, is_slip: false };
        if let [household] = empty[..] {
            return Some(guess(wording!("household_empty_near", household)));
        }
        let few = if (2..=NAMED_MAX).contains(&empty.len()) { empty } else { near };
        let is_few = (1..=NAMED_MAX).contains(&few.len());
        is_few.then(|| guess(wording!("households_near", households = list(few))))
    }

    /// Households of the place that are one slip away. Of very many numbers the last ones are not looked for.
    fn near(&self, written: HouseholdNo) -> Vec<HouseholdNo> {
        let mut known = self.known.borrow_mut();
        if let Some(near) = known.get(&written) {
            return near.clone();
        }
        if known.len() >= NUMBERS_MAX {
            return Vec::new();
        }
        let near: Vec<HouseholdNo> = slips_of(written).into_iter().filter(|one| self.is_in_scope(*one)).collect();
        known.insert(written, near.clone());
        near
    }

    fn is_in_scope(&self, household: HouseholdNo) -> bool {
        self.people.place_of(household).is_some_and(|place| self.scope.holds(place))
    }
}

/// Rows whose household number is unknown, until the file is read: only then it is known which households have no members.
#[derive(Default)]
pub struct Orphans {
    waiting: Vec<LeftRow>,
    count: u64,
}

/// The rows that were kept back, with a remark on all of them where there are any.
#[derive(Default)]
pub struct Guessed {
    pub rows: Vec<UnmatchedRow>,
    pub remark: Option<Wording>,
}

impl Orphans {
    /// Keeps rows back; gives the others.
    pub fn keep(&mut self, rows: Vec<LeftRow>) -> Vec<UnmatchedRow> {
        let is_unknown = |left: &LeftRow| left.row.reason == UNKNOWN_HOUSEHOLD;
        let (unknown, mut others) = rows.into_iter().partition::<Vec<_>, _>(is_unknown);
        self.count += unknown.len() as u64;
        let mut unknown = unknown.into_iter();
        self.waiting.extend(unknown.by_ref().take(ROWS_MAX - self.waiting.len()));
        others.extend(unknown);
        others.into_iter().map(|left| left.row).collect()
    }

    /// The rows that were kept back, each with what its number probably was meant to be, and a remark on all of them.
    ///
    /// # Errors
    /// When the registers of people cannot be looked up.
    pub fn finish(self, installation: &Installation, order: &Order<'_>) -> Outcome<Guessed> {
        if self.count == 0 {
            return Ok(Guessed::default());
        }
        let people = People::read(installation)?;
        let guesses = Guesses::new(&people, order.region);
        let (mut rows, mut guessed) = (Vec::with_capacity(self.waiting.len()), 0);
        for LeftRow { mut row, is_slip } in self.waiting {
            let guess = HouseholdNo::parse(&row.seen).filter(|_| !is_slip);
            let guess = guess.and_then(|written| guesses.by_households(written));
            guessed += u64::from(is_slip || guess.is_some());
            if let Some(guess) = guess {
                row.what = behind(&row.what, &guess.what);
            }
            rows.push(row);
        }
        people.check()?;
        let count = self.count;
        let orphans = match guessed {
            0 => wording!("orphans", count),
            guessed => wording!("orphans_guessed", count, guessed),
        };
        let left_out = left_out(installation, order.actor)?;
        let left_out = left_out.map(|(file, dropped)| wording!("orphans_households_left_out", file, dropped));
        let remark = wording!("orphans_remark", clauses = clauses([orphans].into_iter().chain(left_out)));
        Ok(Guessed { rows, remark: Some(remark) })
    }
}

/// What is known of a row, and a guess behind it.
pub fn behind(what: &Wording, guess: &Wording) -> Wording {
    wording!("guess_behind", what = *what, guess = *guess)
}

/// File and left-out rows of the last import of households that the actor may know of, if rows were left out.
fn left_out(installation: &Installation, actor: &Actor) -> Outcome<Option<(String, u64)>> {
    let imports = installation.store.view(actor).imports(None, IMPORTS_MAX)?.rows;
    let done = |import: &&store::ImportRow| import.dataset == HOUSEHOLD && import.state == ImportState::Done;
    let last = imports.iter().find(done).filter(|import| import.summary.rows_dropped > 0);
    Ok(last.map(|import| (import.file_name.clone(), import.summary.rows_dropped)))
}
