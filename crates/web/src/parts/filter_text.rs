//! What a list shows and what it is filtered by, as texts for people.

use crate::parts::catalog::Catalog;
use crate::parts::field::text_of;
use crate::parts::record_search::is_private;
use crate::parts::show;
use model::{Class, Kind, Value, mask_name};
use policy::Package;
use policy::declare::Column;
use store::{Predicate, RecordFilter};
use words::Language;

/// The filter as a sentence for people: `全部` where nothing is filtered by. Personal values are left out.
pub fn filter_text(package: &Package, language: Language, register: &str, filter: &RecordFilter) -> String {
    let catalog = &Catalog { package, language };
    let say = |key: &str| language.say(key).to_owned();
    let mut parts = Vec::new();
    parts.extend(filter.region.map(|place| catalog.place(place)));
    parts.extend(filter.state.as_deref().map(|state| catalog.state(register, state)));
    parts.extend(filter.open.map(|open| say(if open { "state_not_closed" } else { "state_final" })));
    parts.extend(filter.due_from.map(|day| language.fill("filter_due_from", &[("day", &day)])));
    parts.extend(filter.due_before.map(|day| language.fill("filter_due_before", &[("day", &day)])));
    parts.extend(filter.text.as_ref().map(|_| show::labelled(&say("leads_text"), &say("filter_private"), language)));
    parts.extend(filter.withdrawn.then(|| say("list_withdrawn")));
    let conditions = filter.conditions.iter().filter_map(|condition| {
        let column = package.registers.get(register)?.field_at(&condition.field)?;
        Some(condition_text(catalog, column, &condition.test))
    });
    parts.extend(conditions);
    if parts.is_empty() { say("list_all_records") } else { parts.join(language.say("filter_comma")) }
}

fn condition_text(catalog: &Catalog<'_>, column: &Column, test: &Predicate) -> String {
    let (key, value) = match test {
        Predicate::Is(value) => ("filter_is", private_text(catalog, column, value)),
        Predicate::AtLeast(value) => ("filter_from", cell_text(catalog, column, value)),
        Predicate::Ends(_) => ("filter_ends", catalog.language.say("filter_private").to_owned()),
        Predicate::AtMost(value) => ("filter_to", cell_text(catalog, column, value)),
        Predicate::Begins(digits) if column.kind == Kind::Region => {
            ("filter_is", digits.parse().map_or_else(|_| digits.clone(), |place| catalog.place(place)))
        }
        Predicate::Begins(text) => ("filter_begins", private_text(catalog, column, &Value::Text(text.clone()))),
    };
    catalog.language.fill(key, &[("label", &catalog.column_label(column)), ("value", &value)])
}

fn private_text(catalog: &Catalog<'_>, column: &Column, value: &Value) -> String {
    match value {
        Value::Text(name) if column.kind == Kind::Name => mask_name(name),
        Value::Text(text) if column.kind == Kind::Text && column.effective_class() < Class::Personal => text.clone(),
        _ if is_private(column) => catalog.language.say("filter_private").to_owned(),
        value => cell_text(catalog, column, value),
    }
}

/// A value as a list shows it: a dash for what is unknown, files by their number, everything else as anywhere.
pub(crate) fn cell_text(catalog: &Catalog<'_>, column: &Column, value: &Value) -> String {
    match (column.kind, value) {
        (_, Value::Null) => "–".to_owned(),
        (Kind::File, Value::Text(files)) => {
            let count = files.lines().filter(|line| !line.trim().is_empty()).count();
            catalog.language.fill("list_files", &[("count", &count)])
        }
        (_, value) => text_of(column, value, catalog),
    }
}
