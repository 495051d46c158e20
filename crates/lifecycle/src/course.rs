//! What is known of a record beyond its state: its values, what happened to it, who acts for whom, and where nothing is done.

use crate::history::Position;
use crate::wait::Halt;
use model::{Day, RegionCode, Value};
use policy::{DaysForm, RegisterForm};
use words::Wording;

/// What conditions, approvals, publicity and effects are decided from.
#[derive(Clone, Copy)]
pub struct Course<'a> {
    /// The register's settled expressions.
    pub form: &'a RegisterForm,
    /// One value per declared field, as the command would leave them, calculated ones filled.
    pub fields: &'a [Value],
    /// Names of the fields that are given with the command.
    pub given: &'a [&'a str],
    /// Parameters without `p.`, at the record's place on a day; `Null` where they are unset.
    pub parameters: &'a dyn Fn(&str, Day) -> Value,
    /// Where the record stands; see [`crate::replay`].
    pub position: &'a Position,
    /// Where the record lies; `None` where it lies nowhere.
    pub region: Option<RegionCode>,
    /// Who acts for whose office.
    pub deputies: &'a [Deputy],
    /// Where nothing is done.
    pub suspensions: &'a [Suspension],
}

/// Somebody acts for an office: a role at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deputy {
    /// The person who acts.
    pub account: String,
    pub role: String,
    pub region: RegionCode,
    /// First and last day.
    pub from: Day,
    pub until: Day,
}

/// At a place, and inside it, no step is taken from one day through another, and every clock stands still (e.g. 年度封账).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    pub region: RegionCode,
    /// First and last day.
    pub from: Day,
    pub until: Day,
    /// Why, in the words of who ordered it.
    pub reason: String,
}

/// A parameter that has no value where and when one is needed.
pub(crate) struct UnsetParameter {
    pub(crate) name: String,
    pub(crate) label: Wording,
}

impl Course<'_> {
    /// The suspensions of the record's place.
    fn suspended(&self) -> impl Iterator<Item = &Suspension> {
        let region = self.region;
        self.suspensions.iter().filter(move |one| region.is_some_and(|region| one.region.holds(region)))
    }

    /// The suspension of the record's place on the day that lasts longest.
    pub(crate) fn suspended_on(&self, day: Day) -> Option<&Suspension> {
        self.suspended().filter(|one| one.from <= day && day <= one.until).max_by_key(|one| one.until)
    }

    /// The days on which clocks stand still at the record's place.
    pub(crate) fn halts(&self) -> Vec<Halt> {
        self.suspended().map(|one| Halt { from: one.from, until: Some(one.until) }).collect()
    }

    /// The role among these for which the account may act on the day.
    pub(crate) fn acts_for(&self, account: &str, roles: &[String], day: Day) -> Option<&Deputy> {
        self.deputies.iter().find(|deputy| {
            let is_here = self.region.is_some_and(|region| deputy.region.holds(region));
            let is_now = deputy.from <= day && day <= deputy.until;
            deputy.account == account && is_here && is_now && roles.contains(&deputy.role)
        })
    }

    /// A length in days as of a day.
    ///
    /// # Errors
    /// The parameter, where it is unset or not at least one day.
    pub(crate) fn days(&self, form: &DaysForm, on: Day) -> Result<u16, UnsetParameter> {
        match form {
            DaysForm::Count(count) => Ok(*count),
            DaysForm::Parameter { name, label, label_en } => {
                let value = (self.parameters)(name, on).as_i64().and_then(|days| u16::try_from(days).ok());
                let unset = || UnsetParameter { name: name.clone(), label: Wording::pair(label, label_en) };
                value.filter(|days| *days > 0).ok_or_else(unset)
            }
        }
    }
}
