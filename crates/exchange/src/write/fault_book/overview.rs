//! The sheet of faults: how much was taken, faults by kind, and the list of all faults.

use super::fate::RowFate;
use crate::ground::letters::letters;
use crate::ground::own_sheets::{FAULTS, FAULTS_EN};
use crate::{SkipReason, Summary};
use model::Fault;
use rust_xlsxwriter::{Color, Format, Worksheet, XlsxError};
use std::fmt::Display;
use words::Language;

/// Faults that are listed one by one; spreadsheets become unusable with more.
const LISTED_MAX: u64 = 500_000;
/// The columns of the list: the keys of their headings, and their widths in letters.
const COLUMNS: [(&str, f64); 9] = [
    ("book_sheet", 14.0),
    ("book_row", 9.0),
    ("book_column", 7.0),
    ("book_heading", 18.0),
    ("book_kind", 18.0),
    ("book_seen", 24.0),
    ("book_what", 40.0),
    ("book_hint", 50.0),
    ("book_drops_row", 16.0),
];

pub(super) struct Overview {
    language: Language,
    row: u32,
    listed: u64,
    left_out: u64,
    text: Format,
}

impl Overview {
    /// Begins the sheet: counts of the file above, the list of faults below.
    pub fn new(
        sheet: &mut Worksheet,
        summary: &Summary,
        fate: &RowFate,
        language: Language,
    ) -> Result<Overview, XlsxError> {
        sheet.set_name(language.pick(FAULTS, FAULTS_EN))?;
        sheet.set_tab_color(Color::RGB(0xFF_00_00));
        for (column, (_, width)) in (0..).zip(COLUMNS) {
            sheet.set_column_width(column, width)?;
        }
        let bold = Format::new().set_bold();
        let heading = Format::new().set_bold().set_background_color(Color::RGB(0xDD_EB_F7));
        let text = Format::new().set_num_format("@");
        let mut overview = Overview { language, row: 0, listed: 0, left_out: 0, text };
        overview.line(sheet, &[&language.fill("book_title", &[("file", &summary.file)])], &bold)?;
        let skipped = SkipReason::list(&summary.skipped);
        let in_file = [("rows", &summary.rows_in_file as &dyn Display), ("skipped", &skipped.of(language))];
        let mut told = vec![rows_told(summary, fate, language), language.fill("book_in_file", &in_file)];
        told.push(language.say("book_advice").to_owned());
        told.extend((fate.unmatched > 0).then(|| language.say("book_advice_unmatched").to_owned()));
        for line in &told {
            overview.line(sheet, &[line], &Format::new())?;
        }
        overview.row += 1;
        overview.line(sheet, &[language.say("book_kind"), language.say("book_count")], &heading)?;
        let mut kinds: Vec<_> = summary.faults.iter().filter(|(_, count)| **count > 0).collect();
        kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(**count), **kind));
        for (kind, count) in kinds {
            sheet.write_string(overview.row, 0, kind.label(language))?;
            sheet.write_number(overview.row, 1, *count as f64)?;
            overview.row += 1;
        }
        overview.row += 1;
        overview.line(sheet, &COLUMNS.map(|(key, _)| language.say(key)), &heading)?;
        Ok(overview)
    }

    fn line(&mut self, sheet: &mut Worksheet, texts: &[&str], format: &Format) -> Result<(), XlsxError> {
        for (column, text) in (0..).zip(texts) {
            sheet.write_string_with_format(self.row, column, *text, format)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Lists one fault; beyond the limit it is only counted.
    pub fn list(&mut self, sheet: &mut Worksheet, fault: &Fault) -> Result<(), XlsxError> {
        if self.listed >= LISTED_MAX {
            self.left_out += 1;
            return Ok(());
        }
        self.listed += 1;
        let place = &fault.place;
        let column = place.column.map(|column| letters(column as usize)).unwrap_or_default();
        let language = self.language;
        let refused = language.say(if fault.drops_row { "book_row_dropped" } else { "book_row_kept" });
        let row = place.row.map(|row| row.to_string()).unwrap_or_default();
        let (sheet_name, heading) = (place.sheet.as_deref().unwrap_or(""), place.heading.as_deref().unwrap_or(""));
        let kind = fault.kind.label(language);
        let format = self.text.clone();
        let (what, hint) = (fault.what.of(language), fault.hint.of(language));
        let texts = [sheet_name, &row, &column, heading, kind, &fault.seen, what, hint, refused];
        self.line(sheet, &texts, &format)
    }

    /// Says how many faults were not listed, if any.
    pub fn finish(&mut self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        if self.left_out > 0 {
            let rest = self.language.fill("book_rest", &[("count", &self.left_out)]);
            self.line(sheet, &[&rest], &Format::new())?;
        }
        Ok(())
    }
}

fn rows_told(summary: &Summary, fate: &RowFate, language: Language) -> String {
    let RowFate { taken, refused, unmatched, is_trial } = fate;
    let key = match (is_trial, *unmatched > 0) {
        (false, false) => "book_rows",
        (false, true) => "book_rows_unmatched",
        (true, false) => "book_rows_trial",
        (true, true) => "book_rows_trial_unmatched",
    };
    let faults = summary.fault_count();
    language.fill(
        key,
        &[
            ("seen", &summary.rows_seen),
            ("taken", taken),
            ("refused", refused),
            ("unmatched", unmatched),
            ("faults", &faults),
        ],
    )
}
