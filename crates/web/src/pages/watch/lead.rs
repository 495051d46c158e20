//! One lead: why, with the rows behind it; what happens next; closing in two taps; what was done.

use crate::http::route::Answer;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::pages::records::record::record_address;
use crate::pages::records::record_course::{FollowedLine, followed};
use crate::pages::records::record_steps::{RecordStep, record_steps};
use crate::parts::catalog::{ArticleLink, Catalog, severity_class};
use crate::parts::evidence::file_names;
use crate::parts::evidence::{EvidenceTable, FileNames, tables};
use crate::parts::lead_line::{head_name, lead_line};
use crate::parts::shell::{Crumb, Shell};
use crate::parts::time_line::{EventLine, time_line};
use askama::Template;
use axum::extract::{Path, Query};
use model::{Day, Flag, ParameterUsed, Reason, ResidentKey, Version};
use policy::declare::Permission;
use serde::Deserialize;
use std::collections::HashMap;
use store::LeadFile;

/// A reason as the page shows it.
pub struct ReasonShown {
    pub because: String,
    pub rule: String,
    pub rule_label: String,
    pub risk: String,
    pub severity: &'static str,
    pub class: &'static str,
    pub member: Option<String>,
    pub value: String,
    pub line: Option<String>,
    pub articles: Vec<ArticleLink>,
    pub parameters: Vec<ParameterShown>,
    /// The formulas from the value down to the rows.
    pub workings: Vec<String>,
    pub rows: usize,
    pub tables: Vec<EvidenceTable>,
}

/// A parameter that a reason stands on: its value, the day it is in force from, its source.
pub struct ParameterShown {
    pub label: String,
    pub value: String,
    pub from: String,
    pub source: String,
}

/// A reason to doubt, with the rows behind it.
pub struct FlagShown {
    pub because: String,
    pub rows: usize,
    pub tables: Vec<EvidenceTable>,
}

