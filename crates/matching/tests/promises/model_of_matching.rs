//! The whole decision against a plain model that counts days on its fingers, over random registers and rows.

use crate::{Dice, cipher, key_of, names};
use matching::{Basis, Matcher, Member, Membership, Note, Sought, Unmatched, UnmatchedReason};
use model::{Day, HouseholdNo};
use std::collections::{BTreeMap, BTreeSet};

const PERSON: &str = "11010519491231002X";
const NAME: &str = "阿说·尔哈";

/// Household, whether by a person, basis and notes; or the reason why not.
type Outcome = Result<(i64, bool, Basis, Vec<Note>), Unmatched>;

/// One question in days after the epoch.
struct Case {
    lines: Vec<(i64, i64, Option<i64>)>,
    stated: Option<i64>,
    name: Option<&'static str>,
    on: i64,
    delivered: i64,
    tolerance: i64,
}

impl Case {
    fn draw(dice: &mut Dice) -> Case {
        let line = |dice: &mut Dice| {
            let from = dice.below(24) as i64 - 12;
            let to = (dice.below(3) > 0).then(|| from + 1 + dice.below(12) as i64);
            (1 + dice.below(3) as i64, from, to)
        };
        let on = dice.below(30) as i64 - 15;
        Case {
            lines: (0..dice.below(4)).map(|_| line(dice)).collect(),
            // 4 is a household without members, 9 is none.
            stated: *dice.pick(&[None, Some(1), Some(2), Some(3), Some(4), Some(9)]),
            name: *dice.pick(&[None, Some(""), Some("阿说爾哈"), Some("王大锤")]),
            on,
            delivered: on + dice.below(20) as i64,
            tolerance: *dice.pick(&[0, 0, 1, 3, 30]),
        }
    }

    /// Households of a day.
    fn households(&self, on: i64) -> BTreeSet<i64> {
        let holds = |(_, from, to): &&(i64, i64, Option<i64>)| *from <= on && to.is_none_or(|to| on < to);
        self.lines.iter().filter(holds).map(|(household, ..)| *household).collect()
    }

    /// Households beside the day of the event, each with the days between: 0 is the day of leaving.
    fn beside(&self) -> BTreeMap<i64, i64> {
        let mut near = BTreeMap::new();
        for days in (0..=self.tolerance.max(0)).rev() {
            let ahead = if days > 0 { self.households(self.on + days) } else { BTreeSet::new() };
            for household in ahead.into_iter().chain(self.households(self.on - days - 1)) {
                near.insert(household, days);
            }
        }
        near
    }

    fn is_known(&self) -> bool {
        matches!(self.stated, Some(4)) || self.stated.is_some_and(|stated| self.lines.iter().any(|one| one.0 == stated))
    }

    fn name_note(&self) -> Vec<Note> {
        let differs = !self.lines.is_empty() && self.name == Some("王大锤");
        if differs { vec![Note::NameDiffers] } else { Vec::new() }
    }

    /// The latest line: by start, then by household, then by end.
    fn last(&self) -> (i64, i64, Option<i64>) {
        let key = |one: &&(i64, i64, Option<i64>)| (one.1, one.0, one.2.unwrap_or(i64::MAX));
        *self.lines.iter().max_by_key(key).expect("there is one")
    }

    fn resident(&self) -> Outcome {
        let mut notes = self.name_note();
        if self.lines.is_empty() {
            return Err(Unmatched::NotInRegister);
        }
        let found = |household, basis, note: Option<Note>, mut notes: Vec<Note>| {
            notes.extend(note);
            notes.extend(match self.stated {
                Some(stated) if self.is_known() && stated != household => {
                    Some(Note::HouseholdNumberDiffers { stated: HouseholdNo(stated) })
                }
                Some(_) if !self.is_known() => Some(Note::HouseholdNumberUnknown),
                _ => None,
            });
            Ok((household, true, basis, notes))
        };
        let mut several = |households: Vec<i64>, basis| match self.stated {
            Some(stated) if households.contains(&stated) => {
                notes.push(Note::SettledByHouseholdNumber);
                Ok((stated, true, basis, notes.clone()))
            }
            _ => Err(Unmatched::SeveralHouseholds(households.into_iter().map(HouseholdNo).collect())),
        };
        let on: Vec<i64> = self.households(self.on).into_iter().collect();
        match on[..] {
            [] => {}
            [household] => return found(household, Basis::OnDay, None, self.name_note()),
            _ => return several(on, Basis::OnDay),
        }
        let near = self.beside();
        let left: Vec<i64> = near.iter().filter(|(_, days)| **days == 0).map(|(household, _)| *household).collect();
        let days = |days: i64| Some(Note::DaysBesideMembership { days: days as u32 });
        match (&left[..], near.len()) {
            (_, 0) => {}
            ([household], 1) => return found(*household, Basis::OnDay, None, self.name_note()),
            ([household], _) => return found(*household, Basis::OnDay, days(0), self.name_note()),
            (_, 1) => {
                let (household, between) = near.first_key_value().expect("one");
                return found(*household, Basis::Beside, days(*between), self.name_note());
            }
            _ => return several(near.into_keys().collect(), Basis::Beside),
        }
        let delivered: Vec<i64> = self.households(self.delivered).into_iter().collect();
        let has_moved = self.lines.iter().any(|one| one.0 != self.last().0);
        match delivered[..] {
            [] => {
                let (household, from, to) = self.last();
                Err(Unmatched::NotAMemberThen(line(household, from, to)))
            }
            [household] => {
                found(household, Basis::OnDelivery, has_moved.then_some(Note::HouseholdOfDelivery), self.name_note())
            }
            _ => several(delivered, Basis::OnDelivery),
        }
    }

