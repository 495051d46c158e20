//! The first look at a sheet: hidden columns stand above its rows, merged cells below them.
//!
//! The rows themselves are only unpacked, not read: their end is looked for as bytes, several times as fast. The reader of the rows
//! must come to the same end.

use super::reference::{Area, COLUMNS_MAX};
use super::xml::{Node, Xml, attributes, is_true};
use super::{Trouble, archive::Part};
use std::borrow::Cow;
use std::io::BufRead;
use std::ops::RangeInclusive;
use words::wording;

/// Merged cells of a sheet.
const AREAS_MAX: usize = 1_000_000;
/// Ranges of columns of one width.
const WIDTHS_MAX: usize = 65_536;

/// What is known of a sheet before its rows are read.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Columns that are not shown, counted from 0.
    pub hidden: Vec<RangeInclusive<u32>>,
    /// Merged cells, by their first column and row.
    pub merged: Vec<Area>,
    /// Bytes up to the end of the rows, and to that of the tag behind them.
    pub rows_bytes: u64,
    pub rows_end: u64,
}

impl Survey {
    /// Looks through a sheet once for what stands before and behind its rows.
    ///
    /// # Errors
    /// Where the part is no XML, or is cut off.
    pub fn of(part: Part<'_>) -> Result<Survey, Trouble> {
        let mut survey = Survey::default();
        let mut xml = Xml::head(part);
        let end_tag = loop {
            let depth = xml.depth();
            match xml.next()? {
                Node::Start(start) if start.local_name().as_ref() == "sheetData" => {
                    break Some(format!("</{}", start.name().as_ref()));
                }
                Node::Empty(start) => match start.local_name().as_ref() {
                    "sheetData" => break None,
                    "col" if depth == 2 => survey.column(attributes(&start, ["min", "max", "hidden", "width"])?)?,
                    _ => {}
                },
                Node::Start(start) if depth == 2 && start.local_name().as_ref() == "col" => {
                    survey.column(attributes(&start, ["min", "max", "hidden", "width"])?)?;
                }
                Node::Eof => return Err(Trouble::Broken("damaged_no_data_area")),
                _ => {}
            }
        };
        let position = xml.position();
        let mut rest = xml.into_rest();
        survey.rows_end = match &end_tag {
            Some(tag) => position + skip_through(&mut rest, tag.as_bytes())?,
            None => position,
        };
        survey.rows_bytes = survey.rows_end - end_tag.map_or(0, |tag| tag.len() as u64 + 1);
        survey.tail(Xml::tail(rest))?;
        Ok(survey)
    }

    fn column(&mut self, [min, max, hidden, width]: [Option<Cow<'_, str>>; 4]) -> Result<(), Trouble> {
        let number = |text: Option<Cow<'_, str>>| text.and_then(|text| text.trim().parse::<u32>().ok());
        let is_hidden = is_true(&hidden) || width.is_some_and(|width| width.trim().parse() == Ok(0.0));
        let (Some(min @ 1..=COLUMNS_MAX), Some(max)) = (number(min), number(max)) else { return Ok(()) };
        if is_hidden && min <= max {
            self.hidden.push(min - 1..=max.min(COLUMNS_MAX) - 1);
        }
        if self.hidden.len() > WIDTHS_MAX { Err(Trouble::Broken("damaged_column_settings")) } else { Ok(()) }
    }

    /// What stands below the rows.
    fn tail(&mut self, mut xml: Xml<impl BufRead>) -> Result<(), Trouble> {
        loop {
            match xml.next()? {
                Node::Start(start) => match start.local_name().as_ref() {
                    "mergeCell" => {
                        let [area] = attributes(&start, ["ref"])?;
                        self.area(area.as_deref().unwrap_or_default())?;
                    }
                    "sheetData" => return Err(Trouble::Broken("damaged_two_data_areas")),
                    _ => {}
                },
                Node::Eof => break,
                _ => {}
            }
        }
        self.merged.sort_unstable();
        self.merged.dedup();
        let overlap =
            |pair: &[Area]| pair[0].first_column == pair[1].first_column && pair[1].first_row <= pair[0].last_row;
        if self.merged.windows(2).any(overlap) {
            return Err(Trouble::Broken("damaged_merged_overlap"));
        }
        Ok(())
    }

    fn area(&mut self, text: &str) -> Result<(), Trouble> {
        let area = Area::parse(text.trim()).ok_or(Trouble::Broken("damaged_merged_area"))?;
        if self.merged.len() >= AREAS_MAX {
            return Err(Trouble::Bomb(wording!("bomb_merged", count = AREAS_MAX)));
        }
        self.merged.push(area);
        Ok(())
    }
}

/// Reads on to behind the first end tag that begins so; how many bytes that is.
fn skip_through(rest: &mut impl BufRead, tag: &[u8]) -> Result<u64, Trouble> {
    let skips = skips(tag);
    let (mut window, mut passed): (Vec<u8>, u64) = (Vec::new(), 0);
    loop {
        let block = rest.fill_buf().map_err(quick_xml::Error::from)?;
        if block.is_empty() {
            return Err(Trouble::Broken(super::xml::CUT));
        }
        let carried = window.len();
        window.extend_from_slice(block);
        if let Some(end) = end_of_tag(&window, tag, &skips) {
            rest.consume(end - carried);
            return Ok(passed + end as u64);
        }
        let read = block.len();
        rest.consume(read);
        // A tag may begin at the end of this block and end in the next.
        let kept = window.len().min(tag.len() + TAG_SPACES);
        passed += (window.len() - kept) as u64;
        window.drain(..window.len() - kept);
    }
}

/// Spaces that an end tag may have before its bracket.
const TAG_SPACES: usize = 16;

/// Where the first end tag that begins so ends; `None` where there is none, or its end is not there yet.
fn end_of_tag(bytes: &[u8], tag: &[u8], skips: &[usize; 256]) -> Option<usize> {
    let mut at = 0;
    while let Some(window) = bytes.get(at..at + tag.len()) {
        let behind = &bytes[at + tag.len()..];
        let spaces = || behind.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if window == tag && behind.get(spaces()) == Some(&b'>') {
            return Some(at + tag.len() + spaces() + 1);
        }
        at += skips[usize::from(window[tag.len() - 1])];
    }
    None
}

/// How far the search may go on, by the last byte that it sees (Horspool's rule).
fn skips(tag: &[u8]) -> [usize; 256] {
    let mut skips = [tag.len(); 256];
    for (at, byte) in tag[..tag.len() - 1].iter().enumerate() {
        skips[usize::from(*byte)] = tag.len() - 1 - at;
    }
    skips
}
