//! Days and months in the forms that people write.

use super::bare_day::{WrittenDay, bare_day, number};
use super::moment::moment_of;
use super::text::fold;

/// The day or month of a text: `2021-05-27`, `2021/5/27`, `2021.5.27`, `2021年5月27日`, `20210527`, `2021-05`, `202105`. With a time
/// behind it, the day that the moment means by China's clock (`WrittenMoment::day_meant`). `None` where the calendar has no such day, or the
/// clock no such time.
pub fn day_of(written: &str) -> Option<WrittenDay> {
    match moment_of(written) {
        Some(moment) => moment.map(|moment| WrittenDay::Day(moment.day_meant())),
        None => bare_day(written),
    }
}

/// True for a text that a spreadsheet has made of a number such as `3-1` when it took it for a day: `3月1日`, `2024/3/1`, `1-Mar`,
/// `2024-03-01 00:00:00`.
pub fn is_spreadsheet_day(text: &str) -> bool {
    // Bare digits may be a number of some length; a clock is none.
    if text.contains([':', '：']) && matches!(moment_of(text), Some(Some(_))) {
        return true;
    }
    let folded = fold(text);
    let parts: Vec<&str> = folded.split(['年', '月', '日', '/', '-']).filter(|part| !part.is_empty()).collect();
    let is_count =
        |part: &str, most: u32| part.len() <= 2 && part.parse().is_ok_and(|number: u32| (1..=most).contains(&number));
    let is_month = |part: &str| {
        let name: String = part.chars().take(3).flat_map(char::to_lowercase).collect();
        part.len() == 3 && MONTHS.contains(&name.as_str())
    };
    match parts.as_slice() {
        [month, day] if folded.ends_with('日') => folded.contains('月') && is_count(month, 12) && is_count(day, 31),
        [year, month] if folded.ends_with('月') => {
            folded.contains('年') && number(year, 4..=4).is_some() && is_count(month, 12)
        }
        [day, month] if folded.contains('-') && is_month(month) => number(day, 1..=2).is_some(),
        [month, year] if folded.contains('-') && is_month(month) => number(year, 2..=4).is_some(),
        [_, _, _] if folded.contains(['/', '日']) => matches!(day_of(text), Some(WrittenDay::Day(_))),
        _ => false,
    }
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_all_forms_and_only_where_the_calendar_has_them() {
        let day = |text: &str| Some(WrittenDay::Day(text.parse().expect("a day")));
        let month = |text: &str| Some(WrittenDay::Month(text.parse().expect("a day")));
        let cases = [
            ("２０２１．５．２７", day("2021-05-27")),
            ("2021年5月27日", day("2021-05-27")),
            (" 2021-5-27 8:05", day("2021-05-27")),
            ("20210527", day("2021-05-27")),
            ("2023-02-29", None),
            ("2021年5月", month("2021-05-01")),
            ("20210527083000", day("2021-05-27")),
            ("2021-05-27T16:00:00Z", day("2021-05-28")),
            ("2021-05-27 23:59:00", day("2021-05-28")),
            ("2021-05-27 25:61", None),
            ("2021 - 5 - 27", day("2021-05-27")),
            ("2021年 5月 27日", day("2021-05-27")),
            ("2021-5-2 7", None),
            ("2021 0527", None),
            ("202113", None),
            ("5-27", None),
            ("昨天", None),
            ("", Some(WrittenDay::Nothing)),
        ];
        for (text, expected) in cases {
            assert_eq!(day_of(text), expected, "{text}");
        }
    }

    #[test]
    fn texts_that_a_spreadsheet_made_of_numbers_are_known() {
        for text in
            ["3月1日", "2024年3月1日", "2024/3/1", "2024-03-01 00:00:00", "1-Mar", "Mar-01", "12-Jan", "2024年3月"]
        {
            assert!(is_spreadsheet_day(text), "{text}");
        }
        for text in [
            "3-1",
            "2024-03-01",
            "13月1日",
            "1-May-x",
            "A/3/1",
            "2024/13/1",
            "2024-3",
            "MAR",
            "JY-001",
            "",
            "3/1/2",
            "3月",
        ] {
            assert!(!is_spreadsheet_day(text), "{text}");
        }
    }
}
