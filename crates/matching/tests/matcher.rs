//! From the texts of a row to its household: every way to match and every reason why not, with made-up persons.

use matching::{
    Basis, Coded, Matched, Matcher, Member, Membership, NameBook, Note, NoteKind, PersonCipher, Sought, Spellings,
    Unmatched, UnmatchedReason,
};
use model::{Day, HouseholdNo, IdentityFault, IdentityNumber};

const MOVED: &str = "11010519491231002X";
const DOUBLE: &str = "440524188001010014";
/// Died on the last of May.
const GONE: &str = "110105199003070017";
const STRANGER: &str = "110105198503071230";

fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

fn cipher() -> PersonCipher {
    PersonCipher::new(&[9; 32])
}

fn names() -> NameBook {
    NameBook::new([5; 32], Spellings::from_csv("form,letter\n張,张\n", "").expect("well written"))
}

/// What the register calls everybody.
const NAME: &str = "阿说·张哈";

fn line(identity: &str, household: i64, from: &str, to: Option<&str>) -> Member {
    let number = IdentityNumber::parse(identity).expect("test numbers are well written");
    Member {
        resident_key: cipher().key_of(number),
        household_no: HouseholdNo(household),
        from: Some(day(from)),
        to: to.map(day),
        name: names().mark(NAME),
    }
}

/// Household 10 until 2024-02-01, then nowhere, then 20; another person in 10 and 20; 40 has no member.
fn register() -> Membership {
    let lines = [
        line(MOVED, 10, "2020-01-01", Some("2024-02-01")),
        line(MOVED, 20, "2024-03-01", None),
        line(GONE, 10, "2020-01-01", Some("2024-05-31")),
        line(DOUBLE, 10, "2020-01-01", None),
        line(DOUBLE, 20, "2020-01-01", None),
    ];
    Membership::new(lines, [HouseholdNo(40)])
}

/// Household, whether by a person, basis and note; or the reason why not.
type Outcome = Result<(i64, bool, Basis, Vec<Note>), UnmatchedReason>;

fn short(result: Result<Matched, Unmatched>) -> Outcome {
    match result {
        Ok(matched) => {
            let said = matched.explain();
            assert!(said.chinese().ends_with('。') && said.chinese().contains("户"), "{said:?}");
            assert!(said.english().ends_with('.') && said.english().is_ascii(), "{said:?}");
            Ok((matched.household_no.0, matched.resident_key.is_some(), matched.basis, matched.notes))
        }
        Err(unmatched) => {
            assert!(unmatched.explain().chinese().ends_with('。'), "{:?}", unmatched.explain());
            Err(unmatched.reason())
        }
    }
}

fn sought<'a>(identity: &'a str, household_no: &'a str, on: &str) -> Sought<'a> {
    let given = |text: &'a str| if text == "-" { None } else { Some(text) };
    Sought {
        identity: given(identity),
        name: None,
        household_no: given(household_no),
        day: day(on),
        delivered_on: day("2024-06-30"),
        tolerance_days: 0,
    }
}

