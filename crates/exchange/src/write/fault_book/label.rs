//! Short names of the kinds of faults, for people.

use model::FaultKind;

/// The kind in two to eight Chinese characters.
pub fn fault_label(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Missing => "必填项为空",
        FaultKind::NotANumber => "不是数字",
        FaultKind::NotMoney => "金额有误",
        FaultKind::NotADay => "日期无效",
        FaultKind::DayOutOfRange => "日期超出范围",
        FaultKind::OutOfRange => "数值超出范围",
        FaultKind::UnknownCode => "代码无法识别",
        FaultKind::NotABool => "应填是或否",
        FaultKind::IdentityLength => "证件号码长度或字符有误",
        FaultKind::IdentityCheckDigit => "证件号码校验位不符",
        FaultKind::IdentityBirthDay => "证件号码出生日期有误",
        FaultKind::IdentityArea => "证件号码地区码有误",
        FaultKind::DisabilityDigits => "残疾类别或等级有误",
        FaultKind::NotAPhone => "电话号码有误",
        FaultKind::UnknownRegion => "行政区划代码有误",
        FaultKind::TooLong => "内容过长",
        FaultKind::BadText => "文字有误",
        FaultKind::FormulaError => "公式错误",
        FaultKind::DuplicateKey => "重复且内容不同",
        FaultKind::DuplicateRow => "重复行",
        FaultKind::CellCount => "错列",
        FaultKind::CheckFailed => "前后矛盾",
        FaultKind::SwappedCells => "两列互换",
        FaultKind::NotData => "非数据行",
        FaultKind::UnknownHousehold => "户编号有误",
    }
}
