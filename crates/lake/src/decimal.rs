//! Decimals as whole units of a scale, which is how Arrow keeps them.

use model::Decimal;

/// `number` in units of ten to the minus `scale`, rounded half away from zero; `None` when it does not fit.
pub fn to_units(number: Decimal, scale: i8) -> Option<i128> {
    let wanted = u32::try_from(scale).ok()?;
    if number.scale() <= wanted {
        return number.mantissa().checked_mul(10_i128.checked_pow(wanted - number.scale())?);
    }
    round_units(number.mantissa(), number.scale() - wanted)
}

/// `units` with the last `digits` digits rounded away, half away from zero.
pub fn round_units(units: i128, digits: u32) -> Option<i128> {
    let unit = 10_i128.checked_pow(digits)?;
    let half = if units < 0 { -(unit / 2) } else { unit / 2 };
    Some(units.checked_add(half)? / unit)
}

/// The decimal of so many units of ten to the minus `scale`, without trailing zeros; `None` when it has too many digits.
pub fn from_units(units: i128, scale: i8) -> Option<Decimal> {
    let (mut units, mut scale) = (units, u32::try_from(scale).ok()?);
    while scale > 0 && units % 10 == 0 {
        units /= 10;
        scale -= 1;
    }
    Decimal::try_from_i128_with_scale(units, scale).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        let cases = [("1.00004", 10000), ("1.00005", 10001), ("-1.00005", -10001), ("-1.00004", -10000), ("7", 70000)];
        for (text, units) in cases {
            let number: Decimal = text.parse().expect("test numbers are well written");
            assert_eq!(to_units(number, 4), Some(units), "{text}");
        }
    }

    #[test]
    fn units_come_back_without_trailing_zeros() {
        for (units, scale, text) in [(12_300, 4, "1.23"), (0, 4, "0"), (-5, 1, "-0.5"), (100, 0, "100")] {
            assert_eq!(from_units(units, scale).map(|number| number.to_string()), Some(text.to_owned()));
        }
    }
}
