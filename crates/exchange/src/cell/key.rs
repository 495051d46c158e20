//! What spreadsheets make of keys: days, and numbers without the zeros before them.

use super::plan::CellPlan;
use super::problem::Problem;
use crate::ground::shown_number::shown_number;
use crate::raw::RawCell;
use model::FaultKind;
use model::written::{WrittenDay, day_of, fold, is_spreadsheet_day};

/// Refuses a cell that is no text any more: a day anywhere, a number or a text made of a day where it names a record.
pub(super) fn judge(raw: &RawCell, plan: &CellPlan<'_>) -> Result<(), Problem> {
    let is_sure = |digits: &str| {
        let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
        is_whole && !plan.numbers.texts().may_lack_zeros(digits.len())
    };
    match raw {
        RawCell::Day(_) | RawCell::Moment { .. } => Err(a_day()),
        RawCell::Text(text) if plan.is_key && is_spreadsheet_day(text) => Err(a_day()),
        // An export of ours says what its records are called.
        RawCell::Text(text) if plan.is_key && !plan.is_exact && is_plain_day(text) => Err(a_day()),
        RawCell::Text(text) if plan.is_key && !plan.is_exact && is_cut_number(text) => Err(a_number()),
        RawCell::Number(number) if plan.is_key && !is_sure(&shown_number(*number)) => Err(a_number()),
        RawCell::Int(number) if plan.is_key && !is_sure(&number.to_string()) => Err(a_number()),
        _ => Ok(()),
    }
}

/// True for `2024-05-01`, as which a spreadsheet saves a day; digits alone are a number of some length.
fn is_plain_day(text: &str) -> bool {
    let folded = fold(text);
    let is_whole = folded.bytes().filter(|byte| *byte == b'-').count() == 2;
    is_whole && matches!(day_of(&folded), Some(WrittenDay::Day(_)))
}

/// True for a number that a spreadsheet or a program wrote as such: `45413.0`, `1.2e17`, `9.15134E+17`. An exponent without a point
/// or a sign (`12E5`) may be a code.
fn is_cut_number(text: &str) -> bool {
    let folded = fold(text);
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = folded.split_once(['e', 'E']).map_or((&*folded, None), |(one, ten)| (one, Some(ten)));
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, decimals) = mantissa.split_once('.').map_or((mantissa, None), |(whole, rest)| (whole, Some(rest)));
    let tens = exponent.map(|tens| tens.strip_prefix(['+', '-']).unwrap_or(tens));
    let is_signed = exponent.is_some_and(|exponent| exponent.starts_with(['+', '-']));
    let is_number = is_digits(whole) && decimals.is_none_or(is_digits) && tens.is_none_or(is_digits);
    is_number && (decimals.is_some() || is_signed)
}

fn a_day() -> Problem {
    Problem::new(FaultKind::BadText, "cell_key_is_day")
}

fn a_number() -> Problem {
    Problem::new(FaultKind::BadText, "cell_key_is_number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_numbers_that_a_program_wrote_are_no_codes() {
        for text in ["2024-05-01", "2024-5-1", "２０２４-05-01", "'2024-05-01"] {
            assert!(is_plain_day(text), "{text}");
        }
        for text in ["20240501", "2024-05", "2024-13-01", "A2024-05-01", "2024-05-01-3", "3-1", "1-2-3", ""] {
            assert!(!is_plain_day(text), "{text}");
        }
        for text in ["45413.0", "1.2e17", "9.15134E+17", "1E+17", "1e-5", "-1.5", "１．２"] {
            assert!(is_cut_number(text), "{text}");
        }
        for text in ["45413", "12E5", "12e5", "1.2.3", "A.1", "1.", ".5", "1.2版", "E5", "-5", ""] {
            assert!(!is_cut_number(text), "{text}");
        }
    }
}
