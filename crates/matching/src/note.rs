//! Remarks on rows that were matched: what the owner of the data should look at all the same.

use crate::{Coded, Texts, UnmatchedReason};
use model::HouseholdNo;
use words::Wording;

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

/// In the order of the kinds.
const TEXTS: [Texts; 7] = [
    Texts {
        code: "name_differs",
        label: ["姓名与人员台账不一致", "the name is not that of the register"],
        hint: [
            "请核对证件号码是否录成了他人的；本人改过名的，请更新人员台账",
            "Check whether the identity number is somebody else's; where the person has a new name, update the register of residents",
        ],
    },
    Texts {
        code: "household_number_unknown",
        label: ["表中户编号不存在", "the household number is unknown"],
        hint: ["请来源部门更正户编号", "Ask the department to correct the household number"],
    },
    Texts {
        code: "household_number_differs",
        label: ["表中户编号与人员台账不一致", "the household number is not that of the register"],
        hint: [
            "请来源部门核对户编号；该户已变更的，请更新人员台账",
            "Ask the department to check the household number; where the household has changed, update the register of residents",
        ],
    },
    Texts {
        code: "settled_by_household_number",
        label: ["本人同日登记在多户", "in several households on that day"],
        hint: [
            "请核实该人实际所在户，并为其余户填写离户日期",
            "Find out where the person belongs and enter the day of leaving for the other households",
        ],
    },
    Texts {
        code: "identity_not_used",
        label: ["证件号码未能用于核对", "the identity number was of no use"],
        hint: ["请来源部门对照证件核对号码", "Ask the department to compare the number with the certificate"],
    },
    Texts {
        code: "days_beside_membership",
        label: ["业务发生日与在户日期相差数日", "some days beside the membership"],
        hint: [
            "请核对人员台账中该人的入户日期和离户日期",
            "Check the days on which the person joined and left the household in the register of residents",
        ],
    },
    Texts {
        code: "household_of_delivery",
        label: ["业务发生日不在任何户内，按报送日所在户计入", "counted where the person was on the day of delivery"],
        hint: [
            "该人先后在不同的户，请核对入户日期和离户日期是否衔接",
            "The person was in one household after another; check whether the days of joining and leaving meet",
        ],
    },
];

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

    fn texts(self) -> &'static Texts {
        &TEXTS[self as usize]
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
        let both = |chinese: &str, english: &str| Wording::pair(chinese, english);
        match self {
            Note::NameDiffers => both(
                "姓名与人员台账不一致，已按证件号码采用",
                "The name is not that of the register of residents; the identity number decided",
            ),
            Note::HouseholdNumberUnknown => both(
                "表中户编号在户台账中不存在，已按证件号码采用",
                "The household number is not in the register of households; the identity number decided",
            ),
            Note::HouseholdNumberDiffers { stated } => Wording::pair(
                format!("表中户编号为{stated}，与人员台账不一致，以台账为准"),
                format!("The row says household {stated}, the register of residents another one; the register decided"),
            ),
            Note::SettledByHouseholdNumber => both(
                "本人同日登记在多户，已按表中户编号确定",
                "The person is in several households on that day; the household number of the row decided",
            ),
            Note::IdentityNotUsed(reason) => {
                let [chinese, english] = reason.texts().label;
                Wording::pair(
                    format!("证件号码未能用于核对（{chinese}）"),
                    format!("The identity number was of no use ({english}); the household number decided"),
                )
            }
            Note::DaysBesideMembership { days: 0 } => both(
                "业务发生日正是本人离户之日，前后又在另一户，按离开的户计入",
                "On the day the person left this household and was near to another one; it counts for the one that was left",
            ),
            Note::DaysBesideMembership { days } => {
                let unit = if *days == 1 { "day" } else { "days" };
                Wording::pair(
                    format!("业务发生日本人不在户内，与在户日期相差{days}天，按该户计入"),
                    format!(
                        "On the day the person was in no household, {days} {unit} beside this one, for which it counts"
                    ),
                )
            }
            Note::HouseholdOfDelivery => both(
                "本人先后在不同的户，业务发生日不在任何户内，按报送日所在户计入",
                "On the day the person was in no household; it counts for the one of the day of delivery",
            ),
        }
    }
}
