//! The units that columns are given in: of money from the heading, or from what stands above the table.

use super::{Headings, normal, remark};
use crate::cell::text;
use crate::note::Notes;
use crate::raw::{RawCell, RawRow};
use crate::{MoneyUnit, NoteKind, Shape};
use model::Kind;

/// Currencies that are not counted in yuan, and words that do not say how much.
const FOREIGN: [&str; 10] = ["美元", "欧元", "日元", "港元", "港币", "澳元", "英镑", "韩元", "外币", "十万元"];
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

/// What a text says of the unit of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Nothing,
    Unit(MoneyUnit),
    /// A currency of elsewhere, or several units at once.
    Unclear,
}

impl Said {
    fn and(self, other: Said) -> Said {
        match (self, other) {
            (Said::Nothing, said) | (said, Said::Nothing) => said,
            (one, other) if one == other => one,
            _ => Said::Unclear,
        }
    }
}

/// The units of a sheet's columns of money.
pub(crate) struct MoneyUnits {
    /// For each declared column its unit, and where it was said.
    of_column: Vec<(MoneyUnit, From)>,
    /// Declared columns whose unit is not clear.
    pub unclear: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Nowhere,
    Heading,
    Above,
    Person,
}

impl MoneyUnits {
    /// The units by the headings, else by the rows above them; `chosen`: what a person has said of columns without a clear one.
    pub fn of(headings: &Headings, rows: &[RawRow], shape: &Shape<'_>, chosen: Option<MoneyUnit>) -> MoneyUnits {
        let above = rows.iter().filter(|row| row.number < headings.row).flat_map(|row| &row.cells);
        let above = above.fold(Said::Nothing, |said, cell| match cell {
            RawCell::Text(text) => said.and(said_above(text)),
            _ => said,
        });
        let mut units = MoneyUnits { of_column: Vec::new(), unclear: Vec::new() };
        for (at, column) in shape.columns.iter().enumerate() {
            let place = headings.of_column[at].filter(|_| column.kind == Kind::Fen);
            let own = place.map_or(Said::Nothing, |place| {
                let groups = headings.groups[place].iter().map(|group| said_by_heading(group));
                let own = said_by_heading(&headings.texts[place]);
                if own == Said::Nothing { groups.fold(Said::Nothing, Said::and) } else { own }
            });
            units.of_column.push(match (place, own, chosen, above) {
                (None, ..) => (MoneyUnit::Yuan, From::Nowhere),
                (_, Said::Unit(unit), ..) => (unit, From::Heading),
                (_, _, Some(unit), _) => (unit, From::Person),
                (_, Said::Nothing, None, Said::Unit(unit)) => (unit, From::Above),
                (_, Said::Nothing, None, Said::Nothing) => (MoneyUnit::Yuan, From::Nowhere),
                _ => {
                    units.unclear.push(at);
                    (MoneyUnit::Yuan, From::Nowhere)
                }
            });
        }
        units
    }

    /// The tens that the units add to yuan.
    pub fn tens(&self) -> Vec<i32> {
        self.of_column.iter().map(|(unit, _)| unit.tens()).collect()
    }

    /// Says which units were taken from where.
    pub fn tell(&self, headings: &Headings, sheet: Option<&str>, notes: &mut Notes) {
        for (from, kind) in [
            (From::Heading, NoteKind::UnitOfHeading as fn(MoneyUnit) -> NoteKind),
            (From::Above, NoteKind::UnitAbove),
            (From::Person, NoteKind::UnitChosen),
        ] {
            for unit in MoneyUnit::ALL.into_iter().filter(|unit| *unit != MoneyUnit::Yuan || from == From::Person) {
                let is_it = |at: &usize| self.of_column[*at] == (unit, from);
                let columns = (0..self.of_column.len()).filter(is_it).filter_map(|at| headings.of_column[at]);
                notes.add_named(kind(unit), sheet, columns.map(|place| headings.name(place)).collect());
            }
        }
    }
}

/// Columns whose heading names another unit than the one that is declared, without being money.
pub(crate) fn other_units(headings: &Headings, shape: &Shape<'_>) -> Vec<String> {
    let differs = |(at, column): (usize, &policy::declare::Column)| {
        let place = headings.of_column[at].filter(|_| matches!(column.kind, Kind::Int | Kind::Decimal))?;
        let label = normal(&column.label);
        let declared = if column.unit.is_empty() { remark(&label)?.to_owned() } else { normal(&column.unit) };
        let heading = normal(&headings.texts[place]);
        let (declared, found) = (kind_of(&declared)?, kind_of(remark(&heading)?)?);
        (declared != found).then(|| headings.name(place))
    };
    shape.columns.iter().enumerate().filter_map(differs).collect()
}

