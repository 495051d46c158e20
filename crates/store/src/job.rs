//! Jobs: long work as rows, typed, idempotent, resumable, with truthful progress.

use crate::database::{Row, Transaction, values};
use crate::stored::keys::SYSTEM_ROLE;
use crate::{Store, StoreError};
use model::Actor;
use serde::Serialize;
use words::Wording;

/// State of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Queued,
    Running,
    Done,
    Failed,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Job {
    pub id: i64,
    /// What to do, e.g. `import`, `screen`.
    pub kind: String,
    pub payload: serde_json::Value,
    /// In whose name it runs.
    pub actor: Actor,
    pub state: JobState,
    /// Work done and to do, in units of the kind; 0 of 0 while not known.
    pub done: u64,
    pub total: u64,
    /// What it is doing now, for people.
    pub text: Wording,
    /// Outcome, once done.
    pub result: Option<serde_json::Value>,
    /// Why it failed, for people.
    pub message: Wording,
    /// How often it was started.
    pub attempts: u32,
    pub created_ms: i64,
    pub ended_ms: Option<i64>,
}

const SELECT_JOB: &str = "select id, kind, payload, actor, state, done, total, text, result, message, attempts, created_ms, \
     ended_ms from job";

impl Store {
    /// Adds a job; while a job of the same account in the same office with the same `dedupe` key is queued or running, that one's id is returned
    /// instead. Of the jobs of others nothing is told: who hands in the same file gets a job of their own.
    pub fn enqueue(
        &self,
        actor: &Actor,
        kind: &str,
        payload: &serde_json::Value,
        dedupe: &str,
        at_ms: i64,
    ) -> Result<i64, StoreError> {
        self.inner.database.write(|transaction| {
            let who = serde_json::to_string(actor)?;
            let same = "select id from job where dedupe = ?1 and account = ?2 and actor = ?3 \
                        and state in ('queued', 'running') order by id";
            if let Some(id) = transaction.first(same, values![dedupe, actor.account, who], |row| row.get(0))? {
                return Ok(id);
            }
            let values = values![kind, payload.to_string(), who, actor.account, dedupe, at_ms];
            let id = transaction.first(include_str!("sql/insert_job.sql"), values, |row| row.get(0))?;
            id.ok_or(StoreError::StoredValue { column: "job/id".to_owned() })
        })
    }

    /// Takes the oldest queued job, or a running one whose lease has run out, and leases it for `lease_ms`.
    pub fn claim_job(&self, at_ms: i64, lease_ms: i64) -> Result<Option<Job>, StoreError> {
        let waiting = self.inner.database.read(|transaction| next_job(transaction, at_ms))?;
        if waiting.is_none() {
            return Ok(None);
        }
        self.inner.database.write(|transaction| {
            let Some(id) = next_job(transaction, at_ms)? else { return Ok(None) };
            let update = "update job set state = 'running', attempts = attempts + 1, lease_until_ms = ?2 where id = ?1";
            transaction.execute(update, values![id, at_ms.saturating_add(lease_ms)])?;
            one_job(transaction, id)
        })
    }

    /// Puts running jobs back in the queue at once, without waiting for their leases. For the one server of a database
    /// when it starts: whatever ran before has stopped.
    pub fn requeue_jobs(&self) -> Result<u64, StoreError> {
        self.inner.database.write(|transaction| {
            let update = "update job set state = 'queued', lease_until_ms = 0 where state = 'running'";
            transaction.execute(update, values![])
        })
    }

    /// Gives a running job back to the queue because its worker stops; the start that is cut short does not count.
    pub fn release_job(&self, id: i64) -> Result<(), StoreError> {
        self.inner.database.write(|transaction| {
            let update = "update job set state = 'queued', lease_until_ms = 0, attempts = attempts - 1 \
                          where id = ?1 and state = 'running'";
            transaction.execute(update, values![id])?;
            Ok(())
        })
    }

