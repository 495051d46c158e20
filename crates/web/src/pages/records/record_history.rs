//! The time line of a record: what changed from what to what, who and when.

use crate::parts::catalog::Catalog;
use crate::parts::field::event_value_text;
use crate::parts::show;
use crate::parts::time_line::{EventLine, who_in};
use model::{Kind, mask_name};
use policy::declare::{Child, Column, Register};
use serde_json::{Map, Value as Json};
use store::HistoryRow;
use words::Wording;

/// Changes that one event shows at most.
const CHANGES_MAX: usize = 24;

/// Prepares the events of a record. `sees_names`: names in child records are shown in full.
pub fn record_events(
    history: &[HistoryRow],
    register: &Register,
    catalog: &Catalog<'_>,
    sees_names: bool,
) -> Vec<EventLine> {
    let teller = Teller { register, catalog, sees_names };
    history.iter().map(|event| teller.line(event)).collect()
}

struct Teller<'a> {
    register: &'a Register,
    catalog: &'a Catalog<'a>,
    sees_names: bool,
}

impl Teller<'_> {
    fn line(&self, event: &HistoryRow) -> EventLine {
        let language = self.catalog.language;
        let who = match event.role.as_str() {
            store::SYSTEM_ROLE => language.say("role_system").to_owned(),
            "" if event.shown_name.is_empty() => language.say("role_system").to_owned(),
            "" => event.shown_name.clone(),
            _ => who_in(event, self.catalog),
        };
        // What was there from the beginning stands on the page already.
        let since = event.changes.iter().filter(|(name, ..)| event.action != "added" || name.starts_with('_'));
        EventLine {
            what: self.catalog.action(&event.register, &event.action),
            when: if event.at_ms == 0 { event.day.to_string() } else { model::moment_at(event.at_ms) },
            who,
            changes: since.flat_map(|change| self.change(change)).take(CHANGES_MAX).collect(),
        }
    }

    fn change(&self, (name, before, after): &(String, String, String)) -> Vec<String> {
        if let Some(note) = name.strip_prefix('_') {
            return self.note(note, before, after).into_iter().collect();
        }
        if let Some(column) = self.register.field_named(name) {
            if !self.catalog.tells_people(self.register, column) {
                return Vec::new();
            }
            let (before, after) =
                (event_value_text(column, before, self.catalog), event_value_text(column, after, self.catalog));
            let label = self.catalog.column_label(column);
            return vec![show::labelled(&label, &show::change(&before, &after), self.catalog.language)];
        }
        self.register.child_named(name).map(|child| self.rows(child, before, after)).unwrap_or_default()
    }

    /// What an event says besides fields; what only the engine needs is left out.
    fn note(&self, name: &str, before: &str, after: &str) -> Option<String> {
        let language = self.catalog.language;
        let register = self.catalog.package.registers.iter().find(|(_, one)| std::ptr::eq(*one, self.register));
        let state = |state: &str| register.map_or(String::new(), |(name, _)| self.catalog.state(name, state));
        match name {
            "state" if before.is_empty() => None,
            "state" => Some(format!("{}: {} → {}", language.say("record_state"), state(before), state(after))),
            "why" => {
                let why = Wording::from(after.to_owned());
                Some(format!("{}: {}", language.say("record_why"), why.of(language)))
            }
            "voided" => Some(language.say("record_voided").to_owned()),
            "purpose" => Some(format!("{}: {after}", language.say("record_purpose"))),
            "field" => {
                let column = self.register.field_named(after)?;
                Some(show::labelled(language.say("record_field"), &self.catalog.column_label(column), language))
            }
            _ => None,
        }
    }

    /// Rows that went and rows that came.
    fn rows(&self, child: &Child, before: &str, after: &str) -> Vec<String> {
        let list = |text: &str| -> Vec<Map<String, Json>> { serde_json::from_str(text).unwrap_or_default() };
        let (before, after) = (list(before), list(after));
        let label = self.catalog.language.pick(&child.label, &child.label_en);
        let gone = before.iter().filter(|row| !after.contains(row)).map(|row| ("−", row));
        let came = after.iter().filter(|row| !before.contains(row)).map(|row| ("+", row));
        gone.chain(came).map(|(sign, row)| format!("{label} {sign} {}", self.row(child, row))).collect()
    }

    fn row(&self, child: &Child, row: &Map<String, Json>) -> String {
        let text = |column: &Column| {
            let text = match row.get(&column.name)? {
                Json::Null => return None,
                // Sensitive values stand sealed in events.
                Json::String(text) if text.starts_with('$') => "***".to_owned(),
                Json::String(text) if column.kind == Kind::Name && !self.sees_names => mask_name(text),
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            let shown = event_value_text(column, &text, self.catalog);
            Some(format!("{} {shown}", self.catalog.column_label(column)))
        };
        let in_language = |column: &&Column| self.catalog.is_in_language(column, &child.field);
        let parts: Vec<String> = child.field.iter().filter(in_language).filter_map(text).collect();
        parts.join(self.catalog.language.say("list_semicolon"))
    }
}
