//! Rows as they stand in a file, before anything is known about their meaning: one way to walk all formats.

mod book;
mod csv_rows;
mod encoding;
mod guard;
pub(crate) mod own_rows;
mod parquet_rows;
mod row;
mod sniff;

pub(crate) use book::{Area, Book, MergedCells, YEARS_1904, day_of_serial, moment_of_serial};
pub(crate) use row::{Flaw, RawCell, RawRow, Visit, Work};

use crate::{Encoding, Format, Limits, Refusal};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Rows at the top of a sheet: among the first its headings are looked for, and by all the content of its columns is known.
const TOP_ROWS: usize = 52;

/// A file whose format is known and whose outside was checked.
pub(crate) struct RawFile {
    path: PathBuf,
    /// Name for people.
    pub name: String,
    pub format: Format,
    pub encoding: Option<Encoding>,
    limits: Limits,
    inside: RawSource,
}

enum RawSource {
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
            Format::Xlsx => (RawSource::Book(Box::new(Book::checked(path, name, limits)?)), Format::Xlsx, None),
            Format::Parquet => (RawSource::Parquet(parquet_rows::Parquet::open(path, name)?), Format::Parquet, None),
            Format::Csv => {
                let encoding = encoding::of_file(path, &head, bytes)
                    .map_err(unreadable)?
                    .ok_or_else(|| Refusal::UnknownEncoding { file: name.to_owned() })?;
                let csv = csv_rows::Csv::open(path, encoding, bytes, limits).map_err(unreadable)?;
                (RawSource::Csv(csv), Format::Csv, Some(encoding))
            }
        };
        Ok(RawFile { path: path.to_owned(), name: name.to_owned(), format, encoding, limits: limits.clone(), inside })
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Names of the sheets; one `None` for formats without sheets.
    pub fn sheets(&self) -> Vec<Option<String>> {
        match &self.inside {
            RawSource::Book(book) => book.sheets().into_iter().map(Some).collect(),
            RawSource::Csv(_) | RawSource::Parquet(_) => vec![None],
        }
    }

    fn book(&self) -> Option<&Book> {
        if let RawSource::Book(book) = &self.inside { Some(book) } else { None }
    }

    /// Merged cells of a sheet. The rows hold the text of each in its first cell alone; `MergedCells` gives it to the rows below.
    pub fn merged(&self, sheet: usize) -> &[Area] {
        self.book().map_or(&[], |book| book.merged(sheet))
    }

    /// True when the workbook does not show the column of that sheet, counted from 0.
    pub fn hides_column(&self, sheet: usize, column: usize) -> bool {
        self.book().is_some_and(|book| book.hides_column(sheet, column))
    }

    /// Names of the sheets that are not shown, and so are not read.
    pub fn hidden_sheets(&self) -> Vec<String> {
        self.book().map_or(Vec::new(), |book| book.hidden_sheets.clone())
    }

    /// True when serial numbers of days are of the calendar of 1904.
    pub fn is_1904(&self) -> bool {
        self.book().is_some_and(Book::is_1904)
    }

    /// The workbook, where the file is one: for the sheets of ours that nobody fills in.
    pub fn book_mut(&mut self) -> Option<&mut Book> {
        if let RawSource::Book(book) = &mut self.inside { Some(book) } else { None }
    }

    /// Chooses the separator of a text file: the one whose first rows `fit` says most for, and of two the one that looks likelier. Other
    /// formats have none.
    pub fn choose_separator(&mut self, fit: &mut dyn FnMut(&[RawRow]) -> usize) -> Result<(), Refusal> {
        let RawSource::Csv(csv) = &self.inside else { return Ok(()) };
        let mut best = (0, 0);
        for separator in 0..csv.separators() {
            self.separate_by(separator);
            match self.top_rows(0) {
                Ok(top) => best = best.max((fit(&top), usize::MAX - separator)),
                Err(Refusal::TooManyColumns { .. }) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        self.separate_by(if best.0 > 0 { usize::MAX - best.1 } else { 0 });
        Ok(())
    }

    fn separate_by(&mut self, separator: usize) {
        if let RawSource::Csv(csv) = &mut self.inside {
            csv.choose(separator);
        }
    }

    /// The first rows of a sheet that are not blank, among which its headings stand.
    pub fn top_rows(&mut self, sheet: usize) -> Result<Vec<RawRow>, Refusal> {
        let mut top = Vec::new();
        self.visit(sheet, &mut |row, _| {
            if !row.is_blank() {
                top.push(row.clone());
            }
            let is_enough = top.len() >= TOP_ROWS || row.number >= 200;
            Ok(if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        Ok(top)
    }

    /// Walks the rows of a sheet from the top until `visit` breaks. Parquet hands its column names out as row 1.
    pub fn visit(&mut self, sheet: usize, visit: &mut Visit<'_>) -> Result<(), Refusal> {
        let (name, limit, mut found) = (self.name.clone(), self.limits.text_bytes_max, 0_u64);
        let mut counted = |row: &mut RawRow, work: Work| {
            found += row.text_bytes() as u64;
            if found > limit {
                return Err(Refusal::TooLarge { file: name.clone(), unit: "bytes", found, limit });
            }
            visit(row, work)
        };
        match &mut self.inside {
            RawSource::Book(book) => book.visit(sheet, &mut counted),
            RawSource::Csv(csv) => csv.visit(&self.path, &self.name, &self.limits, visit),
            RawSource::Parquet(parquet) => parquet.visit(&self.path, &self.name, &self.limits, visit),
        }
    }
}
