//! Floats as a spreadsheet shows them.

use model::Decimal;
use model::written::PlainNumber;

/// Digits that a number may have.
const DIGITS_MAX: u32 = 27;

/// The number that a spreadsheet shows for a float: 15 significant digits, which is all that its user has ever seen.
pub(crate) fn plain_float(number: f64) -> Option<PlainNumber> {
    if !number.is_finite() || number.abs() >= 1e15 {
        return None;
    }
    if number.fract() == 0.0 {
        return Some(PlainNumber { digits: number as i128, scale: 0 });
    }
    let written = format!("{number:.14e}");
    let (mantissa, exponent) = written.split_once('e')?;
    let mut digits: i128 = mantissa.replace('.', "").parse().ok()?;
    let mut scale = 14 - exponent.parse::<i32>().ok()?;
    while scale > 0 && digits % 10 == 0 {
        digits /= 10;
        scale -= 1;
    }
    let scale = u32::try_from(scale).ok().filter(|scale| *scale <= DIGITS_MAX)?;
    Some(PlainNumber { digits, scale })
}

/// A float as a spreadsheet shows it, in plain digits.
pub(crate) fn shown_number(number: f64) -> String {
    let exact = plain_float(number).and_then(|plain| Decimal::try_from_i128_with_scale(plain.digits, plain.scale).ok());
    exact.map_or_else(|| number.to_string(), |decimal| decimal.normalize().to_string())
}
