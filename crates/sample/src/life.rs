//! What a member of a family is like: school, education, health, work; by age and county.

use crate::random::Stream;
use model::Day;

/// Stage and year of school on a day, or `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct School {
    pub stage: &'static str,
    pub grade: i64,
}

const NO_SCHOOL: School = School { stage: "none", grade: 0 };

/// The school that someone born on that day attends on `day`; beyond the ninth year chance decides.
pub fn school(born_on: Day, day: Day, stream: &mut Stream) -> School {
    let began = Day::new(if day.month() >= 9 { day.year() } else { day.year() - 1 }, 9, 1).unwrap_or(day);
    let (beyond_ninth, is_vocational, beyond_twelfth) = (stream.chance(0.88), stream.chance(0.42), stream.chance(0.46));
    match born_on.age_on(began) {
        age @ 3..=5 => School { stage: "preschool", grade: age - 2 },
        age @ 6..=11 => School { stage: "primary", grade: age - 5 },
        age @ 12..=14 => School { stage: "junior", grade: age - 11 },
        age @ 15..=17 if beyond_ninth => {
            School { stage: if is_vocational { "vocational" } else { "senior" }, grade: age - 14 }
        }
        age @ 18..=21 if beyond_ninth && beyond_twelfth => School { stage: "college", grade: age - 17 },
        _ => NO_SCHOOL,
    }
}

/// The highest school that an adult finished; `preschool` for small children.
pub fn education(age: i64, illiterate: f64, years: f64, stream: &mut Stream) -> &'static str {
    if age < 7 {
        return "preschool";
    }
    if age < 16 {
        return if age < 13 { "primary" } else { "junior" };
    }
    // The old learned less: illiteracy of a county lies with those above 50.
    let unread = if age > 50 { (illiterate * 2.4).min(0.9) } else { illiterate * 0.35 };
    if stream.chance(unread) {
        return "illiterate";
    }
    let level =
        years - 2.5 + if age < 35 { 2.2 } else { 0.0 } - if age > 55 { 1.6 } else { 0.0 } + stream.normal() * 2.4;
    match level {
        level if level < 5.4 => "primary",
        level if level < 8.6 => "junior",
        level if level < 10.6 => "senior",
        _ => "college",
    }
}

/// `healthy`, `chronic` or `serious`.
pub fn health(age: i64, stream: &mut Stream) -> &'static str {
    let chronic = match age {
        0..=17 => 0.006,
        18..=44 => 0.03,
        45..=59 => 0.12,
        _ => 0.3,
    };
    match stream.unit() {
        chance if chance < chronic => "chronic",
        chance if chance < chronic * 1.05 => "serious",
        _ => "healthy",
    }
}

/// Ability to work: `ordinary`, `skilled`, `weak`, `lost` or `none`.
pub fn labour(age: i64, is_at_school: bool, disability: Option<(u8, u8)>, stream: &mut Stream) -> &'static str {
    match (age, disability) {
        (0..=15, _) => "none",
        (_, Some((_, 1 | 2))) => "lost",
        _ if is_at_school => "none",
        (60..=69, _) if stream.chance(0.55) => "weak",
        (60.., _) => "none",
        (_, Some(_)) => "weak",
        _ if stream.chance(0.13) => "skilled",
        _ => "ordinary",
    }
}

/// Where someone able to work does so.
pub fn work_place(age: i64, is_male: bool, away: f64, stream: &mut Stream) -> &'static str {
    let leaning = if age < 46 { 1.25 } else { 0.55 } * if is_male { 1.1 } else { 0.85 };
    if !stream.chance((away * leaning).min(0.95)) {
        return if stream.chance(0.12) { "none" } else { "home" };
    }
    ["county", "province", "beyond"][stream.weighted(&[0.24, 0.34, 0.42])]
}

/// A mobile number of eleven digits.
pub fn phone(stream: &mut Stream) -> u64 {
    let head = [139, 138, 136, 135, 151, 152, 158, 182, 187, 130, 186, 180, 189, 177][stream.index(14)];
    head * 100_000_000 + stream.between(0, 99_999_999) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("test days are well written")
    }

    #[test]
    fn school_begins_in_the_september_after_the_sixth_birthday() {
        let mut stream = Stream::of(1, "school", 0, 0);
        let cases = [
            ("2017-08-31", "2024-06-30", "primary", 1),
            ("2017-09-01", "2024-06-30", "primary", 1),
            ("2017-09-02", "2024-06-30", "preschool", 3),
            ("2011-09-01", "2024-06-30", "junior", 1),
            ("2011-09-02", "2024-06-30", "primary", 6),
            ("2008-09-02", "2024-06-30", "junior", 3),
            ("2022-01-01", "2024-06-30", "none", 0),
        ];
        for (born, on, stage, grade) in cases {
            assert_eq!(school(day(born), day(on), &mut stream), School { stage, grade }, "{born} {on}");
        }
    }

    #[test]
    fn nobody_below_sixteen_or_at_school_can_work() {
        let mut stream = Stream::of(1, "labour", 0, 0);
        for age in 0..16 {
            assert_eq!(labour(age, false, None, &mut stream), "none");
        }
        assert_eq!(labour(17, true, None, &mut stream), "none");
        assert_eq!(labour(40, false, Some((4, 2)), &mut stream), "lost");
    }
}
