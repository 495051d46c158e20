//! Names, identity numbers, phones and accounts.

use super::plan::CellPlan;
use super::problem::{Problem, bad_characters, too_long};
use super::text;
use crate::raw::RawCell;
use model::written::{NameFault, account_of, name_of, phone_of};
use model::{FaultKind, IdentityNumber, Value};

/// A person's name: spaces between Chinese characters go, all middle dots become `·`.
pub(super) fn name(raw: &RawCell) -> Result<Value, Problem> {
    let bad = |key: &'static str| Problem::new(FaultKind::BadText, key);
    let RawCell::Text(written) = raw else {
        return Err(bad("cell_name_not_text"));
    };
    match name_of(written) {
        Ok(name) => Ok(name.map_or(Value::Null, Value::Text)),
        Err(NameFault::Characters) => Err(bad_characters()),
        Err(NameFault::Digits) => Err(bad("cell_name_digits")),
        Err(NameFault::Hidden) => Err(bad("cell_name_hidden")),
        Err(NameFault::TooLong(limit)) => Err(too_long(limit)),
    }
}

/// An identity number of 18 characters (15 are lengthened), or a disability certificate of 20 or 22 as it stands.
pub(super) fn identity(raw: &RawCell, plan: &CellPlan<'_>) -> Result<Value, Problem> {
    let written = text::cell_text(raw).map_err(|problem| problem.of_kind(FaultKind::IdentityLength))?;
    let folded = text::fold(&written);
    if text::is_nothing(&folded) {
        return Ok(Value::Null);
    }
    let number = IdentityNumber::parse(&folded).map_err(|fault| Problem::new(fault.kind(), fault.key()))?;
    if number.born_on() > plan.delivery_day {
        return Err(Problem::new(FaultKind::IdentityBirthDay, "identity_in_future"));
    }
    if !plan.places.is_area(number.area()) {
        return Err(Problem::new(FaultKind::IdentityArea, "identity_area"));
    }
    let mut text = number.canonical();
    if number.disability().is_some() {
        let behind = folded.chars().filter(|letter| letter.is_ascii_alphanumeric()).skip(18);
        text.extend(behind.map(|letter| letter.to_ascii_uppercase()));
    }
    Ok(Value::Text(text))
}

/// A mobile number of 11 digits, or a fixed one of 7, 8 or (with its area) 10 to 12.
pub(super) fn phone(raw: &RawCell) -> Result<Value, Problem> {
    let wrong = || Problem::new(FaultKind::NotAPhone, "cell_not_a_phone");
    let written = text::cell_text(raw).map_err(|_| wrong())?;
    phone_of(&written).map(|phone| phone.map_or(Value::Null, Value::Text)).ok_or_else(wrong)
}

/// A bank account of 8 to 32 digits.
pub(super) fn account(raw: &RawCell) -> Result<Value, Problem> {
    let written = text::cell_text(raw)?;
    let wrong = || Problem::new(FaultKind::BadText, "cell_not_an_account");
    account_of(&written).map(|account| account.map_or(Value::Null, Value::Text)).ok_or_else(wrong)
}
