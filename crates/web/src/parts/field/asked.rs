//! A field as a form asks for it. Everything works without script.

use crate::parts::catalog::Catalog;
use crate::parts::field::file_lines;
use crate::parts::list::Choice;
use model::{Day, Kind, Level, Value};
use policy::declare::{Column, Register};
use store::{StoreError, View};

/// A field with its label and control, ready for a form. What the control is follows from `control`: `line`, `lines`, `choice`,
/// `groups` (choices in groups), `checks` (several choices), `files`.
#[derive(Default)]
pub struct AskedField {
    pub id: String,
    pub name: String,
    pub label: String,
    /// What to enter, the unit, the range.
    pub note: String,
    pub required: bool,
    pub control: &'static str,
    /// Type of the input of a line.
    pub kind: &'static str,
    pub mode: &'static str,
    pub min: String,
    pub max: String,
    pub characters_max: usize,
    /// What stands in it.
    pub text: String,
    pub choices: Vec<Choice>,
    pub groups: Vec<(String, Vec<Choice>)>,
    /// Keys and names of records that a reference may name.
    pub suggestions: Vec<(String, String)>,
    /// Line and name of files that are kept already.
    pub files: Vec<(String, String)>,
    /// What does not fit.
    pub fault: Option<String>,
}

/// Asks one sender for fields. Places and references are read through the sender's view.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    pub catalog: Catalog<'a>,
    pub view: &'a View<'a>,
    pub today: Day,
    /// Fields that its key, its list or its search name are short texts.
    pub register: &'a Register,
}

/// Characters of a short and of a long text at most.
const CHARACTERS: (usize, usize) = (200, 2_000);

