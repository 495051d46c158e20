//! Why a row has no household, as it is counted.

use crate::Coded;

/// The reasons without their particulars: what unmatched rows are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnmatchedReason {
    NoIdentity,
    BadIdentity,
    NotInRegister,
    NotAMemberThen,
    SeveralHouseholds,
    UnknownHousehold,
    HouseholdDisagrees,
}

impl Coded for UnmatchedReason {
    const ALL: &'static [UnmatchedReason] = &[
        UnmatchedReason::NoIdentity,
        UnmatchedReason::BadIdentity,
        UnmatchedReason::NotInRegister,
        UnmatchedReason::NotAMemberThen,
        UnmatchedReason::SeveralHouseholds,
        UnmatchedReason::UnknownHousehold,
        UnmatchedReason::HouseholdDisagrees,
    ];

    fn key(self) -> String {
        format!("unmatched_{}", self.code())
    }

    fn code(self) -> &'static str {
        match self {
            UnmatchedReason::NoIdentity => "no_identity",
            UnmatchedReason::BadIdentity => "bad_identity",
            UnmatchedReason::NotInRegister => "not_in_register",
            UnmatchedReason::NotAMemberThen => "not_a_member_then",
            UnmatchedReason::SeveralHouseholds => "several_households",
            UnmatchedReason::UnknownHousehold => "unknown_household",
            UnmatchedReason::HouseholdDisagrees => "household_disagrees",
        }
    }
}
