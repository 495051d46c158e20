//! Units of columns that are not money.

/// Units of other columns; those of one line are the same.
const OTHERS: [&[&str]; 29] = [
    &["亩"],
    &["公顷", "ha"],
    &["平方米", "㎡", "m2", "平米"],
    &["平方公里", "km2"],
    &["人"],
    &["人次"],
    &["户"],
    &["万人"],
    &["万户"],
    &["万亩"],
    &["天", "日"],
    &["月", "个月"],
    &["年"],
    &["岁", "周岁"],
    &["立方米", "m3", "方"],
    &["万立方米", "万方"],
    &["升", "l"],
    &["吨", "t"],
    &["公斤", "千克", "kg"],
    &["斤", "市斤"],
    &["克", "g"],
    &["公里", "千米", "km"],
    &["里"],
    &["米", "m"],
    &["小时"],
    &["分钟"],
    &["度", "千瓦时"],
    &["%", "百分比"],
    &["‰"],
];

pub(super) fn is_other_unit(word: &str) -> bool {
    OTHERS.iter().any(|names| names.contains(&word))
}

/// Which unit it is, whatever it is called; `None` where it is none of these.
pub(super) fn kind_of(unit: &str) -> Option<usize> {
    let unit = unit.strip_prefix("单位:").unwrap_or(unit);
    OTHERS.iter().position(|names| names.contains(&unit))
}
