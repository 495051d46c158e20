//! One record of a register: its fields in declared order, child records, steps, and what was done; now or as of any day.

use crate::http::address;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page};
use crate::http::typed::Typed;
use crate::http::visit::Visit;
use crate::pages::records::known::HOUSEHOLD_NO;
use crate::pages::records::record_course::{FollowedLine, clocks, followed};
use crate::pages::records::record_entry::Faults;
use crate::pages::records::record_history::record_events;
use crate::pages::records::record_steps::{OtherStep, RecordStep, other_steps, record_steps};
use crate::pages::records::registers::register_seen;
use crate::parts::catalog::Catalog;
use crate::parts::evidence::file_names;
use crate::parts::field::{Showing, ShownField, text_of};
use crate::parts::list::filled;
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use crate::parts::time_line::EventLine;
use askama::Template;
use axum::extract::{Path, Query};
use model::{Class, Day, Kind, Value, Version};
use policy::declare::{Column, Permission, Register};
use serde::{Deserialize, Serialize};
use store::{FieldShown, RecordFile, View};
use words::{Language, Wording};

/// A field on the page; a masked one may be looked at whole by those who may.
pub struct FieldLine {
    pub field: ShownField,
    /// The form to look at it whole is offered.
    pub may_unmask: bool,
    /// Its whole value, after a look.
    pub revealed: Option<String>,
}

/// Fields of a section under its title.
pub struct SectionShown {
    pub title: String,
    pub lines: Vec<FieldLine>,
}

