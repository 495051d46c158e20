//! Every sentence that people read about a row, whole, in both languages.

use crate::{day, member};
use matching::{Basis, Coded, Matched, Note, NoteKind, Unmatched, UnmatchedReason};
use model::{HouseholdNo, IdentityFault, ResidentKey};

#[test]
fn a_row_without_a_household_says_why() {
    let stayed =
        |from: Option<&str>, to: Option<&str>| Unmatched::NotAMemberThen(member(1, 10, from.map(day), to.map(day)));
    let households = |numbers: &[i64]| numbers.iter().map(|number| HouseholdNo(*number)).collect::<Vec<_>>();
    let cases = [
        (
            Unmatched::NoIdentity,
            "本行没有证件号码，无法确定是哪一户。",
            "The row has no identity number, so the household is not known.",
        ),
        (
            Unmatched::BadIdentity(IdentityFault::BirthDay),
            "证件号码中的出生日期不存在，无法确定是哪一户。",
            "The day of birth in the identity number does not exist; so the household is not known.",
        ),
        (
            Unmatched::NotInRegister,
            "证件号码有效，但人员台账中没有此人。",
            "The identity number is valid, but the register of residents does not have this person.",
        ),
        (
            stayed(Some("2020-01-01"), Some("2024-02-01")),
            "业务发生日和报送日此人都不在任何户内；最近一次登记在10户（2020-01-01至2024-02-01）。",
            "The person was in no household on the day, nor on the day of delivery; the latest was household 10 (2020-01-01 to 2024-02-01).",
        ),
        (
            stayed(None, Some("2024-02-01")),
            "业务发生日和报送日此人都不在任何户内；最近一次登记在10户（未填入户日期至2024-02-01）。",
            "The person was in no household on the day, nor on the day of delivery; the latest was household 10 (no day of joining to 2024-02-01).",
        ),
        (
            stayed(Some("2024-07-01"), None),
            "业务发生日和报送日此人都不在任何户内；最近一次登记在10户（2024-07-01至今）。",
            "The person was in no household on the day, nor on the day of delivery; the latest was household 10 (2024-07-01 to today).",
        ),
        (
            Unmatched::SeveralHouseholds(households(&[10, 20, 30])),
            "业务发生日（或前后数日）此人先后或同时登记在3个户：10、20、30。",
            "On the day, or some days beside it, the person was in 3 households: 10, 20, 30.",
        ),
        (
            Unmatched::UnknownHousehold,
            "户台账中没有表中的户编号，也没有可用的证件号码。",
            "The register of households does not have this household number, and no identity number can be used.",
        ),
        (
            Unmatched::HouseholdDisagrees { stated: HouseholdNo(1), registered: households(&[2, 3]) },
            "表中户编号为1，而证件号码的本人登记在2、3户，两者不一致。",
            "The row says household 1, but the person of the identity number is in household 2, 3.",
        ),
    ];
    for (unmatched, chinese, english) in cases {
        let said = unmatched.explain();
        assert_eq!((said.chinese(), said.english()), (chinese, english));
    }
}

#[test]
fn a_remark_says_what_was_done_all_the_same() {
    let cases = [
        (
            Note::NameDiffers,
            "姓名与人员台账不一致，已按证件号码采用",
            "The name is not that of the register of residents; the identity number decided",
        ),
        (
            Note::HouseholdNumberUnknown,
            "表中户编号在户台账中不存在，已按证件号码采用",
            "The household number is not in the register of households; the identity number decided",
        ),
        (
            Note::HouseholdNumberDiffers { stated: HouseholdNo(7) },
            "表中户编号为7，与人员台账不一致，以台账为准",
            "The row says household 7, the register of residents another one; the register decided",
        ),
        (
            Note::SettledByHouseholdNumber,
            "本人同日登记在多户，已按表中户编号确定",
            "The person is in several households on that day; the household number of the row decided",
        ),
        (
            Note::IdentityNotUsed(UnmatchedReason::BadIdentity),
            "证件号码未能用于核对（证件号码有误）",
            "The identity number was of no use (wrong identity number); the household number decided",
        ),
        (
            Note::DaysBesideMembership { days: 0 },
            "业务发生日正是本人离户之日，前后又在另一户，按离开的户计入",
            "On the day the person left this household and was near to another one; it counts for the one that was left",
        ),
        (
            Note::DaysBesideMembership { days: 1 },
            "业务发生日本人不在户内，与在户日期相差1天，按该户计入",
            "On the day the person was in no household, 1 day beside this one, for which it counts",
        ),
        (
            Note::HouseholdOfDelivery,
            "本人先后在不同的户，业务发生日不在任何户内，按报送日所在户计入",
            "On the day the person was in no household; it counts for the one of the day of delivery",
        ),
    ];
    for (note, chinese, english) in cases {
        let said = note.explain();
        assert_eq!((said.chinese(), said.english()), (chinese, english));
    }
}

