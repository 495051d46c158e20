//! The calendar of 1904 in a workbook that was just written, because the crate that writes workbooks knows only that of 1900.

use rust_xlsxwriter::XlsxError;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The part that names the calendar, and where in it.
const PART: &str = "xl/workbook.xml";
const SPOT: &str = "<workbookPr ";

/// Says in a workbook of ours that its serial numbers of days are of the calendar of 1904. All other parts are copied as they are.
pub(super) fn set_1904(path: &Path) -> Result<(), XlsxError> {
    let changed = path.with_extension("1904");
    let mut from = ZipArchive::new(BufReader::new(File::open(path)?))?;
    let mut to = ZipWriter::new(BufWriter::new(File::create(&changed)?));
    for index in 0..from.len() {
        let part = from.by_index_raw(index)?;
        if part.name()? != PART {
            to.raw_copy_file(part)?;
            continue;
        }
        drop(part);
        let mut text = String::new();
        from.by_index(index)?.read_to_string(&mut text)?;
        to.start_file(PART, SimpleFileOptions::default())?;
        to.write_all(text.replacen(SPOT, &format!("{SPOT}date1904=\"1\" "), 1).as_bytes())?;
    }
    to.finish()?.flush()?;
    std::fs::rename(changed, path)?;
    Ok(())
}
