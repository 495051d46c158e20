//! 导入台账: a file is looked at first; what it would do is shown, and then it is taken in or left.

use crate::http::address;
use crate::http::fields::Fields;
use crate::http::form::small_text;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page, see_other};
use crate::http::visit::{Caller, Visit};
use crate::jobs::{ChangeSample, IMPORT, ImportOrder, ImportOutcome, PreviewOutcome};
use crate::pages::files::column_choice::{self, ColumnForm};
use crate::pages::files::job::{JobShown, shown};
use crate::pages::files::preview_address::{address, order_of};
use crate::pages::files::upload::{StoredUpload, broken_form, refused, store_upload};
use crate::pages::records::registers::register_seen;
use crate::parts::catalog::{Catalog, NamedRegister};
use crate::parts::fault_list::{Effect, FaultList, Found};
use crate::parts::field::text_of;
use crate::parts::list::{Card, Pager};
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{Path, Query};
use model::{Day, Value};
use policy::declare::Register;
use serde::Deserialize;
use store::{Job, JobState};
use words::Language;

/// Jobs among which an earlier order of the same import is looked for.
const JOBS_MAX: u32 = 200;
/// Without script the page is asked for again after so many seconds.
const AGAIN_SECONDS: u32 = 3;

/// A changed record of the sample.
pub struct SampleLine {
    pub row: u32,
    pub address: String,
    pub changes: Vec<(String, String, String)>,
}

/// What a file would do, as the page shows it.
pub struct PreviewShown {
    pub refusal: String,
    /// Where the file waits for an answer.
    pub choice: Option<ColumnForm>,
    pub remark: String,
    /// How many rows of child records would go, where some would.
    pub gone: Option<String>,
    pub cards: Vec<Card>,
    pub sample: Vec<SampleLine>,
    pub fault_file: Option<String>,
    pub found: FaultList,
    /// There is something to take in.
    pub is_useful: bool,
}

#[derive(Template)]
#[template(path = "register_import.html")]
struct RegisterImportPage {
    shell: Shell,
    say: Language,
    name: String,
    today: String,
    file_name: String,
    job_id: i64,
    /// The preview while it is not done well.
    job: Option<JobShown>,
    preview: Option<PreviewShown>,
    /// The faults stand on one page.
    pager: Pager,
}

/// What the address says.
#[derive(Deserialize)]
pub struct RegisterImportQuery {
    job: Option<i64>,
}

/// The register, if the role may import it.
fn may_import<'v>(visit: &Visit<'v>, name: &str) -> Result<&'v Register, PageError> {
    let register = register_seen(visit, name)?;
    let view = visit.view();
    if view.has_right(register, &register.may_import) { Ok(register) } else { Err(PageError::Forbidden) }
}

/// `GET /registers/{name}/import`
pub fn show(visit: &Visit<'_>, (Path(name), Query(asked)): (Path<String>, Query<RegisterImportQuery>)) -> Answer {
    let register = may_import(visit, &name)?;
    let language = visit.preferences.language;
    let catalog = Catalog::new(visit.site, language);
    let job = match asked.job {
        Some(id) => Some(preview_job(visit, &name, id)?),
        None => None,
    };
    let title = language.fill("register_import_title", &[("register", &catalog.dataset(&name))]);
    let home = format!("/registers/{}/records", address::url_part(&name));
    let crumbs = vec![Crumb::link(&home, catalog.dataset(&name)), Crumb::here(language.say("register_import_here"))];
    let mut shell = visit.shell(title, crumbs)?;
    let done = job.as_ref().filter(|(job, _)| job.state == JobState::Done);
    let outcome = done.and_then(|(job, _)| outcome_of(job)).and_then(|outcome| outcome.preview);
    let preview = job
        .as_ref()
        .zip(outcome)
        .map(|(job, outcome)| prepare(&outcome, job, NamedRegister { name: &name, register }, &catalog));
    let waiting = job.as_ref().filter(|_| preview.is_none()).map(|(job, _)| shown(job, &catalog));
    shell.again_after = waiting.as_ref().is_some_and(|job| job.is_open).then_some(AGAIN_SECONDS);
    page(&RegisterImportPage {
        shell,
        say: language,
        today: visit.today().to_string(),
        file_name: job.as_ref().map(|(_, order)| order.original_name.clone()).unwrap_or_default(),
        job_id: asked.job.unwrap_or_default(),
        job: waiting,
        preview,
        pager: Pager::default(),
        name,
    })
}

/// The actor's own preview of a file of this register.
fn preview_job(visit: &Visit<'_>, name: &str, id: i64) -> Result<(Job, ImportOrder), PageError> {
    let job = visit.job(id)?;
    let order = order_of(&job).filter(|order| order.preview && order.dataset == name).ok_or(PageError::NotFound)?;
    Ok((job, order))
}

fn outcome_of(job: &Job) -> Option<ImportOutcome> {
    serde_json::from_value(job.result.clone()?).ok()
}

