//! A record on its way in: filled in with what is calculated, then held against what must be true.

use super::change::UnitOfWork;
use super::draft::Draft;
use super::lookups::Lookups;
use crate::RefusedRow;
use crate::stored::record::RecordMeta;
use crate::stored::tables::RegisterTable;
use model::{RecordId, RegionCode, Value};
use policy::record::{Setting, broken_constraints, calculate, failed_checks};
use words::Advice;

/// What is wrong with a record, and what is only remarkable.
#[derive(Default)]
pub(super) struct Verdict {
    pub(super) refused: Option<RefusedRow>,
    pub(super) remarks: Vec<RefusedRow>,
    /// One of the remarks is that somebody is in two households.
    pub(super) in_two_households: bool,
}

impl UnitOfWork<'_> {
    /// Values of parameters at a place today.
    pub(super) fn parameters_at(&self, place: Option<RegionCode>) -> impl Fn(&str) -> Value {
        let place = place.unwrap_or(self.inner.declarations.region);
        let (book, today) = (self.inner.declarations.parameters.clone(), self.now.day);
        move |name: &str| book.value(name, place, today)
    }

    /// Fills in the fields that are calculated from others, as of this place and state.
    pub(super) fn fill_derived(
        &self,
        table: &RegisterTable,
        draft: &mut Draft,
        place: Option<RegionCode>,
        state: Option<&str>,
    ) {
        let form = &table.form;
        if form.calculated.is_empty() && form.child_calculated.iter().all(Vec::is_empty) {
            return;
        }
        let parameters = self.parameters_at(place);
        let mut children = draft.children_or_none();
        children.resize(table.children.len(), Vec::new());
        let setting = Setting { state: state.unwrap_or_default(), parameters: &parameters, today: self.now.day };
        calculate(&table.register, form, &mut draft.fields, &mut children, &setting);
        if draft.children.is_some() {
            draft.children = Some(children);
        }
    }

    /// Holds a record, all its fields filled in, against the register's checks and constraints.
    pub(super) fn judge(
        &self,
        table: &RegisterTable,
        draft: &Draft,
        id: RecordId,
        meta: &RecordMeta,
        lookups: &Lookups<'_>,
    ) -> Verdict {
        let mut verdict = Verdict::default();
        let parameters = self.parameters_at(meta.place);
        let setting =
            Setting { state: meta.state.as_deref().unwrap_or_default(), parameters: &parameters, today: self.now.day };
        let said = |Advice { what, hint }: Advice, columns: &[String]| RefusedRow {
            row: draft.row,
            what,
            hint,
            columns: columns.to_vec(),
        };
        let missing = lookups.missing_reference(table, draft);
        verdict.refused = missing.or_else(|| lookups.unknown_account(table, draft, meta.place));
        for check in failed_checks(&table.register, &table.form, &draft.fields, &setting) {
            let row = said(check.advice(), &check.columns);
            match check.drops_row {
                true => drop(verdict.refused.get_or_insert(row)),
                false => verdict.remarks.push(row),
            }
        }
        let found = |lookup: &policy::LookupForm| lookups.value(table, lookup, draft, id, &setting);
        for broken in broken_constraints(&table.register, &table.form, &draft.fields, &found, &setting) {
            let row = said(broken.advice(), &broken.columns);
            match broken.warns {
                true => verdict.remarks.push(row),
                false => drop(verdict.refused.get_or_insert(row)),
            }
        }
        let elsewhere = lookups.memberships.remark(self, table, draft);
        verdict.in_two_households = elsewhere.is_some();
        verdict.remarks.extend(elsewhere);
        verdict
    }
}
