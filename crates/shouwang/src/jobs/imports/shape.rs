//! From the package to what a file should hold.

use super::columns;
use super::order::Order;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::{FileHash, Mapping, Options, Places, Shape};
use model::Day;
use policy::Package;
use policy::declare::{Mode, Register, Source};
use words::{Wording, advice, list};

/// What a name of the package means for an import.
#[derive(Clone, Copy)]
pub enum Dataset<'a> {
    Source(&'a Source),
    Register(&'a Register),
}

impl<'a> Dataset<'a> {
    /// The source or register of that name.
    ///
    /// # Errors
    /// When there is none; the hint lists what there is.
    pub fn find(package: &'a Package, name: &str) -> Outcome<Dataset<'a>> {
        if let Some(source) = package.sources.get(name) {
            return Ok(Dataset::Source(source));
        }
        if let Some(register) = package.registers.get(name) {
            return Ok(Dataset::Register(register));
        }
        Err(unknown(package, name))
    }

    /// What it is called.
    pub fn label(self) -> Wording {
        match self {
            Dataset::Source(source) => Wording::pair(&source.label, &source.label_en),
            Dataset::Register(register) => Wording::pair(&register.label, &register.label_en),
        }
    }

    /// The source, where it is one whose rows are events with days.
    pub fn of_events(self) -> Option<&'a Source> {
        match self {
            Dataset::Source(source) if source.mode == Mode::Events => Some(source),
            _ => None,
        }
    }
}

/// What a file of an order should hold, what it might be mistaken for, and what its author chose of its columns.
pub struct Expected<'a> {
    pub shape: Shape<'a>,
    /// All other sources and registers, so that a wrong file can be named for what it is.
    others: Vec<Shape<'a>>,
    mapping: Mapping,
}

impl<'a> Expected<'a> {
    /// # Errors
    /// When there is no such dataset, or the store fails.
    pub fn of(installation: &'a Installation, order: &Order<'a>, places: &'a dyn Places) -> Outcome<Expected<'a>> {
        let package = &installation.package;
        if let Some(register) = package.registers.get(order.dataset).filter(|register| register.is_raised()) {
            return Err(crate::jobs::forms::raised(register));
        }
        let names = package.sources.keys().chain(package.registers.keys());
        let names = names.filter(|name| *name != order.dataset);
        Ok(Expected {
            shape: shape(package, order.dataset, order.day, places)?,
            others: names.map(|name| shape(package, name, order.day, places)).collect::<Outcome<_>>()?,
            mapping: columns::with_remembered(installation, order.actor, order.dataset, &order.chosen)?,
        })
    }

    /// How the file is read. `hash`: of its bytes, where it is known.
    pub fn options<'o>(&'o self, order: &'o Order<'_>, hash: Option<&'o FileHash>) -> Options<'o> {
        let (file_name, mapping) = (Some(order.file_name), Some(&self.mapping));
        Options { file_name, others: &self.others, mapping, hash, ..Options::default() }
    }
}

fn unknown(package: &Package, name: &str) -> Trouble {
    let names = list(package.registers.keys().chain(package.sources.keys()));
    Trouble::of(advice!("dataset_unknown", name, names))
}

/// The shape of a file of a source, with its row checks, or of a register: its records are held against its checks by the store,
/// which knows their state and what is calculated.
///
/// # Errors
/// When there is none of that name, or a check cannot be read; a package that passed its own check has no such check.
fn shape<'a>(package: &'a Package, name: &'a str, day: Day, places: &'a dyn Places) -> Outcome<Shape<'a>> {
    if let Some(register) = package.registers.get(name).filter(|_| !package.sources.contains_key(name)) {
        return Ok(Shape::of_register(name, register, &package.codes, day, places));
    }
    let shape = Shape::of_package(package, name, day, places).attempt(|| advice!("row_checks_unread", name))?;
    shape.ok_or_else(|| unknown(package, name))
}
