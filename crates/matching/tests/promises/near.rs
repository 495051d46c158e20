//! Slips of the pen against the distance between two numbers as it is taught.

use crate::Dice;
use matching::slips_of;
use model::HouseholdNo;

/// How many slips (wrong, missing, added, and neighbours in the wrong order) lead from one text to the other.
fn distance(one: &[u8], other: &[u8]) -> usize {
    let first: Vec<usize> = (0..=other.len()).collect();
    let mut rows = vec![first; one.len() + 1];
    for (at, row) in rows.iter_mut().enumerate() {
        row[0] = at;
    }
    for i in 1..=one.len() {
        for j in 1..=other.len() {
            let changed = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[one.len()][other.len()]
}

#[test]
fn a_number_is_near_when_one_slip_leads_to_it() {
    for written in [1, 9, 10, 11, 90, 100, 121, 505, 999] {
        let slips = slips_of(HouseholdNo(written));
        for other in 1..11_000_i64 {
            let is_one = distance(written.to_string().as_bytes(), other.to_string().as_bytes()) == 1;
            assert_eq!(slips.contains(&HouseholdNo(other)), is_one, "{written} and {other}");
        }
    }
}

#[test]
fn nearness_goes_both_ways_and_every_near_number_is_one() {
    let mut dice = Dice(1_204);
    for _ in 0..60 {
        let digits = 1 + dice.below(18) as u32;
        let written = HouseholdNo(1 + dice.below(10_u64.pow(digits) - 1) as i64);
        let slips: Vec<HouseholdNo> = slips_of(written).into_iter().collect();
        assert!(slips.is_sorted() && !slips.contains(&written), "{written}");
        for near in slips.iter().step_by(7) {
            assert!(HouseholdNo::parse(&near.to_string()).is_some(), "{near} is a household number");
            assert!(slips_of(*near).contains(&written), "{written} and {near}");
        }
    }
}
