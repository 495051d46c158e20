//! Codes that a change of the package made others, and how records are found that hold the old ones.

use super::field_column::FieldColumn;
use super::record::Children;
use super::tables::RegisterTable;
use crate::cipher::Cipher;
use crate::database::Transaction;
use crate::{Declarations, StoreError};
use model::{Day, Value};
use std::collections::BTreeMap;
use words::Wording;

/// Old codes of one field, or one field of child records, and how records are found that hold them.
pub(crate) struct OldCodes {
    /// Kind of child record by its place, and place of the field.
    child: Option<usize>,
    field: usize,
    codes: BTreeMap<String, String>,
    pub(crate) why: Wording,
    pub(crate) table: String,
    /// Names the records: `id` or `record_id`.
    pub(crate) record: &'static str,
    pub(crate) condition: String,
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
            let mut reasons: Vec<Wording> =
                recoded.iter().map(|one| Wording::pair(&one.reason, &one.reason_en)).collect();
            reasons.dedup();
            found.push(OldCodes {
                child,
                field,
                condition: condition(cipher, column, recoded.iter().map(|one| one.old.as_str())),
                codes: recoded.iter().map(|one| (one.old.clone(), one.new.clone())).collect(),
                why: words::clauses(reasons),
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
        fields: &mut [Value],
        children: &mut Children,
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
