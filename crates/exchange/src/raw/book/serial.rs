//! Days of a workbook: serial numbers of its calendar, and days written out.

use crate::raw::RawCell;
use model::Day;
use model::written::{WrittenMoment, moment_of};

const DAY_SECONDS: u32 = 86_400;
/// 1 January 1970 in days after 30 December 1899.
const EPOCH: i32 = 25_569;
/// Days from the beginning of the calendar of 1900 to that of 1904.
pub(crate) const YEARS_1904: u32 = 1_462;

/// The day of a serial number of a spreadsheet; its time of day is left out.
pub(crate) fn day_of_serial(serial: f64, is_1904: bool) -> Option<Day> {
    let first = if is_1904 { 0.0 } else { 1.0 };
    if !(first..2_958_466.0).contains(&serial) {
        return None;
    }
    let days = serial.floor() as i32;
    // The spreadsheets count a 29 February 1900 that never was.
    match (is_1904, days) {
        (true, days) => Day::from_epoch_days(days - EPOCH + YEARS_1904 as i32),
        (false, 60) => None,
        (false, days) if days < 60 => Day::from_epoch_days(days - EPOCH + 1),
        (false, days) => Day::from_epoch_days(days - EPOCH),
    }
}

/// The day of a serial number, or the moment where it has a time of day; to the second, because that is what spreadsheets keep.
pub(crate) fn moment_of_serial(serial: f64, is_1904: bool) -> Option<RawCell> {
    let day = day_of_serial(serial, is_1904)?;
    let second = (serial.fract() * f64::from(DAY_SECONDS)).round() as u32;
    Some(match second {
        0 => RawCell::Day(day),
        DAY_SECONDS.. => RawCell::Day(day.plus_days(1)),
        second => RawCell::Moment { day, second },
    })
}

/// A day as cells of type `d` have it: `2024-05-07`, with a time and an offset or `Z` where there is one. Moments with an offset are
/// moved to China's clock.
pub(super) fn written(text: &str) -> Option<RawCell> {
    match moment_of(text) {
        Some(moment) => moment.map(|WrittenMoment { day, second }| match second {
            0 => RawCell::Day(day),
            DAY_SECONDS.. => RawCell::Day(day.plus_days(1)),
            second => RawCell::Moment { day, second },
        }),
        None => text.trim().parse().ok().map(RawCell::Day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cell: Option<RawCell>) -> Option<String> {
        Some(match cell? {
            RawCell::Day(day) => day.to_string(),
            RawCell::Moment { day, second } => format!("{day} {second}"),
            other => format!("{other:?}"),
        })
    }

    #[test]
    fn serial_numbers_are_moments_to_the_second_in_both_calendars() {
        let cases = [
            (45_419.0, false, Some("2024-05-07")),
            (45_418.999_502_314_81, false, Some("2024-05-06 86357")),
            (45_418.999_999_9, false, Some("2024-05-07")),
            (45_419.000_001, false, Some("2024-05-07")),
            (45_419.5, false, Some("2024-05-07 43200")),
            (43_957.0, true, Some("2024-05-07")),
            (0.0, true, Some("1904-01-01")),
            (0.0, false, None),
            (-1.0, true, None),
            (2_958_466.0, false, None),
            (f64::NAN, false, None),
        ];
        for (serial, is_1904, expected) in cases {
            assert_eq!(shown(moment_of_serial(serial, is_1904)).as_deref(), expected, "{serial} {is_1904}");
        }
    }

    #[test]
    fn written_moments_with_an_offset_are_moved_to_chinas_clock() {
        let cases = [
            ("2024-05-07", Some("2024-05-07")),
            ("2024-05-07T00:00:00", Some("2024-05-07")),
            ("2024-05-07T23:30:00.000", Some("2024-05-07 84600")),
            ("2024-05-06T16:00:00Z", Some("2024-05-07")),
            ("2024-05-06T15:59:59Z", Some("2024-05-06 86399")),
            ("2024-05-07T00:00:00+08:00", Some("2024-05-07")),
            ("2024-05-06T10:30-0530", Some("2024-05-07")),
            ("2024-05-07T24:00:00", Some("2024-05-08")),
            ("2024-05-07T25:00:00", None),
            ("2024-05-07T10", None),
            ("2024-05-07T10:00:00+99:00", None),
            ("2024-02-30", None),
            ("24-05-07", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(written(text)).as_deref(), expected, "{text}");
        }
    }
}
