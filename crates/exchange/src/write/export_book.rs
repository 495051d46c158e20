//! Lists of a register to files that people read and hand in again.

use crate::ground::export_line::{self, ExportHead};
use crate::register::child_rows::{ChildRowsSheet, Counting};
use crate::write::headings::Written;
use crate::write::instructions;
use crate::write::shown::{self, Labels};
use crate::write::table_writer::{CsvTable, Formats, put, width_of};
use crate::{Heading, Origin, Output, Part, Purpose, Stamp, WriteError};
use model::{Kind, Value};
use policy::Divisions;
use policy::declare::{CodeList, Column};
use rust_xlsxwriter::{Workbook, XlsxError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use words::Language;

/// Rows that a sheet can have.
const SHEET_ROWS_MAX: u32 = 1_048_576;
/// Lines above the data: who and when, then the headings.
const LINES_ABOVE: u32 = 2;

/// One table of an export.
#[derive(Clone, Copy)]
pub struct ExportTable<'a> {
    pub part: &'a Part,
    /// Columns shown, in their order; the part's own where there are none.
    pub columns: &'a [&'a Column],
}

/// Writes lists row by row in constant memory, as a workbook with a sheet for each part or as one CSV file.
///
/// The first line tells who took the list, when and under which filter; `read` passes it over and then takes texts exactly as they
/// stand. A last sheet says how many rows there are and how the workbook is handed in again; a hidden one how many child records each
/// record had (`ChildRows`), for which the rows of one record must come together. Codes are shown by label, money in yuan, days as days; a column of places is followed by their names. Every text is
/// a text in every spreadsheet. Sheets that are full go on in further ones.
pub struct ExportBook {
    path: PathBuf,
    tables: Vec<Table>,
    inside: ExportTarget,
    sheet_rows_max: u32,
}

enum ExportTarget {
    ExportWorkbook(Box<ExportWorkbook>),
    Csv(CsvTable),
}

struct ExportWorkbook {
    workbook: Workbook,
    formats: Formats,
    stamp: Stamp,
    /// Who, when and under which filter, for the last sheet.
    head: [String; 3],
    language: Language,
    is_handed_in: bool,
    /// Where the rows of children are counted.
    counts: Option<ChildRowsSheet>,
}

/// A table under way.
struct Table {
    part: Part,
    line: String,
    columns: Vec<ShownColumn>,
    language: Language,
    written: u64,
    /// Of children: where the number of their record stands, and how many rows of it came.
    counting: Option<(usize, Counting)>,
    /// The sheet under way: its place in the workbook, its number in this table and its next row.
    sheet: usize,
    number: usize,
    row: u32,
}

struct ShownColumn {
    column: Column,
    written: Written,
    labels: Option<Labels>,
    /// Names of places by code.
    names: Option<BTreeMap<String, String>>,
}

