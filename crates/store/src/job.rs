//! Jobs: long work as rows, typed, idempotent, resumable, with truthful progress.

use crate::{Store, StoreError};
use model::Actor;
use serde::Serialize;

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
    /// What it is doing now, for people (Chinese).
    pub text: String,
    /// Outcome, once done.
    pub result: Option<serde_json::Value>,
    /// Why it failed, for people (Chinese).
    pub message: String,
    /// How often it was started.
    pub attempts: u32,
    pub created_ms: i64,
    pub ended_ms: Option<i64>,
}

impl Store {
    /// Adds a job; while a job with the same `dedupe` key is queued or running, that one's id is returned instead.
    pub fn enqueue(
        &self,
        _actor: &Actor,
        _kind: &str,
        _payload: &serde_json::Value,
        _dedupe: &str,
        _at_ms: i64,
    ) -> Result<i64, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Takes the oldest queued job, or a running one whose lease has run out, and leases it for `lease_ms`.
    pub fn claim_job(&self, _at_ms: i64, _lease_ms: i64) -> Result<Option<Job>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Says how far a running job is and renews its lease. `false` when the job is no longer running: stop working.
    pub fn job_progress(
        &self,
        _id: i64,
        _done: u64,
        _total: u64,
        _text: &str,
        _at_ms: i64,
        _lease_ms: i64,
    ) -> Result<bool, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Ends a job well.
    pub fn finish_job(&self, _id: i64, _result: &serde_json::Value, _at_ms: i64) -> Result<(), StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Ends a job badly; `message` is shown to people.
    pub fn fail_job(&self, _id: i64, _message: &str, _at_ms: i64) -> Result<(), StoreError> {
        Err(StoreError::WrongKey)
    }
    /// The latest jobs of the actor's account (of all accounts for the system), newest first.
    pub fn jobs_of(&self, _actor: &Actor, _limit: u32) -> Result<Vec<Job>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// A job, if it belongs to the actor's account (or the actor is the system).
    pub fn job(&self, _actor: &Actor, _id: i64) -> Result<Option<Job>, StoreError> {
        Err(StoreError::WrongKey)
    }
}
