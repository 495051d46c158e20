//! Names, identity numbers, phones and accounts.

use super::plan::CellPlan;
use super::problem::{Problem, bad_characters, too_long};
use super::text;
use crate::raw::RawCell;
use model::written::{NameFault, account_of, name_of, phone_of};
use model::{FaultKind, IdentityNumber, Value};

/// A person's name: spaces between Chinese characters go, all middle dots become `·`.
pub(super) fn name(raw: &RawCell) -> Result<Value, Problem> {
    let bad = |what: &'static str, hint: &'static str| Problem::new(FaultKind::BadText, what, hint);
    let RawCell::Text(written) = raw else {
        return Err(bad("姓名不应是数字或日期", "请核对是否与相邻列错位"));
    };
    match name_of(written) {
        Ok(name) => Ok(name.map_or(Value::Null, Value::Text)),
        Err(NameFault::Characters) => Err(bad_characters()),
        Err(NameFault::Digits) => Err(bad("姓名中有数字", "请核对是否与证件号码等列错位")),
        Err(NameFault::Hidden) => {
            Err(bad("姓名不完整（被脱敏，或生僻字未能显示）", "请填写完整姓名；生僻字请用支持GB 18030的输入法录入"))
        }
        Err(NameFault::TooLong(limit)) => Err(too_long(limit)),
    }
}

/// An identity number of 18 characters (15 are lengthened), or a disability certificate of 20 or 22 as it stands.
pub(super) fn identity(raw: &RawCell, plan: &CellPlan<'_>) -> Result<Value, Problem> {
    let written = text::cell_text(raw).map_err(|problem| Problem { kind: FaultKind::IdentityLength, ..problem })?;
    let folded = text::fold(&written);
    if text::is_nothing(&folded) {
        return Ok(Value::Null);
    }
    let number =
        IdentityNumber::parse(&folded).map_err(|fault| Problem::new(fault.kind(), fault.what(), fault.hint()))?;
    if number.born_on() > plan.delivery_day {
        return Err(Problem::new(
            FaultKind::IdentityBirthDay,
            "证件号码中的出生日期晚于本次数据的截止日",
            "请对照证件核对第7至14位",
        ));
    }
    if !plan.places.is_area(number.area()) {
        return Err(Problem::new(
            FaultKind::IdentityArea,
            "证件号码前6位不是曾经使用过的行政区划代码",
            "请对照证件核对前6位",
        ));
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
    let wrong = || Problem::new(FaultKind::NotAPhone, "不是有效的电话号码", "请填一个11位手机号，或带区号的固定电话");
    let written = text::cell_text(raw).map_err(|_| wrong())?;
    phone_of(&written).map(|phone| phone.map_or(Value::Null, Value::Text)).ok_or_else(wrong)
}

/// A bank account of 8 to 32 digits.
pub(super) fn account(raw: &RawCell) -> Result<Value, Problem> {
    let written = text::cell_text(raw)?;
    let wrong = || Problem::new(FaultKind::BadText, "不是有效的账号", "请填8至32位数字的账号，该列应设为文本格式");
    account_of(&written).map(|account| account.map_or(Value::Null, Value::Text)).ok_or_else(wrong)
}
