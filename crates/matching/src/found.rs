//! Which household a person belonged to on a day.

use crate::{Member, Note};
use model::{Day, HouseholdNo};
use std::collections::BTreeMap;

/// By which day a person was found in a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Member on the day of the event, or left on that very day.
    OnDay,
    /// Member nowhere on the day of the event, but some days beside it.
    Beside,
    /// Member nowhere on the day of the event nor near it, but on the day of delivery.
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
        note: Option<Note>,
    },
    /// The person is in the register of no household at any time.
    NotInRegister,
    /// In the register, but on another day; the membership with the latest start is given.
    NotAMemberThen(Member),
    /// On that day, or as near to it, the person is in more than one household, ascending.
    SeveralHouseholds {
        households: Vec<HouseholdNo>,
        by: Basis,
    },
}

/// Where the person with these memberships, by start, belonged on `day`, the day of the event; where that is nowhere, in which household at most
/// `tolerance_days` beside it, and where there is none, on `delivered_on`.
///
/// People move, and departments name today's household beside events of last year: the day of the event comes first. Who left
/// on the very day of the event, by dying, was a member until then, whatever the tolerance. Several households on the day of
/// the event are not settled by the day of delivery, nor are several beside it by which is nearer.
pub fn find(members: &[Member], day: Day, delivered_on: Day, tolerance_days: u16) -> Found {
    let Some(last) = members.last() else { return Found::NotInRegister };
    if let Some(found) = on(members, day, Basis::OnDay).or_else(|| beside(members, day, tolerance_days)) {
        return found;
    }
    let moved = members.iter().any(|member| member.household_no != last.household_no);
    match on(members, delivered_on, Basis::OnDelivery) {
        Some(Found::Household { household_no, by, .. }) if moved => {
            Found::Household { household_no, by, note: Some(Note::HouseholdOfDelivery) }
        }
        Some(found) => found,
        None => Found::NotAMemberThen(*last),
    }
}

/// The household, or the households, in which a person with these memberships was on that day.
fn on(members: &[Member], day: Day, by: Basis) -> Option<Found> {
    let households = households_on(members, day);
    match households[..] {
        [] => None,
        [household_no] => Some(Found::Household { household_no, by, note: None }),
        _ => Some(Found::SeveralHouseholds { households, by }),
    }
}

/// The household that a person, who was in none on that day, had left or was about to join.
fn beside(members: &[Member], day: Day, tolerance_days: u16) -> Option<Found> {
    let mut near: BTreeMap<HouseholdNo, u32> = BTreeMap::new();
    for member in members {
        let days = member.days_beside(day);
        if days <= u32::from(tolerance_days) {
            near.entry(member.household_no).and_modify(|known| *known = days.min(*known)).or_insert(days);
        }
    }
    let left: Vec<HouseholdNo> = near.iter().filter(|(_, days)| **days == 0).map(|(household, _)| *household).collect();
    let note = |days: u32| Some(Note::DaysBesideMembership { days });
    match (&left[..], near.first_key_value()) {
        (_, None) => None,
        ([household_no], _) => {
            let note = if near.len() > 1 { note(0) } else { None };
            Some(Found::Household { household_no: *household_no, by: Basis::OnDay, note })
        }
        (_, Some((household_no, days))) if near.len() == 1 => {
            Some(Found::Household { household_no: *household_no, by: Basis::Beside, note: note(*days) })
        }
        _ => Some(Found::SeveralHouseholds { households: near.into_keys().collect(), by: Basis::Beside }),
    }
}

/// Households in which one of the memberships holds on that day, ascending, each once.
pub(crate) fn households_on(members: &[Member], day: Day) -> Vec<HouseholdNo> {
    let held = members.iter().filter(|member| member.holds_on(day));
    let mut households: Vec<HouseholdNo> = held.map(|member| member.household_no).collect();
    households.sort_unstable();
    households.dedup();
    households
}
