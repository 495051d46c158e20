//! Dated membership: which household a person belonged to on a day.

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
}

/// By which day a person was found in a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Member on the day of the event.
    OnDay,
    /// Member nowhere on the day of the event, but on the day of delivery.
    OnDelivery,
    /// By the household number, no person was needed.
    HouseholdNumber,
}

/// Where a person belonged on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Household {
        household_no: HouseholdNo,
        by: Basis,
    },
    /// The person is in the register of no household at any time.
    NotInRegister,
    /// In the register, but on another day; the membership with the latest start is given.
    NotAMemberThen(Member),
    /// On that day the person is in more than one household, ascending.
    SeveralHouseholds {
        households: Vec<HouseholdNo>,
        by: Basis,
    },
}

/// All memberships of a register in memory, 24 bytes each, and all household numbers, 8 bytes each.
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

    /// All households in which the person was on that day, ascending.
    fn households_on(&self, resident_key: ResidentKey, day: Day) -> Vec<HouseholdNo> {
        households_on(&self.memberships(resident_key), day)
    }

    /// Where the person belonged on `day`.
    fn household_on(&self, resident_key: ResidentKey, day: Day) -> Found {
        self.find(resident_key, day, day)
    }

    /// Where the person belonged on `day`, the day of the event; where that is nowhere, on `delivered_on`.
    ///
    /// People move, and departments name today's household beside events of last year: the day of the event comes first.
    /// Several households on the day of the event are not settled by the day of delivery.
    fn find(&self, resident_key: ResidentKey, day: Day, delivered_on: Day) -> Found {
        let members = self.memberships(resident_key);
        let Some(last) = members.last() else { return Found::NotInRegister };
        for (asked, by) in [(day, Basis::OnDay), (delivered_on, Basis::OnDelivery)] {
            let households = households_on(&members, asked);
            match households[..] {
                [] => {}
                [household_no] => return Found::Household { household_no, by },
                _ => return Found::SeveralHouseholds { households, by },
            }
        }
        Found::NotAMemberThen(*last)
    }
}

impl Registered for Membership {
    fn memberships(&self, resident_key: ResidentKey) -> Vec<Member> {
        self.lines_of(resident_key).iter().map(|line| line.member()).collect()
    }

    fn has_household(&self, household_no: HouseholdNo) -> bool {
        self.households.binary_search(&household_no).is_ok()
    }
}

/// Households in which one of the memberships holds on that day, ascending, each once.
fn households_on(members: &[Member], day: Day) -> Vec<HouseholdNo> {
    let holds = |member: &&Member| member.from.is_none_or(|from| from <= day) && member.to.is_none_or(|to| day < to);
    let mut households: Vec<HouseholdNo> = members.iter().filter(holds).map(|member| member.household_no).collect();
    households.sort_unstable();
    households.dedup();
    households
}

impl Line {
    fn of(member: Member) -> Line {
        Line {
            resident_key: member.resident_key,
            from: member.from.map_or(i32::MIN, Day::epoch_days),
            household_no: member.household_no,
            to: member.to.map_or(i32::MAX, Day::epoch_days),
        }
    }

    fn member(self) -> Member {
        Member {
            resident_key: self.resident_key,
            household_no: self.household_no,
            from: Day::from_epoch_days(self.from),
            to: Day::from_epoch_days(self.to),
        }
    }
}

// A province has some 80 million lines: their size is a promise.
const _: () = assert!(size_of::<Line>() == 24);
