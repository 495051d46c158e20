//! Months, quarters, halves and years: around a day, and as file names write them.

use model::Day;

type Days = (Day, Day);

/// How long a delivery's days are taken to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    Day,
    /// So many months from January on.
    Months(u32),
}

const UNITS: [Unit; 4] = [Unit::Months(1), Unit::Months(3), Unit::Months(6), Unit::Months(12)];

impl Unit {
    /// By how often a source is handed in; what comes when something happened is counted by months.
    pub fn of_cadence(cadence: &str) -> Unit {
        match cadence {
            "day" => Unit::Day,
            "quarter" => Unit::Months(3),
            "year" => Unit::Months(12),
            _ => Unit::Months(1),
        }
    }

    /// The unit that these days are one of.
    pub fn of(days: Days) -> Option<Unit> {
        UNITS.into_iter().find(|unit| unit.around(days.0) == days)
    }

    /// First and last day of the one that holds this day.
    pub fn around(self, day: Day) -> Days {
        match self {
            Unit::Day => (day, day),
            Unit::Months(count) => {
                let first = (day.month() - 1) / count * count + 1;
                months(day.year(), first, first + count - 1).unwrap_or((day, day))
            }
        }
    }
}

fn months(year: i32, first: u32, last: u32) -> Option<Days> {
    let from = Day::new(year, first, 1).filter(|_| first <= last)?;
    let next = if last == 12 { Day::new(year + 1, 1, 1) } else { Day::new(year, last + 1, 1) };
    Some((from, next?.plus_days(-1)))
}

/// The days that a file is named for: `2024年6月`, `2024年1-6月`, `2024年第二季度`, `2024年上半年`, `2024年度`, `2024-06`,
/// `202406`. A whole day such as `2024-06-30` is the day of delivery, and a year alone says nothing.
pub fn in_name(name: &str) -> Option<Days> {
    let letters: Vec<char> = name.chars().collect();
    let starts = (0..letters.len()).filter(|at| *at == 0 || !letters[at - 1].is_ascii_digit());
    let mut found = starts.filter_map(|at| at_year(&letters[at..]));
    found.next()
}

/// The days of this year that a file is named for without one: `6月`, `1-6月`, `二季度`, `上半年`.
pub fn in_name_of_year(name: &str, year: i32) -> Option<Days> {
    let letters: Vec<char> = name.chars().collect();
    // The end of `2024年6-1月` is no beginning.
    let is_inside = |at: usize| {
        let before = |back: usize| at.checked_sub(back).map(|at| letters[at]);
        let is_number = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit() || letter == '月');
        before(1).is_some_and(|letter| letter.is_ascii_digit())
            || before(1).is_some_and(is_until) && is_number(before(2))
    };
    let at = |at: usize| match letters[at..] {
        ['度', ..] | ['全', '年', ..] => None,
        // `四季青` is a place.
        [_, '季', next, ..] | ['第', _, '季', next, ..] if next != '度' => None,
        [_, '季'] | ['第', _, '季'] => None,
        _ => after_year(year, &letters[at..]),
    };
    (0..letters.len()).filter(|at| !is_inside(*at)).find_map(at)
}

/// Digits at the beginning, and what follows them.
fn number(letters: &[char]) -> Option<(u32, usize, &[char])> {
    let length = letters.iter().take_while(|letter| letter.is_ascii_digit()).count();
    let text: String = letters[..length].iter().collect();
    Some((text.parse().ok()?, length, &letters[length..]))
}

fn at_year(letters: &[char]) -> Option<Days> {
    let (digits, length, rest) = number(letters)?;
    if length == 6 {
        let (year, month) = (digits / 100, digits % 100);
        return is_year(year).then(|| months(year as i32, month, month)).flatten();
    }
    if length != 4 || !is_year(digits) {
        return None;
    }
    let year = digits as i32;
    match rest {
        ['年', rest @ ..] => after_year(year, rest),
        ['-' | '.' | '_', rest @ ..] => {
            let (month, 2, rest) = number(rest)? else { return None };
            let day = rest.strip_prefix(&['-']).or(rest.strip_prefix(&['.'])).or(rest.strip_prefix(&['_']));
            let is_day = day.and_then(number).is_some_and(|(_, length, _)| length <= 2);
            if is_day { None } else { months(year, month, month) }
        }
        _ => None,
    }
}

fn is_year(year: u32) -> bool {
    (2000..2100).contains(&year)
}

