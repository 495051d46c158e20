//! From the texts of a row to its household.

use crate::{Basis, Found, Matched, Note, PersonCipher, Registered, Unmatched, UnmatchedReason};
use model::{Day, HouseholdNo, IdentityNumber, ResidentKey};

/// What a row says about whom it concerns, and when.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// The identity number as it stands in the file; empty counts as none.
    pub identity: Option<&'a str>,
    /// The household number as it stands in the file; empty counts as none.
    pub household_no: Option<&'a str>,
    /// The day of the event; the day of delivery where the row has none.
    pub day: Day,
    pub delivered_on: Day,
}

/// Finds the household of a row among the members of one register.
#[derive(Clone, Copy, Debug)]
pub struct Matcher<'a> {
    cipher: &'a PersonCipher,
    register: &'a dyn Registered,
}

/// What the household number of a row is worth.
enum Stated {
    Nothing,
    Unknown,
    Known(HouseholdNo),
}

impl<'a> Matcher<'a> {
    /// A matcher over this register; the register's keys were made with the same cipher.
    pub fn new(cipher: &'a PersonCipher, register: &'a dyn Registered) -> Matcher<'a> {
        Matcher { cipher, register }
    }

    /// The household of a row about a resident. The identity number decides; a household number only settles between
    /// several households, and is noted where it differs.
    ///
    /// # Errors
    /// Why there is no household; never `UnknownHousehold` or `HouseholdDisagrees`.
    pub fn resident(&self, sought: Sought<'_>) -> Result<Matched, Unmatched> {
        let resident_key = self.resident_key(sought.identity)?;
        let stated = self.stated(sought.household_no);
        match self.found(resident_key, sought) {
            Found::Household { household_no, by } => {
                let note = match stated {
                    Stated::Known(stated) if stated != household_no => Some(Note::HouseholdNumberDiffers { stated }),
                    Stated::Unknown => Some(Note::HouseholdNumberUnknown),
                    _ => None,
                };
                Ok(Matched { household_no, resident_key: Some(resident_key), basis: by, note })
            }
            Found::SeveralHouseholds { households, by } => match stated {
                Stated::Known(stated) if households.contains(&stated) => Ok(Matched {
                    household_no: stated,
                    resident_key: Some(resident_key),
                    basis: by,
                    note: Some(Note::SettledByHouseholdNumber),
                }),
                _ => Err(Unmatched::SeveralHouseholds(households)),
            },
            Found::NotInRegister => Err(Unmatched::NotInRegister),
            Found::NotAMemberThen(member) => Err(Unmatched::NotAMemberThen(member)),
        }
    }

    /// The household of a row about a household. The household number decides, unless the row names a person whom the
    /// register has in another household: then nobody is accused before someone has looked. A number that the register does
    /// not know, or none, gives way to the identity number.
    ///
    /// # Errors
    /// Why there is no household.
    pub fn household(&self, sought: Sought<'_>) -> Result<Matched, Unmatched> {
        let stated = match self.stated(sought.household_no) {
            Stated::Known(stated) => stated,
            Stated::Nothing => return self.resident(sought),
            Stated::Unknown => {
                return self.resident(sought).map_err(|unmatched| match unmatched {
                    Unmatched::NoIdentity => Unmatched::UnknownHousehold,
                    other => other,
                });
            }
        };
        match self.resident_key(sought.identity) {
            Ok(resident_key) => self.held_against(stated, resident_key, sought),
            Err(Unmatched::NoIdentity) => Ok(by_number(stated, None)),
            Err(unmatched) => Ok(by_number(stated, Some(unmatched.reason()))),
        }
    }

    /// Holds the stated household against those in which the register has the person.
    fn held_against(
        &self,
        stated: HouseholdNo,
        resident_key: ResidentKey,
        sought: Sought<'_>,
    ) -> Result<Matched, Unmatched> {
        let mut registered = Vec::new();
        for (day, basis) in [(sought.day, Basis::OnDay), (sought.delivered_on, Basis::OnDelivery)] {
            let households = self.register.households_on(resident_key, day);
            if households.contains(&stated) {
                let note = (households.len() > 1).then_some(Note::SettledByHouseholdNumber);
                return Ok(Matched { household_no: stated, resident_key: Some(resident_key), basis, note });
            }
            registered.extend(households);
        }
        registered.sort_unstable();
        registered.dedup();
        if !registered.is_empty() {
            return Err(Unmatched::HouseholdDisagrees { stated, registered });
        }
        let is_known = !self.register.memberships(resident_key).is_empty();
        let reason = if is_known { UnmatchedReason::NotAMemberThen } else { UnmatchedReason::NotInRegister };
        Ok(by_number(stated, Some(reason)))
    }

    /// Who left on the very day of the event, by dying, was a member until then.
    fn found(&self, resident_key: ResidentKey, sought: Sought<'_>) -> Found {
        match self.register.find(resident_key, sought.day, sought.delivered_on) {
            Found::NotAMemberThen(member) if member.to == Some(sought.day) => {
                self.register.household_on(resident_key, sought.day.plus_days(-1))
            }
            found => found,
        }
    }

    fn resident_key(&self, identity: Option<&str>) -> Result<ResidentKey, Unmatched> {
        let text = identity.map(str::trim).filter(|text| !text.is_empty()).ok_or(Unmatched::NoIdentity)?;
        let number = IdentityNumber::parse(text).map_err(Unmatched::BadIdentity)?;
        Ok(self.cipher.key_of(number))
    }

    fn stated(&self, household_no: Option<&str>) -> Stated {
        let Some(text) = household_no.map(str::trim).filter(|text| !text.is_empty()) else { return Stated::Nothing };
        match HouseholdNo::parse(text).filter(|number| self.register.has_household(*number)) {
            Some(number) => Stated::Known(number),
            None => Stated::Unknown,
        }
    }
}

fn by_number(household_no: HouseholdNo, identity_not_used: Option<UnmatchedReason>) -> Matched {
    let note = identity_not_used.map(Note::IdentityNotUsed);
    Matched { household_no, resident_key: None, basis: Basis::HouseholdNumber, note }
}