impl ExportBook {
    /// Begins an export. `divisions`: where they are given, names of places stand beside their codes.
    ///
    /// # Errors
    /// `Parts` for a CSV file with more than one table or for Parquet; otherwise what the file system says.
    pub fn create(
        path: &Path,
        output: Output,
        head: &ExportHead<'_>,
        origin: Origin<'_>,
        tables: &[ExportTable<'_>],
        codes: &BTreeMap<String, CodeList>,
        divisions: Option<&Divisions>,
    ) -> Result<ExportBook, WriteError> {
        let parts: Vec<Part> = tables.iter().map(|table| table.part.clone()).collect();
        let tables: Vec<Table> = tables.iter().map(|table| Table::of(table, head, codes, divisions)).collect();
        let inside = match (output, tables.as_slice()) {
            (Output::Xlsx, [_, ..]) => ExportTarget::ExportWorkbook(Box::new(ExportWorkbook {
                workbook: Workbook::new(),
                formats: Formats::new(),
                stamp: Stamp::of(Purpose::Export, &parts, origin, None),
                head: [head.who, head.when, head.filter].map(str::to_owned),
                language: head.language,
                is_handed_in: head.is_handed_in,
                counts: None,
            })),
            (Output::Csv | Output::CsvBom | Output::CsvGb18030, [table]) => {
                ExportTarget::Csv(CsvTable::create(path, output, Some(&table.line), &table.headings())?)
            }
            _ => return Err(WriteError::Parts { path: path.to_owned() }),
        };
        let mut book = ExportBook { path: path.to_owned(), tables, inside, sheet_rows_max: SHEET_ROWS_MAX };
        for table in 0..book.tables.len() {
            book.add_sheet(table).map_err(|source| book.wrong(source))?;
        }
        let counts = book.tables.iter().any(|table| table.counting.is_some());
        if let ExportTarget::ExportWorkbook(inside) = &mut book.inside
            && counts
        {
            let sheet = ChildRowsSheet::add(&mut inside.workbook);
            inside.counts = Some(sheet.map_err(|source| WriteError::Xlsx { path: path.to_owned(), source })?);
        }
        Ok(book)
    }

    /// Writes one row of a table (its place among `tables`); `cells` stand in the order of the table's columns.
    ///
    /// # Errors
    /// `CellCount` for a row of another length, otherwise what the file system says.
    pub fn write_row(&mut self, table: usize, cells: &[Value]) -> Result<(), WriteError> {
        let Some(under_way) = self.tables.get(table) else { return Err(WriteError::Parts { path: self.path.clone() }) };
        if cells.len() != under_way.columns.len() {
            let (path, found) = (self.path.clone(), cells.len());
            return Err(WriteError::CellCount { path, found, expected: under_way.columns.len() });
        }
        let shown = under_way.shown(cells);
        self.tables[table].written += 1;
        if let ExportTarget::Csv(csv) = &mut self.inside {
            return csv.write_row(&shown);
        }
        let counted = self.tables[table].counting.as_mut().and_then(|(at, counting)| counting.note(&cells[*at]));
        let put = self.put_row(table, &shown).and_then(|()| self.put_count(table, counted));
        put.map_err(|source| self.wrong(source))
    }

    /// Says how many rows a record has in the table.
    fn put_count(&mut self, table: usize, counted: Option<(String, u32)>) -> Result<(), XlsxError> {
        match (&mut self.inside, counted) {
            (ExportTarget::ExportWorkbook(book), Some((record, count))) => match &mut book.counts {
                Some(sheet) => sheet.put(&mut book.workbook, &self.tables[table].part.name, &record, count),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Completes the file.
    ///
    /// # Errors
    /// What the file system says.
    pub fn finish(mut self) -> Result<(), WriteError> {
        for table in 0..self.tables.len() {
            let counted = self.tables[table].counting.as_mut().and_then(|(_, counting)| counting.end());
            self.put_count(table, counted).map_err(|source| self.wrong(source))?;
        }
        match self.inside {
            ExportTarget::Csv(csv) => csv.finish(),
            ExportTarget::ExportWorkbook(mut book) => {
                let path = self.path;
                book.save(&self.tables, &path).map_err(|source| WriteError::Xlsx { path, source })
            }
        }
    }

    fn put_row(&mut self, table: usize, cells: &[Value]) -> Result<(), XlsxError> {
        if self.tables[table].row >= self.sheet_rows_max {
            self.add_sheet(table)?;
        }
        let ExportTarget::ExportWorkbook(book) = &mut self.inside else { return Ok(()) };
        let table = &mut self.tables[table];
        let sheet = book.workbook.worksheet_from_index(table.sheet)?;
        for ((column, value), heading) in (0..).zip(cells).zip(table.kinds()) {
            put(sheet, (table.row, column), value, heading, &book.formats)?;
        }
        table.row += 1;
        Ok(())
    }

    fn add_sheet(&mut self, table: usize) -> Result<(), XlsxError> {
        let ExportTarget::ExportWorkbook(book) = &mut self.inside else { return Ok(()) };
        let table = &mut self.tables[table];
        let place = book.workbook.worksheets().len();
        table.sheet = place;
        table.number += 1;
        table.row = LINES_ABOVE;
        let sheet = book.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(table.part.sheet_number(table.number, book.language))?.set_freeze_panes(LINES_ABOVE, 0)?;
        let headings = table.headings();
        for (column, heading) in (0..).zip(&headings) {
            let (width, _) = book.formats.of_kind(heading.kind);
            sheet.set_column_width(column, width_of(&heading.text, width))?;
            if let Some(format) = book.formats.of_column(heading.kind) {
                sheet.set_column_format(column, format)?;
            }
        }
        sheet.write_string(0, 0, &table.line)?;
        for (column, heading) in (0..).zip(&headings) {
            sheet.write_string_with_format(1, column, &heading.text, &book.formats.heading)?;
        }
        Ok(())
    }

    fn wrong(&self, source: XlsxError) -> WriteError {
        WriteError::Xlsx { path: self.path.clone(), source }
    }
}

impl ExportWorkbook {
    fn save(&mut self, tables: &[Table], path: &Path) -> Result<(), XlsxError> {
        let parts: Vec<&Part> = tables.iter().map(|table| &table.part).collect();
        let rows: Vec<u64> = tables.iter().map(|table| table.written).collect();
        let [who, when, filter] = &self.head;
        let head = ExportHead { who, when, filter, language: self.language, is_handed_in: self.is_handed_in };
        let lines = instructions::of_export(&parts, &rows, &head);
        instructions::write(&mut self.workbook, &lines, self.language)?;
        self.stamp.write(&mut self.workbook)?;
        self.workbook.save(path)
    }
}

impl Table {
    fn of(
        table: &ExportTable<'_>,
        head: &ExportHead<'_>,
        codes: &BTreeMap<String, CodeList>,
        divisions: Option<&Divisions>,
    ) -> Table {
        let own: Vec<&Column> = table.part.columns.iter().collect();
        let columns = if table.columns.is_empty() { own.as_slice() } else { table.columns };
        let names = || {
            let all = divisions?.all().iter().map(|place| (place.code.to_string(), place.name.clone()));
            Some(all.collect::<BTreeMap<String, String>>())
        };
        let shown = |column: &&Column| ShownColumn {
            written: Written::of(column, columns, head.language),
            labels: Labels::of_column(column, codes, head.language),
            names: Some(column).filter(|column| column.kind == Kind::Region).and_then(|_| names()),
            column: (*column).clone(),
        };
        let names_of: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let counting = Counting::column(table.part, &names_of).map(|at| (at, Counting::default()));
        Table {
            line: export_line::line(&table.part.name, table.part.named_in(head.language).0, head),
            columns: columns.iter().map(shown).collect(),
            part: table.part.clone(),
            language: head.language,
            written: 0,
            counting,
            sheet: 0,
            number: 0,
            row: LINES_ABOVE,
        }
    }

    fn headings(&self) -> Vec<Heading> {
        let mut headings = Vec::new();
        for ShownColumn { column, written, names, .. } in &self.columns {
            headings.push(Heading { text: written.heading.clone(), kind: column.kind });
            if names.is_some() {
                headings.push(Heading { text: written.of_names.clone(), kind: Kind::Text });
            }
        }
        headings
    }

    fn kinds(&self) -> impl Iterator<Item = Kind> {
        let kinds = |shown: &ShownColumn| [Some(shown.column.kind), shown.names.as_ref().map(|_| Kind::Text)];
        self.columns.iter().flat_map(kinds).flatten()
    }

    fn shown(&self, cells: &[Value]) -> Vec<Value> {
        let mut all = Vec::with_capacity(cells.len() + 1);
        for (value, shown) in cells.iter().zip(&self.columns) {
            all.push(shown::shown(value, &shown.column, shown.labels.as_ref(), self.language));
            if let Some(names) = &shown.names {
                let name = value.as_text().and_then(|code| names.get(code));
                all.push(name.map_or(Value::Null, |name| Value::Text(name.clone())));
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NoPlaces, Options, read_part};
    use policy::declare::Register;
    use std::ops::ControlFlow;

    #[test]
    fn a_full_sheet_goes_on_in_a_further_one_and_all_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("list.xlsx");
        let field = ["no", "note"].map(|name| Column { name: name.into(), label: name.into(), ..Column::default() });
        let child = policy::declare::Child { name: "visit".into(), label: "走访".into(), ..Default::default() };
        let register = Register {
            label: "台账".to_owned(),
            key: vec!["no".to_owned()],
            field: field.to_vec(),
            child: vec![policy::declare::Child { field: vec![field[1].clone()], ..child }],
            ..Register::default()
        };
        let (parts, codes) = (Part::all_of("ledger", &register), BTreeMap::new());
        let day = "2024-06-30".parse().expect("is a day");
        let origin = Origin { package: "test", version: "1", day };
        let head =
            ExportHead { who: "张三", when: "今天", filter: "", language: Language::CHINESE, is_handed_in: true };
        let tables: Vec<ExportTable<'_>> = parts.iter().map(|part| ExportTable { part, columns: &[] }).collect();
        let mut book = ExportBook::create(&path, Output::Xlsx, &head, origin, &tables, &codes, None).expect("creates");
        book.sheet_rows_max = LINES_ABOVE + 4;
        for number in 0..11 {
            for table in 0..2 {
                let cells = [format!("N{number}"), format!("第{number}行")].map(Value::Text);
                book.write_row(table, &cells).expect("writes");
            }
        }
        book.finish().expect("finishes");
        for (at, name) in ["台账", "走访"].iter().enumerate() {
            let shape = parts[at].shape(&codes, day, &NoPlaces);
            let mut rows = Vec::new();
            let summary = read_part(&path, &parts, at, &shape, &Options::default(), &mut |chunk| {
                rows.extend(chunk.rows.into_iter().map(|row| row.cells));
                ControlFlow::Continue(())
            });
            let summary = summary.expect("is read").expect("has rows");
            let sheets: Vec<_> = summary.sheets.into_iter().filter_map(|sheet| sheet.name).collect();
            assert_eq!(sheets, [(*name).to_owned(), format!("{name}（2）"), format!("{name}（3）")]);
            let texts: Vec<_> = rows.iter().filter_map(|row| row[0].as_text()).collect();
            assert_eq!(texts, (0..11).map(|number| format!("N{number}")).collect::<Vec<_>>());
        }
    }
}
