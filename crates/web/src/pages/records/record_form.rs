//! The form of a record: a new one, beginning with who it is about, or a correction.

use crate::http::address;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page, see_other};
use crate::http::typed::Typed;
use crate::http::visit::Visit;
use crate::pages::records::form_state::{FormState, KnownValues, conflicts};
use crate::pages::records::known::{
    HOUSEHOLD_NO, Prefill, begins_with_subject, identity_field, subject_asked, subject_fields, subject_of,
};
use crate::pages::records::record::{REMARKS, Remarks, record_address};
use crate::pages::records::record_act::{faults_found, keep_uploads, unprocessable};
use crate::pages::records::record_entry::{EntryReader, Faults, field_name, rows_name, rows_shown, typed_of};
use crate::pages::records::record_form_shown::{FormPage, FormShown, SubjectPage};
use crate::pages::records::registers::register_seen;
use crate::parts::catalog::Catalog;
use crate::parts::field::FieldReader;
use crate::parts::list::filled;
use axum::extract::{Path, Query};
use axum::response::Response;
use model::written::fold_key;
use model::{Value, Version};
use policy::declare::Register;
use serde::Deserialize;
use store::{Command, Entry, RecordFile, RefusalKind};

/// What the address says.
#[derive(Deserialize)]
pub struct RecordFormQuery {
    household: Option<String>,
}

/// `GET /registers/{name}/records/new`
pub fn new(visit: &Visit<'_>, (Path(name), Query(asked)): (Path<String>, Query<RecordFormQuery>)) -> Answer {
    let register = may_enter(visit, &name)?;
    if let Some(unsent) = visit.unsent(&format!("/registers/{name}/records/new"))? {
        let typed = unsent.typed();
        if typed.text("stage") == "subject" {
            return subject_page(visit, &name, register, &typed, Faults::new());
        }
        let known = known_of(visit, &name, register, &typed)?;
        return new_page(visit, &name, FormState { typed, known, ..FormState::default() });
    }
    let mut typed = Typed::default();
    let subject = subject_fields(register);
    let household = filled(&asked.household).filter(|_| subject.iter().any(|column| column.name == HOUSEHOLD_NO));
    if begins_with_subject(register) && household.is_none() {
        return subject_page(visit, &name, register, &typed, Faults::new());
    }
    if let Some(number) = household {
        typed.set(&field_name(HOUSEHOLD_NO), vec![number]);
    }
    let known = known_of(visit, &name, register, &typed)?;
    new_page(visit, &name, FormState { typed, known, ..FormState::default() })
}

/// `POST /registers/{name}/records/new`: who it is about, one row more, or the whole form.
pub fn enter(visit: &Visit<'_>, Path(name): Path<String>, mut typed: Typed) -> Answer {
    let register = may_enter(visit, &name)?;
    if typed.text("stage") == "subject" {
        let faults = subject_faults(visit, register, &typed);
        if !faults.is_empty() {
            return unprocessable(subject_page(visit, &name, register, &typed, faults)?);
        }
        let known = known_of(visit, &name, register, &typed)?;
        return new_page(visit, &name, FormState { typed, known, ..FormState::default() });
    }
    let mut faults = keep_uploads(visit, &mut typed)?;
    let known = known_of(visit, &name, register, &typed)?;
    if add_row(&mut typed) {
        return new_page(visit, &name, FormState { typed, known, faults, ..FormState::default() });
    }
    let entry = reader(visit, &name, register, &typed).new_record(&known);
    let entry = entry.and_then(|entry| with_resident(visit, register, entry));
    let entry = match entry {
        Ok(entry) if faults.is_empty() => entry,
        given => {
            faults.extend(given.err().unwrap_or_default());
            let refused = Some(faults_found(visit.preferences.language));
            let state = FormState { typed, known, faults, refused, ..FormState::default() };
            return unprocessable(new_page(visit, &name, state)?);
        }
    };
    let fields = entry.fields.clone();
    match visit.apply(Command::Enter(entry))? {
        Ok(receipt) => {
            let id = receipt.id.unwrap_or_default();
            keep_remarks(visit, &id, &receipt.remarks)?;
            Ok(done(&name, &id, "entered"))
        }
        Err(refusal) => {
            let there = refusal.record.clone();
            if let Some(id) = &there
                && was_sent_twice(visit, &name, id, folded_keys(register, fields))?
            {
                return Ok(done(&name, id, "there"));
            }
            let mut state = FormState { typed, known, ..FormState::default() };
            state.refuse(visit, &refusal)?;
            state.there = there.map(|id| record_address(&name, &id));
            unprocessable(new_page(visit, &name, state)?)
        }
    }
}

