//! What the notes on headings say, and what the example row shows.

use super::request::Template;
use super::slot::Slot;
use crate::Part;
use crate::write::shown::{BETWEEN, Labels};
use model::Kind;
use policy::declare::Column;

/// Labels of a code list that a note names.
const LABELS_MAX: usize = 12;

/// The note on a heading, in Chinese.
pub(super) fn note(slot: &Slot<'_>, part: &Part, template: &Template<'_>) -> String {
    let column = match slot {
        Slot::Own(column) => column,
        Slot::Level { of, .. } => {
            return format!("选填\n从下拉列表逐级选择；已填“{}”的12位代码时可留空", of.label);
        }
    };
    let mut lines = vec![if column.required { "必填" } else { "选填" }.to_owned()];
    if part.parent_key.contains(&column.name) {
        let parent = template.parts.first().map_or("", |parent| parent.label.as_str());
        lines.push(format!("与“{parent}”表中的同名列一致，据此归到该条记录"));
    }
    if !column.note.is_empty() {
        lines.push(column.note.clone());
    }
    lines.push(expected(column, part, template));
    lines.extend(range(column));
    lines.push(format!("示例：{}", example(slot, template)));
    lines.join("\n")
}

/// What the cells of the column hold.
fn expected(column: &Column, part: &Part, template: &Template<'_>) -> String {
    let unit = |unit: &str| if unit.is_empty() { String::new() } else { format!("，单位：{unit}") };
    match column.kind {
        Kind::Text | Kind::File => "文字".to_owned(),
        Kind::Name => "姓名，少数民族姓名中的“·”照写".to_owned(),
        Kind::Code => coded(column, template),
        Kind::Int => format!("整数{}", unit(&column.unit)),
        Kind::Decimal => format!("数字，可有小数{}", unit(&column.unit)),
        Kind::Fen => "金额，单位：元，最多两位小数".to_owned(),
        Kind::Day => "日期，年-月-日".to_owned(),
        Kind::Month => "年月，年-月".to_owned(),
        Kind::Bool => "从下拉列表选择：是、否".to_owned(),
        Kind::Identity => "证件号码，本列已设为文本，请勿改动格式".to_owned(),
        Kind::Phone => "11位手机号，或带区号的固定电话".to_owned(),
        Kind::Account => "账号，本列已设为文本，请勿改动格式".to_owned(),
        Kind::Region if part.region.as_ref() == Some(&column.name) => {
            "12位行政区划代码；也可留空，从右边各列的下拉列表逐级选择地名".to_owned()
        }
        Kind::Region => "12位行政区划代码".to_owned(),
        Kind::Reference => "所指记录的编号，照原样填写".to_owned(),
    }
}

fn coded(column: &Column, template: &Template<'_>) -> String {
    let Some(labels) = Labels::of_column(column, template.codes) else { return "文字".to_owned() };
    let first: Vec<&str> = labels.all.iter().take(LABELS_MAX).map(|(_, label)| label.as_str()).collect();
    let more = if labels.all.len() > LABELS_MAX { "等" } else { "" };
    let list = format!("{}{more}", first.join(BETWEEN));
    if column.many {
        format!("可填多项，用顿号“、”隔开：{list}")
    } else {
        format!("从下拉列表选择：{list}")
    }
}

fn range(column: &Column) -> Option<String> {
    match (column.min.map(|min| min.normalize()), column.max.map(|max| max.normalize())) {
        (Some(min), Some(max)) => Some(format!("在{min}与{max}之间")),
        (Some(min), None) => Some(format!("不小于{min}")),
        (None, Some(max)) => Some(format!("不大于{max}")),
        (None, None) => None,
    }
}

/// What the example row shows. Numbers of persons are described, so that no made-up one can be somebody's.
pub(super) fn example(slot: &Slot<'_>, template: &Template<'_>) -> String {
    let column = match slot {
        Slot::Own(column) => column,
        Slot::Level { level, .. } => {
            let inside = template.divisions.inside(template.place).find(|place| place.level == *level);
            return inside.map(|place| place.name.clone()).unwrap_or_default();
        }
    };
    let number = column.min.or(column.max).map_or("1".to_owned(), |number| number.normalize().to_string());
    match column.kind {
        Kind::Text | Kind::File => "文字".to_owned(),
        Kind::Name => "张三".to_owned(),
        Kind::Code => coded_example(column, template),
        Kind::Int => number,
        Kind::Decimal if column.min.is_some() || column.max.is_some() => number,
        Kind::Decimal => "1.5".to_owned(),
        Kind::Fen if column.min.is_some() || column.max.is_some() => number,
        Kind::Fen => "1200.50".to_owned(),
        Kind::Day => "2024-05-27".to_owned(),
        Kind::Month => "2024-05".to_owned(),
        Kind::Bool => "是".to_owned(),
        Kind::Identity => "（18位证件号码）".to_owned(),
        Kind::Phone => "（11位手机号）".to_owned(),
        Kind::Account => "（账号全部数字）".to_owned(),
        Kind::Region => template.place.to_string(),
        Kind::Reference => "（所指记录的编号）".to_owned(),
    }
}

fn coded_example(column: &Column, template: &Template<'_>) -> String {
    let Some(labels) = Labels::of_column(column, template.codes) else { return "文字".to_owned() };
    let count = if column.many { 2 } else { 1 };
    let first: Vec<&str> = labels.all.iter().take(count).map(|(_, label)| label.as_str()).collect();
    first.join(BETWEEN)
}
