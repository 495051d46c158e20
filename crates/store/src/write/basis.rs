//! What the calculated fields of a register hang on, as it was when they were calculated last.

use crate::caches::KeptBases;
use crate::database::Transaction;
use crate::store::Inner;
use crate::stored::event_fields::plain;
use crate::stored::named;
use crate::stored::tables::RegisterTable;
use crate::{Declarations, StoreError};
use model::Day;
use policy::declare::Column;
use policy::expression::{Expr, parameters_of};
use policy::{Calculated, How};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

/// What stands before a register's kept name: what its calculated fields hang on.
pub(crate) const CALCULATED: &str = "calculated ";
/// What a program that calculates otherwise leaves behind: records were written that are to be looked at again.
pub(crate) const STALE: &str = "stale";
/// Name of the formulas among what a register hangs on; parameters go by theirs.
pub(crate) const FORMULAS: &str = "=";

/// What the calculated fields of a register hang on: a digest of the formulas, and the values of the parameters that they read.
pub(crate) type Basis = BTreeMap<String, String>;

impl Inner {
    /// Notes that records were written by a program that calculates otherwise than the one that calculated the register last: the
    /// next backfill looks at all of them again. `registers`: by kept names.
    pub(crate) fn note_otherwise(
        &self,
        transaction: &Transaction<'_>,
        registers: &BTreeSet<String>,
        today: Day,
    ) -> Result<(), StoreError> {
        if registers.is_empty() {
            return Ok(());
        }
        let bases = self.bases(today)?;
        for table in self.tables.values().filter(|table| registers.contains(&table.kept)) {
            let name = key(CALCULATED, table);
            let Some(own) = bases.get(&table.kept) else { continue };
            let Some(known) = named::value(transaction, &name)?.filter(|known| known != own) else { continue };
            let mut basis = as_now(serde_json::from_str(&known)?, table);
            if serde_json::to_string(&basis)? != *own && basis.insert(STALE.to_owned(), String::new()).is_none() {
                named::keep(transaction, &name, &serde_json::to_string(&basis)?)?;
            }
        }
        Ok(())
    }

    fn bases(&self, today: Day) -> Result<KeptBases, StoreError> {
        let mut known = self.bases.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bases)) = known.as_ref().filter(|(day, _)| *day == today) {
            return Ok(bases.clone());
        }
        let mut bases = BTreeMap::new();
        for table in self.tables.values() {
            if let Some(basis) = basis_of(table, &self.declarations, today) {
                bases.insert(table.kept.clone(), serde_json::to_string(&basis)?);
            }
        }
        let bases = Arc::new(bases);
        *known = Some((today, bases.clone()));
        Ok(bases)
    }
}

/// What the calculated fields of a register hang on today; `None` where nothing is calculated.
pub(crate) fn basis_of(table: &RegisterTable, declarations: &Declarations, today: Day) -> Option<Basis> {
    let of_children = table.form.child_calculated.iter().flatten();
    let calculated: Vec<&Calculated> = table.form.calculated.iter().chain(of_children).collect();
    if calculated.is_empty() {
        return None;
    }
    let mut basis = Basis::from([(FORMULAS.to_owned(), formulas_of(table))]);
    let book = &declarations.parameters;
    for name in calculated.iter().flat_map(|one| expressions_of(one)).flat_map(parameters_of) {
        let home = plain(&book.value(&name, declarations.region, today)).to_string();
        let mut text = home.clone();
        for place in book.places() {
            let there = plain(&book.value(&name, *place, today)).to_string();
            if there != home {
                text.push_str(&format!(" {place}:{there}"));
            }
        }
        basis.insert(name, text);
    }
    Some(basis)
}

fn expressions_of(calculated: &Calculated) -> Vec<&Expr> {
    match &calculated.how {
        How::Derived(expr) => vec![expr],
        How::Total { call, filter, .. } => call.argument.iter().chain(filter).collect(),
    }
}

/// A digest of all formulas as they are written, with the fields that they fill by their kept names: one line of JSON each.
fn formulas_of(table: &RegisterTable) -> String {
    digest(formulas(table).map(|(place, field)| {
        let total = field.total.as_ref();
        let total = total.map(|total| json!([total.of, total.filter, total.value]));
        format!("{}\n", json!([place, field.kind, field.derived, total]))
    }))
}

/// The digest that earlier versions made of the same formulas, out of the program's own inner names.
fn former_formulas_of(table: &RegisterTable) -> String {
    digest(formulas(table).map(|(place, field)| {
        let total = field.total.as_ref();
        let total = total.map(|total| (total.of.as_str(), total.filter.as_deref().unwrap_or(""), total.value.as_str()));
        format!("{place} {:?} {:?} {total:?}\n", field.kind, field.derived)
    }))
}

/// The calculated fields of a register and its children, by the names under which they are kept.
fn formulas(table: &RegisterTable) -> impl Iterator<Item = (&str, &Column)> {
    let of_children = table.children.iter().flat_map(|child| &child.columns);
    let columns = table.columns.iter().chain(of_children).map(|column| (column.place.as_str(), &column.field));
    columns.filter(|(_, field)| !field.is_entered())
}

fn digest(lines: impl Iterator<Item = String>) -> String {
    let mut hasher = blake3::Hasher::new();
    lines.for_each(|line| {
        hasher.update(line.as_bytes());
    });
    hasher.finalize().to_hex()[..16].to_owned()
}

/// The name of a value about a register.
pub(crate) fn key(what: &str, table: &RegisterTable) -> String {
    format!("{what}{}", table.kept)
}

/// What the register's calculated fields hung on when they were calculated last; formulas that an earlier version noted, as this one
/// would have.
pub(crate) fn noted(transaction: &Transaction<'_>, table: &RegisterTable) -> Result<Option<Basis>, StoreError> {
    let noted = read(transaction, &key(CALCULATED, table))?;
    Ok(noted.map(|basis| as_now(basis, table)))
}

/// A basis that was noted, with the formulas that an earlier version digested otherwise as this one does.
fn as_now(mut basis: Basis, table: &RegisterTable) -> Basis {
    if let Some(formulas) = basis.get_mut(FORMULAS).filter(|formulas| **formulas == former_formulas_of(table)) {
        *formulas = formulas_of(table);
    }
    basis
}

/// A kept value, taken apart.
pub(crate) fn read<T: serde::de::DeserializeOwned>(
    transaction: &Transaction<'_>,
    name: &str,
) -> Result<Option<T>, StoreError> {
    Ok(named::value(transaction, name)?.map(|text| serde_json::from_str(&text)).transpose()?)
}