/// `GET /registers/{name}/records/{id}/correct`
pub fn correct(visit: &Visit<'_>, Path((name, id)): Path<(String, String)>) -> Answer {
    let register = may_enter(visit, &name)?;
    let file = record_to_correct(visit, &name, &id)?;
    let unsent = visit.unsent(&format!("{}/correct", record_address(&name, &id)))?;
    let typed = unsent.map_or_else(|| typed_of(register, &file), |unsent| unsent.typed());
    correct_page(visit, &name, file, FormState { typed, ..FormState::default() })
}

/// `POST /registers/{name}/records/{id}/correct`
pub fn save(visit: &Visit<'_>, Path((name, id)): Path<(String, String)>, mut typed: Typed) -> Answer {
    let register = may_enter(visit, &name)?;
    let Ok(version) = typed.text("version").parse::<Version>() else { return Err(PageError::FormExpired) };
    let mut faults = keep_uploads(visit, &mut typed)?;
    let file = record_to_correct(visit, &name, &id)?;
    if add_row(&mut typed) {
        return correct_page(visit, &name, file, FormState { typed, faults, ..FormState::default() });
    }
    let entry = reader(visit, &name, register, &typed).correction(&file);
    let entry = match entry {
        Ok(entry) if faults.is_empty() => entry,
        given => {
            faults.extend(given.err().unwrap_or_default());
            let refused = Some(faults_found(visit.preferences.language));
            return unprocessable(correct_page(
                visit,
                &name,
                file,
                FormState { typed, faults, refused, ..FormState::default() },
            )?);
        }
    };
    if entry.fields.is_empty() && entry.children.is_empty() {
        return Ok(done(&name, &id, "unchanged"));
    }
    match visit.apply(Command::Correct { id: id.clone(), version, entry })? {
        Ok(receipt) => {
            keep_remarks(visit, &id, &receipt.remarks)?;
            Ok(done(&name, &id, "corrected"))
        }
        Err(refusal) => {
            let mut state = FormState { typed, ..FormState::default() };
            state.refuse(visit, &refusal)?;
            if matches!(refusal.kind, RefusalKind::Conflict) && file.version != version {
                let reader = reader(visit, &name, register, &state.typed);
                state.conflicts = conflicts(&reader, &file, &refusal.since);
            }
            unprocessable(correct_page(visit, &name, file, state)?)
        }
    }
}

/// The register, if the reader enters records of it.
fn may_enter<'v>(visit: &Visit<'v>, name: &str) -> Result<&'v Register, PageError> {
    let register = register_seen(visit, name)?;
    let view = visit.view();
    if view.has_right(register, &register.may_enter) { Ok(register) } else { Err(PageError::Forbidden) }
}

fn reader<'a>(visit: &'a Visit, name: &'a str, register: &'a Register, typed: &'a Typed) -> EntryReader<'a> {
    let catalog = Catalog::new(visit.site, visit.preferences.language);
    let reader = FieldReader { catalog, place: visit.actor.region, today: visit.today() };
    EntryReader { name, register, reader, typed }
}

fn done(name: &str, id: &str, done: &str) -> Response {
    see_other(&address::with(&record_address(name, id), &[("done", done)]))
}

/// “One row more” was asked for.
fn add_row(typed: &mut Typed) -> bool {
    let kind = typed.text("again").to_owned();
    if kind.is_empty() {
        return false;
    }
    let rows = rows_shown(typed, &kind) + 1;
    typed.set(&rows_name(&kind), vec![rows.to_string()]);
    true
}

/// Faults of the first step: every question about the subject needs its answer.
fn subject_faults(visit: &Visit<'_>, register: &Register, typed: &Typed) -> Faults {
    let language = visit.preferences.language;
    let reader = reader(visit, "", register, typed).reader;
    let mut faults = Faults::new();
    for column in subject_asked(register) {
        let name = field_name(&column.name);
        match reader.read(column, typed.texts(&name)) {
            Err(fault) => drop(faults.insert(name, fault)),
            Ok(Value::Null) if column.required => drop(faults.insert(name, language.say("typed_missing").to_owned())),
            Ok(_) => {}
        }
    }
    faults
}

