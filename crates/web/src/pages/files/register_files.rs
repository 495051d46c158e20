//! 导入模板: the workbook that people fill in for a register, and the description of its tables for programs.

use crate::http::address;
use crate::http::route::Answer;
use crate::http::trouble::PageError;
use crate::http::visit::Visit;
use crate::pages::records::registers::register_seen;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `GET /registers/{name}/template`: places are chosen below the actor's own.
pub fn template(visit: &Visit<'_>, Path(name): Path<String>) -> Answer {
    let register = register_seen(visit, &name)?;
    let view = visit.view();
    if !view.has_right(register, &register.may_import) {
        return Err(PageError::Forbidden);
    }
    let language = visit.preferences.language;
    let label = language.pick(&register.label, &register.label_en);
    let file = format!("{label}-{}.xlsx", language.say("template")).replace(['/', '\\'], "_");
    let book = visit
        .site
        .gateway
        .template(&name, visit.actor.region, visit.preferences.language)
        .map_err(PageError::Broken)?;
    let disposition = format!("attachment; filename*=UTF-8''{}", address::url_part(&file));
    Ok(([(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, disposition)], book).into_response())
}

/// `GET /registers/{name}/schema`
pub fn schema(visit: &Visit<'_>, Path(name): Path<String>) -> Answer {
    register_seen(visit, &name)?;
    let schema = visit.site.gateway.schema(&name).map_err(PageError::Broken)?;
    Ok(([(CONTENT_TYPE, "application/json")], schema.to_string()).into_response())
}
