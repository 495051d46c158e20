//! Headings that are split over rows: what a column is called, and the headings of groups above it.

use super::unit_words::is_open_entry;
use crate::cell::text;
use crate::ground::shown_number::shown_number;
use crate::raw::{RawCell, RawRow};

/// Rows over which headings are split at most.
const ROWS_MAX: usize = 3;
/// Letters of a heading below another.
const PART_LETTERS_MAX: usize = 16;

/// Digits that no heading of a group has.
const LONG_NUMBER_DIGITS: usize = 7;

/// What the columns are called where a row is taken for the last one of the headings.
pub(super) struct Stack {
    /// Texts by column, as they stand in the file.
    pub texts: Vec<String>,
    /// By column the headings above its own, from the top.
    pub groups: Vec<Vec<String>>,
    /// Row that the headings begin on.
    pub first_row: u32,
    /// The last row only divides headings of the row above.
    pub divides: bool,
}

impl Stack {
    /// The headings that end on `rows[at]`.
    pub fn of(rows: &[RawRow], at: usize) -> Stack {
        let mut levels = vec![texts_of(&rows[at])];
        let mut first = at;
        while levels.len() < ROWS_MAX && first > 0 && rows[first - 1].number + 1 == rows[first].number {
            let above = texts_of(&rows[first - 1]);
            if !may_stand_above(&above) {
                break;
            }
            levels.insert(0, above);
            first -= 1;
        }
        let divides = levels.len() > 1 && divides(&levels[levels.len() - 2], &levels[levels.len() - 1]);
        let width = levels.iter().map(Vec::len).max().unwrap_or_default();
        let mut stack = Stack { texts: Vec::new(), groups: Vec::new(), first_row: rows[at].number, divides };
        for column in 0..width {
            stack.column(&levels, column);
        }
        let depth = stack.groups.iter().map(Vec::len).max().unwrap_or_default();
        let taken = (0..width).any(|column| own(levels.last(), column).is_empty() && !stack.texts[column].is_empty());
        let depth = depth.max(usize::from(taken)).min(levels.len() - 1);
        stack.first_row = rows[at - depth].number;
        stack
    }

    fn column(&mut self, levels: &[Vec<String>], column: usize) {
        let lowest = levels.iter().rposition(|level| !own(Some(level), column).is_empty());
        let text = lowest.map(|lowest| own(Some(&levels[lowest]), column)).unwrap_or_default();
        let above = (0..lowest.unwrap_or_default()).filter_map(|level| over(levels, level, column));
        self.groups.push(above.filter(|group| *group != text).map(str::to_owned).collect());
        self.texts.push(text.to_owned());
    }
}

fn own(level: Option<&Vec<String>>, column: usize) -> &str {
    level.and_then(|level| level.get(column)).map_or("", String::as_str)
}

/// The heading of a level that stands over a column: its own, or that of the group to its left.
fn over(levels: &[Vec<String>], level: usize, column: usize) -> Option<&str> {
    let texts = &levels[level];
    let own_text = own(Some(texts), column);
    if !own_text.is_empty() {
        return Some(own_text);
    }
    // A reader that fills merged areas has filled this one, too: then nothing reaches further than it stands.
    if texts.windows(2).any(|pair| !pair[0].is_empty() && pair[0] == pair[1]) {
        return None;
    }
    let left = (0..column.min(texts.len())).rev().find(|left| !texts[*left].is_empty())?;
    // A heading with nothing below it belongs to its own column alone.
    let has_part = levels[level + 1..].iter().any(|below| !own(Some(below), left).is_empty());
    has_part.then(|| texts[left].as_str())
}

/// A row of texts may hold headings of groups: not a title over all columns, no line of a form (`填报单位：…`), no data.
fn may_stand_above(texts: &[String]) -> bool {
    let mut different: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    let is_form_line = different.iter().any(|text| is_form_entry(text) || is_value(text));
    different.sort_unstable();
    different.dedup();
    different.len() > 1 && !is_form_line
}

/// A number, other than a year, or a text with a long one: these stand in rows of data.
fn is_value(text: &str) -> bool {
    let folded = text::fold(text);
    let digits = folded.bytes().filter(u8::is_ascii_digit).count();
    let is_year = digits == 4 && folded.len() == 4 && (folded.starts_with("19") || folded.starts_with("20"));
    let is_number =
        digits > 0 && folded.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-'));
    is_number && !is_year || digits >= LONG_NUMBER_DIGITS
}

/// `填报单位：某局`, `单位：万元`: a word, a colon and what was filled in.
fn is_form_entry(text: &str) -> bool {
    if is_open_entry(text) {
        return true;
    }
    let folded = text::fold(text);
    let Some((word, entry)) = folded.split_once(':') else { return false };
    !entry.trim().is_empty() && !word.trim().ends_with("其中")
}

/// The lower row holds nothing but parts of headings: two or more below each heading that has any, and some headings have none. A row of
/// data below whole headings never looks so.
fn divides(above: &[String], below: &[String]) -> bool {
    let is_part = |text: &&String| {
        text.chars().count() <= PART_LETTERS_MAX
            && !text.chars().any(|letter| text::half_width(letter).is_ascii_digit())
    };
    let own = |texts: &[String], column: usize| texts.get(column).is_some_and(|text| !text.is_empty());
    let is_same = |column: usize| above.get(column) == below.get(column);
    let parts: Vec<usize> = (0..below.len()).filter(|column| own(below, *column) && !is_same(*column)).collect();
    // Where the heading begins that a part stands below.
    let begin = |column: &usize| {
        let from = (0..=*column).rev().find(|left| own(above, *left))?;
        let first = (0..from).rev().take_while(|left| above.get(*left) == above.get(from)).last();
        Some(first.unwrap_or(from))
    };
    let begins: Vec<Option<usize>> = parts.iter().map(begin).collect();
    let is_shared =
        |begin: &Option<usize>| begin.is_some() && begins.iter().filter(|other| *other == begin).count() > 1;
    let is_whole = |column: usize| own(above, column) && (!own(below, column) || is_same(column));
    !parts.is_empty()
        && parts.iter().all(|column| is_part(&&below[*column]))
        && begins.iter().all(is_shared)
        && (0..above.len()).any(|column| is_whole(column) && !begins.contains(&Some(column)))
}

fn texts_of(row: &RawRow) -> Vec<String> {
    let text = |cell: &RawCell| match cell {
        RawCell::Text(text) => text.trim().to_owned(),
        RawCell::Number(number) => shown_number(*number),
        _ => String::new(),
    };
    row.cells.iter().map(text).collect()
}
