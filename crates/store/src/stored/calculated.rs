//! The calculated fields of a record, calculated anew.

use super::record::StoredRecord;
use super::tables::RegisterTable;
use crate::Declarations;
use model::Day;
use policy::record::{Setting, calculate};

/// A record with what is calculated calculated anew. In a locked or final state only what was
/// unknown is filled in.
pub(crate) fn calculated_again(
    declarations: &Declarations,
    table: &RegisterTable,
    stored: &StoredRecord,
    today: Day,
) -> StoredRecord {
    let place = stored.meta.place.unwrap_or(declarations.region);
    let parameters = |name: &str| declarations.parameters.value(name, place, today);
    let state = stored.meta.state.as_deref();
    let mut now = stored.clone();
    let StoredRecord { fields, children, .. } = &mut now;
    children.resize(table.children.len(), Vec::new());
    let setting = Setting { state: state.unwrap_or_default(), parameters: &parameters, today };
    calculate(&table.register, &table.form, fields, children, &setting);
    let declared = state.and_then(|state| table.register.state_named(state));
    if declared.is_some_and(|state| state.is_locked || state.is_final) {
        let rows = children.iter_mut().flatten().zip(stored.children.iter().flatten());
        for (new, old) in
            rows.map(|(new, old)| (new.as_mut_slice(), old)).chain([(fields.as_mut_slice(), &stored.fields)])
        {
            for (new, old) in new.iter_mut().zip(old).filter(|(_, old)| !old.is_null()) {
                *new = old.clone();
            }
        }
    }
    now
}
