//! Fields and child records that must be there.

use crate::asked::StepContext;
use crate::refusal::{Refusal, RefusalKind};
use crate::register::{child_label, field_label};
use policy::declare::Register;

/// Every one of these fields is filled.
pub(crate) fn fields(
    register: &Register,
    what: [&str; 2],
    needed: &[&String],
    asked: &StepContext<'_>,
) -> Result<(), Refusal> {
    let missing: Vec<&String> =
        needed.iter().copied().filter(|field| !asked.filled.contains(&field.as_str())).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (chinese, english) = labels(missing.iter().map(|name| field_label(register, name)));
    Err(Refusal {
        kind: RefusalKind::Missing(missing.into_iter().cloned().collect()),
        why: format!("办理“{}”前须填写:{chinese}", what[0]),
        why_en: format!("“{}” needs: {english}", what[1]),
        hint: "填写后再次提交即可".to_owned(),
        hint_en: "Fill them in and submit again.".to_owned(),
    })
}

/// Of every one of these kinds there is a child record.
pub(crate) fn children(
    register: &Register,
    what: [&str; 2],
    needed: &[String],
    asked: &StepContext<'_>,
) -> Result<(), Refusal> {
    let missing: Vec<&String> = needed.iter().filter(|kind| !asked.children.contains(&kind.as_str())).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (chinese, english) = labels(missing.iter().map(|name| child_label(register, name)));
    Err(Refusal {
        kind: RefusalKind::MissingChild(missing.into_iter().cloned().collect()),
        why: format!("办理“{}”前须至少登记一条:{chinese}", what[0]),
        why_en: format!("“{}” needs at least one entry of: {english}", what[1]),
        hint: "在记录下面添加后再次提交即可".to_owned(),
        hint_en: "Add it below the record and submit again.".to_owned(),
    })
}

/// Labels in both languages, joined.
pub(crate) fn labels<'a>(labels: impl Iterator<Item = (&'a str, &'a str)>) -> (String, String) {
    let (chinese, english): (Vec<&str>, Vec<&str>) = labels.unzip();
    (chinese.join("、"), english.join(", "))
}
