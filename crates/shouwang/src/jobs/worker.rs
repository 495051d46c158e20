//! The worker behind the pages: takes jobs one after another and does them, with truthful progress.

use super::imports::counts::RowChanges;
use super::imports::import;
use super::imports::land::take_back;
use super::imports::order::{Confirmed, Declared, Order};
use super::imports::preview::preview;
use super::people::People;
use super::{export_figures, export_register, screen};
use crate::clock;
use crate::installation::Installation;
use crate::progress::Progress;
use crate::trouble::{Attempt, Outcome, Trouble};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::{ImportState, Job, Store};
use web::jobs::{
    EXPORT, ExportOrder, IMPORT, ImportOrder, ImportOutcome, SCREEN, ScreenOrder, ScreenOutcome, TAKE_BACK,
    TakeBackOrder, TakeBackOutcome,
};
use words::{Language, Wording, advice};

/// A job whose worker has not been heard of for so long is taken up by another.
const LEASE_MS: i64 = 5 * 60_000;
/// Starts that a job gets; one that ends the whole program each time would hold up all others for ever.
const ATTEMPTS_MAX: u32 = 3;
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

/// Does a job that was taken, and ends it.
pub(super) fn run(installation: &Installation, job: &Job, stop: &AtomicBool) {
    let mut progress = JobProgress { store: &installation.store, id: job.id, stop, written_ms: 0 };
    let outcome = guarded(job, || match job.kind.as_str() {
        IMPORT => take_in(installation, job, &mut progress),
        TAKE_BACK => taking_back(installation, job),
        SCREEN => screening(installation, job, &mut progress),
        EXPORT => exporting(installation, job),
        kind => Err(Trouble::of(advice!("job_of_no_kind", kind))),
    });
    if stop.load(Ordering::Relaxed) {
        // Whatever came of it: the next start takes it up again, and twice is as good as once.
        if let Err(error) = installation.store.release_job(job.id) {
            tracing::error!(%error, job = job.id, "cannot give a job back");
        }
        return;
    }
    let ended = match outcome {
        Ok(result) => installation.store.finish_job(job.id, &result, clock::now_ms()),
        Err(trouble) => {
            tracing::warn!(job = job.id, kind = job.kind, "{}", trouble.what.chinese());
            installation.store.fail_job(job.id, &trouble.sentences(), clock::now_ms())
        }
    };
    if let Err(error) = ended {
        tracing::error!(%error, job = job.id, "cannot end a job");
    }
}

/// Does a job so that whatever it meets ends that job alone. What it had begun is found and done again by its keys.
fn guarded(job: &Job, work: impl FnOnce() -> Outcome<serde_json::Value>) -> Outcome<serde_json::Value> {
    if job.attempts > ATTEMPTS_MAX {
        return Err(Trouble::of(advice!("job_never_ended", count = ATTEMPTS_MAX)));
    }
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Trouble::of(advice!("job_broke_off"))))
}

