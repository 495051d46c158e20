//! The hidden sheet with the labels of codes, behind the drop-downs.
//!
//! A list of choices may be longer than the 255 characters that can stand in a rule, so each stands in a range.

use super::request::Template;
use crate::ground::own_sheets::CODES;
use crate::write::shown::{Labels, truth_shown};
use model::Kind;
use rust_xlsxwriter::{Workbook, XlsxError, utility::column_number_to_name};

/// Labels, one list a column; the first are yes and no.
pub(super) struct CodeSheet {
    lists: Vec<(String, Vec<String>)>,
}

impl CodeSheet {
    /// The labels of every code list that a column of the template names, each list once, behind yes and no.
    pub fn of(template: &Template<'_>) -> CodeSheet {
        let truths = [true, false].map(|truth| truth_shown(truth, template.language).to_owned());
        let mut lists = vec![(String::new(), truths.to_vec())];
        for column in template.parts.iter().flat_map(|part| &part.columns) {
            let Some(name) = column.codes.as_ref().filter(|_| column.kind == Kind::Code) else { continue };
            let labels = template.codes.get(name).filter(|_| !lists.iter().any(|(known, _)| known == name));
            if let Some(list) = labels {
                lists.push((
                    name.clone(),
                    Labels::of(list, template.language).all.into_iter().map(|(_, label)| label).collect(),
                ));
            }
        }
        lists.retain(|(_, labels)| !labels.is_empty());
        CodeSheet { lists }
    }

    /// The range with the labels of a code list.
    pub fn range(&self, name: &str) -> Option<String> {
        let at = self.lists.iter().position(|(known, _)| known == name)?;
        let column = column_number_to_name(u16::try_from(at).ok()?);
        Some(format!("='{CODES}'!${column}$1:${column}${}", self.lists[at].1.len()))
    }

    /// The range with yes and no.
    pub fn truths(&self) -> String {
        format!("='{CODES}'!$A$1:$A$2")
    }

    /// Adds the hidden sheet, one column per list, for the drop-downs to point at.
    pub fn write(&self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        let sheet = workbook.add_worksheet();
        sheet.set_name(CODES)?.set_hidden(true);
        for (column, (_, labels)) in (0..).zip(&self.lists) {
            for (row, label) in (0..).zip(labels) {
                sheet.write_string(row, column, label)?;
            }
        }
        Ok(())
    }
}
