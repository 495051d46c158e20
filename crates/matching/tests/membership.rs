//! Dated membership: both ends of every stay, and a property against a naive search.

use matching::{Basis, Found, Member, Membership, MembershipFile, MembershipWriter, NameMark, Note, Registered, find};
use model::{Day, HouseholdNo, ResidentKey};
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
use proptest::{collection, option};
use std::path::PathBuf;

fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

fn member(person: i64, household: i64, from: Option<&str>, to: Option<&str>) -> Member {
    Member {
        resident_key: ResidentKey(person),
        household_no: HouseholdNo(household),
        from: from.map(day),
        to: to.map(day),
        name: NameMark::NONE,
    }
}

fn household(number: i64, by: Basis) -> Found {
    Found::Household { household_no: HouseholdNo(number), by, note: None }
}

/// Person 1 moved from 10 to 20 with a gap, 2 is in two households for a time, 3 never left, 4 came back, -5 has no dates.
fn register() -> Membership {
    let lines = [
        member(2, 20, Some("2024-01-01"), None),
        member(1, 20, Some("2024-03-01"), None),
        member(-5, 30, None, None),
        member(1, 10, Some("2020-01-01"), Some("2024-02-01")),
        member(3, 10, Some("2019-05-05"), None),
        member(4, 10, Some("2018-01-01"), Some("2019-01-01")),
        member(4, 10, Some("2020-01-01"), Some("2021-01-01")),
        member(2, 10, Some("2020-01-01"), Some("2024-02-01")),
        member(3, 10, Some("2019-05-05"), None),
    ];
    Membership::new(lines, [HouseholdNo(40)])
}

/// Where a person of the register belonged.
fn found_on(person: i64, on: &str, delivered_on: &str, tolerance_days: u16) -> Found {
    find(&register().memberships(ResidentKey(person)), day(on), day(delivered_on), tolerance_days)
}

#[test]
fn the_first_day_counts_and_the_day_of_leaving_only_where_there_is_no_other() {
    let gap = Found::NotAMemberThen(member(1, 20, Some("2024-03-01"), None));
    let both = Found::SeveralHouseholds { households: vec![HouseholdNo(10), HouseholdNo(20)], by: Basis::OnDay };
    let cases = [
        (1, "2019-12-31", gap.clone()),
        (1, "2020-01-01", household(10, Basis::OnDay)),
        (1, "2024-01-31", household(10, Basis::OnDay)),
        (1, "2024-02-01", household(10, Basis::OnDay)),
        (1, "2024-02-02", gap.clone()),
        (1, "2024-02-29", gap),
        (1, "2024-03-01", household(20, Basis::OnDay)),
        (2, "2023-12-31", household(10, Basis::OnDay)),
        (2, "2024-01-01", both.clone()),
        (2, "2024-01-31", both),
        (2, "2024-02-01", household(20, Basis::OnDay)),
        (-5, "1900-01-01", household(30, Basis::OnDay)),
        (-5, "2999-01-01", household(30, Basis::OnDay)),
        (4, "2019-06-01", Found::NotAMemberThen(member(4, 10, Some("2020-01-01"), Some("2021-01-01")))),
        (6, "2024-01-01", Found::NotInRegister),
    ];
    for (person, on, found) in cases {
        assert_eq!(found_on(person, on, on, 0), found, "{person} {on}");
    }
}

#[test]
fn the_day_of_delivery_counts_only_where_the_day_of_the_event_finds_nobody() {
    let both = Found::SeveralHouseholds { households: vec![HouseholdNo(10), HouseholdNo(20)], by: Basis::OnDay };
    let both_later =
        Found::SeveralHouseholds { households: vec![HouseholdNo(10), HouseholdNo(20)], by: Basis::OnDelivery };
    let later = |number| Found::Household {
        household_no: HouseholdNo(number),
        by: Basis::OnDelivery,
        note: Some(Note::HouseholdOfDelivery),
    };
    let cases = [
        (1, "2024-01-31", "2024-06-01", household(10, Basis::OnDay)),
        (1, "2024-02-15", "2024-06-01", later(20)),
        (3, "2019-05-04", "2024-06-01", household(10, Basis::OnDelivery)),
        (1, "2024-02-15", "2024-02-20", Found::NotAMemberThen(member(1, 20, Some("2024-03-01"), None))),
        (2, "2024-01-15", "2024-06-01", both),
        (2, "2019-01-01", "2024-01-15", both_later),
    ];
    for (person, on, delivered_on, found) in cases {
        assert_eq!(found_on(person, on, delivered_on, 0), found, "{person} {on}");
    }
}