/// The child records of one kind as a table.
pub struct ChildrenShown {
    pub title: String,
    pub headings: Vec<String>,
    pub rows: Vec<Vec<ShownField>>,
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    shell: Shell,
    heading: String,
    address: String,
    version: Version,
    place: String,
    state: Option<String>,
    left: Option<(String, &'static str)>,
    dates: String,
    origin: String,
    withdrawn: bool,
    as_of: Option<String>,
    today: String,
    notice: Option<String>,
    remarks: Vec<String>,
    refusal: Option<Refused>,
    household: Option<String>,
    sections: Vec<SectionShown>,
    children: Vec<ChildrenShown>,
    steps: Vec<RecordStep>,
    others: Vec<OtherStep>,
    history: Vec<EventLine>,
    followed: Vec<FollowedLine>,
    clocks: Vec<String>,
    may_undo: bool,
    may_correct: bool,
}

/// Why something was not done, as the page says it.
#[derive(Clone)]
pub struct Refused {
    pub why: String,
    pub hint: String,
}

impl Refused {
    /// A refusal of the store in the reader's language.
    pub fn of(refusal: &store::Refusal, catalog: &Catalog<'_>) -> Refused {
        let language = catalog.language;
        Refused { why: refusal.what.of(language).to_owned(), hint: refusal.hint.of(language).to_owned() }
    }
}

/// What a page shows besides the record: what has just been done, looked at, or refused.
#[derive(Clone, Default)]
pub struct Extras {
    pub as_of: Option<Day>,
    pub notice: Option<String>,
    pub refused: Option<Refused>,
    /// Field that was looked at whole, and its value.
    pub revealed: Option<(String, String)>,
    /// Step whose form was refused, with what was typed and what does not fit.
    pub step: Option<(String, Typed, Faults)>,
}

/// What the address says.
#[derive(Deserialize)]
pub struct RecordQuery {
    as_of: Option<String>,
    done: Option<String>,
}

/// Name of the preference with the last remarks.
pub const REMARKS: &str = "record_remarks";

/// What checks remarked about a record that was taken; kept until the next one.
#[derive(Serialize, Deserialize)]
pub struct Remarks {
    pub record: String,
    pub texts: Vec<Wording>,
}

/// Address of a record's page.
pub fn record_address(register: &str, id: &str) -> String {
    format!("/registers/{register}/records/{}", address::url_part(id))
}

/// `GET /registers/{name}/records/{id}`
pub fn show(
    visit: &Visit<'_>,
    (Path((name, id)), Query(asked)): (Path<(String, String)>, Query<RecordQuery>),
) -> Answer {
    let language = visit.preferences.language;
    let as_of = match filled(&asked.as_of) {
        None => None,
        Some(text) => match model::written::day_of(&text) {
            Some(model::written::WrittenDay::Day(day)) if day < visit.today() => Some(day),
            Some(model::written::WrittenDay::Day(_)) => None,
            _ => {
                return Err(PageError::Refused {
                    why: language.say("as_of_wrong").to_owned(),
                    hint: language.say("as_of_wrong_hint").to_owned(),
                    back: record_address(&name, &id),
                });
            }
        },
    };
    let register = register_seen(visit, &name)?;
    let notice = filled(&asked.done).and_then(|done| notice_of(register, &done, visit));
    show_record(visit, &name, &id, Extras { as_of, notice, ..Extras::default() })
}

/// What was done, in a sentence; only what can be done here is said.
fn notice_of(register: &Register, done: &str, visit: &Visit<'_>) -> Option<String> {
    let language = visit.preferences.language;
    let own = match done {
        "entered" => Some("record_done_entered"),
        "there" => Some("record_done_there"),
        "corrected" => Some("record_done_corrected"),
        "unchanged" => Some("record_done_unchanged"),
        "withdrawn" => Some("record_done_withdrawn"),
        "sent_back" => Some("record_done_sent_back"),
        "step_undone" => Some("record_done_step_undone"),
        _ => None,
    };
    if let Some(key) = own {
        return Some(language.say(key).to_owned());
    }
    let step = register.step.iter().find(|step| step.name == done)?;
    let label = language.pick(&step.label, &step.label_en);
    Some(language.fill("record_done_step", &[("step", &label)]))
}

/// The record's page, from one state of the database.
///
/// # Errors
/// `NotFound` for what the reader does not see.
pub fn show_record(visit: &Visit<'_>, name: &str, id: &str, extras: Extras) -> Answer {
    visit.read_transaction(|visit| page(&record_page(visit, name, id, extras)?))
}

fn record_page(visit: &Visit<'_>, name: &str, id: &str, extras: Extras) -> Result<RecordPage, PageError> {
    let register = register_seen(visit, name)?;
    let (language, today) = (visit.preferences.language, visit.today());
    let label = language.pick(&register.label, &register.label_en).to_owned();
    let crumbs = vec![
        Crumb::link("/registers", language.say("menu_registers")),
        Crumb::link(&format!("/registers/{name}"), label.clone()),
        Crumb::link(&format!("/registers/{name}/records"), language.say("record_list")),
        Crumb::here(language.say("record")),
    ];
    let shell = visit.shell(format!("{label} · {}", language.say("record")), crumbs)?;
    let view = visit.view();
    let catalog = Catalog::new(visit.site, language);
    let file = match extras.as_of {
        Some(day) => view.record_as_of(name, id, day),
        None => view.record(name, id, today),
    };
    let refused = |refusal| PageError::refused(refusal, language, "/registers");
    let file = match file.map_err(refused)? {
        Some(file) => file,
        None if extras.as_of.is_some() => return Err(not_yet_there(visit, name, id)),
        None => return Err(PageError::NotFound),
    };
    RecordBuilder { view, catalog, register, name, today }.page(shell, &file, extras)
}

/// On that day the record was not entered yet; for those who see it today.
fn not_yet_there(visit: &Visit<'_>, name: &str, id: &str) -> PageError {
    let language = visit.preferences.language;
    match visit.view().record(name, id, visit.today()) {
        Ok(Some(file)) => PageError::Refused {
            why: language.say("as_of_too_early").to_owned(),
            hint: language.fill("as_of_too_early_hint", &[("day", &day_text(file.entered_on))]),
            back: record_address(name, id),
        },
        _ => PageError::NotFound,
    }
}

fn day_text(day: Option<Day>) -> String {
    day.map_or("–".to_owned(), |day| day.to_string())
}

/// What checks remarked when the actor last entered or corrected a record, if it was this one.
fn remarks_of(view: &View<'_>, id: &str, language: Language) -> Result<Vec<String>, PageError> {
    let kept = view.preference(REMARKS)?.unwrap_or_default();
    let kept: Option<Remarks> = serde_json::from_str(&kept).ok();
    let texts = kept.filter(|kept| kept.record == id).map(|kept| kept.texts).unwrap_or_default();
    Ok(texts.iter().map(|text| text.of(language).to_owned()).collect())
}

struct RecordBuilder<'a> {
    view: &'a View<'a>,
    catalog: Catalog<'a>,
    register: &'a Register,
    name: &'a str,
    today: Day,
}

