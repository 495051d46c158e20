//! The functions of the expression language, on plain numbers and days counted from 1970-01-01.
//!
//! Both evaluators call these: `expression::evaluate` for one record, `analysis` in its plans.
//! A result that does not fit is `None`, which expressions see as unknown.

use model::{Day, Decimal};
use rust_decimal::RoundingStrategy;

/// Whole years of age on `on` of someone born on `born_on`; both in days since 1970-01-01.
pub fn age(born_on: i32, on: i32) -> Option<i64> {
    Some(Day::from_epoch_days(born_on)?.age_on(Day::from_epoch_days(on)?))
}

/// Whole months from one day to another, negative when `to` is earlier.
pub fn months_between(from: i32, to: i32) -> Option<i64> {
    Some(Day::from_epoch_days(from)?.months_until(Day::from_epoch_days(to)?))
}

/// Days from one day to another, negative when `to` is earlier.
pub fn days_between(from: i32, to: i32) -> i64 {
    i64::from(to) - i64::from(from)
}

/// The day that lies `days` later; `None` outside the calendar.
pub fn plus_days(day: i32, days: i64) -> Option<i32> {
    let moved = i32::try_from(i64::from(day).checked_add(days)?).ok()?;
    Day::from_epoch_days(moved).map(|_| moved)
}

/// Calendar year.
pub fn year(day: i32) -> Option<i64> {
    Day::from_epoch_days(day).map(|day| i64::from(day.year()))
}

/// Month, 1 to 12.
pub fn month(day: i32) -> Option<i64> {
    Day::from_epoch_days(day).map(|day| i64::from(day.month()))
}

/// Whole division rounded towards minus infinity; `None` when `count` is 0 or the quotient does not fit.
pub fn per(amount: i64, count: i64) -> Option<i64> {
    let quotient = amount.checked_div(count)?;
    let is_rounded_up = amount % count != 0 && (amount < 0) != (count < 0);
    if is_rounded_up { quotient.checked_sub(1) } else { Some(quotient) }
}

/// The decimal rounded half away from zero to a whole number; `None` when it does not fit.
pub fn whole(decimal: Decimal) -> Option<i64> {
    let rounded = decimal.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    i64::try_from(rounded.mantissa().checked_div(10_i128.checked_pow(rounded.scale())?)?).ok()
}
