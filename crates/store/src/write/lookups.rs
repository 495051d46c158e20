//! What constraints and references look up in other records, fetched for many records at once.

use super::change::UnitOfWork;
use super::draft::Draft;
use super::memberships::Memberships;
use crate::database::{Sql, statement};
use crate::stored::field_column::FieldColumn;
use crate::stored::keys::compared_value;
use crate::stored::tables::RegisterTable;
use crate::stored::values::to_sql;
use crate::{RefusedRow, StoreError};
use model::{Kind, RecordId, RegionCode, Value};
use policy::LookupForm;
use policy::record::{Setting, lookup};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use words::advice;

/// A record that a lookup may find.
#[derive(Clone, Debug)]
struct Candidate {
    id: RecordId,
    fields: Vec<Value>,
    state: Option<String>,
}

/// The records found for one lookup of the register, by what they match.
#[derive(Default)]
struct Finding {
    by_match: HashMap<String, Vec<Candidate>>,
    /// What each of them matches.
    match_of: HashMap<RecordId, String>,
}

impl Finding {
    fn add(&mut self, key: String, candidate: Candidate) {
        self.match_of.insert(candidate.id, key.clone());
        self.by_match.entry(key).or_default().push(candidate);
    }

    fn forget(&mut self, id: RecordId) {
        let list = self.match_of.remove(&id).and_then(|key| self.by_match.get_mut(&key));
        if let Some(list) = list {
            list.retain(|candidate| candidate.id != id);
        }
    }
}

/// What the records of one chunk need to know of others.
pub(super) struct Lookups<'a> {
    tables: &'a BTreeMap<String, RegisterTable>,
    cipher: &'a crate::cipher::Cipher,
    findings: HashMap<String, Finding>,
    /// Keys of referred records that exist, by field.
    referred: HashMap<String, HashSet<String>>,
    /// Places of the accounts that fields name.
    accounts: HashMap<String, RegionCode>,
    pub(super) memberships: Memberships,
}