    /// Says how far a running job is and renews its lease. `false` when the job is no longer running: stop working.
    pub fn job_progress(
        &self,
        id: i64,
        done: u64,
        total: u64,
        text: &Wording,
        at_ms: i64,
        lease_ms: i64,
    ) -> Result<bool, StoreError> {
        self.inner.database.write(|transaction| {
            let touched = transaction.execute(
                include_str!("sql/job_progress.sql"),
                values![id, done as i64, total as i64, String::from(text.clone()), at_ms.saturating_add(lease_ms),],
            )?;
            Ok(touched == 1)
        })
    }

    /// Ends a job well. A job that is not running stays as it is.
    pub fn finish_job(&self, id: i64, result: &serde_json::Value, at_ms: i64) -> Result<(), StoreError> {
        self.end_job(id, "done", Some(result.to_string()), "", at_ms)
    }

    /// Ends a job badly; `message` is shown to people. A job that is not running stays as it is.
    pub fn fail_job(&self, id: i64, message: &Wording, at_ms: i64) -> Result<(), StoreError> {
        self.end_job(id, "failed", None, &String::from(message.clone()), at_ms)
    }

    fn end_job(
        &self,
        id: i64,
        state: &str,
        result: Option<String>,
        message: &str,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        self.inner.database.write(|transaction| {
            transaction.execute(include_str!("sql/end_job.sql"), values![id, state, result, message, at_ms])?;
            Ok(())
        })
    }

    /// The latest jobs of the actor's account in its office (of all accounts for the system), newest first.
    pub fn jobs_of(&self, actor: &Actor, limit: u32) -> Result<Vec<Job>, StoreError> {
        self.inner.database.read(|transaction| {
            let sql = format!("{SELECT_JOB} where account = ?1 or ?2 order by id desc limit ?3");
            let mut jobs = transaction.all(&sql, values![actor.account, actor.role == SYSTEM_ROLE, limit], job)?;
            jobs.retain(|job| job.is_of(actor));
            Ok(jobs)
        })
    }

    /// A job, if it belongs to the actor's account in its office (or the actor is the system).
    pub fn job(&self, actor: &Actor, id: i64) -> Result<Option<Job>, StoreError> {
        let found = self.inner.database.read(|transaction| one_job(transaction, id))?;
        Ok(found.filter(|job| job.is_of(actor)))
    }
}

impl Job {
    /// True for the system, and for who ordered it in the office in which it was ordered: what a deputy had made of an office's
    /// records is not the deputy's when the office is not any more.
    fn is_of(&self, actor: &Actor) -> bool {
        let Actor { account, role, region, .. } = &self.actor;
        let is_own = (account, role, region) == (&actor.account, &actor.role, &actor.region);
        is_own || actor.role == SYSTEM_ROLE
    }
}

/// The job to be taken next.
fn next_job(transaction: &Transaction<'_>, at_ms: i64) -> Result<Option<i64>, StoreError> {
    transaction.first(include_str!("sql/next_job.sql"), values![at_ms], |row| row.get(0))
}

fn one_job(transaction: &Transaction<'_>, id: i64) -> Result<Option<Job>, StoreError> {
    transaction.first(&format!("{SELECT_JOB} where id = ?1"), values![id], job)
}

fn job(row: &Row<'_>) -> Result<Job, StoreError> {
    let state: String = row.get(4)?;
    let payload: String = row.get(2)?;
    let actor: String = row.get(3)?;
    let result: Option<String> = row.get(8)?;
    Ok(Job {
        id: row.get(0)?,
        kind: row.get(1)?,
        payload: serde_json::from_str(&payload)?,
        actor: serde_json::from_str(&actor)?,
        state: match state.as_str() {
            "queued" => JobState::Queued,
            "running" => JobState::Running,
            "done" => JobState::Done,
            _ => JobState::Failed,
        },
        done: row.get::<i64>(5)? as u64,
        total: row.get::<i64>(6)? as u64,
        text: Wording::from(row.get::<String>(7)?),
        result: result.map(|result| serde_json::from_str(&result)).transpose()?,
        message: Wording::from(row.get::<String>(9)?),
        attempts: row.get(10)?,
        created_ms: row.get(11)?,
        ended_ms: row.get(12)?,
    })
}
