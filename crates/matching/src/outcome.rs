//! What matching says about a row: the household with the reason for it, or the reason why there is none.

use crate::{Basis, Member, Note, UnmatchedReason};
use model::{HouseholdNo, IdentityFault, ResidentKey};
use words::Wording;

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
        let notes: String = self.notes.iter().map(|note| format!("；{}", note.explain().chinese())).collect();
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
    pub fn explain(&self) -> Wording {
        let both = |chinese: &str, english: &str| Wording::pair(chinese, english);
        match self {
            Unmatched::NoIdentity => both(
                "本行没有证件号码，无法确定是哪一户。",
                "The row has no identity number, so the household is not known.",
            ),
            Unmatched::BadIdentity(fault) => Wording::pair(
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
                Wording::pair(
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
                Wording::pair(
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
            Unmatched::HouseholdDisagrees { stated, registered } => Wording::pair(
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