impl<'a> Lookups<'a> {
    /// Fetches what these records look up.
    pub(super) fn fetch(
        change: &UnitOfWork<'a>,
        table: &RegisterTable,
        drafts: &[Draft],
    ) -> Result<Lookups<'a>, StoreError> {
        let inner = change.inner;
        let mut lookups = Lookups {
            tables: &inner.tables,
            cipher: &inner.cipher,
            findings: HashMap::new(),
            referred: HashMap::new(),
            accounts: accounts(change, table, drafts)?,
            memberships: Memberships::fetch(change, table, drafts)?,
        };
        for form in table.form.constraints.iter().flat_map(|constraint| &constraint.found) {
            lookups.fetch_one(change, table, form, drafts)?;
        }
        for (index, column) in table.columns.iter().enumerate().filter(|(_, one)| one.field.kind == Kind::Reference) {
            let wanted: BTreeSet<&str> = drafts.iter().filter_map(|draft| draft.fields[index].as_text()).collect();
            let known = referred(change, column, &wanted)?;
            lookups.referred.insert(column.field.name.clone(), known);
        }
        Ok(lookups)
    }

    fn fetch_one(
        &mut self,
        change: &UnitOfWork<'_>,
        table: &RegisterTable,
        form: &LookupForm,
        drafts: &[Draft],
    ) -> Result<(), StoreError> {
        let Some(from) = self.tables.get(&form.from) else { return Ok(()) };
        let Some((there, here)) = form.matching.first() else { return Ok(()) };
        let Some(column) = from.compared(there) else { return Ok(()) };
        let mut wanted: Vec<Sql> = Vec::new();
        let mut seen = HashSet::new();
        for draft in drafts {
            let value = self.compared(from, there, table, here, draft);
            if let Some(value) = value.filter(|value| seen.insert(spelled(value))) {
                wanted.push(value);
            }
        }
        let sql = format!(
            "select {} from {} t where t.\"{column}\" in (:list) and coalesce(t.is_withdrawn, 0) = 0",
            from.stored_columns(),
            from.table
        );
        let finding = self.findings.entry(form.name.clone()).or_default();
        for stored in statement::all_of(change.transaction, &sql, &wanted, |row| from.stored(self.cipher, row))? {
            let candidate = Candidate { id: stored.id, fields: stored.fields, state: stored.meta.state };
            let key = match_key(self.cipher, from, form.matching.iter().map(|(there, _)| there), &candidate.fields);
            if let Some(key) = key {
                finding.add(key, candidate);
            }
        }
        Ok(())
    }

    /// A value here in the form in which the field there is compared.
    fn compared(
        &self,
        from: &RegisterTable,
        there: &str,
        table: &RegisterTable,
        here: &str,
        draft: &Draft,
    ) -> Option<Sql> {
        let (_, column) = from.column(there)?;
        let (index, _) = table.column(here)?;
        compared_value(self.cipher, column, &draft.fields[index])
    }

    /// The value that a lookup gives for a record: over the others that match it, itself left out.
    pub(super) fn value(
        &self,
        table: &RegisterTable,
        form: &LookupForm,
        draft: &Draft,
        id: RecordId,
        setting: &Setting<'_>,
    ) -> Value {
        let Some(from) = self.tables.get(&form.from) else { return Value::Null };
        let key: Option<Vec<String>> = form
            .matching
            .iter()
            .map(|(there, here)| self.compared(from, there, table, here, draft).map(|value| spelled(&value)))
            .collect();
        let found = key.and_then(|key| self.findings.get(&form.name)?.by_match.get(&key.join("\u{1f}")));
        let is_same = form.from == table.name;
        let others: Vec<&Candidate> =
            found.into_iter().flatten().filter(|candidate| !is_same || candidate.id != id).collect();
        let cell = |row: usize, name: &str| match (from.column(name), others.get(row)) {
            (Some((index, _)), Some(candidate)) => candidate.fields[index].clone(),
            (None, Some(candidate)) if name == "state" => candidate.state.clone().map_or(Value::Null, Value::Text),
            _ => Value::Null,
        };
        lookup(form, others.len(), &cell, setting)
    }

    /// A record was taken: those behind it in the chunk see it.
    pub(super) fn note(&mut self, table: &RegisterTable, id: RecordId, fields: &[Value], state: Option<&str>) {
        for form in table.form.constraints.iter().flat_map(|constraint| &constraint.found) {
            if form.from != table.name {
                continue;
            }
            let finding = self.findings.entry(form.name.clone()).or_default();
            finding.forget(id);
            let key = match_key(self.cipher, table, form.matching.iter().map(|(there, _)| there), fields);
            if let Some(key) = key {
                let candidate = Candidate { id, fields: fields.to_vec(), state: state.map(str::to_owned) };
                finding.add(key, candidate);
            }
        }
    }

    /// A field that names no account at the record's place, inside it or around it.
    pub(super) fn unknown_account(
        &self,
        table: &RegisterTable,
        draft: &Draft,
        place: Option<RegionCode>,
    ) -> Option<RefusedRow> {
        let named = table.columns.iter().zip(&draft.fields).filter(|(column, _)| table.names_account(column));
        named.into_iter().find_map(|(column, value)| {
            let account = value.as_text()?;
            let region = self.accounts.get(account);
            let is_near = |region: &RegionCode| place.is_none_or(|place| place.holds(*region) || region.holds(place));
            let advice = || advice!("account_not_here", field = column.label(), account);
            (!region.is_some_and(is_near))
                .then(|| RefusedRow::new(draft.row, advice(), vec![column.field.name.clone()]))
        })
    }

    /// A field that refers to nothing the actor may know of.
    pub(super) fn missing_reference(&self, table: &RegisterTable, draft: &Draft) -> Option<RefusedRow> {
        table.columns.iter().enumerate().find_map(|(index, column)| {
            let known = self.referred.get(&column.field.name)?;
            let text = draft.fields[index].as_text()?;
            (!known.contains(text)).then(|| {
                RefusedRow::new(
                    draft.row,
                    advice!("reference_unknown", field = column.label()),
                    vec![column.field.name.clone()],
                )
            })
        })
    }
}

