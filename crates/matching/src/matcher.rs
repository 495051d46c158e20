//! From the texts of a row to its household.

use crate::found::{find, households_on};
use crate::{
    Basis, Found, Matched, Member, NameBook, NameMark, Note, PersonCipher, Registered, Unmatched, UnmatchedReason,
};
use model::{Day, HouseholdNo, IdentityNumber, ResidentKey};

/// What a row says about whom it concerns, and when.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// The identity number as it stands in the file; empty counts as none.
    pub identity: Option<&'a str>,
    /// The name of that person as it stands in the file; empty counts as none.
    pub name: Option<&'a str>,
    /// The household number as it stands in the file; empty counts as none.
    pub household_no: Option<&'a str>,
    /// The day of the event; the day of delivery where the row has none.
    pub day: Day,
    pub delivered_on: Day,
    /// How many days beside a membership an event may lie and still find its household.
    pub tolerance_days: u16,
}

/// Finds the household of a row among the members of one register.
#[derive(Clone, Copy, Debug)]
pub struct Matcher<'a> {
    cipher: &'a PersonCipher,
    names: &'a NameBook,
    register: &'a dyn Registered,
}

/// What the household number of a row is worth.
enum Stated {
    Nothing,
    Unknown,
    Known(HouseholdNo),
}

impl<'a> Matcher<'a> {
    /// A matcher over this register; the register's keys and marks of names were made with the same cipher and the same book.
    pub fn new(cipher: &'a PersonCipher, names: &'a NameBook, register: &'a dyn Registered) -> Matcher<'a> {
        Matcher { cipher, names, register }
    }

    /// The household of a row about a resident. The identity number decides; a household number only settles between
    /// several households, and is noted where it differs.
    ///
    /// # Errors
    /// Why there is no household; never `UnknownHousehold` or `HouseholdDisagrees`.
    pub fn resident(&self, sought: Sought<'_>) -> Result<Matched, Unmatched> {
        let resident_key = self.resident_key(sought.identity)?;
        let stated = self.stated(sought.household_no);
        let members = self.register.memberships(resident_key);
        let mut notes = self.name_differs(&members, sought.name);
        let (household_no, basis) = match find(&members, sought.day, sought.delivered_on, sought.tolerance_days) {
            Found::Household { household_no, by, note } => {
                notes.extend(note);
                notes.extend(match stated {
                    Stated::Known(stated) if stated != household_no => Some(Note::HouseholdNumberDiffers { stated }),
                    Stated::Unknown => Some(Note::HouseholdNumberUnknown),
                    _ => None,
                });
                (household_no, by)
            }
            Found::SeveralHouseholds { households, by } => match stated {
                Stated::Known(stated) if households.contains(&stated) => {
                    notes.push(Note::SettledByHouseholdNumber);
                    (stated, by)
                }
                _ => return Err(Unmatched::SeveralHouseholds(households)),
            },
            Found::NotInRegister => return Err(Unmatched::NotInRegister),
            Found::NotAMemberThen(member) => return Err(Unmatched::NotAMemberThen(member)),
        };
        Ok(Matched { household_no, resident_key: Some(resident_key), basis, notes })
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
            Err(Unmatched::NoIdentity) => Ok(by_number(stated, Vec::new())),
            Err(unmatched) => Ok(by_number(stated, vec![Note::IdentityNotUsed(unmatched.reason())])),
        }
    }

    /// Holds the stated household against those in which the register has the person.
    fn held_against(
        &self,
        stated: HouseholdNo,
        resident_key: ResidentKey,
        sought: Sought<'_>,
    ) -> Result<Matched, Unmatched> {
        let members = self.register.memberships(resident_key);
        let mut notes = self.name_differs(&members, sought.name);
        let matched =
            |basis, notes| Ok(Matched { household_no: stated, resident_key: Some(resident_key), basis, notes });
        let mut registered = Vec::new();
        for (day, basis) in [(sought.day, Basis::OnDay), (sought.delivered_on, Basis::OnDelivery)] {
            let households = households_on(&members, day);
            if households.contains(&stated) {
                notes.extend((households.len() > 1).then_some(Note::SettledByHouseholdNumber));
                return matched(basis, notes);
            }
            registered.extend(households);
        }
        let of_stated = members.iter().filter(|member| member.household_no == stated);
        let days = of_stated.map(|member| member.days_beside(sought.day)).min();
        if let Some(days) = days.filter(|days| *days <= u32::from(sought.tolerance_days)) {
            if days == 0 && registered.is_empty() {
                return matched(Basis::OnDay, notes);
            }
            notes.push(Note::DaysBesideMembership { days });
            return matched(Basis::Beside, notes);
        }
        registered.sort_unstable();
        registered.dedup();
        if !registered.is_empty() {
            return Err(Unmatched::HouseholdDisagrees { stated, registered });
        }
        let is_known = !members.is_empty();
        let reason = if is_known { UnmatchedReason::NotAMemberThen } else { UnmatchedReason::NotInRegister };
        notes.push(Note::IdentityNotUsed(reason));
        Ok(by_number(stated, notes))
    }

    /// The note, where the register has another name for the person than the row.
    fn name_differs(&self, members: &[Member], name: Option<&str>) -> Vec<Note> {
        let Some(name) = name.filter(|name| !name.is_empty()) else { return Vec::new() };
        let marks: Vec<NameMark> = members.iter().map(|member| member.name).collect();
        if self.names.agrees(name, &marks) { Vec::new() } else { vec![Note::NameDiffers] }
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

fn by_number(household_no: HouseholdNo, notes: Vec<Note>) -> Matched {
    Matched { household_no, resident_key: None, basis: Basis::HouseholdNumber, notes }
}
