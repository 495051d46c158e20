//! One step for many records: first what can be done together and what cannot, then each record through the door.
//!
//! Nothing happens twice: each record is taken in the version that its list showed and that was confirmed; one that moved on
//! since is named and left as it is.

use crate::http::fields::Fields;
use crate::http::preferences::safe_path;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page, see_other};
use crate::http::visit::Visit;
use crate::pages::records::asked_once::{Faults, Given, OnceAsked, given, is_asked_once, once_asked};
use crate::pages::records::record_list::called;
use crate::pages::records::registers::register_seen;
use crate::parts::catalog::Catalog;
use crate::parts::field::FieldReader;
use crate::parts::filter_text::cell_text;
use crate::parts::record_list_query::list_address;
use crate::parts::shell::{Crumb, Shell};
use askama::Template;
use axum::extract::Path;
use model::{Day, Value, Version};
use policy::declare::{Register, Step};
use store::{Command, RecordFile};
use words::Language;

/// Records of one bulk step.
const RECORDS_MAX: usize = 200;

/// Whether a record may take a step with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Eligibility {
    /// It may be taken together with others; these fields are still to be filled.
    Ready { missing: Vec<String> },
    /// Somebody has taken it already.
    Taken,
    /// Only by itself, or not at all: why, and what to do.
    Single { why: String, hint: String },
}

/// A record on its way.
struct Candidate {
    id: String,
    version: Version,
    called: String,
    eligibility: Eligibility,
    /// What its step brought, in sentences.
    brought: String,
}

/// What is asked once for all records, what of it does not fit, and where the form came from.
struct BulkForm {
    fields: Vec<OnceAsked>,
    faults: Faults,
    back: String,
}

/// A record as the page shows it.
pub struct BulkLine {
    pub id: String,
    /// The version that was looked at.
    pub version: Version,
    pub address: String,
    pub called: String,
    pub why: String,
    pub hint: String,
}

#[derive(Template)]
#[template(path = "record_bulk.html")]
struct BulkPage {
    shell: Shell,
    name: String,
    step: String,
    step_label: String,
    summary: String,
    back: String,
    is_done: bool,
    faults: Faults,
    fields: Vec<OnceAsked>,
    ready: Vec<BulkLine>,
    taken: Vec<BulkLine>,
    single: Vec<BulkLine>,
}

/// `GET /registers/{name}/bulk`: what would happen with the records of a form that was not taken; without one, the list.
pub fn again(visit: &Visit<'_>, Path(name): Path<String>) -> Answer {
    let Some(unsent) = visit.unsent(&format!("/registers/{name}/bulk"))? else {
        return Ok(see_other(&list_address(&name)));
    };
    let fields: Vec<(String, String)> = unsent.fields.into_iter().filter(|(name, _)| name != "confirm").collect();
    look(visit, Path(name), &fields.into())
}

/// `POST /registers/{name}/bulk`: shows what would happen; with `confirm` it happens.
pub fn look(visit: &Visit<'_>, Path(name): Path<String>, fields: &Fields) -> Answer {
    let language = visit.preferences.language;
    let register = register_seen(visit, &name)?;
    let back = match fields.text("back") {
        "" => list_address(&name),
        back => safe_path(back).to_owned(),
    };
    let refused = |key: &str| PageError::Refused {
        why: language.say(&format!("{key}_why")).to_owned(),
        hint: language.say(&format!("{key}_hint")).to_owned(),
        back: back.clone(),
    };
    let step = register.step.iter().find(|step| step.name == fields.text("step"));
    let step = step.filter(|step| step.roles.contains(&visit.actor.role)).ok_or(PageError::Forbidden)?;
    let ticked = fields.with_prefix("record-");
    match ticked.len() {
        0 => return Err(refused("bulk_none")),
        1..=RECORDS_MAX => {}
        _ => return Err(refused("bulk_many")),
    }
    let is_confirmed = !fields.text("confirm").is_empty();
    let bulk = Bulk { name, register, step, language, today: visit.today() };
    let catalog = Catalog::new(visit.site, language);
    let mut candidates = visit.read_transaction(|visit| {
        let candidate = |(id, version): &(String, String)| bulk.candidate(visit, id, version);
        ticked.iter().map(candidate).collect::<Result<Vec<_>, _>>()
    })?;
    candidates.sort_by(|one, other| one.called.cmp(&other.called));
    let mut asked = bulk.asked(&catalog, &candidates);
    let reader = FieldReader { catalog, place: visit.actor.region, today: bulk.today };
    let (given, faults) =
        if is_confirmed { given(bulk.register, &mut asked, fields, &reader) } else { Default::default() };
    let is_done = is_confirmed && faults.is_empty();
    let candidates = if is_done { bulk.take(visit, candidates, given)? } else { candidates };
    let shell = shell(visit, &bulk, &catalog)?;
    page(&bulk.prepare(shell, candidates, BulkForm { fields: asked, faults, back }, is_done))
}

