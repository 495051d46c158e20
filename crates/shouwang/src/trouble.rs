//! What stops a command or a job: what was attempted, why not, what to do next; in both languages, for who reads it chooses.

use std::fmt::{self, Display};
use std::path::Path;
use words::Wording;

/// A refusal or failure, for people. Of a page and of the API the reader's language is shown, on the command line the Chinese.
#[derive(Debug)]
pub struct Trouble {
    /// What was attempted and why it did not work; no full stop at its end.
    pub what: Wording,
    /// What to do next.
    pub hint: Wording,
    /// The cause, for the log of the machine's owner.
    pub source: Option<anyhow::Error>,
}

/// The outcome of a command or job.
pub type Outcome<T> = Result<T, Trouble>;

impl Trouble {
    /// Both first in Chinese, then in English.
    pub fn new(what: [impl Into<String>; 2], hint: [impl Into<String>; 2]) -> Trouble {
        Trouble { what: both(what), hint: both(hint), source: None }
    }

    /// What happened and what to do next, in sentences one behind the other.
    pub fn told(&self) -> Wording {
        let Trouble { what, hint, .. } = self;
        let english = [what.english(), hint.english()].into_iter().filter(|text| !text.is_empty());
        Wording::pair(format!("{}。{}", what.chinese(), hint.chinese()), english.collect::<Vec<_>>().join(". "))
    }
}

fn both([chinese, english]: [impl Into<String>; 2]) -> Wording {
    Wording::pair(chinese, english)
}

/// What to do where something of the machine stands in the way.
pub const CHECK_FOLDER: [&str; 2] = ["请检查目录权限", "Check the permissions of the folder."];
pub const CHECK_SPACE: [&str; 2] =
    ["请检查目录权限和磁盘空间", "Check the permissions of the folder and the free space of the disk."];
pub const CHECK_DISK: [&str; 2] =
    ["请检查磁盘空间和权限后重试", "Check the free space of the disk and the permissions, and try again."];
pub const CHECK_INSTALLATION: [&str; 2] = [
    "请检查安装目录的磁盘空间和权限后重试",
    "Check the free space and the permissions of the installation's folder, and try again.",
];
pub const CHECK_MEMORY: [&str; 2] =
    ["请检查内存和磁盘空间后重试", "Check the memory and the free space of the disk, and try again."];
pub const CHECK_FILE: [&str; 2] = ["请确认文件存在且有读取权限", "See that the file is there and may be read."];
pub const CANNOT_READ_LAKE: [&str; 2] = ["无法读取数据湖", "The lake cannot be read"];

/// A file cannot be written.
pub fn cannot_write(path: &Path) -> [String; 2] {
    [format!("无法写入 {}", path.display()), format!("{} cannot be written", path.display())]
}

/// A folder takes no files.
pub fn cannot_write_in(folder: &Path) -> [String; 2] {
    [format!("无法在 {} 写入文件", folder.display()), format!("No file can be written in {}", folder.display())]
}

/// A file cannot be read.
pub fn cannot_read(file: &dyn Display) -> [String; 2] {
    [format!("无法读取文件 {file}"), format!("The file {file} cannot be read")]
}

/// The names to choose from.
pub fn names_known(known: &[&str]) -> [String; 2] {
    [format!("可用的名称:{}", known.join("、")), format!("Names: {}.", known.join(", "))]
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what.chinese())?;
        if let Some(source) = &self.source {
            write!(f, "\n  原因:{source:#}")?;
        }
        if !self.hint.chinese().is_empty() {
            write!(f, "\n  建议:{}", self.hint.chinese())?;
        }
        Ok(())
    }
}

/// Adds to an error what was attempted and what to do next.
pub trait Attempt<T> {
    /// # Errors
    /// The same error, told as a [`Trouble`]; both texts first in Chinese, then in English.
    fn attempt<S: Into<String>>(self, what: impl FnOnce() -> [S; 2], hint: [&str; 2]) -> Outcome<T>;
}

impl<T, E: Into<anyhow::Error>> Attempt<T> for Result<T, E> {
    fn attempt<S: Into<String>>(self, what: impl FnOnce() -> [S; 2], hint: [&str; 2]) -> Outcome<T> {
        self.map_err(|error| {
            let source: anyhow::Error = error.into();
            // Where the lake knows what to do, nobody knows better: it saw which file or object failed, and why.
            let of_lake = source.chain().find_map(|cause| cause.downcast_ref::<lake::LakeError>()?.advice());
            Trouble { what: both(what()), hint: of_lake.unwrap_or_else(|| both(hint)), source: Some(source) }
        })
    }
}

impl From<store::Refusal> for Trouble {
    fn from(refusal: store::Refusal) -> Trouble {
        let store::Refusal { kind, what, hint, .. } = refusal;
        Trouble { what, hint, source: source_of(kind) }
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
        let what = ["数据库未能完成操作,数据没有变动", "The database could not do it; nothing was changed"];
        Trouble { source: Some(error.into()), ..Trouble::new(what, CHECK_INSTALLATION) }
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
        let (what, disk) = (|| ["无法读取", "It cannot be read"], ["磁盘", "The disk."]);
        for hint in [hint(direct.attempt(what, disk)), hint(below.attempt(what, disk))] {
            for hint in [hint.chinese(), hint.english()] {
                assert!(hint.contains("s3://lake/household") && hint.contains("AWS_SECRET_ACCESS_KEY"), "{hint}");
            }
        }
        assert_eq!(hint(other.attempt(what, disk)), Wording::pair("磁盘", "The disk."));
    }

    #[test]
    fn a_trouble_is_told_in_sentences() {
        let of = |hint: [&str; 2]| Trouble::new(["没有这本台账", "There is no such register"], hint).told();
        let whole = of(["请重新导出", "Export again."]);
        assert_eq!(whole, Wording::pair("没有这本台账。请重新导出", "There is no such register. Export again."));
        assert_eq!(of(["", ""]), Wording::pair("没有这本台账。", "There is no such register"));
    }
}
