//! Reading records: lists, one record now and as of a day, its history, its files.

use crate::api::call::Call;
use crate::api::fault::{Fault, Problem};
use crate::api::list_query::{self, ListQuery};
use crate::api::shape;
use axum::Json;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use model::{Day, Version};
use store::{RecordFile, RecordQuery, Scope};

/// `GET /api/v1/registers/{name}/records`
pub fn list(call: &Call<'_>) -> Result<Response, Fault> {
    let asked = list_query::in_address(call, call.register(Scope::Read)?)?;
    page(call, asked)
}

/// `POST /api/v1/registers/{name}/records/search`: names, phones and numbers of people stand in the body, not in an address.
pub fn search(call: &Call<'_>) -> Result<Response, Fault> {
    let asked = list_query::in_body(call, call.register(Scope::Read)?)?;
    page(call, asked)
}

fn page(call: &Call<'_>, asked: ListQuery) -> Result<Response, Fault> {
    let (view, register) = (call.visit.view(), call.register(Scope::Read)?);
    let ListQuery { filter, order, columns, after, limit } = asked;
    let page = view.records(
        call.named("name"),
        RecordQuery { filter: &filter, order: order.as_ref(), columns: &columns },
        after.as_deref(),
        limit,
    )?;
    Ok(Json(shape::page(register, &call.visit.site.package.divisions, view, &columns, &page)).into_response())
}

/// `GET /api/v1/registers/{name}/records/{id}`; `?as_of=` shows it as it stood at the end of that day.
pub fn show(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&["as_of"])?;
    let register = call.register(Scope::Read)?;
    let day = call.parameter("as_of").map(str::parse::<Day>).transpose();
    let day = day.map_err(|_| Fault::invalid("as_of", words::wording("value_day", &[])))?;
    let file = found(call, day)?;
    let mut response = Json(shape::record(register, &call.visit.site.package.divisions, &file)).into_response();
    if day.is_none() {
        response.headers_mut().insert(ETAG, tag(file.version));
    }
    Ok(response)
}

/// `GET /api/v1/registers/{name}/records/{id}/history`
pub fn history(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    let register = call.register(Scope::Read)?;
    let file = found(call, None)?;
    Ok(Json(shape::history(register, &file.history)).into_response())
}

fn found(call: &Call<'_>, as_of: Option<Day>) -> Result<RecordFile, Fault> {
    let (view, name, id) = (call.visit.view(), call.named("name"), call.named("id"));
    let file = match as_of {
        Some(day) => view.record_as_of(name, id, day)?,
        None => view.record(name, id, call.visit.today())?,
    };
    file.ok_or_else(|| Fault::new(Problem::Missing))
}

/// `GET /api/v1/registers/{name}/records/{id}/files/{hash}`
pub fn file(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    call.register(Scope::Read)?;
    let kept = call.visit.view().attachment(call.named("name"), call.named("id"), call.named("hash"))?;
    let (media, content) = kept.ok_or_else(|| Fault::new(Problem::Missing))?;
    let media = HeaderValue::from_str(&media).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [(CONTENT_TYPE, media), (CONTENT_DISPOSITION, HeaderValue::from_static("attachment"))];
    Ok((StatusCode::OK, headers, content).into_response())
}

/// The version of a record as an entity tag.
pub fn tag(version: Version) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}