impl Asking<'_> {
    /// Prepares a field. `name`: the name that it has in the form; `typed`: what stands in it; `fault`: what does not fit.
    ///
    /// # Errors
    /// What the store says.
    pub fn field(
        &self,
        column: &Column,
        name: String,
        typed: &[String],
        fault: Option<String>,
    ) -> Result<AskedField, StoreError> {
        let text = typed.first().cloned().unwrap_or_default();
        let mut field = AskedField {
            id: name.clone(),
            name,
            label: self.catalog.column_label(column),
            note: self.note(column),
            required: column.required,
            control: "line",
            kind: "text",
            characters_max: CHARACTERS.0,
            text,
            fault,
            ..AskedField::default()
        };
        match column.kind {
            Kind::Text if !self.is_short(column) => (field.control, field.characters_max) = ("lines", CHARACTERS.1),
            Kind::Text | Kind::Name => {}
            Kind::Code => self.code_control(column, typed, &mut field),
            Kind::Int => field.mode = "numeric",
            Kind::Decimal | Kind::Fen => field.mode = "decimal",
            Kind::Day | Kind::Month => self.day_control(column, &mut field),
            Kind::Bool => self.truth_control(&mut field),
            Kind::Identity | Kind::Account => field.mode = "text",
            Kind::Phone => (field.kind, field.mode) = ("tel", "tel"),
            Kind::Region => {
                self.place_control(&mut field)?;
                if field.control == "line" {
                    field.label = self.catalog.heading_label(column);
                }
            }
            Kind::Reference => field.suggestions = self.references(column),
            Kind::File => {
                field.control = "files";
                let lines = typed.iter().flat_map(|text| text.lines());
                let named = lines.filter_map(|line| Some((line, file_lines(line).next()?.1)));
                field.files = named.map(|(line, name)| (line.to_owned(), name.to_owned())).collect();
            }
        }
        Ok(field)
    }

    /// Short texts are those that name a record or stand in its list.
    fn is_short(&self, column: &Column) -> bool {
        let Register { key, list, .. } = self.register;
        let named = key.iter().chain(&list.columns).chain(&list.filter).any(|name| *name == column.name);
        named || column.name == "household_no" || self.register.field_named(&column.name).is_none()
    }

    fn note(&self, column: &Column) -> String {
        let language = self.catalog.language;
        let mut parts = Vec::new();
        let note = language.pick(&column.note, &column.note_en);
        if !note.is_empty() {
            parts.push(note.to_owned());
        }
        if column.kind == Kind::Fen {
            parts.push(language.say("asked_yuan").to_owned());
        } else if !column.unit.is_empty() {
            parts.push(language.fill("asked_unit", &[("unit", &column.unit)]));
        }
        match (column.min, column.max) {
            (Some(min), Some(max)) => {
                parts.push(language.fill("asked_range", &[("min", &min.normalize()), ("max", &max.normalize())]));
            }
            (Some(min), None) => parts.push(language.fill("asked_min", &[("min", &min.normalize())])),
            (None, Some(max)) => parts.push(language.fill("asked_max", &[("max", &max.normalize())])),
            (None, None) => {}
        }
        parts.join(language.say("list_semicolon"))
    }

    fn code_control(&self, column: &Column, typed: &[String], field: &mut AskedField) {
        let Some(list) = &column.codes else { return };
        let chosen: Vec<&str> = typed.iter().flat_map(|text| text.split(',')).map(str::trim).collect();
        let codes = self.catalog.codes(list).into_iter();
        let choice = |value: String, text| Choice { chosen: chosen.contains(&value.as_str()), value, text };
        field.choices = codes.map(|(code, label)| choice(code, label)).collect();
        field.control = if column.many { "checks" } else { "choice" };
    }

    fn truth_control(&self, field: &mut AskedField) {
        let truth = model::written::truth_of(&field.text).ok().flatten();
        let choice = |value: bool| {
            let text = crate::parts::show::plain(&Value::Bool(value), self.catalog.language);
            Choice { value: u8::from(value).to_string(), text, chosen: truth == Some(value) }
        };
        field.choices = vec![choice(true), choice(false)];
        field.control = "choice";
    }

    /// A calendar of the browser; what it cannot hold, because it is no day, stays as a text.
    fn day_control(&self, column: &Column, field: &mut AskedField) {
        let is_month = column.kind == Kind::Month;
        let today = self.today.to_string();
        let length = if is_month { 7 } else { 10 };
        let padded = if is_month { format!("{}-01", field.text) } else { field.text.clone() };
        if field.text.is_empty() || padded.parse::<Day>().is_ok() {
            field.kind = if is_month { "month" } else { "date" };
            if !column.may_be_future {
                field.max = today.chars().take(length).collect();
            }
        }
    }

    /// Villages of the sender's place, by township; from a prefecture upwards a text, because there are too many.
    fn place_control(&self, field: &mut AskedField) -> Result<(), StoreError> {
        let own = self.view.actor().region;
        let chosen = model::written::fold(&field.text).into_owned();
        let choice = |code: model::RegionCode, text: String| {
            let value = code.to_string();
            Choice { chosen: value == chosen, value, text }
        };
        let name = |code| self.catalog.place(code);
        match own.level() {
            Level::Village => {
                field.choices = vec![choice(own, name(own))];
                field.choices[0].chosen = true;
                field.control = "choice";
            }
            Level::Township => {
                let villages = self.view.regions(own)?.into_iter();
                field.choices = villages.map(|place| choice(place.code, place.name)).collect();
                field.choices.push(choice(own, self.itself(&name(own))));
                field.control = "choice";
            }
            Level::County => {
                for town in self.view.regions(own)? {
                    let mut choices: Vec<Choice> = Vec::new();
                    let villages = self.view.regions(town.code)?.into_iter();
                    choices.extend(villages.map(|place| choice(place.code, place.name)));
                    choices.push(choice(town.code, self.itself(&town.name)));
                    field.groups.push((town.name, choices));
                }
                field.control = "groups";
            }
            Level::Province | Level::Prefecture => {}
        }
        Ok(())
    }

    fn itself(&self, name: &str) -> String {
        self.catalog.language.fill("asked_place_itself", &[("place", &name)])
    }

    /// The first records that a reference may name; any key may be typed.
    fn references(&self, column: &Column) -> Vec<(String, String)> {
        let found = column.to.as_ref().and_then(|register| self.view.references(register, "").ok());
        found.unwrap_or_default().into_iter().map(|one| (one.key, one.label)).collect()
    }
}
