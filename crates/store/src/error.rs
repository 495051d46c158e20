//! What can go wrong: the store itself, or a change that is refused.

use std::path::PathBuf;
use words::{Advice, Language, Wording};

/// The store could not do its work. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot open the database `{path}`")]
    Open {
        /// The file, or the address without its password.
        path: PathBuf,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("the address of the database `{address}` cannot be read (postgres://user@host/database?schema=name)")]
    Address { address: String },
    #[error("cannot connect to the database `{address}` in safety")]
    Tls {
        /// Without its password.
        address: String,
        #[source]
        fault: crate::TlsFault,
    },
    #[error("all {connections} connections to the database are in use")]
    Busy { connections: usize },
    #[error("the transaction is void: a statement of it failed, or its connection was lost")]
    Void,
    #[error("a PostgreSQL database is backed up by its own program: pg_dump --schema={schema} --format=custom")]
    BackUpElsewhere { schema: String },
    #[error("cannot read or write the key file `{path}`")]
    KeyFile {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the key does not belong to this database")]
    WrongKey,
    #[error("the database `{path}` already exists")]
    Exists { path: PathBuf },
    #[error("there is no database `{path}`")]
    NoDatabase { path: PathBuf },
    #[error("the database is of a newer form ({found}) than this program knows ({known})")]
    NewerForm { found: i64, known: i64 },
    #[error("the package's register `{register}` cannot become a table: {why}")]
    Declaration { register: String, why: String },
    #[error("{records} records of an earlier form are still being filled in")]
    Incomplete { records: u64 },
    #[error("the package does not fit what the database holds:\n{0}")]
    Incompatible(policy::Problems),
    #[error("the database refused a statement")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the database cannot be reached, or cannot write now")]
    Away(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("a stored document cannot be read or written")]
    Document(#[from] serde_json::Error),
    #[error("a stored value of `{column}` cannot be read")]
    StoredValue { column: String },
    #[error("{waiting} jobs wait or run, of all accounts: no further one is taken now")]
    QueueFull { waiting: i64 },
    #[error("a text holds the character NUL, which no database may keep")]
    Nul,
    #[error("a caller stopped the reading: {0}")]
    Stopped(String),
}

impl StoreError {
    /// True for what passes by itself, or as soon as the database is there again: the same request may be sent again.
    pub fn passes(&self) -> bool {
        use StoreError::{Away, Busy, Incomplete, Open, QueueFull, Void};
        matches!(self, Away(_) | Busy { .. } | Incomplete { .. } | Open { .. } | QueueFull { .. } | Void)
    }
}

/// A change that was not made, and what would make it pass. The texts are for people.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {}", what.of(Language::ENGLISH))]
pub struct Refusal {
    pub kind: RefusalKind,
    /// The key of its words, e.g. `account_exists`; [`OF_PACKAGE`] where a package words it.
    pub name: &'static str,
    /// Why not.
    pub what: Wording,
    /// What to do next.
    pub hint: Wording,
    /// Fields that stand in the way, by name.
    pub fields: Vec<String>,
    /// The record that is there already, by its id.
    pub record: Option<String>,
    /// Fields that changed after the version that a correction was made from.
    pub since: Vec<ChangedSince>,
}

/// Name of the refusals that a package words: its checks and constraints.
pub const OF_PACKAGE: &str = "check_failed";

/// A field that does not hold any more what it held, and who changed it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedSince {
    /// Name of the field.
    pub field: String,
    /// Shown name of the account.
    pub by: String,
    /// It was the reader's own change.
    pub is_own: bool,
    pub is_system: bool,
}

/// The class of a refusal, e.g. for a status code.
#[derive(Debug)]
pub enum RefusalKind {
    /// The role may not do this, or not at this place.
    NotAllowed,
    /// The record does not exist, or lies outside the actor's place.
    NotFound,
    /// What was sent does not fit.
    Invalid,
    /// Something newer is already there, or somebody was quicker.
    Conflict,
    /// The idempotency key came with another request before.
    KeyReused,
    /// The lifecycle of the register says no.
    Lifecycle(lifecycle::RefusalKind),
    /// The store failed; the change was rolled back.
    Store(Box<StoreError>),
}

/// The refusal under a key: `refusal!("account_exists", RefusalKind::Conflict, account = account.name)`.
macro_rules! refusal {
    ($key:literal, $kind:expr $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::Refusal::new($kind, $key, words::advice!($key $(, $name $(= $value)?)*))
    };
}

pub(crate) use refusal;

impl Refusal {
    pub(crate) fn new(kind: RefusalKind, name: &'static str, Advice { what, hint }: Advice) -> Refusal {
        Refusal { kind, name, what, hint, fields: Vec::new(), record: None, since: Vec::new() }
    }

    /// Names the fields that stand in the way.
    pub(crate) fn about(self, fields: Vec<String>) -> Refusal {
        Refusal { fields, ..self }
    }

    /// `what`: what one may not do, e.g. 上传附件.
    pub(crate) fn not_allowed(what: Wording) -> Refusal {
        refusal!("not_allowed", RefusalKind::NotAllowed, what)
    }

    /// `what`: what there is none of, e.g. 该账号.
    pub(crate) fn not_found(what: Wording) -> Refusal {
        refusal!("not_found", RefusalKind::NotFound, what)
    }
}

impl From<lifecycle::Refusal> for Refusal {
    fn from(refusal: lifecycle::Refusal) -> Refusal {
        let lifecycle::Refusal { kind, name, what, hint } = refusal;
        let fields = match &kind {
            lifecycle::RefusalKind::Missing(fields) => fields.clone(),
            _ => Vec::new(),
        };
        Refusal::new(RefusalKind::Lifecycle(kind), name, Advice { what, hint }).about(fields)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        match error {
            StoreError::Nul => refusal!("text_with_nul", RefusalKind::Invalid),
            StoreError::Incomplete { records } => {
                refusal!("records_being_upgraded", RefusalKind::Store(Box::new(error)), records)
            }
            StoreError::QueueFull { waiting } => {
                refusal!("queue_full", RefusalKind::Store(Box::new(error)), waiting)
            }
            error if error.passes() => refusal!("database_away", RefusalKind::Store(Box::new(error))),
            error => refusal!("database_failed", RefusalKind::Store(Box::new(error))),
        }
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Refusal {
        StoreError::from(error).into()
    }
}
