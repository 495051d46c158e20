//! From what stands in a cell to a value, or to a problem that a person can mend.

mod code;
mod day;
mod files;
mod key;
mod key_numbers;
mod mask;
mod number;
mod person;
mod plan;
mod problem;
pub(crate) mod text;

use crate::Places;
use crate::ground::formula_mark;
use crate::raw::RawCell;
use model::{Class, FaultKind, HouseholdNo, IdentityNumber, Kind, RegionCode, Value};
use problem::{bad_characters, too_long};
use text::cell_text;

pub(crate) use code::CodeTable;
pub(crate) use key_numbers::{KeyNumbers, KeyTexts};
pub(crate) use mask::is_mask;
pub(crate) use plan::{CellPlan, cell_plan};
pub(crate) use problem::Problem;

/// Digits of an identity number of today.
const IDENTITY_DIGITS: usize = 18;

/// Reads one cell. `Null` for cells that are empty or hold a sign for "nothing".
pub(crate) fn read(raw: &RawCell, plan: &CellPlan<'_>) -> Result<Value, Problem> {
    let unmarked = match raw {
        RawCell::Text(text) if plan.has_marks => formula_mark::behind_mark(text),
        _ => None,
    };
    match unmarked {
        Some(text) => read_unmarked(&RawCell::Text(text.to_owned()), plan),
        None => read_unmarked(raw, plan),
    }
}

fn read_unmarked(raw: &RawCell, plan: &CellPlan<'_>) -> Result<Value, Problem> {
    match raw {
        RawCell::Empty => return Ok(Value::Null),
        RawCell::NoValue => return Err(no_value()),
        RawCell::Text(text) if plan.is_exact && is_mask(text, plan.column) => return Ok(Value::Text(text.clone())),
        RawCell::Text(text) if plan.is_exact && is_text(plan) => return exact(text, plan),
        RawCell::Error(error) => return Err(formula_error(error)),
        RawCell::Text(text) if text::is_formula_error(text) => return Err(formula_error(text)),
        _ => {}
    }
    if plan.is_household {
        return household(raw);
    }
    match plan.column.kind {
        Kind::Text | Kind::Reference => free_text(raw, plan),
        Kind::File => files::read(raw),
        Kind::Name => person::name(raw),
        Kind::Code => match &plan.codes {
            Some(codes) if plan.column.many => code::read_many(raw, codes),
            Some(codes) => code::read(raw, codes),
            None => free_text(raw, plan),
        },
        Kind::Int => number::int(raw, plan.column),
        Kind::Decimal => number::decimal(raw, plan.column),
        Kind::Fen => number::money(raw, plan.column, plan.money_tens),
        Kind::Day => day::day(raw, plan.is_1904).and_then(|day| day::in_range(day, plan)),
        Kind::Month => day::month(raw, plan.is_1904).and_then(|day| day::in_range(day, plan)),
        Kind::Bool => truth(raw),
        Kind::Identity => person::identity(raw, plan),
        Kind::Phone => person::phone(raw),
        Kind::Account => person::account(raw),
        Kind::Region => region(raw, plan.places),
    }
}

fn formula_error(seen: &str) -> Problem {
    let shown = seen.trim();
    if text::is_error_name(shown) {
        return Problem::new(FaultKind::FormulaError, "cell_error_value").with("error", text::shortened(shown, 16));
    }
    // Whatever stands there may be anything, and is shown only as the masked content of the cell.
    Problem::new(FaultKind::FormulaError, "cell_error_or_type")
}

fn no_value() -> Problem {
    Problem::new(FaultKind::FormulaError, "cell_without_result")
}

/// True when the day of a cell is the one after its moment: systems that write midnight lose up to a minute on the way.
pub(crate) fn is_moved(raw: &RawCell, plan: &CellPlan<'_>) -> bool {
    matches!(plan.column.kind, Kind::Day | Kind::Month) && day::is_moved(raw, plan.is_1904)
}

fn free_text(raw: &RawCell, plan: &CellPlan<'_>) -> Result<Value, Problem> {
    key::judge(raw, plan)?;
    let written = cell_text(raw)?;
    let tidy = text::tidy(&written).map_err(|_| bad_characters())?;
    if tidy.len() > plan.text_characters_max && tidy.chars().count() > plan.text_characters_max {
        return Err(too_long(plan.text_characters_max));
    }
    if is_somebodys_number(&tidy) && plan.column.effective_class() < Class::Sensitive {
        return Err(somebodys_number());
    }
    let text = if plan.is_key { text::fold_key(&tidy).into_owned() } else { tidy.into_owned() };
    Ok(if text.is_empty() { Value::Null } else { Value::Text(text) })
}

