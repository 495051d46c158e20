//! What a body says of a record: `{ "fields": { … } }`, where lists under the name of a child are its records.

use crate::api::call::{Call, echo, first};
use crate::api::fault::{Fault, Problem};
use crate::api::value;
use crate::http::site::Site;
use model::{Day, Kind, Value};
use policy::declare::{Child, Column, Grain, Register};
use serde_json::{Map, Value as Json};
use store::{Entry, Rows, STORED_ROW};
use words::Wording;

/// Misfits that the sentence of an answer tells at most; how many others there are stands behind them.
const SAID_MAX: usize = 5;

/// Reads values one after the other and keeps what does not fit, so that one answer names everything.
struct Reader<'a> {
    site: &'a Site,
    today: Day,
    misfits: Vec<(String, Wording)>,
}

/// What the body of a step may have: the fields, and for sending back the state and why.
pub const STEP_MEMBERS: [&str; 3] = ["fields", "returns_to", "reason"];

/// What a body has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Every required field.
    Whole,
    /// Something, under `fields`.
    Part,
    /// Nothing; it may be empty.
    Nothing,
}

/// The entry of a body.
///
/// # Errors
/// `Invalid` with every field that is unknown, calculated or does not fit.
pub fn read(call: &Call<'_>, name: &str, register: &Register, needs: Needs) -> Result<Entry, Fault> {
    let known = if needs == Needs::Nothing { &STEP_MEMBERS[..] } else { &STEP_MEMBERS[..1] };
    let members = call.object(known)?;
    let fields = match members.get("fields") {
        Some(Json::Object(fields)) => fields.clone(),
        None if needs == Needs::Nothing => Map::new(),
        _ => return Err(Fault::invalid("fields", words::wording("api_fields_object", &[]))),
    };
    let mut reader = Reader { site: call.visit.site, today: call.visit.today(), misfits: Vec::new() };
    let mut entry = Entry { register: name.to_owned(), ..Entry::default() };
    for (name, json) in &fields {
        match (register.field_named(name), register.child_named(name)) {
            (Some(column), _) => entry.fields.extend(reader.field(column, json, name.clone())),
            (None, Some(child)) => entry.children.extend(reader.rows(child, json).map(|rows| (name.clone(), rows))),
            (None, None) => reader.misfits.push((echo(name), words::wording("api_field_unknown", &[]))),
        }
    }
    if needs == Needs::Whole {
        reader.whole(register, &fields);
    }
    reader.done()?;
    if register.of == Some(Grain::Resident) {
        let numbers =
            register.field.iter().filter(|column| column.kind == Kind::Identity && register.key.contains(&column.name));
        let number = numbers.flat_map(|column| entry.fields.iter().find(|(name, _)| *name == column.name)).next();
        let number = number.and_then(|(_, value)| value.as_text());
        entry.resident_key = number.and_then(|number| call.visit.site.gateway.resident_key(number));
    }
    Ok(entry)
}

impl Reader<'_> {
    fn field(&mut self, column: &Column, json: &Json, name: String) -> Option<(String, Value)> {
        let read = match column.is_entered() {
            true => value::read(column, json, &self.site.package, self.today),
            false => Err(words::wording("api_field_calculated", &[])),
        };
        match read {
            Ok(value) => Some((column.name.clone(), value)),
            Err(misfit) => {
                self.misfits.push((name, about(column, misfit)));
                None
            }
        }
    }

    fn rows(&mut self, child: &Child, json: &Json) -> Option<Rows> {
        let none = Vec::new();
        let list = match json {
            Json::Null => &none,
            Json::Array(list) => list,
            _ => {
                self.misfits.push((child.name.clone(), words::wording("api_child_list", &[])));
                return None;
            }
        };
        let mut rows = Rows::new();
        for (index, one) in list.iter().enumerate() {
            let place = format!("{}[{index}]", child.name);
            let Json::Object(members) = one else {
                self.misfits.push((place, words::wording("api_child_list", &[])));
                continue;
            };
            let mut row = Vec::new();
            if let Some(stored) = members.get(STORED_ROW) {
                let is_held =
                    |row: &Vec<(String, Value)>, number| row.first() == Some(&(STORED_ROW.to_owned(), number));
                match stored.as_u64().and_then(|number| i64::try_from(number).ok()).map(Value::Int) {
                    Some(number) if rows.iter().any(|row| is_held(row, number.clone())) => {
                        self.misfits.push((format!("{place}.{STORED_ROW}"), words::wording("api_row_twice", &[])));
                    }
                    Some(number) => row.push((STORED_ROW.to_owned(), number)),
                    None => self.misfits.push((format!("{place}.{STORED_ROW}"), words::wording("value_whole", &[]))),
                }
            }
            for (name, json) in members.iter().filter(|(name, _)| *name != STORED_ROW) {
                let path = format!("{place}.{}", echo(name));
                match child.field.iter().find(|column| column.name == *name) {
                    Some(column) => row.extend(self.field(column, json, path)),
                    None => self.misfits.push((path, words::wording("api_field_unknown", &[]))),
                }
            }
            // What holds nothing of its own is judged by what it lacks.
            if !row.is_empty() && rows.contains(&row) {
                self.misfits.push((place, words::wording("api_row_twice", &[])));
            }
            rows.push(row);
        }
        Some(rows)
    }

    /// Required fields that were not sent, or sent as null.
    fn whole(&mut self, register: &Register, sent: &Map<String, Json>) {
        let needed = register.field.iter().filter(|column| column.required && column.is_entered());
        let missing = needed.filter(|column| sent.get(&column.name).is_none_or(Json::is_null));
        for column in missing {
            self.misfits.push((column.name.clone(), about(column, words::wording("api_field_missing", &[]))));
        }
    }

    fn done(self) -> Result<(), Fault> {
        if self.misfits.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = self.misfits.iter().map(|(name, _)| name.clone()).collect();
        let mut few: Vec<Wording> = self.misfits.into_iter().map(|(_, misfit)| misfit).collect();
        few.dedup();
        let count = few.len().saturating_sub(SAID_MAX);
        few.truncate(SAID_MAX);
        few.extend((count > 0).then(|| words::wording!("api_misfits_more", count)));
        let why = words::clauses(few);
        Err(Fault::new(Problem::Invalid).saying(why).naming(first(names)))
    }
}

/// What is misfit of a field, with its label before it.
fn about(column: &Column, misfit: Wording) -> Wording {
    words::wording!("api_about_field", field = Wording::pair(&column.label, &column.label_en), misfit)
}
