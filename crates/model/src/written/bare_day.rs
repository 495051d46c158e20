//! Days and months without a time.

use super::text::{fold, half_width, is_nothing};
use crate::Day;

/// What a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrittenDay {
    Day(Day),
    /// Only a month; its first day.
    Month(Day),
    Nothing,
}

/// The day or month of a text without a time; `None` where the calendar has no such day.
pub(super) fn bare_day(written: &str) -> Option<WrittenDay> {
    let folded = fold(written);
    if is_nothing(&folded) {
        return Some(WrittenDay::Nothing);
    }
    if has_split_digits(written.trim()) {
        return None;
    }
    if folded.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits(&folded);
    }
    let mut parts = folded.split(['-', '/', '.', '年', '月', '日', '号', '—', '–']);
    let year = number(parts.next()?, 4..=4)?;
    let month = number(parts.next()?, 1..=2)?;
    let day = parts.next().unwrap_or_default();
    let has_more = parts.any(|part| !part.is_empty());
    match day {
        _ if has_more => None,
        "" => Day::new(year, month.try_into().ok()?, 1).map(WrittenDay::Month),
        day => Day::new(year, month.try_into().ok()?, number(day, 1..=2)?.try_into().ok()?).map(WrittenDay::Day),
    }
}

/// True for `2021-5-1 2`, which is not the 12th: a space stands between two digits.
fn has_split_digits(text: &str) -> bool {
    let mut behind_digit = false;
    let mut behind_space = false;
    text.chars().map(half_width).any(|letter| {
        let is_digit = letter.is_ascii_digit();
        let is_split = is_digit && behind_digit && behind_space;
        behind_space = letter.is_whitespace();
        behind_digit = is_digit || (behind_digit && behind_space);
        is_split
    })
}

/// `20210527` or `202105`.
fn digits(text: &str) -> Option<WrittenDay> {
    let part = |from: usize, to: usize| text[from..to].parse::<u32>().ok();
    match text.len() {
        8 => Day::new(part(0, 4)?.try_into().ok()?, part(4, 6)?, part(6, 8)?).map(WrittenDay::Day),
        6 => Day::new(part(0, 4)?.try_into().ok()?, part(4, 6)?, 1).map(WrittenDay::Month),
        _ => None,
    }
}

/// A number of so many digits.
pub(super) fn number(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<i32> {
    let is_number = lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}
