//! Records after a change of the package: old codes become the new ones, calculated fields are calculated again.

use super::Change;
use super::draft::Draft;
use super::prepared::{Prepared, record_name};
use crate::cipher::Cipher;
use crate::database::{Sql, Transaction};
use crate::field_column::FieldColumn;
use crate::held::{Children, Held, Standing};
use crate::log::Event;
use crate::tables::RegisterTable;
use crate::{Declarations, Refusal, StoreError};
use model::{Day, Value};
use policy::record::{Setting, calculate};
use std::collections::BTreeMap;

/// Records of one transaction.
const TOGETHER: usize = 500;
/// Actions of events that the system leaves when a package has changed. Nobody worked on the record then.
pub(crate) const BY_PACKAGE: [&str; 2] = ["recalculated", "recoded"];

/// Old codes of one field, or one field of child records, and how records are found that hold them.
pub(crate) struct OldCodes {
    /// Kind of child record by its place, and place of the field.
    child: Option<usize>,
    field: usize,
    codes: BTreeMap<String, String>,
    why: String,
    table: String,
    /// Names the records: `id` or `record_id`.
    record: &'static str,
    condition: String,
}

impl OldCodes {
    /// Those of a register that count on a day, or of any day.
    pub(crate) fn of(
        cipher: &Cipher,
        table: &RegisterTable,
        declarations: &Declarations,
        today: Option<Day>,
    ) -> Vec<OldCodes> {
        let own = table.columns.iter().enumerate().map(|(at, column)| (None, at, column));
        let of_children = table.children.iter().enumerate().flat_map(|(child, declared)| {
            declared.columns.iter().enumerate().map(move |(at, column)| (Some(child), at, column))
        });
        let mut found = Vec::new();
        for (child, field, column) in own.chain(of_children) {
            let Some(list) = &column.field.codes else { continue };
            let recoded: Vec<&policy::Recode> = declarations
                .changes
                .recoded(list)
                .iter()
                .filter(|one| today.is_none_or(|today| one.from <= today))
                .collect();
            if recoded.is_empty() {
                continue;
            }
            let mut reasons: Vec<&str> = recoded.iter().map(|one| one.reason.as_str()).collect();
            reasons.dedup();
            found.push(OldCodes {
                child,
                field,
                condition: condition(cipher, column, recoded.iter().map(|one| one.old.as_str())),
                codes: recoded.iter().map(|one| (one.old.clone(), one.new.clone())).collect(),
                why: reasons.join(";"),
                table: child.map_or(&table.table, |at| &table.children[at].table).clone(),
                record: if child.is_some() { "record_id" } else { "id" },
            });
        }
        found
    }

    /// How many records hold old codes, `most` at most.
    pub(crate) fn count(&self, transaction: &Transaction<'_>, most: u64) -> Result<u64, StoreError> {
        let OldCodes { table, record, condition, .. } = self;
        let sql = format!(
            "select count(*) from (select distinct \"{record}\" from {table} where {condition} limit {most}) w"
        );
        Ok(transaction.first(&sql, &[], |row| row.get(0))?.unwrap_or_default())
    }

    pub(crate) fn index(&self) -> String {
        let OldCodes { table, record, .. } = self;
        format!("create index if not exists {} on {table} (\"{record}\") where {}", self.index_name(), self.condition)
    }

    pub(crate) fn index_name(&self) -> String {
        let hash = blake3::hash(format!("{} {}", self.table, self.condition).as_bytes()).to_hex();
        format!("old_codes_{}", &hash[..24])
    }

