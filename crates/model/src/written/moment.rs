//! Moments that people and programs write: a day with a time of day, by China's clock or with an offset.

use super::bare_day::{WrittenDay, bare_day};
use super::text::half_width;
use crate::Day;

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;
/// China's clock is so far ahead of UTC.
const CHINA_OFFSET_SECONDS: i64 = 8 * 3_600;
/// Second of the day from which on a moment is read as the next day.
const LAST_MINUTE: u32 = 86_340;

/// Of a day with a time, `2021-5-7 8:05`, at least.
const SHORTEST_BYTES: usize = 13;

/// Words before or behind a time of day, and what they make of its hour.
const HALVES: [(&str, Half); 12] = [
    ("上午", Half::Morning),
    ("凌晨", Half::Morning),
    ("早上", Half::Morning),
    ("早晨", Half::Morning),
    ("中午", Half::Noon),
    ("下午", Half::Afternoon),
    ("傍晚", Half::Afternoon),
    ("晚上", Half::Evening),
    ("am", Half::Morning),
    ("a.m.", Half::Morning),
    ("pm", Half::Afternoon),
    ("p.m.", Half::Afternoon),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Noon,
    Afternoon,
    Evening,
}

/// A moment by China's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenMoment {
    pub day: Day,
    /// Of the day; 86,400 for the 24:00 at its end.
    pub second: u32,
}

impl WrittenMoment {
    /// The moment so many seconds after 1 January 1970, 00:00 UTC.
    pub fn of_utc_seconds(seconds: i64) -> Option<WrittenMoment> {
        WrittenMoment::of_clock_seconds(seconds.checked_add(CHINA_OFFSET_SECONDS)?)
    }

    /// The moment so many seconds after 1 January 1970, 00:00, both by China's clock.
    pub fn of_clock_seconds(seconds: i64) -> Option<WrittenMoment> {
        let day = Day::from_epoch_days(i32::try_from(seconds.div_euclid(DAY_SECONDS)).ok()?)?;
        Some(WrittenMoment { day, second: u32::try_from(seconds.rem_euclid(DAY_SECONDS)).ok()? })
    }

    /// The day that is meant. Systems that write midnight lose up to a minute on the way: the last minute is the next day.
    pub fn day_meant(self) -> Day {
        self.day.plus_days(i64::from(self.is_moved()))
    }

    /// True when the day that is meant is the one after the moment.
    pub fn is_moved(self) -> bool {
        self.second >= LAST_MINUTE
    }
}

/// The moment of a text that has a time of day: `2021-05-27 08:30:00`, `2021年5月27日下午3时5分`, `20210527083000`,
/// `2021-05-27T00:00:00Z` and other offsets, which are moved to China's clock. The outer `None` where the text has no time, the inner
/// one where the calendar, the clock or the offset is impossible.
pub fn moment_of(written: &str) -> Option<Option<WrittenMoment>> {
    if !has_time(written) {
        return None;
    }
    let plain: String = written.trim().chars().map(half_width).collect::<String>().to_lowercase();
    Some(compact(&plain).or_else(|| spelled(&plain)))
}

/// True where a time may stand, seen from its marks alone.
fn has_time(written: &str) -> bool {
    if written.len() < SHORTEST_BYTES {
        return false;
    }
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    written.contains([':', '：', '时', '点']) || digits >= 12 || (!written.is_ascii() && is_long(written))
}

/// Full-width digits are digits, too.
fn is_long(written: &str) -> bool {
    written.chars().filter(|letter| half_width(*letter).is_ascii_digit()).count() >= 12
}

/// `20210527083000`, `20210527T083000Z`, `20210527 0830`.
fn compact(plain: &str) -> Option<WrittenMoment> {
    let day = plain.get(..8).filter(|day| day.bytes().all(|byte| byte.is_ascii_digit()))?;
    let rest = plain.get(8..)?;
    let behind = rest.strip_prefix(['t', ' ']).unwrap_or(rest);
    let is_set_off = behind.len() < rest.len();
    let (clock, rest) = behind.split_at(behind.bytes().take_while(u8::is_ascii_digit).count());
    if !(clock.len() == 6 || (clock.len() == 4 && is_set_off)) {
        return None;
    }
    let part = |from: usize| clock.get(from..from + 2).map_or(Some(0), |digits| digits.parse::<u32>().ok());
    let second = second_of(part(0)?, part(2)?, part(4)?, None)?;
    finish(day, second, without_fraction(rest)?, true)
}

