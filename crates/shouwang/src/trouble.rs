//! What stops a command or a job: what was attempted, why not, what to do next; in every language, for who reads it chooses.

use crate::language;
use std::fmt;
use words::{Advice, Language, Wording, advice, of_system, wording};

/// A refusal or failure, for people. On a page and of the API the reader's language is shown, on the command line the terminal's.
#[derive(Debug)]
pub struct Trouble {
    /// What was attempted and why it did not work; no full stop at its end.
    pub what: Wording,
    /// What to do next.
    pub hint: Wording,
    /// The cause, for the log of the machine's owner.
    pub source: Option<anyhow::Error>,
    /// The same for machines, where the command has a summary of what it refuses.
    pub summary: Option<serde_json::Value>,
}

/// The outcome of a command or job.
pub type Outcome<T> = Result<T, Trouble>;

impl Trouble {
    /// A trouble that has no cause besides what it says.
    pub fn of(Advice { what, hint }: Advice) -> Trouble {
        Trouble { what, hint, source: None, summary: None }
    }

    /// What happened and what to do next, in sentences one behind the other.
    pub fn sentences(&self) -> Wording {
        let Trouble { what, hint, .. } = self;
        match hint.is_empty() {
            true => wording!("trouble_alone", what = *what),
            false => wording!("trouble_and_hint", what = *what, hint = *hint),
        }
    }
}

impl fmt::Display for Trouble {
    /// In the language of the terminal, with the cause.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = language::of_terminal();
        f.write_str(self.what.of(language))?;
        if let Some(source) = &self.source {
            write!(f, "\n  {}", language.fill("trouble_cause", &[("cause", &cause(source, language))]))?;
        }
        if !self.hint.is_empty() {
            write!(f, "\n  {}", language.fill("trouble_hint", &[("hint", &self.hint.of(language))]))?;
        }
        Ok(())
    }
}

/// The cause in words where it is an error of the system; what else there is says it itself. The log has it as it is.
fn cause(source: &anyhow::Error, language: Language) -> String {
    let of_system = source.chain().find_map(|cause| cause.downcast_ref::<std::io::Error>()).map(of_system);
    let is_address = source.chain().any(|cause| cause.is::<std::net::AddrParseError>());
    match of_system.or_else(|| is_address.then(|| wording!("cause_address_unfit"))) {
        Some(words) => {
            tracing::debug!(cause = format!("{source:#}"), "what the system says");
            words.of(language).to_owned()
        }
        None => format!("{source:#}"),
    }
}

/// Adds to an error what was attempted and what to do next.
pub trait Attempt<T> {
    /// # Errors
    /// The same error, worded as a [`Trouble`]. The words are made only then.
    fn attempt(self, advice: impl FnOnce() -> Advice) -> Outcome<T>;
}

impl<T, E: Into<anyhow::Error>> Attempt<T> for Result<T, E> {
    fn attempt(self, advice: impl FnOnce() -> Advice) -> Outcome<T> {
        self.map_err(|error| {
            let source: anyhow::Error = error.into();
            // Where the lake knows what to do, nobody knows better: it saw which file or object failed, and why.
            let of_lake = source.chain().find_map(|cause| cause.downcast_ref::<lake::LakeError>()?.advice());
            let Advice { what, hint } = advice();
            Trouble { source: Some(source), ..Trouble::of(Advice { what, hint: of_lake.unwrap_or(hint) }) }
        })
    }
}

impl From<store::Refusal> for Trouble {
    fn from(refusal: store::Refusal) -> Trouble {
        let store::Refusal { kind, what, hint, .. } = refusal;
        Trouble { source: source_of(kind), ..Trouble::of(Advice { what, hint }) }
    }
}

fn source_of(kind: store::RefusalKind) -> Option<anyhow::Error> {
    match kind {
        store::RefusalKind::Store(error) => Some(error.into()),
        _ => None,
    }
}

impl From<store::StoreError> for Trouble {
    fn from(error: store::StoreError) -> Trouble {
        Trouble { source: Some(error.into()), ..Trouble::of(advice!("database_not_finished")) }
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
        let disk = || Advice {
            what: Wording::pair("无法读取", "It cannot be read"),
            hint: Wording::pair("磁盘", "The disk."),
        };
        for hint in [hint(direct.attempt(disk)), hint(below.attempt(disk))] {
            for hint in [hint.chinese(), hint.english()] {
                assert!(hint.contains("s3://lake/household") && hint.contains("AWS_SECRET_ACCESS_KEY"), "{hint}");
            }
        }
        assert_eq!(hint(other.attempt(disk)), disk().hint);
    }

    #[test]
    fn the_cause_is_in_words_where_the_system_is_the_cause() {
        let missing = std::io::Error::from_raw_os_error(2);
        let address = "here".parse::<std::net::SocketAddr>().expect_err("no address");
        let cases = [
            (
                anyhow::Error::from(missing).context("reading"),
                "没有这个文件或文件夹",
                "there is no such file or folder",
            ),
            (address.into(), "地址的写法不对", "the address is not written as one"),
            (anyhow::anyhow!("的确").context("outer"), "outer: 的确", "outer: 的确"),
        ];
        for (source, chinese, english) in cases {
            assert_eq!(cause(&source, Language::CHINESE), chinese);
            assert_eq!(cause(&source, Language::ENGLISH), english);
        }
    }

    #[test]
    fn a_trouble_is_told_in_sentences() {
        let what = Wording::pair("没有这本台账", "There is no such register");
        let of = |hint: Wording| Trouble::of(Advice { what: what.clone(), hint }).sentences();
        let whole = of(Wording::pair("请重新导出", "Export again."));
        assert_eq!(whole, Wording::pair("没有这本台账。请重新导出", "There is no such register. Export again."));
        assert_eq!(of(Wording::default()), Wording::pair("没有这本台账。", "There is no such register."));
    }
}
