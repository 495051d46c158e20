//! From what was typed into a record's form to what the store enters, or to the faults at the fields.

use crate::http::typed::Typed;
use crate::pages::records::known::KnownValue;
use crate::parts::field::{FieldReader, typed_texts};
use model::Value;
use policy::declare::{Child, Column, Register};
use std::collections::BTreeMap;
use store::{Entry, RecordFile, Rows, STORED_ROW};

/// Rows of one kind of child record that a form takes at most.
pub const ROWS_MAX: usize = 200;

/// What does not fit, by the name that the field has in the form.
pub type Faults = BTreeMap<String, String>;

/// The name that a field has in the form.
pub fn field_name(field: &str) -> String {
    format!("field.{field}")
}

/// The name that a field of a row of child records has in the form.
pub fn child_name(kind: &str, row: usize, field: &str) -> String {
    format!("child.{kind}.{row}.{field}")
}

/// The name of the mark that a row of child records is left out.
pub fn gone_name(kind: &str, row: usize) -> String {
    format!("gone.{kind}.{row}")
}

/// The name of the number of the stored row that a row of the form stands for.
pub fn stored_row_name(kind: &str, row: usize) -> String {
    format!("held.{kind}.{row}")
}

/// The name of the number of rows that the form shows of a kind of child record.
pub fn rows_name(kind: &str) -> String {
    format!("rows.{kind}")
}

/// Rows of a kind of child record that the form shows.
pub fn rows_shown(typed: &Typed, kind: &str) -> usize {
    typed.text(&rows_name(kind)).parse().unwrap_or(0).min(ROWS_MAX)
}

/// Reads forms of one register.
pub struct EntryReader<'a> {
    pub name: &'a str,
    pub register: &'a Register,
    pub reader: FieldReader<'a>,
    pub typed: &'a Typed,
}