/// A day, perhaps a word for the half of the day, and a time with marks between its parts.
fn spelled(plain: &str) -> Option<WrittenMoment> {
    let mark = plain.find([':', '时', '点'])?;
    let before = plain[..mark].trim_end();
    let hour_at = before.len() - before.bytes().rev().take_while(u8::is_ascii_digit).count();
    let hour = number(&before[hour_at..])?;
    let (day, half_before) = take_half(plain[..hour_at].trim_end(), |text, word| text.strip_suffix(word));
    let set_off = day.strip_suffix('t').unwrap_or(day);
    let is_set_off = half_before.is_some() || set_off.len() < hour_at || set_off.ends_with(['日', '号']);
    if !is_set_off {
        return None;
    }
    let (minute, seconds, rest) = minute_and_second(&plain[mark..])?;
    let (rest, half_behind) = take_half(rest.trim_start(), |text, word| text.strip_prefix(word));
    let half = match (half_before, half_behind) {
        (Some(_), Some(_)) => return None,
        (one, other) => one.or(other),
    };
    let second = second_of(hour, minute, seconds.unwrap_or(0), half)?;
    // 09:00-11:00 is rather a time from and to than one with an offset.
    let is_exact = seconds.is_some() || set_off.len() < day.len();
    finish(set_off.trim_end(), second, rest, is_exact)
}

/// The minutes and seconds behind the hour, with what follows them.
fn minute_and_second(text: &str) -> Option<(u32, Option<u32>, &str)> {
    let part = |text: &'_ str| {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        number(&text[..digits]).map(|value| (value, digits))
    };
    let is_spoken = !text.starts_with(':');
    let behind_hour = text.strip_prefix([':', '时', '点'])?.trim_start();
    let Some((minute, digits)) = part(behind_hour) else {
        // 8时, 8点整
        return is_spoken.then(|| (0, None, behind_hour.strip_prefix('整').unwrap_or(behind_hour)));
    };
    let rest = behind_hour[digits..].trim_start();
    let behind_minute = rest.strip_prefix([':', '分']);
    let Some((behind_minute, (second, digits))) = behind_minute.and_then(|text| Some((text, part(text.trim_start())?)))
    else {
        return Some((minute, None, behind_minute.filter(|_| rest.starts_with('分')).unwrap_or(rest)));
    };
    let rest = without_fraction(&behind_minute.trim_start()[digits..])?;
    Some((minute, Some(second), rest.strip_prefix('秒').unwrap_or(rest)))
}

/// What follows the fraction of a second.
fn without_fraction(text: &str) -> Option<&str> {
    let Some(fraction) = text.strip_prefix(['.', ',']) else { return Some(text) };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    (1..=9).contains(&digits).then(|| &fraction[digits..])
}

fn take_half<'t>(text: &'t str, strip: impl Fn(&'t str, &str) -> Option<&'t str>) -> (&'t str, Option<Half>) {
    let found = HALVES.iter().find_map(|(word, half)| strip(text, word).map(|rest| (rest, Some(*half))));
    found.unwrap_or((text, None))
}

/// The second of the day; `None` where no clock shows it.
fn second_of(hour: u32, minute: u32, second: u32, half: Option<Half>) -> Option<u32> {
    let hour = match (half, hour) {
        (None, hour) => hour,
        (Some(Half::Morning), 12) => 0,
        (Some(Half::Morning), hour @ 0..=11) => hour,
        (Some(Half::Noon), hour @ 11..=13) => hour,
        (Some(Half::Noon), hour @ 1..=2) => hour + 12,
        (Some(Half::Afternoon), 12) => 12,
        (Some(Half::Afternoon | Half::Evening), hour @ 0..=11) => hour + 12,
        (Some(Half::Afternoon | Half::Evening), hour @ 13..=23) => hour,
        // Which midnight is 晚上12点?
        _ => return None,
    };
    let is_last = hour == 24 && minute == 0 && second == 0;
    let is_leap = (hour, minute, second) == (23, 59, 60);
    let is_shown = hour < 24 && minute < 60 && second < 60;
    (is_last || is_leap || is_shown).then_some(hour * 3_600 + minute * 60 + second)
}

