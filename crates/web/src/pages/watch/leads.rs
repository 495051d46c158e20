//! 线索: the list, filtered by place, risk, rule, state and text, most urgent first.
//!
//! A list without a text has an address of its own. A text may be a name, which never stands in an address: it is sent with
//! a form, and so are the further pages of what it finds.

use crate::http::address;
use crate::http::fields::Fields;
use crate::http::route::Answer;
use crate::http::trouble::{page, see_other};
use crate::http::visit::Visit;
use crate::jobs::{ALL, FINAL, LeadsFilter, OPEN, OVERDUE, SOON};
use crate::parts::catalog::Catalog;
use crate::parts::lead_line::{LeadLine, lead_line};
use crate::parts::list::{Choice, PAGE_ROWS, Pager, filled};
use crate::parts::places::place_choices;
use crate::parts::record_search::{self, DUE_BEFORE, DUE_FROM, IS, REGION, STATE, TEXT};
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use axum::extract::Query;
use policy::declare::{Permission, Register, RuleKind};
use serde::Deserialize;
use store::{Condition, LeadFilter, Predicate, RecordFilter};

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct LeadsQuery {
    region: Option<String>,
    risk: Option<String>,
    rule: Option<String>,
    state: Option<String>,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "leads.html")]
struct LeadsPage {
    shell: Shell,
    regions: Vec<Choice>,
    risks: Vec<Choice>,
    rules: Vec<Choice>,
    states: Vec<Choice>,
    text: String,
    shown_total: String,
    filter_fields: Vec<(&'static str, String)>,
    /// Name of the register of leads, where the actor may take its records away.
    exported: Option<String>,
    /// What asks the register for the same list.
    export_fields: Vec<(String, String)>,
    leads: Vec<LeadLine>,
    pager: Pager,
    /// Where further pages of a search begin: the first page, and the next one.
    search_pages: Vec<(&'static str, String)>,
}

/// `GET /leads`
pub fn show(visit: &Visit<'_>, Query(asked): Query<LeadsQuery>) -> Answer {
    list(visit, wanted(&asked), filled(&asked.after))
}

/// `POST /leads`: what a search by text finds. A form without a text leads to the list's own address.
pub fn find(visit: &Visit<'_>, (): (), sent: &Fields) -> Answer {
    let field = |name: &str| Some(sent.text(name).to_owned());
    let [region, risk, rule, state, after] = ["region", "risk", "rule", "state", "after"].map(field);
    let asked = LeadsQuery { region, risk, rule, state, after };
    let wanted = LeadsFilter { text: filled(&field("text")), ..wanted(&asked) };
    if wanted.text.is_none() {
        let fields = fields(&wanted);
        let parameters: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        return Ok(see_other(&address::with("/leads", &parameters)));
    }
    list(visit, wanted, filled(&asked.after))
}

fn list(visit: &Visit<'_>, wanted: LeadsFilter, after: Option<String>) -> Answer {
    visit.need(Permission::SeeLeads)?;
    let language = visit.preferences.language;
    let filter = wanted.for_store(visit.today());
    let found = visit.view().leads(&filter, after.as_deref(), PAGE_ROWS)?;
    let regions = place_choices(visit.view(), wanted.region)?;
    let title = language.say("menu_leads").to_owned();
    let shell =
        visit.shell(title.clone(), vec![Crumb::link("/", language.say("menu_workbench")), Crumb::here(title)])?;
    let catalog = Catalog::new(visit.site, language);
    let fields = fields(&wanted);
    let may_export = |register: &Register| visit.view().has_right(register, &register.may_export);
    let exported = catalog.register(catalog.lead()).filter(|register| may_export(register));
    let parameters: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (pager, search_pages) = match wanted.text {
        None => (Pager::new("/leads", &parameters, after.as_deref(), found.next.as_deref()), Vec::new()),
        Some(_) => (Pager { first: None, next: None }, search_pages(after.as_deref(), found.next.as_deref())),
    };
    page(&LeadsPage {
        regions,
        risks: Choice::list(catalog.codes(crate::parts::catalog::RISKS), wanted.risk.as_deref().unwrap_or_default()),
        rules: Choice::list(screening_rules(&catalog), wanted.rule.as_deref().unwrap_or_default()),
        states: states(&catalog, wanted.state.as_deref().unwrap_or_default()),
        text: wanted.text.clone().unwrap_or_default(),
        shown_total: language.fill("leads_total", &[("total", &show::total(found.total, language))]),
        pager,
        search_pages,
        leads: found.rows.iter().map(|row| lead_line(row, &catalog, visit.today())).collect(),
        filter_fields: fields,
        exported: exported.map(|_| catalog.lead().to_owned()),
        export_fields: export_fields(&filter),
        shell,
    })
}

fn wanted(asked: &LeadsQuery) -> LeadsFilter {
    LeadsFilter {
        region: filled(&asked.region).and_then(|text| text.parse().ok()),
        risk: filled(&asked.risk),
        rule: filled(&asked.rule),
        state: filled(&asked.state),
        text: None,
    }
}

/// Words of the buttons for further pages, and where those begin.
fn search_pages(after: Option<&str>, next: Option<&str>) -> Vec<(&'static str, String)> {
    let first = after.map(|_| ("page_first", String::new()));
    first.into_iter().chain(next.map(|next| ("page_next", next.to_owned()))).collect()
}

/// The fields of a form that asks for the same list.
fn fields(wanted: &LeadsFilter) -> Vec<(&'static str, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let all = [
        ("region", wanted.region.map(|place| place.to_string()).unwrap_or_default()),
        ("risk", text(&wanted.risk)),
        ("rule", text(&wanted.rule)),
        ("state", text(&wanted.state)),
        ("text", text(&wanted.text)),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// The inputs of the register's search that ask for the same list.
fn export_fields(filter: &LeadFilter) -> Vec<(String, String)> {
    let RecordFilter { region, state, open, due_from, due_before, text, conditions, .. } = filter.records();
    let open = open.map(|open| if open { "yes" } else { "no" }.to_owned());
    let shown = [
        (REGION, region.map(|place| place.to_string())),
        (STATE, state),
        (record_search::OPEN, open),
        (DUE_FROM, due_from.map(|day| day.to_string())),
        (DUE_BEFORE, due_before.map(|day| day.to_string())),
        (TEXT, text),
    ];
    let of_list = shown.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let of_fields = conditions.into_iter().filter_map(|Condition { field, test }| match test {
        Predicate::Is(value) => Some((format!("{IS}{field}"), value.to_string())),
        _ => None,
    });
    of_list.chain(of_fields).collect()
}

fn screening_rules(catalog: &Catalog<'_>) -> Vec<(String, String)> {
    let rules = catalog.package.rules.iter().filter(|(_, rule)| rule.kind == RuleKind::Screening);
    rules.map(|(name, _)| (name.clone(), catalog.rule_label(name))).collect()
}

fn states(catalog: &Catalog<'_>, chosen: &str) -> Vec<Choice> {
    let say = |key: &str| catalog.language.say(key).to_owned();
    let mut pairs = vec![
        (OPEN.to_owned(), say("state_not_closed")),
        (OVERDUE.to_owned(), say("state_overdue")),
        (SOON.to_owned(), say("state_soon")),
    ];
    let declared = catalog.register(catalog.lead()).map(|register| register.state.as_slice()).unwrap_or_default();
    pairs.extend(declared.iter().map(|state| (state.name.clone(), catalog.state(catalog.lead(), &state.name))));
    pairs.push((FINAL.to_owned(), say("state_final")));
    pairs.push((ALL.to_owned(), say("all")));
    Choice::list(pairs, chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_is_asked_for_the_same_list() {
        let today = "2026-11-23".parse().expect("a day");
        let asked = |state: &str, text: &str| {
            let wanted = LeadsFilter {
                region: "513437".parse().ok(),
                risk: Some("01".to_owned()),
                rule: Some("far_below".to_owned()),
                state: Some(state.to_owned()),
                text: Some(text.to_owned()).filter(|text| !text.is_empty()),
            };
            let fields = export_fields(&wanted.for_store(today));
            fields.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
        };
        let fields = "is-risk_code=01 is-reason.rule=far_below";
        for (state, text, expected) in [
            (OPEN, "", "open=yes "),
            (OVERDUE, "", "open=yes due_before=2026-11-23 "),
            (SOON, "阿依", "open=yes due_from=2026-11-23 due_before=2026-11-27 text=阿依 "),
            (FINAL, "", "open=no "),
            (ALL, "", ""),
            ("in_progress", "", "state=in_progress "),
        ] {
            assert_eq!(asked(state, text), format!("region=513437000000 {expected}{fields}"), "{state}");
        }
    }

    #[test]
    fn empty_fields_do_not_filter() {
        let asked = LeadsQuery {
            region: Some(String::new()),
            risk: Some("  ".into()),
            state: Some(" overdue ".into()),
            ..LeadsQuery::default()
        };
        let wanted = wanted(&asked);
        assert_eq!((wanted.region, wanted.risk.clone()), (None, None));
        assert_eq!(fields(&wanted), [("state", "overdue".to_owned())]);
    }
}
