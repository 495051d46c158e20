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
    if head.language.reads_english() {
        return of_export_in_english(parts, rows, head);
    }
    let mut lines = vec![format!("导出人：{}；时间：{}；条件：{}。", head.who, head.when, head.filter_told())];
    lines.extend(parts.iter().zip(rows).map(|(part, rows)| format!("工作表“{}”：共{rows}行。", part.sheet)));
    lines.push("怎样修改后导回".to_owned());
    lines.extend(
        [
            "直接在本文件中修改，保存后在台账的导入页面上传。先预览，看清会新增、更改、删去多少，再提交导入。",
            "没有改动的行，导入后不变。主表中删去的行，对应的记录不变。",
            "没有选的列、删去的列，对应的内容不变；列还在而把单元格清空，表示删去原有的内容。",
            "带“*”的是脱敏内容：不改动请保持原样，要更正请填写完整的值。",
            "“系统记录号”由系统生成，请勿改动；新增的行请留空。",
            "由系统计算的列，以及记录所在地、办理状态、办理期限，只供查看，导入时不读。",
        ]
        .map(str::to_owned),
    );
    if let Some(children) = sheets_of_children(parts, Language::CHINESE) {
        lines.push(format!("子表{children}"));
        lines.extend([
            "一条记录在子表中的各行，导入后整体替换它原有的行：改动、增加、删去部分行，都照子表为准。".to_owned(),
            "要删去某条记录在子表中的全部行：主表中保留这条记录，在子表中删去属于它的各行，保留子表的表头。预览会写明将删去多少行。".to_owned(),
            "子表整张删去或改名、文件另存为CSV、把行复制到别的文件：子表的内容一律不变，不会因此删去。".to_owned(),
            "导出之后有人在网页上增删过这些行的，导入时会提示，不会覆盖。".to_owned(),
        ]);
    }
    lines
}

fn of_export_in_english(parts: &[&Part], rows: &[u64], head: &ExportHead<'_>) -> Vec<String> {
    let mut lines = vec![format!("Exported by {} at {}; shown: {}.", head.who, head.when, head.filter_told())];
    lines.extend(parts.iter().zip(rows).map(|(part, rows)| format!("Sheet “{}”: {rows} rows.", part.sheet_en)));
    lines.push("How to change it and hand it in again".to_owned());
    lines.extend(
        [
            "Change this file, save it and upload it on the import page of the register. Look at the preview first: it says how much is added, changed and removed.",
            "Rows that you leave as they are change nothing. A row removed from the main sheet leaves its record as it is.",
            "Columns that were not chosen or are removed leave their content as it is; an empty cell of a column that is there removes what was in it.",
            "Content with “*” is masked: leave it as it is, or write the whole value to correct it.",
            "The system record number is made by the system: leave it as it is, and empty in new rows.",
            "Columns that are calculated, and the place, state and deadline of a record, are for reading only; an import does not read them.",
        ]
        .map(str::to_owned),
    );
    if let Some(children) = sheets_of_children(parts, Language::ENGLISH) {
        lines.push(format!("Sheets of child rows: {children}"));
        lines.extend(
            [
                "The rows that a record has in such a sheet replace all that it had there before.",
                "To remove all such rows of a record, keep the record in the main sheet, remove its rows here and keep the headings. The preview says how many rows go.",
                "A sheet that is removed or renamed, a file saved as CSV, rows copied to another file: the rows of children stay as they are.",
                "Where somebody has added or removed such rows on the pages since, the import says so and overwrites nothing.",
            ]
            .map(str::to_owned),
        );
    }
    lines
}

/// What a template says.
pub(crate) fn of_template(parts: &[Part]) -> Vec<String> {
    let mut lines = vec!["怎样填写".to_owned()];
    lines.extend(
        [
            "在表头下面逐行填写；“示例”行不会导入。底色较深的表头是必填的列，鼠标停在表头上可看到要求。",
            "用不到的选填列可以整列删去。表头的文字请勿改动，列的次序可以调整。",
            "已经登记过的记录再次填报，以本表为准：单元格空着，表示没有内容；删去的列，内容不变。",
        ]
        .map(str::to_owned),
    );
    if let Some(children) = sheets_of_children(&parts.iter().collect::<Vec<_>>(), Language::CHINESE) {
        lines.push(format!("子表{children}"));
        lines.push("填了子表的记录，它在子表中原有的行由所填的各行整体替换；没有填的，子表不变，不会删去。".to_owned());
        lines.push("要删去一条记录在子表中的全部行，请先导出台账，照导出文件中的说明办理，或在网页上更正。".to_owned());
    }
    lines
}

fn sheets_of_children(parts: &[&Part], language: Language) -> Option<String> {
    let children = parts.iter().filter(|part| !part.parent_key.is_empty());
    let names: Vec<String> = children.map(|part| format!("“{}”", part.named_in(language).1)).collect();
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
