//! Which column of a file a person chose for a field, kept for the next file of the same kind and author; and what is told of the
//! columns, rows and sheets of a file.

use crate::installation::Installation;
use crate::trouble::{Outcome, Trouble};
use exchange::{Mapping, MoneyUnit, Part, Question, Refusal, SkipReason, Summary};
use model::Actor;
use policy::declare::{Column, Register};
use std::collections::BTreeMap;
use web::jobs::{ColumnQuestion, FieldQuestion, FileColumnShown};
use words::Wording;

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

const WRITE: [&str; 2] =
    ["请写成“表头=字段名”或“列F=字段名”", "Write “heading=field” or “列F=field”, 列F for the column F"];

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
            return Err(Trouble::new(
                ["--column 的写法不对", "--column is not written rightly"],
                [
                    format!("{}，例如 --column 列F={example}", WRITE[0]),
                    format!("{}, e.g. --column 列F={example}.", WRITE[1]),
                ],
            ));
        };
        let is_it = |column: &&Column| column.name == field || column.label == field;
        let Some(column) = columns.iter().filter(|column| column.is_entered()).find(is_it) else {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            return Err(Trouble::new(
                ["--column 指定的字段不存在", "--column names a field that there is not"],
                [format!("可用的字段名:{}", names.join("、")), format!("Fields: {}.", names.join(", "))],
            ));
        };
        if headings.insert(column.name.clone(), heading.to_owned()).is_some() {
            return Err(Trouble::new(
                [
                    format!("字段“{}”指定了两列", column.label),
                    format!("Two columns are named for the field {}", column.name),
                ],
                WRITE,
            ));
        }
    }
    Ok(headings)
}

/// What should be known of a file that was read: notes, sheets that were left alone, columns that were not used.
pub fn told(summary: &Summary) -> Vec<Wording> {
    let notes = summary.notes.iter().map(exchange::Note::said);
    let left = (!summary.sheets_left.is_empty()).then(|| {
        let left = words::list(summary.sheets_left.iter().map(exchange::SheetLeft::said));
        let chinese = format!("未读取的工作表:{}。", left.chinese());
        Wording::pair(chinese, format!("Sheets that were not read: {}.", left.english()))
    });
    let unused = summary.unused.iter().map(|unused| {
        let said = unused.said();
        let chinese = format!("未使用的列:{}。", said.chinese());
        let english = format!("A column that was not used: {}.", said.english());
        let Some(exchange::NearestField { name: field, .. }) = &unused.nearest else {
            return Wording::pair(chinese, english);
        };
        let option = format!("--column 列{}={field}", unused.column.letters);
        Wording::pair(
            format!("{chinese}如确是,请加 {option} 重新导入。"),
            format!("{english} If it is, import again with `{option}`."),
        )
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