fn after_year(year: i32, letters: &[char]) -> Option<Days> {
    match letters {
        ['上', '半', '年', ..] => return months(year, 1, 6),
        ['下', '半', '年', ..] => return months(year, 7, 12),
        ['度', ..] | ['全', '年', ..] => return months(year, 1, 12),
        _ => {}
    }
    let plain = letters.strip_prefix(&['第']).unwrap_or(letters);
    if let [quarter, '季', ..] = plain {
        let quarter = "一二三四".chars().position(|digit| digit == *quarter).map(|at| at as u32 + 1);
        let quarter = quarter.or_else(|| plain[0].to_digit(10)).filter(|quarter| (1..=4).contains(quarter))?;
        return months(year, quarter * 3 - 2, quarter * 3);
    }
    let (first, _, rest) = number(letters)?;
    match rest {
        ['月', next, rest @ ..] if is_until(*next) => match number(rest) {
            Some((last, _, ['月', ..])) => months(year, first, last),
            _ => months(year, first, first),
        },
        // A day of the month is the day of delivery.
        ['月', next, ..] if next.is_ascii_digit() => None,
        ['月', ..] => months(year, first, first),
        [next, rest @ ..] if is_until(*next) => {
            let (last, _, ['月', ..]) = number(rest)? else { return None };
            months(year, first, last)
        }
        _ => None,
    }
}

fn is_until(letter: char) -> bool {
    matches!(letter, '-' | '—' | '–' | '~' | '～' | '至' | '到')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_of_a_delivery_are_read_from_the_name_of_its_file() {
        let cases = [
            ("临时救助2024年6月.xlsx", Some("2024-06-01 2024-06-30")),
            ("2024年06月 临时救助.csv", Some("2024-06-01 2024-06-30")),
            ("2024年1-6月.csv", Some("2024-01-01 2024-06-30")),
            ("2024年1月至3月.csv", Some("2024-01-01 2024-03-31")),
            ("2024年6-1月.csv", None),
            ("2024年第二季度.csv", Some("2024-04-01 2024-06-30")),
            ("2024年4季度.csv", Some("2024-10-01 2024-12-31")),
            ("2024年5季度.csv", None),
            ("2024年上半年.csv", Some("2024-01-01 2024-06-30")),
            ("2024年下半年.csv", Some("2024-07-01 2024-12-31")),
            ("2024年度.csv", Some("2024-01-01 2024-12-31")),
            ("2024年全年.csv", Some("2024-01-01 2024-12-31")),
            ("2024年.csv", None),
            ("aid_2024-06.csv", Some("2024-06-01 2024-06-30")),
            ("aid_2024.02.csv", Some("2024-02-01 2024-02-29")),
            ("aid_202406.csv", Some("2024-06-01 2024-06-30")),
            ("aid_202413.csv", None),
            ("aid_20240630.csv", None),
            ("aid_2024-06-30.csv", None),
            ("aid_2024-06_2024-07-05.csv", Some("2024-06-01 2024-06-30")),
            ("2024年6月30日.csv", None),
            ("990101.csv", None),
            ("aid.csv", None),
        ];
        for (name, expected) in cases {
            let shown = in_name(name).map(|(from, to)| format!("{from} {to}"));
            assert_eq!(shown.as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn the_days_of_a_delivery_are_read_from_a_name_without_a_year() {
        let cases = [
            ("6月临时救助.csv", Some("2024-06-01 2024-06-30")),
            ("临时救助-06月.csv", Some("2024-06-01 2024-06-30")),
            ("1-6月.csv", Some("2024-01-01 2024-06-30")),
            ("二季度临时救助.csv", Some("2024-04-01 2024-06-30")),
            ("上半年.csv", Some("2024-01-01 2024-06-30")),
            ("四季青乡.csv", None),
            ("年度.csv", None),
            ("2024年6-1月.csv", None),
            ("6月30日.csv", None),
            ("13月.csv", None),
            ("aid_06.csv", None),
        ];
        for (name, expected) in cases {
            let shown = in_name_of_year(name, 2024).map(|(from, to)| format!("{from} {to}"));
            assert_eq!(shown.as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn units_begin_with_the_year() {
        let day: Day = "2024-05-15".parse().expect("a day");
        let cases = [
            ("day", "2024-05-15 2024-05-15"),
            ("month", "2024-05-01 2024-05-31"),
            ("event", "2024-05-01 2024-05-31"),
            ("quarter", "2024-04-01 2024-06-30"),
            ("year", "2024-01-01 2024-12-31"),
        ];
        for (cadence, expected) in cases {
            let (from, to) = Unit::of_cadence(cadence).around(day);
            assert_eq!(format!("{from} {to}"), expected, "{cadence}");
        }
    }
}
