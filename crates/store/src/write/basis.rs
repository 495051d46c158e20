//! What the calculated fields of a register hang on, as it was when they were calculated last.

use crate::caches::KeptBases;
use crate::database::Transaction;
use crate::store::Inner;
use crate::stored::event_fields::plain;
use crate::stored::named;
use crate::stored::tables::RegisterTable;
use crate::{Declarations, StoreError};
use model::Day;
use policy::expression::{Expr, parameters_of};
use policy::{Calculated, How};
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
    /// Notes that records were written by a program that calculates otherwise than the one that settled the register: the
    /// next one that settles looks at all of them again. `registers`: by kept names.
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
        for (register, own) in registers.iter().filter_map(|register| Some((register, bases.get(register)?))) {
            let name = format!("{CALCULATED}{register}");
            let Some(known) = named::value(transaction, &name)?.filter(|known| known != own) else { continue };
            let mut basis: Basis = serde_json::from_str(&known)?;
            if basis.insert(STALE.to_owned(), String::new()).is_none() {
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

/// A digest of all formulas as they are written, with the fields that they fill by their kept names.
fn formulas_of(table: &RegisterTable) -> String {
    let mut lines: Vec<String> = Vec::new();
    let of_children = table.children.iter().flat_map(|child| &child.columns);
    for column in table.columns.iter().chain(of_children).filter(|column| !column.field.is_entered()) {
        let total = column.field.total.as_ref();
        let total = total.map(|total| (total.of.as_str(), total.filter.as_deref().unwrap_or(""), total.value.as_str()));
        lines.push(format!("{} {:?} {:?} {total:?}\n", column.place, column.field.kind, column.field.derived));
    }
    blake3::hash(lines.concat().as_bytes()).to_hex()[..16].to_owned()
}

/// The name of a value about a register.
pub(crate) fn key(what: &str, table: &RegisterTable) -> String {
    format!("{what}{}", table.kept)
}

/// What the register's calculated fields hung on when they were settled last.
pub(crate) fn noted(transaction: &Transaction<'_>, table: &RegisterTable) -> Result<Option<Basis>, StoreError> {
    read(transaction, &key(CALCULATED, table))
}

/// A kept value, taken apart.
pub(crate) fn read<T: serde::de::DeserializeOwned>(
    transaction: &Transaction<'_>,
    name: &str,
) -> Result<Option<T>, StoreError> {
    Ok(named::value(transaction, name)?.map(|text| serde_json::from_str(&text)).transpose()?)
}
