//! 报送记录: all imports that the actor may know of, newest first.

use crate::http::route::Answer;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::parts::catalog::Catalog;
use crate::parts::list::{PAGE_ROWS, Pager, filled};
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use axum::extract::Query;
use policy::declare::Permission;
use serde::Deserialize;
use store::{ImportRow, ImportState};

/// An import in the list.
pub struct ImportLine {
    pub id: String,
    pub dataset: String,
    pub file_name: String,
    pub began: String,
    pub account: String,
    pub day: String,
    pub state: &'static str,
    pub class: &'static str,
    pub taken: String,
    /// Rows that came, read otherwise, and went; each by itself.
    pub changes: String,
    pub faults: String,
    pub unmatched: String,
}

#[derive(Template)]
#[template(path = "imports.html")]
struct ImportsPage {
    shell: Shell,
    may_hand_in: bool,
    shown_total: String,
    imports: Vec<ImportLine>,
    pager: Pager,
}

/// What the address says.
#[derive(Deserialize)]
pub struct ImportsQuery {
    after: Option<String>,
}

/// # Errors
/// `Forbidden` unless the role hands data in or sees imports.
pub fn need(visit: &Visit<'_>) -> Result<(), PageError> {
    let may = visit.may(Permission::HandIn) || visit.may(Permission::SeeImports);
    if may { Ok(()) } else { Err(PageError::Forbidden) }
}

/// `GET /imports`
pub fn show(visit: &Visit<'_>, Query(asked): Query<ImportsQuery>) -> Answer {
    need(visit)?;
    let language = visit.preferences.language;
    let after = filled(&asked.after);
    let found = visit.view().imports(after.as_deref(), PAGE_ROWS)?;
    let title = language.say("menu_imports").to_owned();
    let shell =
        visit.shell(title.clone(), vec![Crumb::link("/", language.say("menu_workbench")), Crumb::here(title)])?;
    let catalog = Catalog::new(visit.site, language);
    page(&ImportsPage {
        may_hand_in: visit.may(Permission::HandIn),
        shown_total: language.fill("imports_total", &[("total", &show::total(found.total, language))]),
        imports: found.rows.iter().map(|row| line(row, &catalog)).collect(),
        pager: Pager::new("/imports", &[], after.as_deref(), found.next.as_deref()),
        shell,
    })
}

/// Prepares an import for a list.
pub fn line(row: &ImportRow, catalog: &Catalog<'_>) -> ImportLine {
    let (state, class) = state_shown(row.state);
    ImportLine {
        id: row.import_id.clone(),
        dataset: catalog.dataset(&row.dataset),
        file_name: row.file_name.clone(),
        began: model::moment_at(row.began_ms),
        account: account_shown(&row.account, catalog),
        day: row.delivered_on.to_string(),
        state: catalog.language.say(state),
        class,
        taken: show::count(row.summary.rows_taken),
        changes: changes(row, catalog),
        faults: show::count(row.summary.faults),
        unmatched: show::count(row.summary.rows_unmatched),
    }
}

/// `新增 3 · 更改 1 · 减少 0`; of imports of earlier versions what they kept.
fn changes(row: &ImportRow, catalog: &Catalog<'_>) -> String {
    let summary = &row.summary;
    let [changed, removed] = [summary.rows_changed, summary.rows_removed].map(show::count);
    let Some(added) = summary.rows_added else {
        return catalog.language.fill("import_changes_before", &[("changed", &changed)]);
    };
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("added", &show::count(added)), ("changed", &changed), ("removed", &removed)];
    catalog.language.fill("import_changes", &values)
}

/// The account that handed a file in; the command line by its word.
pub fn account_shown(account: &str, catalog: &Catalog<'_>) -> String {
    catalog.who(account, account)
}

fn state_shown(state: ImportState) -> (&'static str, &'static str) {
    match state {
        ImportState::Running => ("import_state_running", "sw-tag-low"),
        ImportState::Done => ("import_state_done", "sw-tag-good"),
        ImportState::Refused => ("import_state_refused", "sw-tag-high"),
        ImportState::Failed => ("import_state_failed", "sw-tag-high"),
        ImportState::Undone => ("import_state_undone", ""),
    }
}
