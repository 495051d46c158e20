//! The sheet that says how a workbook of ours is filled in and handed in again.

use crate::Part;
use crate::ground::export_line::ExportHead;
use crate::ground::own_sheets::{INSTRUCTIONS, INSTRUCTIONS_EN};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};
use words::{Language, Wording, wording};

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
    if !head.is_handed_in {
        lines.push(language.say("export_only_read").to_owned());
        return lines;
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
    let quoted = |part: &&Part| wording!("sheet_quoted", sheet = part.named_in(language).1);
    let names: Vec<Wording> = children.map(quoted).collect();
    (!names.is_empty()).then(|| words::list(names).of(language).to_owned())
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

#[cfg(test)]
mod tests {
    use super::*;
    use policy::declare::{Child, Register};

    fn told(language: Language, is_handed_in: bool) -> String {
        let child = |name: &str, label: &str| Child {
            name: name.to_owned(),
            label: label.to_owned(),
            label_en: name.to_owned(),
            ..Child::default()
        };
        let register = Register {
            label: "线索".to_owned(),
            key: vec!["no".to_owned()],
            child: vec![child("reasons", "原因"), child("doubts", "存疑")],
            ..Register::default()
        };
        let parts = Part::all_of("lead", &register);
        let parts: Vec<&Part> = parts.iter().collect();
        of_export(&parts, &[3, 4, 1], &ExportHead { who: "Li", when: "today", filter: "", language, is_handed_in })
            .join("\n")
    }

    #[test]
    fn only_a_register_that_takes_files_says_how_its_list_is_handed_in_again() {
        for language in [Language::CHINESE, Language::ENGLISH] {
            let how = language.say("export_how").lines().next().unwrap_or_default();
            assert!(told(language, true).contains(how), "{}", told(language, true));
            let only_read = told(language, false);
            assert!(!only_read.contains(how) && only_read.contains(language.say("export_only_read")), "{only_read}");
        }
    }

    #[test]
    fn sheets_of_children_are_listed_as_each_language_lists() {
        assert!(told(Language::CHINESE, true).contains("“原因”、“存疑”"), "{}", told(Language::CHINESE, true));
        assert!(told(Language::ENGLISH, true).contains("“reasons”, “doubts”"), "{}", told(Language::ENGLISH, true));
    }
}