#[test]
fn rows_about_residents_go_by_the_identity_number() {
    use Basis::{OnDay, OnDelivery};
    let differs = vec![Note::HouseholdNumberDiffers { stated: HouseholdNo(20) }];
    let cases: [(&str, &str, &str, Outcome); 18] = [
        (GONE, "-", "2024-05-31", Ok((10, true, OnDay, vec![]))),
        (GONE, "-", "2024-06-01", Err(UnmatchedReason::NotAMemberThen)),
        (MOVED, "-", "2024-01-31", Ok((10, true, OnDay, vec![]))),
        ("110105491231002", "-", "2024-01-31", Ok((10, true, OnDay, vec![]))),
        (" 11010519491231002x41 ", "", "2024-01-31", Ok((10, true, OnDay, vec![]))),
        (MOVED, "-", "2024-02-01", Ok((10, true, OnDay, vec![]))),
        (MOVED, "-", "2024-02-02", Ok((20, true, OnDelivery, vec![Note::HouseholdOfDelivery]))),
        (MOVED, "-", "2024-03-01", Ok((20, true, OnDay, vec![]))),
        (MOVED, "10", "2024-01-31", Ok((10, true, OnDay, vec![]))),
        (MOVED, "20", "2024-01-31", Ok((10, true, OnDay, differs))),
        (MOVED, "99", "2024-01-31", Ok((10, true, OnDay, vec![Note::HouseholdNumberUnknown]))),
        (DOUBLE, "-", "2024-01-31", Err(UnmatchedReason::SeveralHouseholds)),
        (DOUBLE, "40", "2024-01-31", Err(UnmatchedReason::SeveralHouseholds)),
        (DOUBLE, "20", "2024-01-31", Ok((20, true, OnDay, vec![Note::SettledByHouseholdNumber]))),
        ("-", "10", "2024-01-31", Err(UnmatchedReason::NoIdentity)),
        ("  ", "10", "2024-01-31", Err(UnmatchedReason::NoIdentity)),
        ("110105194912310021", "10", "2024-01-31", Err(UnmatchedReason::BadIdentity)),
        (STRANGER, "10", "2024-01-31", Err(UnmatchedReason::NotInRegister)),
    ];
    let (cipher, register) = (cipher(), register());
    for (identity, household_no, on, outcome) in cases {
        let found = Matcher::new(&cipher, &names(), &register).resident(sought(identity, household_no, on));
        assert_eq!(short(found), outcome, "{identity} {household_no} {on}");
    }
}

#[test]
fn rows_about_households_go_by_the_household_number_unless_the_person_is_elsewhere() {
    use Basis::{HouseholdNumber, OnDay, OnDelivery};
    let unused = |reason| vec![Note::IdentityNotUsed(reason)];
    let cases: [(&str, &str, &str, Outcome); 14] = [
        ("-", "40", "2024-01-31", Ok((40, false, HouseholdNumber, vec![]))),
        (MOVED, "10", "2024-01-31", Ok((10, true, OnDay, vec![]))),
        (MOVED, "20", "2024-01-31", Ok((20, true, OnDelivery, vec![]))),
        (MOVED, "20", "2024-02-15", Ok((20, true, OnDelivery, vec![]))),
        (MOVED, "10", "2024-03-01", Err(UnmatchedReason::HouseholdDisagrees)),
        (DOUBLE, "20", "2024-01-31", Ok((20, true, OnDay, vec![Note::SettledByHouseholdNumber]))),
        (DOUBLE, "40", "2024-01-31", Err(UnmatchedReason::HouseholdDisagrees)),
        (STRANGER, "10", "2024-01-31", Ok((10, false, HouseholdNumber, unused(UnmatchedReason::NotInRegister)))),
        ("123", "10", "2024-01-31", Ok((10, false, HouseholdNumber, unused(UnmatchedReason::BadIdentity)))),
        (MOVED, "99", "2024-01-31", Ok((10, true, OnDay, vec![Note::HouseholdNumberUnknown]))),
        (MOVED, "-", "2024-01-31", Ok((10, true, OnDay, vec![]))),
        ("-", "99", "2024-01-31", Err(UnmatchedReason::UnknownHousehold)),
        ("-", "010", "2024-01-31", Err(UnmatchedReason::UnknownHousehold)),
        ("-", "-", "2024-01-31", Err(UnmatchedReason::NoIdentity)),
    ];
    let (cipher, register) = (cipher(), register());
    for (identity, household_no, on, outcome) in cases {
        let found = Matcher::new(&cipher, &names(), &register).household(sought(identity, household_no, on));
        assert_eq!(short(found), outcome, "{identity} {household_no} {on}");
    }
}

