//! What the sample needs of a package, read from its folder: only from there, so that another package works as well.

use crate::population::Population;
use crate::spec::{TableSpec, Words};
use policy::Package;
use policy::declare::{CodeList, Register, Source};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The parts of a package from which a sample is made.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub sources: &'a BTreeMap<String, Source>,
    pub registers: &'a BTreeMap<String, Register>,
    /// Code lists by name.
    pub codes: &'a BTreeMap<String, CodeList>,
    pub sample: &'a SampleFiles,
}

/// What the package says for samples alone, and the reference data that only samples need.
#[derive(Clone, Debug)]
pub struct SampleFiles {
    /// CSV texts: census by county, area codes of identity numbers.
    pub census: String,
    pub areas: String,
    pub population: Population,
    pub words: Words,
    /// By source or register.
    pub tables: BTreeMap<String, TableSpec>,
}

/// A package cannot be used for a sample.
#[derive(Debug, thiserror::Error)]
pub enum PartsError {
    #[error("cannot read `{path}`")]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("cannot understand `{path}`")]
    Toml {
        path: PathBuf,
        #[source]
        source: Box<toml::de::Error>,
    },
}

/// Census by county, relative to the package.
const CENSUS: &str = "data/census-2020-counties.csv";
/// Area codes of identity numbers, relative to the folder of code lists.
const AREAS: &str = "id-area-codes.csv";

impl SampleFiles {
    /// Reads the files of `<package>/sample`, the census and the area codes.
    ///
    /// # Errors
    /// `Read` for a file or folder that is missing, `Toml` for one that is not written as it must be.
    pub fn read(package: &Package) -> Result<SampleFiles, PartsError> {
        let folder = package.root.join("sample");
        let areas = package.root.join(&package.head.codes).join(AREAS);
        Ok(SampleFiles {
            census: text_file(&package.root.join(CENSUS))?,
            areas: text_file(&areas)?,
            population: toml_file(&folder.join("population.toml"))?,
            words: toml_file(&folder.join("words.toml"))?,
            tables: tables(&folder)?,
        })
    }
}

impl<'a> Parts<'a> {
    /// The parts of this package.
    pub fn of(package: &'a Package, sample: &'a SampleFiles) -> Parts<'a> {
        Parts { sources: &package.sources, registers: &package.registers, codes: &package.codes, sample }
    }
}

/// All files of the folder but those that are not about a table.
fn tables(folder: &Path) -> Result<BTreeMap<String, TableSpec>, PartsError> {
    let unreadable = |source| PartsError::Read { path: folder.to_owned(), source };
    let mut tables = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match name.strip_suffix(".toml") {
            None | Some("population" | "words" | "ledgers") => {}
            Some(stem) => {
                tables.insert(stem.to_owned(), toml_file(&path)?);
            }
        }
    }
    Ok(tables)
}

fn text_file(path: &Path) -> Result<String, PartsError> {
    std::fs::read_to_string(path).map_err(|source| PartsError::Read { path: path.to_owned(), source })
}

fn toml_file<T: DeserializeOwned>(path: &Path) -> Result<T, PartsError> {
    let wrong = |source| PartsError::Toml { path: path.to_owned(), source: Box::new(source) };
    toml::from_str(&text_file(path)?).map_err(wrong)
}