/// True for an identity number, even one with a wrong digit: it has slipped from its own column, which is kept sealed, into one that is
/// not. Numbers of 15 digits are too like others.
fn is_somebodys_number(text: &str) -> bool {
    if text.len() < IDENTITY_DIGITS || !text.starts_with(char::is_numeric) {
        return false;
    }
    let folded = text::fold(text);
    folded.len() >= IDENTITY_DIGITS && IdentityNumber::is_meant(&folded)
}

fn somebodys_number() -> Problem {
    Problem::new(FaultKind::BadText, "cell_identity_number")
}

/// True where any text is a value.
fn is_text(plan: &CellPlan<'_>) -> bool {
    matches!(plan.column.kind, Kind::Text | Kind::Reference) && !plan.is_household
}

/// Free text as it stands; what names a record is folded all the same, and a blank says nothing.
fn exact(text: &str, plan: &CellPlan<'_>) -> Result<Value, Problem> {
    if text::is_blank(text) {
        return Ok(Value::Null);
    }
    if text.chars().count() > plan.text_characters_max {
        return Err(too_long(plan.text_characters_max));
    }
    if text.contains('\u{FFFD}') {
        return Err(bad_characters());
    }
    if plan.is_key {
        key::judge(&RawCell::Text(text.to_owned()), plan)?;
        let folded = text::fold_key(text).into_owned();
        return Ok(if folded.is_empty() { Value::Null } else { Value::Text(folded) });
    }
    Ok(Value::Text(text.to_owned()))
}

fn household(raw: &RawCell) -> Result<Value, Problem> {
    let wrong = || Problem::new(FaultKind::UnknownHousehold, "cell_household_number");
    let written = cell_text(raw).map_err(|_| wrong())?;
    let folded = text::fold(&written);
    if text::is_nothing(&folded) {
        return Ok(Value::Null);
    }
    HouseholdNo::parse(&folded).map(|_| Value::Text(folded.into_owned())).ok_or_else(wrong)
}

fn truth(raw: &RawCell) -> Result<Value, Problem> {
    let number = |number: i64| match number {
        0 => Ok(Value::Bool(false)),
        1 => Ok(Value::Bool(true)),
        _ => Err(not_a_truth()),
    };
    let text = match raw {
        RawCell::Bool(truth) => return Ok(Value::Bool(*truth)),
        RawCell::Int(whole) => return number(*whole),
        RawCell::Number(float) if float.fract() == 0.0 => return number(*float as i64),
        RawCell::Text(text) => text,
        _ => return Err(not_a_truth()),
    };
    let truth = model::written::truth_of(text).map_err(|_| not_a_truth())?;
    Ok(truth.map_or(Value::Null, Value::Bool))
}

fn not_a_truth() -> Problem {
    Problem::new(FaultKind::NotABool, "cell_not_a_truth")
}

fn region(raw: &RawCell, places: &dyn Places) -> Result<Value, Problem> {
    let unknown = |key: &'static str| Problem::new(FaultKind::UnknownRegion, key);
    let written = cell_text(raw).map_err(|_| unknown("cell_region_cut"))?;
    let folded = text::fold(&written);
    if text::is_nothing(&folded) {
        return Ok(Value::Null);
    }
    let code = match folded.parse::<RegionCode>() {
        Ok(code) => Some(code).filter(|code| places.is_division(*code)),
        Err(_) => places.division_named(&folded),
    };
    code.map(|code| Value::Text(code.to_string())).ok_or_else(|| unknown("cell_region_unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_somebody_is_known_in_any_column_and_other_numbers_are_not() {
        for text in
            ["513431199203274053", "513431199203274054", "５１３４３１１９９２０３２７４０５３", "51343119920327405343"]
        {
            assert!(is_somebodys_number(text), "{text}");
        }
        for text in ["513431100205000101", "JS513431199203274053", "513431920327405", "县医院", "91513431MA62H8XQ0K"]
        {
            assert!(!is_somebodys_number(text), "{text}");
        }
    }
}
