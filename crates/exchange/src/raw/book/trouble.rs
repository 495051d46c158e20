//! What is wrong with a workbook as a whole, before it is said of which file.

use crate::Refusal;
use std::io;
use std::path::Path;
use words::{Wording, wording};

/// Why a workbook is not read on.
#[derive(Debug)]
pub(crate) enum Trouble {
    Unreadable(io::Error),
    Encrypted,
    /// Something else than a workbook.
    Unknown,
    /// A workbook in a form that is not read: its name.
    Other(&'static str),
    /// It has no sheet that people see.
    NoSheet,
    /// The packed bytes end too early.
    Incomplete,
    /// Where it is said what is broken.
    Broken(&'static str),
    Bomb(Wording),
    /// A part that must be held in memory, in bytes.
    TooLarge {
        found: u64,
        limit: u64,
    },
    TooManyColumns {
        found: u32,
        limit: u32,
    },
}

impl Trouble {
    /// The refusal of the file.
    pub fn of(self, path: &Path, name: &str) -> Refusal {
        let file = name.to_owned();
        let damaged = |key: &str| Refusal::Damaged { file: name.to_owned(), detail: words::wording(key, &[]) };
        match self {
            Trouble::Unreadable(source) => Refusal::Unreadable { path: path.to_owned(), source },
            Trouble::Encrypted => Refusal::Encrypted { file },
            Trouble::Unknown => Refusal::UnknownFormat { file },
            Trouble::Other(kind) => Refusal::OtherWorkbook { file, kind },
            Trouble::NoSheet => Refusal::Empty { file },
            Trouble::Incomplete => damaged("damaged_packing"),
            Trouble::Broken(key) => damaged(key),
            Trouble::Bomb(detail) => Refusal::Bomb { file, detail },
            Trouble::TooLarge { found, limit } => Refusal::TooLarge { file, unit: "bytes", found, limit },
            Trouble::TooManyColumns { found, limit } => Refusal::TooManyColumns { file, found, limit },
        }
    }
}

impl From<quick_xml::Error> for Trouble {
    fn from(error: quick_xml::Error) -> Trouble {
        match error {
            quick_xml::Error::Io(source) if source.kind() == io::ErrorKind::FileTooLarge => {
                Trouble::Bomb(wording!("bomb_directory"))
            }
            quick_xml::Error::Io(_) => Trouble::Incomplete,
            quick_xml::Error::Encoding(_) => Trouble::Broken("damaged_encoding"),
            _ => Trouble::Broken("damaged_form"),
        }
    }
}
