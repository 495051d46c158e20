//! Records as the API gives them.

use crate::api::value;
use model::{Class, Day, Kind, RegionCode, Value};
use policy::Divisions;
use policy::declare::{Column, Permission, Register};
use serde_json::{Map, Value as Json, json};
use store::{FieldShown, HistoryRow, Page, Receipt, RecordFile, RecordRow, STORED_ROW, Total, View};
use words::Wording;

/// One record with everything that its reader may see.
pub fn record(register: &Register, divisions: &Divisions, file: &RecordFile) -> Json {
    let (mut fields, mut masked) = (Map::new(), Vec::new());
    for (column, shown) in register.field.iter().zip(&file.fields) {
        fields.insert(column.name.clone(), value::write(column, &shown.value, shown.masked));
        if shown.masked {
            masked.push(column.name.clone());
        }
    }
    for (child, shown) in register.child.iter().zip(&file.children) {
        let rows = shown.rows.iter().enumerate().map(|(at, row)| child_row(&child.field, at, row));
        fields.insert(child.name.clone(), rows.collect());
        let hidden = |at: usize| shown.rows.iter().any(|row| row.get(at).is_some_and(|cell| cell.masked));
        let names = child.field.iter().enumerate().filter(|(at, _)| hidden(*at));
        masked.extend(names.map(|(_, column)| format!("{}.{}", child.name, column.name)));
    }
    let steps = file.course.offers.iter().map(|offer| {
        let refusal = offer.refusal.as_ref().map(|refusal| {
            json!({
                "code": refusal.name,
                "why": refusal.what.chinese(),
                "why_en": refusal.what.english(),
                "hint": refusal.hint.chinese(),
                "hint_en": refusal.hint.english(),
            })
        });
        json!({ "step": offer.step, "label": offer.label, "label_en": offer.label_en, "required": offer.required, "refusal": refusal })
    });
    json!({
        "id": file.id,
        "version": file.version,
        "place": file.place.map(|place| place.to_string()),
        "place_name": place_name(divisions, file.place, &file.place_name),
        "state": file.state,
        "state_on": day(file.state_on),
        "due_on": day(file.due_on),
        "entered_on": day(file.entered_on),
        "entered_by": file.entered_by.as_ref().map(|(_, name)| name),
        "is_withdrawn": file.is_withdrawn,
        "masked": masked,
        "fields": fields,
        "steps": steps.collect::<Vec<_>>(),
        "may_correct": file.may_correct,
        "may_unmask": file.may_unmask,
    })
}

/// A child record; under `_row` its number, from which a correction of it begins.
fn child_row(columns: &[Column], at: usize, row: &[FieldShown]) -> Json {
    let cells = columns.iter().zip(row);
    let mut members: Map<String, Json> =
        cells.map(|(column, shown)| (column.name.clone(), value::write(column, &shown.value, shown.masked))).collect();
    members.insert(STORED_ROW.to_owned(), at.into());
    Json::Object(members)
}

/// A page of a list with the values of `columns`.
pub fn page(
    register: &Register,
    divisions: &Divisions,
    view: &View,
    columns: &[String],
    page: &Page<RecordRow>,
) -> Json {
    let (count, is) = match page.total {
        Total::Exactly(count) => (count, "exactly"),
        Total::AtLeast(count) => (count, "at_least"),
        Total::About(count) => (count, "about"),
    };
    let columns: Vec<&Column> = columns.iter().filter_map(|name| register.field_named(name)).collect();
    let rows: Vec<Json> = page.rows.iter().map(|one| row(&columns, divisions, view, one)).collect();
    json!({ "records": rows, "total": { "count": count, "is": is }, "next": page.next })
}

fn row(columns: &[&Column], divisions: &Divisions, view: &View, row: &RecordRow) -> Json {
    let (mut fields, mut masked) = (Map::new(), Vec::new());
    for (column, cell) in columns.iter().zip(&row.cells) {
        let is_masked = !cell.is_null() && is_masked(column, view);
        fields.insert(column.name.clone(), value::write(column, cell, is_masked));
        if is_masked {
            masked.push(column.name.clone());
        }
    }
    json!({
        "id": row.id,
        "version": row.version,
        "place": row.place.map(|place| place.to_string()),
        "place_name": place_name(divisions, row.place, &row.place_name),
        "state": row.state,
        "due_on": day(row.due_on),
        "masked": masked,
        "fields": fields,
    })
}