fn take_in(installation: &Installation, job: &Job, progress: &mut dyn Progress) -> Outcome<serde_json::Value> {
    let asked: ImportOrder = payload(job)?;
    let people = People::read(installation)?;
    let order = Order {
        dataset: &asked.dataset,
        path: &installation.inbox().join(&asked.inbox_file),
        file_name: &asked.original_name,
        day: asked.day,
        region: asked.region,
        declared: Declared { place: asked.place, from: asked.from, to: asked.to, is_partial: asked.is_partial },
        confirmed: match asked.confirmed.as_str() {
            "" => Confirmed::No,
            shown => Confirmed::Shown(shown),
        },
        actor: &job.actor,
        out: installation.out().join(job.id.to_string()),
        language: Language::of_tag(&asked.language).unwrap_or_default(),
        chosen: exchange::Mapping {
            headings: asked.columns.clone(),
            money_unit: exchange::MoneyUnit::named(&asked.money_unit),
            ..exchange::Mapping::default()
        },
    };
    if asked.preview {
        let preview = Some(preview(installation, &people, &order, progress)?);
        return result(&ImportOutcome { preview, ..ImportOutcome::default() });
    }
    let report = import(installation, &people, &order, progress)?;
    let is_refused = report.summary.state == ImportState::Refused && report.question.is_none();
    let name = |path: Option<std::path::PathBuf>| {
        path.and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()))
    };
    result(&ImportOutcome {
        import: Some(report.import),
        refusal: if is_refused { report.summary.message } else { Wording::default() },
        headings: report.headings,
        fault_file: name(report.fault_file),
        unmatched_file: name(report.unmatched_file),
        column_question: report.column_question,
        noted_file: name(report.noted_file),
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
    let order = screen::Screening { region: asked.region, day: asked.day, known: None, threads: None };
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
    let records = asked.records_asked(&view, &installation.package, clock::today())?;
    result(&match (&records, &asked.figures) {
        (Some(records), _) => export_register::from_page(installation, &view, &asked, records, &folder)?,
        (None, Some(figures)) => export_figures::figures(installation, &view, &asked, figures, &folder)?,
        (None, None) => return Err(Trouble::of(advice!("register_to_export_missing"))),
    })
}

fn payload<T: DeserializeOwned>(job: &Job) -> Outcome<T> {
    serde_json::from_value(job.payload.clone()).attempt(|| advice!("job_order_unread"))
}

fn result(outcome: &impl serde::Serialize) -> Outcome<serde_json::Value> {
    serde_json::to_value(outcome).attempt(|| advice!("job_outcome_not_kept"))
}

/// Progress into the job's row, at most four times a second.
struct JobProgress<'a> {
    store: &'a Store,
    id: i64,
    stop: &'a AtomicBool,
    written_ms: i64,
}

impl Progress for JobProgress<'_> {
    fn at(&mut self, done: u64, total: u64, text: &Wording) -> bool {
        let now = clock::now_ms();
        if self.stop.load(Ordering::Relaxed) {
            return false;
        }
        if now - self.written_ms < 250 {
            return true;
        }
        self.written_ms = now;
        self.store.job_progress(self.id, done, total, text, now, LEASE_MS).unwrap_or(true)
    }
}

#[cfg(test)]
mod tests {
    use super::{ATTEMPTS_MAX, guarded};
    use crate::trouble::Trouble;
    use model::{Actor, RegionCode};
    use serde_json::json;
    use store::{Job, JobState};
    use words::{Wording, advice};

    fn job(attempts: u32) -> Job {
        let region = RegionCode::from_number(513_431_000_000).expect("a county");
        Job {
            id: 1,
            kind: "import".to_owned(),
            payload: json!({}),
            actor: Actor {
                account: "li".to_owned(),
                shown_name: "li".to_owned(),
                role: "clerk".to_owned(),
                region,
                department: None,
            },
            state: JobState::Running,
            done: 0,
            total: 0,
            text: Wording::default(),
            result: None,
            message: Wording::default(),
            attempts,
            created_ms: 0,
            ended_ms: None,
        }
    }

    #[test]
    fn what_breaks_off_ends_its_job_alone_and_with_a_reason() {
        let overflow = guarded(&job(1), || panic!("attempt to multiply with overflow"));
        let trouble = overflow.expect_err("the job failed");
        let said = trouble.sentences();
        assert!(
            said.chinese().contains("本任务已停止") && said.english().contains("this task was stopped"),
            "{said:?}"
        );
        assert!([said.chinese(), said.english()].iter().all(|text| !text.contains("overflow")), "{said:?}");
        assert_eq!(guarded(&job(1), || Ok(json!(7))).expect("done"), json!(7));
        let refused = guarded(&job(1), || Err(Trouble::of(advice!("job_order_unread"))));
        let said = refused.expect_err("the job failed").sentences();
        let expected =
            Wording::pair("任务内容无法读取。请重新提交", "What the task is to do cannot be read. Hand it in again.");
        assert_eq!(said, expected);
    }

    #[test]
    fn a_job_is_started_three_times_and_then_left_to_people() {
        for (attempts, is_started) in [(1, true), (ATTEMPTS_MAX, true), (ATTEMPTS_MAX + 1, false), (99, false)] {
            let mut started = false;
            let outcome = guarded(&job(attempts), || {
                started = true;
                Ok(json!(null))
            });
            assert_eq!((started, outcome.is_ok()), (is_started, is_started), "{attempts}");
        }
    }
}
