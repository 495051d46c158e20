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
use words::Wording;

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
    pub fn by_row(&self, written: HouseholdNo, beside: Beside) -> Option<Wording> {
        let near = self.near(written);
        let members = beside.person.map(|person| self.people.register.memberships(person)).unwrap_or_default();
        let own: Vec<HouseholdNo> = members.iter().map(|member| member.household_no).collect();
        if let Some(household) = near.iter().find(|household| own.contains(household)) {
            return Some(Wording::pair(
                format!("该成员登记在{household}户,与表中户编号只差一处,很可能是录错"),
                format!(
                    "The person is registered in household {household}, one slip away from the number of the row: probably a typing error."
                ),
            ));
        }
        if let Some(household) = beside.above.filter(|household| near.contains(household)) {
            return Some(Wording::pair(
                format!("上一行是{household}户,与表中户编号只差一处,很可能是录错"),
                format!(
                    "The row above is of household {household}, one slip away from the number of this one: probably a typing error."
                ),
            ));
        }
        let household = own.iter().rev().find(|household| self.is_in_scope(**household))?;
        Some(Wording::pair(
            format!("该成员登记在{household}户,请核对"),
            format!("The person is registered in household {household}; please check."),
        ))
    }

    /// What the households tell: one without members, or few.
    pub fn by_households(&self, written: HouseholdNo) -> Option<Wording> {
        let near = self.near(written);
        let is_empty = |household: &&HouseholdNo| !self.people.register.has_members(**household);
        let empty: Vec<HouseholdNo> = near.iter().filter(is_empty).copied().collect();
        if let [household] = empty[..] {
            return Some(Wording::pair(
                format!("农户台账中的{household}户没有成员,与此号只差一处,很可能其中一个录错"),
                format!(
                    "Household {household} of the register has no members and is one slip away from this number: probably one of \
                     them is a typing error."
                ),
            ));
        }
        let few = if (2..=NAMED_MAX).contains(&empty.len()) { empty } else { near };
        (1..=NAMED_MAX).contains(&few.len()).then(|| {
            let numbers: Vec<String> = few.iter().map(HouseholdNo::to_string).collect();
            Wording::pair(
                format!("与此号只差一处的户有{},请核对是否录错", numbers.join("、")),
                format!("Households one slip away from this number: {}; please check.", numbers.join(", ")),
            )
        })
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
    waiting: Vec<UnmatchedRow>,
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
    pub fn keep(&mut self, rows: Vec<UnmatchedRow>) -> Vec<UnmatchedRow> {
        let (unknown, mut others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.reason == UNKNOWN_HOUSEHOLD);
        self.count += unknown.len() as u64;
        let mut unknown = unknown.into_iter();
        self.waiting.extend(unknown.by_ref().take(ROWS_MAX - self.waiting.len()));
        others.extend(unknown);
        others
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
        let mut rows = self.waiting;
        let mut guessed = 0;
        for row in &mut rows {
            let by_row = row.what.chinese().contains(SLIP);
            let guess = HouseholdNo::parse(&row.seen).filter(|_| !by_row);
            let guess = guess.and_then(|written| guesses.by_households(written));
            guessed += u64::from(by_row || guess.is_some());
            if let Some(guess) = guess {
                row.what = behind(&row.what, &guess);
            }
        }
        people.check()?;
        let mut chinese = format!("有{}行的户编号不在农户台账中", self.count);
        let mut english = format!("{} rows have household numbers that are not in the register", self.count);
        if guessed > 0 {
            chinese.push_str(&format!(",其中{guessed}行可能是户编号录错,见未匹配清单"));
            english.push_str(&format!("; {guessed} of them may be typing errors, see the list of unmatched rows"));
        }
        if let Some((file, dropped)) = left_out(installation, order.actor)? {
            chinese.push_str(&format!(
                ";最近导入的农户台账“{file}”有{dropped}行被退回,这些成员可能属于被退回的户,请先改正并重新导入农户台账"
            ));
            english.push_str(&format!(
                "; the last file of the register of households, `{file}`, had {dropped} rows left out, to which these people may \
                 belong: correct and import it again first"
            ));
        }
        Ok(Guessed { rows, remark: Some(Wording::pair(chinese + "。", english + ".")) })
    }
}

/// What is known of a row, and a guess behind it.
pub fn behind(what: &Wording, guess: &Wording) -> Wording {
    let chinese = format!("{}。{}", what.chinese().trim_end_matches('。'), guess.chinese());
    Wording::pair(chinese, format!("{} {}", what.english(), guess.english()))
}

/// What every guess by a row says.
const SLIP: &str = "户,与表中户编号只差一处";

/// File and left-out rows of the last import of households that the actor may know of, if rows were left out.
fn left_out(installation: &Installation, actor: &Actor) -> Outcome<Option<(String, u64)>> {
    let imports = installation.store.view(actor).imports(None, IMPORTS_MAX)?.rows;
    let done = |import: &&store::ImportRow| import.dataset == HOUSEHOLD && import.state == ImportState::Done;
    let last = imports.iter().find(done).filter(|import| import.summary.rows_dropped > 0);
    Ok(last.map(|import| (import.file_name.clone(), import.summary.rows_dropped)))
}
