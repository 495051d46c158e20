//! The forms around a list of records: search, columns, export. Each goes back to a list or to its job.

use crate::http::fields::Fields;
use crate::http::preferences::safe_path;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, see_other};
use crate::http::visit::Visit;
use crate::jobs::{EXPORT, ExportFormat, ExportOrder, LeadsFilter, RecordsExport};
use crate::pages::records::registers::register_seen;
use crate::parts::catalog::NamedRegister;
use crate::parts::record_list_query::{
    RecordListQuery, chosen_columns, columns_preference, list_address, offered_columns,
};
use axum::extract::Path;
use std::collections::BTreeMap;
use store::RecordQuery;
use words::Language;

/// `POST /registers/{name}/search`: goes to the list; texts, names and numbers of people by a token.
pub fn search(visit: &Visit<'_>, Path(name): Path<String>, fields: &Fields) -> Answer {
    let register = register_seen(visit, &name)?;
    let query = RecordListQuery::keep(visit, NamedRegister { name: &name, register }, &pairs(fields))?;
    Ok(see_other(&query.address(&name)))
}

/// `POST /registers/{name}/columns`: keeps what the reader chose, or forgets it.
pub fn columns(visit: &Visit<'_>, Path(name): Path<String>, fields: &Fields) -> Answer {
    let register = register_seen(visit, &name)?;
    let ticked: Vec<String> = fields.with_prefix("column-").into_iter().map(|(name, _)| name).collect();
    let is_reset = !fields.text("reset").is_empty();
    let back = match fields.text("back") {
        "" => list_address(&name),
        back => safe_path(back).to_owned(),
    };
    // The store says why where a column is none; nothing is kept then.
    let looked = visit.view().records(
        &name,
        RecordQuery { filter: &store::RecordFilter::default(), order: None, columns: &ticked },
        None,
        1,
    );
    looked.map_err(|refusal| PageError::refused(refusal, visit.preferences.language, &list_address(&name)))?;
    let chosen: Vec<String> = offered_columns(register).filter(|column| ticked.contains(column)).collect();
    let chosen = if is_reset { String::new() } else { chosen.join(",") };
    visit.keep_preference(&columns_preference(&name), &chosen)?;
    Ok(see_other(&back))
}

/// `POST /registers/{name}/export`: exactly what the list shows, as a job.
pub fn export(visit: &Visit<'_>, Path(name): Path<String>, fields: &Fields) -> Answer {
    let register = register_seen(visit, &name)?;
    let (view, language) = (visit.view(), visit.preferences.language);
    if !view.has_right(register, &register.may_export) {
        return Err(PageError::Forbidden);
    }
    let about = NamedRegister { name: &name, register };
    let sent = pairs(fields);
    // A form of another page sends its search as it is, the list's own page by its token.
    let query = match sent.contains_key("search") {
        true => RecordListQuery::read(view, about, &sent, language)?,
        false => RecordListQuery::keep(visit, about, &sent)?,
    };
    let columns = chosen_columns(view, about, language)?;
    let filter = query.filter(register, visit.today()).ok_or_else(|| not_searched(&query, &name, language))?;
    let asked = RecordQuery { filter: &filter, order: query.order.as_ref(), columns: &columns };
    let looked = view.records(&name, asked, None, 1);
    looked.map_err(|refusal| PageError::refused(refusal, language, &list_address(&name)))?;
    // A search that is kept by its token stays with the store; its conditions do not lie open in the job.
    let records = RecordsExport {
        register: name,
        filter: if query.token.is_some() { store::RecordFilter::default() } else { filter },
        search: query.token,
        order: query.order,
        columns,
    };
    let order = ExportOrder {
        list: "records".to_owned(),
        format: ExportFormat::asked(fields.text("format")),
        filter: LeadsFilter::default(),
        records: Some(records),
        figures: None,
        language: language.tag().to_owned(),
    };
    let order = serde_json::to_value(&order).map_err(|error| PageError::Broken(error.to_string()))?;
    let dedupe = format!("{}/{order}", visit.actor.account);
    let id = visit.enqueue(EXPORT, &order, &dedupe)?;
    Ok(see_other(&format!("/jobs/{id}")))
}

/// A list that shows nothing, because its search does not fit, is not exported as if nothing had been searched for.
fn not_searched(query: &RecordListQuery, name: &str, language: Language) -> PageError {
    PageError::Refused {
        why: language.say("export_not_searched").to_owned(),
        hint: language.say("list_not_searched").to_owned(),
        back: query.address(name),
    }
}

fn pairs(fields: &Fields) -> BTreeMap<String, String> {
    fields.with_prefix("").into_iter().collect()
}
