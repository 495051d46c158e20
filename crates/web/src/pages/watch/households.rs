//! 农户: found by name, number, last four characters of an identity number, or village.

use crate::http::fields::Fields;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::parts::catalog::Catalog;
use crate::parts::lead_line::head_name;
use crate::parts::list::{Choice, PAGE_ROWS, Pager, filled};
use crate::parts::places::{place_choices, place_text};
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use axum::extract::Query;
use model::RegionCode;
use policy::declare::Permission;
use serde::Deserialize;
use store::HouseholdRow;

/// What the address says.
#[derive(Deserialize)]
pub struct HouseholdsQuery {
    region: Option<String>,
    after: Option<String>,
}

/// Most households that a search shows; a list by place goes on page by page.
const FOUND_MAX: u32 = 200;

/// A household in the list.
pub struct HouseholdLine {
    pub head: String,
    pub members: String,
    pub number: String,
    pub place: String,
    pub has_lead: bool,
}

#[derive(Template)]
#[template(path = "households.html")]
struct HouseholdsPage {
    shell: Shell,
    text: String,
    regions: Vec<Choice>,
    shown_total: String,
    households: Vec<HouseholdLine>,
    pager: Pager,
}

/// `GET /households`: all of a place, page by page.
pub fn show(visit: &Visit<'_>, Query(asked): Query<HouseholdsQuery>) -> Answer {
    let query = HouseholdsListQuery {
        text: String::new(),
        region: filled(&asked.region).and_then(|text| text.parse().ok()),
        after: filled(&asked.after),
        rows: PAGE_ROWS,
    };
    list(visit, query)
}

/// `POST /households`: those that a search finds. Names and numbers of people never stand in an address.
pub fn find(visit: &Visit<'_>, (): (), fields: &Fields) -> Answer {
    let query = HouseholdsListQuery {
        text: fields.text("text").trim().to_owned(),
        region: fields.text("region").parse().ok(),
        after: None,
        rows: FOUND_MAX,
    };
    list(visit, query)
}

struct HouseholdsListQuery {
    text: String,
    region: Option<RegionCode>,
    after: Option<String>,
    rows: u32,
}

fn list(visit: &Visit<'_>, query: HouseholdsListQuery) -> Answer {
    visit.need(Permission::SeeHouseholds)?;
    visit.read_transaction(|visit| page(&households_page(visit, query)?))
}

fn households_page(visit: &Visit<'_>, query: HouseholdsListQuery) -> Result<HouseholdsPage, PageError> {
    let language = visit.preferences.language;
    let HouseholdsListQuery { text, region, after, rows } = query;
    let found = visit.view().households(&text, region, after.as_deref(), rows)?;
    let regions = place_choices(visit.view(), region)?;
    let title = language.say("menu_households").to_owned();
    let shell =
        visit.shell(title.clone(), vec![Crumb::link("/", language.say("menu_workbench")), Crumb::here(title)])?;
    let catalog = Catalog::new(visit.site, language);
    let place = region.map(|place| place.to_string()).unwrap_or_default();
    let next = found.next.as_deref().filter(|_| text.is_empty());
    Ok(HouseholdsPage {
        regions,
        shown_total: language.fill("households_total", &[("total", &show::total(found.total, language))]),
        households: found.rows.iter().map(|row| line(row, &catalog)).collect(),
        pager: Pager::new("/households", &[("region", place.as_str())], after.as_deref(), next),
        text,
        shell,
    })
}

fn line(row: &HouseholdRow, catalog: &Catalog<'_>) -> HouseholdLine {
    HouseholdLine {
        head: head_name(&row.head_name, catalog),
        members: catalog.language.fill("members_count", &[("count", &row.members)]),
        number: row.household_no.to_string(),
        place: place_text(&row.township, &row.village),
        has_lead: row.lead_id.is_some(),
    }
}
