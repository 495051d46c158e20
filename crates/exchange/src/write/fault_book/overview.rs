//! The sheet 错误汇总: how much was taken, faults by kind, and the list of all faults.

use super::fate::RowFate;
use super::label::fault_label;
use crate::ground::letters::letters;
use crate::{SkipReason, Summary};
use model::Fault;
use rust_xlsxwriter::{Color, Format, Worksheet, XlsxError};

pub(super) const NAME: &str = "错误汇总";
/// Faults that are listed one by one; spreadsheets become unusable with more.
const LISTED_MAX: u64 = 500_000;

pub(super) struct Overview {
    row: u32,
    listed: u64,
    left_out: u64,
    text: Format,
}

impl Overview {
    /// Begins the sheet: counts of the file above, the list of faults below.
    pub fn new(sheet: &mut Worksheet, summary: &Summary, fate: &RowFate) -> Result<Overview, XlsxError> {
        sheet.set_name(NAME)?;
        sheet.set_tab_color(Color::RGB(0xFF_00_00));
        for (column, width) in (0..).zip([14.0, 9.0, 7.0, 18.0, 18.0, 24.0, 40.0, 50.0, 16.0]) {
            sheet.set_column_width(column, width)?;
        }
        let bold = Format::new().set_bold();
        let heading = Format::new().set_bold().set_background_color(Color::RGB(0xDD_EB_F7));
        let mut overview = Overview { row: 0, listed: 0, left_out: 0, text: Format::new().set_num_format("@") };
        overview.line(sheet, &[&format!("《{}》错误汇总", summary.file)], &bold)?;
        overview.line(sheet, &[&rows_told(summary, fate)], &Format::new())?;
        let skipped = SkipReason::list(&summary.skipped);
        let in_file = format!("文件共{}行，{skipped}。", summary.rows_in_file);
        overview.line(sheet, &[&in_file], &Format::new())?;
        let advice = "请在标红的单元格处改正后，将本文件重新提交；已采用的行再次提交不会重复。";
        overview.line(sheet, &[advice], &Format::new())?;
        if fate.unmatched > 0 {
            let advice =
                "未匹配的行不一定标红：没有找到对应人员或农户，或不在您的辖区内；请核对证件号码、姓名和户编号。";
            overview.line(sheet, &[advice], &Format::new())?;
        }
        overview.row += 1;
        overview.line(sheet, &["错误类型", "处数"], &heading)?;
        let mut kinds: Vec<_> = summary.faults.iter().filter(|(_, count)| **count > 0).collect();
        kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(**count), **kind));
        for (kind, count) in kinds {
            sheet.write_string(overview.row, 0, fault_label(*kind))?;
            sheet.write_number(overview.row, 1, *count as f64)?;
            overview.row += 1;
        }
        overview.row += 1;
        let names =
            ["工作表", "行", "列", "表头", "错误类型", "单元格内容（已脱敏）", "问题", "如何改正", "该行是否剔除"];
        overview.line(sheet, &names, &heading)?;
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
        let refused = if fault.drops_row { "剔除" } else { "未剔除" };
        let row = place.row.map(|row| row.to_string()).unwrap_or_default();
        let (sheet_name, heading) = (place.sheet.as_deref().unwrap_or(""), place.heading.as_deref().unwrap_or(""));
        let kind = fault_label(fault.kind);
        let format = self.text.clone();
        let texts = [sheet_name, &row, &column, heading, kind, &fault.seen, &fault.what, &fault.hint, refused];
        self.line(sheet, &texts, &format)
    }

    /// Says how many faults were not listed, if any.
    pub fn finish(&mut self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        if self.left_out > 0 {
            let rest = format!("另有{}处未逐条列出，改正以上各处后重新提交即可看到。", self.left_out);
            self.line(sheet, &[&rest], &Format::new())?;
        }
        Ok(())
    }
}

fn rows_told(summary: &Summary, fate: &RowFate) -> String {
    let (seen, RowFate { taken, refused, unmatched, is_trial }) = (summary.rows_seen, *fate);
    let trial = if is_trial { "尚未导入；如导入，" } else { "" };
    let unmatched = if unmatched > 0 { format!("，未匹配{unmatched}行") } else { String::new() };
    let faults = summary.fault_count();
    format!("共读到{seen}行，{trial}采用{taken}行，剔除{refused}行{unmatched}；错误和提示共{faults}处。")
}
