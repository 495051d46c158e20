//! Numbers that differ from one another by a slip of the pen.

use model::HouseholdNo;
use std::collections::BTreeSet;

/// Every household number that becomes `written` by one slip: a wrong digit, two digits in the wrong order, one digit too few or too
/// many. Ascending, `written` itself left out.
pub fn slips_of(written: HouseholdNo) -> BTreeSet<HouseholdNo> {
    let text = written.to_string();
    let digits = text.as_bytes();
    let mut numbers = BTreeSet::new();
    let mut note = |digits: &[u8]| {
        numbers.extend(std::str::from_utf8(digits).ok().and_then(HouseholdNo::parse));
    };
    for at in 0..=digits.len() {
        let (head, tail) = digits.split_at(at);
        for digit in b'0'..=b'9' {
            note(&[head, &[digit], tail].concat());
            if !tail.is_empty() {
                note(&[head, &[digit], &tail[1..]].concat());
            }
        }
        if !tail.is_empty() {
            note(&[head, &tail[1..]].concat());
        }
        if let [one, two, rest @ ..] = tail {
            note(&[head, &[*two, *one], rest].concat());
        }
    }
    numbers.remove(&written);
    numbers
}

#[cfg(test)]
mod tests {
    use super::slips_of;
    use model::HouseholdNo;

    #[test]
    fn one_slip_is_found_and_two_are_not() {
        let slips = slips_of(HouseholdNo(1204));
        for (number, is_near) in [(1240, true), (1024, true), (124, true), (12_045, true), (2104, true), (1204, false)]
        {
            assert_eq!(slips.contains(&HouseholdNo(number)), is_near, "{number}");
        }
        for far in [1, 12, 1034 + 1000, 4021, 120_400, 1304 + 1] {
            assert!(!slips.contains(&HouseholdNo(far)), "{far}");
        }
        assert!(
            slips_of(HouseholdNo(999_999_999_999_999_999))
                .iter()
                .all(|near| HouseholdNo::parse(&near.to_string()).is_some())
        );
    }
}
