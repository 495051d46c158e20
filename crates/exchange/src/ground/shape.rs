//! What a file of a source or register should hold.

use crate::{Places, RowTest};
use model::Day;
use policy::Package;
use policy::declare::{CodeList, Column, Register, Source};
use policy::expression::ExpressionError;
use std::collections::BTreeMap;
use words::Wording;

/// Field of a register with the number of the household, by which every record of a household is found.
const HOUSEHOLD_NO: &str = "household_no";

/// The column with the household number among some.
pub(crate) fn household_of(columns: &[Column]) -> Option<&str> {
    columns.iter().map(|column| column.name.as_str()).find(|name| *name == HOUSEHOLD_NO)
}

/// The label of a declared column, for people.
pub(crate) fn label_of(column: &Column) -> Wording {
    Wording::pair(column.label.as_str(), column.label_en.as_str())
}

/// The expected columns of a file, and everything its cells are checked against.
pub struct Shape<'a> {
    /// Name of the source or register.
    pub name: &'a str,
    /// Its label, for people, in Chinese and in English.
    pub label: &'a str,
    pub label_en: &'a str,
    pub columns: &'a [Column],
    /// Names of the columns that together name a row; no two rows of a file may agree in all of them.
    pub key: &'a [String],
    /// Column with the identity number that the row is about; a row with a bad one is left out, unless a household number names it.
    pub identity: Option<&'a str>,
    /// Column with the household number.
    pub household: Option<&'a str>,
    pub tests: Vec<RowTest<'a>>,
    /// Code lists by name.
    pub codes: &'a BTreeMap<String, CodeList>,
    /// Days after this one lie in the future.
    pub delivery_day: Day,
    pub places: &'a dyn Places,
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
            label_en: &source.label_en,
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
    /// `identity`, if there is one; the household number the field `household_no`.
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
            label_en: &register.label_en,
            columns: &register.field,
            key: &register.key,
            identity: identity.map(|column| column.name.as_str()),
            household: household_of(&register.field),
            tests: Vec::new(),
            codes,
            delivery_day,
            places,
        }
    }

    /// The shape of a source or register of a package, with its checks; `None` where the package has neither of that name.
    ///
    /// # Errors
    /// Where a check cannot be read; `Package::load` refuses such packages.
    pub fn of_package(
        package: &'a Package,
        name: &'a str,
        delivery_day: Day,
        places: &'a dyn Places,
    ) -> Result<Option<Shape<'a>>, ExpressionError> {
        let (shape, checks) = if let Some(source) = package.sources.get(name) {
            (Shape::of_source(name, source, &package.codes, delivery_day, places), &source.check)
        } else if let Some(register) = package.registers.get(name) {
            (Shape::of_register(name, register, &package.codes, delivery_day, places), &register.check)
        } else {
            return Ok(None);
        };
        let tests = RowTest::of_checks(package, shape.columns, checks, delivery_day)?;
        Ok(Some(shape.with_tests(tests)))
    }

    /// The same shape with these checks of whole rows.
    pub fn with_tests(mut self, tests: Vec<RowTest<'a>>) -> Shape<'a> {
        self.tests = tests;
        self
    }

    /// True for the column with the identity number, where nothing else says whom a row is about.
    pub(crate) fn needs_identity(&self, column: &str) -> bool {
        self.identity == Some(column) && self.household.is_none()
    }

    /// Its label.
    pub(crate) fn said(&self) -> Wording {
        Wording::pair(self.label, self.label_en)
    }

    /// Where the column stands in `columns`.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}
