//! What may be done with a record next: each step with what it needs, or why not yet and by whom.

use crate::http::typed::Typed;
use crate::pages::records::record_entry::{Faults, field_name};
use crate::parts::catalog::Catalog;
use crate::parts::field::{AskedField, Asking, typed_texts};
use lifecycle::Offer;
use model::Day;
use policy::declare::{Column, Register};
use store::{RecordFile, StoreError, View};

/// Answers that are shown all at once in the form of a step, at most.
const TAPPED_MAX: usize = 8;

/// A step that the reader's role may take from this state.
pub struct RecordStep {
    pub name: String,
    pub label: String,
    /// Why not yet, and what would make it pass.
    pub refusal: Option<(String, String)>,
    /// What still has to be filled in, by label.
    pub missing: String,
    pub fields: Vec<AskedField>,
    /// The step asks for files.
    pub has_files: bool,
    /// Which days follow from the step if it is taken today.
    pub days: Option<String>,
    /// How many have agreed, and who.
    pub agreed: Option<String>,
    /// Sending back instead.
    pub back: Option<BackForm>,
}

/// The form that sends a record back.
pub struct BackForm {
    /// States by name and label.
    pub states: Vec<(String, String)>,
    pub reason: AskedField,
}

/// A step that others take.
pub struct OtherStep {
    pub label: String,
    pub roles: String,
}

/// The fields that a step asks for: those it needs, and those it asks for besides; the photo of its notice, and the reason
/// where it stops a deadline.
pub fn asked_fields<'r>(register: &'r Register, step: &str) -> Vec<&'r Column> {
    let declared = register.step.iter().find(|declared| declared.name == step);
    let names = declared.into_iter().flat_map(|step| {
        let stops = !step.stops_clock.is_empty() || !step.resumes_clock.is_empty();
        let photo = step.publicity.as_ref().and_then(|publicity| publicity.photo.as_ref());
        step.required.iter().chain(&step.asks).chain(photo).chain(step.reason.as_ref().filter(|_| stops))
    });
    let mut fields: Vec<&Column> = names.filter_map(|name| register.field_named(name)).collect();
    fields.retain(|column| column.is_entered());
    fields.dedup_by_key(|column| column.name.as_str());
    fields
}

/// Steps that leave the record's state. `sent`: the step whose form was refused, with what was typed and what does not fit.
///
/// # Errors
/// What the store says.
pub fn record_steps(
    view: &View,
    catalog: &Catalog<'_>,
    register: &Register,
    file: &RecordFile,
    today: Day,
    sent: Option<(String, Typed, Faults)>,
) -> Result<Vec<RecordStep>, StoreError> {
    let asking = Asking { catalog: *catalog, view, today, register };
    let step = |offer: &Offer| {
        let sent = sent.as_ref().filter(|(name, ..)| *name == offer.step);
        record_step(&asking, file, offer, sent.map(|(_, typed, faults)| (typed, faults)))
    };
    file.course.offers.iter().map(step).collect()
}

