//! What goes back to the author of a file: the workbook with its faults marked, the rows nobody was found for, and those that were
//! taken and should be looked at.

use super::super::entry::Entry;
use super::super::order::Order;
use crate::trouble::{Attempt, CHECK_INSTALLATION, Outcome};
use exchange::{Heading, Output, RowFate, Summary, TableWriter};
use matching::Coded;
use model::{Fault, Kind, Value};
use std::path::PathBuf;
use store::{Page, StoreError, UnmatchedShown, View};
use words::Language;

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
struct List<'a> {
    /// What is written, for messages.
    what: [String; 2],
    path: PathBuf,
    headings: [&'a str; 4],
    page: &'a PageAfter<'a>,
    label: &'a dyn Fn(&str) -> String,
}

const PAGE: u32 = 500;

/// Writes the files where there is something to write.
///
/// # Errors
/// When the store cannot be read or a file cannot be written.
pub fn give_back(view: &View, entry: &Entry<'_>, label: &str, rows: RowsRead<'_>) -> Outcome<Kept> {
    let (import, order) = (entry.id.as_str(), entry.order);
    let language = Language::CHINESE;
    let mut kept = Kept::default();
    let stem = stem(order);
    let mut pages = FaultPages { view, import, ready: Vec::new().into_iter(), next: Some(None), failed: None };
    kept.faults = mark(order, rows, &mut pages)?;
    if let Some(error) = pages.failed {
        return Err(error.into());
    }
    let path = |ending: &str| order.out.join(format!("{stem}{ending}"));
    let counts = view.unmatched_counts(import)?.unwrap_or_default();
    if counts.iter().any(|(_, _, count)| *count > 0) {
        let list = List {
            what: [format!("“{label}”的未匹配清单"), "The list of rows for which nobody was found".to_owned()],
            path: path("-未匹配.xlsx"),
            headings: ["行号", "原因", "说明", "原值(已脱敏)"],
            page: &|after| view.unmatched(import, after, PAGE),
            label: &|code| {
                matching::UnmatchedReason::from_code(code)
                    .map_or("不在辖区内".to_owned(), |reason| reason.label().of(language).to_owned())
            },
        };
        kept.unmatched = Some(list.write()?);
    }
    let counts = view.noted_counts(import)?.unwrap_or_default();
    kept.noted_counts = counts.into_iter().map(|(code, _, count)| (code, count)).collect();
    if !kept.noted_counts.is_empty() {
        let list = List {
            what: [format!("“{label}”的核对清单"), "The list of rows to be checked".to_owned()],
            path: path(web::jobs::NOTED_ENDING),
            headings: ["行号", "核对事项", "说明", "原值(已脱敏)"],
            page: &|after| view.noted(import, after, PAGE),
            label: &|code| {
                matching::NoteKind::from_code(code)
                    .map_or("请核对".to_owned(), |kind| kind.label().of(language).to_owned())
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
    let name = order.file_name;
    let attempt = || [format!("无法写出 {name} 的错误清单"), format!("The marked copy of {name} cannot be written")];
    std::fs::create_dir_all(&order.out).attempt(attempt, CHECK_INSTALLATION)?;
    let path = order.out.join(format!("{}-错误标注.xlsx", stem(order)));
    let language = Language::CHINESE;
    let written = exchange::write_faults(order.path, summary, fate, faults, &path, language);
    written.attempt(attempt, CHECK_INSTALLATION)?;
    Ok(Some(path))
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

impl List<'_> {
    fn write(self) -> Outcome<PathBuf> {
        let attempt = || {
            let [chinese, english] = &self.what;
            [format!("无法写出{chinese}"), format!("{english} cannot be written")]
        };
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).attempt(attempt, CHECK_INSTALLATION)?;
        }
        let kinds = [Kind::Int, Kind::Text, Kind::Text, Kind::Text];
        let headings = self.headings.iter().zip(kinds);
        let headings: Vec<Heading> = headings.map(|(text, kind)| Heading { text: (*text).to_owned(), kind }).collect();
        let mut table =
            TableWriter::create(&self.path, Output::Xlsx, &headings).attempt(attempt, CHECK_INSTALLATION)?;
        let mut after = None;
        loop {
            let Some(page) = (self.page)(after.as_deref())? else { break };
            for shown in page.rows {
                let cells = [
                    Value::Int(i64::from(shown.row.row)),
                    Value::Text((self.label)(&shown.row.reason)),
                    Value::Text(shown.row.what.chinese().to_owned()),
                    Value::Text(shown.row.seen),
                ];
                table.write_row(&cells).attempt(attempt, CHECK_INSTALLATION)?;
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        table.finish().attempt(attempt, CHECK_INSTALLATION)?;
        Ok(self.path)
    }
}