#[test]
fn a_person_who_is_nowhere_is_told_where_they_were_last() {
    let (cipher, register) = (cipher(), Membership::new([line(MOVED, 10, "2020-01-01", Some("2024-02-01"))], []));
    let row = Sought { delivered_on: day("2024-02-02"), ..sought(MOVED, "-", "2024-02-02") };
    let unmatched =
        Matcher::new(&cipher, &names(), &register).resident(row).expect_err("the person left the day before");
    assert_eq!(unmatched.reason(), UnmatchedReason::NotAMemberThen);
    assert!(unmatched.explain().chinese().contains("10户（2020-01-01至2024-02-01）"), "{:?}", unmatched.explain());
    let by_number = Matcher::new(&cipher, &names(), &register).household(Sought { household_no: Some("10"), ..row });
    let notes = vec![Note::IdentityNotUsed(UnmatchedReason::NotAMemberThen)];
    assert_eq!(short(by_number), Ok((10, false, Basis::HouseholdNumber, notes)));
}

#[test]
fn the_number_of_one_person_with_the_name_of_another_is_noted_and_spellings_are_not() {
    let cases = [
        (MOVED, "-", "阿说·张哈", true, vec![]),
        (MOVED, "-", "阿说張哈", true, vec![]),
        (MOVED, "-", "张哈", true, vec![]),
        (MOVED, "-", "", true, vec![]),
        (MOVED, "-", "阿说·李哈", true, vec![Note::NameDiffers]),
        (MOVED, "99", "王大锤", true, vec![Note::NameDiffers, Note::HouseholdNumberUnknown]),
        (MOVED, "10", "王大锤", false, vec![Note::NameDiffers]),
        (DOUBLE, "20", "王大锤", false, vec![Note::NameDiffers, Note::SettledByHouseholdNumber]),
        (STRANGER, "10", "王大锤", false, vec![Note::IdentityNotUsed(UnmatchedReason::NotInRegister)]),
    ];
    let (cipher, names, register) = (cipher(), names(), register());
    let matcher = Matcher::new(&cipher, &names, &register);
    for (identity, household_no, name, is_about_a_resident, notes) in cases {
        let row = Sought { name: Some(name), ..sought(identity, household_no, "2024-01-31") };
        let found = if is_about_a_resident { matcher.resident(row) } else { matcher.household(row) };
        let matched = found.expect("a household is found");
        assert_eq!(matched.notes, notes, "{identity} {household_no} {name}");
        assert!(name.is_empty() || !matched.explain().chinese().contains(name), "{:?}", matched.explain());
    }
}

#[test]
fn days_beside_a_membership_find_its_household_with_a_note() {
    let days = |days| vec![Note::DaysBesideMembership { days }];
    let cases: [(&str, &str, &str, bool, Outcome); 11] = [
        (GONE, "-", "2024-06-05", true, Ok((10, true, Basis::Beside, days(5)))),
        (GONE, "-", "2024-06-06", true, Err(UnmatchedReason::NotAMemberThen)),
        (GONE, "-", "2019-12-27", true, Ok((10, true, Basis::Beside, days(5)))),
        (MOVED, "-", "2024-02-06", true, Ok((10, true, Basis::Beside, days(5)))),
        (MOVED, "-", "2024-02-25", true, Ok((20, true, Basis::Beside, days(5)))),
        (GONE, "10", "2024-05-31", false, Ok((10, true, Basis::OnDay, vec![]))),
        (GONE, "10", "2024-06-05", false, Ok((10, true, Basis::Beside, days(5)))),
        (
            GONE,
            "10",
            "2024-06-06",
            false,
            Ok((10, false, Basis::HouseholdNumber, vec![Note::IdentityNotUsed(UnmatchedReason::NotAMemberThen)])),
        ),
        (MOVED, "10", "2024-02-05", false, Ok((10, true, Basis::Beside, days(4)))),
        (MOVED, "10", "2024-02-07", false, Err(UnmatchedReason::HouseholdDisagrees)),
        (MOVED, "40", "2024-02-05", false, Err(UnmatchedReason::HouseholdDisagrees)),
    ];
    let (cipher, names, register) = (cipher(), names(), register());
    let matcher = Matcher::new(&cipher, &names, &register);
    for (identity, household_no, on, is_about_a_resident, outcome) in cases {
        let row = Sought { tolerance_days: 5, ..sought(identity, household_no, on) };
        let found = if is_about_a_resident { matcher.resident(row) } else { matcher.household(row) };
        assert_eq!(short(found), outcome, "{identity} {household_no} {on}");
    }
}

