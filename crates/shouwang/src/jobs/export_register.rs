//! A list of a register to a file: exactly what somebody sees, in the order and with the columns that they chose, masked as they see
//! it; child records on sheets of their own. There is this one shape for pages and for the command line.
//!
//! The file can be handed in again and then changes nothing: its rows are known by their keys, which always stand in it, and by
//! the numbers of the records where the keys are masked. What was left out of it is left alone.

use super::export::{make_folder, output_of};
use crate::clock;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::{ExportBook, ExportHead, ExportTable, Origin, Output, Part, RECORD_COLUMN};
use model::{Kind, Value};
use policy::declare::{Column, Register, State};
use std::path::Path;
use store::{Exported, RecordFilter, RecordOrder, RecordQuery, RecordRow, View};
use web::jobs::{ExportOrder, ExportOutcome, RecordsExport};
use words::{Language, advice, list};

/// A list to be written.
pub struct Wanted<'a> {
    pub register: &'a str,
    pub filter: &'a RecordFilter,
    /// The filter in words; empty for everything.
    pub filter_text: &'a str,
    pub language: Language,
    pub order: Option<&'a RecordOrder>,
    /// Fields in their order; all declared ones where there is no choice.
    pub columns: Option<&'a [String]>,
    pub output: Output,
}

/// Writes the list that a page asked for into the job's folder.
///
/// # Errors
/// As [`register`], and when the search is not kept any more.
pub fn from_page(
    installation: &Installation,
    view: &View,
    order: &ExportOrder,
    asked: &RecordsExport,
    folder: &Path,
) -> Outcome<ExportOutcome> {
    let package = &installation.package;
    let register = package.registers.get(&asked.register);
    let register = register.ok_or_else(|| Trouble::of(advice!("register_to_export_missing")))?;
    let filter = asked.filter_now(view, register, clock::today())?;
    let filter = filter.ok_or_else(|| Trouble::of(advice!("search_to_export_expired")))?;
    make_folder(folder)?;
    let (ending, output) = output_of(order.format);
    let language = order.read_in();
    let label = language.pick(&register.label, &register.label_en);
    let file = format!("{}_{}.{ending}", label.replace(['/', '\\', '.'], "_"), clock::today());
    let wanted = Wanted {
        register: &asked.register,
        filter_text: &web::filter_text(package, language, &asked.register, &filter),
        filter: &filter,
        language,
        order: asked.order.as_ref(),
        columns: Some(&asked.columns),
        output,
    };
    let rows = self::register(installation, view, &wanted, &folder.join(&file))?;
    Ok(ExportOutcome { file, rows })
}

/// Writes the records that the view shows under the filter, and their child records; returns how many records. The list is read
/// once, and few of its rows are in memory at a time.
///
/// # Errors
/// When the register does not exist, the role may not take it away, or the store or the disk fails.
pub fn register(installation: &Installation, view: &View, wanted: &Wanted<'_>, path: &Path) -> Outcome<u64> {
    let declared = installation.package.registers.get(wanted.register);
    let declared = declared.ok_or_else(|| no_register(installation, wanted.register))?;
    let unwritten = || advice!("export_unwritten", path = path.display());
    let language = wanted.language;
    let sheet = RecordSheet::of(declared, wanted.columns, view.shows_heads(declared, wanted.register), language);
    let mut parts = Part::all_with_record(wanted.register, declared);
    // Only workbooks have sheets for children.
    let children = wanted.output == Output::Xlsx && parts.len() > 1;
    parts.truncate(if children { parts.len() } else { 1 });
    let columns: Vec<&Column> = sheet.columns.iter().map(|(_, column)| column).collect();
    let tables = parts.iter().enumerate().map(|(at, part)| {
        let columns: &[&Column] = if at == 0 { &columns } else { &[] };
        ExportTable { part, columns }
    });
    let tables: Vec<ExportTable<'_>> = tables.collect();
    let (package, when) = (&installation.package, clock::now());
    let is_system = view.actor().role == store::SYSTEM_ROLE;
    let who = if is_system { language.say("system_administrator") } else { &view.actor().shown_name };
    let head = ExportHead {
        who,
        when: &when,
        filter: wanted.filter_text,
        language,
        is_handed_in: !declared.may_import.is_empty(),
    };
    let origin = Origin { package: &package.head.name, version: &package.head.version, day: clock::today() };
    let places = Some(&package.divisions);
    let book = ExportBook::create(path, wanted.output, &head, origin, &tables, &package.codes, places);
    let mut book = book.attempt(unwritten)?;
    let query = RecordQuery { filter: wanted.filter, order: wanted.order, columns: &sheet.asked() };
    let rows = view.export(wanted.register, query, children, &mut |row| {
        let written = match row {
            Exported::Record(row) => book.write_row(0, &sheet.cells(row, declared)),
            Exported::Child { kind, record, values } => {
                book.write_row(kind + 1, &child_cells(&parts[kind + 1], declared, kind, &record, &values))
            }
        };
        written.map_err(|error| error.to_string())
    })?;
    book.finish().attempt(unwritten)?;
    Ok(rows)
}

