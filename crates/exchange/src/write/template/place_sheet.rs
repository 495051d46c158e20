//! The hidden sheet with the places below places, behind the drop-downs.
//!
//! Names of places are no legal names of ranges: the places right below a place are named `p_<code>`, the same with their codes beside
//! them `q_<code>`. A drop-down looks the code of the chosen name up in the range of the level above, and so finds the range of its own.

use super::request::{FIRST_ROW, Template};
use super::rules;
use crate::ground::own_sheets::PLACES;
use crate::register::place_columns::levels_below;
use model::RegionCode;
use policy::Division;
use rust_xlsxwriter::{DataValidation, Workbook, XlsxError, utility::column_number_to_name};
use std::collections::HashMap;
use words::Language;

/// Names and codes of the places below the template's, those below one place together.
pub(super) struct PlaceSheet {
    /// A place, and name and code of those right below it.
    families: Vec<(RegionCode, Vec<(String, RegionCode)>)>,
    root: RegionCode,
}

impl PlaceSheet {
    /// The divisions below the template's place by their parents; none where nothing lies below it or no column asks for a place.
    pub fn of(template: &Template<'_>) -> PlaceSheet {
        let root = template.place;
        if levels_below(root).next().is_none() || !template.parts.iter().any(|part| part.region.is_some()) {
            return PlaceSheet { families: Vec::new(), root };
        }
        let mut below: HashMap<RegionCode, Vec<&Division>> = HashMap::new();
        for place in template.divisions.inside(root) {
            if let Some(parent) = place.parent {
                below.entry(parent).or_default().push(place);
            }
        }
        let mut families: Vec<_> = below.into_iter().map(|(parent, places)| (parent, named(&places))).collect();
        families.sort_by_key(|(parent, _)| *parent);
        PlaceSheet { families, root }
    }

    /// The drop-down in the column `at`; the columns of this place begin at `first`.
    pub fn rule(&self, at: usize, first: usize, language: Language) -> Result<DataValidation, XlsxError> {
        let mut code = String::new();
        for column in first..at {
            let name = column_number_to_name(u16::try_from(column).unwrap_or(u16::MAX));
            code = format!("VLOOKUP(${name}{},{},2,FALSE)", FIRST_ROW + 1, self.family('q', &code));
        }
        rules::list(format!("={}", self.family('p', &code)), language)
    }

    /// The range below the place whose code the formula gives; below the template's own where there is none.
    fn family(&self, letter: char, code: &str) -> String {
        match code {
            "" => format!("{letter}_{}", self.root),
            code => format!("INDIRECT(\"{letter}_\"&{code})"),
        }
    }

    /// Adds the hidden sheet that the drop-downs in cascade point at; nothing where there are no divisions.
    pub fn write(&self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        if self.families.is_empty() {
            return Ok(());
        }
        let sheet = workbook.add_worksheet();
        sheet.set_name(PLACES)?.set_hidden(true);
        let mut row = 0;
        let mut ranges = Vec::new();
        for (parent, places) in &self.families {
            let first = row + 1;
            for (name, code) in places {
                sheet.write_string(row, 0, name)?.write_string(row, 1, code.to_string())?;
                row += 1;
            }
            ranges.push((parent, first, row));
        }
        for (parent, first, last) in ranges {
            workbook.define_name(format!("p_{parent}"), &format!("='{PLACES}'!$A${first}:$A${last}"))?;
            workbook.define_name(format!("q_{parent}"), &format!("='{PLACES}'!$A${first}:$B${last}"))?;
        }
        Ok(())
    }
}

/// Names with their codes; a name that two of them have gets its code behind it.
fn named(places: &[&Division]) -> Vec<(String, RegionCode)> {
    let count = |name: &str| places.iter().filter(|place| place.name == name).count();
    let name = |place: &&Division| match count(&place.name) {
        1 => place.name.clone(),
        _ => format!("{}({})", place.name, place.code),
    };
    places.iter().map(|place| (name(place), place.code)).collect()
}
