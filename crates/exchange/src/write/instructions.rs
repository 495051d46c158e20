//! The sheet that says how a workbook of ours is filled in and handed in again.

use crate::Part;
use crate::ground::export_line::ExportHead;
use crate::ground::own_sheets::{INSTRUCTIONS, INSTRUCTIONS_EN};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};
use words::Language;

/// Width of its one column, in letters.
const WIDTH: f64 = 100.0;

/// What an export says. `rows`: how many stand in each part.
pub(crate) fn of_export(parts: &[&Part], rows: &[u64], head: &ExportHead<'_>) -> Vec<String> {
    let (language, filter) = (head.language, head.filter_told());
    let mut lines =
        vec![language.fill("export_told", &[("who", &head.who), ("when", &head.when), ("filter", &filter)])];
    for (part, rows) in parts.iter().zip(rows) {
        let (_, sheet) = part.named_in(language);
        lines.push(language.fill("export_sheet_told", &[("sheet", &sheet), ("rows", rows)]));
    }
    lines.extend(language.say("export_how").lines().map(str::to_owned));
    if let Some(sheets) = sheets_of_children(parts, language) {
        lines.extend(language.fill("export_children_how", &[("sheets", &sheets)]).lines().map(str::to_owned));
    }
    lines
}

/// What a template says.
pub(crate) fn of_template(parts: &[Part], language: Language) -> Vec<String> {
    let mut lines: Vec<String> = language.say("template_how").lines().map(str::to_owned).collect();
    if let Some(sheets) = sheets_of_children(&parts.iter().collect::<Vec<_>>(), language) {
        lines.extend(language.fill("template_children_how", &[("sheets", &sheets)]).lines().map(str::to_owned));
    }
    lines
}

fn sheets_of_children(parts: &[&Part], language: Language) -> Option<String> {
    let children = parts.iter().filter(|part| !part.parent_key.is_empty());
    let quoted = |part: &&Part| language.fill("sheet_quoted", &[("sheet", &part.named_in(language).1)]);
    let names: Vec<String> = children.map(quoted).collect();
    (!names.is_empty()).then(|| names.concat())
}

/// Adds the sheet.
pub(crate) fn write(workbook: &mut Workbook, lines: &[String], language: Language) -> Result<(), XlsxError> {
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format_index(49);
    let sheet = workbook.add_worksheet();
    sheet.set_name(language.pick(INSTRUCTIONS, INSTRUCTIONS_EN))?.set_column_width(0, WIDTH)?;
    for (row, line) in (0..).zip(lines) {
        sheet.write_string_with_format(row, 0, line, &wrapped)?;
    }
    Ok(())
}
