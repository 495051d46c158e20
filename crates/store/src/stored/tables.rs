//! The tables of registers: what a declared field becomes.

use super::field_column::{FieldColumn, field_column};
use crate::StoreError;
use crate::database::{Storage, is_identifier};
use model::Kind;
use policy::declare::{Child, Column, Grain, Register};
use policy::{Changes, RegisterForm};
use sea_query::{ColumnDef, Index, IndexCreateStatement, Table, TableCreateStatement};
use words::Wording;

/// A register with so many records at least is indexed behind the open database.
pub(crate) const MANY: u64 = 1_000;

/// What a record carries besides its fields: where it came from, and where it stands in its life.
///
/// `id` names it in addresses and says nothing; `place` and `county` are those by which reads are scoped; `version` grows with
/// every change; a withdrawn record is hidden, never removed. `key_id` is the id that its key as it is folded now would give, where that is
/// another one; `beside_of` the content for which the values beside its fields were made.
pub(crate) const RECORD_COLUMNS: [(&str, Storage); 15] = [
    ("origin_file", Storage::Text),
    ("origin_row", Storage::Whole),
    ("content", Storage::Whole),
    ("id", Storage::Whole),
    ("place", Storage::Text),
    ("county", Storage::Text),
    ("state", Storage::Text),
    ("state_on", Storage::Text),
    ("due_on", Storage::Text),
    ("entered_by", Storage::Text),
    ("entered_on", Storage::Text),
    ("version", Storage::Whole),
    ("is_withdrawn", Storage::Whole),
    ("key_id", Storage::Whole),
    ("beside_of", Storage::Whole),
];

/// Longest name that both databases keep whole, in bytes: PostgreSQL cuts names at 63, and two that are cut may be one.
const NAME_MAX: usize = 60;

/// A register and its table.
#[derive(Clone, Debug)]
pub(crate) struct RegisterTable {
    pub(crate) name: String,
    /// The register's first name: that of its table, of its place in the log, and of what names its records.
    pub(crate) kept: String,
    pub(crate) table: String,
    pub(crate) register: Register,
    /// What is calculated and checked, in the form in which it is evaluated.
    pub(crate) form: RegisterForm,
    pub(crate) columns: Vec<FieldColumn>,
    pub(crate) children: Vec<ChildTable>,
    /// Columns of the primary key.
    pub(crate) key: Vec<String>,
    pub(crate) of_resident: bool,
    /// Position of the field with the place, with the household number, with the first name.
    pub(crate) region: Option<usize>,
    pub(crate) household: Option<usize>,
    pub(crate) person_name: Option<usize>,
    /// Columns that other registers look records up by.
    looked_up: Vec<Vec<String>>,
}

/// The table of one kind of child record.
#[derive(Clone, Debug)]
pub(crate) struct ChildTable {
    /// The first name of this kind of child record, by which events tell of it.
    pub(crate) kept: String,
    pub(crate) table: String,
    pub(crate) columns: Vec<FieldColumn>,
}

impl RegisterTable {
    /// What the register is called.
    pub(crate) fn label(&self) -> Wording {
        Wording::pair(&self.register.label, &self.register.label_en)
    }

