//! The store: current state in typed tables, one door to write, an event log with a hash chain, and scoped reads.
//!
//! - [`Store`] is a cheap handle; clone it freely. [`Store::apply`] is the one write path for changes of records.
//! - [`Store::view`] gives a [`View`] bound to an actor; every read for people goes through one.
//! - [`Store::verify`] finds any event that was altered, removed, inserted or moved.
//! - Accounts and sessions: `accounts`; long work: `job`; both keep rows that are no records of the package.
//!
//! The wings, each of which imports those before it only: `database` < `stored` < `log` < `accounts` < `write`, `read` < `upgrade`.
//!
//! Tables of registers are made from the package (`r_<register>`); no register is known here by name except the engine's own
//! household, resident and region. Leads are the records of the register that declares `raised_by = "screening"`.

mod accounts;
mod caches;
mod cipher;
mod command;
mod database;
mod declarations;
mod error;
mod job;
mod key;
mod log;
mod read;
mod receipt;
mod scope;
mod store;
mod stored;
mod tls_fault;
mod upgrade;
mod write;

pub use accounts::account::{Account, SessionTimes};
pub use accounts::token::{Bearer, TokenShown};
pub use accounts::unsent_form::{UNSENT_BYTES_MAX, UnsentForm};
pub use caches::Total;
pub use command::{
    Command, Entry, FigurePublication, ImportCoverage, ImportState, ImportSummary, IndicatorFigures, Input, Leaver,
    NewAccount, NewAttachment, NewImport, NewToken, Publication, Record, RefusedRow, Region, Rows, STORED_ROW,
    UnmatchedRow, Unsaid, VerifiedBand,
};
pub use database::Location;
pub use declarations::{Declarations, DeclaredIndicator, ParameterBook};
pub use error::{ChangedSince, OF_PACKAGE, Refusal, RefusalKind, StoreError};
pub use job::{Job, JobState, NewJob, QUEUE_MAX, QUEUE_OF_ACCOUNT_MAX, Turn};
pub use key::StoreKey;
pub use log::chain_break::ChainBreak;
pub use log::offices::Office;
pub use log::verify::ChainReport;
pub use read::*;
pub use receipt::{Agreement, Followed, FollowedKind, NoticeDays, Receipt};
pub use scope::Scope;
pub use store::Store;
pub use stored::keys::{SYSTEM_ROLE, system_actor};
pub use tls_fault::TlsFault;
pub use upgrade::backfill::Backfill;
pub use upgrade::plan::{Plan, Recoding};
pub use write::GoneOn;
pub use write::idempotency::Once;
