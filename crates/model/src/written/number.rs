//! Numbers and money, exactly: digits decide, never a floating point comparison.

use super::text::{fold, is_nothing};
use crate::Decimal;

/// A number as digits and decimals: `digits / 10^scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainNumber {
    pub digits: i128,
    pub scale: u32,
}

/// The text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is no number")]
pub struct NotANumber;

/// Digits that a number may have.
const DIGITS_MAX: u32 = 27;

/// The number of a text; `None` for nothing.
///
/// # Errors
/// `NotANumber` for anything else.
pub fn number_of(text: &str) -> Result<Option<PlainNumber>, NotANumber> {
    read(&fold(text))
}

/// The yuan of a text, with or without `¥` and `元`; `None` for nothing.
///
/// # Errors
/// `NotANumber` for anything else.
pub fn money_of(text: &str) -> Result<Option<PlainNumber>, NotANumber> {
    let folded = fold(text);
    let bare = folded.strip_prefix('¥').unwrap_or(&folded);
    let bare = bare.strip_suffix('元').unwrap_or(bare);
    if folded.len() > bare.len() && bare.is_empty() { Err(NotANumber) } else { read(bare) }
}

/// Reads `-1,234.50`, `+12`, `.5` and `(12.00)` (an accountant's minus). Thousands separators must stand where they belong.
fn read(folded: &str) -> Result<Option<PlainNumber>, NotANumber> {
    if is_nothing(folded) {
        return Ok(None);
    }
    let (inner, negative) = match folded.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (inner, true),
        None => match folded.strip_prefix(['-', '−', '－']) {
            Some(inner) => (inner, true),
            None => (folded.strip_prefix('+').unwrap_or(folded), false),
        },
    };
    let (whole, decimals) = inner.split_once('.').unwrap_or((inner, ""));
    if !separators_fit(whole) || (whole.is_empty() && decimals.is_empty()) {
        return Err(NotANumber);
    }
    let mut digits = 0_i128;
    let mut count = 0;
    for byte in whole.bytes().filter(|byte| *byte != b',').chain(decimals.bytes()) {
        if !byte.is_ascii_digit() || count > DIGITS_MAX {
            return Err(NotANumber);
        }
        digits = digits * 10 + i128::from(byte - b'0');
        count += u32::from(digits > 0);
    }
    let scale = u32::try_from(decimals.len()).map_err(|_| NotANumber)?;
    if scale > DIGITS_MAX {
        return Err(NotANumber);
    }
    Ok(Some(PlainNumber { digits: if negative { -digits } else { digits }, scale }))
}

/// True when there are no separators, or every group but the first has three digits.
fn separators_fit(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut has_more = false;
    let rest_fits = groups.all(|group| {
        has_more = true;
        group.len() == 3
    });
    rest_fits && (!has_more || (1..=3).contains(&first.len()))
}

impl PlainNumber {
    /// As a decimal, without zeros behind; `None` where it has too many digits.
    pub fn decimal(self) -> Option<Decimal> {
        Decimal::try_from_i128_with_scale(self.digits, self.scale).ok().map(|decimal| decimal.normalize())
    }

    /// The whole number `self * 10^tens`, where it is whole and fits.
    pub fn times_tens(self, tens: i32) -> Option<i64> {
        let shift = tens - self.scale as i32;
        let power = 10_i128.checked_pow(shift.unsigned_abs())?;
        let whole = match shift {
            0.. => self.digits.checked_mul(power)?,
            _ if self.digits % power == 0 => self.digits / power,
            _ => return None,
        };
        i64::try_from(whole).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_exact_to_the_fen() {
        let cases = [
            ("１，２３４．５０元", Some(123_450)),
            ("¥ 12", Some(1_200)),
            ("0.001", None),
            ("0.010", Some(1)),
            ("12,34", None),
            ("(12.30)", Some(-1_230)),
            ("元", None),
            ("1e3", None),
            // Other money, or money of two kinds.
            ("$601", None),
            ("＄601", None),
            ("$$601", None),
            ("¥$601", None),
            ("¥¥601", None),
            ("US$601", None),
            ("€601", None),
            ("601美元", None),
            ("￥601元", Some(60_100)),
        ];
        for (text, expected) in cases {
            let fen = money_of(text).ok().flatten().and_then(|number| number.times_tens(2));
            assert_eq!(fen, expected, "{text}");
        }
        assert_eq!(number_of("—"), Ok(None));
    }
}