    /// Works out the table of a register. What was renamed since it was first declared keeps its place.
    ///
    /// # Errors
    /// `Declaration` where a name is no identifier or taken by the engine, or the key names no field.
    pub(crate) fn new(
        name: &str,
        register: &Register,
        form: RegisterForm,
        changes: &Changes,
    ) -> Result<RegisterTable, StoreError> {
        let kept = changes.kept_register(name).to_owned();
        let fault = |why: String| StoreError::Declaration { register: name.to_owned(), why };
        let of_children =
            register.child.iter().flat_map(|child| child.field.iter().map(|field| &field.name).chain([&child.name]));
        let names = register.field.iter().map(|field| &field.name).chain(of_children).map(String::as_str).chain([name]);
        if let Some(bad) = names.into_iter().find(|name| !is_identifier(name)) {
            return Err(fault(format!("`{bad}` is not a lower-case identifier")));
        }
        let is_taken = |name: &str| name == "resident_key" || RECORD_COLUMNS.iter().any(|(taken, _)| *taken == name);
        if let Some(taken) = register.field.iter().find(|field| is_taken(&field.name)) {
            return Err(fault(format!("`{}` is a column of the engine", taken.name)));
        }
        let of_resident = register.of == Some(Grain::Resident);
        let columns: Vec<FieldColumn> = register
            .field
            .iter()
            .map(|field| {
                let column = field_column(&kept, changes.kept_field(&kept, None, &field.name), field);
                if field.name == "household_no" { column } else { column.listed(&register.list) }
            })
            .collect();
        let mut key = Vec::new();
        for part in &register.key {
            let column = columns.iter().find(|column| column.field.name == *part);
            let column = column.ok_or_else(|| fault(format!("the key names `{part}`, which is no field")))?;
            key.push(match (&column.find, column.field.kind) {
                (_, Kind::Identity) if of_resident => "resident_key".to_owned(),
                (Some(find), _) => find.clone(),
                (None, _) => column.name.clone(),
            });
        }
        let children: Vec<ChildTable> = register.child.iter().map(|child| child_table(&kept, child, changes)).collect();
        let of_children = children
            .iter()
            .flat_map(|child| child.columns.iter().map(|column| column.name.clone()).chain([child.table.clone()]));
        let beside = columns.iter().flat_map(|column| column.beside().map(|(name, _)| name).chain([&column.name]));
        let beside: Vec<String> = beside.cloned().collect();
        if let Some(twice) = beside.iter().enumerate().find(|(at, name)| beside[..*at].contains(name)) {
            return Err(fault(format!("two fields would have the column `{}`", twice.1)));
        }
        let all = beside.into_iter().chain(of_children).chain([format!("r_{kept}")]);
        if let Some(long) = all.into_iter().find(|name| name.len() > NAME_MAX) {
            return Err(fault(format!("`{long}` is longer than the {NAME_MAX} bytes that a database keeps of a name")));
        }
        let position = |wanted: &dyn Fn(&Column) -> bool| register.field.iter().position(wanted);
        Ok(RegisterTable {
            name: name.to_owned(),
            table: format!("r_{kept}"),
            kept,
            of_resident,
            region: position(&|field| Some(&field.name) == register.region.as_ref()),
            household: position(&|field| field.name == "household_no"),
            person_name: position(&|field| field.kind == Kind::Name),
            children,
            register: register.clone(),
            form,
            columns,
            key,
            looked_up: Vec::new(),
        })
    }

    /// The column by which a field is compared, put in order and found: its own, its hash or its ordered form; the field with
    /// the record's place is compared by that.
    pub(crate) fn compared(&self, field: &str) -> Option<String> {
        let (index, column) = self.column(field)?;
        if self.region == Some(index) {
            return Some("place".to_owned());
        }
        Some(column.find.as_ref().or(column.order.as_ref()).unwrap_or(&column.name).clone())
    }

    /// The column by which lists are put in order: that with the key of its text, or the one it is compared by.
    pub(crate) fn ordered(&self, field: &str) -> Option<String> {
        let sort = self.column(field).and_then(|(_, column)| column.sort.clone());
        sort.or_else(|| self.compared(field))
    }

    /// The field's column and its position.
    pub(crate) fn column(&self, field: &str) -> Option<(usize, &FieldColumn)> {
        self.columns.iter().enumerate().find(|(_, column)| column.field.name == field)
    }