fn kind_of(unit: &str) -> Option<usize> {
    let unit = unit.strip_prefix("单位:").unwrap_or(unit);
    OTHERS.iter().position(|names| names.contains(&unit))
}

fn said_of(word: &str) -> Said {
    let word = word.strip_prefix("人民币").unwrap_or(word);
    let word = word.split('/').next().unwrap_or(word);
    match MoneyUnit::named(word) {
        Some(unit) => Said::Unit(unit),
        None if FOREIGN.contains(&word) => Said::Unclear,
        None => Said::Nothing,
    }
}

/// The unit in a heading of a column of money: in a bracket, or as a word of it.
fn said_by_heading(heading: &str) -> Said {
    let heading: String = heading.chars().filter(|letter| !text::is_space(*letter)).map(text::half_width).collect();
    let heading = heading.replace(['【', '[', '〔'], "(").replace(['】', ']', '〕'], ")");
    let mut said = said_of(&heading);
    for bracket in heading.split('(').skip(1).filter_map(|rest| rest.split(')').next()) {
        let bracket = bracket.rsplit_once(':').map_or(bracket, |(_, entry)| entry);
        // Whoever writes 万 over a column of money means ten thousand yuan.
        let word = |word| if word == "万" { Said::Unit(MoneyUnit::TenThousandYuan) } else { said_of(word) };
        said = bracket.split([',', '、', ';', '或']).map(word).fold(said, Said::and);
    }
    if said != Said::Nothing {
        return said;
    }
    let larger = MoneyUnit::ALL.into_iter().rev().filter(|unit| *unit > MoneyUnit::HundredYuan);
    larger.into_iter().find(|unit| heading.contains(unit.word())).map_or(Said::Nothing, Said::Unit)
}

/// The unit in a text above a table: behind `单位：`, or in a bracket at the end of a title.
fn said_above(written: &str) -> Said {
    let text: String = written.chars().map(text::half_width).collect();
    let is_end = |letter: char| text::is_space(letter) || matches!(letter, ',' | '、' | ';' | ')' | '】' | ']' | '。');
    let mut said = Said::Nothing;
    let mut rest = text.as_str();
    while let Some((_, behind)) = rest.split_once("单位") {
        rest = behind;
        let Some(entry) = behind.trim_start().strip_prefix(':') else { continue };
        // Several units may stand there, those of other columns among them.
        for word in entry.trim_start().split(is_end).take_while(|word| !word.contains(':')) {
            let is_vague = word == "万";
            said = said.and(if is_vague { Said::Unclear } else { said_of(word) });
        }
    }
    let title: String = text.chars().filter(|letter| !text::is_space(*letter)).collect();
    said.and(remark(&title).map_or(Said::Nothing, said_of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_money_are_told_from_other_words() {
        let ten_thousand = Said::Unit(MoneyUnit::TenThousandYuan);
        let yuan = Said::Unit(MoneyUnit::Yuan);
        let above = [
            ("单位：万元", ten_thousand),
            ("金额单位: 千元", Said::Unit(MoneyUnit::ThousandYuan)),
            ("填报单位：某县民政局      单位：万元", ten_thousand),
            ("（单位：人民币元）", yuan),
            ("单位：亩、万元", ten_thousand),
            ("单位：万人、亩", Said::Nothing),
            ("单位：元谋县民政局", Said::Nothing),
            ("填报单位：某局", Said::Nothing),
            ("单位：美元", Said::Unclear),
            ("单位：万", Said::Unclear),
            ("单位：万元、元", Said::Unclear),
            ("受灾情况统计表（万元）", ten_thousand),
            ("受灾情况统计表（试行）", Said::Nothing),
            ("金额以万元计", Said::Nothing),
        ];
        for (text, expected) in above {
            assert_eq!(said_above(text), expected, "{text}");
        }
        let headings = [
            ("原值（万元）", ten_thousand),
            ("原值(元)", yuan),
            ("原值【千元】", Said::Unit(MoneyUnit::ThousandYuan)),
            ("补助标准（元/月）", yuan),
            ("投资（万元/年）", ten_thousand),
            ("投资万元", ten_thousand),
            ("投资（百万元）", Said::Unit(MoneyUnit::MillionYuan)),
            ("投资（万）", ten_thousand),
            ("费用（分）", Said::Unit(MoneyUnit::Fen)),
            ("费用（单位：千元）", Said::Unit(MoneyUnit::ThousandYuan)),
            ("费用（元、万元）", Said::Unclear),
            ("费用（美元）", Said::Unclear),
            ("费用（必填）", Said::Nothing),
            ("百元店补助", Said::Nothing),
            ("费用", Said::Nothing),
        ];
        for (text, expected) in headings {
            assert_eq!(said_by_heading(text), expected, "{text}");
        }
    }
}
