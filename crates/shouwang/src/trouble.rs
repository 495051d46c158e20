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
    /// What went wrong and what to do, without a cause.
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
        self.map_err(|error| {
            let source: anyhow::Error = error.into();
            // Where the lake knows what to do, nobody knows better: it saw which file or object failed, and why.
            let of_lake = source.chain().find_map(|cause| cause.downcast_ref::<lake::LakeError>()?.advice());
            let hint = of_lake.map_or_else(|| hint.to_owned(), |advice| advice.chinese);
            Trouble { what: what(), hint, source: Some(source) }
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use lake::{LakeError, ObjectFault};

    fn refused() -> LakeError {
        LakeError::Object {
            attempt: "read",
            object: "s3://lake/household".to_owned(),
            fault: ObjectFault::Refused,
            source: "403".into(),
        }
    }

    #[test]
    fn what_the_lake_advises_stands_before_what_the_caller_guesses() {
        let direct: Result<(), _> = Err(refused());
        let below: Result<(), _> = Err(analysis::AnalysisError::from(refused()));
        let other: Result<(), _> = Err(std::io::Error::other("full"));
        let hint = |outcome: Outcome<()>| outcome.expect_err("it failed").hint;
        for hint in [hint(direct.attempt(String::new, "磁盘")), hint(below.attempt(String::new, "磁盘"))] {
            assert!(hint.contains("s3://lake/household") && hint.contains("AWS_SECRET_ACCESS_KEY"), "{hint}");
        }
        assert_eq!(hint(other.attempt(String::new, "磁盘")), "磁盘");
    }
}
