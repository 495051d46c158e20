//! Dated memberships of households, as a register has them.

use crate::NameMark;
use model::{Day, HouseholdNo, ResidentKey};
use std::fmt;

/// One line of the register: a person belonged to a household from a day (that day included) to a day (left out).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    pub resident_key: ResidentKey,
    pub household_no: HouseholdNo,
    /// First day; `None` means always.
    pub from: Option<Day>,
    /// The day of leaving; `None` means not yet.
    pub to: Option<Day>,
    /// The mark of the name that the register has for the person there.
    pub name: NameMark,
}

impl Member {
    /// True on the days from the first to the last; the day of leaving is none of them.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }

    /// How many days lie between a day on which the membership does not hold and the membership; 0 for the day of leaving.
    pub fn days_beside(&self, day: Day) -> u32 {
        let before = self.from.map_or(0, |from| day.days_until(from));
        let behind = self.to.map_or(0, |to| to.days_until(day));
        u32::try_from(before.max(behind)).unwrap_or(0)
    }

    /// True when there is a day on which both hold.
    pub fn overlaps(&self, other: &Member) -> bool {
        let begins_before_end = |one: &Member, two: &Member| match (one.from, two.to) {
            (Some(from), Some(to)) => from < to,
            _ => true,
        };
        begins_before_end(self, other) && begins_before_end(other, self)
    }
}

/// All memberships of a register in memory, 32 bytes each, and all household numbers, 8 bytes each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    /// Sorted by person, start and household.
    lines: Vec<Line>,
    /// Sorted, each once.
    households: Vec<HouseholdNo>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    resident_key: ResidentKey,
    /// Days after 1970-01-01; the least number means always.
    from: i32,
    household_no: HouseholdNo,
    /// Days after 1970-01-01; the greatest number means not yet.
    to: i32,
    name: NameMark,
}

impl Membership {
    /// Takes the lines of the register in any order, and the numbers of households that may have no member. Lines that
    /// repeat one another count once.
    pub fn new(
        members: impl IntoIterator<Item = Member>,
        households: impl IntoIterator<Item = HouseholdNo>,
    ) -> Membership {
        let mut lines: Vec<Line> = members.into_iter().map(Line::of).collect();
        lines.sort_unstable();
        lines.dedup();
        lines.shrink_to_fit();
        let mut households: Vec<HouseholdNo> = households.into_iter().collect();
        households.extend(lines.iter().map(|line| line.household_no));
        households.sort_unstable();
        households.dedup();
        households.shrink_to_fit();
        Membership { lines, households }
    }

    /// How many lines of membership there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// True when nobody is a member of anything.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many households there are.
    pub fn household_count(&self) -> usize {
        self.households.len()
    }

    fn lines_of(&self, resident_key: ResidentKey) -> &[Line] {
        let start = self.lines.partition_point(|line| line.resident_key < resident_key);
        let length = self.lines[start..].partition_point(|line| line.resident_key == resident_key);
        &self.lines[start..start + length]
    }
}

/// A register that can be asked who belongs where.
pub trait Registered: fmt::Debug {
    /// Every membership of a person, by start and household.
    fn memberships(&self, resident_key: ResidentKey) -> Vec<Member>;

    /// True when the register knows the household.
    fn has_household(&self, household_no: HouseholdNo) -> bool;
}

impl Registered for Membership {
    fn memberships(&self, resident_key: ResidentKey) -> Vec<Member> {
        self.lines_of(resident_key).iter().map(|line| line.member()).collect()
    }

    fn has_household(&self, household_no: HouseholdNo) -> bool {
        self.households.binary_search(&household_no).is_ok()
    }
}

impl Line {
    fn of(member: Member) -> Line {
        Line {
            resident_key: member.resident_key,
            from: member.from.map_or(i32::MIN, Day::epoch_days),
            household_no: member.household_no,
            to: member.to.map_or(i32::MAX, Day::epoch_days),
            name: member.name,
        }
    }

    fn member(self) -> Member {
        Member {
            resident_key: self.resident_key,
            household_no: self.household_no,
            from: Day::from_epoch_days(self.from),
            to: Day::from_epoch_days(self.to),
            name: self.name,
        }
    }
}

// A province has some 80 million lines: their size is a promise.
const _: () = assert!(size_of::<Line>() == 32);