#[test]
fn days_beside_a_membership_count_up_to_the_tolerance_and_never_choose_between_two() {
    let beside = |number, days| Found::Household {
        household_no: HouseholdNo(number),
        by: Basis::Beside,
        note: Some(Note::DaysBesideMembership { days }),
    };
    let left = Found::Household {
        household_no: HouseholdNo(10),
        by: Basis::OnDay,
        note: Some(Note::DaysBesideMembership { days: 0 }),
    };
    let both = Found::SeveralHouseholds { households: vec![HouseholdNo(10), HouseholdNo(20)], by: Basis::Beside };
    let nowhere = |person| {
        Found::NotAMemberThen(match person {
            1 => member(1, 20, Some("2024-03-01"), None),
            _ => member(4, 10, Some("2020-01-01"), Some("2021-01-01")),
        })
    };
    let cases = [
        (1, "2024-02-04", 3, beside(10, 3)),
        (1, "2024-02-05", 3, nowhere(1)),
        (1, "2024-02-27", 3, beside(20, 3)),
        (1, "2024-02-26", 3, nowhere(1)),
        (1, "2019-12-29", 3, beside(10, 3)),
        (1, "2024-02-15", 15, both.clone()),
        (1, "2024-02-27", 30, both),
        (1, "2024-02-01", 28, household(10, Basis::OnDay)),
        (1, "2024-02-01", 29, left),
        (1, "2024-01-31", 30, household(10, Basis::OnDay)),
        (4, "2019-07-01", 400, beside(10, 181)),
        (4, "2021-01-02", 1, beside(10, 1)),
        (4, "2021-01-03", 1, nowhere(4)),
        (-5, "1900-01-01", 9, household(30, Basis::OnDay)),
    ];
    for (person, on, tolerance_days, found) in cases {
        assert_eq!(found_on(person, on, on, tolerance_days), found, "{person} {on} {tolerance_days}");
    }
}

#[test]
fn a_household_with_members_is_told_from_one_without() {
    let (_, file, folder) = both("peopled", &[member(1, 10, None, Some("2024-01-01"))], &[HouseholdNo(40)]);
    for (number, place, has_members) in [(10, Some(17), true), (40, Some(47), false), (50, None, false)] {
        assert_eq!(file.place_of(HouseholdNo(number)), place, "{number}");
        assert_eq!(file.has_members(HouseholdNo(number)), has_members, "{number}");
    }
    std::fs::remove_dir_all(folder).expect("a folder can be removed");
}

#[test]
fn households_without_members_are_known_and_repeated_lines_count_once() {
    let register = register();
    for (number, known) in [(10, true), (20, true), (30, true), (40, true), (50, false)] {
        assert_eq!(register.has_household(HouseholdNo(number)), known, "{number}");
    }
    assert_eq!((register.len(), register.household_count()), (8, 4));
    let stays: Vec<_> = register.memberships(ResidentKey(-5));
    assert_eq!(stays, [member(-5, 30, None, None)], "open ends stay open");
    assert!(Membership::default().is_empty());
    assert!(Membership::default().memberships(ResidentKey(1)).is_empty());
}

fn lines() -> impl Strategy<Value = Vec<Member>> {
    let line =
        (0..4_i64, 1..4_i64, option::of(0..30_i32), option::of(0..30_i32)).prop_map(|(person, number, from, to)| {
            Member {
                resident_key: ResidentKey(person),
                household_no: HouseholdNo(number),
                from: from.and_then(Day::from_epoch_days),
                to: to.and_then(Day::from_epoch_days),
                name: NameMark::NONE,
            }
        });
    collection::vec(line, 0..12)
}

