//! People who moved, married, were renamed, came back, died, or stand in the register twice.

use crate::{cipher, day, key_of, names};
use matching::{Basis, Matcher, Member, Membership, Note, Sought, UnmatchedReason};
use model::HouseholdNo;

const BRIDE: &str = "11010519491231002X";
const CHILD: &str = "440524188001010014";
const WIDOWER: &str = "110105199003070017";

/// Identity number, household, first day, day of leaving, name as the register has it there.
type Line = (&'static str, i64, &'static str, &'static str, &'static str);

/// She married on 2023-05-01 and was renamed; the child was entered late, twice in the same words and once by a neighbour; the widower
/// came back to the house that he had left.
const REGISTER: [Line; 8] = [
    (BRIDE, 100, "2010-01-01", "2023-05-01", "阿说·木呷"),
    (BRIDE, 200, "2023-05-01", "", "沙马·木呷"),
    (CHILD, 200, "2024-03-10", "", "沙马·尔哈"),
    (CHILD, 200, "2024-03-10", "", "沙马·尔哈"),
    (CHILD, 300, "2024-03-10", "2024-04-01", "沙马·尔哈"),
    (WIDOWER, 400, "2015-01-01", "2020-01-01", ""),
    (WIDOWER, 500, "2020-01-01", "2022-06-30", ""),
    (WIDOWER, 400, "2022-07-15", "", ""),
];

fn register() -> Membership {
    let line = |(identity, household, from, to, name): Line| Member {
        resident_key: key_of(identity),
        household_no: HouseholdNo(household),
        from: Some(day(from)),
        to: (!to.is_empty()).then(|| day(to)),
        name: names().mark(name),
    };
    Membership::new(REGISTER.map(line), [])
}

/// Household, basis and remarks; or why not.
type Outcome = Result<(i64, Basis, Vec<Note>), UnmatchedReason>;

/// Identity number, name, household number, day of the event and days of tolerance; delivered in the middle of 2024.
fn asked(identity: &str, name: &str, household: &str, on: &str, tolerance_days: u16) -> Outcome {
    let (cipher, names, register) = (cipher(), names(), register());
    let row = Sought {
        identity: Some(identity),
        name: Some(name),
        household_no: Some(household),
        day: day(on),
        delivered_on: day("2024-06-30"),
        tolerance_days,
    };
    let found = Matcher::new(&cipher, &names, &register).resident(row);
    found.map(|one| (one.household_no.0, one.basis, one.notes)).map_err(|unmatched| unmatched.reason())
}

#[test]
fn who_marries_moves_on_that_day_and_keeps_both_names() {
    let differs = vec![Note::NameDiffers];
    let cases = [
        ("阿说·木呷", "2023-04-30", Ok((100, Basis::OnDay, vec![]))),
        ("沙马·木呷", "2023-04-30", Ok((100, Basis::OnDay, vec![]))),
        ("阿说·木呷", "2023-05-01", Ok((200, Basis::OnDay, vec![]))),
        ("沙马木嘎", "2024-01-01", Ok((200, Basis::OnDay, vec![]))),
        ("木呷", "2024-01-01", Ok((200, Basis::OnDay, vec![]))),
        ("沙马·尔哈", "2024-01-01", Ok((200, Basis::OnDay, differs.clone()))),
        ("王大锤", "2009-12-31", Ok((200, Basis::OnDelivery, vec![Note::NameDiffers, Note::HouseholdOfDelivery]))),
    ];
    for (name, on, outcome) in cases {
        assert_eq!(asked(BRIDE, name, "", on, 0), outcome, "{name} {on}");
    }
}

#[test]
fn who_stands_there_twice_in_the_same_words_stands_there_once() {
    let cases = [
        ("", "2024-03-10", 0, Err(UnmatchedReason::SeveralHouseholds)),
        ("300", "2024-03-31", 0, Ok((300, Basis::OnDay, vec![Note::SettledByHouseholdNumber]))),
        ("", "2024-04-01", 0, Ok((200, Basis::OnDay, vec![]))),
        (
            "300",
            "2024-04-02",
            5,
            Ok((200, Basis::OnDay, vec![Note::HouseholdNumberDiffers { stated: HouseholdNo(300) }])),
        ),
        ("", "2024-03-09", 1, Err(UnmatchedReason::SeveralHouseholds)),
        ("200", "2024-03-09", 1, Ok((200, Basis::Beside, vec![Note::SettledByHouseholdNumber]))),
        ("", "2024-03-08", 1, Ok((200, Basis::OnDelivery, vec![Note::HouseholdOfDelivery]))),
    ];
    for (household, on, tolerance_days, outcome) in cases {
        assert_eq!(asked(CHILD, "尔哈", household, on, tolerance_days), outcome, "{household} {on}");
    }
}

#[test]
fn who_came_back_is_found_in_the_gap_only_by_the_days_beside_it() {
    let beside = |household, days| Ok((household, Basis::Beside, vec![Note::DaysBesideMembership { days }]));
    let cases = [
        ("2019-12-31", 0, Ok((400, Basis::OnDay, vec![]))),
        ("2020-01-01", 0, Ok((500, Basis::OnDay, vec![]))),
        ("2022-06-30", 0, Ok((500, Basis::OnDay, vec![]))),
        ("2022-07-01", 0, Ok((400, Basis::OnDelivery, vec![Note::HouseholdOfDelivery]))),
        ("2022-07-01", 1, beside(500, 1)),
        ("2022-07-14", 1, beside(400, 1)),
        ("2022-07-07", 7, beside(500, 7)),
        ("2022-07-07", 8, Err(UnmatchedReason::SeveralHouseholds)),
        ("2022-06-30", 15, Ok((500, Basis::OnDay, vec![Note::DaysBesideMembership { days: 0 }]))),
        ("2022-07-15", 0, Ok((400, Basis::OnDay, vec![]))),
    ];
    for (on, tolerance_days, outcome) in cases {
        // The register has no name of his: nothing contradicts the row's.
        assert_eq!(asked(WIDOWER, "王大锤", "", on, tolerance_days), outcome, "{on} {tolerance_days}");
    }
}

#[test]
fn all_writings_of_one_identity_number_find_one_person() {
    for written in [
        "11010519491231002X",
        "11010519491231002x",
        "110105491231002",
        "'11010519491231002X",
        " 110105 19491231 002X",
        "11010519491231002X41",
        "１１０１０５１９４９１２３１００２Ｘ",
    ] {
        assert_eq!(asked(written, "", "", "2024-01-01", 0), Ok((200, Basis::OnDay, vec![])), "{written}");
    }
    for (written, reason) in [
        ("11010519491231003X", UnmatchedReason::BadIdentity),
        ("1101051949123100", UnmatchedReason::BadIdentity),
        ("不详", UnmatchedReason::BadIdentity),
        ("", UnmatchedReason::NoIdentity),
        ("\u{3000}", UnmatchedReason::NoIdentity),
        ("110105198503071230", UnmatchedReason::NotInRegister),
    ] {
        assert_eq!(asked(written, "", "200", "2024-01-01", 0), Err(reason), "{written}");
    }
}
