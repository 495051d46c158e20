//! How the form of a record looks: known values as text with their source, what is unknown as inputs, rows of child records.

use crate::http::trouble::PageError;
use crate::http::typed::Typed;
use crate::http::visit::Visit;
use crate::pages::records::form_state::{Conflict, FormState};
use crate::pages::records::known::{KnownValue, begins_with_subject, subject_asked};
use crate::pages::records::record::{Refused, record_address};
use crate::pages::records::record_entry::{
    Faults, ROWS_MAX, child_name, field_name, gone_name, rows_name, rows_shown, stored_row_name,
};
use crate::parts::catalog::Catalog;
use crate::parts::field::{AskedField, Asking, text_of};
use crate::parts::shell::{Crumb, Shell};
use askama::Template;
use model::Version;
use policy::declare::{Child, Column, Register};
use store::{FieldShown, RecordFile};

/// The frame of a form and where it belongs.
pub struct FormShown {
    shell: Shell,
    name: String,
}

impl FormShown {
    /// `corrected`: the record that is corrected; a new one is entered without it.
    pub fn new(
        visit: &Visit<'_>,
        name: &str,
        register: &Register,
        corrected: Option<&RecordFile>,
    ) -> Result<FormShown, PageError> {
        let language = visit.preferences.language;
        let label = language.pick(&register.label, &register.label_en).to_owned();
        let here = language.say(if corrected.is_some() { "record_correct" } else { "record_form" });
        let list = format!("/registers/{name}/records");
        let mut crumbs = vec![
            Crumb::link("/registers", language.say("menu_registers")),
            Crumb::link(&format!("/registers/{name}"), label.clone()),
            Crumb::link(&list, language.say("record_list")),
        ];
        if let Some(file) = corrected {
            crumbs.push(Crumb::link(&format!("{list}/{}", file.id), language.say("record")));
        }
        crumbs.push(Crumb::here(here));
        let shell = visit.shell(format!("{label} · {here}"), crumbs)?;
        Ok(FormShown { shell, name: name.to_owned() })
    }
}

/// The first step of a new record.
#[derive(Template)]
#[template(path = "record_subject.html")]
pub struct SubjectPage {
    shell: Shell,
    address: String,
    about: String,
    fields: Vec<AskedField>,
}

impl SubjectPage {
    /// # Errors
    /// What the store says.
    pub fn build(
        visit: &Visit<'_>,
        shown: FormShown,
        typed: &Typed,
        faults: &Faults,
    ) -> Result<SubjectPage, PageError> {
        let catalog = Catalog::new(visit.site, visit.preferences.language);
        let register = &catalog.package.registers[&shown.name];
        let asking = Asking { catalog, view: visit.view(), today: visit.today(), register };
        let field = |column: &Column| {
            let name = field_name(&column.name);
            let (typed, fault) = (typed.texts(&name).to_vec(), faults.get(&name).cloned());
            asking.field(column, name, &typed, fault)
        };
        let fields = subject_asked(register).into_iter().map(field).collect::<Result<_, _>>()?;
        let about = catalog.language.pick(&register.purpose, &register.purpose_en).to_owned();
        Ok(SubjectPage { address: format!("/registers/{}/records/new", shown.name), about, fields, shell: shown.shell })
    }
}

/// A field of the form: asked for, known, or only shown.
pub struct FormLine {
    pub label: String,
    /// What is known or shown; nothing where the field is asked for.
    pub text: Option<String>,
    /// Where it is known from.
    pub from: String,
    /// The input; of a known value it stands behind “correct”.
    pub asked: Option<AskedField>,
    /// “Correct” is open, because something was typed or does not fit.
    pub is_open: bool,
    /// Name and value that go with the form unseen.
    pub hidden: Option<(String, String)>,
}

/// Fields of a section under its title.
pub struct FormSection {
    pub title: String,
    pub lines: Vec<FormLine>,
}

/// The child records of one kind.
pub struct FormChild {
    pub name: String,
    pub title: String,
    pub rows_name: String,
    pub rows: Vec<FormRow>,
}

/// One child record on the form.
pub struct FormRow {
    pub title: String,
    pub fields: Vec<AskedField>,
    /// Name and number of the stored row that it stands for.
    pub stored: Option<(String, usize)>,
    /// Name of the mark that it is left out.
    pub gone: String,
    pub is_gone: bool,
}

