//! 任务: how far a job is, what it left, and its files. The state is polled by htmx; without script there is a link.

use crate::http::address;
use crate::http::download::send;
use crate::http::fields::Fields;
use crate::http::route::Answer;
use crate::http::site::WorkersShown;
use crate::http::trouble::{PageError, page, see_other};
use crate::http::visit::Visit;
use crate::jobs::{
    EXPORT, ExportOrder, ExportOutcome, IMPORT, ImportOrder, ImportOutcome, SCREEN, ScreenOrder, ScreenOutcome,
    TAKE_BACK, TakeBackOrder, TakeBackOutcome,
};
use crate::pages::files::preview_address::preview_address;
use crate::parts::catalog::Catalog;
use crate::parts::figure::DeclaredFigure;
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use axum::extract::Path;
use model::Period;
use policy::declare::Permission;
use serde::de::DeserializeOwned;
use store::{Job, JobState};
use words::{Language, Wording};

/// Jobs in the list.
const JOBS_SHOWN: u32 = 50;
/// Without script the page is asked for again after so many seconds.
const AGAIN_SECONDS: u32 = 3;

/// Where a job leads, or a file that it left.
pub struct JobLink {
    pub address: String,
    pub text: String,
    pub main: bool,
    pub download: bool,
}

/// A job as pages show it.
pub struct JobShown {
    pub id: i64,
    pub what: String,
    pub state: &'static str,
    pub class: &'static str,
    pub when: String,
    pub is_open: bool,
    pub done: u64,
    pub total: u64,
    pub progress: String,
    pub text: String,
    pub message: String,
    pub outcome: String,
    pub links: Vec<JobLink>,
}

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage {
    shell: Shell,
    say: Language,
    job: JobShown,
}

#[derive(Template)]
#[template(path = "job_state.html")]
struct JobFragment {
    say: Language,
    job: JobShown,
}

#[derive(Template)]
#[template(path = "jobs.html")]
struct JobsPage {
    shell: Shell,
    /// Workers that are there, and that there should be.
    workers: String,
    is_short: bool,
    jobs: Vec<JobShown>,
}

/// `GET /jobs`
pub fn list(visit: &Visit<'_>, (): ()) -> Answer {
    let language = visit.preferences.language;
    let jobs = visit.view().jobs(JOBS_SHOWN)?;
    let title = language.say("menu_jobs").to_owned();
    let shell =
        visit.shell(title.clone(), vec![Crumb::link("/", language.say("menu_workbench")), Crumb::here(title)])?;
    let catalog = Catalog::new(visit.site, language);
    let WorkersShown { running, of, .. } = visit.site.gateway.workers();
    let is_short = running < of;
    let key = if is_short { "jobs_workers_short" } else { "jobs_workers" };
    let workers = language.fill(key, &[("running", &running), ("of", &of)]);
    page(&JobsPage { shell, workers, is_short, jobs: jobs.iter().map(|job| shown(job, &catalog)).collect() })
}

/// `GET /jobs/{id}`
pub fn show(visit: &Visit<'_>, Path(id): Path<i64>) -> Answer {
    let language = visit.preferences.language;
    let job = visit.job(id)?;
    let title = language.fill("job_title", &[("number", &id)]);
    let crumbs = vec![Crumb::link("/jobs", language.say("menu_jobs")), Crumb::here(title.clone())];
    let mut shell = visit.shell(title, crumbs)?;
    let job = shown(&job, &Catalog::new(visit.site, language));
    shell.again_after = job.is_open.then_some(AGAIN_SECONDS);
    page(&JobPage { shell, say: language, job })
}

/// `GET /jobs/{id}/state`: the part of the page that changes.
pub fn state(visit: &Visit<'_>, Path(id): Path<i64>) -> Answer {
    let job = visit.job(id)?;
    let catalog = Catalog::new(visit.site, visit.preferences.language);
    page(&JobFragment { say: visit.preferences.language, job: shown(&job, &catalog) })
}

/// `GET /jobs/{id}/files/{name}`: only files that the outcome of the actor's own job names.
pub fn file(visit: &Visit<'_>, Path((id, name)): Path<(i64, String)>) -> Answer {
    let job = visit.job(id)?;
    if !files(&job).contains(&name) {
        return Err(PageError::NotFound);
    }
    send(&visit.site.out.join(id.to_string()), &name)
}