fn record_step(
    asking: &Asking<'_>,
    file: &RecordFile,
    offer: &Offer,
    sent: Option<(&Typed, &Faults)>,
) -> Result<RecordStep, StoreError> {
    let Asking { catalog, register, .. } = asking;
    let language = catalog.language;
    let stored = |column: &Column| file.fields.iter().find(|stored| stored.name == column.name);
    let is_known = |column: &Column| stored(column).is_some_and(|stored| !stored.value.is_null());
    let mut fields = Vec::new();
    let mut missing = Vec::new();
    for column in asked_fields(register, &offer.step) {
        let is_needed = offer.required.contains(&column.name);
        if is_needed && !is_known(column) {
            missing.push(catalog.column_label(column));
        } else if is_needed && sent.is_none() {
            continue;
        }
        let name = field_name(&column.name);
        let (typed, fault) = match (sent, stored(column)) {
            (Some((typed, faults)), _) => (typed.texts(&name).to_vec(), faults.get(&name).cloned()),
            (None, Some(stored)) if !stored.masked => (typed_texts(column, &stored.value), None),
            _ => (Vec::new(), None),
        };
        let mut field = asking.field(column, name, &typed, fault)?;
        field.id = format!("{}.{}", offer.step, column.name);
        field.required = is_needed && !is_known(column);
        // What a step hangs on is chosen with one tap where there are few answers.
        if field.required && field.control == "choice" && field.choices.len() <= TAPPED_MAX {
            field.control = "radios";
        }
        fields.push(field);
    }
    let refusal = offer.refusal.as_ref().map(|refusal| {
        let (why, hint) = (refusal.what.of(language), refusal.hint.of(language));
        (why.to_owned(), hint.to_owned())
    });
    Ok(RecordStep {
        name: offer.step.clone(),
        label: language.pick(&offer.label, &offer.label_en).to_owned(),
        refusal,
        missing: missing.join(language.say("list_comma")),
        days: offer
            .preview
            .as_ref()
            .map(|preview| language.pick(preview.sentence.chinese(), preview.sentence.english()).to_owned()),
        agreed: agreed(catalog, file, offer),
        back: back_form(asking, offer)?,
        has_files: fields.iter().any(|field| field.control == "files"),
        fields,
    })
}

/// `已有 1 人办理,共需 2 人:安(乡镇经办,2024-06-16)`; nothing where one is enough.
fn agreed(catalog: &Catalog<'_>, file: &RecordFile, offer: &Offer) -> Option<String> {
    let (language, tally) = (catalog.language, offer.tally?);
    let counted = language.fill("step_agreed", &[("given", &tally.given), ("needed", &tally.needed)]);
    let own = file.course.approvals.iter().filter(|one| one.step == offer.step);
    let who: Vec<String> = own
        .map(|one| {
            let role = catalog.role(&one.role);
            language.fill("step_agreed_who", &[("who", &one.who), ("role", &role), ("day", &one.on)])
        })
        .collect();
    Some(if who.is_empty() { counted } else { format!("{counted} {}", who.join(language.say("list_semicolon"))) })
}

/// Whoever may take the step may send back; the reason is asked for anew each time.
fn back_form(asking: &Asking<'_>, offer: &Offer) -> Result<Option<BackForm>, StoreError> {
    let Asking { catalog, register, .. } = asking;
    let step = register.step.iter().find(|step| step.name == offer.step);
    let reason = step.and_then(|step| register.field_named(step.reason.as_ref()?));
    let Some(reason) = reason.filter(|_| !offer.returns_to.is_empty()) else { return Ok(None) };
    let label = |state: &String| {
        let label = register.state_named(state).map(|state| catalog.language.pick(&state.label, &state.label_en));
        (state.clone(), label.unwrap_or(state).to_owned())
    };
    let states = offer.returns_to.iter().map(label).collect();
    let mut reason = asking.field(reason, field_name(&reason.name), &[], None)?;
    reason.id = format!("back.{}.{}", offer.step, reason.name);
    reason.required = true;
    Ok(Some(BackForm { states, reason }))
}

/// Steps that leave the state and that the reader's role never takes, with the roles that do.
pub fn other_steps(catalog: &Catalog<'_>, register: &Register, file: &RecordFile) -> Vec<OtherStep> {
    let Some(state) = &file.state else { return Vec::new() };
    let is_final = register.state_named(state).is_some_and(|state| state.is_final);
    let leaves = |step: &&policy::declare::Step| !is_final && step.from.contains(state);
    let is_offered = |name: &str| file.course.offers.iter().any(|offer| offer.step == name);
    let others = register.step.iter().filter(leaves).filter(|step| !is_offered(&step.name));
    let shown = others.map(|step| {
        let roles: Vec<String> = step.roles.iter().map(|role| catalog.role(role)).collect();
        OtherStep {
            label: catalog.language.pick(&step.label, &step.label_en).to_owned(),
            roles: roles.join(catalog.language.say("list_comma")),
        }
    });
    shown.collect()
}