impl EntryReader<'_> {
    /// A new record: what was typed, and what is known where nothing was typed.
    ///
    /// # Errors
    /// The faults, by field of the form.
    pub fn new_record(&self, known: &BTreeMap<String, KnownValue>) -> Result<Entry, Faults> {
        let mut faults = Faults::new();
        let mut fields = Vec::new();
        for column in self.entered() {
            let (name, value) = (field_name(&column.name), self.value(column));
            let known = known.get(&column.name).map_or(Value::Null, |known| known.value.clone());
            match value {
                Err(fault) => drop(faults.insert(name, fault)),
                Ok(Value::Null) if !known.is_null() => fields.push((column.name.clone(), known)),
                Ok(Value::Null) if column.required => drop(faults.insert(name, self.missing())),
                Ok(Value::Null) => {}
                Ok(value) => fields.push((column.name.clone(), value)),
            }
        }
        let mut children = Vec::new();
        for child in &self.register.child {
            let rows = self.rows(child, None, &mut faults);
            if !rows.is_empty() {
                children.push((child.name.clone(), rows));
            }
        }
        self.entry(fields, children, faults)
    }

    /// What a correction changes in a record; masked fields that were left empty stay as they are.
    ///
    /// # Errors
    /// The faults, by field of the form.
    pub fn correction(&self, file: &RecordFile) -> Result<Entry, Faults> {
        let mut faults = Faults::new();
        let mut fields = Vec::new();
        let stored = file.fields.iter();
        for (column, stored) in self.register.field.iter().zip(stored).filter(|(column, _)| self.is_corrected(column)) {
            let name = field_name(&column.name);
            match self.value(column) {
                Err(fault) => drop(faults.insert(name, fault)),
                Ok(Value::Null) if stored.masked => {}
                Ok(Value::Null) if column.required => drop(faults.insert(name, self.missing())),
                Ok(value) if !stored.masked && value == stored.value => {}
                Ok(value) => fields.push((column.name.clone(), value)),
            }
        }
        let mut children = Vec::new();
        for (child, shown) in self.register.child.iter().zip(&file.children) {
            let rows = self.rows(child, Some(&shown.rows), &mut faults);
            let stays = |index: usize, row: &[(String, Value)]| matches!(row, [(name, Value::Int(stored))] if name == STORED_ROW && *stored == index as i64);
            if rows.len() != shown.rows.len() || !rows.iter().enumerate().all(|(index, row)| stays(index, row)) {
                children.push((child.name.clone(), rows));
            }
        }
        self.entry(fields, children, faults)
    }

    /// The fields that a step asks for, filled or not.
    ///
    /// # Errors
    /// The faults, by field of the form.
    pub fn step_fields(&self, asked: &[&Column]) -> Result<Vec<(String, Value)>, Faults> {
        let mut faults = Faults::new();
        let mut fields = Vec::new();
        for column in asked {
            match self.value(column) {
                Err(fault) => drop(faults.insert(field_name(&column.name), fault)),
                Ok(Value::Null) => {}
                Ok(value) => fields.push((column.name.clone(), value)),
            }
        }
        if faults.is_empty() { Ok(fields) } else { Err(faults) }
    }

    /// The value of one field; `Null` where what was typed does not fit.
    pub fn value_or_null(&self, field: &str) -> Value {
        let column = self.register.field_named(field);
        column.and_then(|column| self.value(column).ok()).unwrap_or_default()
    }

    /// Fields that name the record cannot be corrected, calculated ones are not entered.
    pub fn is_corrected(&self, column: &Column) -> bool {
        column.is_entered() && !self.register.key.contains(&column.name)
    }

    fn entered(&self) -> impl Iterator<Item = &Column> {
        self.register.field.iter().filter(|column| column.is_entered())
    }

    fn value(&self, column: &Column) -> Result<Value, String> {
        self.reader.read(column, self.typed.texts(&field_name(&column.name)))
    }

    fn missing(&self) -> String {
        self.reader.catalog.language.say("typed_missing").to_owned()
    }

    /// Rows of a kind of child record; empty ones and those marked to go are left out. Rows that stand for a stored one say so,
    /// and bring what differs from it.
    fn rows(&self, child: &Child, stored: Option<&Vec<Vec<store::FieldShown>>>, faults: &mut Faults) -> Rows {
        let mut rows = Rows::new();
        for index in 0..rows_shown(self.typed, &child.name) {
            if self.typed.is_filled(&gone_name(&child.name, index)) {
                continue;
            }
            let number = self.typed.text(&stored_row_name(&child.name, index)).parse::<usize>().ok();
            let start = number.and_then(|number| Some((number, stored?.get(number)?)));
            match start {
                Some((number, stored)) => rows.push(self.changed_row(child, index, number, stored, faults)),
                None => rows.extend(self.new_row(child, index, faults)),
            }
        }
        rows
    }

    fn new_row(&self, child: &Child, index: usize, faults: &mut Faults) -> Option<Vec<(String, Value)>> {
        let entered = || child.field.iter().filter(|column| column.is_entered());
        let name = |column: &Column| child_name(&child.name, index, &column.name);
        if !entered().any(|column| self.typed.is_filled(&name(column))) {
            return None;
        }
        let mut row = Vec::new();
        for column in entered() {
            match self.reader.read(column, self.typed.texts(&name(column))) {
                Err(fault) => drop(faults.insert(name(column), fault)),
                Ok(Value::Null) if column.required => drop(faults.insert(name(column), self.missing())),
                Ok(Value::Null) => {}
                Ok(value) => row.push((column.name.clone(), value)),
            }
        }
        Some(row)
    }

    fn changed_row(
        &self,
        child: &Child,
        index: usize,
        number: usize,
        stored: &[store::FieldShown],
        faults: &mut Faults,
    ) -> Vec<(String, Value)> {
        let mut row = vec![(STORED_ROW.to_owned(), Value::Int(i64::try_from(number).unwrap_or(i64::MAX)))];
        for (column, stored) in child.field.iter().zip(stored).filter(|(column, _)| column.is_entered()) {
            let name = child_name(&child.name, index, &column.name);
            match self.reader.read(column, self.typed.texts(&name)) {
                Err(fault) => drop(faults.insert(name, fault)),
                Ok(Value::Null) if stored.masked => {}
                Ok(Value::Null) if column.required => drop(faults.insert(name, self.missing())),
                Ok(value) if !stored.masked && value == stored.value => {}
                Ok(value) => row.push((column.name.clone(), value)),
            }
        }
        row
    }

    fn entry(
        &self,
        fields: Vec<(String, Value)>,
        children: Vec<(String, Rows)>,
        faults: Faults,
    ) -> Result<Entry, Faults> {
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Entry { register: self.name.to_owned(), resident_key: None, fields, children })
    }
}

/// What the form of a correction holds at first: the record as it is, masked values left out.
pub fn typed_of(register: &Register, file: &RecordFile) -> Typed {
    let mut typed = Typed::default();
    for (column, stored) in register.field.iter().zip(&file.fields).filter(|(_, stored)| !stored.masked) {
        typed.set(&field_name(&column.name), typed_texts(column, &stored.value));
    }
    for (child, shown) in register.child.iter().zip(&file.children) {
        typed.set(&rows_name(&child.name), vec![(shown.rows.len() + 1).to_string()]);
        for (index, row) in shown.rows.iter().enumerate() {
            typed.set(&stored_row_name(&child.name, index), vec![index.to_string()]);
            for (column, stored) in child.field.iter().zip(row).filter(|(_, stored)| !stored.masked) {
                typed.set(&child_name(&child.name, index, &column.name), typed_texts(column, &stored.value));
            }
        }
    }
    typed
}
