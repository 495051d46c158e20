//! Fields and child records that must be there.

use crate::asked::StepContext;
use crate::refusal::{Refusal, RefusalKind, refusal};
use crate::register::{child_label, field_label};
use policy::declare::Register;
use words::Wording;

/// Every one of these fields is filled.
pub(crate) fn fields(
    register: &Register,
    what: &Wording,
    needed: &[&String],
    asked: &StepContext<'_>,
) -> Result<(), Refusal> {
    let missing: Vec<&String> =
        needed.iter().copied().filter(|field| !asked.filled.contains(&field.as_str())).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let fields = words::list(missing.iter().map(|name| field_label(register, name)));
    let kind = RefusalKind::Missing(missing.into_iter().cloned().collect());
    Err(refusal!("fields_missing", kind, step = *what, fields))
}

/// Of every one of these kinds there is a child record.
pub(crate) fn children(
    register: &Register,
    what: &Wording,
    needed: &[String],
    asked: &StepContext<'_>,
) -> Result<(), Refusal> {
    let missing: Vec<&String> = needed.iter().filter(|kind| !asked.children.contains(&kind.as_str())).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let kinds = words::list(missing.iter().map(|name| child_label(register, name)));
    let kind = RefusalKind::MissingChild(missing.into_iter().cloned().collect());
    Err(refusal!("child_records_missing", kind, step = *what, kinds))
}
