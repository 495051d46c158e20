//! 撤销导入: what an import of a register added is withdrawn, what it changed is put back; what was worked on since stays. A
//! delivery of a department is taken back by a job: the data are then what they would be without it.

use crate::http::address;
use crate::http::fields::Fields;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page, see_other};
use crate::http::visit::Visit;
use crate::jobs::{TAKE_BACK, TakeBackOrder};
use crate::pages::files::hand_in::may_hand_in;
use crate::pages::files::imports::need;
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use axum::extract::Path;
use store::{Command, ImportRow, ImportState};
use words::Language;

#[derive(Template)]
#[template(path = "import_undo.html")]
struct UndoPage {
    shell: Shell,
    id: String,
    about: String,
    stays: &'static str,
}

/// True where the actor made the import, and it stands.
pub fn may_undo(visit: &Visit<'_>, row: &ImportRow) -> bool {
    let package = &visit.site.package;
    let is_own = row.account == visit.actor.account && may_hand_in(package, visit.actor, &row.dataset);
    is_own && row.state == ImportState::Done
}

/// What was put back, in a sentence: records put back, and records that stayed.
pub fn undone_text(put_back: u64, stayed: u64, language: Language) -> String {
    let values: [(&str, &dyn std::fmt::Display); 2] =
        [("put_back", &show::count(put_back)), ("stayed", &show::count(stayed))];
    language.fill("undo_done", &values)
}

fn is_delivery(visit: &Visit<'_>, row: &ImportRow) -> bool {
    visit.site.package.sources.contains_key(&row.dataset)
}

fn enqueue(visit: &Visit<'_>, row: ImportRow) -> Answer {
    let dedupe = format!("take back/{}/{}", row.import_id, row.began_ms);
    let order = TakeBackOrder { import: row.import_id, file_name: row.file_name };
    let id = visit.enqueue(TAKE_BACK, &order, &dedupe)?;
    Ok(see_other(&format!("/jobs/{id}")))
}

fn find(visit: &Visit<'_>, id: &str) -> Result<ImportRow, PageError> {
    let row = visit.view().import(id)?.ok_or(PageError::NotFound)?;
    if may_undo(visit, &row) { Ok(row) } else { Err(PageError::NotFound) }
}

/// `GET /imports/{id}/undo`
pub fn show(visit: &Visit<'_>, Path(id): Path<String>) -> Answer {
    need(visit)?;
    let language = visit.preferences.language;
    let row = find(visit, &id)?;
    let title = language.say("undo_button").to_owned();
    let receipt = format!("/imports/{}", address::url_part(&id));
    let crumbs = vec![Crumb::link(&receipt, &row.file_name), Crumb::here(title.clone())];
    let shell = visit.shell(title, crumbs)?;
    let [about, stays] = match is_delivery(visit, &row) {
        true => ["undo_about_delivery", "undo_stays_delivery"],
        false => ["undo_about", "undo_stays"],
    };
    let summary = &row.summary;
    let added = show::count(summary.rows_added.unwrap_or_default());
    let (changed, removed) = (show::count(summary.rows_changed), show::count(summary.rows_removed));
    let values: [(&str, &dyn std::fmt::Display); 4] =
        [("file", &row.file_name), ("added", &added), ("changed", &changed), ("removed", &removed)];
    let (about, stays) = (language.fill(about, &values), language.say(stays));
    page(&UndoPage { shell, id: address::url_part(&id).to_string(), about, stays })
}

/// `POST /imports/{id}/undo`
pub fn undo(visit: &Visit<'_>, Path(id): Path<String>, _: &Fields) -> Answer {
    need(visit)?;
    let row = find(visit, &id)?;
    if is_delivery(visit, &row) {
        return enqueue(visit, row);
    }
    let language = visit.preferences.language;
    let back = format!("/imports/{}", address::url_part(&id));
    let command = Command::UndoImport { import: id };
    let done = visit.apply(command)?;
    let receipt = done.map_err(|refusal| PageError::refused(refusal, language, &back))?;
    let (put_back, stayed) = (receipt.changed.to_string(), receipt.outside.to_string());
    Ok(see_other(&address::with(&back, &[("put_back", &put_back), ("stayed", &stayed)])))
}
