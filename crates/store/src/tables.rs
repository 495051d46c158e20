//! The tables of registers: what a declared field becomes.

use crate::StoreError;
use model::{Class, Kind};
use policy::declare::{Column, Grain, Register};
use sea_query::{ColumnDef, Index, IndexCreateStatement, Table, TableCreateStatement};

/// Columns that the engine adds to every register.
const ENGINE_COLUMNS: [&str; 4] = ["resident_key", "origin_file", "origin_row", "content"];

/// How a column is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    Whole,
    Text,
    /// Encrypted bytes; found by hash.
    Sealed,
}

/// One field of a register in its table.
#[derive(Clone, Debug)]
pub(crate) struct FieldColumn {
    pub(crate) field: Column,
    pub(crate) storage: Storage,
    /// Column with the keyed hash of the whole value.
    pub(crate) find: Option<String>,
    /// Column with the keyed hash of the last four characters, for identity numbers.
    pub(crate) tail: Option<String>,
    /// Place that a sealed value is bound to.
    pub(crate) place: String,
}

/// A register and its table.
#[derive(Clone, Debug)]
pub(crate) struct RegisterTable {
    pub(crate) name: String,
    pub(crate) table: String,
    pub(crate) register: Register,
    pub(crate) columns: Vec<FieldColumn>,
    /// Columns of the primary key.
    pub(crate) key: Vec<String>,
    pub(crate) of_resident: bool,
    /// Position of the field with the place, with the household number, with the first name.
    pub(crate) region: Option<usize>,
    pub(crate) household: Option<usize>,
    pub(crate) person_name: Option<usize>,
}

impl RegisterTable {
    /// Works out the table of a register.
    ///
    /// # Errors
    /// `Declaration` where a name is no identifier or taken by the engine, or the key names no field.
    pub(crate) fn new(name: &str, register: &Register) -> Result<RegisterTable, StoreError> {
        let fault = |why: String| StoreError::Declaration { register: name.to_owned(), why };
        let names = register.field.iter().map(|field| field.name.as_str()).chain([name]);
        if let Some(bad) = names.into_iter().find(|name| !is_identifier(name)) {
            return Err(fault(format!("`{bad}` is not a lower-case identifier")));
        }
        if let Some(taken) = register.field.iter().find(|field| ENGINE_COLUMNS.contains(&field.name.as_str())) {
            return Err(fault(format!("`{}` is a column of the engine", taken.name)));
        }
        let of_resident = register.of == Some(Grain::Resident);
        let columns: Vec<FieldColumn> = register.field.iter().map(|field| field_column(name, field)).collect();
        let mut key = Vec::new();
        for part in &register.key {
            let column = columns.iter().find(|column| column.field.name == *part);
            let column = column.ok_or_else(|| fault(format!("the key names `{part}`, which is no field")))?;
            key.push(match (&column.find, column.field.kind) {
                (_, Kind::Identity) if of_resident => "resident_key".to_owned(),
                (Some(find), _) => find.clone(),
                (None, _) => part.clone(),
            });
        }
        let position = |wanted: &dyn Fn(&Column) -> bool| register.field.iter().position(wanted);
        Ok(RegisterTable {
            name: name.to_owned(),
            table: format!("r_{name}"),
            of_resident,
            region: position(&|field| Some(&field.name) == register.region.as_ref()),
            household: position(&|field| field.name == "household_no"),
            person_name: position(&|field| field.kind == Kind::Name),
            register: register.clone(),
            columns,
            key,
        })
    }

    /// Every column with its type, in the order in which records are written.
    pub(crate) fn physical(&self) -> Vec<(String, Storage)> {
        let mut physical = Vec::new();
        if self.of_resident {
            physical.push(("resident_key".to_owned(), Storage::Whole));
        }
        for column in &self.columns {
            physical.push((column.field.name.clone(), column.storage));
            physical.extend(column.find.iter().chain(&column.tail).map(|name| (name.clone(), Storage::Whole)));
        }
        physical.push(("origin_file".to_owned(), Storage::Text));
        physical.push(("origin_row".to_owned(), Storage::Whole));
        physical.push(("content".to_owned(), Storage::Whole));
        physical
    }

