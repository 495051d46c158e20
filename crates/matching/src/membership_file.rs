//! Memberships and households in files, so that a register of any size is looked up with the same little memory.

use crate::sorted_file::{SortedFile, SortedWriter, key_bytes, number_of};
use crate::{Member, NameMark, Registered};
use model::{Day, HouseholdNo, ResidentKey};
use std::cell::RefCell;
use std::io::Result;
use std::path::Path;

/// Person, start, household, end, mark of the name: sorted as the memberships of a person are.
const MEMBER_BYTES: usize = 32;
/// Household and place, or household and `PEOPLED`.
const HOUSEHOLD_BYTES: usize = 16;
/// In the place of a place: the household has members. No place has this number.
const PEOPLED: u64 = u64::MAX;

/// Writes a register into two files. Lines may come in any order; lines that repeat one another count once.
pub struct MembershipWriter {
    members: SortedWriter<MEMBER_BYTES>,
    households: SortedWriter<HOUSEHOLD_BYTES>,
    /// The household of the member added last.
    peopled: Option<HouseholdNo>,
}

impl MembershipWriter {
    /// The files are there, whole, when `finish` is done.
    pub fn new(members: &Path, households: &Path) -> MembershipWriter {
        MembershipWriter {
            members: SortedWriter::new(members.to_owned()),
            households: SortedWriter::new(households.to_owned()),
            peopled: None,
        }
    }

    /// Adds a line of the register.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn member(&mut self, member: Member) -> Result<()> {
        let [from, to] = [member.from.map_or(i32::MIN, Day::epoch_days), member.to.map_or(i32::MAX, Day::epoch_days)];
        let mut record = [0; MEMBER_BYTES];
        record[..8].copy_from_slice(&key_bytes(member.resident_key.0));
        record[8..12].copy_from_slice(&day_bytes(from));
        record[12..20].copy_from_slice(&key_bytes(member.household_no.0));
        record[20..24].copy_from_slice(&day_bytes(to));
        record[24..].copy_from_slice(&member.name.bytes());
        if self.peopled != Some(member.household_no) {
            self.peopled = Some(member.household_no);
            self.household(member.household_no, PEOPLED)?;
        }
        self.members.push(record)
    }

    /// Adds a household and the number of the place where it is.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn household(&mut self, household_no: HouseholdNo, place: u64) -> Result<()> {
        let mut record = [0; HOUSEHOLD_BYTES];
        record[..8].copy_from_slice(&key_bytes(household_no.0));
        record[8..].copy_from_slice(&place.to_be_bytes());
        self.households.push(record)
    }

    /// Sorts and writes both files.
    ///
    /// # Errors
    /// When the disk fails; files that were there before stay as they were.
    pub fn finish(self) -> Result<()> {
        self.members.finish()?;
        self.households.finish()
    }
}

fn day_bytes(day: i32) -> [u8; 4] {
    (day.cast_unsigned() ^ (1 << 31)).to_be_bytes()
}

fn day_of(bytes: [u8; 4]) -> Option<Day> {
    Day::from_epoch_days((u32::from_be_bytes(bytes) ^ (1 << 31)).cast_signed())
}

/// The register in files. A read that fails finds nobody and is remembered: ask `check` before what was found is used.
#[derive(Debug)]
pub struct MembershipFile {
    members: SortedFile<MEMBER_BYTES>,
    households: SortedFile<HOUSEHOLD_BYTES>,
    failed: RefCell<Option<std::io::Error>>,
}

impl MembershipFile {
    /// Opens what a `MembershipWriter` wrote.
    ///
    /// # Errors
    /// When a file is not there or not whole.
    pub fn open(members: &Path, households: &Path) -> Result<MembershipFile> {
        Ok(MembershipFile {
            members: SortedFile::open(members)?,
            households: SortedFile::open(households)?,
            failed: RefCell::new(None),
        })
    }

    /// How many lines of membership there are.
    pub fn len(&self) -> u64 {
        self.members.len()
    }

    /// True when nobody is a member of anything.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the place of a household.
    pub fn place_of(&self, household_no: HouseholdNo) -> Option<u64> {
        self.said_of(household_no).into_iter().find(|place| *place != PEOPLED)
    }

    /// True when somebody belongs to the household, or once did.
    pub fn has_members(&self, household_no: HouseholdNo) -> bool {
        self.said_of(household_no).contains(&PEOPLED)
    }

    fn said_of(&self, household_no: HouseholdNo) -> Vec<u64> {
        let records = self.kept(self.households.find(key_bytes(household_no.0)));
        records.iter().map(|record| u64::from_be_bytes(std::array::from_fn(|at| record[8 + at]))).collect()
    }

    /// What kept the files from being read since the last call.
    ///
    /// # Errors
    /// The first read that failed.
    pub fn check(&self) -> Result<()> {
        self.failed.take().map_or(Ok(()), Err)
    }

    fn kept<T>(&self, read: Result<Vec<T>>) -> Vec<T> {
        read.unwrap_or_else(|error| {
            self.failed.borrow_mut().get_or_insert(error);
            Vec::new()
        })
    }
}

impl Registered for MembershipFile {
    fn memberships(&self, resident_key: ResidentKey) -> Vec<Member> {
        let records = self.kept(self.members.find(key_bytes(resident_key.0)));
        let member = |record: &[u8; MEMBER_BYTES]| Member {
            resident_key,
            household_no: HouseholdNo(number_of(std::array::from_fn(|at| record[12 + at]))),
            from: day_of(std::array::from_fn(|at| record[8 + at])),
            to: day_of(std::array::from_fn(|at| record[20 + at])),
            name: NameMark::of_bytes(std::array::from_fn(|at| record[24 + at])),
        };
        records.iter().map(member).collect()
    }

    fn has_household(&self, household_no: HouseholdNo) -> bool {
        self.place_of(household_no).is_some()
    }
}
