//! The store: current state in typed tables, one door to write, an event log with a hash chain, and scoped reads.
//!
//! - [`Store`] is a cheap handle; clone it freely. [`Store::apply`] is the one door for changes of records.
//! - [`Store::view`] gives a [`View`] bound to an actor; every read for people goes through one.
//! - [`Store::verify`] finds any event that was altered, removed, inserted or moved.
//! - Accounts and sessions: `account`; long work: `job`; both keep rows that are no records of the package.
//!
//! Tables of registers are made from the package (`r_<register>`); no register is known here by name except the engine's own
//! household, resident, region and lead.

mod account;
mod basis;
mod caches;
mod calculated;
mod chain_break;
mod chained;
mod cipher;
mod command;
mod complete;
mod database;
mod declarations;
mod door;
mod error;
mod field_column;
mod fit;
mod held;
mod idempotency;
mod job;
mod kept;
mod key;
mod keys;
mod log;
mod mask;
mod migrate;
mod named;
mod old_codes;
mod open;
mod order;
mod plan;
mod preference;
mod record;
mod scope;
mod settle;
mod snapshot;
mod statement;
mod store;
mod system;
mod tables;
mod tally;
mod token;
mod told;
mod unsent_form;
mod verify;
mod view;

pub use account::{Account, SessionTimes};
pub use caches::Total;
pub use chain_break::ChainBreak;
pub use command::{
    Command, Entry, HELD_ROW, ImportCoverage, ImportState, ImportSummary, Input, Leaver, NewAccount, NewAttachment,
    NewImport, NewToken, Publication, Receipt, Record, RefusedRow, Region, Rows, UnmatchedRow, Unsaid, VerifiedBand,
};
pub use database::{Location, TlsFault};
pub use declarations::{Declarations, ParameterBook};
pub use error::{ChangedSince, Refusal, RefusalKind, StoreError};
pub use idempotency::Once;
pub use job::{Job, JobState};
pub use key::StoreKey;
pub use keys::{SYSTEM_ROLE, system_actor};
pub use plan::{Plan, Recoding};
pub use scope::Scope;
pub use settle::Settled;
pub use store::Store;
pub use token::{Bearer, TokenShown};
pub use unsent_form::{UNSENT_BYTES_MAX, UnsentForm};
pub use verify::ChainReport;
pub use view::*;
