//! What a spreadsheet checks while a cell is typed.

use super::code_sheet::CodeSheet;
use model::{Decimal, Kind};
use policy::declare::Column;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Formula, XlsxError,
};
use words::Language;

/// The rule of a column, where its cells can be checked or chosen.
pub(super) fn of_column(
    column: &Column,
    codes: &CodeSheet,
    language: Language,
) -> Result<Option<DataValidation>, XlsxError> {
    Ok(match column.kind {
        Kind::Code if !column.many => {
            let range = column.codes.as_ref().and_then(|name| codes.range(name));
            range.map(|range| list(range, language)).transpose()?
        }
        Kind::Bool => Some(list(codes.truths(), language)?),
        Kind::Day => Some(days("typing_day", language)?),
        Kind::Month => Some(days("typing_month", language)?),
        Kind::Int | Kind::Decimal | Kind::Fen => numbers(column, language)?,
        _ => None,
    })
}

/// A drop-down; what is not in the list is refused.
pub(super) fn list(formula: String, language: Language) -> Result<DataValidation, XlsxError> {
    DataValidation::new()
        .allow_list_formula(Formula::new(formula))
        .set_error_title(language.say("typing_not_in_list_title"))?
        .set_error_message(language.say("typing_not_in_list"))
}

fn days(message: &str, language: Language) -> Result<DataValidation, XlsxError> {
    let (first, last) = (ExcelDateTime::from_ymd(1900, 1, 1)?, ExcelDateTime::from_ymd(2099, 12, 31)?);
    DataValidation::new()
        .allow_date(DataValidationRule::Between(&first, &last))
        .set_error_title(language.say("typing_not_a_day_title"))?
        .set_error_message(language.say(message))
}

/// A warning outside of the declared range, which may be overruled: the import decides.
fn numbers(column: &Column, language: Language) -> Result<Option<DataValidation>, XlsxError> {
    let number = |bound: Option<Decimal>| bound.and_then(|bound| bound.to_string().parse::<f64>().ok());
    let rule = match (number(column.min), number(column.max)) {
        (Some(min), Some(max)) => DataValidationRule::Between(min, max),
        (Some(min), None) => DataValidationRule::GreaterThanOrEqualTo(min),
        (None, Some(max)) => DataValidationRule::LessThanOrEqualTo(max),
        (None, None) => return Ok(None),
    };
    let rule = DataValidation::new().allow_decimal_number(rule).set_error_style(DataValidationErrorStyle::Warning);
    let rule = rule.set_error_title(language.say("typing_number_title"))?;
    Ok(Some(rule.set_error_message(language.say("typing_number"))?))
}
