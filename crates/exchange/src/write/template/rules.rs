//! What a spreadsheet checks while a cell is typed.

use super::code_sheet::CodeSheet;
use model::{Decimal, Kind};
use policy::declare::Column;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Formula, XlsxError,
};

/// The rule of a column, where its cells can be checked or chosen.
pub(super) fn of_column(column: &Column, codes: &CodeSheet) -> Result<Option<DataValidation>, XlsxError> {
    Ok(match column.kind {
        Kind::Code if !column.many => {
            let range = column.codes.as_ref().and_then(|name| codes.range(name));
            range.map(list).transpose()?
        }
        Kind::Bool => Some(list(codes.truths())?),
        Kind::Day => Some(days("请填日期，如2024-05-27")?),
        Kind::Month => Some(days("请填年月，如2024-05")?),
        Kind::Int | Kind::Decimal | Kind::Fen => numbers(column)?,
        _ => None,
    })
}

/// A drop-down; what is not in the list is refused.
pub(super) fn list(formula: String) -> Result<DataValidation, XlsxError> {
    DataValidation::new()
        .allow_list_formula(Formula::new(formula))
        .set_error_title("请从列表选择")?
        .set_error_message("此列只能填下拉列表中的内容")
}

fn days(message: &str) -> Result<DataValidation, XlsxError> {
    let (first, last) = (ExcelDateTime::from_ymd(1900, 1, 1)?, ExcelDateTime::from_ymd(2099, 12, 31)?);
    DataValidation::new()
        .allow_date(DataValidationRule::Between(&first, &last))
        .set_error_title("不是日期")?
        .set_error_message(message)
}

/// A warning outside of the declared range, which may be overruled: the import decides.
fn numbers(column: &Column) -> Result<Option<DataValidation>, XlsxError> {
    let number = |bound: Option<Decimal>| bound.and_then(|bound| bound.to_string().parse::<f64>().ok());
    let rule = match (number(column.min), number(column.max)) {
        (Some(min), Some(max)) => DataValidationRule::Between(min, max),
        (Some(min), None) => DataValidationRule::GreaterThanOrEqualTo(min),
        (None, Some(max)) => DataValidationRule::LessThanOrEqualTo(max),
        (None, None) => return Ok(None),
    };
    let rule = DataValidation::new().allow_decimal_number(rule).set_error_style(DataValidationErrorStyle::Warning);
    Ok(Some(rule.set_error_title("请核对数值")?.set_error_message("数值不在通常范围之内，请核对数值和单位")?))
}
