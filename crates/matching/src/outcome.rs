//! What matching says about a row: the household with the reason for it, or the reason why there is none.

use crate::{Basis, Coded, Member, Note, Texts};
use model::{Bilingual, HouseholdNo, IdentityFault, ResidentKey};

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

/// In the order of the reasons.
const TEXTS: [Texts; 7] = [
    Texts {
        code: "no_identity",
        label: ["无证件号码", "no identity number"],
        hint: [
            "请来源部门补填证件号码后重新报送",
            "Ask the department to fill in the identity number and hand the file in again",
        ],
    },
    Texts {
        code: "bad_identity",
        label: ["证件号码有误", "wrong identity number"],
        hint: [
            "请来源部门对照证件改正号码后重新报送",
            "Ask the department to correct the number by the certificate and hand the file in again",
        ],
    },
    Texts {
        code: "not_in_register",
        label: ["人员台账中无此人", "not in the register of residents"],
        hint: [
            "如属本地农村人口，请先在人员台账中补录；否则不需处理",
            "If the person is a rural resident here, add them to the register first; otherwise nothing is needed",
        ],
    },
    Texts {
        code: "not_a_member_then",
        label: ["当日不在任何户内", "member of no household on that day"],
        hint: [
            "请核对人员台账中该人的入户日期和离户日期",
            "Check the days on which the person joined and left the household in the register",
        ],
    },
    Texts {
        code: "several_households",
        label: ["同日登记在多户", "in several households on that day"],
        hint: [
            "请在人员台账中核实该人实际所在户，并为其余户填写离户日期",
            "Find out where the person belongs and enter the day of leaving for the other households",
        ],
    },
    Texts {
        code: "unknown_household",
        label: ["户编号不存在", "unknown household number"],
        hint: [
            "请核对户编号；如为新立户，请先在户台账中补录",
            "Check the household number; if the household is new, add it to the register first",
        ],
    },
    Texts {
        code: "household_disagrees",
        label: ["户编号与证件号码不属同一户", "household number and identity number disagree"],
        hint: [
            "请来源部门核对户编号和证件号码，改正后重新报送；如该户已变更，请先更新人员台账",
            "Ask the department to check both numbers; if the household has changed, update the register first",
        ],
    },
];

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
        let notes: String = self.notes.iter().map(|note| format!("；{}", note.explain().chinese)).collect();
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

    /// Why the row has no household, in one sentence without numbers of persons.
    pub fn explain(&self) -> Bilingual {
        let both = |chinese: &str, english: &str| Bilingual::new(chinese, english);
        match self {
            Unmatched::NoIdentity => both(
                "本行没有证件号码，无法确定是哪一户。",
                "The row has no identity number, so the household is not known.",
            ),
            Unmatched::BadIdentity(fault) => Bilingual::new(
                format!("{}，无法确定是哪一户。", fault.what()),
                format!("The household is not known: {}.", fault.what_en()),
            ),
            Unmatched::NotInRegister => both(
                "证件号码有效，但人员台账中没有此人。",
                "The identity number is valid, but the register of residents does not have this person.",
            ),
            Unmatched::NotAMemberThen(member) => {
                let household = member.household_no;
                let [from, to] = [member.from, member.to].map(|day| day.map(|day| day.to_string()));
                let [from, to] = [from.as_deref(), to.as_deref()];
                let (from_zh, to_zh) = (from.unwrap_or("未填入户日期"), to.unwrap_or("今"));
                let (from_en, to_en) = (from.unwrap_or("no day of joining"), to.unwrap_or("today"));
                Bilingual::new(
                    format!(
                        "业务发生日和报送日此人都不在任何户内；最近一次登记在{household}户（{from_zh}至{to_zh}）。"
                    ),
                    format!(
                        "The person was in no household on the day, nor on the day of delivery; the latest was household \
                         {household} ({from_en} to {to_en})."
                    ),
                )
            }
            Unmatched::SeveralHouseholds(households) => {
                let count = households.len();
                Bilingual::new(
                    format!("业务发生日（或前后数日）此人先后或同时登记在{count}个户：{}。", listed(households, "、")),
                    format!(
                        "On the day, or some days beside it, the person was in {count} households: {}.",
                        listed(households, ", ")
                    ),
                )
            }
            Unmatched::UnknownHousehold => both(
                "户台账中没有表中的户编号，也没有可用的证件号码。",
                "The register of households does not have this household number, and no identity number can be used.",
            ),
            Unmatched::HouseholdDisagrees { stated, registered } => Bilingual::new(
                format!("表中户编号为{stated}，而证件号码的本人登记在{}户，两者不一致。", listed(registered, "、")),
                format!(
                    "The row says household {stated}, but the person of the identity number is in household {}.",
                    listed(registered, ", ")
                ),
            ),
        }
    }
}

fn listed(households: &[HouseholdNo], between: &str) -> String {
    households.iter().map(HouseholdNo::to_string).collect::<Vec<_>>().join(between)
}
