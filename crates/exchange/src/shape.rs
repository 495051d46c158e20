//! What a file of a source or register should hold.

use model::{Day, RegionCode, Value};
use policy::declare::{CodeList, Column, Register, Source};
use std::collections::BTreeMap;

/// The expected columns of a file, and everything its cells are checked against.
pub struct Shape<'a> {
    /// Name of the source or register.
    pub name: &'a str,
    /// Its label, for people.
    pub label: &'a str,
    pub columns: &'a [Column],
    /// Names of the columns that together name a row; no two rows of a file may agree in all of them.
    pub key: &'a [String],
    /// Column with the identity number that the row is about; a row without a good one is left out.
    pub identity: Option<&'a str>,
    /// Column with the household number.
    pub household: Option<&'a str>,
    pub tests: Vec<Test<'a>>,
    /// Code lists by name.
    pub codes: &'a BTreeMap<String, CodeList>,
    /// Days after this one lie in the future.
    pub delivery_day: Day,
    pub places: &'a dyn Places,
}

/// Which places exist.
pub trait Places: Sync {
    /// True when the 6-digit area code of an identity number was in use at any time.
    fn is_area(&self, area: u32) -> bool;
    /// True when the division exists.
    fn is_division(&self, code: RegionCode) -> bool;
    /// The one division of that name, for cells that hold a name in place of a code.
    fn division_named(&self, _name: &str) -> Option<RegionCode> {
        None
    }
}

/// Takes every area and division for existing; for shapes without places, and for tests.
pub struct NoPlaces;

impl Places for NoPlaces {
    fn is_area(&self, _area: u32) -> bool {
        true
    }

    fn is_division(&self, _code: RegionCode) -> bool {
        true
    }
}

/// Whether a row (cells in declared order) holds; `None` where it cannot be known.
pub type Holds<'a> = Box<dyn Fn(&[Value]) -> Option<bool> + Send + Sync + 'a>;

/// A declared check of a row, ready to run.
pub struct Test<'a> {
    pub holds: Holds<'a>,
    /// What is wrong when it does not hold, and what to do.
    pub what: &'a str,
    pub hint: &'a str,
    /// Places (in `Shape::columns`) of the cells that are marked.
    pub columns: Vec<usize>,
    /// The row is left out; otherwise it is taken with a remark.
    pub drops_row: bool,
}

impl<'a> Shape<'a> {
    /// The shape of a source's extract, still without `tests` (see `with_tests`).
    pub fn of_source(
        name: &'a str,
        source: &'a Source,
        codes: &'a BTreeMap<String, CodeList>,
        delivery_day: Day,
        places: &'a dyn Places,
    ) -> Shape<'a> {
        Shape {
            name,
            label: &source.label,
            columns: &source.column,
            key: &source.key,
            identity: source.identity.as_deref(),
            household: source.household.as_deref(),
            tests: Vec::new(),
            codes,
            delivery_day,
            places,
        }
    }

    /// The shape of a register's file, still without `tests` (see `with_tests`). The identity number is the key field of kind
    /// `identity`, if there is one.
    pub fn of_register(
        name: &'a str,
        register: &'a Register,
        codes: &'a BTreeMap<String, CodeList>,
        delivery_day: Day,
        places: &'a dyn Places,
    ) -> Shape<'a> {
        let is_key = |column: &&Column| register.key.contains(&column.name);
        let identity = register.field.iter().filter(is_key).find(|column| column.kind == model::Kind::Identity);
        Shape {
            name,
            label: &register.label,
            columns: &register.field,
            key: &register.key,
            identity: identity.map(|column| column.name.as_str()),
            household: None,
            tests: Vec::new(),
            codes,
            delivery_day,
            places,
        }
    }

    /// The same shape with these checks of whole rows.
    pub fn with_tests(mut self, tests: Vec<Test<'a>>) -> Shape<'a> {
        self.tests = tests;
        self
    }

    /// Where the column stands in `columns`.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}
