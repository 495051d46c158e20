//! Why a row has no household, as it is counted.

use crate::{Coded, Texts};

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
