//! Where the rows of a table stand: notes above the headings, blank rows, totals and notes below, several sheets.

use crate::file::{Line, Sheet};
use crate::random::Random;
use crate::table::Table;
use model::Kind;
use std::ops::Range;

const ABOVE: [&str; 5] =
    ["清溪县2024年发放花名册", "填报单位：清溪县有关部门", "（内部资料）", "导出时间 2024-06-30 08:00", "第1页"];
const BELOW: [&str; 3] = ["填表人：张经办", "制表时间：2024年6月30日", "说明：本表一式两份"];

/// The sheets of a file. `is_bare`: nothing but headings and rows. `several`: two sheets may share the rows.
pub fn sheets(table: &Table, has_heading: bool, is_bare: bool, several: bool, random: &mut Random) -> Vec<Sheet> {
    let count = table.records.len();
    if is_bare {
        return vec![Sheet { name: None, lines: bare(count) }];
    }
    let is_split = several && count > 1 && random.in_hundred(25);
    let parts = if is_split {
        let at = 1 + random.below(count - 1);
        vec![0..at, at..count]
    } else {
        std::iter::once(0..count).collect()
    };
    let mut one = |at: usize, records: Range<usize>| Sheet {
        name: Some(["名单", "名单续"][at].to_owned()),
        lines: lines(table, records, has_heading, random),
    };
    parts.into_iter().enumerate().map(|(at, records)| one(at, records)).collect()
}

fn bare(count: usize) -> Vec<Line> {
    std::iter::once(Line::Heading).chain((0..count).map(Line::Record)).collect()
}

fn lines(table: &Table, records: Range<usize>, has_heading: bool, random: &mut Random) -> Vec<Line> {
    let mut lines = Vec::new();
    let width = table.file_columns.len();
    if random.in_hundred(40) {
        for _ in 0..=random.below(2) {
            lines.push(if random.in_hundred(20) {
                Line::Blank
            } else {
                Line::Note(vec![random.pick(&ABOVE).to_owned()])
            });
        }
    }
    if table.has_unit_above {
        lines.push(Line::Note(vec!["单位：万元".to_owned()]));
    }
    if has_heading {
        lines.push(Line::Heading);
    }
    let has_blanks = random.in_hundred(30);
    let repeats = has_heading && can_repeat(table) && random.in_hundred(10);
    for at in records.clone() {
        if has_blanks && random.in_hundred(10) {
            lines.push(Line::Blank);
        }
        if repeats && at > records.start && random.in_hundred(5) {
            lines.push(Line::NotData(table.file_columns.iter().map(|column| column.heading.clone()).collect()));
        }
        lines.push(Line::Record(at));
    }
    if !records.is_empty() && random.in_hundred(30) {
        lines.push(Line::NotData(padded(total(random), width)));
    }
    if !records.is_empty() && random.in_hundred(25) {
        let note = random.pick(&BELOW).to_owned();
        lines.push(Line::NotData(if random.in_hundred(50) { vec![note] } else { padded(vec![note], width) }));
    }
    lines
}

/// Headings among the rows are told from data where a column is not a text.
fn can_repeat(table: &Table) -> bool {
    let is_strict =
        |at: usize| table.declared(at).is_some_and(|column| matches!(column.kind, Kind::Day | Kind::Int | Kind::Fen));
    (0..table.file_columns.len()).any(is_strict)
}

fn total(random: &mut Random) -> Vec<String> {
    match random.below(3) {
        0 => vec!["合计".to_owned()],
        1 => vec!["合 计".to_owned(), random.between(1, 999).to_string()],
        _ => vec![String::new(), "总计：".to_owned()],
    }
}

fn padded(mut cells: Vec<String>, width: usize) -> Vec<String> {
    cells.resize(width.max(cells.len()), String::new());
    cells
}
