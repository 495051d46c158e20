//! 导出: the list of leads as a file. The job writes it under the same view, with who, when and which filter in its first row.

use crate::http::fields::Fields;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, see_other};
use crate::http::visit::Visit;
use crate::jobs::{EXPORT, ExportFormat, ExportOrder, LeadsFilter};
use crate::parts::list::filled;
use policy::declare::Permission;

/// `POST /leads/export`
pub fn leads(visit: &Visit<'_>, (): (), fields: &Fields) -> Answer {
    visit.need(Permission::SeeLeads)?;
    let text = |name: &str| filled(&Some(fields.text(name).to_owned()));
    let order = ExportOrder {
        list: "leads".to_owned(),
        format: ExportFormat::asked(fields.text("format")),
        filter: LeadsFilter {
            region: text("region").and_then(|code| code.parse().ok()),
            risk: text("risk"),
            rule: text("rule"),
            state: text("state"),
            text: text("text"),
        },
        records: None,
        figures: None,
        language: visit.preferences.language.tag().to_owned(),
    };
    let payload = serde_json::to_value(&order).map_err(|error| PageError::Broken(error.to_string()))?;
    let dedupe = format!("{}/{payload}", visit.actor.account);
    let id = visit.enqueue(EXPORT, &payload, &dedupe)?;
    Ok(see_other(&format!("/jobs/{id}")))
}
