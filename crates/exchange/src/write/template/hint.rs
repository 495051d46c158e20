//! What the notes on headings say, and what the example row shows.

use super::request::Template;
use super::slot::Slot;
use crate::Part;
use crate::ground::export_line::{EXAMPLE, EXAMPLE_EN};
use crate::write::shown::{Labels, truth_shown};
use model::Kind;
use policy::declare::Column;
use std::fmt::Display;
use words::Language;

/// Labels of a code list that a note names.
const LABELS_MAX: usize = 12;

/// The note on a heading.
pub(super) fn note(slot: &Slot<'_>, part: &Part, template: &Template<'_>) -> String {
    let language = template.language;
    let column = match slot {
        Slot::Own { column, .. } => column,
        Slot::Level { of, .. } => {
            return format!(
                "{}\n{}",
                language.say("template_optional"),
                language.fill("template_level", &[("field", of)])
            );
        }
    };
    let must = if column.required { "template_required" } else { "template_optional" };
    let mut lines = vec![language.say(must).to_owned()];
    if part.parent_key.contains(&column.name) {
        let parent = template.parts.first().map_or("", |parent| parent.named_in(language).0);
        lines.push(language.fill("template_parent", &[("parent", &parent)]));
    }
    let own = language.pick(&column.note, &column.note_en);
    lines.extend(Some(own).filter(|own| !own.is_empty()).map(str::to_owned));
    lines.push(expected(column, part, template));
    lines.extend(range(column, language));
    lines.push(language.fill("template_example", &[("example", &example(slot, template))]));
    lines.join("\n")
}

/// What the cells of the column hold.
fn expected(column: &Column, part: &Part, template: &Template<'_>) -> String {
    let with_unit = |key: &str, key_of_unit: &str| match column.unit.as_str() {
        "" => template.language.say(key).to_owned(),
        unit => template.language.fill(key_of_unit, &[("unit", &unit)]),
    };
    let key = match column.kind {
        Kind::Code => return coded(column, template),
        Kind::Int => return with_unit("template_int", "template_int_unit"),
        Kind::Decimal => return with_unit("template_decimal", "template_decimal_unit"),
        Kind::Text | Kind::File => "template_text",
        Kind::Name => "template_name",
        Kind::Fen => "template_money",
        Kind::Day => "template_day",
        Kind::Month => "template_month",
        Kind::Bool => "template_truth",
        Kind::Identity => "template_identity",
        Kind::Phone => "template_phone",
        Kind::Account => "template_account",
        Kind::Region if part.region.as_ref() == Some(&column.name) => "template_region_levels",
        Kind::Region => "template_region",
        Kind::Reference => "template_reference",
    };
    template.language.say(key).to_owned()
}

fn coded(column: &Column, template: &Template<'_>) -> String {
    let language = template.language;
    let Some(labels) = Labels::of_column(column, template.codes, language) else {
        return language.say("template_text").to_owned();
    };
    let first = words::list(labels.all.iter().take(LABELS_MAX).map(|(_, label)| label));
    let mut codes = first.of(language).to_owned();
    if labels.all.len() > LABELS_MAX {
        codes = language.fill("template_codes_more", &[("codes", &codes)]);
    }
    language.fill(if column.many { "template_codes_many" } else { "template_codes" }, &[("codes", &codes)])
}

fn range(column: &Column, language: Language) -> Option<String> {
    let (minimum, maximum) = (column.min.map(|min| min.normalize()), column.max.map(|max| max.normalize()));
    let (key, bounds): (&str, Vec<(&str, &dyn Display)>) = match (&minimum, &maximum) {
        (Some(least), Some(most)) => ("template_between", vec![("minimum", least), ("maximum", most)]),
        (Some(least), None) => ("template_at_least", vec![("minimum", least)]),
        (None, Some(most)) => ("template_at_most", vec![("maximum", most)]),
        (None, None) => return None,
    };
    Some(language.fill(key, &bounds))
}

/// The first cell of the example row, by which it is known.
pub(super) fn marked_example(example: &str, language: Language) -> String {
    let [chinese, english] = [format!("{EXAMPLE}：{example}"), format!("{EXAMPLE_EN}: {example}")];
    language.pick(&chinese, &english).to_owned()
}

/// What the example row shows. Numbers of persons are described, so that no made-up one can be somebody's.
pub(super) fn example(slot: &Slot<'_>, template: &Template<'_>) -> String {
    let column = match slot {
        Slot::Own { column, .. } => column,
        Slot::Level { level, .. } => {
            let inside = template.divisions.inside(template.place).find(|place| place.level == *level);
            return inside.map(|place| place.name.clone()).unwrap_or_default();
        }
    };
    let language = template.language;
    let bound = column.min.or(column.max).map(|number| number.normalize().to_string());
    let said = |key: &str| language.say(key).to_owned();
    match column.kind {
        Kind::Text | Kind::File => said("example_text"),
        Kind::Name => said("example_name"),
        Kind::Code => coded_example(column, template),
        Kind::Int => bound.unwrap_or_else(|| "1".to_owned()),
        Kind::Decimal => bound.unwrap_or_else(|| "1.5".to_owned()),
        Kind::Fen => bound.unwrap_or_else(|| "1200.50".to_owned()),
        Kind::Day => "2024-05-27".to_owned(),
        Kind::Month => "2024-05".to_owned(),
        Kind::Bool => truth_shown(true, language).to_owned(),
        Kind::Identity => said("example_identity"),
        Kind::Phone => said("example_phone"),
        Kind::Account => said("example_account"),
        Kind::Region => template.place.to_string(),
        Kind::Reference => said("example_reference"),
    }
}

fn coded_example(column: &Column, template: &Template<'_>) -> String {
    let Some(labels) = Labels::of_column(column, template.codes, template.language) else {
        return template.language.say("example_text").to_owned();
    };
    let count = if column.many { 2 } else { 1 };
    let first: Vec<&str> = labels.all.iter().take(count).map(|(_, label)| label.as_str()).collect();
    first.join(labels.between)
}