#[test]
fn two_households_beside_a_day_are_settled_by_the_household_number_or_not_at_all() {
    let (cipher, names, register) = (cipher(), names(), register());
    let matcher = Matcher::new(&cipher, &names, &register);
    let cases = [("-", None), ("40", None), ("10", Some(10)), ("20", Some(20))];
    for (household_no, outcome) in cases {
        let row = Sought { tolerance_days: 30, ..sought(MOVED, household_no, "2024-02-15") };
        let found = short(matcher.resident(row));
        let settled = |number| Ok((number, true, Basis::Beside, vec![Note::SettledByHouseholdNumber]));
        assert_eq!(found, outcome.map_or(Err(UnmatchedReason::SeveralHouseholds), settled), "{household_no}");
    }
}

#[test]
fn kinds_have_codes_of_their_own_and_all_their_texts_in_both_languages() {
    assert_eq!((complete::<NoteKind>(), complete::<UnmatchedReason>()), (7, 7));
    for kind in NoteKind::ALL {
        assert!(UnmatchedReason::from_code(kind.code()).is_none(), "{kind:?}");
    }
}

/// How many kinds there are.
fn complete<T: Coded + std::fmt::Debug + PartialEq>() -> usize {
    let mut codes: Vec<&str> = T::ALL.iter().map(|kind| kind.code()).collect();
    for kind in T::ALL {
        assert_eq!(T::from_code(kind.code()), Some(*kind));
        assert_eq!(kind.code().replace('_', ""), format!("{kind:?}").to_lowercase(), "the code is that of its kind");
        let advice = kind.advice();
        for said in [advice.what, advice.hint] {
            assert!(!said.chinese().is_empty() && !said.chinese().is_ascii(), "{said:?}");
            assert!(!said.english().is_empty() && said.english().is_ascii(), "{said:?}");
        }
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(T::from_code("other"), None);
    codes.len()
}

#[test]
fn what_is_said_of_a_row_is_said_in_both_languages() {
    let member = Member { from: None, ..line(MOVED, 10, "2020-01-01", Some("2024-02-01")) };
    let unmatched = [
        Unmatched::NoIdentity,
        Unmatched::BadIdentity(IdentityFault::Length),
        Unmatched::BadIdentity(IdentityFault::DisabilityDigits),
        Unmatched::NotInRegister,
        Unmatched::NotAMemberThen(member),
        Unmatched::SeveralHouseholds(vec![HouseholdNo(1), HouseholdNo(2)]),
        Unmatched::UnknownHousehold,
        Unmatched::HouseholdDisagrees { stated: HouseholdNo(1), registered: vec![HouseholdNo(2)] },
    ];
    let notes = [
        Note::NameDiffers,
        Note::HouseholdNumberUnknown,
        Note::HouseholdNumberDiffers { stated: HouseholdNo(1) },
        Note::SettledByHouseholdNumber,
        Note::IdentityNotUsed(UnmatchedReason::NotInRegister),
        Note::DaysBesideMembership { days: 0 },
        Note::DaysBesideMembership { days: 3 },
        Note::HouseholdOfDelivery,
    ];
    let said = unmatched.iter().map(Unmatched::explain).chain(notes.iter().map(Note::explain));
    for said in said {
        assert!(!said.chinese().is_empty() && !said.english().is_empty() && said.english().is_ascii(), "{said:?}");
    }
}

#[test]
fn no_explanation_holds_a_number_of_a_person() {
    let disagrees =
        Unmatched::HouseholdDisagrees { stated: HouseholdNo(1), registered: vec![HouseholdNo(2), HouseholdNo(3)] };
    assert_eq!(disagrees.explain().chinese(), "表中户编号为1，而证件号码的本人登记在2、3户，两者不一致。");
    let bad = Unmatched::BadIdentity(IdentityFault::CheckDigit);
    assert_eq!(bad.explain().chinese(), "证件号码校验位不符，可能有一位录错或两位颠倒，无法确定是哪一户。");
}
