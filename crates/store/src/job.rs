//! Jobs: long work as rows, typed, idempotent, resumable, with truthful progress.

use crate::database::{Row, Transaction, values};
use crate::stored::keys::{RegionSpan, SYSTEM_ROLE};
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

/// What a job changes and reads, and so which earlier ones it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It changes what is kept of its place: it waits for what changes the same place.
    Changes,
    /// It reads all of its place and publishes what it found: it waits for what changes the same place, and for others like it. What is
    /// to change the place later does not wait for it.
    Screens,
    /// It reads for its account: it waits for what that account handed in.
    Reads,
}

impl Turn {
    /// Its name in the database.
    fn name(self) -> &'static str {
        match self {
            Turn::Changes => "changes",
            Turn::Screens => "screens",
            Turn::Reads => "reads",
        }
    }
}

/// A job to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewJob<'a> {
    /// What to do, e.g. `import`, `screen`.
    pub kind: &'a str,
    pub payload: &'a serde_json::Value,
    /// While a job of the same account with the same key is queued or running, none is added.
    pub dedupe: &'a str,
    pub turn: Turn,
    /// It takes much memory or time: only one such job is at work.
    pub is_heavy: bool,
}

impl<'a> NewJob<'a> {
    /// A light job that changes what is kept of its actor's place.
    pub fn changing(kind: &'a str, payload: &'a serde_json::Value, dedupe: &'a str) -> NewJob<'a> {
        NewJob { kind, payload, dedupe, turn: Turn::Changes, is_heavy: false }
    }
}

/// Jobs of one account that wait or run, at most.
pub const QUEUE_OF_ACCOUNT_MAX: i64 = 50;
/// Jobs that wait or run, at most.
pub const QUEUE_MAX: i64 = 2_000;

const SELECT_JOB: &str = "select id, kind, payload, actor, state, done, total, text, result, message, attempts, created_ms, \
     ended_ms from job";

impl Store {
    /// Adds a job, unless too many wait ([`QUEUE_MAX`], [`QUEUE_OF_ACCOUNT_MAX`]: `QueueFull`); while a job of the same account in the same
    /// office with the same `dedupe` key is queued or running, that one's id is returned
    /// instead. Of the jobs of others nothing is told: who hands in the same file gets a job of their own.
    pub fn enqueue(&self, actor: &Actor, new: NewJob<'_>, at_ms: i64) -> Result<i64, StoreError> {
        let place = RegionSpan::of(actor.region);
        self.inner.database.write(|transaction| {
            let who = serde_json::to_string(actor)?;
            let same = "select id from job where dedupe = ?1 and account = ?2 and actor = ?3 \
                        and state in ('queued', 'running') order by id";
            if let Some(id) = transaction.first(same, values![new.dedupe, actor.account, who], |row| row.get(0))? {
                return Ok(id);
            }
            let open = "select count(*), coalesce(sum(case when account = ?1 then 1 else 0 end), 0) from job \
                        where state in ('queued', 'running')";
            let counted = transaction.first(open, values![actor.account], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let (all, own): (i64, i64) = counted.unwrap_or_default();
            if all >= QUEUE_MAX || own >= QUEUE_OF_ACCOUNT_MAX {
                return Err(StoreError::QueueFull { waiting: all });
            }
            let values = values![
                new.kind,
                new.payload.to_string(),
                who,
                actor.account,
                new.dedupe,
                at_ms,
                new.turn.name(),
                i64::from(new.is_heavy),
                place.first,
                place.last,
            ];
            let id = transaction.first(include_str!("sql/insert_job.sql"), values, |row| row.get(0))?;
            id.ok_or(StoreError::StoredValue { column: "job/id".to_owned() })
        })
    }

    /// Takes the oldest job whose turn it is, of those that wait or whose lease has run out, and leases it for `lease_ms`. Whose turn it
    /// is, [`Turn`] says; besides, one heavy job is at work at a time.
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
