//! Whether a package fits the database that it is to be opened with: what would be lost from sight or misread is refused.
//!
//! A package that was in force here before is let in again as it is, so that the previous release runs on the newer tables. A
//! new one must say in `changes/` what became of every register and field that holds values and that it does not declare.

use crate::database::{Present, Transaction};
use crate::stored::field_column::FieldColumn;
use crate::stored::named;
use crate::stored::tables::RegisterTable;
use crate::{Declarations, StoreError};
use model::Kind;
use policy::Problem;
use std::collections::BTreeMap;
use words::advice;

/// Name under which the kinds of fields are kept that were declared last.
const KINDS: &str = "declared kinds";
/// What stands before the digest of a package's shape that was in force here.
const SHAPE: &str = "declared shape ";

/// What does not fit, and what was left behind.
#[derive(Debug, Default)]
pub(crate) struct SchemaCompatibility {
    /// The package cannot be opened.
    pub(crate) refused: Vec<Problem>,
    /// Columns and tables that nothing is declared for: `(table, column)`, the column empty for whole tables.
    pub(crate) left: Vec<(String, String)>,
    /// The same, of those that a change says are removed.
    pub(crate) removed: Vec<(String, String)>,
    /// The package's shape was in force here before, or this program never noted any.
    is_known: bool,
    shape: String,
    kinds: BTreeMap<String, String>,
    noted: BTreeMap<String, String>,
}

/// A table that is there, and what is declared for it.
struct Place<'a> {
    table: &'a RegisterTable,
    /// Kind of child record, by its place among the declared ones.
    child: Option<usize>,
    name: &'a str,
    present: &'a Present,
}

impl SchemaCompatibility {
    /// Holds a package against a database. Reads only.
    pub(crate) fn of(
        transaction: &Transaction<'_>,
        tables: &BTreeMap<String, RegisterTable>,
        declarations: &Declarations,
    ) -> Result<SchemaCompatibility, StoreError> {
        let mut compatibility =
            SchemaCompatibility { shape: shape_of(tables), kinds: kinds_of(tables), ..SchemaCompatibility::default() };
        compatibility.read_noted(transaction)?;
        let present = transaction.register_tables()?;
        let mut declared: Vec<&str> = Vec::new();
        for table in tables.values() {
            let children = table.children.iter().enumerate().map(|(at, child)| (Some(at), child.table.as_str()));
            for (child, name) in [(None, table.table.as_str())].into_iter().chain(children) {
                declared.push(name);
                if let Some(present) = present.get(name) {
                    compatibility.table(transaction, declarations, &Place { table, child, name, present })?;
                }
            }
        }
        for name in present.keys().filter(|name| !declared.contains(&name.as_str())) {
            compatibility.left_table(transaction, declarations, name)?;
        }
        Ok(compatibility)
    }

    fn read_noted(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        let is_there = !transaction.column_types("installation")?.is_empty();
        if !is_there {
            self.is_known = true;
            return Ok(());
        }
        let kinds = named::value(transaction, KINDS)?;
        let known = named::value(transaction, &format!("{SHAPE}{}", self.shape))?;
        self.is_known = kinds.is_none() || known.is_some();
        self.noted = kinds.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default();
        Ok(())
    }

    /// Notes that the package is in force here; writes nothing where that is known.
    pub(crate) fn note(&self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        let mut kinds = self.noted.clone();
        kinds.extend(self.kinds.clone());
        if kinds != self.noted {
            named::keep(transaction, KINDS, &serde_json::to_string(&kinds)?)?;
        }
        let name = format!("{SHAPE}{}", self.shape);
        if named::value(transaction, &name)?.is_none() {
            named::keep(transaction, &name, "1")?;
        }
        Ok(())
    }

    fn table(
        &mut self,
        transaction: &Transaction<'_>,
        declarations: &Declarations,
        place: &Place<'_>,
    ) -> Result<(), StoreError> {
        let Place { table, child, present, .. } = place;
        let columns = child.map_or(&table.columns, |at| &table.children[at].columns);
        for (at, column) in columns.iter().enumerate() {
            self.column(declarations, place, at, column);
        }
        if child.is_none() && !present.key.is_empty() && !same(&table.key, present) {
            let records = transaction.count_rows(&table.table)?;
            let advice = advice!("fit_key_changed", records);
            self.refused.push(declarations.problem(&table.name, "key", advice));
        }
        let own: Vec<String> = match child {
            None => table.physical().into_iter().map(|(name, _)| name).collect(),
            Some(_) => {
                columns.iter().map(|one| one.name.clone()).chain(["record_id".into(), "position".into()]).collect()
            }
        };
        for column in present.columns.keys().filter(|column| !own.contains(column)) {
            self.left_column(transaction, declarations, place, column)?;
        }
        Ok(())
    }

    /// A field whose column was made, or whose values were written, for another kind.
    fn column(&mut self, declarations: &Declarations, place: &Place<'_>, at: usize, column: &FieldColumn) {
        let Some(made) = place.present.columns.get(&column.name) else { return };
        let was = self.noted.get(&column.place);
        let is = self.kinds.get(&column.place);
        let reads_alike = was.zip(is).is_none_or(|(was, is)| was == is || family(was) == family(is));
        // Also where nothing is kept yet: what is entered from now on, the earlier package could not read.
        let fits = *made == column.storage && reads_alike;
        if !fits {
            let list = place.child.map_or("field".to_owned(), |child| format!("child.{child}.field"));
            let field = &column.field.name;
            let advice = match was {
                Some(was) => advice!("fit_kind_changed_from", field, was),
                None => advice!("fit_kind_changed", field),
            };
            let key = format!("{list}.{at}.kind");
            self.refused.push(declarations.problem(&place.table.name, &key, advice));
        }
    }

