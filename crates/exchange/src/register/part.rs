//! The tables of a register: its records, and each kind of child records on a sheet of its own.

use crate::ground::own_sheets;
use crate::register::place_columns::{name_heading, name_heading_en};
use crate::{Places, Shape};
use model::{Day, Kind};
use policy::declare::{CodeList, Column, Register};
use std::collections::BTreeMap;
use words::Language;

/// UTF-16 units of a sheet's name, with room for the number of a sheet that goes on.
const NAME_UNITS_MAX: usize = 22;

/// Name of the column with the number of an exported record: 16 hexadecimal digits that say nothing about it. By it a row is
/// known again whose key is masked.
pub const RECORD_COLUMN: &str = "record_id";
/// Its heading.
const RECORD_HEADING: &str = "系统记录号";
const RECORD_HEADING_EN: &str = "System record number";

/// Headings, in Chinese and English, of what an export shows beside the fields of a record: its place, its state, its deadline, and the
/// head of its household.
/// No import reads them.
pub const SHOWN_HEADINGS: [[&str; 2]; 4] = [
    ["记录所在地", "Place of the record"],
    ["办理状态", "State"],
    ["办理期限", "Due on"],
    ["所在户户主", "Head of the household"],
];

/// True for the heading of a column that an export of ours adds to the fields, names of a place among them.
pub(crate) fn is_added(heading: &str) -> bool {
    let is_shown = |[label, label_en]: &[&str; 2]| {
        let names = [name_heading(label), name_heading_en(label_en)];
        heading == *label || heading == *label_en || names.iter().any(|name| name == heading)
    };
    heading == RECORD_HEADING || heading == RECORD_HEADING_EN || SHOWN_HEADINGS.iter().any(is_shown)
}

/// The column with the number of the record, which stands behind those of a part.
pub fn record_column() -> Column {
    Column {
        name: RECORD_COLUMN.to_owned(),
        label: RECORD_HEADING.to_owned(),
        label_en: RECORD_HEADING_EN.to_owned(),
        note: Language::CHINESE.say("record_number_note").to_owned(),
        note_en: Language::ENGLISH.say("record_number_note").to_owned(),
        ..Column::default()
    }
}

/// One table of a register: what a template asks for on one sheet, an export writes to one and an import reads from one.
#[derive(Clone, Debug)]
pub struct Part {
    /// Name of the register, or of the child.
    pub name: String,
    /// For people.
    pub label: String,
    pub label_en: String,
    /// Name of its sheet, legal in every spreadsheet and different from that of the other parts.
    pub sheet: String,
    /// Its name in workbooks in English.
    pub sheet_en: String,
    /// Fields of the register; for children the key of the parent, required, and then the child's fields.
    pub columns: Vec<Column>,
    /// Names of the columns that together name a row; none for children.
    pub key: Vec<String>,
    /// Names of the columns that name the parent; none for the register itself.
    pub parent_key: Vec<String>,
    /// Column with the place of a record.
    pub region: Option<String>,
}

impl Part {
    /// The parts of a register: first its records, then its children in their order.
    pub fn all_of(name: &str, register: &Register) -> Vec<Part> {
        let mut parts = vec![Part {
            name: name.to_owned(),
            label: register.label.clone(),
            label_en: english_or(&register.label_en, name),
            sheet: String::new(),
            sheet_en: String::new(),
            columns: register.field.clone(),
            key: register.key.clone(),
            parent_key: Vec::new(),
            region: register.region.clone(),
        }];
        let keys: Vec<Column> = register.key.iter().filter_map(|key| register.field_named(key)).cloned().collect();
        for child in &register.child {
            let required = keys.iter().map(|key| Column { required: true, ..key.clone() });
            let own = child.field.iter().filter(|field| !register.key.contains(&field.name)).cloned();
            parts.push(Part {
                name: child.name.clone(),
                label: child.label.clone(),
                label_en: english_or(&child.label_en, &child.name),
                sheet: String::new(),
                sheet_en: String::new(),
                columns: required.chain(own).collect(),
                key: Vec::new(),
                parent_key: register.key.clone(),
                region: None,
            });
        }
        // Workbooks of ours have a sheet of that name.
        let mut taken = vec![own_sheets::INSTRUCTIONS.to_owned()];
        for part in &mut parts {
            part.sheet = free_name(&part.label, &taken, Language::CHINESE);
            taken.push(part.sheet.to_lowercase());
        }
        // A name in English is that of no other part in Chinese: either may come in.
        taken.push(own_sheets::INSTRUCTIONS_EN.to_lowercase());
        for part in &mut parts {
            part.sheet_en = free_name(&part.label_en, &taken, Language::ENGLISH);
            taken.push(part.sheet_en.to_lowercase());
        }
        parts
    }

    /// The parts as an export writes them and an import takes them: each with the number of the record behind its columns.
    pub fn all_with_record(name: &str, register: &Register) -> Vec<Part> {
        let mut parts = Part::all_of(name, register);
        parts.iter_mut().for_each(|part| part.columns.push(record_column()));
        parts
    }

