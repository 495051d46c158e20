//! Days and months in the forms that real files hold.

use super::plan::CellPlan;
use super::problem::Problem;
use super::text;
use crate::ground::shown_number::shown_number;
use crate::raw::{RawCell, YEARS_1904, day_of_serial, moment_of_serial};
use model::written::{WrittenDay as Written, WrittenMoment, day_of, moment_of};
use model::{Day, FaultKind, Value};

/// Serial numbers that are taken for days: 1910 to 2099. Smaller ones are counts, larger ones `20210527`.
const SERIALS: std::ops::RangeInclusive<u32> = 3_654..=73_050;
/// Four digits that are rather a year than a serial number.
const YEARS: std::ops::RangeInclusive<u32> = 1_900..=2_100;

/// The day of a cell: `2021-05-27`, `2021/5/27`, `2021.5.27`, `2021年5月27日`, `20210527`, a serial number. With
/// a time, the day that the moment means by China's clock.
pub(super) fn day(raw: &RawCell, is_1904: bool) -> Result<Option<Day>, Problem> {
    match written(raw, is_1904).ok_or_else(not_a_day)? {
        Written::Nothing => Ok(None),
        Written::Day(day) => Ok(Some(day)),
        Written::Month(_) => Err(Problem::new(FaultKind::NotADay, "cell_day_without_day")),
    }
}

/// The first day of the month of a cell: `202105`, `2021-05`, `2021.5`, `2021年5月`, or any form of a day.
pub(super) fn month(raw: &RawCell, is_1904: bool) -> Result<Option<Day>, Problem> {
    let found = match raw {
        // As a number, 2021.1 may be January or October.
        RawCell::Number(number)
            if (number * 100.0).round() % 100.0 == 10.0 && number.fract() != 0.0 && *number < 10_000.0 =>
        {
            return Err(Problem::new(FaultKind::NotADay, "cell_month_unclear"));
        }
        _ => written(raw, is_1904),
    };
    match found.ok_or_else(|| Problem::new(FaultKind::NotADay, "cell_not_a_month"))? {
        Written::Nothing => Ok(None),
        Written::Day(day) | Written::Month(day) => Ok(Some(day.first_of_month())),
    }
}

/// The day as a value, unless it lies before 1900 or, where that cannot be, after the delivery.
pub(super) fn in_range(day: Option<Day>, plan: &CellPlan<'_>) -> Result<Value, Problem> {
    let Some(day) = day else { return Ok(Value::Null) };
    if day.year() < 1900 {
        return Err(Problem::new(FaultKind::DayOutOfRange, "cell_day_too_early"));
    }
    if day > plan.delivery_day && !plan.column.may_be_future {
        let problem = Problem::new(FaultKind::DayOutOfRange, "cell_day_after_delivery");
        return Err(problem.with("day", plan.delivery_day));
    }
    Ok(Value::Day(day))
}

fn not_a_day() -> Problem {
    Problem::new(FaultKind::NotADay, "cell_not_a_day")
}

/// `is_1904`: serial numbers are of the calendar of 1904.
fn written(raw: &RawCell, is_1904: bool) -> Option<Written> {
    match raw {
        RawCell::Empty => Some(Written::Nothing),
        RawCell::Day(day) => Some(Written::Day(*day)),
        RawCell::Moment { day, second } => Some(Written::Day(WrittenMoment { day: *day, second: *second }.day_meant())),
        RawCell::Int(number) => in_text(&number.to_string(), is_1904),
        RawCell::Number(number) => match moment(*number, is_1904) {
            Some(moment) => written(&moment, is_1904),
            None => in_text(&shown_number(*number), is_1904),
        },
        RawCell::Text(text) => in_text(text, is_1904),
        RawCell::Bool(_) | RawCell::Error(_) | RawCell::NoValue => None,
    }
}

/// True when the day that is read is the one after the moment.
pub(super) fn is_moved(raw: &RawCell, is_1904: bool) -> bool {
    match raw {
        RawCell::Moment { day, second } => WrittenMoment { day: *day, second: *second }.is_moved(),
        RawCell::Number(number) => moment(*number, is_1904).is_some_and(|moment| is_moved(&moment, is_1904)),
        RawCell::Text(text) => moment_of(text).flatten().is_some_and(WrittenMoment::is_moved),
        _ => false,
    }
}