/// The moment of a written day, a second of it and what follows: nothing, or an offset. `is_exact`: the time is written as programs do, so
/// that a sign behind it begins an offset.
fn finish(day: &str, second: u32, rest: &str, is_exact: bool) -> Option<WrittenMoment> {
    let WrittenDay::Day(day) = bare_day(day)? else { return None };
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(WrittenMoment { day, second });
    }
    let offset_seconds = offset_of(rest, is_exact)?;
    let seconds = i64::from(day.epoch_days()) * DAY_SECONDS + i64::from(second) - offset_seconds;
    WrittenMoment::of_utc_seconds(seconds)
}

/// Seconds that an offset is ahead of UTC: `z`, `utc`, `gmt`, `+08:00`, `-0500`, `+08`; a name of a zone behind it is left out.
fn offset_of(text: &str, is_exact: bool) -> Option<i64> {
    let bare = ["utc", "gmt", "z"].into_iter().find_map(|zone| text.strip_prefix(zone));
    let text = bare.unwrap_or(text).trim_start();
    if text.is_empty() {
        return bare.map(|_| 0);
    }
    let (sign, behind) = match (text.strip_prefix('+'), text.strip_prefix(['-', '−'])) {
        (Some(behind), _) => (1, behind),
        (_, Some(behind)) if is_exact || bare.is_some() => (-1, behind),
        _ => return None,
    };
    let end = behind.find(|letter: char| !letter.is_ascii_digit() && letter != ':').unwrap_or(behind.len());
    let (digits, zone) = behind.split_at(end);
    let (hour, minute) = match (digits.split_once(':'), digits.len()) {
        (Some((hour, minute)), _) if minute.len() == 2 => (hour, minute),
        (None, 4) => digits.split_at(2),
        (None, 1 | 2) => (digits, "0"),
        _ => return None,
    };
    let zone = zone.trim();
    let is_zone = zone.is_empty() || zone == "cst" || (zone.starts_with('[') && zone.ends_with(']'));
    let (hour, minute) = (number(hour)?, number(minute)?);
    (is_zone && hour <= 14 && minute < 60).then_some(sign * i64::from(hour * 3_600 + minute * 60))
}