fn prepare(
    outcome: &PreviewOutcome,
    (job, order): &(Job, ImportOrder),
    register: NamedRegister<'_>,
    catalog: &Catalog<'_>,
) -> PreviewShown {
    let card = |key: &str, number: u64, class| Card::of_rows(catalog, key, number, class);
    let left = outcome.unmatched + outcome.outside;
    let download = |file: &String| format!("/jobs/{}/files/{}", job.id, address::url_part(file));
    PreviewShown {
        refusal: outcome.refusal.of(catalog.language).to_owned(),
        choice: outcome
            .column_question
            .as_ref()
            .map(|question| column_choice::form(job.id, register.name, question, catalog)),
        remark: outcome.remark.of(catalog.language).to_owned(),
        gone: (outcome.rows_gone > 0)
            .then(|| catalog.language.fill("preview_rows_gone", &[("count", &show::count(outcome.rows_gone))])),
        cards: vec![
            card("preview_added", outcome.added, "sw-green"),
            card("preview_changed", outcome.changed, "sw-amber"),
            card("preview_unchanged", outcome.unchanged, ""),
            card("preview_refused", outcome.refused, "sw-red"),
            card("preview_outside", left, "sw-amber"),
            card("preview_faults", outcome.faults, "sw-amber"),
            card("preview_remarks", outcome.remarks, "sw-amber"),
        ],
        sample: outcome.sample.iter().map(|one| sample_line(one, register, catalog)).collect(),
        fault_file: outcome.fault_file.as_ref().map(download),
        found: found(outcome, &order.original_name, catalog.language),
        is_useful: outcome.refusal.is_empty() && outcome.added + outcome.changed + outcome.unchanged > 0,
    }
}

/// The faults and the rows for which nobody was found, as the receipt of the import would list them.
fn found(outcome: &PreviewOutcome, file: &str, language: Language) -> FaultList {
    let faults: Vec<&model::Fault> = outcome.first_faults.iter().collect();
    let found = Found {
        file,
        counts: &outcome.fault_counts,
        faults: &faults,
        is_paged: false,
        unmatched: &outcome.unmatched_counts,
        effect: Effect::Looked,
    };
    FaultList::new(&found, language)
}

fn sample_line(sample: &ChangeSample, register: NamedRegister<'_>, catalog: &Catalog<'_>) -> SampleLine {
    let plain = |value: &Value| if value.is_null() { "–".to_owned() } else { value.to_string() };
    let change = |change: &crate::jobs::FieldChange| match register.register.field_named(&change.field) {
        Some(column) => {
            let text = |value: &Value| match value {
                Value::Null => "–".to_owned(),
                value => text_of(column, value, catalog),
            };
            (catalog.column_label(column), text(&change.before), text(&change.after))
        }
        None => {
            let child = register.register.child_named(&change.field);
            let label = child.map_or("", |child| catalog.language.pick(&child.label, &child.label_en));
            let label = catalog.language.fill("preview_children", &[("label", &label)]);
            (label, plain(&change.before), plain(&change.after))
        }
    };
    SampleLine {
        row: sample.row,
        address: format!(
            "/registers/{}/records/{}",
            address::url_part(register.name),
            address::url_part(&sample.record)
        ),
        changes: sample.changes.iter().map(change).collect(),
    }
}

/// `POST /registers/{name}/import`: the file is kept in the inbox and looked at.
pub async fn take(caller: Caller, Path(name): Path<String>, mut form: Multipart) -> Answer {
    may_import(&caller.visit(), &name)?;
    let back = address(&name);
    let (mut day, mut proved) = (String::new(), false);
    while let Some(field) = form.next_field().await.map_err(broken_form)? {
        match field.name().unwrap_or_default() {
            "form_token" => proved = caller.form_secret().made(small_text(field).await?.trim()),
            "day" => day = small_text(field).await?,
            "file" if proved => {
                let day: Option<Day> = day.trim().parse().ok();
                let day = day.filter(|day| *day <= caller.visit().today());
                let day = day.ok_or_else(|| refused(caller.preferences, "upload_day", &back))?;
                let upload = store_upload(&caller, field, &back).await?;
                return caller.run(move |visit| look(visit, name, day, upload)).await;
            }
            _ => {}
        }
        if !proved {
            return Err(PageError::FormExpired);
        }
    }
    Err(refused(caller.preferences, "upload_no_file", &back))
}

fn look(visit: &Visit<'_>, name: String, day: Day, upload: StoredUpload) -> Answer {
    let back = address(&name);
    let order = ImportOrder { preview: true, ..upload.keep(visit, name, day)? };
    let dedupe = format!("preview/{}/{}/{}/{}", visit.actor.account, order.dataset, order.file_hash, order.day);
    let id = visit.enqueue(IMPORT, &order, &dedupe)?;
    Ok(see_other(&format!("{back}?job={id}")))
}

/// `POST /registers/{name}/import/submit`: takes in the file that was looked at. Twice is once: the same order leads to the
/// same job.
pub fn submit(visit: &Visit<'_>, Path(name): Path<String>, fields: &Fields) -> Answer {
    may_import(visit, &name)?;
    let Ok(id) = fields.text("job").parse() else { return Err(PageError::FormExpired) };
    let (job, looked) = preview_job(visit, &name, id)?;
    let is_whole = outcome_of(&job).and_then(|outcome| outcome.preview).is_some_and(|seen| seen.refusal.is_empty());
    if job.state != JobState::Done || !is_whole {
        return Err(PageError::NotFound);
    }
    let order = ImportOrder { preview: false, ..looked };
    let is_it = |job: &&Job| job.id > id && job.state != JobState::Failed && order_of(job).as_ref() == Some(&order);
    let earlier = visit.view().jobs(JOBS_MAX)?.iter().find(is_it).map(|job| job.id);
    let dedupe = format!("{}/{}/{}", order.dataset, order.file_hash, order.day);
    let job = match earlier {
        Some(earlier) => earlier,
        None => visit.enqueue(IMPORT, &order, &dedupe)?,
    };
    Ok(see_other(&format!("/jobs/{job}")))
}