/// The whole form of a record.
#[derive(Template)]
#[template(path = "record_form.html")]
pub struct FormPage {
    shell: Shell,
    heading: String,
    address: String,
    back: String,
    version: Option<Version>,
    refused: Option<Refused>,
    there: Option<String>,
    faults: Vec<(String, String, String)>,
    conflicts: Vec<Conflict>,
    sections: Vec<FormSection>,
    children: Vec<FormChild>,
    other_subject: Option<String>,
    button: String,
}

impl FormPage {
    /// # Errors
    /// What the store says.
    pub fn build(
        visit: &Visit<'_>,
        shown: FormShown,
        file: Option<RecordFile>,
        state: FormState,
    ) -> Result<FormPage, PageError> {
        let catalog = Catalog::new(visit.site, visit.preferences.language);
        let register = &catalog.package.registers[&shown.name];
        let asking = Asking { catalog, view: visit.view(), today: visit.today(), register };
        let builder = FormBuilder { asking, register, file: file.as_ref(), state: &state };
        let sections = builder.sections()?;
        let children = register.child.iter().map(|child| builder.child(child)).collect::<Result<Vec<_>, _>>()?;
        let records = format!("/registers/{}/records", shown.name);
        let language = catalog.language;
        let (address, back, button) = match &file {
            None => (format!("{records}/new"), records, language.say("form_enter")),
            Some(file) => {
                let record = record_address(&shown.name, &file.id);
                (format!("{record}/correct"), record, language.say("form_correct"))
            }
        };
        let other_subject = file.is_none() && begins_with_subject(register);
        Ok(FormPage {
            heading: shown.shell.title.clone(),
            other_subject: other_subject.then(|| address.clone()),
            faults: faults_listed(&sections, &children),
            version: file.as_ref().map(|file| file.version),
            button: button.to_owned(),
            refused: state.refused,
            there: state.there,
            conflicts: state.conflicts,
            shell: shown.shell,
            address,
            back,
            sections,
            children,
        })
    }
}

struct FormBuilder<'a> {
    asking: Asking<'a>,
    register: &'a Register,
    /// The record that is corrected.
    file: Option<&'a RecordFile>,
    state: &'a FormState,
}

