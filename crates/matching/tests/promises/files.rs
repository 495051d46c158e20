//! Registers in files: persons whose lines fill whole blocks, the ends of numbers and of the calendar, and files that are not whole.

use crate::{Dice, day, member};
use matching::{Member, Membership, MembershipFile, MembershipWriter, Registered};
use model::{HouseholdNo, ResidentKey};
use std::path::{Path, PathBuf};

/// A folder that goes when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("matching-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder can be made");
        Folder(path)
    }

    fn both(&self) -> (PathBuf, PathBuf) {
        (self.0.join("members"), self.0.join("households"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn written(folder: &Folder, lines: &[Member]) -> MembershipFile {
    let (members, households) = folder.both();
    let mut writer = MembershipWriter::new(&members, &households);
    for line in lines {
        writer.member(*line).expect("writable");
        writer.household(line.household_no, 5).expect("writable");
    }
    writer.finish().expect("writable");
    MembershipFile::open(&members, &households).expect("whole")
}

/// A block holds 128 lines: persons whose lines end at its end, begin at it, and reach over several.
#[test]
fn a_person_is_found_whole_wherever_the_blocks_end() {
    for before in [0, 1, 127, 128, 129] {
        for own in [1, 2, 127, 128, 129, 300] {
            let mut lines: Vec<Member> = (0..before).map(|at| member(1, 1 + at, None, None)).collect();
            lines.extend((0..own).map(|at| member(2, 1 + at, Some(day("2020-01-01").plus_days(at)), None)));
            lines.extend((0..3).map(|at| member(3, 1 + at, None, None)));
            let folder = Folder::new(&format!("blocks-{before}-{own}"));
            let file = written(&folder, &lines);
            let memory = Membership::new(lines, []);
            for person in 0..5 {
                let key = ResidentKey(person);
                assert_eq!(file.memberships(key), memory.memberships(key), "{person} of {before} and {own}");
            }
            assert_eq!(file.memberships(ResidentKey(2)).len(), own as usize);
            file.check().expect("nothing failed");
        }
    }
}

#[test]
fn the_ends_of_numbers_and_of_the_calendar_are_kept() {
    let first = model::Day::new(1, 1, 1).expect("a day");
    let last = model::Day::new(9999, 12, 31).expect("a day");
    let keys = [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX];
    let mut dice = Dice(5);
    let mut lines: Vec<Member> = Vec::new();
    for key in keys {
        for household in [1, 999_999_999_999_999_999] {
            for (from, to) in [
                (None, None),
                (Some(first), Some(last)),
                (Some(day("1969-12-31")), None),
                (None, Some(day("1970-01-01"))),
            ] {
                lines.insert(dice.below(lines.len() as u64 + 1) as usize, member(key, household, from, to));
            }
        }
    }
    let folder = Folder::new("ends");
    let file = written(&folder, &lines);
    let memory = Membership::new(lines.iter().copied(), []);
    assert_eq!((file.len(), file.is_empty()), (lines.len() as u64, false));
    for key in keys {
        let found = file.memberships(ResidentKey(key));
        assert_eq!(found, memory.memberships(ResidentKey(key)), "{key}");
        assert_eq!(found.len(), 8, "{key}");
    }
    assert!(file.has_household(HouseholdNo(999_999_999_999_999_999)) && !file.has_household(HouseholdNo(2)));
}

#[test]
fn an_empty_register_is_a_file_and_finds_nobody() {
    let folder = Folder::new("empty");
    let file = written(&folder, &[]);
    assert!(file.is_empty() && file.memberships(ResidentKey(0)).is_empty());
    assert_eq!((file.place_of(HouseholdNo(1)), file.has_members(HouseholdNo(1))), (None, false));
    file.check().expect("nothing failed");
}

#[test]
fn a_household_has_its_place_whoever_came_first() {
    let folder = Folder::new("places");
    let (members, households) = folder.both();
    let mut writer = MembershipWriter::new(&members, &households);
    writer.household(HouseholdNo(3), 0).expect("writable");
    writer.member(member(1, 2, None, None)).expect("writable");
    writer.household(HouseholdNo(2), 510_000_000_000).expect("writable");
    writer.member(member(1, 4, None, None)).expect("writable");
    writer.finish().expect("writable");
    let file = MembershipFile::open(&members, &households).expect("whole");
    for (number, place, has_members) in
        [(2, Some(510_000_000_000), true), (3, Some(0), false), (4, None, true), (5, None, false)]
    {
        let household = HouseholdNo(number);
        assert_eq!((file.place_of(household), file.has_members(household)), (place, has_members), "{number}");
        assert_eq!(file.has_household(household), place.is_some(), "a household is one of the register of households");
    }
}

#[test]
fn what_was_begun_and_not_finished_leaves_the_earlier_files() {
    let folder = Folder::new("begun");
    let (members, households) = folder.both();
    drop(written(&folder, &[member(1, 10, None, None)]));
    let before = (std::fs::read(&members).expect("reads"), std::fs::read(&households).expect("reads"));
    let mut writer = MembershipWriter::new(&members, &households);
    for at in 0..1_000 {
        writer.member(member(at, 1, None, None)).expect("writable");
    }
    drop(writer);
    assert_eq!((std::fs::read(&members).expect("reads"), std::fs::read(&households).expect("reads")), before);
    assert_eq!(std::fs::read_dir(&folder.0).expect("lists").count(), 2, "nothing is left beside them");
}

#[test]
fn files_that_are_cut_or_grown_or_gone_are_not_opened() {
    let folder = Folder::new("odd");
    let (members, households) = folder.both();
    let lines: Vec<Member> = (0..200).map(|at| member(at, 1 + at, None, None)).collect();
    drop(written(&folder, &lines));
    let opens = |path: &Path, bytes: &[u8]| {
        let whole = std::fs::read(path).expect("reads");
        std::fs::write(path, bytes).expect("writable");
        let opened = MembershipFile::open(&members, &households).is_ok();
        std::fs::write(path, whole).expect("writable");
        opened
    };
    for path in [&members, &households] {
        let whole = std::fs::read(path).expect("reads");
        assert!(opens(path, &whole));
        for cut in [0, 1, 7, 8, 16, whole.len() / 2, whole.len() - 32, whole.len() - 1] {
            assert!(!opens(path, &whole[..cut]), "{cut} of {} bytes", whole.len());
        }
        assert!(!opens(path, &[&whole[..], &[0]].concat()), "a byte more");
        let mut counted = whole.clone();
        let at = counted.len() - 1;
        counted[at] += 1;
        assert!(!opens(path, &counted), "another number of records");
    }
    std::fs::remove_file(&households).expect("removes");
    assert!(MembershipFile::open(&members, &households).is_err());
}
