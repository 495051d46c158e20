//! Which column of a file is which field: asked where the file was refused for it, and the same file is read again as it was answered.

use crate::http::fields::Fields;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, see_other};
use crate::http::visit::Visit;
use crate::jobs::{ColumnQuestion, IMPORT, ImportOrder, ImportOutcome};
use crate::pages::files::hand_in::may_hand_in;
use crate::pages::files::preview_address::preview_address;
use crate::parts::catalog::Catalog;
use axum::extract::Path;
use store::{Job, JobState};

/// Beginning of the names of the form's fields.
const FIELD: &str = "column_";

/// A field with the columns that it may be.
pub struct FieldChoice {
    pub name: String,
    pub label: String,
    /// Letters and text of each column, and whether it is the likely one.
    pub options: Vec<(String, String, bool)>,
}

/// The form on the page of a refused file.
pub struct ColumnForm {
    pub job: i64,
    pub fields: Vec<FieldChoice>,
    /// Units of money to choose from; none where the unit is not asked for.
    pub units: Vec<String>,
}

/// The form of a question about the file of a job; columns that are likely stand first.
pub fn form(job: i64, dataset: &str, question: &ColumnQuestion, catalog: &Catalog<'_>) -> ColumnForm {
    let field = |asked: &crate::jobs::FieldQuestion| {
        let is_likely = |letters: &String| asked.candidates.contains(letters);
        // Of several candidates none is likelier than the others.
        let only = asked.candidates.first().filter(|_| asked.candidates.len() == 1);
        let likely = question.columns.iter().filter(|column| is_likely(&column.letters));
        let others = question.columns.iter().filter(|column| !is_likely(&column.letters));
        let option = |column: &crate::jobs::FileColumnShown| {
            (column.letters.clone(), column.text.of(catalog.language).to_owned(), Some(&column.letters) == only)
        };
        let label = catalog.file_column_label(dataset, &asked.field);
        FieldChoice {
            name: format!("{FIELD}{}", asked.field),
            label: label.unwrap_or_else(|| asked.field.clone()),
            options: likely.chain(others).map(option).collect(),
        }
    };
    ColumnForm { job, fields: question.fields.iter().map(field).collect(), units: question.units.clone() }
}

/// What is asked about the file of a job that has ended.
pub fn question_of(job: &Job) -> Option<ColumnQuestion> {
    let outcome: ImportOutcome = serde_json::from_value(job.result.clone()?).ok()?;
    outcome.column_question.or_else(|| outcome.preview?.column_question)
}

/// `POST /jobs/{id}/columns`: the file of the actor's own job is read again, with the columns and the unit that were chosen.
pub fn choose(visit: &Visit<'_>, Path(id): Path<i64>, fields: &Fields) -> Answer {
    let job = visit.job(id)?;
    let is_ended = job.kind == IMPORT && job.state == JobState::Done;
    let question = question_of(&job).filter(|_| is_ended).ok_or(PageError::NotFound)?;
    let asked: Result<ImportOrder, _> = serde_json::from_value(job.payload.clone());
    let mut order = asked.map_err(|error| PageError::Broken(error.to_string()))?;
    if !may_hand_in(&visit.site.package, visit.actor, &order.dataset) {
        return Err(PageError::Forbidden);
    }
    for (field, letters) in fields.with_prefix(FIELD) {
        let is_asked = question.fields.iter().any(|asked| asked.field == field);
        if is_asked && question.columns.iter().any(|column| column.letters == letters) {
            order.columns.insert(field, format!("列{letters}"));
        }
    }
    let unit = fields.text("money_unit");
    if question.units.iter().any(|known| known == unit) {
        unit.clone_into(&mut order.money_unit);
    }
    let chosen = serde_json::json!([order.columns, order.money_unit, order.preview]);
    let dedupe = format!("{}/{}/{}/{}/{chosen}", visit.actor.account, order.dataset, order.file_hash, order.day);
    let id = visit.enqueue(IMPORT, &order, &dedupe)?;
    let next = visit.job(id)?;
    Ok(see_other(&preview_address(&next).unwrap_or_else(|| format!("/jobs/{}", next.id))))
}