/// Where the accounts are that these records name.
fn accounts(
    change: &UnitOfWork<'_>,
    table: &RegisterTable,
    drafts: &[Draft],
) -> Result<HashMap<String, RegionCode>, StoreError> {
    let columns: Vec<usize> = (0..table.columns.len()).filter(|at| table.names_account(&table.columns[*at])).collect();
    let named = |draft: &Draft| -> Vec<String> {
        columns.iter().filter_map(|at| draft.fields[*at].as_text().map(str::to_owned)).collect()
    };
    let wanted: BTreeSet<String> = drafts.iter().flat_map(named).collect();
    let wanted: Vec<Sql> = wanted.into_iter().map(Sql::Text).collect();
    let sql = "select name, region from account where name in (:list)";
    let rows =
        statement::all_of(change.transaction, sql, &wanted, |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))?;
    Ok(rows.into_iter().filter_map(|(name, region)| Some((name, region.parse().ok()?))).collect())
}

/// Which of the wanted keys exist in the register that the field refers to: inside the actor's place, around it, or nowhere.
fn referred(
    change: &UnitOfWork<'_>,
    column: &FieldColumn,
    wanted: &BTreeSet<&str>,
) -> Result<HashSet<String>, StoreError> {
    let target = column.field.to.as_ref().and_then(|to| change.inner.tables.get(to));
    let Some((target, key)) = target.and_then(|target| Some((target, target.register.key.first()?))) else {
        return Ok(wanted.iter().map(|text| (*text).to_owned()).collect());
    };
    let Some((_, key_column)) = target.column(key) else { return Ok(HashSet::new()) };
    let values: Vec<Sql> =
        wanted.iter().filter_map(|text| to_sql(key_column, &Value::Text((*text).to_owned())).ok()).collect();
    let sql = format!(
        "select t.\"{kept}\", t.place from {} t where t.\"{kept}\" in (:list) and coalesce(t.is_withdrawn, 0) = 0",
        target.table,
        kept = key_column.name
    );
    let is_reached =
        |place: Option<RegionCode>| place.is_none_or(|place| change.reaches(place) || place.holds(change.actor.region));
    let mut found = HashSet::new();
    let rows =
        statement::all_of(change.transaction, &sql, &values, |row| Ok((row.value(0)?, row.get::<Option<String>>(1)?)))?;
    for (value, place) in rows {
        let place: Option<RegionCode> = place.and_then(|text| text.parse().ok());
        if is_reached(place) {
            found.insert(spelled(&value));
        }
    }
    let is_known = |text: &str| {
        to_sql(key_column, &Value::Text(text.to_owned())).is_ok_and(|value| found.contains(&spelled(&value)))
    };
    let (known, others) = wanted.iter().partition::<Vec<&str>, _>(|text| is_known(text));
    let mut known: HashSet<String> = known.into_iter().map(str::to_owned).collect();
    for (text, place) in change.named_otherwise(target, others.into_iter())? {
        if is_reached(place) {
            known.insert(text.to_owned());
        }
    }
    Ok(known)
}

/// What a record matches by, spelled out; `None` where a part is unknown.
fn match_key<'n>(
    cipher: &crate::cipher::Cipher,
    table: &RegisterTable,
    names: impl Iterator<Item = &'n String>,
    fields: &[Value],
) -> Option<String> {
    let parts: Option<Vec<String>> = names
        .map(|name| {
            let (index, column) = table.column(name)?;
            compared_value(cipher, column, fields.get(index)?).map(|value| spelled(&value))
        })
        .collect();
    parts.map(|parts| parts.join("\u{1f}"))
}

fn spelled(value: &Sql) -> String {
    match value {
        Sql::Null => String::new(),
        Sql::Whole(number) => number.to_string(),
        Sql::Text(text) => text.clone(),
        Sql::Bytes(bytes) => format!("{bytes:?}"),
    }
}