#[test]
fn a_household_is_told_with_its_ground_and_its_remarks() {
    let matched = |basis, notes: Vec<Note>| {
        let resident_key = (basis != Basis::HouseholdNumber).then_some(ResidentKey(4));
        Matched { household_no: HouseholdNo(10), resident_key, basis, notes }.explain()
    };
    let cases = [
        (matched(Basis::OnDay, vec![]), "按证件号码找到本人，业务发生日其属于10户。"),
        (
            matched(Basis::Beside, vec![Note::DaysBesideMembership { days: 5 }]),
            "按证件号码找到本人，业务发生日前后其属于10户；业务发生日本人不在户内，与在户日期相差5天，按该户计入。",
        ),
        (matched(Basis::OnDelivery, vec![]), "按证件号码找到本人，业务发生日其不在任何户内，按报送日所在的10户计入。"),
        (matched(Basis::HouseholdNumber, vec![]), "按户编号找到10户。"),
        (
            matched(Basis::OnDay, vec![Note::NameDiffers, Note::HouseholdNumberUnknown]),
            "按证件号码找到本人，业务发生日其属于10户；姓名与人员台账不一致，已按证件号码采用；表中户编号在户台账中不存在，已按证件号码采用。",
        ),
    ];
    for (said, expected) in cases {
        assert_eq!(said.chinese(), expected);
    }
}

/// Codes are kept in databases and files of earlier days: they never change.
#[test]
fn codes_and_labels_stay_what_they_are() {
    let reasons: Vec<(&str, String)> =
        UnmatchedReason::ALL.iter().map(|one| (one.code(), one.label().chinese().to_owned())).collect();
    let reasons: Vec<(&str, &str)> = reasons.iter().map(|(code, label)| (*code, label.as_str())).collect();
    assert_eq!(
        reasons,
        [
            ("no_identity", "无证件号码"),
            ("bad_identity", "证件号码有误"),
            ("not_in_register", "人员台账中无此人"),
            ("not_a_member_then", "当日不在任何户内"),
            ("several_households", "同日登记在多户"),
            ("unknown_household", "户编号不存在"),
            ("household_disagrees", "户编号与证件号码不属同一户"),
        ]
    );
    let notes: Vec<(&str, String)> =
        NoteKind::ALL.iter().map(|one| (one.code(), one.label().chinese().to_owned())).collect();
    let notes: Vec<(&str, &str)> = notes.iter().map(|(code, label)| (*code, label.as_str())).collect();
    assert_eq!(
        notes,
        [
            ("name_differs", "姓名与人员台账不一致"),
            ("household_number_unknown", "表中户编号不存在,已按证件号码采用"),
            ("household_number_differs", "表中户编号与人员台账不一致,以台账为准"),
            ("settled_by_household_number", "本人同日登记在多户,已按表中户编号确定"),
            ("identity_not_used", "证件号码未能用于核对,已按户编号采用"),
            ("days_beside_membership", "业务发生日与在户日期相差数日"),
            ("household_of_delivery", "业务发生日不在任何户内,按报送日所在户计入"),
        ]
    );
    let of_note = [
        (Note::NameDiffers, NoteKind::NameDiffers),
        (Note::HouseholdNumberUnknown, NoteKind::HouseholdNumberUnknown),
        (Note::HouseholdNumberDiffers { stated: HouseholdNo(1) }, NoteKind::HouseholdNumberDiffers),
        (Note::SettledByHouseholdNumber, NoteKind::SettledByHouseholdNumber),
        (Note::IdentityNotUsed(UnmatchedReason::NoIdentity), NoteKind::IdentityNotUsed),
        (Note::DaysBesideMembership { days: 9 }, NoteKind::DaysBesideMembership),
        (Note::HouseholdOfDelivery, NoteKind::HouseholdOfDelivery),
    ];
    for (note, kind) in of_note {
        assert_eq!(note.kind(), kind);
    }
}
