//! What can go wrong: the store itself, or a change that is refused.

use std::path::PathBuf;

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
    #[error("a stored document cannot be read or written")]
    Document(#[from] serde_json::Error),
    #[error("a stored value of `{column}` cannot be read")]
    StoredValue { column: String },
    #[error("a text holds the character NUL, which no database may keep")]
    Nul,
    #[error("a caller stopped the reading: {0}")]
    Stopped(String),
}

/// A change that was not made, and what would make it pass. The texts are for people.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct Refusal {
    pub kind: RefusalKind,
    /// Why not (Chinese).
    pub why: String,
    pub why_en: String,
    /// What to do next (Chinese).
    pub hint: String,
    pub hint_en: String,
    /// Fields that stand in the way, by name.
    pub fields: Vec<String>,
    /// The record that is there already, by its id.
    pub record: Option<String>,
    /// Fields that changed after the version that a correction was made from.
    pub since: Vec<ChangedSince>,
}

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

impl Refusal {
    pub(crate) fn new(kind: RefusalKind, chinese: [&str; 2], english: [&str; 2]) -> Refusal {
        let [why, hint] = chinese.map(str::to_owned);
        let [why_en, hint_en] = english.map(str::to_owned);
        Refusal { kind, why, why_en, hint, hint_en, fields: Vec::new(), record: None, since: Vec::new() }
    }

    /// Names the fields that stand in the way.
    pub(crate) fn about(self, fields: Vec<String>) -> Refusal {
        Refusal { fields, ..self }
    }

    pub(crate) fn not_allowed(what: &str, what_en: &str) -> Refusal {
        Refusal::new(
            RefusalKind::NotAllowed,
            [&format!("您的岗位或辖区不能{what}"), "请转交有该权限的岗位办理"],
            [&format!("Your role or place may not {what_en}"), "Hand it to a role that may."],
        )
    }

    pub(crate) fn not_found(what: &str, what_en: &str) -> Refusal {
        Refusal::new(
            RefusalKind::NotFound,
            [&format!("没有找到{what}"), "请核对编号,或从列表重新进入"],
            [&format!("There is no such {what_en}"), "Check the number, or start again from the list."],
        )
    }
}

impl From<lifecycle::Refusal> for Refusal {
    fn from(refusal: lifecycle::Refusal) -> Refusal {
        let lifecycle::Refusal { kind, why, why_en, hint, hint_en } = refusal;
        let fields = match &kind {
            lifecycle::RefusalKind::Missing(fields) => fields.clone(),
            _ => Vec::new(),
        };
        Refusal {
            kind: RefusalKind::Lifecycle(kind),
            why,
            why_en,
            hint,
            hint_en,
            fields,
            record: None,
            since: Vec::new(),
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        if matches!(error, StoreError::Nul) {
            return Refusal::new(
                RefusalKind::Invalid,
                ["内容里有看不见的空字符(NUL),不能保存", "请删去从别处粘贴来的内容,手工重新填写"],
                ["A text holds the invisible character NUL and cannot be kept", "Type it anew instead of pasting it."],
            );
        }
        if let StoreError::Incomplete { records } = error {
            return Refusal::new(
                RefusalKind::Store(Box::new(error)),
                [
                    &format!("系统升级后正在整理旧版记录,还剩约 {records} 条,本次操作没有进行"),
                    "整理完即可使用,已有数据不受影响;请过一两分钟再试",
                ],
                [
                    &format!(
                        "Records of an earlier release are being brought up, about {records} are left; nothing was done"
                    ),
                    "It goes on by itself and no data is touched; try again in a minute or two.",
                ],
            );
        }
        Refusal::new(
            RefusalKind::Store(Box::new(error)),
            ["数据库未能完成本次操作,数据没有变动", "请稍后重试;多次失败请联系系统管理员查看运行日志"],
            [
                "The database could not finish; nothing was changed",
                "Try again; if it keeps failing, ask the administrator.",
            ],
        )
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Refusal {
        StoreError::from(error).into()
    }
}