/// `POST /screen`
pub fn screen(visit: &Visit<'_>, (): (), _: &Fields) -> Answer {
    visit.need(Permission::Screen)?;
    let order = ScreenOrder { region: visit.actor.region, day: None };
    let id = visit.enqueue(SCREEN, &order, &format!("screen/{}", order.region))?;
    Ok(see_other(&format!("/jobs/{id}")))
}

fn outcome<T: DeserializeOwned>(job: &Job) -> Option<T> {
    serde_json::from_value(job.result.clone()?).ok()
}

/// Names of the files that the job left for download.
fn files(job: &Job) -> Vec<String> {
    match job.kind.as_str() {
        IMPORT => outcome::<ImportOutcome>(job)
            .map(|outcome| {
                let looked = outcome.preview.and_then(|preview| preview.fault_file);
                let files = [outcome.fault_file, outcome.unmatched_file, outcome.noted_file];
                files.into_iter().flatten().chain(looked).collect()
            })
            .unwrap_or_default(),
        EXPORT => outcome::<ExportOutcome>(job).map(|outcome| vec![outcome.file]).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// A job as pages show it.
pub fn shown(job: &Job, catalog: &Catalog<'_>) -> JobShown {
    let language = catalog.language;
    let fate = FileFate::of(job);
    let (state, class) = match (job.state, &fate) {
        (JobState::Queued, _) => ("job_queued", ""),
        (JobState::Running, _) => ("job_running", "sw-tag-low"),
        (JobState::Done, FileFate::Refused(_)) => ("job_refused", "sw-tag-high"),
        (JobState::Done, FileFate::Waits) => ("job_waits", "sw-tag-middle"),
        (JobState::Done, FileFate::Taken) => ("job_done", "sw-tag-good"),
        (JobState::Failed, _) => ("job_failed", "sw-tag-high"),
    };
    let message = if let FileFate::Refused(why) = &fate { why } else { &job.message };
    let share = show::percent(show::per_mille(job.done, job.total));
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("done", &show::count(job.done)), ("total", &show::count(job.total)), ("share", &share)];
    JobShown {
        id: job.id,
        what: what(job, catalog),
        state: language.say(state),
        class,
        when: model::moment_at(job.ended_ms.unwrap_or(job.created_ms)),
        is_open: matches!(job.state, JobState::Queued | JobState::Running),
        done: job.done,
        total: job.total,
        progress: language.fill("job_progress", &values),
        text: job.text.of(language).to_owned(),
        message: message.of(language).to_owned(),
        outcome: outcome_text(job, &fate, language),
        links: links(job, language),
    }
}

/// What became of the file of a job that ended; that of a job without a file counts as taken.
enum FileFate {
    Taken,
    /// It waits for an answer.
    Waits,
    Refused(Wording),
}

impl FileFate {
    fn of(job: &Job) -> FileFate {
        let outcome = if job.kind == IMPORT { outcome::<ImportOutcome>(job) } else { None };
        match outcome {
            Some(outcome) if outcome.refused().is_some() => {
                FileFate::Refused(outcome.refused().cloned().unwrap_or_default())
            }
            // An import of before says of a refused file only what it asks.
            Some(outcome) if outcome.question.is_some() || outcome.column_question.is_some() => FileFate::Waits,
            _ => FileFate::Taken,
        }
    }
}

/// What the job does, in words: `导入 医保结算明细:医保.xlsx`.
fn what(job: &Job, catalog: &Catalog<'_>) -> String {
    let language = catalog.language;
    match job.kind.as_str() {
        IMPORT => match serde_json::from_value::<ImportOrder>(job.payload.clone()) {
            Ok(order) => language.fill(
                if order.preview { "job_preview" } else { "job_import" },
                &[("dataset", &catalog.dataset(&order.dataset)), ("file", &order.original_name)],
            ),
            Err(_) => language.say("menu_import").to_owned(),
        },
        TAKE_BACK => {
            let order = serde_json::from_value::<TakeBackOrder>(job.payload.clone()).ok();
            language.fill("job_take_back", &[("file", &order.map(|order| order.file_name).unwrap_or_default())])
        }
        SCREEN => language.fill("job_screen", &[("place", &catalog.place(job.actor.region))]),
        EXPORT => match serde_json::from_value::<ExportOrder>(job.payload.clone()) {
            Ok(order) => what_is_exported(&order, catalog),
            Err(_) => language.say("job_export").to_owned(),
        },
        _ => language.say("job_other").to_owned(),
    }
}

/// An export by what is in it: records of a register, or figures of an indicator at a place.
fn what_is_exported(order: &ExportOrder, catalog: &Catalog<'_>) -> String {
    let language = catalog.language;
    if let Some(figures) = &order.figures {
        let declared = DeclaredFigure::of(catalog, &figures.indicator);
        let indicator = declared.map_or_else(|| language.say("figure_former").to_owned(), |one| one.label(language));
        let period: Option<Period> = figures.period.parse().ok();
        let period = period.map_or_else(|| figures.period.clone(), |period| period.shown(language));
        let place = catalog.place(figures.place);
        return language
            .fill("job_export_figures", &[("indicator", &indicator), ("place", &place), ("period", &period)]);
    }
    let records = order.records.as_ref().map(|records| records.register.as_str());
    // An order of before names no register where it is for leads.
    let register = records.or(catalog.package.raised().map(|(name, _)| name)).unwrap_or_default();
    language.fill("job_export_records", &[("register", &catalog.dataset(register))])
}

fn outcome_text(job: &Job, fate: &FileFate, language: Language) -> String {
    if job.state != JobState::Done {
        return String::new();
    }
    match job.kind.as_str() {
        IMPORT => {
            let is_preview = preview_address(job).is_some();
            let key = match fate {
                FileFate::Refused(_) if is_preview => "job_preview_refused",
                FileFate::Refused(_) => "job_import_refused",
                _ if is_preview => "job_preview_done",
                FileFate::Waits => "job_import_asks",
                FileFate::Taken => "job_import_done",
            };
            language.say(key).to_owned()
        }
        TAKE_BACK => outcome::<TakeBackOutcome>(job).map_or(String::new(), |outcome| {
            let values: [(&str, &dyn std::fmt::Display); 3] = [
                ("added", &show::count(outcome.added)),
                ("changed", &show::count(outcome.changed)),
                ("removed", &show::count(outcome.removed)),
            ];
            language.fill("job_take_back_done", &values)
        }),
        SCREEN => outcome::<ScreenOutcome>(job).map_or(String::new(), |outcome| {
            let values: [(&str, &dyn std::fmt::Display); 4] = [
                ("households", &show::count(outcome.households)),
                ("leads", &show::count(outcome.leads)),
                ("added", &show::count(outcome.added)),
                ("lapsed", &show::count(outcome.lapsed)),
            ];
            language.fill("job_screen_done", &values)
        }),
        EXPORT => outcome::<ExportOutcome>(job)
            .map_or(String::new(), |outcome| language.fill("job_export_done", &[("rows", &show::count(outcome.rows))])),
        _ => String::new(),
    }
}

fn links(job: &Job, language: Language) -> Vec<JobLink> {
    let link = |address: String, key: &str, main: bool, download: bool| JobLink {
        address,
        text: language.say(key).to_owned(),
        main,
        download,
    };
    let download = |name: &str, key: &str, main| {
        link(format!("/jobs/{}/files/{}", job.id, address::url_part(name)), key, main, true)
    };
    let mut links = Vec::new();
    if let Some(address) = preview_address(job) {
        return vec![link(address, "job_see_preview", true, false)];
    }
    match job.kind.as_str() {
        IMPORT => {
            if let Some(outcome) = outcome::<ImportOutcome>(job) {
                links.extend(
                    outcome
                        .import
                        .map(|id| link(format!("/imports/{}", address::url_part(&id)), "job_see_receipt", true, false)),
                );
                links.extend(outcome.fault_file.map(|name| download(&name, "download_faults", false)));
                links.extend(outcome.unmatched_file.map(|name| download(&name, "download_unmatched", false)));
                links.extend(outcome.noted_file.map(|name| download(&name, "download_noted", false)));
            }
            links.push(link("/import".to_owned(), "job_import_again", false, false));
        }
        TAKE_BACK => {
            if let Ok(order) = serde_json::from_value::<TakeBackOrder>(job.payload.clone()) {
                let receipt = format!("/imports/{}", address::url_part(&order.import));
                links.push(link(receipt, "job_see_receipt", true, false));
            }
        }
        SCREEN => links.push(link("/leads".to_owned(), "job_see_leads", true, false)),
        EXPORT => {
            links.extend(outcome::<ExportOutcome>(job).map(|outcome| download(&outcome.file, "job_download", true)))
        }
        _ => {}
    }
    links
}
