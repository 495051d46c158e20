//! Several persons must agree before the state moves.

use crate::asked::StepContext;
use crate::course::Course;
use crate::history::Approval;
use crate::refusal::{Refusal, RefusalKind, refusal};
use crate::register::step_label;
use crate::transition::Tally;
use policy::declare::{Approvals, Step};
use std::collections::BTreeSet;

/// How many of these have agreed to the step, and how many must; `None` where one person is enough.
pub fn tally(step: &Step, approvals: &[Approval]) -> Option<Tally> {
    let needed = match step.approvals? {
        Approvals::AtLeast(count) => count,
        Approvals::Every(_) => u16::try_from(step.roles.iter().collect::<BTreeSet<_>>().len()).unwrap_or(u16::MAX),
    };
    let given = counted(step, approvals).count();
    Some(Tally { given: u16::try_from(given).unwrap_or(u16::MAX), needed })
}

/// The roles from which those come who must still agree: those that have not where one of each must, else all that may. None
/// where nobody is missing.
pub fn still_needed(step: &Step, approvals: &[Approval]) -> Vec<String> {
    if tally(step, approvals).is_none_or(Tally::is_full) {
        return Vec::new();
    }
    let is_each = matches!(step.approvals, Some(Approvals::Every(_)));
    let has_agreed = |role: &String| counted(step, approvals).any(|one| one.role == *role);
    let mut roles: Vec<String> = step.roles.iter().filter(|role| !is_each || !has_agreed(role)).cloned().collect();
    roles.dedup();
    roles
}

fn counted<'a>(step: &'a Step, approvals: &'a [Approval]) -> impl Iterator<Item = &'a Approval> {
    approvals.iter().filter(|one| one.step == step.name && step.roles.contains(&one.role))
}

/// How many have agreed since the state was entered, before this command; `None` where one person is enough.
pub(crate) fn so_far(step: &Step, course: &Course<'_>) -> Option<Tally> {
    tally(step, &course.position.approvals)
}

/// The person has not agreed yet, nor has the office where one of each must.
pub(crate) fn may_agree(step: &Step, role: &str, asked: &StepContext<'_>, course: &Course<'_>) -> Result<(), Refusal> {
    let mut before = course.position.approvals.iter().filter(|one| one.step == step.name);
    let is_each = matches!(step.approvals, Some(Approvals::Every(_)));
    let Some(one) = before.find(|one| one.account == asked.account || (is_each && one.role == role)) else {
        return Ok(());
    };
    let (kind, label) = (RefusalKind::AlreadyApproved, step_label(step));
    Err(match one.account == asked.account {
        true => refusal!("approved_by_you", kind, step = label, day = one.on),
        false => refusal!("approved_by_your_role", kind, step = label, day = one.on),
    })
}