#[derive(Template)]
#[template(path = "lead.html")]
struct LeadPage {
    shell: Shell,
    head: String,
    household_no: String,
    place: String,
    risk: String,
    risk_class: &'static str,
    state: String,
    left: Option<(String, &'static str)>,
    dates: String,
    stale: bool,
    done: Option<String>,
    followed: Vec<FollowedLine>,
    sees_household: bool,
    why_title: String,
    reasons: Vec<ReasonShown>,
    flags: Vec<FlagShown>,
    next_text: String,
    /// Page of the lead as a record: its versions, as of any day.
    address: String,
    version: Version,
    steps: Vec<RecordStep>,
    given: Vec<(String, String)>,
    history: Vec<EventLine>,
}

/// The step that was just taken, for the line that confirms it.
#[derive(Deserialize)]
pub struct LeadQuery {
    done: Option<String>,
}

/// `GET /leads/{id}`
pub fn show(visit: &Visit<'_>, (Path(id), Query(asked)): (Path<String>, Query<LeadQuery>)) -> Answer {
    visit.need(Permission::SeeLeads)?;
    let language = visit.preferences.language;
    let today = visit.today();
    let view = visit.view();
    let file = view.lead(&id, today)?.ok_or(PageError::NotFound)?;
    let household = view.household(file.row.household_no)?;
    let members = household.map(|household| household.members).unwrap_or_default();
    let members: HashMap<ResidentKey, String> =
        members.into_iter().map(|member| (member.resident_key, member.name)).collect();
    let files = file_names(view)?;
    let catalog = Catalog::new(visit.site, language);
    let register = catalog.register(catalog.lead()).ok_or(PageError::NotFound)?;
    let steps = record_steps(view, &catalog, register, &file.record, today, None)?;
    let title = language.fill("lead_title", &[("place", &file.row.village)]);
    let crumbs = vec![
        Crumb::link("/", language.say("menu_workbench")),
        Crumb::link("/leads", language.say("menu_leads")),
        Crumb::here(file.row.lead_id.clone()),
    ];
    let shell = visit.shell(title, crumbs)?;
    page(&prepare(visit, shell, &file, &LeadNames { files, members }, steps, asked.done.as_deref()))
}

/// Names that a lead is shown with: of handed-in files, and of the members of the household.
struct LeadNames {
    files: FileNames,
    members: HashMap<ResidentKey, String>,
}

fn prepare(
    visit: &Visit<'_>,
    shell: Shell,
    file: &LeadFile,
    names: &LeadNames,
    steps: Vec<RecordStep>,
    done: Option<&str>,
) -> LeadPage {
    let language = visit.preferences.language;
    let catalog = Catalog::new(visit.site, language);
    let line = lead_line(&file.row, &catalog, visit.today());
    LeadPage {
        shell,
        head: head_name(&file.row.head_name, &catalog),
        household_no: file.row.household_no.to_string(),
        place: line.place,
        risk: line.risk,
        risk_class: line.class,
        next_text: next_text(&file.row.state, &steps, &catalog),
        state: line.state,
        left: line.left,
        dates: dates(file, &catalog),
        stale: file.row.stale,
        done: done.map(|step| language.fill("step_done", &[("step", &catalog.action(catalog.lead(), step))])),
        followed: if done.is_some() { followed(&file.record.course, &catalog) } else { Vec::new() },
        sees_household: visit.may(Permission::SeeHouseholds),
        why_title: language.fill("lead_why", &[("count", &file.reasons.len())]),
        reasons: file.reasons.iter().map(|reason| reason_shown(reason, file.row.seen_on, &catalog, names)).collect(),
        flags: file.flags.iter().map(|flag| flag_shown(flag, &catalog, &names.files)).collect(),
        address: record_address(catalog.lead(), &file.record.id),
        version: file.record.version,
        steps,
        given: given_shown(file, &catalog),
        history: time_line(&file.history, &catalog),
    }
}

fn dates(file: &LeadFile, catalog: &Catalog<'_>) -> String {
    let due = file.row.due_on.map_or("–".to_owned(), |day| day.to_string());
    let values: [(&str, &dyn std::fmt::Display); 4] =
        [("raised", &file.row.raised_on), ("seen", &file.row.seen_on), ("known", &file.known), ("due", &due)];
    catalog.language.fill("lead_dates", &values)
}

/// What happens next, in a sentence.
fn next_text(state: &str, steps: &[RecordStep], catalog: &Catalog<'_>) -> String {
    let register = catalog.register(catalog.lead());
    let is_lapsed = register.and_then(|register| register.state_named(state)).is_some_and(|state| state.is_lapsed);
    let key = match steps {
        [] if is_lapsed => "next_lapsed",
        [] => "next_closed",
        steps if steps.iter().any(|step| step.refusal.is_none()) => "next_open",
        _ => "next_other",
    };
    catalog.language.say(key).to_owned()
}

fn reason_shown(reason: &Reason, day: Day, catalog: &Catalog<'_>, names: &LeadNames) -> ReasonShown {
    let value_name = catalog.rule(&reason.rule).and_then(|rule| rule.value.clone()).unwrap_or_default();
    let member = |key: &ResidentKey| {
        names.members.get(key).cloned().unwrap_or_else(|| catalog.language.say("member_unknown").to_owned())
    };
    ReasonShown {
        because: catalog.language.pick(&reason.because, &reason.because_en).to_owned(),
        rule: reason.rule.clone(),
        rule_label: catalog.rule_label(&reason.rule),
        risk: catalog.risk(&reason.risk),
        severity: catalog.severity(reason.severity),
        class: severity_class(reason.severity),
        member: reason.resident_key.as_ref().map(member),
        value: catalog.fact_value(&value_name, &reason.value),
        line: reason.line.as_ref().filter(|line| !line.is_null()).map(|line| catalog.fact_value(&value_name, line)),
        articles: catalog.articles(&reason.articles),
        parameters: reason.parameters.iter().map(|used| parameter_shown(used, catalog)).collect(),
        workings: workings(reason, day, catalog, &member),
        rows: reason.evidence.len(),
        tables: tables(&reason.evidence, catalog, &names.files),
    }
}

/// The way to the value in formulas; none where the rule's text has changed since.
fn workings(reason: &Reason, day: Day, catalog: &Catalog<'_>, member: &dyn Fn(&ResidentKey) -> String) -> Vec<String> {
    if reason.rule_version != catalog.package.version(policy::Thing::Rule, &reason.rule) {
        return Vec::new();
    }
    let lines = catalog.package.workings(reason, day, catalog.language).unwrap_or_default().into_iter();
    lines
        .map(|line| {
            let about = line
                .about
                .as_ref()
                .map_or_else(String::new, |key| catalog.language.fill("working_about", &[("member", &member(key))]));
            format!("{}{about} {} = {}", line.label, line.value, line.formula)
        })
        .collect()
}

fn parameter_shown(used: &ParameterUsed, catalog: &Catalog<'_>) -> ParameterShown {
    let from = used.from.map_or("–".to_owned(), |day| day.to_string());
    let published = used.published.filter(|published| Some(*published) != used.from);
    ParameterShown {
        label: catalog.parameter_label(&used.name),
        value: catalog.parameter_value(&used.name, &used.value),
        from: match published {
            Some(day) => catalog.language.fill("parameter_published", &[("from", &from), ("published", &day)]),
            None => from,
        },
        source: used.source.clone(),
    }
}

fn flag_shown(flag: &Flag, catalog: &Catalog<'_>, files: &FileNames) -> FlagShown {
    FlagShown {
        because: catalog.language.pick(&flag.because, &flag.because_en).to_owned(),
        rows: flag.evidence.len(),
        tables: tables(&flag.evidence, catalog, files),
    }
}

fn given_shown(file: &LeadFile, catalog: &Catalog<'_>) -> Vec<(String, String)> {
    let shown = file.fields.iter().filter_map(|(name, value)| {
        let column = catalog.column(catalog.lead(), name).filter(|_| !value.is_null())?;
        Some((catalog.column_label(column), catalog.column_value(column, value)))
    });
    shown.collect()
}