    /// Another register looks records up by these fields: they get an index. `resident_key` stands for itself.
    pub(crate) fn look_up_by<'n>(&mut self, fields: impl Iterator<Item = &'n str>) {
        let column = |field: &str| match field {
            "resident_key" => Some(field.to_owned()),
            _ => self.compared(field),
        };
        let columns: Vec<String> = fields.filter_map(column).collect();
        self.looked_up.push(columns);
    }

    /// Every column with its type, in the order in which records are written.
    pub(crate) fn physical(&self) -> Vec<(String, Storage)> {
        let mut physical = Vec::new();
        if self.of_resident {
            physical.push(("resident_key".to_owned(), Storage::Whole));
        }
        for column in &self.columns {
            physical.push((column.name.clone(), column.storage));
            physical.extend(column.beside().map(|(name, storage)| (name.clone(), storage)));
        }
        physical.extend(RECORD_COLUMNS.map(|(name, storage)| (name.to_owned(), storage)));
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
        for child in &self.children {
            let mut table = Table::create();
            table.table(child.table.clone()).if_not_exists();
            table.col(column_definition("record_id", Storage::Whole, true));
            table.col(column_definition("position", Storage::Whole, true));
            for column in &child.columns {
                table.col(column_definition(&column.name, column.storage, false));
            }
            table.primary_key(&mut primary_key(&["record_id".to_owned(), "position".to_owned()]));
            tables.push(table.to_owned());
        }
        tables
    }

    /// Indexes that only lists and searches need: whoever fills a register can do without them.
    pub(crate) fn list_indexes(&self) -> Vec<IndexCreateStatement> {
        let needed = self.needed_to_write();
        let is_for_lists = |columns: &&Vec<String>| !needed.iter().any(|needed| columns.starts_with(needed));
        self.indexed().iter().filter(is_for_lists).map(|columns| self.index(columns)).collect()
    }

    /// Indexes for lists, searches and scopes.
    pub(crate) fn indexes(&self) -> Vec<IndexCreateStatement> {
        let own =
            self.indexed().iter().map(|columns| self.index(columns)).chain([self.index_of_ids()]).collect::<Vec<_>>();
        own.into_iter().chain(self.child_indexes()).collect()
    }

    /// Indexes by which records are found that have a child record with some value.
    fn child_indexes(&self) -> Vec<IndexCreateStatement> {
        let paths = self.register.list.filter.iter().filter_map(|name| name.split_once('.'));
        let index = |child: &str, field: &str| {
            let at = self.register.child.iter().position(|one| one.name == child)?;
            let child = &self.children[at];
            let column = child.columns.iter().find(|column| column.field.name == field)?;
            Some(index_of(&child.table, &[column.name.clone(), "record_id".to_owned()]))
        };
        paths.filter_map(|(child, field)| index(child, field)).collect()
    }

    pub(crate) fn index_of_ids(&self) -> IndexCreateStatement {
        self.index(&["id".to_owned()]).unique().to_owned()
    }

    /// Columns by which records are found while others are written.
    fn needed_to_write(&self) -> Vec<Vec<String>> {
        let found = self.columns.iter().flat_map(|column| column.find.iter().chain(&column.tail));
        let own = found.cloned().chain(self.household.map(|_| "household_no".to_owned())).map(|name| vec![name]);
        own.chain(self.looked_up.iter().cloned()).filter(|columns| !columns.is_empty()).collect()
    }

    /// The columns of each index, that of the key and that of the id aside.
    fn indexed(&self) -> Vec<Vec<String>> {
        let mut wanted: Vec<Vec<String>> = Vec::new();
        for order in self.orders() {
            let by_id = |first: &[&str]| -> Vec<String> {
                first.iter().map(|name| (*name).to_owned()).chain(order.clone()).chain(["id".to_owned()]).collect()
            };
            wanted.push(by_id(&["county"]));
            wanted.push(by_id(&[]));
        }
        wanted.push(vec!["place".to_owned(), "id".to_owned()]);
        if self.register.has_lifecycle() {
            wanted.push(["county", "state", "due_on"].map(str::to_owned).to_vec());
        }
        wanted.extend(self.needed_to_write());
        for (index, column) in self.columns.iter().enumerate() {
            if self.region == Some(index) {
                continue;
            }
            let is_name = column.field.kind == Kind::Name && column.storage == Storage::Text;
            if is_name || self.register.list.filter.contains(&column.field.name) && column.find.is_none() {
                let searched = column.order.as_ref().or(column.fold.as_ref());
                wanted.push(vec![searched.unwrap_or(&column.name).clone()]);
            }
        }
        wanted.sort_by_key(|columns| std::cmp::Reverse(columns.len()));
        let mut kept: Vec<Vec<String>> = vec![self.key.clone()];
        for columns in wanted {
            if !columns.is_empty() && !kept.iter().any(|other| other.starts_with(&columns)) {
                kept.push(columns);
            }
        }
        kept.split_off(1)
    }

    /// The orders that a list may have, as columns: its own, and one for each field a reader may sort by.
    pub(crate) fn orders(&self) -> Vec<Vec<String>> {
        let list = &self.register.list;
        let columns = |names: &[String]| -> Vec<String> {
            let open = names.iter().filter(|name| self.column(name).is_some_and(|(_, column)| column.find.is_none()));
            open.filter_map(|name| self.ordered(name)).collect()
        };
        let own = list.sort.first().map(|first| columns(std::slice::from_ref(first)));
        let others = list.sortable.iter().map(|name| columns(std::slice::from_ref(name)));
        own.into_iter().chain(others).filter(|order| !order.is_empty()).collect()
    }

    fn index(&self, columns: &[String]) -> IndexCreateStatement {
        index_of(&self.table, columns)
    }
}

/// An index of a table over these columns.
fn index_of(table: &str, columns: &[String]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.if_not_exists().name(index_name(table, columns)).table(table.to_owned());
    for column in columns {
        index.col(column.clone());
    }
    index
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

/// `<table>_by_<columns>`; shortened and told apart by a hash where it would be cut.
fn index_name(table: &str, columns: &[String]) -> String {
    let name = format!("{table}_by_{}", columns.join("_"));
    if name.len() <= NAME_MAX {
        return name;
    }
    let hash = blake3::hash(name.as_bytes()).to_hex();
    format!("{}_{}", &name[..NAME_MAX - 13], &hash[..12])
}

/// `register`: its kept name.
fn child_table(register: &str, child: &Child, changes: &Changes) -> ChildTable {
    let kept = changes.kept_child(register, &child.name).to_owned();
    let place = format!("{register}/{kept}");
    let unfound =
        |column: FieldColumn| FieldColumn { find: None, tail: None, order: None, fold: None, sort: None, ..column };
    ChildTable {
        table: format!("r_{register}__{kept}"),
        columns: child
            .field
            .iter()
            .map(|field| unfound(field_column(&place, changes.kept_field(register, Some(&kept), &field.name), field)))
            .collect(),
        kept,
    }
}
