//! What is done with one record: a step, a withdrawal, a look at a masked field, a file that is kept with it.

use crate::http::address;
use crate::http::fields::Fields;
use crate::http::picture::{self, PictureFault};
use crate::http::route::Answer;
use crate::http::trouble::{PageError, see_other};
use crate::http::typed::Typed;
use crate::http::visit::Visit;
use crate::pages::records::record::{Extras, Refused, record_address, show_record};
use crate::pages::records::record_entry::{EntryReader, Faults};
use crate::pages::records::record_steps::asked_fields;
use crate::pages::records::registers::register_seen;
use crate::parts::catalog::Catalog;
use crate::parts::field::FieldReader;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use policy::declare::{Column, Register};
use store::{Command, NewAttachment, Refusal, RefusalKind};
use words::Language;

/// `POST /registers/{name}/records/{id}/step`
pub fn step(visit: &Visit<'_>, Path((name, id)): Path<(String, String)>, mut typed: Typed) -> Answer {
    let register = register_seen(visit, &name)?;
    let step = typed.text("step").to_owned();
    let Ok(version) = typed.text("version").parse() else { return Err(PageError::FormExpired) };
    let mut faults = keep_uploads(visit, &mut typed)?;
    let back_to = typed.text("back_to").to_owned();
    let asked = if back_to.is_empty() { asked_fields(register, &step) } else { reason_field(register, &step) };
    let catalog = Catalog::new(visit.site, visit.preferences.language);
    let reader = FieldReader { catalog, place: visit.actor.region, today: visit.today() };
    let fields = EntryReader { name: &name, register, reader, typed: &typed }.step_fields(&asked);
    let fields = match fields {
        Ok(fields) if faults.is_empty() => fields,
        given => {
            faults.extend(given.err().unwrap_or_default());
            let refused = faults_found(catalog.language);
            let extras = Extras { refused: Some(refused), step: Some((step, typed, faults)), ..Extras::default() };
            return unprocessable(show_record(visit, &name, &id, extras)?);
        }
    };
    let (register, version) = (name.clone(), Some(version));
    let id_sent = id.clone();
    let (command, done) = match back_to.is_empty() {
        true => (Command::TakeStep { register, id: id_sent, version, step: step.clone(), fields }, step.as_str()),
        false => {
            let (step, to) = (step.clone(), back_to);
            (Command::SendBack { register, id: id_sent, version, step, to, fields }, "sent_back")
        }
    };
    match visit.apply(command)? {
        Ok(_) => Ok(see_other(&address::with(&page_of_record(visit, &name, &id)?, &[("done", done)]))),
        Err(refusal) => {
            let refused = shown_refusal(&refusal, &catalog, &name, &id)?;
            let faults = refusal.fields.iter().map(|field| {
                (
                    crate::pages::records::record_entry::field_name(field),
                    catalog.language.say("typed_missing").to_owned(),
                )
            });
            let missing = matches!(refusal.kind, RefusalKind::Lifecycle(lifecycle::RefusalKind::Missing(_)));
            let faults: Faults = if missing { faults.collect() } else { Faults::new() };
            let extras = Extras { refused: Some(refused), step: Some((step, typed, faults)), ..Extras::default() };
            unprocessable(show_record(visit, &name, &id, extras)?)
        }
    }
}

/// The field with the reason for sending back.
fn reason_field<'r>(register: &'r Register, step: &str) -> Vec<&'r Column> {
    let step = register.step.iter().find(|declared| declared.name == step);
    step.and_then(|step| register.field_named(step.reason.as_ref()?)).into_iter().collect()
}

/// `POST /registers/{name}/records/{id}/undo`: the last step is taken back, with what followed from it.
pub fn undo(visit: &Visit<'_>, Path((name, id)): Path<(String, String)>, fields: &Fields) -> Answer {
    register_seen(visit, &name)?;
    let Ok(version) = fields.text("version").parse() else { return Err(PageError::FormExpired) };
    let why = fields.text("why").to_owned();
    let command = Command::UndoStep { register: name.clone(), id: id.clone(), version, why };
    done_or_refused(visit, &name, &id, command, "step_undone")
}

/// The page on which people meet the record: that of the lead, for a lead.
fn page_of_record(visit: &Visit<'_>, name: &str, id: &str) -> Result<String, PageError> {
    let number = visit.view().lead_number(name, id)?;
    Ok(number.map_or_else(|| record_address(name, id), |number| format!("/leads/{}", address::url_part(&number))))
}

/// `POST /registers/{name}/records/{id}/withdraw`
pub fn withdraw(visit: &Visit<'_>, Path((name, id)): Path<(String, String)>, fields: &Fields) -> Answer {
    register_seen(visit, &name)?;
    let Ok(version) = fields.text("version").parse() else { return Err(PageError::FormExpired) };
    let why = fields.text("why").to_owned();
    let command = Command::Withdraw { register: name.clone(), id: id.clone(), version, why };
    done_or_refused(visit, &name, &id, command, "withdrawn")
}

