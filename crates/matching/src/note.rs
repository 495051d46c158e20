//! Remarks on rows that were matched: what the owner of the data should look at all the same.

use crate::{Coded, UnmatchedReason};
use model::HouseholdNo;
use words::{Wording, wording};

/// A remark on a row that was matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The number is that of one person, the name that of another; the number decided.
    NameDiffers,
    /// The household number of the row is not in the register; the identity number decided.
    HouseholdNumberUnknown,
    /// The row names another household than the register does for the person; the register decided.
    HouseholdNumberDiffers { stated: HouseholdNo },
    /// The person is in several households on the day; the household number of the row decided.
    SettledByHouseholdNumber,
    /// The identity number was of no use; the household number decided.
    IdentityNotUsed(UnmatchedReason),
    /// On the day the person was in no household, but some days before or behind it in this one; 0 days: it is the day of
    /// leaving, and another household is near.
    DaysBesideMembership { days: u32 },
    /// The person belonged to several households at other times; the one of the day of delivery was taken.
    HouseholdOfDelivery,
}

/// The remarks without their particulars: what they are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    NameDiffers,
    HouseholdNumberUnknown,
    HouseholdNumberDiffers,
    SettledByHouseholdNumber,
    IdentityNotUsed,
    DaysBesideMembership,
    HouseholdOfDelivery,
}

impl Coded for NoteKind {
    const ALL: &'static [NoteKind] = &[
        NoteKind::NameDiffers,
        NoteKind::HouseholdNumberUnknown,
        NoteKind::HouseholdNumberDiffers,
        NoteKind::SettledByHouseholdNumber,
        NoteKind::IdentityNotUsed,
        NoteKind::DaysBesideMembership,
        NoteKind::HouseholdOfDelivery,
    ];

    fn key(self) -> String {
        format!("noted_{}", self.code())
    }

    fn code(self) -> &'static str {
        match self {
            NoteKind::NameDiffers => "name_differs",
            NoteKind::HouseholdNumberUnknown => "household_number_unknown",
            NoteKind::HouseholdNumberDiffers => "household_number_differs",
            NoteKind::SettledByHouseholdNumber => "settled_by_household_number",
            NoteKind::IdentityNotUsed => "identity_not_used",
            NoteKind::DaysBesideMembership => "days_beside_membership",
            NoteKind::HouseholdOfDelivery => "household_of_delivery",
        }
    }
}

impl Note {
    /// The kind to count by.
    pub fn kind(&self) -> NoteKind {
        match self {
            Note::NameDiffers => NoteKind::NameDiffers,
            Note::HouseholdNumberUnknown => NoteKind::HouseholdNumberUnknown,
            Note::HouseholdNumberDiffers { .. } => NoteKind::HouseholdNumberDiffers,
            Note::SettledByHouseholdNumber => NoteKind::SettledByHouseholdNumber,
            Note::IdentityNotUsed(_) => NoteKind::IdentityNotUsed,
            Note::DaysBesideMembership { .. } => NoteKind::DaysBesideMembership,
            Note::HouseholdOfDelivery => NoteKind::HouseholdOfDelivery,
        }
    }

    /// The remark, without full stop and without a name.
    pub fn explain(&self) -> Wording {
        match self {
            Note::NameDiffers => wording!("note_name_differs"),
            Note::HouseholdNumberUnknown => wording!("note_household_number_unknown"),
            Note::HouseholdNumberDiffers { stated } => wording!("note_household_number_differs", stated),
            Note::SettledByHouseholdNumber => wording!("note_settled_by_household_number"),
            Note::IdentityNotUsed(reason) => wording!("note_identity_not_used", reason = reason.label()),
            Note::DaysBesideMembership { days: 0 } => wording!("note_day_of_leaving"),
            Note::DaysBesideMembership { days } => wording!("note_days_beside_membership", days),
            Note::HouseholdOfDelivery => wording!("note_household_of_delivery"),
        }
    }
}
