//! Remarks on rows that were matched: what the owner of the data should look at all the same.

use crate::UnmatchedReason;
use model::HouseholdNo;

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

/// Texts of one kind: code, label, label_en, hint.
type Texts = (&'static str, &'static str, &'static str, &'static str);

/// In the order of the kinds.
const TEXTS: [Texts; 7] = [
    (
        "name_differs",
        "姓名与人员台账不一致",
        "the name is not that of the register",
        "请核对证件号码是否录成了他人的；本人改过名的，请更新人员台账",
    ),
    ("household_number_unknown", "表中户编号不存在", "the household number is unknown", "请来源部门更正户编号"),
    (
        "household_number_differs",
        "表中户编号与人员台账不一致",
        "the household number is not that of the register",
        "请来源部门核对户编号；该户已变更的，请更新人员台账",
    ),
    (
        "settled_by_household_number",
        "本人同日登记在多户",
        "in several households on that day",
        "请核实该人实际所在户，并为其余户填写离户日期",
    ),
    ("identity_not_used", "证件号码未能用于核对", "the identity number was of no use", "请来源部门对照证件核对号码"),
    (
        "days_beside_membership",
        "业务发生日与在户日期相差数日",
        "some days beside the membership",
        "请核对人员台账中该人的入户日期和离户日期",
    ),
    (
        "household_of_delivery",
        "业务发生日不在任何户内，按报送日所在户计入",
        "counted where the person was on the day of delivery",
        "该人先后在不同的户，请核对入户日期和离户日期是否衔接",
    ),
];

impl NoteKind {
    /// Every kind, in the order in which lists show them.
    pub const ALL: [NoteKind; 7] = [
        NoteKind::NameDiffers,
        NoteKind::HouseholdNumberUnknown,
        NoteKind::HouseholdNumberDiffers,
        NoteKind::SettledByHouseholdNumber,
        NoteKind::IdentityNotUsed,
        NoteKind::DaysBesideMembership,
        NoteKind::HouseholdOfDelivery,
    ];

    /// The stable code, in snake case.
    pub fn code(self) -> &'static str {
        self.texts().0
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<NoteKind> {
        NoteKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind in a few Chinese words.
    pub fn label(self) -> &'static str {
        self.texts().1
    }

    /// The kind in a few English words.
    pub fn label_en(self) -> &'static str {
        self.texts().2
    }

    /// What to do next.
    pub fn hint(self) -> &'static str {
        self.texts().3
    }

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

    /// The remark in Chinese, without full stop and without a name.
    pub fn explain(&self) -> String {
        match self {
            Note::NameDiffers => "姓名与人员台账不一致，已按证件号码采用".to_owned(),
            Note::HouseholdNumberUnknown => "表中户编号在户台账中不存在，已按证件号码采用".to_owned(),
            Note::HouseholdNumberDiffers { stated } => {
                format!("表中户编号为{stated}，与人员台账不一致，以台账为准")
            }
            Note::SettledByHouseholdNumber => "本人同日登记在多户，已按表中户编号确定".to_owned(),
            Note::IdentityNotUsed(reason) => format!("证件号码未能用于核对（{}）", reason.label()),
            Note::DaysBesideMembership { days: 0 } => {
                "业务发生日正是本人离户之日，前后又在另一户，按离开的户计入".to_owned()
            }
            Note::DaysBesideMembership { days } => {
                format!("业务发生日本人不在户内，与在户日期相差{days}天，按该户计入")
            }
            Note::HouseholdOfDelivery => "本人先后在不同的户，业务发生日不在任何户内，按报送日所在户计入".to_owned(),
        }
    }
}
