//! Which column of a file a person chose for a field, kept for the next file of the same kind and author; and what is told of the
//! columns, rows and sheets of a file.

use crate::installation::Installation;
use crate::trouble::{Outcome, Trouble};
use exchange::{Mapping, MoneyUnit, Part, Question, Refusal, SkipReason, Summary};
use model::Actor;
use policy::declare::{Column, Register};
use std::collections::BTreeMap;
use web::jobs::{ColumnQuestion, FieldQuestion, FileColumnShown};
use words::{Wording, advice, list, wording};

/// Digits in a row that a heading which is kept may have; with more it may be somebody's number.
const DIGITS_KEPT_MAX: usize = 5;

fn preference(dataset: &str) -> String {
    format!("import columns {dataset}")
}

/// The choice with what the same author has said of earlier files of the dataset.
///
/// # Errors
/// When the store fails.
pub fn with_remembered(
    installation: &Installation,
    actor: &Actor,
    dataset: &str,
    chosen: &Mapping,
) -> Outcome<Mapping> {
    let kept = installation.store.preference(actor, &preference(dataset))?.unwrap_or_default();
    let remembered: BTreeMap<String, String> = serde_json::from_str(&kept).unwrap_or_default();
    Ok(Mapping { remembered, ..chosen.clone() })
}

/// Keeps what was chosen of this file for the next one. A heading that may be anything is not kept.
///
/// # Errors
/// When the store fails.
pub fn remember(installation: &Installation, actor: &Actor, dataset: &str, summary: &Summary) -> Outcome<()> {
    let may_keep = |(column, heading): &(String, Option<String>)| {
        let heading = heading.as_ref().filter(|heading| !has_long_number(heading))?;
        Some((column.clone(), heading.clone()))
    };
    let chosen: Vec<(String, String)> = summary.chosen.iter().filter_map(may_keep).collect();
    if chosen.is_empty() {
        return Ok(());
    }
    let mut kept = with_remembered(installation, actor, dataset, &Mapping::default())?.remembered;
    kept.extend(chosen);
    let text = serde_json::Value::from_iter(kept).to_string();
    Ok(installation.store.keep_preference(actor, &preference(dataset), &text)?)
}

fn has_long_number(text: &str) -> bool {
    text.split(|letter: char| !letter.is_numeric()).any(|digits| digits.chars().count() > DIGITS_KEPT_MAX)
}

/// The columns that a person may choose for a register's file: its fields, then those of its children's sheets, each behind the
/// name of its child (`child.column`).
pub fn of_register(name: &str, register: &Register) -> Vec<Column> {
    let parts = Part::all_of(name, register);
    let children = parts.iter().skip(1).flat_map(|part| {
        let behind = |column: &Column| Column {
            name: format!("{}.{}", part.name, column.name),
            label: format!("{}.{}", part.label, column.label),
            ..column.clone()
        };
        part.columns.iter().map(behind)
    });
    register.field.iter().cloned().chain(children).collect()
}

/// What a column of a file is named by in every language, before its letters.
const COLUMN_SIGN: char = '列';

/// The choices of a person: each `heading=field` or `列F=field`, the field by its name or label.
///
/// # Errors
/// When one is no such pair, or the dataset has no such field; the hint lists the fields.
pub fn chosen(columns: &[Column], said: &[String]) -> Outcome<BTreeMap<String, String>> {
    let mut headings = BTreeMap::new();
    for one in said {
        let pair = one.rsplit_once('=').map(|(heading, field)| (heading.trim(), field.trim()));
        let Some((heading, field)) = pair.filter(|(heading, field)| !heading.is_empty() && !field.is_empty()) else {
            let example = columns.first().map_or("", |column| column.name.as_str());
            let column = format!("{COLUMN_SIGN}F");
            return Err(Trouble::of(advice!("column_option_malformed", column, example)));
        };
        let is_it = |column: &&Column| column.name == field || column.label == field;
        let Some(column) = columns.iter().filter(|column| column.is_entered()).find(is_it) else {
            let names = list(columns.iter().map(|column| &column.name));
            return Err(Trouble::of(advice!("column_option_field_unknown", names)));
        };
        if headings.insert(column.name.clone(), heading.to_owned()).is_some() {
            let field = Wording::pair(&column.label, &column.name);
            return Err(Trouble::of(advice!("column_option_twice", field, column = format!("{COLUMN_SIGN}F"))));
        }
    }
    Ok(headings)
}