impl FormBuilder<'_> {
    /// Fields in sections in declared order; fields of no section stand before them.
    fn sections(&self) -> Result<Vec<FormSection>, PageError> {
        let known = |name: &str| self.register.section.iter().any(|section| section.name == name);
        let fields = || self.register.field.iter().enumerate();
        let language = self.asking.catalog.language;
        let own = fields().filter(|(_, column)| column.section.as_deref().is_none_or(|name| !known(name)));
        let lines = own.map(|(index, column)| self.line(index, column)).collect::<Result<Vec<_>, _>>()?;
        let mut sections = vec![FormSection { title: language.say("record_fields").to_owned(), lines }];
        for section in &self.register.section {
            let inside = fields().filter(|(_, column)| column.section.as_ref() == Some(&section.name));
            let lines = inside.map(|(index, column)| self.line(index, column)).collect::<Result<Vec<_>, _>>()?;
            sections.push(FormSection { title: language.pick(&section.label, &section.label_en).to_owned(), lines });
        }
        sections.retain(|section| !section.lines.is_empty());
        Ok(sections)
    }

    fn line(&self, index: usize, column: &Column) -> Result<FormLine, PageError> {
        let catalog = &self.asking.catalog;
        let stored = self.file.and_then(|file| file.fields.get(index));
        let shown = |text: String, from: &str| FormLine {
            label: catalog.column_label(column),
            text: Some(text),
            from: from.to_owned(),
            asked: None,
            is_open: false,
            hidden: None,
        };
        if !column.is_entered() {
            let text = stored.map(|stored| text_of(column, &stored.value, catalog));
            let later = catalog.language.say("form_calculated_later");
            return Ok(shown(text.unwrap_or_default(), later));
        }
        if let Some(stored) = stored.filter(|_| self.register.key.contains(&column.name)) {
            return Ok(shown(self.stored_text(column, stored), catalog.language.say("form_key_stays")));
        }
        let name = field_name(&column.name);
        if self.file.is_none() && self.is_subject(column) && self.state.typed.is_filled(&name) {
            let text = self.state.typed.text(&name).to_owned();
            return Ok(FormLine { hidden: Some((name, text.clone())), ..shown(text, "") });
        }
        let mut asked = self.asked(column, name)?;
        if let Some(stored) = stored.filter(|stored| stored.masked) {
            let note = catalog.language.fill("form_masked", &[("value", &stored.value)]);
            asked.note = [note, asked.note].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
            asked.required = false;
        }
        let known = self.state.known.get(&column.name).filter(|_| self.file.is_none());
        let Some(known) = known else {
            return Ok(FormLine { text: None, asked: Some(asked), ..shown(String::new(), "") });
        };
        let is_open = asked.fault.is_some() || !asked.text.is_empty() || (column.required && known.value.is_null());
        asked.required = column.required && known.value.is_null();
        Ok(FormLine { asked: Some(asked), is_open, ..shown(known.text.clone(), &self.from(known)) })
    }

    fn stored_text(&self, column: &Column, stored: &FieldShown) -> String {
        if stored.masked { stored.value.to_string() } else { text_of(column, &stored.value, &self.asking.catalog) }
    }

    /// Where the form began with this question, the answer stays; a fault at it asks again.
    fn is_subject(&self, column: &Column) -> bool {
        let has_fault = self.state.faults.contains_key(&field_name(&column.name));
        let is_asked = |one: &Column| one.name == column.name;
        begins_with_subject(self.register) && !has_fault && subject_asked(self.register).into_iter().any(is_asked)
    }

    fn from(&self, known: &KnownValue) -> String {
        let language = self.asking.catalog.language;
        match known.day {
            Some(day) => language.fill("form_known_day", &[("source", &known.source), ("day", &day)]),
            None => language.fill("form_known", &[("source", &known.source)]),
        }
    }

    fn asked(&self, column: &Column, name: String) -> Result<AskedField, PageError> {
        let (typed, fault) = (self.state.typed.texts(&name).to_vec(), self.state.faults.get(&name).cloned());
        Ok(self.asking.field(column, name, &typed, fault)?)
    }

    /// Rows as they were typed, with an empty one behind.
    fn child(&self, child: &Child) -> Result<FormChild, PageError> {
        let typed = &self.state.typed;
        let is_filled = |index: usize| {
            let has_text = |column: &Column| typed.is_filled(&child_name(&child.name, index, &column.name));
            child.field.iter().any(has_text) || typed.is_filled(&stored_row_name(&child.name, index))
        };
        let sent = rows_shown(typed, &child.name);
        let used = (0..sent).rev().find(|index| is_filled(*index)).map_or(0, |last| last + 1);
        let rows = (0..sent.max(used + 1).min(ROWS_MAX)).map(|index| self.row(child, index));
        let label = self.asking.catalog.language.pick(&child.label, &child.label_en);
        Ok(FormChild {
            name: child.name.clone(),
            title: label.to_owned(),
            rows_name: rows_name(&child.name),
            rows: rows.collect::<Result<_, _>>()?,
        })
    }

    fn row(&self, child: &Child, index: usize) -> Result<FormRow, PageError> {
        let (typed, catalog) = (&self.state.typed, &self.asking.catalog);
        let number = typed.text(&stored_row_name(&child.name, index)).parse::<usize>().ok();
        let kinds = self.file.and_then(|file| file.children.iter().find(|shown| shown.name == child.name));
        let stored = number.and_then(|number| kinds?.rows.get(number).map(|row| (number, row)));
        let mut fields = Vec::new();
        for (at, column) in child.field.iter().enumerate().filter(|(_, column)| column.is_entered()) {
            let mut asked = self.asked(column, child_name(&child.name, index, &column.name))?;
            if let Some(masked) = stored.and_then(|(_, row)| row.get(at)).filter(|stored| stored.masked) {
                asked.note = catalog.language.fill("form_masked", &[("value", &masked.value)]);
            }
            asked.required = false;
            fields.push(asked);
        }
        let label = catalog.language.pick(&child.label, &child.label_en);
        let gone = gone_name(&child.name, index);
        Ok(FormRow {
            title: catalog.language.fill("form_row", &[("label", &label), ("number", &(index + 1))]),
            fields,
            stored: stored.map(|(number, _)| (stored_row_name(&child.name, index), number)),
            is_gone: typed.is_filled(&gone),
            gone,
        })
    }
}

/// Faults for the summary above the form: where to go, the field, what does not fit.
fn faults_listed(sections: &[FormSection], children: &[FormChild]) -> Vec<(String, String, String)> {
    let of_lines = sections.iter().flat_map(|section| section.lines.iter().filter_map(|line| line.asked.as_ref()));
    let rows = children.iter().flat_map(|child| &child.rows);
    let own = of_lines.filter_map(|field| Some((field.id.clone(), field.label.clone(), field.fault.clone()?)));
    let of_rows = rows.flat_map(|row| {
        let faults = row.fields.iter();
        faults.filter_map(|field| {
            Some((field.id.clone(), format!("{} · {}", row.title, field.label), field.fault.clone()?))
        })
    });
    own.chain(of_rows).collect()
}
