//! What stops a command: what was attempted, why not, what to do next.

use std::fmt;

/// A refusal or failure, for people.
#[derive(Debug)]
pub struct Trouble {
    /// What was attempted and why it did not work.
    pub what: String,
    /// What to do next.
    pub hint: String,
    /// The cause, for the log of the machine's owner.
    pub source: Option<anyhow::Error>,
}

/// The outcome of a command or job.
pub type Outcome<T> = Result<T, Trouble>;

impl Trouble {
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Trouble {
        Trouble { what: what.into(), hint: hint.into(), source: None }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(source) = &self.source {
            write!(f, "\n  原因:{source:#}")?;
        }
        if !self.hint.is_empty() {
            write!(f, "\n  建议:{}", self.hint)?;
        }
        Ok(())
    }
}

/// Adds to an error what was attempted and what to do next.
pub trait Attempt<T> {
    /// # Errors
    /// The same error, told as a [`Trouble`].
    fn attempt(self, what: impl FnOnce() -> String, hint: &str) -> Outcome<T>;
}

impl<T, E: Into<anyhow::Error>> Attempt<T> for Result<T, E> {
    fn attempt(self, what: impl FnOnce() -> String, hint: &str) -> Outcome<T> {
        self.map_err(|error| Trouble { what: what(), hint: hint.to_owned(), source: Some(error.into()) })
    }
}

impl From<store::Refusal> for Trouble {
    fn from(refusal: store::Refusal) -> Trouble {
        Trouble { what: refusal.why.clone(), hint: refusal.hint.clone(), source: source_of(refusal) }
    }
}

fn source_of(refusal: store::Refusal) -> Option<anyhow::Error> {
    match refusal.kind {
        store::RefusalKind::Store(error) => Some(error.into()),
        _ => None,
    }
}

impl From<store::StoreError> for Trouble {
    fn from(error: store::StoreError) -> Trouble {
        Trouble {
            what: "数据库未能完成操作,数据没有变动".into(),
            hint: "请检查安装目录的磁盘空间和权限后重试".into(),
            source: Some(error.into()),
        }
    }
}
