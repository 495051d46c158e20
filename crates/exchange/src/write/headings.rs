//! How the columns of an export are headed in the language of who reads it, so that each heading is read back as its column.

use crate::heading::normal;
use crate::register::place_columns::{name_heading, name_heading_en};
use policy::declare::Column;
use words::Language;

/// What stands above a column.
pub(crate) struct Written {
    pub heading: String,
    /// Above the names of its places.
    pub of_names: String,
}

impl Written {
    /// The heading of one of these columns: in English its English label; its name where that is missing or may be another
    /// column, and its label where the name may be, too.
    pub fn of(column: &Column, all: &[&Column], language: Language) -> Written {
        let label = Written { heading: column.label.clone(), of_names: name_heading(&column.label) };
        if !language.reads_english() {
            return label;
        }
        let is_own = |text: &&&String| {
            let others = all.iter().filter(|other| other.name != column.name);
            !text.is_empty() && others.into_iter().all(|other| !is_spelled(other, text))
        };
        let english = [&column.label_en, &column.name];
        let heading = english.iter().find(is_own).map(|text| (*text).clone());
        heading.map_or(label, |heading| Written { of_names: name_heading_en(&heading), heading })
    }
}

/// True where the column is known by this text.
fn is_spelled(column: &Column, text: &str) -> bool {
    let own = [&column.label, &column.name, &column.label_en].into_iter().chain(&column.headings);
    own.into_iter().any(|own| normal(own) == normal(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_that_of_no_other_column() {
        let column = |name: &str, label: &str, label_en: &str| Column {
            name: name.into(),
            label: label.into(),
            label_en: label_en.into(),
            ..Column::default()
        };
        let columns = [
            column("name", "姓名", "Full name"),
            column("from", "起", "Day"),
            column("to", "止", "day"),
            column("note", "备注", ""),
            column("kind", "类型", "Sort"),
            column("type", "类别", "Kind"),
        ];
        let all: Vec<&Column> = columns.iter().collect();
        let written = |language| all.iter().map(|one| Written::of(one, &all, language).heading).collect::<Vec<_>>();
        assert_eq!(written(Language::ENGLISH), ["Full name", "from", "to", "note", "Sort", "type"]);
        assert_eq!(written(Language::CHINESE), ["姓名", "起", "止", "备注", "类型", "类别"]);
        assert_eq!(Written::of(all[0], &all, Language::ENGLISH).of_names, "Full name — name");
    }
}
