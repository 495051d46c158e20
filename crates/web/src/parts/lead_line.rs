//! A lead as lists show it.

use crate::parts::catalog::{Catalog, severity_class};
use crate::parts::places::place_text;
use crate::parts::show;
use model::{Day, Severity};
use store::LeadRow;

/// A lead as a list shows it.
pub struct LeadLine {
    pub id: String,
    pub head: String,
    pub members: String,
    pub place: String,
    pub risk: String,
    pub class: &'static str,
    pub because: String,
    /// Further reasons and flags.
    pub more: Option<String>,
    pub state: String,
    pub raised: String,
    pub left: Option<(String, &'static str)>,
}

/// Urgency from which a lead's tag is red, and from which it is amber.
const URGENCY_STEPS: (i64, i64) = (80, 40);

/// Prepares a lead for a list.
pub fn lead_line(row: &LeadRow, catalog: &Catalog<'_>, today: Day) -> LeadLine {
    let language = catalog.language;
    let is_final = catalog
        .register(catalog.lead())
        .is_some_and(|register| register.state.iter().any(|state| state.name == row.state && state.is_final));
    let mut more = Vec::new();
    if row.reasons > 1 {
        more.push(language.fill("lead_more_reasons", &[("count", &(row.reasons - 1))]));
    }
    if row.flags > 0 {
        more.push(language.fill("lead_flags", &[("count", &row.flags)]));
    }
    if row.stale {
        more.push(language.say("lead_stale_short").to_owned());
    }
    LeadLine {
        id: row.lead_id.clone(),
        head: head_name(&row.head_name, catalog),
        members: language.fill("members_count", &[("count", &row.members)]),
        place: place_text(&row.township, &row.village),
        risk: catalog.risk(&row.risk),
        class: severity_class(urgency_class(row.urgency)),
        because: language.pick(&row.because, &row.because_en).to_owned(),
        more: Some(more.join(" · ")).filter(|text| !text.is_empty()),
        state: catalog.state(catalog.lead(), &row.state),
        raised: language.fill("raised_on", &[("day", &row.raised_on)]),
        left: if is_final { None } else { show::days_left(row.due_on, today, language) },
    }
}

fn urgency_class(urgency: i64) -> Severity {
    match urgency {
        urgency if urgency >= URGENCY_STEPS.0 => Severity::High,
        urgency if urgency >= URGENCY_STEPS.1 => Severity::Middle,
        _ => Severity::Low,
    }
}

/// The head's name; a word for it where it is not known.
pub fn head_name(name: &str, catalog: &Catalog<'_>) -> String {
    if name.is_empty() { catalog.language.say("head_unknown").to_owned() } else { name.to_owned() }
}
