//! Which separators a text file may mean, and how wide its table is by each.

use super::super::{RawRow, encoding};
use super::lines::Lines;
use super::rows::{CsvRows, Layout};
use crate::{Encoding, Limits};
use std::io;
use std::path::Path;

/// Separators that are looked for; of two that are as likely, the earlier.
const DELIMITERS: [char; 5] = [',', '\t', ';', '|', '，'];
/// CsvRows from which the width is told.
const ROWS_LOOKED_AT: usize = 100;

/// The layouts that the first rows allow, the likeliest first, and whether the first line only names the separator (`sep=;`, which Excel
/// reads and hides). Which one is meant, the headings tell.
pub(super) fn candidates(path: &Path, encoding: Encoding, limits: &Limits) -> io::Result<(Vec<Layout>, bool)> {
    let stated = stated_delimiter(path, encoding, limits)?;
    let others = DELIMITERS.into_iter().filter(|delimiter| stated != Some(*delimiter));
    let mut likely = Vec::new();
    for delimiter in stated.into_iter().chain(others) {
        let layout = Layout { delimiter, width: 0 };
        let counts = counts(CsvRows::open(path, encoding, layout, limits)?, stated.is_some())?;
        let width = width(&counts, limits.columns_max as usize);
        let fitting = counts.iter().filter(|count| **count == width).count();
        if width > 1 || stated == Some(delimiter) {
            likely.push((Layout { delimiter, width }, (stated == Some(delimiter), fitting, width)));
        }
    }
    likely.sort_by_key(|(_, likelihood)| std::cmp::Reverse(*likelihood));
    let mut layouts: Vec<Layout> = likely.into_iter().map(|(layout, _)| layout).collect();
    if layouts.is_empty() {
        layouts.push(Layout { delimiter: DELIMITERS[0], width: 1 });
    }
    Ok((layouts, stated.is_some()))
}

/// The separator that the first line names.
fn stated_delimiter(path: &Path, encoding: Encoding, limits: &Limits) -> io::Result<Option<char>> {
    let Some(line) = Lines::open(path, encoding, limits.line_bytes_max)?.next()? else { return Ok(None) };
    let text = encoding::decode(&line.bytes, encoding);
    // A tab is no space here.
    let bare = text.trim_matches(['\r', '\n', ' ', '"']).to_lowercase();
    let mut stated = bare.strip_prefix("sep=").unwrap_or_default().chars();
    let delimiter = stated.next().filter(|letter| !letter.is_alphanumeric() && *letter != '"');
    Ok(delimiter.filter(|_| stated.next().is_none()))
}

/// How many cells the first rows have, blank ones left out.
fn counts(mut rows: CsvRows, has_separator_line: bool) -> io::Result<Vec<usize>> {
    let mut row = RawRow::default();
    let mut counts = Vec::new();
    if has_separator_line {
        rows.lines.next()?;
    }
    for _ in 0..ROWS_LOOKED_AT {
        let Some(found) = rows.next(&mut row)? else { break };
        if !row.is_blank() {
            counts.push(found);
        }
    }
    Ok(counts)
}

/// The cells of the first row that has nearly as many as any, as headings do.
fn width(counts: &[usize], columns_max: usize) -> usize {
    let most = |within: &dyn Fn(&usize) -> bool| counts.iter().copied().filter(within).max();
    let most = most(&|count| (2..=columns_max).contains(count)).or(most(&|_| true)).unwrap_or(1);
    let is_near = |count: &&usize| **count * 3 >= most * 2 && **count <= most;
    counts.iter().find(is_near).copied().unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_is_that_of_the_headings() {
        for (counts, expected) in [
            (vec![1, 6, 6, 6], 6),
            (vec![3, 6, 9, 6], 6),
            (vec![7, 6, 8, 7], 7),
            (vec![6, 1_000_000, 6], 6),
            (vec![1_000_000, 1_000_000], 1_000_000),
            (vec![1, 1], 1),
            (vec![], 1),
        ] {
            assert_eq!(width(&counts, 512), expected, "{counts:?}");
        }
    }
}