    fn household(&self) -> Outcome {
        let Some(stated) = self.stated.filter(|_| self.is_known()) else { return self.resident() };
        let by_number = |reason| {
            let mut notes = self.name_note();
            notes.push(Note::IdentityNotUsed(reason));
            Ok((stated, false, Basis::HouseholdNumber, notes))
        };
        let mut notes = self.name_note();
        let (on, delivered) = (self.households(self.on), self.households(self.delivered));
        for (households, basis) in [(&on, Basis::OnDay), (&delivered, Basis::OnDelivery)] {
            if households.contains(&stated) {
                notes.extend((households.len() > 1).then_some(Note::SettledByHouseholdNumber));
                return Ok((stated, true, basis, notes));
            }
        }
        let elsewhere: Vec<i64> = on.union(&delivered).copied().collect();
        if let Some(days) = self.beside().get(&stated) {
            if *days == 0 && elsewhere.is_empty() {
                return Ok((stated, true, Basis::OnDay, notes));
            }
            notes.push(Note::DaysBesideMembership { days: *days as u32 });
            return Ok((stated, true, Basis::Beside, notes));
        }
        match (elsewhere.is_empty(), self.lines.is_empty()) {
            (false, _) => Err(Unmatched::HouseholdDisagrees {
                stated: HouseholdNo(stated),
                registered: elsewhere.into_iter().map(HouseholdNo).collect(),
            }),
            (true, true) => by_number(UnmatchedReason::NotInRegister),
            (true, false) => by_number(UnmatchedReason::NotAMemberThen),
        }
    }
}

fn line(household: i64, from: i64, to: Option<i64>) -> Member {
    Member {
        resident_key: key_of(PERSON),
        household_no: HouseholdNo(household),
        from: Some(Day::EPOCH.plus_days(from)),
        to: to.map(|to| Day::EPOCH.plus_days(to)),
        name: names().mark(NAME),
    }
}

#[test]
fn rows_go_where_a_patient_clerk_would_take_them() {
    let (cipher, names) = (cipher(), names());
    let mut reached: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..6_000_u64 {
        let case = Case::draw(&mut Dice(seed));
        let lines = case.lines.iter().map(|(household, from, to)| line(*household, *from, *to));
        let register = Membership::new(lines, [HouseholdNo(4)]);
        let matcher = Matcher::new(&cipher, &names, &register);
        let stated = case.stated.map(|stated| stated.to_string());
        let row = Sought {
            identity: Some(PERSON),
            name: case.name,
            household_no: stated.as_deref(),
            day: Day::EPOCH.plus_days(case.on),
            delivered_on: Day::EPOCH.plus_days(case.delivered),
            tolerance_days: case.tolerance as u16,
        };
        for (found, expected) in [(matcher.resident(row), case.resident()), (matcher.household(row), case.household())]
        {
            let found = found.map(|one| {
                assert_eq!(one.resident_key.is_some_and(|key| key == key_of(PERSON)), one.resident_key.is_some());
                (one.household_no.0, one.resident_key.is_some(), one.basis, one.notes)
            });
            let way = match &expected {
                Ok((_, _, basis, notes)) => format!("{basis:?} {}", notes.len()),
                Err(unmatched) => format!("{:?}", unmatched.reason()),
            };
            *reached.entry(way).or_default() += 1;
            assert_eq!(found, expected, "seed {seed}: {:?} {row:?}", case.lines);
        }
    }
    // Every way of the decision is gone often enough to mean something.
    for way in [
        "OnDay 0",
        "OnDay 1",
        "Beside 1",
        "Beside 2",
        "OnDelivery 0",
        "OnDelivery 2",
        "HouseholdNumber 1",
        "NotInRegister",
        "NotAMemberThen",
        "SeveralHouseholds",
        "HouseholdDisagrees",
    ] {
        assert!(reached.get(way).is_some_and(|count| *count >= 15), "{way}: {reached:?}");
    }
}
