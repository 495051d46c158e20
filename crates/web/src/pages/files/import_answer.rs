//! What a delivery is asked before it is taken in: which place and days it covers, or whether so many rows may go. The answer sends
//! the same file again, with what was said.

use crate::http::address;
use crate::http::fields::Fields;
use crate::http::route::Answer;
use crate::http::trouble::PageError;
use crate::http::visit::Visit;
use crate::jobs::{IMPORT, ImportOrder, ImportOutcome, Question};
use crate::pages::files::hand_in::CoverFields;
use crate::pages::files::imports::need;
use crate::pages::files::upload::{DeliveryForm, enqueue};
use crate::parts::catalog::Catalog;
use crate::parts::show;
use axum::extract::Path;
use policy::declare::Permission;
use store::{Job, View};

/// Jobs among which the one of the import is looked for.
const JOBS_MAX: u32 = 200;

/// A question as the receipt shows it.
pub struct QuestionShown {
    pub is_replacement: bool,
    pub cover: CoverFields,
    /// What the confirming button says.
    pub button: String,
    /// What is confirmed with it.
    pub shown: String,
}

impl QuestionShown {
    /// Prepares a question for the receipt.
    pub fn new(visit: &Visit<'_>, question: &Question, catalog: &Catalog<'_>) -> QuestionShown {
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("leaving", &show::count(question.leaving)), ("of", &show::count(question.of))];
        let button = match question.is_replacement {
            true => catalog.language.fill("answer_replace", &values),
            false => catalog.language.say("answer_coverage").to_owned(),
        };
        QuestionShown {
            is_replacement: question.is_replacement,
            cover: CoverFields::new(visit, Some(question)),
            button,
            // A question of an earlier version has none; confirming it asks once more.
            shown: if question.shown.is_empty() { "-".to_owned() } else { question.shown.clone() },
        }
    }
}

/// The question that the actor's own last job of an import left, with its order.
pub fn open_question(jobs: &[Job], view: &View, import: &str) -> Option<(ImportOrder, Question)> {
    let is_own = |job: &&Job| job.kind == IMPORT && job.actor.account == view.actor().account;
    let of_import = jobs.iter().filter(is_own).find_map(|job| {
        let outcome: ImportOutcome = serde_json::from_value(job.result.clone()?).ok()?;
        (outcome.import.as_deref() == Some(import)).then_some((job, outcome))
    });
    let (job, outcome) = of_import?;
    Some((serde_json::from_value(job.payload.clone()).ok()?, outcome.question?))
}

/// `POST /imports/{id}/answer`
pub fn answer(visit: &Visit<'_>, Path(id): Path<String>, fields: &Fields) -> Answer {
    need(visit)?;
    visit.need(Permission::HandIn)?;
    let view = visit.view();
    view.import(&id)?.ok_or(PageError::NotFound)?;
    let jobs = view.jobs(JOBS_MAX)?;
    let (mut order, question) = open_question(&jobs, view, &id).ok_or(PageError::NotFound)?;
    let confirmed = fields.text("confirm");
    if question.is_replacement && !confirmed.is_empty() {
        order.confirmed = confirmed.to_owned();
    } else {
        order.confirmed.clear();
        let text = |name: &str| fields.text(name).to_owned();
        let delivery =
            DeliveryForm { place: text("place"), from: text("from"), to: text("to"), partial: text("partial") };
        delivery.write_to(&mut order, visit, &format!("/imports/{}", address::url_part(&id)))?;
    }
    enqueue(visit, &order)
}