/// The moment of a serial number that has a time of day.
fn moment(number: f64, is_1904: bool) -> Option<RawCell> {
    let is_serial = number.fract() != 0.0 && (10_000.0..73_050.0).contains(&number);
    is_serial.then(|| moment_of_serial(number, is_1904)).flatten()
}

fn in_text(written: &str, is_1904: bool) -> Option<Written> {
    let folded = text::fold(written);
    let is_number = matches!(folded.len(), 4 | 5) && folded.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { serial(&folded, is_1904) } else { day_of(written) }
}

fn serial(text: &str, is_1904: bool) -> Option<Written> {
    let serial: u32 = text.parse().ok()?;
    let since_1900 = serial + if is_1904 { YEARS_1904 } else { 0 };
    let is_day = SERIALS.contains(&since_1900) && !YEARS.contains(&serial);
    is_day.then(|| day_of_serial(f64::from(serial), is_1904)).flatten().map(Written::Day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day_of(text: &str) -> Option<String> {
        day(&RawCell::Text(text.to_owned()), false).ok().flatten().map(|day| day.to_string())
    }

    #[test]
    fn days_are_read_in_all_forms_and_only_where_the_calendar_has_them() {
        let cases = [
            ("2024-02-29", Some("2024-02-29")),
            ("2023-02-29", None),
            ("2024.2.9", Some("2024-02-09")),
            ("2024年2月9号", Some("2024-02-09")),
            ("2024 - 2 - 9", Some("2024-02-09")),
            ("2024-2-9 8:05", Some("2024-02-09")),
            ("2024-02-09T08:05:00", Some("2024-02-09")),
            ("20240209080500", Some("2024-02-09")),
            ("20241301", None),
            ("2024-02", None),
            ("2024-2-9-1", None),
            ("2024-2-", None),
            ("24-2-9", None),
            ("1/2/2024", None),
            ("3653", None),
            ("3654", Some("1910-01-01")),
            ("1899", None),
            ("2101", None),
            ("73050", Some("2099-12-31")),
            ("73051", None),
            ("百日", None),
        ];
        for (text, expected) in cases {
            assert_eq!(day_of(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_moment_in_the_last_minute_is_the_next_day_and_counted_in_every_form() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        let text = |text: &str| RawCell::Text(text.to_owned());
        for (raw, expected, moved) in [
            (text("2024-05-06 23:59:17"), "2024-05-07", true),
            (text("2024-05-06T15:59:17Z"), "2024-05-07", true),
            (text("2024-05-06 23:58:59"), "2024-05-06", false),
            (text("2024-05-06T16:00:00Z"), "2024-05-07", false),
            (text("20240506235900"), "2024-05-07", true),
            (RawCell::Moment { day: day("2024-05-06"), second: 86_340 }, "2024-05-07", true),
            (RawCell::Moment { day: day("2024-05-06"), second: 86_339 }, "2024-05-06", false),
            (RawCell::Number(45_418.999_502), "2024-05-07", true),
            (RawCell::Number(45_418.999), "2024-05-06", false),
            (RawCell::Day(day("2024-05-06")), "2024-05-06", false),
        ] {
            let found = super::day(&raw, false).ok().flatten().map(|day| day.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{raw:?}");
            assert_eq!(is_moved(&raw, false), moved, "{raw:?}");
        }
    }

    #[test]
    fn serial_numbers_count_as_spreadsheets_do() {
        for (serial, is_1904, expected) in [
            (1.0, false, Some("1900-01-01")),
            (59.0, false, Some("1900-02-28")),
            (60.0, false, None),
            (61.0, false, Some("1900-03-01")),
            (45_419.99, false, Some("2024-05-07")),
            (43_957.0, true, Some("2024-05-07")),
            (0.5, false, None),
            (f64::NAN, false, None),
        ] {
            let found = day_of_serial(serial, is_1904).map(|day| day.to_string());
            assert_eq!(found.as_deref(), expected, "{serial} {is_1904}");
        }
    }
}