/// One or two digits.
fn number(digits: &str) -> Option<u32> {
    let is_number = matches!(digits.len(), 1 | 2) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let found = moment_of(text).unwrap_or_else(|| panic!("{text} has a time"));
        let shown = found.map(|moment| {
            let (minute, second) = (moment.second / 60, moment.second % 60);
            format!("{} {:02}:{:02}:{second:02}", moment.day, minute / 60, minute % 60)
        });
        assert_eq!(shown.as_deref(), expected, "{text}");
    }

    #[test]
    fn offsets_are_moved_to_chinas_clock() {
        for (text, expected) in [
            ("2024-05-06T16:00:00Z", Some("2024-05-07 00:00:00")),
            ("2024-05-06T15:59:59Z", Some("2024-05-06 23:59:59")),
            ("2024-05-06T16:00:00.000Z", Some("2024-05-07 00:00:00")),
            ("2024-05-06t16:00z", Some("2024-05-07 00:00:00")),
            ("2024-05-07T00:00:00+09:00", Some("2024-05-06 23:00:00")),
            ("2024-05-07T00:00:00+0800", Some("2024-05-07 00:00:00")),
            ("2024-05-06T11:00:00-05", Some("2024-05-07 00:00:00")),
            ("2024-05-06 11:00:00 -05:00", Some("2024-05-07 00:00:00")),
            ("2024-05-07 00:00:00 +0800 CST", Some("2024-05-07 00:00:00")),
            ("2024-05-07T00:00+08:00[Asia/Shanghai]", Some("2024-05-07 00:00:00")),
            ("2024/5/6 16:00:00 UTC", Some("2024-05-07 00:00:00")),
            ("２０２４-０５-０６Ｔ１６：００：００Ｚ", Some("2024-05-07 00:00:00")),
            ("20240506T160000Z", Some("2024-05-07 00:00:00")),
            ("2023-12-31T16:00:00Z", Some("2024-01-01 00:00:00")),
            ("2024-05-07T00:00:00+14:00", Some("2024-05-06 18:00:00")),
            ("2024-05-07T00:00:00+15:00", None),
            ("2024-05-07T00:00:00+08:60", None),
            ("2024-05-07T00:00:00+8:0", None),
            ("2024-05-07 00:00:00 CST", None),
            ("2024-05-07 00:00:00 PST", None),
            ("2024-05-07 09:00-11:00", None),
            ("2024-05-07 09:00:00-11:00:00", None),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn clocks_of_twelve_and_of_twenty_four_hours_are_read_and_impossible_ones_are_not() {
        for (text, expected) in [
            ("2024-5-7 8:05", Some("2024-05-07 08:05:00")),
            ("2024年5月7日8时5分6秒", Some("2024-05-07 08:05:06")),
            ("2024年5月7日 8点", Some("2024-05-07 08:00:00")),
            ("2024 - 5 - 7 8:05", Some("2024-05-07 08:05:00")),
            ("2024/5/7 下午3:05:06", Some("2024-05-07 15:05:06")),
            ("2024年5月7日下午15:30", Some("2024-05-07 15:30:00")),
            ("2024-05-07 上午 12:30", Some("2024-05-07 00:30:00")),
            ("2024-05-07 12:30 PM", Some("2024-05-07 12:30:00")),
            ("2024-05-07 12:30:00AM", Some("2024-05-07 00:30:00")),
            ("2024-05-07 11:59:30 p.m.", Some("2024-05-07 23:59:30")),
            ("2024-05-07 13:00 AM", None),
            ("2024-05-07 晚上12:00", None),
            ("2024-05-07 上午8:00 PM", None),
            ("20240507083000", Some("2024-05-07 08:30:00")),
            ("20240507 083000.123", Some("2024-05-07 08:30:00")),
            ("20240507 0830", Some("2024-05-07 08:30:00")),
            ("20240507253000", None),
            ("1715011200000", None),
            ("2024-05-07 24:00:00", Some("2024-05-07 24:00:00")),
            ("2024-05-07 24:00:01", None),
            ("2024-05-07 23:59:60", Some("2024-05-07 24:00:00")),
            ("2024-05-07 23:58:60", None),
            ("2024-05-07 25:61", None),
            ("2024-05-07 08:60", None),
            ("2024-05-0708:30", None),
            ("2024-05-07 08:30:00 左右", None),
            ("2024-02-30 08:30", None),
            ("2024-05 08:30", None),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn the_last_minute_of_a_day_means_the_next_one() {
        for (text, day) in [
            ("2024-05-06 23:58:59", "2024-05-06"),
            ("2024-05-06 23:59:00", "2024-05-07"),
            ("2024-05-06T15:59:17Z", "2024-05-07"),
            ("2024-05-06T15:58:59Z", "2024-05-06"),
            ("2024-12-31 24:00:00", "2025-01-01"),
        ] {
            let moment = moment_of(text).flatten().expect("is a moment");
            assert_eq!(moment.day_meant().to_string(), day, "{text}");
        }
    }

    #[test]
    fn texts_without_a_time_have_no_moment() {
        for text in [
            "2024-05-07",
            "20240507",
            "2024年5月7日",
            "2024 - 5 - 7",
            "",
            "百日",
            "8:30",
            "202405070830",
            "2024-5-78:05",
        ] {
            assert_eq!(moment_of(text), None, "{text}");
        }
    }
}