    /// Those of them whose index is not there.
    pub(crate) fn not_indexed(
        transaction: &Transaction<'_>,
        mut of_old_codes: Vec<OldCodes>,
    ) -> Result<Vec<OldCodes>, StoreError> {
        let present = transaction.index_names()?;
        of_old_codes.retain(|codes| !present.contains(&codes.index_name()));
        Ok(of_old_codes)
    }

    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    /// Field, and the old codes with the new ones.
    pub(crate) fn shown<'t>(&'t self, table: &'t RegisterTable) -> (String, Vec<(String, String)>) {
        let name = match self.child {
            None => table.columns[self.field].field.name.clone(),
            Some(at) => {
                let child = &table.children[at].columns[self.field].field.name;
                format!("{}.{child}", table.register.child[at].name)
            }
        };
        (name, self.codes.iter().map(|(old, new)| (old.clone(), new.clone())).collect())
    }

    fn put(&self, column: &FieldColumn, value: &mut Value, declarations: &Declarations) {
        let Some(text) = value.as_text() else { return };
        let now = |code: &str| self.codes.get(code).map_or(code, String::as_str).to_owned();
        if !column.field.many {
            *value = Value::Text(now(text));
            return;
        }
        let mut codes: Vec<String> = text.split(',').map(now).collect();
        let list = column.field.codes.as_ref().and_then(|list| declarations.codes.get(list));
        let place = |code: &String| list.and_then(|list| list.code.iter().position(|known| known.code == *code));
        codes.sort_by_key(|code| (place(code).unwrap_or(usize::MAX), code.clone()));
        codes.dedup();
        *value = Value::Text(codes.join(","));
    }

    /// Puts the new codes in the place of the old ones.
    pub(crate) fn replace(
        &self,
        table: &RegisterTable,
        (fields, children): (&mut [Value], &mut Children),
        declarations: &Declarations,
    ) {
        match self.child {
            None => self.put(&table.columns[self.field], &mut fields[self.field], declarations),
            Some(at) => {
                let column = &table.children[at].columns[self.field];
                for row in children.get_mut(at).into_iter().flatten() {
                    self.put(column, &mut row[self.field], declarations);
                }
            }
        }
    }
}

/// True for rows that hold one of these codes. A statement that asks with the same words finds them by the index.
fn condition<'c>(cipher: &Cipher, column: &FieldColumn, codes: impl Iterator<Item = &'c str>) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    if let Some(find) = &column.find {
        let hashes: Vec<String> = codes.map(|code| cipher.find("whole", code).to_string()).collect();
        return format!("\"{find}\" in ({})", hashes.join(", "));
    }
    let name = &column.name;
    if column.field.many {
        let plain = |code: &str| code.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let likes = codes.map(|code| {
            format!("',' || \"{name}\" || ',' like {} escape '\\'", quoted(&format!("%,{},%", plain(code))))
        });
        return format!("({})", likes.collect::<Vec<_>>().join(" or "));
    }
    let codes: Vec<String> = codes.map(quoted).collect();
    format!("\"{name}\" in ({})", codes.join(", "))
}

/// Fields and child records of a record with what is calculated calculated anew. In a locked or final state only what was
/// unknown is filled in.
pub(crate) fn calculated_again(
    declarations: &Declarations,
    table: &RegisterTable,
    held: &Held,
    today: Day,
) -> (Vec<Value>, Children) {
    let place = held.standing.place.unwrap_or(declarations.region);
    let parameters = |name: &str| declarations.parameters.value(name, place, today);
    let state = held.standing.state.as_deref();
    let (mut fields, mut children) = (held.fields.clone(), held.children.clone());
    children.resize(table.children.len(), Vec::new());
    let setting = Setting { state: state.unwrap_or_default(), parameters: &parameters, today };
    calculate(&table.register, &table.form, &mut fields, &mut children, &setting);
    let declared = state.and_then(|state| table.register.state_named(state));
    if declared.is_some_and(|state| state.is_locked || state.is_final) {
        let rows = children.iter_mut().flatten().zip(held.children.iter().flatten());
        for (new, old) in
            rows.map(|(new, old)| (new.as_mut_slice(), old)).chain([(fields.as_mut_slice(), &held.fields)])
        {
            for (new, old) in new.iter_mut().zip(old).filter(|(_, old)| !old.is_null()) {
                *new = old.clone();
            }
        }
    }
    (fields, children)
}

/// The next records behind one in the order of their ids, with their child records; those that are withdrawn are left out.
pub(crate) fn next_records(
    transaction: &Transaction<'_>,
    cipher: &Cipher,
    table: &RegisterTable,
    after: i64,
) -> Result<Vec<Held>, StoreError> {
    let sql = format!(
        "select {} from {} t where t.id > ?1 and coalesce(t.is_withdrawn, 0) = 0 order by t.id limit {TOGETHER}",
        table.held_columns(),
        table.table
    );
    let mut records = transaction.all(&sql, &[Sql::Whole(after)], |row| table.held(cipher, row))?;
    table.give_children(transaction, cipher, &mut records)?;
    Ok(records)
}

