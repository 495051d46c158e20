//! What a record's form holds between two looks: what was typed, what is known, and what was said about it.

use crate::http::trouble::PageError;
use crate::http::typed::Typed;
use crate::http::visit::Visit;
use crate::pages::records::known::KnownValue;
use crate::pages::records::record::Refused;
use crate::pages::records::record_entry::{EntryReader, Faults, field_name};
use crate::parts::catalog::Catalog;
use crate::parts::field::text_of;
use std::collections::BTreeMap;
use store::{ChangedSince, RecordFile, Refusal, RefusalKind};

/// Known values by the name of their field.
pub type KnownValues = BTreeMap<String, KnownValue>;

/// What a form holds and what was said about it.
#[derive(Default)]
pub struct FormState {
    pub typed: Typed,
    pub known: KnownValues,
    pub faults: Faults,
    pub refused: Option<Refused>,
    /// Page of the record that is there already.
    pub there: Option<String>,
    pub conflicts: Vec<Conflict>,
}

impl FormState {
    /// Takes in what the store refused: above the form, and at the fields that stand in the way.
    pub fn refuse(&mut self, visit: &Visit<'_>, refusal: &Refusal) -> Result<(), PageError> {
        let catalog = Catalog::new(visit.site, visit.preferences.language);
        if matches!(refusal.kind, RefusalKind::NotFound) {
            return Err(PageError::NotFound);
        }
        let refused = Refused::of(refusal, &catalog);
        self.faults.extend(refusal.fields.iter().map(|field| (field_name(field), refused.why.clone())));
        self.refused = Some(refused);
        Ok(())
    }
}

/// A field that changed meanwhile, and is not what was typed.
pub struct Conflict {
    pub label: String,
    pub now: String,
    /// Who changed it.
    pub by: String,
    pub typed: String,
}

/// Fields that changed since the form was opened and differ from what was typed.
pub fn conflicts(entry: &EntryReader<'_>, file: &RecordFile, since: &[ChangedSince]) -> Vec<Conflict> {
    let catalog = &entry.reader.catalog;
    let fields = entry.register.field.iter().zip(&file.fields);
    let corrected = fields.filter(|(column, stored)| entry.is_corrected(column) && !stored.masked);
    let differing = corrected.filter_map(|(column, stored)| {
        let changed = since.iter().find(|changed| changed.field == column.name)?;
        let typed = entry.value_or_null(&column.name);
        (typed != stored.value).then(|| Conflict {
            label: catalog.column_label(column),
            now: text_of(column, &stored.value, catalog),
            by: match (changed.is_system, changed.is_own) {
                (true, _) => catalog.language.say("conflict_by_system").to_owned(),
                (false, true) => catalog.language.say("conflict_by_you").to_owned(),
                (false, false) => changed.by.clone(),
            },
            typed: text_of(column, &typed, catalog),
        })
    });
    differing.collect()
}
