//! What matching says about a row: the household with the reason for it, or the reason why there is none.

use crate::{Basis, Member, Note, UnmatchedReason};
use model::{HouseholdNo, IdentityFault, ResidentKey};
use words::{Wording, wording};

/// The household that a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
    pub household_no: HouseholdNo,
    /// The person by whom the row was matched; `None` where the household number decided alone.
    pub resident_key: Option<ResidentKey>,
    pub basis: Basis,
    /// What the owner of the data should look at all the same.
    pub notes: Vec<Note>,
}

/// Why a row has no household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmatched {
    NoIdentity,
    BadIdentity(IdentityFault),
    NotInRegister,
    /// The latest membership of the person.
    NotAMemberThen(Member),
    SeveralHouseholds(Vec<HouseholdNo>),
    UnknownHousehold,
    /// A row about a household names a person whom the register has in another one.
    HouseholdDisagrees {
        stated: HouseholdNo,
        registered: Vec<HouseholdNo>,
    },
}

impl Matched {
    /// Why the row belongs to this household, in one sentence.
    pub fn explain(&self) -> Wording {
        let household = self.household_no;
        let why = match self.basis {
            Basis::OnDay => wording!("matched_on_day", household),
            Basis::Beside => wording!("matched_beside", household),
            Basis::OnDelivery => wording!("matched_on_delivery", household),
            Basis::HouseholdNumber => wording!("matched_by_number", household),
        };
        if self.notes.is_empty() {
            return wording!("matched_alone", why);
        }
        wording!("matched_noted", why, notes = words::clauses(self.notes.iter().map(Note::explain)))
    }
}

impl Unmatched {
    /// The reason to count by.
    pub fn reason(&self) -> UnmatchedReason {
        match self {
            Unmatched::NoIdentity => UnmatchedReason::NoIdentity,
            Unmatched::BadIdentity(_) => UnmatchedReason::BadIdentity,
            Unmatched::NotInRegister => UnmatchedReason::NotInRegister,
            Unmatched::NotAMemberThen(_) => UnmatchedReason::NotAMemberThen,
            Unmatched::SeveralHouseholds(_) => UnmatchedReason::SeveralHouseholds,
            Unmatched::UnknownHousehold => UnmatchedReason::UnknownHousehold,
            Unmatched::HouseholdDisagrees { .. } => UnmatchedReason::HouseholdDisagrees,
        }
    }

    /// Why the row has no household, in one sentence without numbers of persons.
    pub fn explain(&self) -> Wording {
        match self {
            Unmatched::NoIdentity => wording!("no_match_without_identity"),
            Unmatched::BadIdentity(fault) => wording!("no_match_bad_identity", fault = fault.advice().what),
            Unmatched::NotInRegister => wording!("no_match_not_in_register"),
            Unmatched::NotAMemberThen(member) => {
                let from = member.from.map_or_else(|| wording!("membership_without_beginning"), Wording::same);
                let to = member.to.map_or_else(|| wording!("membership_until_today"), Wording::same);
                wording!("no_match_not_a_member_then", household = member.household_no, from, to)
            }
            Unmatched::SeveralHouseholds(households) => {
                let count = households.len();
                wording!("no_match_several_households", count, households = words::list(households))
            }
            Unmatched::UnknownHousehold => wording!("no_match_unknown_household"),
            Unmatched::HouseholdDisagrees { stated, registered } => {
                wording!("no_match_household_disagrees", stated, households = words::list(registered))
            }
        }
    }
}