/// What is known of the subject that the form names.
fn known_of(visit: &Visit<'_>, name: &str, register: &Register, typed: &Typed) -> Result<KnownValues, PageError> {
    let entry = reader(visit, name, register, typed);
    let subject = subject_of(register, &|field| entry.value_or_null(field));
    let (site, view, today) = (visit.site, visit.view(), visit.today());
    let catalog = Catalog::new(site, visit.preferences.language);
    Prefill { site, view, catalog, today }.of(register, &subject)
}

/// Registers about residents need the key of the person.
fn with_resident(visit: &Visit<'_>, register: &Register, mut entry: Entry) -> Result<Entry, Faults> {
    let Some(identity) = identity_field(register) else { return Ok(entry) };
    let given = entry.fields.iter().find(|(name, _)| *name == identity.name);
    let Some((name, Value::Text(number))) = given else { return Ok(entry) };
    entry.resident_key = visit.site.gateway.resident_key(number);
    match entry.resident_key {
        Some(_) => Ok(entry),
        None => Err([(field_name(name), visit.preferences.language.say("typed_identity").to_owned())].into()),
    }
}

/// The fields as they are kept: those of the key folded.
fn folded_keys(register: &Register, mut fields: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let keys = fields.iter_mut().filter(|(name, _)| register.key.contains(name));
    for (_, value) in keys {
        let folded = value.as_text().map(|text| Value::Text(fold_key(text).into_owned()));
        *value = folded.unwrap_or_else(|| std::mem::replace(value, Value::Null));
    }
    fields
}

/// True when the record that is there is what the same account has just entered, and says the same: the form was sent twice.
fn was_sent_twice(visit: &Visit<'_>, name: &str, id: &str, fields: Vec<(String, Value)>) -> Result<bool, PageError> {
    let today = visit.today();
    let Some(file) = visit.view().record(name, id, today).ok().flatten() else { return Ok(false) };
    let is_own = file.entered_by.as_ref().is_some_and(|(who, _)| *who == visit.actor.account);
    let is_fresh = file.version == Version::FIRST && file.entered_on == Some(today);
    let stored = |name: &str| file.fields.iter().find(|stored| stored.name == name);
    let says_the_same =
        |(name, value): &(String, Value)| stored(name).is_some_and(|stored| stored.masked || stored.value == *value);
    Ok(is_own && is_fresh && fields.iter().all(says_the_same))
}

/// Keeps what checks remarked, so that the record's page can say it after the redirect.
fn keep_remarks(visit: &Visit<'_>, id: &str, remarks: &[store::RefusedRow]) -> Result<(), PageError> {
    let texts = remarks.iter().map(|remark| words::clauses([remark.what.clone(), remark.hint.clone()])).collect();
    let kept = serde_json::to_string(&Remarks { record: id.to_owned(), texts });
    let kept = kept.map_err(|error| PageError::Broken(error.to_string()))?;
    visit.keep_preference(REMARKS, &kept)
}

fn record_to_correct(visit: &Visit<'_>, name: &str, id: &str) -> Result<RecordFile, PageError> {
    let language = visit.preferences.language;
    let file = visit.view().record(name, id, visit.today());
    let file =
        file.map_err(|refusal| PageError::refused(refusal, language, "/registers"))?.ok_or(PageError::NotFound)?;
    if file.may_correct {
        return Ok(file);
    }
    Err(PageError::Refused {
        why: language.say("correct_closed").to_owned(),
        hint: language.say("correct_closed_hint").to_owned(),
        back: record_address(name, id),
    })
}

fn subject_page(visit: &Visit<'_>, name: &str, register: &Register, typed: &Typed, faults: Faults) -> Answer {
    visit.read_transaction(|visit| {
        let shown = FormShown::new(visit, name, register, None)?;
        page(&SubjectPage::build(visit, shown, typed, &faults)?)
    })
}

fn new_page(visit: &Visit<'_>, name: &str, state: FormState) -> Answer {
    form_page(visit, name, None, state)
}

fn correct_page(visit: &Visit<'_>, name: &str, file: RecordFile, state: FormState) -> Answer {
    form_page(visit, name, Some(file), state)
}

fn form_page(visit: &Visit<'_>, name: &str, file: Option<RecordFile>, state: FormState) -> Answer {
    let register = register_seen(visit, name)?;
    visit.read_transaction(|visit| {
        let shown = FormShown::new(visit, name, register, file.as_ref())?;
        page(&FormPage::build(visit, shown, file, state)?)
    })
}