proptest! {
    #[test]
    fn the_order_of_lines_does_not_matter_and_search_finds_what_a_scan_finds(
        lines in lines(), person in 0..4_i64, on in 0..30_i32,
    ) {
        let on = Day::from_epoch_days(on).expect("a day of 1970");
        let register = Membership::new(lines.iter().copied(), []);
        let reversed = Membership::new(lines.iter().rev().copied(), []);
        prop_assert_eq!(&register, &reversed);
        let is_member = |line: &&Member| line.resident_key == ResidentKey(person)
            && line.from.is_none_or(|from| from <= on) && line.to.is_none_or(|to| to > on);
        let mut scanned: Vec<HouseholdNo> = lines.iter().filter(is_member).map(|line| line.household_no).collect();
        scanned.sort_unstable();
        scanned.dedup();
        let found = match find(&register.memberships(ResidentKey(person)), on, on, 0) {
            Found::Household { household_no, by: Basis::OnDay, note: None } => vec![household_no],
            Found::SeveralHouseholds { households, by: Basis::OnDay } => households,
            _ => Vec::new(),
        };
        let left: Vec<HouseholdNo> = lines.iter().filter(|line| line.to == Some(on)).map(|line| line.household_no).collect();
        prop_assert!(found == scanned || scanned.is_empty() && found.iter().all(|household| left.contains(household)));
    }
}

/// The same register in memory and in files of a folder of its own.
fn both(name: &str, lines: &[Member], households: &[HouseholdNo]) -> (Membership, MembershipFile, PathBuf) {
    let folder = std::env::temp_dir().join(format!("membership-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    let (members, places) = (folder.join("members"), folder.join("households"));
    let mut writer = MembershipWriter::new(&members, &places);
    lines.iter().for_each(|line| writer.member(*line).expect("writable"));
    let all = lines.iter().map(|line| &line.household_no).chain(households);
    all.for_each(|number| writer.household(*number, number.0.unsigned_abs() + 7).expect("writable"));
    writer.finish().expect("writable");
    let file = MembershipFile::open(&members, &places).expect("what was written can be opened");
    (Membership::new(lines.iter().copied(), households.iter().copied()), file, folder)
}

#[test]
fn a_register_in_files_answers_as_one_in_memory_does() {
    let key = |number: i64| ResidentKey(number.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64.cast_signed()));
    let line = |number: i64| Member {
        resident_key: key(number / 3),
        household_no: HouseholdNo(1 + (number * 7_919) % 250_000),
        from: Day::from_epoch_days(i32::try_from(number % 40).expect("small")).filter(|_| number % 5 > 0),
        to: Day::from_epoch_days(i32::try_from(20 + number % 40).expect("small")).filter(|_| number % 4 > 0),
        name: NameMark::NONE,
    };
    for lines in [0, 1, 170, 171, 5_000, 600_000] {
        let register: Vec<Member> = (0..lines).map(line).collect();
        let (memory, file, folder) = both(&lines.to_string(), &register, &[HouseholdNo(999_999)]);
        assert_eq!(file.len(), memory.len() as u64);
        let asked = (0..lines).step_by(1 + usize::try_from(lines).expect("small") / 5_000).chain([lines, lines + 9]);
        for number in asked {
            let key = key(number / 3);
            assert_eq!(file.memberships(key), memory.memberships(key), "{number} of {lines}");
            let household = HouseholdNo(number);
            assert_eq!(file.has_household(household), memory.has_household(household), "{household} of {lines}");
        }
        assert_eq!(file.place_of(HouseholdNo(999_999)), Some(1_000_006));
        file.check().expect("nothing failed");
        let left = std::fs::read_dir(&folder).expect("a folder").count();
        assert_eq!(left, 2, "parts that were sorted are gone");
        std::fs::remove_dir_all(folder).expect("a folder can be removed");
    }
}

#[test]
fn a_file_that_is_not_whole_is_not_opened_and_a_failed_read_is_told() {
    let line = Member {
        resident_key: ResidentKey(5),
        household_no: HouseholdNo(1),
        from: None,
        to: None,
        name: NameMark::NONE,
    };
    let (_, file, folder) = both("broken", &[line], &[]);
    let (members, households) = (folder.join("members"), folder.join("households"));
    let whole = std::fs::read(&members).expect("readable");
    std::fs::write(&members, &whole[..whole.len() - 3]).expect("writable");
    assert!(MembershipFile::open(&members, &households).is_err());
    std::fs::write(&members, b"").expect("writable");
    assert!(file.memberships(ResidentKey(5)).is_empty());
    assert!(file.check().is_err());
    file.check().expect("it is told once");
    std::fs::remove_dir_all(folder).expect("a folder can be removed");
}
