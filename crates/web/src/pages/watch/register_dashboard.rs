//! What waits in the registers, for the workbench: overdue records by register, and steps that others took.

use crate::http::address;
use crate::http::trouble::PageError;
use crate::pages::records::registers::count;
use crate::pages::watch::notices::{NoticeLine, notice_lines};
use crate::parts::catalog::{Catalog, register_names};
use crate::parts::record_list_query::list_address;
use crate::parts::show;
use model::Day;
use store::{RecordFilter, Total, View};
use words::Language;

/// Notices on the workbench.
const NOTICES_SHOWN: usize = 5;

/// A register with overdue records.
pub struct OverdueLine {
    pub address: String,
    pub label: String,
    pub text: String,
}

/// What the panel shows; nothing of it for those who see no register.
#[derive(Default)]
pub struct RegisterDashboard {
    pub is_shown: bool,
    pub overdue: Vec<OverdueLine>,
    pub notices: Vec<NoticeLine>,
}

/// What the view says of registers.
#[derive(Default)]
pub struct Waiting {
    is_shown: bool,
    /// Register and number of overdue records.
    overdue: Vec<(String, Total)>,
    notices: Vec<NoticeLine>,
}

/// Asks only registers whose records have deadlines; each count stops early.
///
/// # Errors
/// What the store says.
pub fn waiting(view: &View, catalog: &Catalog<'_>, today: Day) -> Result<Waiting, PageError> {
    let names = register_names(view);
    let mut waiting = Waiting { is_shown: !names.is_empty(), ..Waiting::default() };
    if !waiting.is_shown {
        return Ok(waiting);
    }
    let overdue = RecordFilter { due_before: Some(today), ..RecordFilter::default() };
    let has_deadlines = |name: &String| catalog.register(name).is_some_and(|register| register.has_lifecycle());
    for name in names.into_iter().filter(has_deadlines) {
        match count(view, &name, overdue.clone())? {
            Total::Exactly(0) => {}
            total => waiting.overdue.push((name, total)),
        }
    }
    let unread = view.notices()?.into_iter().filter(|notice| !notice.is_read).take(NOTICES_SHOWN);
    waiting.notices = notice_lines(view, catalog, unread, today)?;
    Ok(waiting)
}

/// Prepares the panel.
pub fn dashboard(waiting: Waiting, catalog: &Catalog<'_>) -> RegisterDashboard {
    let overdue = waiting.overdue.iter().map(|(name, total)| OverdueLine {
        address: address::with(&list_address(name), &[("overdue", "1")]),
        label: catalog.dataset(name),
        text: overdue_text(*total, catalog.language),
    });
    RegisterDashboard { is_shown: waiting.is_shown, overdue: overdue.collect(), notices: waiting.notices }
}

fn overdue_text(total: Total, language: Language) -> String {
    language.fill("dashboard_overdue", &[("count", &show::total(total, language))])
}
