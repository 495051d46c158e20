//! What goes back to the author of a file: the workbook with its faults marked, the rows nobody was found for, and those that were
//! taken and should be looked at.

use super::super::entry::Entry;
use super::super::order::Order;
use crate::trouble::{Attempt, Outcome};
use exchange::{Heading, Output, RowFate, Summary, TableWriter};
use matching::Coded;
use model::{Fault, Kind, Value};
use std::path::PathBuf;
use store::{Page, StoreError, UnmatchedShown, View};
use words::{Advice, Language, Wording, advice, wording};

/// Files that were written.
#[derive(Default)]
pub struct Kept {
    pub faults: Option<PathBuf>,
    pub unmatched: Option<PathBuf>,
    pub noted: Option<PathBuf>,
    /// Code of the kind of note, and how many there are.
    pub noted_counts: Vec<(String, u64)>,
}

/// What was read of a file, and what became of its rows.
#[derive(Clone, Copy)]
pub struct RowsRead<'a> {
    pub summary: &'a Summary,
    pub fate: &'a RowFate,
}

/// The page of rows behind another one; `None` where the import is not there.
type PageAfter<'a> = dyn Fn(Option<&str>) -> Result<Option<Page<UnmatchedShown>>, StoreError> + 'a;

/// A list of rows with the reason for each.
struct RowList<'a> {
    /// What is said where it cannot be written.
    unwritten: &'a dyn Fn() -> Advice,
    path: PathBuf,
    language: Language,
    /// Keys of its headings.
    headings: [&'a str; 4],
    page: &'a PageAfter<'a>,
    /// What the reason of a row is called, by its code.
    label: &'a dyn Fn(&str) -> Wording,
}

const PAGE: u32 = 500;

/// Writes the files where there is something to write.
///
/// # Errors
/// When the store cannot be read or a file cannot be written.
pub fn give_back(view: &View, entry: &Entry<'_>, label: &Wording, rows: RowsRead<'_>) -> Outcome<Kept> {
    let (import, order) = (entry.id.as_str(), entry.order);
    let mut kept = Kept::default();
    let mut pages = FaultPages { view, import, ready: Vec::new().into_iter(), next: Some(None), failed: None };
    kept.faults = mark(order, rows, &mut pages)?;
    if let Some(error) = pages.failed {
        return Err(error.into());
    }
    let counts = view.unmatched_counts(import)?.unwrap_or_default();
    if counts.iter().any(|(_, _, count)| *count > 0) {
        let list = RowList {
            unwritten: &|| advice!("unmatched_file_unwritten", dataset = *label),
            path: path(order, "unmatched_file_ending"),
            language: order.language,
            headings: ["rows_file_row", "rows_file_reason", "rows_file_what", "rows_file_seen"],
            page: &|after| view.unmatched(import, after, PAGE),
            label: &|code| {
                matching::UnmatchedReason::from_code(code)
                    .map_or_else(|| wording!("reason_outside"), |kind| kind.label())
            },
        };
        kept.unmatched = Some(list.write()?);
    }
    let counts = view.noted_counts(import)?.unwrap_or_default();
    kept.noted_counts = counts.into_iter().map(|(code, _, count)| (code, count)).collect();
    if !kept.noted_counts.is_empty() {
        let list = RowList {
            unwritten: &|| advice!("noted_file_unwritten", dataset = *label),
            path: path(order, "noted_file_ending"),
            language: order.language,
            headings: ["rows_file_row", "rows_file_matter", "rows_file_what", "rows_file_seen"],
            page: &|after| view.noted(import, after, PAGE),
            label: &|code| {
                matching::NoteKind::from_code(code).map_or_else(|| wording!("note_to_check"), |kind| kind.label())
            },
        };
        kept.noted = Some(list.write()?);
    }
    Ok(kept)
}

/// Writes the workbook with the faults marked, where there are any.
///
/// # Errors
/// When it cannot be written, or the original has gone.
pub fn mark(
    order: &Order<'_>,
    RowsRead { summary, fate }: RowsRead<'_>,
    faults: impl Iterator<Item = Fault>,
) -> Outcome<Option<PathBuf>> {
    if summary.fault_count() == 0 {
        return Ok(None);
    }
    let unwritten = || advice!("marked_copy_unwritten", name = order.file_name);
    std::fs::create_dir_all(&order.out).attempt(unwritten)?;
    let path = path(order, "fault_file_ending");
    exchange::write_faults(order.path, summary, fate, faults, &path, order.language).attempt(unwritten)?;
    Ok(Some(path))
}

/// Where a file goes that is named after the one that was handed in, in the language of who did.
fn path(order: &Order<'_>, ending: &str) -> PathBuf {
    order.out.join(format!("{}{}", stem(order), order.language.say(ending)))
}

fn stem<'a>(order: &Order<'a>) -> &'a str {
    order.file_name.rsplit_once('.').map_or(order.file_name, |(stem, _)| stem)
}

/// Faults of an import in the order of the file, a page at a time.
struct FaultPages<'a> {
    view: &'a View<'a>,
    import: &'a str,
    ready: std::vec::IntoIter<Fault>,
    /// Where the next page starts; `None` when there is none.
    next: Option<Option<String>>,
    failed: Option<StoreError>,
}

impl Iterator for FaultPages<'_> {
    type Item = Fault;

    fn next(&mut self) -> Option<Fault> {
        loop {
            if let Some(fault) = self.ready.next() {
                return Some(fault);
            }
            let after = self.next.take()?;
            match self.view.faults(self.import, after.as_deref(), PAGE) {
                Ok(page) => {
                    let page = page?;
                    self.next = page.next.map(Some);
                    self.ready = page.rows.into_iter().map(|row| row.fault).collect::<Vec<_>>().into_iter();
                }
                Err(error) => {
                    self.failed = Some(error);
                    return None;
                }
            }
        }
    }
}

impl RowList<'_> {
    fn write(self) -> Outcome<PathBuf> {
        let unwritten = self.unwritten;
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).attempt(unwritten)?;
        }
        let kinds = [Kind::Int, Kind::Text, Kind::Text, Kind::Text];
        let headings = self.headings.iter().zip(kinds);
        let headings: Vec<Heading> =
            headings.map(|(key, kind)| Heading { text: self.language.say(key).to_owned(), kind }).collect();
        let mut table =
            TableWriter::create_in(&self.path, Output::Xlsx, &headings, self.language).attempt(unwritten)?;
        let mut after = None;
        loop {
            let Some(page) = (self.page)(after.as_deref())? else { break };
            for shown in page.rows {
                let cells = [
                    Value::Int(i64::from(shown.row.row)),
                    Value::Text((self.label)(&shown.row.reason).of(self.language).to_owned()),
                    Value::Text(shown.row.what.of(self.language).to_owned()),
                    Value::Text(shown.row.seen),
                ];
                table.write_row(&cells).attempt(unwritten)?;
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        table.finish().attempt(unwritten)?;
        Ok(self.path)
    }
}
