//! What goes back to the author of a file: the workbook with its faults marked, and the rows nobody was found for.

use super::import::Order;
use crate::trouble::{Attempt, Outcome};
use exchange::{Heading, Output, Summary, TableWriter};
use model::{Fault, Kind, Value};
use std::path::PathBuf;
use store::{StoreError, View};

/// Files that were written.
#[derive(Default)]
pub struct Kept {
    pub faults: Option<PathBuf>,
    pub unmatched: Option<PathBuf>,
}

const PAGE: u32 = 500;
const HINT: &str = "请检查安装目录的磁盘空间和权限";

/// Writes both files where there is something to write.
///
/// # Errors
/// When the store cannot be read or a file cannot be written.
pub fn give_back(view: &View, import: &str, order: &Order<'_>, label: &str, summary: &Summary) -> Outcome<Kept> {
    let mut kept = Kept::default();
    let stem = stem(order);
    let mut pages = FaultPages { view, import, ready: Vec::new().into_iter(), next: Some(None), failed: None };
    kept.faults = mark(order, summary, &mut pages)?;
    if let Some(error) = pages.failed {
        return Err(error.into());
    }
    let counts = view.unmatched_counts(import)?.unwrap_or_default();
    if counts.iter().any(|(_, _, count)| *count > 0) {
        std::fs::create_dir_all(&order.out).attempt(|| format!("无法写出“{label}”的未匹配清单"), HINT)?;
        let path = order.out.join(format!("{stem}-未匹配.xlsx"));
        write_unmatched(view, import, label, &path)?;
        kept.unmatched = Some(path);
    }
    Ok(kept)
}

/// Writes the workbook with the faults marked, where there are any.
///
/// # Errors
/// When it cannot be written, or the original has gone.
pub fn mark(order: &Order<'_>, summary: &Summary, faults: impl Iterator<Item = Fault>) -> Outcome<Option<PathBuf>> {
    if summary.fault_count() == 0 {
        return Ok(None);
    }
    let attempt = || format!("无法写出 {} 的错误清单", order.file_name);
    std::fs::create_dir_all(&order.out).attempt(attempt, HINT)?;
    let path = order.out.join(format!("{}-错误标注.xlsx", stem(order)));
    exchange::write_faults(order.path, summary, faults, &path).attempt(attempt, HINT)?;
    Ok(Some(path))
}

fn stem<'a>(order: &Order<'a>) -> &'a str {
    order.file_name.rsplit_once('.').map_or(order.file_name, |(stem, _)| stem)
}

/// Faults of an import in the order of the file, a page at a time.
struct FaultPages<'a> {
    view: &'a View,
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

fn write_unmatched(view: &View, import: &str, label: &str, path: &std::path::Path) -> Outcome<()> {
    let attempt = || format!("无法写出“{label}”的未匹配清单");
    let heading = |text: &str, kind| Heading { text: text.to_owned(), kind };
    let headings = [
        heading("行号", Kind::Int),
        heading("原因", Kind::Text),
        heading("说明", Kind::Text),
        heading("原值(已脱敏)", Kind::Text),
    ];
    let mut table = TableWriter::create(path, Output::Xlsx, &headings).attempt(attempt, HINT)?;
    let mut after = None;
    loop {
        let Some(page) = view.unmatched(import, after.as_deref(), PAGE)? else { break };
        for shown in page.rows {
            let reason = matching::UnmatchedReason::from_code(&shown.row.reason);
            let label = reason.map_or("不在辖区内", |reason| reason.label());
            let cells = [
                Value::Int(i64::from(shown.row.row)),
                Value::Text(label.to_owned()),
                Value::Text(shown.row.what),
                Value::Text(shown.row.seen),
            ];
            table.write_row(&cells).attempt(attempt, HINT)?;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    table.finish().attempt(attempt, HINT)
}
