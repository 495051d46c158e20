//! What matching says about a row: the household with the reason for it, or the reason why there is none.

use crate::{Basis, Member, Note};
use model::{Day, HouseholdNo, IdentityFault, ResidentKey};

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

/// Texts of one reason: code, label, label_en, hint, hint_en.
type Texts = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// In the order of the reasons.
const TEXTS: [Texts; 7] = [
    (
        "no_identity",
        "无证件号码",
        "no identity number",
        "请来源部门补填证件号码后重新报送",
        "ask the department to fill in the identity number and hand the file in again",
    ),
    (
        "bad_identity",
        "证件号码有误",
        "wrong identity number",
        "请来源部门对照证件改正号码后重新报送",
        "ask the department to correct the number by the certificate and hand the file in again",
    ),
    (
        "not_in_register",
        "人员台账中无此人",
        "not in the register of residents",
        "如属本地农村人口，请先在人员台账中补录；否则不需处理",
        "if the person is a rural resident here, add them to the register first; otherwise nothing is needed",
    ),
    (
        "not_a_member_then",
        "当日不在任何户内",
        "member of no household on that day",
        "请核对人员台账中该人的入户日期和离户日期",
        "check the days on which the person joined and left the household in the register",
    ),
    (
        "several_households",
        "同日登记在多户",
        "in several households on that day",
        "请在人员台账中核实该人实际所在户，并为其余户填写离户日期",
        "find out where the person belongs and enter the day of leaving for the other households",
    ),
    (
        "unknown_household",
        "户编号不存在",
        "unknown household number",
        "请核对户编号；如为新立户，请先在户台账中补录",
        "check the household number; if the household is new, add it to the register first",
    ),
    (
        "household_disagrees",
        "户编号与证件号码不属同一户",
        "household number and identity number disagree",
        "请来源部门核对户编号和证件号码，改正后重新报送；如该户已变更，请先更新人员台账",
        "ask the department to check both numbers; if the household has changed, update the register first",
    ),
];

impl UnmatchedReason {
    /// Every reason, in the order in which lists show them.
    pub const ALL: [UnmatchedReason; 7] = [
        UnmatchedReason::NoIdentity,
        UnmatchedReason::BadIdentity,
        UnmatchedReason::NotInRegister,
        UnmatchedReason::NotAMemberThen,
        UnmatchedReason::SeveralHouseholds,
        UnmatchedReason::UnknownHousehold,
        UnmatchedReason::HouseholdDisagrees,
    ];

    /// The stable code, in snake case.
    pub fn code(self) -> &'static str {
        self.texts().0
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<UnmatchedReason> {
        UnmatchedReason::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The reason in a few Chinese words.
    pub fn label(self) -> &'static str {
        self.texts().1
    }

    /// The reason in a few English words.
    pub fn label_en(self) -> &'static str {
        self.texts().2
    }

    /// What to do next.
    pub fn hint(self) -> &'static str {
        self.texts().3
    }

    /// What to do next, in English.
    pub fn hint_en(self) -> &'static str {
        self.texts().4
    }

    fn texts(self) -> &'static Texts {
        &TEXTS[self as usize]
    }
}

impl Matched {
    /// Why the row belongs to this household, in one Chinese sentence.
    pub fn explain(&self) -> String {
        let household_no = self.household_no;
        let why = match self.basis {
            Basis::OnDay => format!("按证件号码找到本人，业务发生日其属于{household_no}户"),
            Basis::Beside => format!("按证件号码找到本人，业务发生日前后其属于{household_no}户"),
            Basis::OnDelivery => {
                format!("按证件号码找到本人，业务发生日其不在任何户内，按报送日所在的{household_no}户计入")
            }
            Basis::HouseholdNumber => format!("按户编号找到{household_no}户"),
        };
        let notes: String = self.notes.iter().map(|note| format!("；{}", note.explain())).collect();
        format!("{why}{notes}。")
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

    /// Why the row has no household, in one Chinese sentence without numbers of persons.
    pub fn explain(&self) -> String {
        match self {
            Unmatched::NoIdentity => "本行没有证件号码，无法确定是哪一户。".to_owned(),
            Unmatched::BadIdentity(fault) => format!("{}，无法确定是哪一户。", fault.what()),
            Unmatched::NotInRegister => "证件号码有效，但人员台账中没有此人。".to_owned(),
            Unmatched::NotAMemberThen(member) => format!(
                "业务发生日和报送日此人都不在任何户内；最近一次登记在{}户（{}至{}）。",
                member.household_no,
                day_or(member.from, "未填入户日期"),
                day_or(member.to, "今")
            ),
            Unmatched::SeveralHouseholds(households) => {
                format!(
                    "业务发生日（或前后数日）此人先后或同时登记在{}个户：{}。",
                    households.len(),
                    listed(households)
                )
            }
            Unmatched::UnknownHousehold => "户台账中没有表中的户编号，也没有可用的证件号码。".to_owned(),
            Unmatched::HouseholdDisagrees { stated, registered } => {
                format!("表中户编号为{stated}，而证件号码的本人登记在{}户，两者不一致。", listed(registered))
            }
        }
    }
}

fn day_or(day: Option<Day>, otherwise: &str) -> String {
    day.map_or_else(|| otherwise.to_owned(), |day| day.to_string())
}

fn listed(households: &[HouseholdNo]) -> String {
    households.iter().map(HouseholdNo::to_string).collect::<Vec<_>>().join("、")
}