fn shell(visit: &Visit<'_>, bulk: &Bulk<'_>, catalog: &Catalog<'_>) -> Result<Shell, PageError> {
    let label = catalog.dataset(&bulk.name);
    let step = bulk.step_label();
    let title = bulk.language.fill("bulk_title", &[("step", &step), ("register", &label)]);
    let crumbs = vec![
        Crumb::link("/registers", bulk.language.say("menu_registers")),
        Crumb::link(&format!("/registers/{}", bulk.name), label),
        Crumb::link(&list_address(&bulk.name), bulk.language.say("register_list")),
        Crumb::here(step),
    ];
    visit.shell(title, crumbs)
}

/// A step of a register, for many records, today.
struct Bulk<'v> {
    name: String,
    register: &'v Register,
    step: &'v Step,
    language: Language,
    today: Day,
}

impl Bulk<'_> {
    fn step_label(&self) -> String {
        self.language.pick(&self.step.label, &self.step.label_en).to_owned()
    }

    fn candidate(&self, visit: &Visit<'_>, id: &str, seen: &str) -> Result<Candidate, PageError> {
        let view = visit.view();
        let catalog = &Catalog::new(visit.site, self.language);
        let file = view.record(&self.name, id, self.today);
        let file = file.map_err(|refusal| PageError::refused(refusal, self.language, &list_address(&self.name)))?;
        let Some(file) = file.filter(|file| !file.is_withdrawn) else {
            let eligibility = self.single("bulk_gone", &[]);
            let called = self.language.say("bulk_unknown").to_owned();
            let (id, version, brought) = (id.to_owned(), Version(0), String::new());
            return Ok(Candidate { id, version, called, eligibility, brought });
        };
        let mut eligibility = self.eligibility(&file, catalog);
        if seen != file.version.to_string() && matches!(eligibility, Eligibility::Ready { .. }) {
            let last = file.history.first().map(|event| event.action.as_str());
            eligibility = match last == Some(self.step.name.as_str()) {
                true => Eligibility::Taken,
                false => self.single("bulk_moved", &[]),
            };
        }
        let (called, brought) = (self.called(&file, catalog), String::new());
        Ok(Candidate { called, version: file.version, eligibility, id: file.id, brought })
    }

    /// The first things that the list shows of it, and its place.
    fn called(&self, file: &RecordFile, catalog: &Catalog<'_>) -> String {
        let shown = |name: &String| {
            let column = self.register.field_named(name)?;
            let field = file.fields.iter().find(|field| field.name == *name)?;
            Some(cell_text(catalog, column, &field.value))
        };
        let texts: Vec<String> = self.register.list.columns.iter().filter_map(shown).collect();
        called(
            texts
                .iter()
                .map(String::as_str)
                .chain([file.place_name.as_str()].into_iter().filter(|name| !name.is_empty())),
        )
    }

    /// What stands in the way of the step, asked in the order in which people can do something about it.
    fn eligibility(&self, file: &RecordFile, catalog: &Catalog<'_>) -> Eligibility {
        let state = file.state.as_deref().unwrap_or_default();
        let Some(offer) = file.course.offers.iter().find(|offer| offer.step == self.step.name) else {
            let was_taken = state == self.step.to || file.history.iter().any(|event| event.action == self.step.name);
            let state = catalog.state(&self.name, state);
            return if was_taken { Eligibility::Taken } else { self.single("bulk_state", &[("state", &state)]) };
        };
        if let Some(refusal) = &offer.refusal {
            return Eligibility::Single {
                why: refusal.what.of(self.language).to_owned(),
                hint: refusal.hint.of(self.language).to_owned(),
            };
        }
        let is_empty = |name: &String| file.children.iter().any(|child| child.name == *name && child.rows.is_empty());
        if let Some(child) = self.step.required_child.iter().find(|name| is_empty(name)) {
            let child = self.register.child_named(child);
            let label = child.map(|child| self.language.pick(&child.label, &child.label_en)).unwrap_or_default();
            return self.single("bulk_differs", &[("fields", &label)]);
        }
        let known = |name: &String| file.fields.iter().any(|field| field.name == *name && is_known(&field.value));
        let missing: Vec<String> = self.step.required.iter().filter(|name| !known(name)).cloned().collect();
        let alone: Vec<String> = missing
            .iter()
            .filter_map(|name| self.register.field_named(name))
            .filter(|column| !is_asked_once(column))
            .map(|column| catalog.column_label(column))
            .collect();
        match alone.is_empty() {
            true => Eligibility::Ready { missing },
            false => {
                let fields = alone.join(self.language.say("list_comma"));
                self.single("bulk_differs", &[("fields", &fields)])
            }
        }
    }

    fn single(&self, key: &str, values: &[(&str, &dyn std::fmt::Display)]) -> Eligibility {
        let fill = |key: String| self.language.fill(&key, values);
        Eligibility::Single { why: fill(format!("{key}_why")), hint: fill(format!("{key}_hint")) }
    }

    /// The fields that some record lacks, and those that the step asks for besides.
    fn asked(&self, catalog: &Catalog<'_>, candidates: &[Candidate]) -> Vec<OnceAsked> {
        let lacks = |name: &String| {
            candidates
                .iter()
                .any(|one| matches!(&one.eligibility, Eligibility::Ready { missing } if missing.contains(name)))
        };
        let required = self.step.required.iter().filter(|name| lacks(name)).map(|name| (name, true));
        let besides = self.step.asks.iter().filter(|name| !self.step.required.contains(name)).map(|name| (name, false));
        required
            .chain(besides)
            .filter_map(|(name, required)| Some((self.register.field_named(name)?, required)))
            .filter(|(column, _)| is_asked_once(column))
            .map(|(column, required)| once_asked(column, required, catalog))
            .collect()
    }

    /// Takes the step with each record that is ready, one after the other, each by itself; what the door refuses stays as it was.
    fn take(&self, visit: &Visit<'_>, candidates: Vec<Candidate>, given: Given) -> Result<Vec<Candidate>, PageError> {
        let mut commands = Vec::new();
        for candidate in &candidates {
            let Eligibility::Ready { missing } = &candidate.eligibility else { continue };
            let besides = |name: &String| !self.step.required.contains(name);
            let fields = given.iter().filter(|(name, _)| missing.contains(name) || besides(name));
            commands.push(Command::TakeStep {
                register: self.name.clone(),
                id: candidate.id.clone(),
                version: Some(candidate.version),
                step: self.step.name.clone(),
                fields: fields.cloned().collect(),
            });
        }
        let answers = commands.into_iter().map(|command| visit.apply(command));
        let mut answers = answers.collect::<Result<Vec<_>, _>>()?.into_iter();
        let taken = candidates.into_iter().map(|candidate| {
            let answer = match candidate.eligibility {
                Eligibility::Ready { .. } => answers.next(),
                _ => None,
            };
            match answer {
                Some(Ok(receipt)) => Ok(Candidate { brought: self.brought(&receipt), ..candidate }),
                Some(Err(refusal)) => Ok(Candidate { eligibility: self.refused(refusal)?, ..candidate }),
                None => Ok(candidate),
            }
        });
        taken.collect()
    }

    /// What a step brought: who must still agree, what followed, and the day by which the record should move on.
    fn brought(&self, receipt: &store::Receipt) -> String {
        let followed = receipt.followed.iter().map(|one| match &one.number {
            Some(number) => format!("{} {number}", one.label.of(self.language)),
            None => one.label.of(self.language).to_owned(),
        });
        let agreement = receipt.agreement.as_ref().map(|one| one.label.of(self.language).to_owned());
        let due = receipt.due_on.map(|day| self.language.fill("record_due", &[("day", &day)]));
        let parts: Vec<String> = agreement.into_iter().chain(followed).chain(due).collect();
        parts.join(self.language.say("list_semicolon"))
    }

    /// A broken store ends the work; every other refusal stands at its record.
    fn refused(&self, refusal: store::Refusal) -> Result<Eligibility, PageError> {
        match refusal.kind {
            store::RefusalKind::Store(error) => Err((*error).into()),
            store::RefusalKind::Lifecycle(lifecycle::RefusalKind::WrongState) => Ok(Eligibility::Taken),
            _ => Ok(Eligibility::Single {
                why: refusal.what.of(self.language).to_owned(),
                hint: refusal.hint.of(self.language).to_owned(),
            }),
        }
    }

    fn prepare(&self, shell: Shell, candidates: Vec<Candidate>, form: BulkForm, is_done: bool) -> BulkPage {
        let (mut ready, mut taken, mut single) = (Vec::new(), Vec::new(), Vec::new());
        for candidate in candidates {
            let address = format!("{}/{}", list_address(&self.name), candidate.id);
            let Candidate { id, version, called, eligibility, brought } = candidate;
            let line = |why, hint| BulkLine { id, version, address, called, why, hint };
            match eligibility {
                Eligibility::Ready { .. } => ready.push(line(brought, String::new())),
                Eligibility::Taken => taken.push(line(String::new(), String::new())),
                Eligibility::Single { why, hint } => single.push(line(why, hint)),
            }
        }
        let counts: [(&str, &dyn std::fmt::Display); 3] =
            [("ready", &ready.len()), ("taken", &taken.len()), ("single", &single.len())];
        BulkPage {
            shell,
            name: self.name.clone(),
            step: self.step.name.clone(),
            step_label: self.step_label(),
            summary: self.language.fill(if is_done { "bulk_done" } else { "bulk_split" }, &counts),
            back: form.back,
            is_done,
            faults: form.faults,
            fields: form.fields,
            ready,
            taken,
            single,
        }
    }
}

fn is_known(value: &Value) -> bool {
    !value.is_null() && value.as_text().is_none_or(|text| !model::written::is_blank(text))
}
