//! 不在新名单内的人: whose rows a delivery took out of a list, or would take out; by name for whoever may see them.

use crate::pages::imports::need;
use crate::pages::{PAGE_ROWS, Pager, filled};
use crate::shell::{Crumb, Shell};
use crate::show;
use crate::trouble::{PageError, page};
use crate::visit::Visit;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

pub struct LeaverLine {
    pub name: String,
    pub place: String,
    /// Where the household is shown; empty where it may not be seen.
    pub address: String,
}

#[derive(Template)]
#[template(path = "import_leavers.html")]
struct LeaversPage {
    shell: Shell,
    shown_total: String,
    leavers: Vec<LeaverLine>,
    pager: Pager,
}

#[derive(Deserialize)]
pub struct Asked {
    after: Option<String>,
}

/// `GET /imports/{id}/leavers`
pub async fn show(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    need(&visit)?;
    let language = visit.preferences.language;
    let after = filled(&asked.after);
    let (asked_id, asked_after) = (id.clone(), after.clone());
    let (row, found) = visit
        .read(move |view, _| {
            let row = view.import(&asked_id)?.ok_or(PageError::NotFound)?;
            let found = view.leavers(&asked_id, asked_after.as_deref(), PAGE_ROWS)?.ok_or(PageError::NotFound)?;
            Ok((row, found))
        })
        .await?;
    let address = format!("/imports/{}", show::url_part(&id));
    let title = language.say("leavers_title").to_owned();
    let shell = visit.shell(title.clone(), vec![Crumb::link(&address, &row.file_name), Crumb::here(title)]).await?;
    let hidden = || (language.say("leaver_hidden").to_owned(), String::new(), String::new());
    let leavers = found.rows.iter().map(|leaver| {
        let (name, place, address) = leaver.household.as_ref().map_or_else(hidden, |household| {
            let place = format!("{}{}", household.township, household.village);
            (leaver.name.clone(), place, format!("/households/{}", household.household_no))
        });
        LeaverLine { name, place, address }
    });
    page(&LeaversPage {
        shown_total: language.fill("leavers_total", &[("total", &show::total(found.total, language))]),
        leavers: leavers.collect(),
        pager: Pager::new(&format!("{address}/leavers"), &[], after.as_deref(), found.next.as_deref()),
        shell,
    })
}
