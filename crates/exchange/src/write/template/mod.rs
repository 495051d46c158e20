//! Import templates: a workbook that asks for exactly what the import reads, and helps to fill it in.

mod code_sheet;
mod hint;
mod place_sheet;
mod request;
mod rules;
mod slot;

use crate::write::instructions;
use crate::write::table_writer::{Formats, width_of};
use crate::{Part, Purpose, Stamp, WriteError};
use code_sheet::CodeSheet;
use model::Kind;
use place_sheet::PlaceSheet;
use request::FIRST_ROW;
pub use request::Template;
use rust_xlsxwriter::{Color, Format, Note, Workbook, Worksheet, XlsxError};
use slot::{Slot, slots};
use std::path::Path;

/// Rows that have drop-downs and checks.
const ROWS: u32 = 10_000;

/// Writes a template.
///
/// Each sheet has a frozen line of headings (required ones coloured) with a note on each, and an example row that the import passes over.
/// Coded and yes/no columns have drop-downs, days and numbers are checked while they are typed, numbers that must keep their digits
/// are texts. Beside the place of a record stand columns to choose it level by level. Calculated columns and attachments are left out.
/// A last sheet says how it is filled in.
///
/// # Errors
/// `WriteError` when the file cannot be made.
pub fn write_template(path: &Path, template: &Template<'_>) -> Result<(), WriteError> {
    let write = || -> Result<(), XlsxError> {
        let mut workbook = Workbook::new();
        let looks = Looks::new();
        let choices = Choices { codes: CodeSheet::of(template), places: PlaceSheet::of(template) };
        for part in template.parts {
            let sheet = workbook.add_worksheet();
            sheet.set_name(part.named_in(template.language).1)?.set_freeze_panes(1, 0)?;
            write_part(sheet, part, template, &choices, &looks)?;
        }
        let lines = instructions::of_template(template.parts, template.language);
        instructions::write(&mut workbook, &lines, template.language)?;
        choices.codes.write(&mut workbook)?;
        choices.places.write(&mut workbook)?;
        Stamp::of(Purpose::Template, template.parts, template.origin, Some(template.place)).write(&mut workbook)?;
        workbook.save(path)
    };
    write().map_err(|source| WriteError::Xlsx { path: path.to_owned(), source })
}

/// The hidden sheets behind the drop-downs.
struct Choices {
    codes: CodeSheet,
    places: PlaceSheet,
}

/// How the cells of a template look.
struct Looks {
    formats: Formats,
    required: Format,
    helper: Format,
    example: Format,
    month: Format,
}

impl Looks {
    fn new() -> Looks {
        let heading = Format::new().set_bold().set_num_format_index(49);
        Looks {
            formats: Formats::new(),
            required: heading
                .clone()
                .set_background_color(Color::RGB(0xF8_CB_AD))
                .set_font_color(Color::RGB(0x9C_00_06)),
            helper: heading.set_background_color(Color::RGB(0xE2_EF_DA)),
            example: Format::new()
                .set_num_format_index(49)
                .set_italic()
                .set_font_color(Color::RGB(0x7F_7F_7F))
                .set_background_color(Color::RGB(0xF2_F2_F2)),
            month: Format::new().set_num_format("yyyy-mm"),
        }
    }

    fn heading(&self, slot: &Slot<'_>) -> &Format {
        match slot {
            Slot::Level { .. } => &self.helper,
            Slot::Own { column, .. } if column.required => &self.required,
            Slot::Own { .. } => &self.formats.heading,
        }
    }

    fn of_kind(&self, kind: Kind) -> (f64, Option<&Format>) {
        match kind {
            Kind::Month => (12.0, Some(&self.month)),
            Kind::Int | Kind::Decimal => (12.0, None),
            kind => {
                let (width, format) = self.formats.of_kind(kind);
                (width, Some(format))
            }
        }
    }
}

fn write_part(
    sheet: &mut Worksheet,
    part: &Part,
    template: &Template<'_>,
    choices: &Choices,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let slots = slots(part, template.place, template.language);
    for (at, slot) in (0_u16..).zip(&slots) {
        let heading = slot.heading();
        let (width, format) = looks.of_kind(slot.kind());
        sheet.set_column_width(at, width_of(heading, width))?;
        if let Some(format) = format {
            sheet.set_column_format(at, format)?;
        }
        sheet.write_string_with_format(0, at, heading, looks.heading(slot))?;
        let note = Note::new(hint::note(slot, part, template)).add_author_prefix(false).set_width(260).set_height(120);
        sheet.insert_note(0, at, &note)?;
        let example = hint::example(slot, template);
        let shown = if at == 0 { hint::marked_example(&example, template.language) } else { example };
        sheet.write_string_with_format(1, at, &shown, &looks.example)?;
        let rule = match slot {
            Slot::Own { column, .. } => rules::of_column(column, &choices.codes, template.language)?,
            Slot::Level { first, .. } => Some(choices.places.rule(usize::from(at), *first, template.language)?),
        };
        if let Some(rule) = rule {
            sheet.add_data_validation(FIRST_ROW, at, FIRST_ROW + ROWS - 1, at, &rule)?;
        }
    }
    Ok(())
}