    fn left_column(
        &mut self,
        transaction: &Transaction<'_>,
        declarations: &Declarations,
        place: &Place<'_>,
        column: &str,
    ) -> Result<(), StoreError> {
        let Place { table, child, name, present } = place;
        let kept_child = child.map(|at| table.children[at].kept.as_str());
        let field = base_of(column, present);
        if declarations.changes.is_removed(&table.kept, kept_child, Some(field)) {
            self.removed.push(((*name).to_owned(), column.to_owned()));
            return Ok(());
        }
        self.left.push(((*name).to_owned(), column.to_owned()));
        if self.is_known || field != column || !transaction.holds_values(name, column)? {
            return Ok(());
        }
        let now = |kept| child.map_or(kept, |at| table.register.child[at].name.as_str());
        let about = match kept_child.map(now) {
            Some(child) => format!("register = \"{}\"\nchild = \"{child}\"\nfield = \"{column}\"\n", table.name),
            None => format!("register = \"{}\"\nfield = \"{column}\"\n", table.name),
        };
        let (register, file) = (&table.name, changes_file(declarations));
        let advice = match kept_child.map(now) {
            Some(child) => advice!("fit_child_field_left", register, child, column, file, about),
            None => advice!("fit_field_left", register, column, file, about),
        };
        self.refused.push(declarations.problem(&table.name, child_list(place), advice));
        Ok(())
    }

    fn left_table(
        &mut self,
        transaction: &Transaction<'_>,
        declarations: &Declarations,
        name: &str,
    ) -> Result<(), StoreError> {
        let bare = name.trim_start_matches("r_");
        let (register, child) = bare.split_once("__").map_or((bare, None), |(register, child)| (register, Some(child)));
        if declarations.changes.is_removed(register, child, None) {
            self.removed.push((name.to_owned(), String::new()));
            return Ok(());
        }
        self.left.push((name.to_owned(), String::new()));
        let now = declarations.changes.register_now(register);
        let is_declared = declarations.registers.contains_key(now);
        // Child records go with their register.
        if self.is_known || child.is_some() && !is_declared {
            return Ok(());
        }
        let records = transaction.count_rows(name)?;
        if records == 0 {
            return Ok(());
        }
        let file = changes_file(declarations);
        let advice = match child {
            Some(child) => {
                let about = format!("register = \"{now}\"\nchild = \"{child}\"\n");
                advice!("fit_child_left", register = now, child, records, file, about)
            }
            None => {
                let about = format!("register = \"{register}\"\n");
                advice!("fit_register_left", register, records, file, about)
            }
        };
        self.refused.push(declarations.problem(now, "child", advice));
        Ok(())
    }
}

fn child_list(place: &Place<'_>) -> &'static str {
    if place.child.is_some() { "child" } else { "field" }
}

/// The file that says what became of it.
fn changes_file(declarations: &Declarations) -> String {
    declarations.root.join("changes").join("….toml").display().to_string()
}

fn same(key: &[String], present: &Present) -> bool {
    key.len() == present.key.len() && key.iter().all(|column| present.key.contains(column))
}

/// The field that a column stands beside, e.g. with its hash; itself where it is a field's own.
fn base_of<'c>(column: &'c str, present: &Present) -> &'c str {
    let base = ["_find", "_tail", "_order", "_fold", "_sort"].iter().find_map(|ending| column.strip_suffix(ending));
    base.filter(|base| present.columns.contains_key(*base)).unwrap_or(column)
}

/// Kinds whose values are read in the same way.
fn family(kind: &str) -> &str {
    match kind {
        "month" => "day",
        "text" | "code" | "region" | "reference" | "file" | "name" | "identity" | "phone" | "account" => "text",
        other => other,
    }
}

/// Every field with the place where it is kept and its kind.
fn kinds_of(tables: &BTreeMap<String, RegisterTable>) -> BTreeMap<String, String> {
    let columns = tables
        .values()
        .flat_map(|table| table.columns.iter().chain(table.children.iter().flat_map(|child| &child.columns)));
    columns.map(|column| (column.place.clone(), kind_name(column.field.kind))).collect()
}

fn kind_name(kind: Kind) -> String {
    serde_json::to_value(kind).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A digest of what is declared, by kept names.
fn shape_of(tables: &BTreeMap<String, RegisterTable>) -> String {
    let mut lines: Vec<String> = Vec::new();
    for table in tables.values() {
        let children = table.children.iter().map(|child| (child.table.as_str(), &child.columns));
        for (name, columns) in [(table.table.as_str(), &table.columns)].into_iter().chain(children) {
            let mut names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            names.sort_unstable();
            lines.push(format!("{name}({})\n", names.join(",")));
        }
    }
    // A register that was renamed stands elsewhere among the others.
    lines.sort_unstable();
    blake3::hash(lines.concat().as_bytes()).to_hex()[..32].to_owned()
}