impl RecordBuilder<'_> {
    fn page(&self, shell: Shell, file: &RecordFile, extras: Extras) -> Result<RecordPage, PageError> {
        let (language, address) = (self.catalog.language, record_address(self.name, &file.id));
        let showing = Showing { catalog: self.catalog, view: self.view, record: &address };
        let is_now = extras.as_of.is_none() && !file.is_withdrawn;
        let state = file.state.as_ref().map(|state| self.catalog.state(self.name, state));
        let steps = match is_now {
            true => record_steps(self.view, &self.catalog, self.register, file, self.today, extras.step)?,
            false => Vec::new(),
        };
        Ok(RecordPage {
            heading: self.heading(file),
            version: file.version,
            place: file.place.map_or(String::new(), |place| self.catalog.place(place)),
            left: if is_now { show::days_left(file.due_on, self.today, language) } else { None },
            dates: self.dates(file),
            origin: self.origin(file)?,
            withdrawn: file.is_withdrawn,
            as_of: extras.as_of.map(|day| day.to_string()),
            today: self.today.to_string(),
            remarks: match extras.notice.is_some() && is_now {
                true => remarks_of(self.view, &file.id, self.catalog.language)?,
                false => Vec::new(),
            },
            notice: extras.notice,
            refusal: extras.refused,
            household: self.household(file),
            sections: self.sections(&showing, file, extras.revealed.as_ref(), is_now),
            children: self.children(&showing, file),
            others: if is_now { other_steps(&self.catalog, self.register, file) } else { Vec::new() },
            history: record_events(&file.history, self.register, &self.catalog, self.view.may(Permission::SeeNames)),
            followed: if is_now { followed(&file.course, &self.catalog) } else { Vec::new() },
            clocks: if is_now { clocks(&file.course, &self.catalog) } else { Vec::new() },
            may_undo: is_now && file.course.may_undo,
            may_correct: is_now && file.may_correct,
            steps,
            state,
            shell,
            address,
        })
    }

    /// The first columns of the list say what people know the record by.
    fn heading(&self, file: &RecordFile) -> String {
        let of_list = self.register.list.columns.iter().take(2);
        let texts = of_list.filter_map(|name| {
            let column = self.register.field_named(name)?;
            let stored = file.fields.iter().find(|stored| stored.name == *name && !stored.value.is_null())?;
            Some(if stored.masked { stored.value.to_string() } else { text_of(column, &stored.value, &self.catalog) })
        });
        let known: Vec<String> = texts.collect();
        let label = self.catalog.language.pick(&self.register.label, &self.register.label_en);
        if known.is_empty() { label.to_owned() } else { format!("{label} · {}", known.join(" · ")) }
    }

    fn dates(&self, file: &RecordFile) -> String {
        let language = self.catalog.language;
        let mut parts = Vec::new();
        if let Some(day) = file.state_on {
            parts.push(language.fill("record_state_since", &[("day", &day)]));
        }
        if let Some(day) = file.due_on {
            parts.push(language.fill("record_due", &[("day", &day)]));
        }
        parts.join(" · ")
    }

    /// File and row, or who entered it.
    fn origin(&self, file: &RecordFile) -> Result<String, PageError> {
        let language = self.catalog.language;
        let day = day_text(file.entered_on);
        Ok(match (&file.origin, &file.entered_by) {
            (Some((hash, row)), _) => {
                let names = file_names(self.view)?;
                let name = names.get(hash).cloned();
                let name = name.unwrap_or_else(|| language.fill("evidence_file", &[("file", hash)]));
                language.fill("origin", &[("file", &name), ("row", row)])
            }
            (None, Some((account, shown))) => {
                let who = self.catalog.who(account, shown);
                language.fill("record_entered_by", &[("who", &who), ("day", &day)])
            }
            (None, None) => language.say("origin_unknown").to_owned(),
        })
    }

    fn household(&self, file: &RecordFile) -> Option<String> {
        let field = file.fields.iter().find(|field| field.name == HOUSEHOLD_NO)?;
        let number = field.value.as_text().filter(|_| self.view.may(Permission::SeeHouseholds))?;
        Some(format!("/households/{}", address::url_part(number)))
    }

    /// Sections in declared order; fields of no section stand before them.
    fn sections(
        &self,
        showing: &Showing<'_>,
        file: &RecordFile,
        revealed: Option<&(String, String)>,
        is_now: bool,
    ) -> Vec<SectionShown> {
        let line = |column: &Column, stored: &FieldShown| FieldLine {
            field: showing.field(column, &stored.value, stored.masked),
            may_unmask: is_now && file.may_unmask && stored.masked && column.effective_class() >= Class::Personal,
            revealed: revealed.filter(|(name, _)| *name == column.name).map(|(_, text)| whole_text(column, text, self)),
        };
        let known = |name: &str| self.register.section.iter().any(|section| section.name == name);
        let is_read = |(column, _): &(&Column, &FieldShown)| self.catalog.is_in_language(column, &self.register.field);
        let fields = || self.register.field.iter().zip(&file.fields).filter(is_read);
        let own = fields().filter(|(column, _)| column.section.as_deref().is_none_or(|name| !known(name)));
        let title = self.catalog.language.say("record_fields").to_owned();
        let mut sections =
            vec![SectionShown { title, lines: own.map(|(column, stored)| line(column, stored)).collect() }];
        for section in &self.register.section {
            let inside = fields().filter(|(column, _)| column.section.as_ref() == Some(&section.name));
            let title = self.catalog.language.pick(&section.label, &section.label_en).to_owned();
            let lines = inside.map(|(column, stored)| line(column, stored)).collect();
            sections.push(SectionShown { title, lines });
        }
        sections.retain(|section| !section.lines.is_empty());
        sections
    }

    fn children(&self, showing: &Showing<'_>, file: &RecordFile) -> Vec<ChildrenShown> {
        let kinds = self.register.child.iter().zip(&file.children);
        let shown = kinds.map(|(child, shown)| {
            let row = |row: &Vec<FieldShown>| -> Vec<ShownField> {
                let cells =
                    child.field.iter().zip(row).filter(|(column, _)| self.catalog.is_in_language(column, &child.field));
                cells.map(|(column, stored)| showing.field(column, &stored.value, stored.masked)).collect()
            };
            let label = self.catalog.language.pick(&child.label, &child.label_en);
            ChildrenShown {
                title: self
                    .catalog
                    .language
                    .fill("record_children", &[("label", &label), ("count", &shown.rows.len())]),
                headings: child
                    .field
                    .iter()
                    .filter(|column| self.catalog.is_in_language(column, &child.field))
                    .map(|column| self.catalog.column_label(column))
                    .collect(),
                rows: shown.rows.iter().map(row).collect(),
            }
        });
        shown.collect()
    }
}

/// The store gives a looked-at value as plain text; codes and places are shown by name.
fn whole_text(column: &Column, text: &str, builder: &RecordBuilder<'_>) -> String {
    match column.kind {
        Kind::Code | Kind::Region => text_of(column, &Value::Text(text.to_owned()), &builder.catalog),
        _ => text.to_owned(),
    }
}