/// `POST /registers/{name}/records/{id}/unmask`: the same page with the one value, once; nothing keeps it.
pub fn unmask(visit: &Visit<'_>, Path((name, id)): Path<(String, String)>, fields: &Fields) -> Answer {
    register_seen(visit, &name)?;
    let (field, purpose) = (fields.text("field").to_owned(), fields.text("purpose").to_owned());
    let command = Command::Unmask { register: name.clone(), id: id.clone(), field: field.clone(), purpose };
    let catalog = Catalog::new(visit.site, visit.preferences.language);
    match visit.apply(command)? {
        Ok(receipt) => {
            let revealed = Some((field, receipt.text.unwrap_or_default()));
            let mut answer = show_record(visit, &name, &id, Extras { revealed, ..Extras::default() })?;
            answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(answer)
        }
        Err(refusal) => {
            let refused = Some(shown_refusal(&refusal, &catalog, &name, &id)?);
            unprocessable(show_record(visit, &name, &id, Extras { refused, ..Extras::default() })?)
        }
    }
}

/// `GET /registers/{name}/records/{id}/files/{hash}`: pictures open in the page, anything else is taken away.
pub fn file(visit: &Visit<'_>, Path((name, id, hash)): Path<(String, String, String)>) -> Answer {
    register_seen(visit, &name)?;
    let language = visit.preferences.language;
    let ending = hash.chars().take(8).collect::<String>();
    let view = visit.view();
    let found =
        view.attachment(&name, &id, &hash).map_err(|refusal| PageError::refused(refusal, language, "/registers"))?;
    let (media, content) = found.ok_or(PageError::NotFound)?;
    let (media, kept) = match media.as_str() {
        "image/jpeg" => ("image/jpeg", format!("inline; filename=\"{ending}.jpg\"")),
        "application/pdf" => ("application/pdf", format!("attachment; filename=\"{ending}.pdf\"")),
        _ => ("application/octet-stream", format!("attachment; filename=\"{ending}\"")),
    };
    let kept = HeaderValue::from_str(&kept).map_err(|error| PageError::Broken(error.to_string()))?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media)),
        (CONTENT_DISPOSITION, kept),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, content).into_response())
}

fn done_or_refused(visit: &Visit<'_>, name: &str, id: &str, command: Command, done: &str) -> Answer {
    let catalog = Catalog::new(visit.site, visit.preferences.language);
    match visit.apply(command)? {
        Ok(_) => Ok(see_other(&address::with(&record_address(name, id), &[("done", done)]))),
        Err(refusal) => {
            let refused = Some(shown_refusal(&refusal, &catalog, name, id)?);
            unprocessable(show_record(visit, name, id, Extras { refused, ..Extras::default() })?)
        }
    }
}

/// A refusal for the record's page. What may not be seen or done at all has pages of its own.
fn shown_refusal(refusal: &Refusal, catalog: &Catalog<'_>, name: &str, id: &str) -> Result<Refused, PageError> {
    match refusal.kind {
        RefusalKind::NotFound => Err(PageError::NotFound),
        RefusalKind::NotAllowed => Err(PageError::Refused {
            why: refusal.what.of(catalog.language).to_owned(),
            hint: refusal.hint.of(catalog.language).to_owned(),
            back: record_address(name, id),
        }),
        _ => Ok(Refused::of(refusal, catalog)),
    }
}

/// What the top of a form says when fields do not fit.
pub fn faults_found(language: Language) -> Refused {
    Refused { why: language.say("form_faults").to_owned(), hint: language.say("form_faults_hint").to_owned() }
}

/// The page again, with the status of a form that does not fit.
pub fn unprocessable(mut page: Response) -> Answer {
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// Keeps the files of a form and puts their lines into its fields; files that were marked to go leave theirs. Gives what does
/// not fit.
///
/// # Errors
/// `Broken` where the store failed; what it refuses is a fault.
pub fn keep_uploads(visit: &Visit<'_>, typed: &mut Typed) -> Result<Faults, PageError> {
    let language = visit.preferences.language;
    let dropped: Vec<String> = typed.names("drop.").map(str::to_owned).collect();
    for name in dropped {
        let Some(field) = name.strip_prefix("drop.") else { continue };
        let stays = typed.texts(field).iter().filter(|line| !typed.texts(&name).contains(line)).cloned().collect();
        typed.set(field, stays);
        typed.set(&name, Vec::new());
    }
    let mut faults = Faults::new();
    for upload in std::mem::take(&mut typed.uploads) {
        let prepared = match visit.in_turn_of_pictures(|| picture::prepare(upload.content)) {
            Ok(prepared) => prepared,
            Err(fault) => {
                faults.insert(upload.field, language.fill(picture_fault_key(fault), &[("file", &upload.name)]));
                continue;
            }
        };
        let name = format!("{}.{}", upload.name, prepared.ending);
        let new = NewAttachment { media: prepared.media.to_owned(), content: prepared.content };
        match visit.apply(Command::SaveAttachment(new))? {
            Ok(receipt) => typed.add(&upload.field, format!("{}:{name}", receipt.id.unwrap_or_default())),
            Err(refusal) => {
                faults.insert(upload.field, refusal.what.of(language).to_owned());
            }
        }
    }
    Ok(faults)
}

fn picture_fault_key(fault: PictureFault) -> &'static str {
    match fault {
        PictureFault::Empty => "file_empty",
        PictureFault::TooLarge => "file_large",
        PictureFault::OtherKind => "file_kind",
        PictureFault::TooManyPixels => "file_pixels",
        PictureFault::Broken => "file_broken",
    }
}