/// What should be known of a file that was read: notes, sheets that were left alone, columns that were not used.
pub fn remarks_on(summary: &Summary) -> Vec<Wording> {
    let notes = summary.notes.iter().map(exchange::Note::said);
    let left = summary.sheets_left.iter().map(exchange::SheetLeft::said);
    let left = (!summary.sheets_left.is_empty()).then(|| wording!("sheets_not_read", sheets = list(left)));
    let unused = summary.unused.iter().map(|unused| {
        let column = unused.said();
        match &unused.nearest {
            Some(nearest) => wording!("column_not_used_but_near", column, field = nearest.label),
            None => wording!("column_not_used", column),
        }
    });
    notes.chain(left).chain(unused).collect()
}

/// How many rows were passed over, by the short name of the reason.
pub fn skipped(summary: &Summary) -> Vec<(String, u64)> {
    let rows = SkipReason::ALL.into_iter().filter_map(|reason| Some((reason, *summary.skipped.get(&reason)?)));
    rows.map(|(reason, count)| (reason.name().to_owned(), count)).collect()
}

/// What a page asks where a file waits for an answer.
pub fn question(refusal: &Refusal) -> Option<ColumnQuestion> {
    refusal.question().map(asked)
}

/// How the command line says what a file leaves open, for the first column that is asked about, or for the unit.
pub fn how_to_choose(question: &ColumnQuestion) -> Wording {
    let column = question.fields.first().and_then(|asked| {
        let letters = asked.candidates.first().or(question.columns.first().map(|column| &column.letters))?;
        Some(format!("--column {COLUMN_SIGN}{letters}={}", asked.field))
    });
    let unit = (!question.units.is_empty()).then(|| format!("--unit {}", MoneyUnit::TenThousandYuan));
    let options: Vec<String> = column.into_iter().chain(unit).collect();
    if options.is_empty() { Wording::default() } else { wording!("how_to_choose", option = options.join(" ")) }
}

/// The words of the units of money.
pub fn units() -> impl Iterator<Item = &'static str> {
    MoneyUnit::ALL.into_iter().map(MoneyUnit::word)
}

fn asked(question: &Question) -> ColumnQuestion {
    let field = |asked: &exchange::AskedColumn| FieldQuestion {
        field: asked.column.clone(),
        candidates: asked.candidates.iter().map(|candidate| candidate.letters.clone()).collect(),
    };
    let column =
        |column: &exchange::FileColumn| FileColumnShown { letters: column.letters.clone(), text: column.said() };
    ColumnQuestion {
        fields: question.columns.iter().map(field).collect(),
        columns: question.all.iter().map(column).collect(),
        units: if question.asks_unit { units().map(str::to_owned).collect() } else { Vec::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_name_a_heading_or_a_column_and_a_field() {
        let column = |name: &str, label: &str| Column { name: name.into(), label: label.into(), ..Column::default() };
        let columns = [column("self_borne", "个人自付"), column("total", "总费用")];
        let cases = [
            ("家庭实际承担=self_borne", Some(("self_borne", "家庭实际承担"))),
            ("列F=个人自付", Some(("self_borne", "列F"))),
            ("a=b = total", Some(("total", "a=b"))),
            ("列F", None),
            ("=total", None),
            ("列F=", None),
            ("列F=paid", None),
        ];
        for (said, expected) in cases {
            let found = chosen(&columns, &[said.to_owned()]).ok();
            let expected = expected.map(|(field, heading)| BTreeMap::from([(field.to_owned(), heading.to_owned())]));
            assert_eq!(found, expected, "{said}");
        }
        assert!(chosen(&columns, &["列A=total".to_owned(), "列B=total".to_owned()]).is_err());
    }

    #[test]
    fn headings_with_long_numbers_are_not_kept() {
        for (text, is_long) in [("金额2024", false), ("金额202412", true), ("１２３４５６", true), ("1a2b3c4d", false)]
        {
            assert_eq!(has_long_number(text), is_long, "{text}");
        }
    }
}
