//! A register's list to a file: the records, columns and order that somebody sees, masked as they see them.

use super::export::HINT;
use crate::clock;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::{ExportBook, ExportHead, ExportTable, Origin, Output, Part, WriteError};
use model::{Kind, Value};
use policy::declare::{Column, Register};
use std::path::Path;
use store::{RecordFilter, RecordRow, View};
use web::jobs::{ExportOrder, ExportOutcome, RecordsExport};

/// Tries where records come or go between counting and writing.
const TRIES_MAX: u32 = 3;

/// Writes the records of a register that the view shows under the order's filter.
///
/// # Errors
/// When the role may not take the register away, the search is not kept any more, the store cannot be read or the file cannot be
/// written.
pub fn records(
    installation: &Installation,
    view: &View,
    (order, asked): (&ExportOrder, &RecordsExport),
    folder: &Path,
) -> Outcome<ExportOutcome> {
    let package = &installation.package;
    let register = package.registers.get(&asked.register);
    let register = register.ok_or_else(|| Trouble::new("没有这本台账", "请从台账列表重新导出"))?;
    let filter = asked.filter_now(&installation.store, view, register, clock::today())?;
    let filter = filter.ok_or_else(|| Trouble::new("查找条件已失效,没有导出", "请回到列表重新查找后再导出"))?;
    std::fs::create_dir_all(folder).attempt(|| "无法建立导出目录".into(), HINT)?;
    let list = List {
        installation,
        view,
        register,
        asked,
        told: web::records_told(package, order.language == "en", &asked.register, &filter),
        filter,
        extra: extra_columns(register, &asked.columns),
    };
    let file = format!("{}_{}.xlsx", register.label.replace(['/', '\\', '.'], "_"), clock::today());
    let path = folder.join(&file);
    for _ in 1..TRIES_MAX {
        if let Some(rows) = list.write(&path)? {
            return Ok(ExportOutcome { file, rows });
        }
    }
    let last = list.write(&path)?;
    let rows = last.ok_or_else(|| Trouble::new("导出期间记录不断变动,没有导出", "请稍后再导出"))?;
    Ok(ExportOutcome { file, rows })
}

/// A list on its way to its file.
struct List<'a> {
    installation: &'a Installation,
    view: &'a View,
    register: &'a Register,
    asked: &'a RecordsExport,
    told: String,
    filter: RecordFilter,
    extra: Vec<(Extra, Column)>,
}

/// What a list shows besides the chosen columns.
#[derive(Clone, Copy)]
enum Extra {
    Place,
    State,
    Due,
}

/// The same columns that the page adds: the place where no column shows it, state and deadline where records have them.
fn extra_columns(register: &Register, columns: &[String]) -> Vec<(Extra, Column)> {
    let column = |name: &str, label: &str, label_en: &str, kind: Kind| Column {
        name: name.to_owned(),
        label: label.to_owned(),
        label_en: label_en.to_owned(),
        kind,
        ..Column::default()
    };
    let own = register.region.as_ref().and_then(|region| register.field_named(region));
    let mut extra = Vec::new();
    if own.is_none_or(|own| !columns.contains(&own.name)) {
        let place = own.cloned().unwrap_or_else(|| column("_place", "记录所在地", "Place of the record", Kind::Region));
        extra.push((Extra::Place, place));
    }
    if register.has_lifecycle() {
        extra.push((Extra::State, column("_state", "办理状态", "State", Kind::Text)));
        extra.push((Extra::Due, column("_due_on", "办理期限", "Due on", Kind::Day)));
    }
    extra
}

impl List<'_> {
    /// Writes the file; gives how many rows, or `None` where their number changed between counting and writing.
    fn write(&self, path: &Path) -> Outcome<Option<u64>> {
        let attempt = || format!("无法写出 {}", path.display());
        let ordered = (&self.filter, self.asked.order.as_ref());
        let rows = self.view.export_records(&self.asked.register, ordered, &[], &mut |_| Ok(()))?;
        let parts = Part::all_of(&self.asked.register, self.register);
        let part = parts.first().ok_or_else(|| Trouble::new("这本台账没有栏目", "请检查政策包"))?;
        let chosen = self.asked.columns.iter().filter_map(|name| self.register.field_named(name));
        let columns: Vec<&Column> = chosen.chain(self.extra.iter().map(|(_, column)| column)).collect();
        let (package, when) = (&self.installation.package, clock::now());
        let head = ExportHead { who: &self.view.actor().shown_name, when: &when, filter: &self.told };
        let origin = Origin { package: &package.head.name, version: &package.head.version, day: clock::today() };
        let tables = [ExportTable { part, columns: &columns, rows }];
        let divisions = Some(&package.divisions);
        let book = ExportBook::create(path, Output::Xlsx, &head, origin, &tables, &package.codes, divisions);
        let mut book = book.attempt(attempt, HINT)?;
        self.view.export_records(&self.asked.register, ordered, &self.asked.columns, &mut |row| {
            book.write_row(0, &self.cells(row)).map_err(|error| error.to_string())
        })?;
        match book.finish() {
            Ok(()) => Ok(Some(rows)),
            Err(WriteError::RowCount { .. }) => Ok(None),
            Err(error) => Err(error).attempt(attempt, HINT),
        }
    }

    fn cells(&self, row: RecordRow) -> Vec<Value> {
        let state = row.state.as_deref().and_then(|state| self.register.state_named(state));
        let extra = |extra: Extra| match extra {
            Extra::Place => row.place.map_or(Value::Null, |place| Value::Text(place.to_string())),
            Extra::State => state.map_or(Value::Null, |state| Value::Text(state.label.clone())),
            Extra::Due => row.due_on.map_or(Value::Null, Value::Day),
        };
        let extra: Vec<Value> = self.extra.iter().map(|(one, _)| extra(*one)).collect();
        row.cells.into_iter().chain(extra).collect()
    }
}
