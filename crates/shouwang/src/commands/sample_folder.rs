//! The files of one sample, each in the folder of its use.

use crate::arguments::FileFormat;
use exchange::{Heading, Output, TableWriter};
use model::{Kind, Value};
use sample::{Cell, TableHead, Tables, Use};
use std::io;
use std::path::{Path, PathBuf};

/// The files of one sample: name of the register or source, and path.
pub type Files = Vec<(String, PathBuf)>;

/// Writes each table into the folder of its use.
pub struct Folder {
    pub root: PathBuf,
    format: FileFormat,
    open: Vec<Option<TableWriter>>,
    pub registers: Files,
    pub extracts: Files,
}

impl Folder {
    /// Nothing is written yet; files are made in `root` as their tables begin.
    pub fn new(root: &Path, format: FileFormat) -> Folder {
        Folder { root: root.to_owned(), format, open: Vec::new(), registers: Vec::new(), extracts: Vec::new() }
    }

    /// Departments export in different encodings; the truth is always plain.
    fn output(&self, head: &TableHead) -> (Output, &'static str) {
        if head.usage == Use::Truth {
            return (Output::Csv, "csv");
        }
        match self.format {
            FileFormat::Csv => {
                let outputs = [Output::CsvBom, Output::CsvGb18030, Output::Csv];
                (outputs[head.id % outputs.len()], "csv")
            }
            FileFormat::Xlsx => (Output::Xlsx, "xlsx"),
            FileFormat::Parquet => (Output::ParquetText, "parquet"),
        }
    }
}

impl Tables for Folder {
    fn begin(&mut self, head: &TableHead) -> io::Result<()> {
        let (output, ending) = self.output(head);
        let folder = self.root.join(match head.usage {
            Use::Register => "registers",
            Use::Extract => "extracts",
            Use::Truth => "truth",
        });
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{}.{ending}", head.stem));
        match head.usage {
            Use::Register => self.registers.push((head.name.clone(), path.clone())),
            Use::Extract => self.extracts.push((head.name.clone(), path.clone())),
            Use::Truth => {}
        }
        let writer = begin_table(&path, output, head)?;
        self.open.push(Some(writer));
        Ok(())
    }

    fn row(&mut self, id: usize, cells: &[Cell]) -> io::Result<()> {
        let values: Vec<Value> = cells.iter().map(value_of).collect();
        self.writer(id)?.write_row(&values).map_err(io::Error::other)
    }

    fn end(&mut self, id: usize) -> io::Result<()> {
        let writer = self.open.get_mut(id).and_then(Option::take);
        writer.map_or(Ok(()), |writer| writer.finish().map_err(io::Error::other))
    }
}

impl Folder {
    fn writer(&mut self, id: usize) -> io::Result<&mut TableWriter> {
        let missing = || io::Error::other("a row of a table that is not open");
        self.open.get_mut(id).and_then(Option::as_mut).ok_or_else(missing)
    }
}

/// A title, where there is one, stands in the first line and the headings below it, as real exports have it.
fn begin_table(path: &Path, output: Output, head: &TableHead) -> io::Result<TableWriter> {
    let heading = |text: &String, kind| Heading { text: text.clone(), kind };
    match head.title.as_ref().filter(|_| output != Output::ParquetText) {
        None => {
            let headings: Vec<Heading> =
                head.headings.iter().zip(&head.kinds).map(|(text, kind)| heading(text, *kind)).collect();
            TableWriter::create(path, output, &headings).map_err(io::Error::other)
        }
        Some(title) => {
            let mut first: Vec<Heading> = head.kinds.iter().map(|kind| heading(&String::new(), *kind)).collect();
            if let Some(cell) = first.first_mut() {
                *cell = heading(title, Kind::Text);
            }
            let mut table = TableWriter::create(path, output, &first).map_err(io::Error::other)?;
            let headings: Vec<Value> = head.headings.iter().cloned().map(Value::Text).collect();
            table.write_row(&headings).map_err(io::Error::other)?;
            Ok(table)
        }
    }
}

fn value_of(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Number(number) => Value::Decimal(*number),
        Cell::Day(day) => Value::Day(*day),
    }
}
