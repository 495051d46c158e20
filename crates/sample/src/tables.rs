//! Where rows go: the sink that the caller gives, and the cells that it gets.
//!
//! All tables are open at the same time, and rows of different tables come mixed, village by village, so that the memory
//! needed does not grow with the province.

use model::{Day, Decimal, Kind};
use std::fmt;
use std::io;

/// What a table is for; the caller may give each use a folder of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Use {
    /// A register of the package, to be imported first.
    Register,
    /// What a department hands in.
    Extract,
    /// What really is so; never to be imported.
    Truth,
}

/// What a table is called and how its columns are headed.
#[derive(Clone, Debug, PartialEq)]
pub struct TableHead {
    /// Number of the table, counted from 0 in the order in which tables begin; rows name it.
    pub id: usize,
    /// Name of the source or register; `truth` or `planted_dirt`.
    pub name: String,
    /// File name without ending, e.g. `<source>_2024-06-30`.
    pub stem: String,
    pub usage: Use,
    /// A line above the headings, as real files have it. It is row 1 where there is one, and the headings are row 2.
    pub title: Option<String>,
    pub headings: Vec<String>,
    /// What the columns hold, one for each heading; cells of dirty rows may hold anything.
    pub kinds: Vec<Kind>,
}

/// One cell. Writers of untyped files write its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    /// A number; money is in yuan.
    Number(Decimal),
    /// A real day, which spreadsheets keep as a day.
    Day(Day),
}

impl Cell {
    /// A text cell; empty text is an empty cell.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    /// True when nothing is written in the cell.
    pub fn is_empty(&self) -> bool {
        *self == Cell::Empty
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Empty => Ok(()),
            Cell::Text(text) => f.write_str(text),
            Cell::Number(number) => write!(f, "{number}"),
            Cell::Day(day) => write!(f, "{day}"),
        }
    }
}

/// The sink: it gets `begin` once for each table before any row, then rows, then `end` once for each table.
///
/// Any error ends the making of the sample and comes back from `generate` unchanged.
pub trait Tables {
    /// A table begins. Its title, if any, and its headings are to be written first.
    fn begin(&mut self, head: &TableHead) -> io::Result<()>;

    /// The next row of table `id`; as many cells as headings.
    fn row(&mut self, id: usize, cells: &[Cell]) -> io::Result<()>;

    /// Table `id` is complete.
    fn end(&mut self, id: usize) -> io::Result<()>;
}

/// A sink that writes each table as one CSV file (UTF-8, commas) into a folder, for tests and small tools.
pub struct CsvFolder {
    folder: std::path::PathBuf,
    writers: Vec<csv::Writer<std::fs::File>>,
}

impl CsvFolder {
    /// A sink that writes into `folder`, which must exist.
    pub fn new(folder: impl Into<std::path::PathBuf>) -> CsvFolder {
        CsvFolder { folder: folder.into(), writers: Vec::new() }
    }
}

impl Tables for CsvFolder {
    fn begin(&mut self, head: &TableHead) -> io::Result<()> {
        let path = self.folder.join(format!("{}.csv", head.stem));
        let mut writer = csv::WriterBuilder::new().flexible(true).from_path(path)?;
        if let Some(title) = &head.title {
            writer.write_record([title])?;
        }
        writer.write_record(&head.headings)?;
        self.writers.push(writer);
        Ok(())
    }

    fn row(&mut self, id: usize, cells: &[Cell]) -> io::Result<()> {
        let writer = self.writers.get_mut(id).ok_or_else(|| io::Error::other("a row of a table that has not begun"))?;
        writer.write_record(cells.iter().map(Cell::to_string))?;
        Ok(())
    }

    fn end(&mut self, id: usize) -> io::Result<()> {
        self.writers.get_mut(id).map_or(Ok(()), csv::Writer::flush)
    }
}
