//! One lead: why, with the rows behind it; what happens next; closing in two taps; what was done.

use crate::http::address;
use crate::http::fields::Fields;
use crate::http::language::Language;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page, see_other};
use crate::http::visit::Visit;
use crate::parts::catalog::{ArticleLink, Catalog, LEAD, severity_class};
use crate::parts::evidence::file_names;
use crate::parts::evidence::{EvidenceTable, FileNames, tables};
use crate::parts::lead_line::{head_name, lead_line};
use crate::parts::list::Choice;
use crate::parts::shell::{Crumb, Shell};
use crate::parts::time_line::{EventLine, time_line};
use askama::Template;
use axum::extract::{Path, Query};
use lifecycle::Offer;
use model::{Day, Flag, Kind, ParameterUsed, Reason, ResidentKey, Value};
use policy::declare::{Column, Permission};
use serde::Deserialize;
use std::collections::HashMap;
use store::{Command, LeadFile};

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

pub struct ParameterShown {
    pub label: String,
    pub value: String,
    pub from: String,
    pub source: String,
}

pub struct FlagShown {
    pub because: String,
    pub rows: usize,
    pub tables: Vec<EvidenceTable>,
}

/// A step that may be taken, with the fields to ask for; or why not yet.
pub struct StepShown {
    pub name: String,
    pub label: String,
    pub refusal: Option<(String, String)>,
    pub fields: Vec<FieldAsked>,
}

pub struct FieldAsked {
    pub name: String,
    pub label: String,
    pub required: bool,
    pub is_day: bool,
    pub choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "lead.html")]
struct LeadPage {
    shell: Shell,
    id: String,
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
    sees_household: bool,
    why_title: String,
    reasons: Vec<ReasonShown>,
    flags: Vec<FlagShown>,
    next_text: String,
    steps: Vec<StepShown>,
    given: Vec<(String, String)>,
    history: Vec<EventLine>,
}

#[derive(Deserialize)]
pub struct Asked {
    done: Option<String>,
}

/// `GET /leads/{id}`
pub fn show(visit: &Visit<'_>, (Path(id), Query(asked)): (Path<String>, Query<Asked>)) -> Answer {
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
    let title = language.fill("lead_title", &[("place", &file.row.village)]);
    let crumbs = vec![
        Crumb::link("/", language.say("menu_workbench")),
        Crumb::link("/leads", language.say("menu_leads")),
        Crumb::here(file.row.lead_id.clone()),
    ];
    let shell = visit.shell(title, crumbs)?;
    page(&prepare(visit, shell, &file, &files, &members, asked.done.as_deref()))
}

/// `POST /leads/{id}/step`
pub fn step(visit: &Visit<'_>, Path(id): Path<String>, fields: &Fields) -> Answer {
    visit.need(Permission::SeeLeads)?;
    let language = visit.preferences.language;
    let catalog = Catalog::new(visit.site, language);
    let address = format!("/leads/{}", address::url_part(&id));
    let step = fields.text("step").to_owned();
    let fields = given_fields(&catalog, fields);
    let command = Command::TakeStep { register: LEAD.to_owned(), id, version: None, step: step.clone(), fields };
    visit.apply(command)?.map_err(|refusal| PageError::refused(refusal, language, &address))?;
    Ok(see_other(&address::with(&address, &[("done", &step)])))
}

/// The fields that were sent with the step, by their declared kind; days that are no days are left out.
fn given_fields(catalog: &Catalog<'_>, sent: &Fields) -> Vec<(String, Value)> {
    let value = |name: &str, text: String| {
        let column = catalog.column(LEAD, name)?;
        match column.kind {
            Kind::Day => text.parse().ok().map(Value::Day),
            Kind::Code | Kind::Text => Some(Value::Text(text)),
            _ => None,
        }
    };
    let pairs = sent.with_prefix("field_").into_iter();
    pairs.filter_map(|(name, text)| value(&name, text).map(|value| (name, value))).collect()
}

