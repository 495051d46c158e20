//! Changing records: entered, corrected, moved a step on, withdrawn; sensitive fields looked at whole; files kept.

use crate::api::call::Call;
use crate::api::entry::{self, Needs};
use crate::api::fault::{Fault, Problem, Said};
use crate::api::records::tag;
use crate::api::shape;
use crate::api::value::TEXT_MAX;
use axum::Json;
use axum::http::header::{ETAG, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use store::{Command, NewAttachment, Receipt, Scope};

/// `POST /api/v1/registers/{name}/records`
pub async fn enter(call: Call) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    let register = call.register(Scope::Write)?;
    let entry = entry::read(&call, call.named("name"), register, Needs::Whole)?;
    let receipt = call.change(Command::Enter(entry)).await?;
    let id = receipt.id.clone().unwrap_or_default();
    let location = format!("/api/v1/registers/{}/records/{id}", call.named("name"));
    let mut response = answer(&receipt, StatusCode::CREATED);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// `PATCH /api/v1/registers/{name}/records/{id}`
pub async fn correct(call: Call) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    let register = call.register(Scope::Write)?;
    let version = call.version()?;
    let entry = entry::read(&call, call.named("name"), register, Needs::Part)?;
    let id = call.named("id").to_owned();
    let change = Command::Correct { id, version, entry };
    Ok(answer(&conditionally(&call, version, change).await?, StatusCode::OK))
}

/// `DELETE /api/v1/registers/{name}/records/{id}`
pub async fn withdraw(call: Call) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    call.register(Scope::Write)?;
    let version = call.version()?;
    let why = text(&call.object(&["reason"])?, "reason")?;
    let (register, id) = (call.named("name").to_owned(), call.named("id").to_owned());
    let change = Command::Withdraw { register, id, version, why };
    Ok(answer(&conditionally(&call, version, change).await?, StatusCode::OK))
}

/// `POST /api/v1/registers/{name}/records/{id}/steps/{step}`
pub async fn step(call: Call) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    let register = call.register(Scope::Step)?;
    let step = register.step.iter().find(|step| step.name == call.named("step"));
    let step = step.ok_or_else(|| Fault::new(Problem::Missing))?.name.clone();
    let version = call.version()?;
    let entry = entry::read(&call, call.named("name"), register, Needs::Nothing)?;
    if let Some((child, _)) = entry.children.first() {
        return Err(Fault::invalid(child, Said::of("api_step_children", &[])));
    }
    let (register, id) = (call.named("name").to_owned(), call.named("id").to_owned());
    let change = Command::TakeStep { register, id, version: Some(version), step, fields: entry.fields };
    Ok(answer(&conditionally(&call, version, change).await?, StatusCode::OK))
}

/// `POST /api/v1/registers/{name}/records/{id}/unmask`: a look at a sensitive field, logged with its purpose.
pub async fn unmask(call: Call) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    call.register(Scope::Write)?;
    let members = call.object(&["field", "purpose"])?;
    let (field, purpose) = (text(&members, "field")?, text(&members, "purpose")?);
    let (register, id) = (call.named("name").to_owned(), call.named("id").to_owned());
    let change = Command::Unmask { register, id, field: field.clone(), purpose };
    let receipt = call.change(change).await?;
    Ok(Json(json!({ "field": field, "value": receipt.text })).into_response())
}

/// `POST /api/v1/attachments`: the bytes of a picture or a PDF, judged by what they are.
pub async fn attach(call: Call) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    if !call.bearer.may_change_something() {
        return Err(Fault::new(Problem::Forbidden).with_hint(Said::of("api_scope_hint", &[])));
    }
    let content = call.bytes().to_vec();
    let media = media_of(&content).ok_or_else(|| Fault::new(Problem::MediaType).saying(Said::of("api_media", &[])))?;
    let bytes = content.len();
    let receipt = call.change(Command::SaveAttachment(NewAttachment { media: media.to_owned(), content })).await?;
    Ok((StatusCode::CREATED, Json(json!({ "hash": receipt.id, "media": media, "bytes": bytes }))).into_response())
}

/// A change of the version that the caller has read. Where another version stands by now, that is what is answered.
async fn conditionally(call: &Call, version: i64, change: Command) -> Result<Receipt, Fault> {
    let fault = match call.change(change).await {
        Ok(receipt) => return Ok(receipt),
        Err(fault) => fault,
    };
    if fault.problem != Problem::Conflict {
        return Err(fault);
    }
    let (name, id, today) = (call.named("name").to_owned(), call.named("id").to_owned(), call.today());
    let held = call.read(move |view, _| Ok(view.record(&name, &id, today)?)).await?;
    let is_overtaken = held.is_some_and(|held| held.version != version);
    Err(if is_overtaken { Fault { problem: Problem::Overtaken, ..fault } } else { fault })
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
        text.filter(fits).ok_or_else(|| Fault::invalid(name, Said::of("api_text_needed", &[("name", &name)])))?;
    Ok(text.to_owned())
}

/// The media type that the first bytes say.
fn media_of(content: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 3] =
        [(b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-", "application/pdf")];
    kinds.into_iter().find(|(begin, _)| content.starts_with(begin)).map(|(_, media)| media)
}
