//! What was done with a record, as a time line.

use crate::parts::catalog::Catalog;
use crate::parts::show;
use model::Kind;
use store::HistoryRow;

/// An event of a time line.
pub struct EventLine {
    pub what: String,
    pub when: String,
    pub who: String,
    pub changes: Vec<String>,
}

/// Prepares a time line; changes show what stood there before and after.
pub fn time_line(history: &[HistoryRow], catalog: &Catalog<'_>) -> Vec<EventLine> {
    history.iter().map(|event| event_line(event, catalog)).collect()
}

fn event_line(event: &HistoryRow, catalog: &Catalog<'_>) -> EventLine {
    let action = catalog.action(&event.register, &event.action);
    let what = format!("{} · {action}", catalog.dataset(&event.register));
    let who = if event.role == store::SYSTEM_ROLE {
        catalog.language.say("role_system").to_owned()
    } else {
        who_in(event, catalog)
    };
    // What was there from the beginning stands on the page already; the line tells what changed since.
    let since = event.changes.iter().filter(|_| !matches!(event.action.as_str(), "added" | "raised"));
    let changes = since.filter_map(|change| change_text(&event.register, change, catalog));
    EventLine { what, when: model::moment_at(event.at_ms), who, changes: changes.take(12).collect() }
}

/// Who did it, in which office; as a deputy where it is not the own one.
pub fn who_in(event: &HistoryRow, catalog: &Catalog<'_>) -> String {
    let (who, role) = (&event.shown_name, catalog.role(&event.role));
    match event.for_office {
        true => catalog.language.fill("who_for_office", &[("who", who), ("role", &role)]),
        false => format!("{who} ({role})"),
    }
}

/// `办结原因: – → 已有帮扶`; fields that the package does not declare are the engine's own and are left out.
fn change_text(
    register: &str,
    (name, before, after): &(String, String, String),
    catalog: &Catalog<'_>,
) -> Option<String> {
    let column = catalog.column(register, name)?;
    if catalog.package.registers.get(register).is_some_and(|register| !catalog.tells_people(register, column)) {
        return None;
    }
    let shown = |text: &str| match (&column.codes, text) {
        (_, "") => "–".to_owned(),
        (_, code) if column.kind == Kind::Region => {
            code.parse().map_or_else(|_| code.to_owned(), |code| catalog.place(code))
        }
        (Some(list), code) => catalog.code(list, code),
        _ => text.to_owned(),
    };
    let change = show::change(&shown(before), &shown(after));
    Some(show::labelled(&catalog.column_label(column), &change, catalog.language))
}
