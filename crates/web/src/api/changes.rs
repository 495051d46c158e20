//! Changing records: entered, corrected, moved a step on, withdrawn; sensitive fields looked at whole; files kept.

use crate::api::call::Call;
use crate::api::entry::{self, Needs};
use crate::api::fault::{Fault, Problem};
use crate::api::if_match::IfMatch;
use crate::api::records::tag;
use crate::api::shape;
use crate::api::value::TEXT_MAX;
use crate::http::picture::{self, PictureFault, Prepared};
use axum::Json;
use axum::http::header::{ETAG, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use model::Version;
use policy::declare::Step;
use serde_json::{Map, Value, json};
use store::{Command, Entry, NewAttachment, Receipt, Scope};

/// `POST /api/v1/registers/{name}/records`
pub fn enter(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    let register = call.register(Scope::Write)?;
    let entry = entry::read(call, call.named("name"), register, Needs::Whole)?;
    let receipt = call.apply(Command::Enter(entry))?;
    let id = receipt.id.clone().unwrap_or_default();
    let location = format!("/api/v1/registers/{}/records/{id}", call.named("name"));
    let mut response = answer(&receipt, StatusCode::CREATED);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// `PATCH /api/v1/registers/{name}/records/{id}`
pub fn correct(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    let register = call.register(Scope::Write)?;
    let allowed = call.if_match()?;
    let entry = entry::read(call, call.named("name"), register, Needs::Part)?;
    let id = call.named("id").to_owned();
    let change = |version| Command::Correct { id: id.clone(), version, entry: entry.clone() };
    Ok(answer(&conditionally(call, &allowed, change)?, StatusCode::OK))
}

/// `DELETE /api/v1/registers/{name}/records/{id}`
pub fn withdraw(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    call.register(Scope::Write)?;
    let allowed = call.if_match()?;
    let why = text(&call.object(&["reason"])?, "reason")?;
    let (register, id) = (call.named("name").to_owned(), call.named("id").to_owned());
    let change = |version| Command::Withdraw { register: register.clone(), id: id.clone(), version, why: why.clone() };
    Ok(answer(&conditionally(call, &allowed, change)?, StatusCode::OK))
}

/// `POST /api/v1/registers/{name}/records/{id}/steps/{step}`: the step is taken; with `returns_to` the record is sent back to that state
/// instead, with its `reason`.
pub fn step(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    let register = call.register(Scope::Step)?;
    let step = register.step.iter().find(|step| step.name == call.named("step"));
    let declared = step.ok_or_else(|| Fault::new(Problem::Missing))?;
    let step = declared.name.clone();
    let allowed = call.if_match()?;
    let mut entry = entry::read(call, call.named("name"), register, Needs::Nothing)?;
    if let Some((child, _)) = entry.children.first() {
        return Err(Fault::invalid(child, words::wording("api_step_children", &[])));
    }
    let back_to = sent_back(call, declared, &mut entry)?;
    let (register, id) = (call.named("name").to_owned(), call.named("id").to_owned());
    let change = |version| {
        let (register, id, version) = (register.clone(), id.clone(), Some(version));
        let (step, fields) = (step.clone(), entry.fields.clone());
        match back_to.clone() {
            Some(to) => Command::SendBack { register, id, version, step, to, fields },
            None => Command::TakeStep { register, id, version, step, fields },
        }
    };
    Ok(answer(&conditionally(call, &allowed, change)?, StatusCode::OK))
}

/// The state that the record is to be sent back to, where the body names one; its reason becomes a field of the entry.
fn sent_back(call: &Call<'_>, step: &Step, entry: &mut Entry) -> Result<Option<String>, Fault> {
    let members = call.object(&entry::STEP_MEMBERS)?;
    let Some(to) = members.get("returns_to") else {
        return match members.contains_key("reason") {
            true => Err(Fault::invalid("returns_to", words::wording("api_returns_needed", &[]))),
            false => Ok(None),
        };
    };
    let to = to.as_str().filter(|to| step.returns_to.iter().any(|state| state == to));
    let known = step.returns_to.join(", ");
    let to = to.ok_or_else(|| Fault::invalid("returns_to", words::wording!("api_returns_unknown", known)))?;
    let reason = text(&members, "reason")?;
    if let Some(field) = &step.reason {
        entry.fields.retain(|(name, _)| name != field);
        entry.fields.push((field.clone(), model::Value::Text(reason)));
    }
    Ok(Some(to.to_owned()))
}

/// `POST /api/v1/registers/{name}/records/{id}/undo`: the last step is taken back by who took it, with what followed from it.
pub fn undo(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    call.register(Scope::Step)?;
    let allowed = call.if_match()?;
    let why = text(&call.object(&["reason"])?, "reason")?;
    let (register, id) = (call.named("name").to_owned(), call.named("id").to_owned());
    let change = |version| Command::UndoStep { register: register.clone(), id: id.clone(), version, why: why.clone() };
    Ok(answer(&conditionally(call, &allowed, change)?, StatusCode::OK))
}

/// `POST /api/v1/registers/{name}/records/{id}/unmask`: a look at a sensitive field, logged with its purpose.
pub fn unmask(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    call.register(Scope::Write)?;
    let members = call.object(&["field", "purpose"])?;
    let (field, purpose) = (text(&members, "field")?, text(&members, "purpose")?);
    let (register, id) = (call.named("name").to_owned(), call.named("id").to_owned());
    let change = Command::Unmask { register, id, field: field.clone(), purpose };
    let receipt = call.apply(change)?;
    Ok(Json(json!({ "field": field, "value": receipt.text })).into_response())
}

/// `POST /api/v1/attachments`: the bytes of a picture or a PDF, judged by what they are. As on the pages, of a picture nothing is kept but
/// the picture.
pub fn attach(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    if !call.bearer.may_change_something() {
        return Err(Fault::new(Problem::Forbidden).with_hint(words::wording("api_scope_hint", &[])));
    }
    let content = call.bytes().to_vec();
    let prepared = call.visit.in_turn_of_pictures(|| picture::prepare(content)).map_err(|fault| match fault {
        PictureFault::TooLarge => Fault::new(Problem::TooLarge),
        PictureFault::OtherKind => Fault::new(Problem::MediaType).saying(words::wording("api_media", &[])),
        PictureFault::Empty | PictureFault::TooManyPixels | PictureFault::Broken => {
            Fault::new(Problem::Invalid).saying(words::wording("api_picture", &[]))
        }
    })?;
    let Prepared { media, content, .. } = prepared;
    let bytes = content.len();
    let receipt = call.apply(Command::SaveAttachment(NewAttachment { media: media.to_owned(), content }))?;
    Ok((StatusCode::CREATED, Json(json!({ "hash": receipt.id, "media": media, "bytes": bytes }))).into_response())
}

/// Tries of a change that any version allows, where others change the record at the same time.
const TRIES_MAX: usize = 5;

/// A change of a version that the caller allows. Where another version stands by now, that is what is answered.
fn conditionally(call: &Call<'_>, allowed: &IfMatch, change: impl Fn(Version) -> Command) -> Result<Receipt, Fault> {
    let mut tries = 0;
    loop {
        tries += 1;
        let version = allowed.version(if allowed.is_one() { None } else { standing(call)? });
        let fault = match call.apply(change(version)) {
            Ok(receipt) => return Ok(receipt),
            Err(fault) => fault,
        };
        if fault.problem != Problem::Conflict || standing(call)?.is_none_or(|standing| standing == version) {
            return Err(fault);
        }
        if *allowed != IfMatch::Any || tries == TRIES_MAX {
            return Err(Fault { problem: Problem::Overtaken, ..fault });
        }
    }
}

/// The version in which the record of the path stands; none where the account does not see it.
fn standing(call: &Call<'_>) -> Result<Option<Version>, Fault> {
    let found = call.visit.view().record(call.named("name"), call.named("id"), call.visit.today())?;
    Ok(found.map(|stored| stored.version))
}

fn answer(receipt: &Receipt, status: StatusCode) -> Response {
    let mut response = (status, Json(shape::receipt(receipt))).into_response();
    if let Some(version) = receipt.version {
        response.headers_mut().insert(ETAG, tag(version));
    }
    response
}

fn text(members: &Map<String, Value>, name: &str) -> Result<String, Fault> {
    let text = members.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let fits = |text: &&str| {
        text.chars().count() <= TEXT_MAX && !text.contains(|letter: char| letter.is_control() && letter != '\n')
    };
    let text =
        text.filter(fits).ok_or_else(|| Fault::invalid(name, words::wording("api_text_needed", &[("name", &name)])))?;
    Ok(text.to_owned())
}
