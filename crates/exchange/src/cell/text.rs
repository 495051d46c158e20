//! What spreadsheets leave in texts; the cleaning of what people write is in `model::written`.

use super::number;
use super::problem::Problem;
use crate::raw::RawCell;
use model::FaultKind;
pub(crate) use model::written::{fold, fold_key, half_width, is_blank, is_nothing, is_space, tidy};
use std::borrow::Cow;

/// Error values as texts, in the spellings of Excel and WPS.
const ERRORS: [&str; 15] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#DATA!",
    "#FIELD!",
    "#GETTING_DATA",
    "#BLOCKED!",
    "#CONNECT!",
    "#UNKNOWN!",
];

/// True for `#N/A` and its kind, in any case.
pub(crate) fn is_formula_error(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('#') && ERRORS.iter().any(|error| error.eq_ignore_ascii_case(text))
}

/// True for what can be the name of an error value, known or not, and nothing about a person.
pub(crate) fn is_error_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'0' | b'!' | b'?' | b'_');
    text.strip_prefix('#').is_some_and(|name| (1..=16).contains(&name.len()) && name.bytes().all(is_part))
}

/// True for `1.23457E+17`: a long number that a spreadsheet has rounded.
pub(crate) fn is_scientific(text: &str) -> bool {
    let folded = text.trim();
    let Some((mantissa, exponent)) = folded.split_once(['E', 'e']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    exponent.strip_prefix('+').is_some_and(|tens| digits(tens) && tens.len() <= 3)
        && whole.len() == 1
        && digits(whole)
        && digits(decimals)
}

/// At most so many characters, the rest as an ellipsis.
pub(crate) fn shortened(text: &str, characters_max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(characters_max) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The cell as text for a column that is not a number; numbers that a spreadsheet has cut are a problem.
pub(super) fn cell_text<'c>(raw: &'c RawCell) -> Result<Cow<'c, str>, Problem> {
    Ok(match raw {
        RawCell::Empty | RawCell::NoValue => Cow::Borrowed(""),
        RawCell::Text(text) | RawCell::Error(text) => {
            if is_scientific(text) {
                return Err(cut_number());
            }
            Cow::Borrowed(text)
        }
        RawCell::Number(number) => Cow::Owned(number::whole_text(*number).ok_or_else(cut_number)?),
        RawCell::Int(number) => Cow::Owned(number.to_string()),
        RawCell::Bool(truth) => Cow::Borrowed(if *truth { "是" } else { "否" }),
        RawCell::Day(day) | RawCell::Moment { day, .. } => Cow::Owned(day.to_string()),
    })
}

fn cut_number() -> Problem {
    Problem::new(FaultKind::BadText, "cell_number_cut")
}
