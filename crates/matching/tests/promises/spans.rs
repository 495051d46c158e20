//! Memberships day by day: what holds, what lies beside, what overlaps.

use crate::{Dice, member};
use matching::{Member, Membership, Registered};
use model::{Day, HouseholdNo, ResidentKey};

/// Days around the epoch on which everything here happens.
const DAYS: std::ops::Range<i64> = -12..13;

fn at(days: i64) -> Day {
    Day::EPOCH.plus_days(days)
}

/// Memberships with every pair of ends, open ones among them; none ends before it begins.
fn spans() -> Vec<Member> {
    let ends = [None, Some(-9), Some(-2), Some(0), Some(1), Some(5), Some(9)];
    let mut spans = Vec::new();
    for from in ends {
        for to in ends {
            if from.zip(to).is_none_or(|(from, to)| from < to) {
                spans.push(member(1, 10, from.map(at), to.map(at)));
            }
        }
    }
    spans
}

/// True on the days of a membership, told by its ends alone.
fn holds(one: &Member, on: i64) -> bool {
    let begun = one.from.is_none_or(|from| at(on) >= from);
    let ended = one.to.is_some_and(|to| at(on) >= to);
    begun && !ended
}

#[test]
fn the_first_day_is_in_and_the_day_of_leaving_is_out() {
    for span in spans() {
        for on in DAYS {
            assert_eq!(span.holds_on(at(on)), holds(&span, on), "{span:?} {on}");
        }
    }
}

#[test]
fn the_days_beside_a_membership_are_counted_one_by_one() {
    for span in spans() {
        for on in DAYS.filter(|on| !holds(&span, *on)) {
            // Forward to the first day, or back to the day of leaving, which is the one after the last.
            let forward = (1..60).find(|days| holds(&span, on + days));
            let back = (0..60).find(|days| holds(&span, on - days - 1));
            let days = forward.into_iter().chain(back).min().expect("it holds some day");
            assert_eq!(i64::from(span.days_beside(at(on))), days, "{span:?} {on}");
        }
    }
}

#[test]
fn two_memberships_overlap_when_they_share_a_day() {
    for one in spans() {
        for other in spans() {
            let share = (-40..40).any(|on| holds(&one, on) && holds(&other, on));
            assert_eq!(one.overlaps(&other), share, "{one:?} {other:?}");
            assert_eq!(one.overlaps(&other), other.overlaps(&one));
        }
    }
}

#[test]
fn a_register_gives_each_person_their_lines_once_by_their_start() {
    let mut dice = Dice(31);
    for _ in 0..60 {
        let spans = spans();
        let mut lines: Vec<Member> = (0..dice.below(40))
            .map(|_| {
                let span = *dice.pick(&spans);
                let person = *dice.pick(&[i64::MIN, -3, -1, 0, 1, 2, i64::MAX]);
                member(person, 1 + dice.below(4) as i64, span.from, span.to)
            })
            .collect();
        // Lines that repeat one another stand in files again and again.
        lines.extend(lines.clone().into_iter().step_by(3));
        let register = Membership::new(lines.iter().copied(), [HouseholdNo(77)]);
        let mut counted = 0;
        for person in [i64::MIN, -3, -1, 0, 1, 2, 3, i64::MAX] {
            let mut own: Vec<Member> = Vec::new();
            for line in lines.iter().filter(|line| line.resident_key == ResidentKey(person)) {
                if !own.contains(line) {
                    own.push(*line);
                }
            }
            own.sort_by_key(|line| (line.from, line.household_no, line.to.is_none(), line.to));
            counted += own.len();
            assert_eq!(register.memberships(ResidentKey(person)), own, "{person}");
        }
        assert_eq!((register.len(), register.is_empty()), (counted, counted == 0));
        let peopled: std::collections::BTreeSet<HouseholdNo> = lines.iter().map(|line| line.household_no).collect();
        assert_eq!(register.household_count(), peopled.len() + 1, "and one that nobody lives in");
        for number in 0..6 {
            assert_eq!(register.has_household(HouseholdNo(number)), peopled.contains(&HouseholdNo(number)));
        }
        assert!(register.has_household(HouseholdNo(77)));
    }
}