/// What the register of places calls it, else what the table of divisions does, which has the counties and what lies above them, too.
fn place_name(divisions: &Divisions, place: Option<RegionCode>, name: &str) -> String {
    let of_division = place.and_then(|place| divisions.get(place)).map(|division| division.name.clone());
    if name.is_empty() { of_division.unwrap_or_default() } else { name.to_owned() }
}

/// True for fields that lists show masked to this reader.
fn is_masked(column: &Column, view: &View) -> bool {
    let is_name = column.kind == Kind::Name && !view.may(Permission::SeeNames);
    is_name || column.effective_class() == Class::Sensitive
}

/// What happened to a record, newest first. Fields stand among `changes`, child records with their number; what else an event
/// tells (state, reason, purpose …) among `notes`.
pub fn history(register: &Register, events: &[HistoryRow]) -> Json {
    let event = |event: &HistoryRow| {
        let fields = event.changes.iter().filter(|(name, ..)| !name.starts_with('_'));
        let changes = fields.map(|(name, before, after)| {
            let is_child = register.child_named(name).is_some();
            let text = |payload: &str| if is_child { count_of(payload) } else { payload.to_owned() };
            json!({ "field": name, "before": text(before), "after": text(after) })
        });
        let notes = event.changes.iter().filter_map(|(name, _, after)| {
            let said = Wording::from(after.clone());
            Some((name.strip_prefix('_')?.to_owned(), Json::from(said.chinese())))
        });
        let step = register.step.iter().find(|step| step.name == event.action);
        json!({
            "day": event.day.to_string(),
            "at": instant(event.at_ms),
            "who": event.shown_name,
            "role": event.role,
            "for_office": event.for_office,
            "action": event.action,
            "is_step": step.is_some(),
            "changes": changes.collect::<Vec<_>>(),
            "notes": notes.collect::<Map<String, Json>>(),
        })
    };
    json!({ "events": events.iter().map(event).collect::<Vec<_>>() })
}

/// How many child records an event tells of: their values may be more than the reader is shown of them.
fn count_of(payload: &str) -> String {
    serde_json::from_str::<Vec<Json>>(payload).map_or_else(|_| String::new(), |rows| rows.len().to_string())
}

/// What a change did; nothing of the record itself, so that it can be kept and given again.
pub fn receipt(receipt: &Receipt) -> Json {
    let remarks = receipt.remarks.iter().map(|row| {
        json!({
            "what": row.what.chinese(),
            "what_en": row.what.english(),
            "hint": row.hint.chinese(),
            "hint_en": row.hint.english(),
            "fields": row.columns,
        })
    });
    let followed = receipt.followed.iter().map(|one| {
        json!({
            "what": one.what,
            "register": one.register,
            "id": one.id,
            "number": one.number,
            "label": one.label.chinese(),
            "label_en": one.label.english(),
            "days": one.days,
        })
    });
    let agreement = receipt.agreement.as_ref().map(|one| {
        json!({
            "given": one.given,
            "needed": one.needed,
            "label": one.label.chinese(),
            "label_en": one.label.english(),
        })
    });
    json!({
        "id": receipt.id,
        "version": receipt.version,
        "state": receipt.state,
        "due_on": day(receipt.due_on),
        "agreement": agreement,
        "remarks": remarks.collect::<Vec<_>>(),
        "followed": followed.collect::<Vec<_>>(),
    })
}

fn day(day: Option<Day>) -> Json {
    day.map_or(Json::Null, |day| Value::Day(day).to_string().into())
}

/// An instant as China's clocks show it: `2026-11-25T16:18:40+08:00`; null for what was not noted.
fn instant(at_ms: i64) -> Json {
    if at_ms <= 0 {
        return Json::Null;
    }
    let second = at_ms.div_euclid(1_000).rem_euclid(60);
    format!("{}T{}:{second:02}+08:00", model::day_at(at_ms), model::time_at(at_ms)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_told_by_chinas_clock() {
        assert_eq!(instant(1_795_320_000_123), json!("2026-11-22T12:00:00+08:00"));
        assert_eq!(instant(0), Json::Null);
    }
}