impl Change<'_> {
    /// Carries the codes of some records over; gives how many.
    pub(crate) fn recode_some(&mut self, table: &RegisterTable, codes: &OldCodes) -> Result<u64, Refusal> {
        let inner = self.inner;
        let OldCodes { table: name, record, condition, .. } = codes;
        let sql = format!("select distinct \"{record}\" from {name} where {condition} limit {TOGETHER}");
        let ids: Vec<i64> = self.transaction.all(&sql, &[], |row| row.get(0))?;
        let number = ids.len() as u64;
        for id in ids {
            let Some(held) = table.held_by_id(self.transaction, &inner.cipher, id)? else {
                return Err(StoreError::StoredValue { column: format!("{name}: a row without its record") }.into());
            };
            let mut with_codes = held.clone();
            codes.replace(table, (&mut with_codes.fields, &mut with_codes.children), &inner.declarations);
            let now = calculated_again(&inner.declarations, table, &with_codes, self.today);
            self.write_settled(table, &held, now, ("recoded", &codes.why))?;
        }
        Ok(number)
    }

    /// Calculates the next records behind `after` again: the last one that was looked at, `None` where none was left, and how
    /// many really changed.
    pub(crate) fn recalculate_some(
        &mut self,
        table: &RegisterTable,
        after: i64,
        why: &str,
    ) -> Result<(Option<i64>, u64), Refusal> {
        let inner = self.inner;
        let records = next_records(self.transaction, &inner.cipher, table, after)?;
        let mut changed = 0;
        for held in &records {
            let now = calculated_again(&inner.declarations, table, held, self.today);
            if now.0 != held.fields || now.1 != held.children {
                self.write_settled(table, held, now, ("recalculated", why))?;
                changed += 1;
            }
        }
        Ok((records.last().map(|held| held.id), changed))
    }

    /// Writes what differs, and leaves the event.
    fn write_settled(
        &mut self,
        table: &RegisterTable,
        held: &Held,
        (fields, children): (Vec<Value>, Children),
        (action, why): (&str, &str),
    ) -> Result<(), Refusal> {
        let cipher = &self.inner.cipher;
        let (before, mut after) = table.differences(cipher, (&held.fields, &held.children), (&fields, &children))?;
        after.note("_why", why);
        let standing = Standing { version: held.standing.version + 1, ..held.standing.clone() };
        let draft = Draft {
            resident_key: held.resident_key.map(model::ResidentKey),
            id: Some(held.id),
            row: held.origin.1,
            fields,
            children: Some(children),
        };
        let prepared = Prepared::new(cipher, table, &draft, &standing, &held.origin.0)?;
        let mut changed: Vec<&str> = vec!["content", "version", "beside_of"];
        let fields = table.columns.iter().zip(held.fields.iter().zip(&draft.fields));
        for (column, _) in fields.filter(|(_, (old, new))| old != new) {
            let beside = column.beside().map(|(name, _)| name);
            changed.extend(beside.chain([&column.name]).map(String::as_str));
        }
        let values = table.physical().into_iter().zip(&prepared.values);
        let (names, mut values): (Vec<String>, Vec<Sql>) = values
            .filter(|((name, _), _)| changed.contains(&name.as_str()))
            .map(|((name, _), value)| (name, value.clone()))
            .unzip();
        values.push(held.id.into());
        let sql = format!("update {} set {} where id = ?{}", table.table, sets(&names), values.len());
        self.transaction.execute(&sql, &values)?;
        for (at, child) in table.children.iter().enumerate() {
            let names: Vec<String> = child.columns.iter().map(|column| column.name.clone()).collect();
            let sql = format!(
                "update {} set {} where record_id = ?{} and position = ?{}",
                child.table,
                sets(&names),
                names.len() + 1,
                names.len() + 2
            );
            let (old, new) = (held.children.get(at), draft.children.as_ref().and_then(|all| all.get(at)));
            let rows = old.into_iter().flatten().zip(new.into_iter().flatten()).zip(&prepared.children[at]);
            for (position, ((old, new), kept)) in (1_i64..).zip(rows) {
                if old != new {
                    let ends = [held.id.into(), position.into()];
                    let values: Vec<Sql> = kept.iter().cloned().chain(ends).collect();
                    self.transaction.execute(&sql, &values)?;
                }
            }
        }
        self.event(&Event {
            region: held.standing.place,
            register: &table.kept,
            record: &record_name(held.id),
            household_no: prepared.household_no,
            action,
            before: &before.text(),
            after: &after.text(),
        })?;
        Ok(())
    }

    pub(crate) fn transaction(&self) -> &Transaction<'_> {
        self.transaction
    }
}

/// `"a" = ?1, "b" = ?2`
fn sets(names: &[String]) -> String {
    let sets: Vec<String> = names.iter().enumerate().map(|(at, name)| format!("\"{name}\" = ?{}", at + 1)).collect();
    sets.join(", ")
}