/// There is no register of that name.
pub fn no_register(installation: &Installation, name: &str) -> Trouble {
    let names = list(installation.package.registers.keys());
    Trouble::of(advice!("register_unknown", name, names))
}

/// What a column of the records' sheet shows.
#[derive(Clone, Copy, PartialEq)]
enum Shows {
    Field,
    Place,
    State,
    Due,
    /// The head of the household.
    Head,
    /// The number of the record.
    Number,
}

/// The columns of the records' sheet.
struct RecordSheet {
    columns: Vec<(Shows, Column)>,
    language: Language,
}

impl RecordSheet {
    /// First the key's fields that were not chosen, then what was chosen, then what the page adds: the place where no column shows it,
    /// state and deadline where records have them, the head of the household where they are about households. Last the number of the record.
    fn of(register: &Register, chosen: Option<&[String]>, with_heads: bool, language: Language) -> RecordSheet {
        let all: Vec<&str> = register.field.iter().map(|field| field.name.as_str()).collect();
        let chosen: Vec<&str> = chosen.map_or(all, |chosen| chosen.iter().map(String::as_str).collect());
        let key = register.key.iter().map(String::as_str).filter(|name| !chosen.contains(name));
        let place = register
            .region
            .as_deref()
            .filter(|name| !chosen.contains(name) && !register.key.iter().any(|key| key == name));
        let names = key.chain(chosen.iter().copied()).chain(place);
        let fields = names.filter_map(|name| register.field_named(name)).cloned().map(|field| (Shows::Field, field));
        let mut columns: Vec<(Shows, Column)> = fields.collect();
        let mut add = |shows: Shows, name: &str, [label, label_en]: [&str; 2], kind: Kind| {
            // A field of that name would be taken for it.
            let shown = language.pick(label, label_en);
            let is_it = |text: &str| text.eq_ignore_ascii_case(shown);
            let is_taken = |field: &Column| {
                let own = field.headings.iter().any(|one| is_it(one));
                own || is_it(language.pick(&field.label, &field.label_en)) || is_it(&field.name)
            };
            if !register.field.iter().any(is_taken) {
                let (name, label, label_en) = (name.to_owned(), label.to_owned(), label_en.to_owned());
                columns.push((shows, Column { name, label, label_en, kind, ..Column::default() }));
            }
        };
        let [place, state, due, head] = exchange::SHOWN_HEADINGS;
        if register.region.is_none() {
            add(Shows::Place, "_place", place, Kind::Region);
        }
        if register.has_lifecycle() {
            add(Shows::State, "_state", state, Kind::Text);
            add(Shows::Due, "_due_on", due, Kind::Day);
        }
        if with_heads {
            add(Shows::Head, "_head", head, Kind::Text);
        }
        columns.push((Shows::Number, exchange::record_column()));
        RecordSheet { columns, language }
    }

    /// The fields that the view is asked for.
    fn asked(&self) -> Vec<String> {
        let fields = self.columns.iter().filter(|(shows, _)| *shows == Shows::Field);
        fields.map(|(_, column)| column.name.clone()).collect()
    }

    fn cells(&self, row: RecordRow, register: &Register) -> Vec<Value> {
        let mut fields = row.cells.into_iter();
        let state = row.state.as_deref().and_then(|state| register.state_named(state));
        let state_label = |state: &State| self.language.pick(&state.label, &state.label_en).to_owned();
        let mut cell = |shows: Shows| match shows {
            Shows::Field => fields.next().unwrap_or_default(),
            Shows::Place => row.place.map_or(Value::Null, |place| Value::Text(place.to_string())),
            Shows::State => state.map_or(Value::Null, |state| Value::Text(state_label(state))),
            Shows::Due => row.due_on.map_or(Value::Null, Value::Day),
            Shows::Head => row.head_name.clone().filter(|name| !name.is_empty()).map_or(Value::Null, Value::Text),
            Shows::Number => Value::Text(row.id.clone()),
        };
        self.columns.iter().map(|(shows, _)| cell(*shows)).collect()
    }
}

/// The cells of a child's row: the key of its record, its own, and the number of its record.
fn child_cells(part: &Part, declared: &Register, kind: usize, record: &RecordRow, values: &[Value]) -> Vec<Value> {
    let own = &declared.child[kind].field;
    let cell = |column: &Column| {
        let of_key = declared.key.iter().position(|name| *name == column.name).and_then(|at| record.cells.get(at));
        let own = || own.iter().position(|field| field.name == column.name).and_then(|at| values.get(at));
        match column.name.as_str() {
            RECORD_COLUMN => Value::Text(record.id.clone()),
            _ => of_key.or_else(own).cloned().unwrap_or_default(),
        }
    };
    part.columns.iter().map(cell).collect()
}
