//! Rows as they stand in a file, before anything is known about their meaning: one way to walk all formats.

mod archive;
mod book_rows;
mod csv_rows;
mod encoding;
mod parquet_rows;
mod sniff;

pub(crate) use book_rows::{Book, day_of_serial};

use crate::{ChildRows, Encoding, Format, Limits, Refusal, Stamp};
use model::Day;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum RawCell {
    #[default]
    Empty,
    Text(String),
    /// A number of a workbook, which knows no other.
    Number(f64),
    Int(i64),
    Bool(bool),
    Day(Day),
    /// A moment by China's clock: its day, and the second of that day.
    Moment {
        day: Day,
        second: u32,
    },
    /// A formula whose value was not stored in the file.
    NoValue,
    /// An error value such as `#N/A`.
    Error(String),
}

impl RawCell {
    pub fn is_empty(&self) -> bool {
        matches!(self, RawCell::Empty)
    }
}

/// What is wrong with a line as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A quotation mark that is never closed; the line was split as if it were a letter.
    OpenQuote,
    /// Longer than any line may be; the rest was left out.
    LongLine,
    /// A quoted cell over several lines that itself splits into whole rows.
    SwallowedRows,
}

/// One row; reused from row to row.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawRow {
    /// As a spreadsheet counts: the first row is 1.
    pub number: u32,
    /// By column. Formats with fixed columns leave trailing empty cells out.
    pub cells: Vec<RawCell>,
    pub flaw: Option<Flaw>,
    /// The workbook hides the row, or a filter does.
    pub is_hidden: bool,
}

impl RawRow {
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(RawCell::is_empty)
    }

    pub fn cell(&self, index: usize) -> &RawCell {
        self.cells.get(index).unwrap_or(&RawCell::Empty)
    }
}

/// Work done and in all, in bytes or rows.
pub(crate) type Work = (u64, u64);

/// What is done with each row.
pub(crate) type Visit<'v> = dyn FnMut(&mut RawRow, Work) -> Result<ControlFlow<()>, Refusal> + 'v;

/// A file whose format is known and whose outside was checked.
pub(crate) struct RawFile {
    path: PathBuf,
    /// Name for people.
    pub name: String,
    pub format: Format,
    pub encoding: Option<Encoding>,
    /// BLAKE3, hexadecimal.
    pub hash: String,
    /// The form that a workbook of ours was made with.
    pub stamp: Option<Stamp>,
    limits: Limits,
    inside: Inside,
}

enum Inside {
    Book(Box<Book>),
    Csv(csv_rows::Csv),
    Parquet(parquet_rows::Parquet),
}

impl RawFile {
    /// Opens a file, tells its format from its bytes and checks what can be checked without reading its rows.
    pub fn open(path: &Path, name: &str, limits: &Limits) -> Result<RawFile, Refusal> {
        let unreadable = |source| Refusal::Unreadable { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(unreadable)?;
        let bytes = file.metadata().map_err(unreadable)?.len();
        if bytes == 0 {
            return Err(Refusal::Empty { file: name.to_owned() });
        }
        if bytes > limits.file_bytes_max {
            let limit = limits.file_bytes_max;
            return Err(Refusal::TooLarge { file: name.to_owned(), unit: "bytes", found: bytes, limit });
        }
        let mut head = Vec::with_capacity(1 << 16);
        Read::by_ref(&mut file).take(1 << 20).read_to_end(&mut head).map_err(unreadable)?;
        let mut directory = Vec::new();
        if let Some(at) = sniff::directory_at(&head) {
            file.seek(SeekFrom::Start(at)).map_err(unreadable)?;
            Read::by_ref(&mut file).take(sniff::DIRECTORY_BYTES).read_to_end(&mut directory).map_err(unreadable)?;
        }
        let (inside, format, encoding) = match sniff::format(&head, &directory, name)? {
            Format::Xlsx => (Inside::Book(Box::new(Book::checked(path, name, limits)?)), Format::Xlsx, None),
            Format::Parquet => (Inside::Parquet(parquet_rows::Parquet::open(path, name)?), Format::Parquet, None),
            Format::Csv => {
                let sample = if head.is_ascii() {
                    encoding::first_foreign(path, &head).map_err(unreadable)?
                } else {
                    head.clone()
                };
                let encoding = encoding::detect(&sample, bytes > sample.len() as u64)
                    .ok_or_else(|| Refusal::UnknownEncoding { file: name.to_owned() })?;
                (Inside::Csv(csv_rows::Csv::new(&head, encoding, bytes)), Format::Csv, Some(encoding))
            }
        };
        let hash = hash_of(path).map_err(unreadable)?;
        let stamp = if let Inside::Book(book) = &inside { book.stamp.clone() } else { None };
        Ok(RawFile {
            stamp,
            path: path.to_owned(),
            name: name.to_owned(),
            format,
            encoding,
            hash,
            limits: limits.clone(),
            inside,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Names of the sheets; one `None` for formats without sheets.
    pub fn sheets(&self) -> Vec<Option<String>> {
        match &self.inside {
            Inside::Book(book) => book.sheets().into_iter().map(Some).collect(),
            Inside::Csv(_) | Inside::Parquet(_) => vec![None],
        }
    }

    /// The hidden sheet with the numbers of child records, of a workbook of ours.
    pub fn child_rows(&mut self) -> Result<ChildRows, Refusal> {
        match &mut self.inside {
            Inside::Book(book) if book.stamp.is_some() => ChildRows::of(book, &self.name),
            _ => Ok(ChildRows::default()),
        }
    }

    /// Walks the rows of a sheet from the top until `visit` breaks. `width`: how many cells a row should have, once known.
    /// Parquet hands its column names out as row 1.
    pub fn visit(&mut self, sheet: usize, width: Option<usize>, visit: &mut Visit<'_>) -> Result<(), Refusal> {
        match &mut self.inside {
            Inside::Book(book) => book.visit(sheet, &self.name, &self.limits, visit),
            Inside::Csv(csv) => csv.visit(&self.path, width, &self.limits, visit),
            Inside::Parquet(parquet) => parquet.visit(&self.path, &self.name, &self.limits, visit),
        }
    }
}

fn hash_of(path: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            read => hasher.update(&buffer[..read]),
        };
    }
}