fn prepare(
    visit: &Visit<'_>,
    shell: Shell,
    file: &LeadFile,
    files: &FileNames,
    members: &HashMap<ResidentKey, String>,
    done: Option<&str>,
) -> LeadPage {
    let language = visit.preferences.language;
    let catalog = Catalog::new(visit.site, language);
    let line = lead_line(&file.row, &catalog, visit.today());
    let steps: Vec<StepShown> = file.offers.iter().map(|offer| step_shown(offer, &catalog)).collect();
    LeadPage {
        shell,
        id: file.row.lead_id.clone(),
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
        done: done.map(|step| language.fill("step_done", &[("step", &catalog.action(LEAD, step))])),
        sees_household: visit.may(Permission::SeeHouseholds),
        why_title: language.fill("lead_why", &[("count", &file.reasons.len())]),
        reasons: file
            .reasons
            .iter()
            .map(|reason| reason_shown(reason, file.row.seen_on, &catalog, files, members))
            .collect(),
        flags: file.flags.iter().map(|flag| flag_shown(flag, &catalog, files)).collect(),
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
fn next_text(state: &str, steps: &[StepShown], catalog: &Catalog<'_>) -> String {
    let key = match steps {
        [] if state == "lapsed" => "next_lapsed",
        [] => "next_closed",
        steps if steps.iter().any(|step| step.refusal.is_none()) => "next_open",
        _ => "next_other",
    };
    catalog.language.say(key).to_owned()
}

fn reason_shown(
    reason: &Reason,
    day: Day,
    catalog: &Catalog<'_>,
    files: &FileNames,
    members: &HashMap<ResidentKey, String>,
) -> ReasonShown {
    let value_name = catalog.rule(&reason.rule).and_then(|rule| rule.value.clone()).unwrap_or_default();
    let member = |key: &ResidentKey| {
        members.get(key).cloned().unwrap_or_else(|| catalog.language.say("member_unknown").to_owned())
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
        tables: tables(&reason.evidence, catalog, files),
    }
}

/// The way to the value in formulas; none where the rule's text has changed since.
fn workings(reason: &Reason, day: Day, catalog: &Catalog<'_>, member: &dyn Fn(&ResidentKey) -> String) -> Vec<String> {
    let language = match catalog.language {
        Language::Chinese => policy::Language::Chinese,
        Language::English => policy::Language::English,
    };
    if reason.rule_version != catalog.package.version(policy::Thing::Rule, &reason.rule) {
        return Vec::new();
    }
    let lines = catalog.package.workings(reason, day, language).unwrap_or_default().into_iter();
    lines
        .map(|line| {
            let about = line.about.as_ref().map_or_else(String::new, |key| format!("({})", member(key)));
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

/// A step with its required fields, and beside them the free text of the register where there is one.
fn step_shown(offer: &Offer, catalog: &Catalog<'_>) -> StepShown {
    let mut fields: Vec<FieldAsked> = offer
        .required
        .iter()
        .filter_map(|name| catalog.column(LEAD, name))
        .map(|column| field_asked(column, true, catalog))
        .collect();
    if !fields.is_empty() {
        let columns = catalog.columns(LEAD).iter();
        let notes = columns.filter(|column| column.kind == Kind::Text && column.class == model::Class::Personal);
        let notes = notes.filter(|column| !offer.required.contains(&column.name));
        fields.extend(notes.map(|column| field_asked(column, false, catalog)));
    }
    let refusal = offer.refusal.as_ref().map(|refusal| {
        let language = catalog.language;
        (
            language.pick(&refusal.why, &refusal.why_en).to_owned(),
            language.pick(&refusal.hint, &refusal.hint_en).to_owned(),
        )
    });
    let label = catalog.language.pick(&offer.label, &offer.label_en).to_owned();
    StepShown { name: offer.step.clone(), label, refusal, fields }
}

fn field_asked(column: &Column, required: bool, catalog: &Catalog<'_>) -> FieldAsked {
    let codes = column.codes.as_deref().map(|list| catalog.codes(list)).unwrap_or_default();
    let label = catalog.column_label(column);
    FieldAsked {
        name: column.name.clone(),
        label: if required { label } else { catalog.language.fill("field_optional", &[("label", &label)]) },
        required,
        is_day: column.kind == Kind::Day,
        choices: Choice::list(codes, ""),
    }
}

fn given_shown(file: &LeadFile, catalog: &Catalog<'_>) -> Vec<(String, String)> {
    let shown = file.fields.iter().filter_map(|(name, value)| {
        let column = catalog.column(LEAD, name).filter(|_| !value.is_null())?;
        Some((catalog.column_label(column), catalog.column_value(column, value)))
    });
    shown.collect()
}
