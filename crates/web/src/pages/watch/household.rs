//! 一户一档: members, fields, facts with where each came from, leads and the time line of one household.

use crate::http::route::Answer;
use crate::http::site::FactLine;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::pages::watch::household_records::{HouseholdRecords, household_records};
use crate::parts::catalog::Catalog;
use crate::parts::evidence::file_names;
use crate::parts::evidence::{EvidenceTable, FileNames, rows_text, tables};
use crate::parts::lead_line::{LeadLine, head_name, lead_line};
use crate::parts::places::place_text;
use crate::parts::readable::readable;
use crate::parts::shell::{Crumb, Shell};
use crate::parts::time_line::{EventLine, time_line};
use askama::Template;
use axum::extract::Path;
use model::{HouseholdNo, ResidentKey, Value};
use policy::declare::{Fact, Permission};
use std::collections::HashMap;
use store::{FieldShown, HouseholdFile, MemberShown};

/// A member of the household as its page shows them.
pub struct Member {
    pub name: String,
    /// The most telling fields in a line.
    pub short: String,
    pub fields: Vec<(String, String)>,
    pub origin: String,
}

/// A fact with where it came from.
pub struct FactShown {
    pub label: String,
    pub member: Option<String>,
    pub value: String,
    pub how: String,
    pub tables: Vec<EvidenceTable>,
}

#[derive(Template)]
#[template(path = "household.html")]
struct HouseholdPage {
    shell: Shell,
    head: String,
    number: String,
    place: String,
    origin: String,
    names_shown: bool,
    members_title: String,
    members: Vec<Member>,
    fields: Vec<(String, String)>,
    facts_note: String,
    facts: Vec<FactShown>,
    leads: Vec<LeadLine>,
    records: Vec<HouseholdRecords>,
    history: Vec<EventLine>,
}

/// `GET /households/{number}`
pub fn show(visit: &Visit<'_>, Path(number): Path<String>) -> Answer {
    visit.need(Permission::SeeHouseholds)?;
    let number = HouseholdNo::parse(&number).ok_or(PageError::NotFound)?;
    let language = visit.preferences.language;
    let today = visit.today();
    let view = visit.view();
    let file = view.household(number)?.ok_or(PageError::NotFound)?;
    let day = view.last_screening()?.map_or(today, |screening| screening.day);
    let facts = visit.site.gateway.facts_of(number, file.region, day).inspect_err(|cause| {
        tracing::warn!(%cause, "the facts of a household cannot be shown");
    });
    let catalog = Catalog::new(visit.site, language);
    let records = household_records(view, &catalog, number)?;
    let files = file_names(view)?;
    let title = language.fill("household_title", &[("place", &file.village)]);
    let crumbs = vec![
        Crumb::link("/", language.say("menu_workbench")),
        Crumb::link("/households", language.say("menu_households")),
        Crumb::here(file.household_no.to_string()),
    ];
    let shell = visit.shell(title, crumbs)?;
    let (facts_note, facts) = match facts {
        Err(_) => (language.say("facts_failed").to_owned(), Vec::new()),
        Ok(lines) => (language.fill("facts_about", &[("day", &day)]), facts_shown(&lines, &file, &catalog, &files)),
    };
    page(&HouseholdPage {
        head: head_name(&file.head_name, &catalog),
        number: file.household_no.to_string(),
        place: place_text(&file.township, &file.village),
        origin: origin(&file.origin, &catalog, &files),
        names_shown: visit.may(Permission::SeeNames),
        members_title: language.fill("members_title", &[("count", &file.members.len())]),
        members: file.members.iter().map(|member| member_shown(member, &catalog, &files)).collect(),
        fields: fields_shown("household", &file.fields, &catalog),
        facts_note,
        facts,
        leads: file.leads.iter().map(|row| lead_line(row, &catalog, today)).collect(),
        records,
        history: time_line(&file.history, &catalog),
        shell,
    })
}

/// Where a record came from: file and row.
fn origin((file, row): &(String, u32), catalog: &Catalog<'_>, files: &FileNames) -> String {
    if file.is_empty() {
        return catalog.language.say("origin_unknown").to_owned();
    }
    let name = files.get(file).cloned().unwrap_or_else(|| catalog.language.fill("evidence_file", &[("file", file)]));
    catalog.language.fill("origin", &[("file", &name), ("row", row)])
}

/// Labels and values of the fields that are filled.
fn fields_shown(register: &str, fields: &[FieldShown], catalog: &Catalog<'_>) -> Vec<(String, String)> {
    let filled = fields.iter().filter(|field| !field.value.is_null());
    filled.map(|field| field_shown(register, field, catalog)).collect()
}

fn field_shown(register: &str, field: &FieldShown, catalog: &Catalog<'_>) -> (String, String) {
    match catalog.column(register, &field.name) {
        Some(column) if field.masked => (catalog.column_label(column), field.value.to_string()),
        Some(column) => (catalog.column_label(column), catalog.column_value(column, &field.value)),
        None => (catalog.language.pick(&field.label, &field.label_en).to_owned(), field.value.to_string()),
    }
}

fn member_shown(member: &MemberShown, catalog: &Catalog<'_>, files: &FileNames) -> Member {
    let fields = fields_shown("resident", &member.fields, catalog);
    // Codes in declared order begin with what tells most: relation, sex, group ...
    let coded = member.fields.iter().filter(|field| field.codes.is_some() && !field.value.is_null());
    let short: Vec<String> = coded.take(2).map(|field| field_shown("resident", field, catalog).1).collect();
    Member {
        name: member.name.clone(),
        short: short.join(" · "),
        fields,
        origin: origin(&member.origin, catalog, files),
    }
}

fn facts_shown(lines: &[FactLine], file: &HouseholdFile, catalog: &Catalog<'_>, files: &FileNames) -> Vec<FactShown> {
    let names: HashMap<ResidentKey, &str> =
        file.members.iter().map(|member| (member.resident_key, member.name.as_str())).collect();
    lines
        .iter()
        .filter(|line| says_something(&line.value))
        .filter_map(|line| {
            let fact = catalog.fact(&line.fact)?;
            let unknown = catalog.language.say("member_unknown");
            Some(FactShown {
                label: catalog.value_label(&line.fact)?,
                member: line.resident_key.map(|key| names.get(&key).copied().unwrap_or(unknown).to_owned()),
                value: catalog.fact_value(&line.fact, &line.value),
                how: how(fact, line, catalog),
                tables: tables(&line.evidence, catalog, files),
            })
        })
        .collect()
}

/// Facts that are unknown, nothing or no are left out: a page of zeros hides what matters.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) | Value::Int(0) => false,
        Value::Fen(fen) => fen.0 != 0,
        _ => true,
    }
}

/// Where a fact comes from: rows of a dataset, or other facts.
fn how(fact: &Fact, line: &FactLine, catalog: &Catalog<'_>) -> String {
    match (&fact.aggregate, &fact.derived) {
        (Some(aggregate), _) => catalog.language.fill(
            "fact_from_rows",
            &[
                ("dataset", &catalog.dataset(&aggregate.from)),
                ("rows", &rows_text(line.evidence.len(), catalog.language)),
            ],
        ),
        (_, Some(derived)) => catalog.language.fill("fact_derived", &[("formula", &readable(&derived.value, catalog))]),
        _ => String::new(),
    }
}
