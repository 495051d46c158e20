//! How headings are spelled.

use crate::cell::text;
use crate::register::place_columns;
use crate::{Mapping, Shape};
use model::{Kind, Level};

/// A heading without what does not matter: width of letters, spaces, line breaks, stars, a colon at the end, capitals.
pub(crate) fn normal(text: &str) -> String {
    let plain =
        text.chars().filter(|letter| !text::is_space(*letter)).map(text::half_width).map(|letter| match letter {
            '【' | '[' | '〔' | '{' => '(',
            '】' | ']' | '〕' | '}' => ')',
            _ => letter,
        });
    let kept = plain.filter(|letter| !matches!(letter, '*' | '"' | '“' | '”' | '\'' | '、')).collect::<String>();
    kept.trim_end_matches([':', ';', '.']).to_lowercase()
}

/// Without one bracketed remark at its end: `金额(元)` is `金额`.
pub(crate) fn without_remark(normal: &str) -> &str {
    remark_at(normal).map_or(normal, |start| &normal[..start])
}

/// The bracketed remark at its end: of `金额(元)` it is `元`.
pub(crate) fn remark(normal: &str) -> Option<&str> {
    remark_at(normal).map(|start| &normal[start + 1..normal.len() - 1])
}

fn remark_at(normal: &str) -> Option<usize> {
    normal.strip_suffix(')').and_then(|rest| rest.rfind('(')).filter(|start| *start > 0)
}

/// Spellings by which the columns of a shape are known.
pub(crate) struct Spellings {
    /// Per column: exact spellings (label first), and the same without a bracketed remark at the end.
    pub(super) exact: Vec<Vec<String>>,
    pub(super) bare: Vec<Vec<String>>,
    /// Per column what a person has said of this file, and of an earlier one.
    pub(super) forced: Vec<Option<String>>,
    pub(super) remembered: Vec<Option<String>>,
    /// Words of the headings above, per column.
    pub(super) groups: Vec<Vec<String>>,
    /// The column names a person.
    pub(super) is_of_person: Vec<bool>,
    pub(super) kinds: Vec<Kind>,
    /// Per column of places: the headings of its names by level, and of its name.
    pub(super) levels: Vec<Vec<(Level, String)>>,
    pub(super) explaining: Vec<String>,
}

impl Spellings {
    /// Every spelling under which the columns of a shape may stand in a file; what a mapping of the deliverer says comes besides.
    pub fn of(shape: &Shape<'_>, mapping: Option<&Mapping>) -> Spellings {
        let exact: Vec<Vec<String>> = shape
            .columns
            .iter()
            .map(|column| {
                let names = [&column.label].into_iter().chain(&column.headings).chain([&column.name, &column.label_en]);
                names.map(|name| normal(name)).filter(|name| !name.is_empty()).collect()
            })
            .collect();
        let bare =
            exact.iter().map(|names| names.iter().map(|name| without_remark(name).to_owned()).collect()).collect();
        let forced = shape.columns.iter().map(|column| mapping?.headings.get(&column.name).cloned()).collect();
        let remembered = shape.columns.iter().map(|column| mapping?.remembered.get(&column.name).cloned()).collect();
        let groups =
            shape.columns.iter().map(|column| column.group.iter().map(|word| normal(word)).collect()).collect();
        let is_place = |column: &&policy::declare::Column| column.kind == Kind::Region;
        let levels = shape.columns.iter().map(|column| {
            let headings = Some(column).filter(is_place).into_iter().flat_map(place_columns::level_headings);
            headings.map(|(level, heading)| (level, normal(&heading))).collect()
        });
        let explaining = shape.columns.iter().filter(is_place).flat_map(|column| {
            let english = [&column.label_en, &column.name].map(|heading| place_columns::name_heading_en(heading));
            [place_columns::name_heading(&column.label)].into_iter().chain(english).map(|heading| normal(&heading))
        });
        Spellings {
            exact,
            bare,
            forced,
            remembered,
            groups,
            is_of_person: shape
                .columns
                .iter()
                .map(|column| matches!(column.kind, Kind::Identity | Kind::Name))
                .collect(),
            kinds: shape.columns.iter().map(|column| column.kind).collect(),
            levels: levels.collect(),
            explaining: explaining.collect(),
        }
    }

    /// The columns that stand beside a column of places: its names by level for each, and those that only explain one.
    pub(super) fn beside(&self, texts: &[String]) -> (Vec<Vec<(Level, usize)>>, Vec<usize>) {
        let normal_texts: Vec<String> = texts.iter().map(|text| normal(text)).collect();
        let place = |heading: &String| normal_texts.iter().position(|text| text == heading);
        let of_levels = |levels: &Vec<(Level, String)>| {
            levels.iter().filter_map(|(level, heading)| place(heading).map(|at| (*level, at))).collect()
        };
        (self.levels.iter().map(of_levels).collect(), self.explaining.iter().filter_map(place).collect())
    }
}
