//! 不在新名单内的人: whose rows a delivery took out of a list, or would take out; by name for whoever may see them.

use crate::http::address;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::pages::files::imports::need;
use crate::parts::list::{PAGE_ROWS, Pager, filled};
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use axum::extract::{Path, Query};
use serde::Deserialize;

/// Somebody whose rows go, and where the household is.
pub struct LeaverLine {
    pub name: String,
    pub place: String,
    /// Where the household is shown.
    pub address: String,
}

#[derive(Template)]
#[template(path = "import_leavers.html")]
struct LeaversPage {
    shell: Shell,
    shown_total: String,
    leavers: Vec<LeaverLine>,
    /// How many of them the reader may not see; nothing where there is none.
    hidden: Option<String>,
    pager: Pager,
}

/// What the address says.
#[derive(Deserialize)]
pub struct ImportLeaversQuery {
    after: Option<String>,
}

/// `GET /imports/{id}/leavers`
pub fn show(visit: &Visit<'_>, (Path(id), Query(asked)): (Path<String>, Query<ImportLeaversQuery>)) -> Answer {
    need(visit)?;
    let language = visit.preferences.language;
    let after = filled(&asked.after);
    let view = visit.view();
    let row = view.import(&id)?.ok_or(PageError::NotFound)?;
    let found = view.leavers(&id, after.as_deref(), PAGE_ROWS)?.ok_or(PageError::NotFound)?;
    let address = format!("/imports/{}", address::url_part(&id));
    let title = language.say("leavers_title").to_owned();
    let shell = visit.shell(title.clone(), vec![Crumb::link(&address, &row.file_name), Crumb::here(title)])?;
    let leavers = found.rows.iter().filter_map(|leaver| {
        let household = leaver.household.as_ref()?;
        let place = format!("{}{}", household.township, household.village);
        let address = format!("/households/{}", household.household_no);
        Some(LeaverLine { name: leaver.name.clone(), place, address })
    });
    let leavers: Vec<LeaverLine> = leavers.collect();
    let hidden = found.rows.len() - leavers.len();
    let is_all = after.is_none() && found.next.is_none();
    let hidden_key = if is_all { "leavers_hidden" } else { "leavers_hidden_here" };
    page(&LeaversPage {
        hidden: (hidden > 0).then(|| language.fill(hidden_key, &[("count", &hidden)])),
        shown_total: language.fill("leavers_total", &[("total", &show::total(found.total, language))]),
        leavers,
        pager: Pager::new(&format!("{address}/leavers"), &[], after.as_deref(), found.next.as_deref()),
        shell,
    })
}
