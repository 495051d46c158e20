//! The worker behind the pages: takes jobs one after another and does them, with truthful progress.

use super::coverage::Declared;
use super::delivery::RowChanges;
use super::{export, export_register, import, people::People, preview, screen, take_back};
use crate::clock;
use crate::installation::Installation;
use crate::progress::Progress;
use crate::trouble::{Attempt, Outcome, Trouble};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::{Job, Store};
use web::jobs::{
    EXPORT, ExportOrder, IMPORT, ImportOrder, ImportOutcome, SCREEN, ScreenOrder, ScreenOutcome, TAKE_BACK,
    TakeBackOrder, TakeBackOutcome,
};

/// A job whose worker has not been heard of for so long is taken up by another.
const LEASE_MS: i64 = 5 * 60_000;
const PAUSE: Duration = Duration::from_millis(200);

/// Works until `stop` is set. Call it on a thread of its own.
pub fn work(installation: &Arc<Installation>, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        if !installation.store.is_complete() {
            std::thread::sleep(PAUSE);
            continue;
        }
        match installation.store.claim_job(clock::now_ms(), LEASE_MS) {
            Ok(Some(job)) => run(installation, &job, stop),
            Ok(None) => std::thread::sleep(PAUSE),
            Err(error) => {
                tracing::error!(%error, "cannot take a job");
                std::thread::sleep(PAUSE * 10);
            }
        }
    }
}

fn run(installation: &Installation, job: &Job, stop: &AtomicBool) {
    let mut progress = Told { store: &installation.store, id: job.id, stop, told_ms: 0 };
    let outcome = match job.kind.as_str() {
        IMPORT => take_in(installation, job, &mut progress),
        TAKE_BACK => taking_back(installation, job),
        SCREEN => screening(installation, job, &mut progress),
        EXPORT => exporting(installation, job),
        other => Err(Trouble::new(format!("没有名为 {other} 的任务"), "请升级程序后重试")),
    };
    if stop.load(Ordering::Relaxed) {
        // Left running on purpose, whatever came of it: the next start takes it up again, and twice is as good as once.
        return;
    }
    let ended = match outcome {
        Ok(result) => installation.store.finish_job(job.id, &result, clock::now_ms()),
        Err(trouble) => {
            tracing::warn!(job = job.id, kind = job.kind, "{}", trouble.what);
            installation.store.fail_job(job.id, &format!("{}。{}", trouble.what, trouble.hint), clock::now_ms())
        }
    };
    if let Err(error) = ended {
        tracing::error!(%error, job = job.id, "cannot end a job");
    }
}

fn take_in(installation: &Installation, job: &Job, progress: &mut dyn Progress) -> Outcome<serde_json::Value> {
    let asked: ImportOrder = payload(job)?;
    let people = People::read(installation)?;
    let order = import::Order {
        dataset: &asked.dataset,
        path: &installation.inbox().join(&asked.inbox_file),
        file_name: &asked.original_name,
        day: asked.day,
        region: asked.region,
        declared: Declared { place: asked.place, from: asked.from, to: asked.to, is_partial: asked.is_partial },
        is_confirmed: asked.is_confirmed,
        actor: &job.actor,
        out: installation.out().join(job.id.to_string()),
    };
    if asked.preview {
        let preview = Some(preview::preview(installation, &people, &order, progress)?);
        return result(&ImportOutcome { preview, ..ImportOutcome::default() });
    }
    let report = import::import(installation, &people, &order, progress)?;
    let name = |path: Option<std::path::PathBuf>| {
        path.and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()))
    };
    result(&ImportOutcome {
        import: Some(report.import),
        headings: report.headings,
        fault_file: name(report.fault_file),
        unmatched_file: name(report.unmatched_file),
        preview: None,
        question: report.question,
    })
}

fn taking_back(installation: &Installation, job: &Job) -> Outcome<serde_json::Value> {
    let asked: TakeBackOrder = payload(job)?;
    let changes = take_back::delivery(installation, &job.actor, &asked.import)?;
    let RowChanges { added, changed, removed, .. } = changes.unwrap_or_default();
    result(&TakeBackOutcome { added, changed, removed })
}

fn screening(installation: &Installation, job: &Job, progress: &mut dyn Progress) -> Outcome<serde_json::Value> {
    let asked: ScreenOrder = payload(job)?;
    let order = screen::Order { region: asked.region, day: asked.day, known: None, threads: None };
    let report = screen::screen(installation, &order, progress)?;
    result(&ScreenOutcome {
        households: report.households,
        leads: report.leads,
        added: report.raised,
        lapsed: report.lapsed,
    })
}

fn exporting(installation: &Installation, job: &Job) -> Outcome<serde_json::Value> {
    let asked: ExportOrder = payload(job)?;
    let view = installation.store.view(&job.actor);
    let folder = installation.out().join(job.id.to_string());
    result(&match &asked.records {
        Some(records) => export_register::from_page(installation, &view, (&asked, records), &folder)?,
        None => export::leads(installation, &view, &asked, &folder)?,
    })
}

fn payload<T: DeserializeOwned>(job: &Job) -> Outcome<T> {
    serde_json::from_value(job.payload.clone()).attempt(|| "任务内容无法读取".into(), "请重新提交")
}

fn result(outcome: &impl serde::Serialize) -> Outcome<serde_json::Value> {
    serde_json::to_value(outcome).attempt(|| "任务结果无法保存".into(), "请重新提交")
}

/// Progress into the job's row, at most four times a second.
struct Told<'a> {
    store: &'a Store,
    id: i64,
    stop: &'a AtomicBool,
    told_ms: i64,
}

impl Progress for Told<'_> {
    fn at(&mut self, done: u64, total: u64, text: &str) -> bool {
        let now = clock::now_ms();
        if self.stop.load(Ordering::Relaxed) {
            return false;
        }
        if now - self.told_ms < 250 {
            return true;
        }
        self.told_ms = now;
        self.store.job_progress(self.id, done, total, text, now, LEASE_MS).unwrap_or(true)
    }
}