    /// The table itself and one table per kind of child record.
    pub(crate) fn create(&self) -> Vec<TableCreateStatement> {
        let mut main = Table::create();
        main.table(self.table.clone()).if_not_exists();
        for (name, storage) in self.physical() {
            main.col(column_definition(&name, storage, self.key.contains(&name)));
        }
        main.primary_key(&mut primary_key(&self.key));
        let mut tables = vec![main.to_owned()];
        for child in &self.register.child {
            let mut table = Table::create();
            table.table(format!("{}__{}", self.table, child.name)).if_not_exists();
            let physical = self.physical();
            for (name, storage) in physical.iter().filter(|(name, _)| self.key.contains(name)) {
                table.col(column_definition(name, *storage, true));
            }
            table.col(column_definition("position", Storage::Whole, true));
            for field in &child.field {
                table.col(column_definition(&field.name, storage(field), false));
            }
            let key: Vec<String> = self.key.iter().cloned().chain(["position".to_owned()]).collect();
            table.primary_key(&mut primary_key(&key));
            tables.push(table.to_owned());
        }
        tables
    }

    /// Indexes for lists, searches and scopes.
    pub(crate) fn indexes(&self) -> Vec<IndexCreateStatement> {
        let open = |name: &String| {
            self.columns.iter().any(|column| column.field.name == *name && column.storage != Storage::Sealed)
        };
        let mut wanted: Vec<Vec<String>> =
            vec![self.register.list.sort.iter().filter(|name| open(name)).cloned().collect()];
        wanted.extend(self.household.map(|_| vec!["household_no".to_owned()]));
        wanted.extend(self.region.map(|index| vec![self.columns[index].field.name.clone()]));
        for column in &self.columns {
            wanted.extend(column.find.iter().chain(&column.tail).map(|name| vec![name.clone()]));
            if column.field.kind == Kind::Name && column.storage == Storage::Text {
                wanted.push(vec![column.field.name.clone()]);
            }
        }
        let mut kept: Vec<Vec<String>> = vec![self.key.clone()];
        for columns in wanted {
            if !columns.is_empty() && !kept.iter().any(|other| other.starts_with(&columns)) {
                kept.push(columns);
            }
        }
        kept[1..].iter().map(|columns| self.index(columns)).collect()
    }

    fn index(&self, columns: &[String]) -> IndexCreateStatement {
        let mut index = Index::create();
        index.if_not_exists().name(format!("{}_by_{}", self.table, columns.join("_"))).table(self.table.clone());
        for column in columns {
            index.col(column.clone());
        }
        index
    }
}

/// A column of the given storage.
pub(crate) fn column_definition(name: &str, storage: Storage, required: bool) -> ColumnDef {
    let mut column = ColumnDef::new(name.to_owned());
    match storage {
        Storage::Whole => column.big_integer(),
        Storage::Text => column.text(),
        Storage::Sealed => column.blob(),
    };
    if required {
        column.not_null();
    }
    column
}

/// A primary key over these columns.
pub(crate) fn primary_key(columns: &[String]) -> IndexCreateStatement {
    let mut key = Index::create();
    for column in columns {
        key.col(column.clone());
    }
    key
}

fn field_column(register: &str, field: &Column) -> FieldColumn {
    let storage = storage(field);
    let sealed = storage == Storage::Sealed;
    FieldColumn {
        field: field.clone(),
        storage,
        find: sealed.then(|| format!("{}_find", field.name)),
        tail: (sealed && field.kind == Kind::Identity).then(|| format!("{}_tail", field.name)),
        place: format!("{register}/{}", field.name),
    }
}

fn storage(field: &Column) -> Storage {
    match field.kind {
        _ if field.effective_class() == Class::Sensitive => Storage::Sealed,
        _ if field.name == "household_no" => Storage::Whole,
        Kind::Int | Kind::Fen | Kind::Bool => Storage::Whole,
        _ => Storage::Text,
    }
}

/// True for a lower-case name of letters, digits and underscores.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