    /// What a file of this part should hold, still without checks of whole rows.
    pub fn shape<'a>(
        &'a self,
        codes: &'a BTreeMap<String, CodeList>,
        delivery_day: Day,
        places: &'a dyn Places,
    ) -> Shape<'a> {
        let names_row = |name: &String| self.key.contains(name) || self.parent_key.contains(name);
        let mut keys = self.columns.iter().filter(|column| names_row(&column.name));
        Shape {
            name: &self.name,
            label: &self.label,
            label_en: &self.label_en,
            columns: &self.columns,
            key: &self.key,
            identity: keys.find(|column| column.kind == Kind::Identity).map(|column| column.name.as_str()),
            household: crate::ground::shape::household_of(&self.columns),
            tests: Vec::new(),
            codes,
            delivery_day,
            places,
        }
    }

    /// True for the part's sheet and the sheets that go on where one is full.
    pub(crate) fn is_on(&self, sheet: &str) -> bool {
        let goes_on = |rest: &str| {
            let number = rest.strip_prefix('（').and_then(|rest| rest.strip_suffix('）'));
            rest.is_empty() || number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        };
        [&self.sheet, &self.sheet_en].into_iter().any(|own| sheet.strip_prefix(own.as_str()).is_some_and(goes_on))
    }

    /// Its label in a language, and the name of its first sheet.
    pub(crate) fn named_in(&self, language: Language) -> (&str, &str) {
        if language.reads_english() { (&self.label_en, &self.sheet_en) } else { (&self.label, &self.sheet) }
    }

    /// Name of the sheet with this number, counted from 1.
    pub(crate) fn sheet_number(&self, number: usize, language: Language) -> String {
        let (_, sheet) = self.named_in(language);
        if number <= 1 { sheet.to_owned() } else { format!("{sheet}（{number}）") }
    }
}

fn english_or(label: &str, name: &str) -> String {
    if label.is_empty() { name } else { label }.to_owned()
}

/// A name that Excel, WPS and LibreOffice take for a sheet of a workbook of this language, and that is not taken. `taken`: in lower case.
fn free_name(label: &str, taken: &[String], language: Language) -> String {
    let plain = label.chars().map(|letter| match letter {
        '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '：' => '_',
        letter if letter.is_control() => '_',
        letter => letter,
    });
    let mut units = 0;
    let short: String = plain
        .take_while(|letter| {
            units += letter.len_utf16();
            units <= NAME_UNITS_MAX
        })
        .collect();
    let bare = short.trim().trim_matches('\'').trim_start_matches('_');
    // Excel keeps the name History for itself.
    let bare = if bare.is_empty() || bare.eq_ignore_ascii_case("history") { own_sheets::rows(language) } else { bare };
    let numbered = (2..).map(|number| format!("{bare}_{number}"));
    let mut names = std::iter::once(bare.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(&name.to_lowercase())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_that_an_export_adds_are_known() {
        let chinese = ["记录所在地", &name_heading("记录所在地"), "办理状态", "办理期限", "系统记录号"];
        let place = name_heading_en("Place of the record");
        for heading in chinese.into_iter().chain(["Place of the record", &place, "State", "System record number"]) {
            assert!(is_added(heading), "{heading}");
        }
        assert!(!is_added("备注") && !is_added("Note") && !is_added(""));
    }

    #[test]
    fn names_of_sheets_are_legal_and_differ() {
        let mut taken = Vec::new();
        let labels =
            ["低保/特困[台账]", "History", "", "'引'", "ABC", "abc", &"长".repeat(60), &"长".repeat(61), "_places"];
        for label in labels {
            let name = free_name(label, &taken, Language::CHINESE);
            assert!(rust_xlsxwriter::utility::check_sheet_name(&format!("{name}（99）")).is_ok(), "{label}: {name}");
            assert!(!taken.contains(&name.to_lowercase()) && !name.starts_with('_'), "{label}: {name}");
            taken.push(name.to_lowercase());
        }
    }

    #[test]
    fn a_name_that_may_not_be_gives_way_to_one_in_the_language_of_the_workbook() {
        for (language, name) in [(Language::CHINESE, "数据"), (Language::ENGLISH, "Rows")] {
            assert_eq!(free_name("History", &[], language), name);
            assert_eq!(free_name("[]", &[], language), name);
        }
    }

    #[test]
    fn a_part_knows_its_sheets() {
        let register = Register { label: "走访".to_owned(), label_en: "Visits".to_owned(), ..Register::default() };
        let part = Part::all_of("visit", &register).remove(0);
        let own = ["走访", "走访（2）", "Visits", "Visits（2）"];
        let other = ["走访记录", "走访（x）", "Visits of others", "visit"];
        assert!(own.iter().all(|sheet| part.is_on(sheet)) && !other.iter().any(|sheet| part.is_on(sheet)));
        for (language, number) in [(Language::CHINESE, 1), (Language::ENGLISH, 1), (Language::ENGLISH, 12)] {
            assert!(part.is_on(&part.sheet_number(number, language)), "{language:?} {number}");
        }
    }
}
