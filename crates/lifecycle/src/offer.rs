//! The steps that leave a state, as a page offers them.

use crate::approval;
use crate::asked::StepContext;
use crate::condition::is_met;
use crate::course::Course;
use crate::decide::with_nothing_known;
use crate::filled;
use crate::preview::{Preview, preview};
use crate::refusal::Refusal;
use crate::register::step_label;
use crate::step::{person_may, role_may, starts_here};
use crate::take::stands_open;
use crate::transition::Tally;
use policy::declare::{Register, Step};
use policy::expression::names_of;

/// A step that leaves the record's state, as a page offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub step: String,
    pub label: String,
    pub label_en: String,
    /// Fields to ask for.
    pub required: Vec<String>,
    /// Fields that are asked for besides, without need.
    pub asks: Vec<String>,
    /// What stands in the way besides fields still to be filled; `None` when the step may be taken.
    pub refusal: Option<Refusal>,
    /// States to which the record may be sent back instead.
    pub returns_to: Vec<String>,
    /// How many have agreed so far; `None` where one is enough.
    pub tally: Option<Tally>,
    /// Which days would follow from the step if it were taken today.
    pub preview: Option<Preview>,
}

/// As [`offers_with`], for a record of which no more is known than its state.
pub fn offers(register: &Register, asked: &StepContext<'_>) -> Vec<Offer> {
    with_nothing_known(asked, |course| offers_with(register, asked, course))
}

/// All steps that leave the record's state and that the role, or an office that the person acts for, may ever take, in
/// declared order.
pub fn offers_with(register: &Register, asked: &StepContext<'_>, course: &Course<'_>) -> Vec<Offer> {
    let leaving = register.step.iter().enumerate().filter(|(_, step)| starts_here(register, step, asked).is_ok());
    let may_take = leaving.filter_map(|(at, step)| Some((at, role_may(step, asked, course).ok()?)));
    may_take.map(|(at, acted_for)| offer(register, at, acted_for.as_deref(), asked, course)).collect()
}

fn offer(
    register: &Register,
    at: usize,
    acted_for: Option<&str>,
    asked: &StepContext<'_>,
    course: &Course<'_>,
) -> Offer {
    let step = &register.step[at];
    let days = preview(register, &step.name, asked, course);
    let refusal = in_the_way(register, at, acted_for.unwrap_or(asked.role), asked, course).err();
    Offer {
        step: step.name.clone(),
        label: step.label.clone(),
        label_en: step.label_en.clone(),
        required: required(step),
        asks: step.asks.clone(),
        refusal: refusal.or_else(|| days.as_ref().err().cloned()),
        returns_to: step.returns_to.clone(),
        tally: approval::so_far(step, course),
        preview: days.ok().flatten(),
    }
}

/// The photo and the reason are asked for like every other field that the step needs.
fn required(step: &Step) -> Vec<String> {
    let photo = step.publicity.as_ref().and_then(|publicity| publicity.photo.as_ref());
    let stops = !step.stops_clock.is_empty() || !step.resumes_clock.is_empty();
    let mut all = step.required.clone();
    for field in photo.into_iter().chain(step.reason.as_ref().filter(|_| stops)) {
        if !all.contains(field) {
            all.push(field.clone());
        }
    }
    all
}

fn in_the_way(
    register: &Register,
    at: usize,
    role: &str,
    asked: &StepContext<'_>,
    course: &Course<'_>,
) -> Result<(), Refusal> {
    let step = &register.step[at];
    person_may(step, asked)?;
    approval::may_agree(step, role, asked, course)?;
    stands_open(register, at, asked, course)?;
    // A condition over fields that the step itself asks for cannot be answered before they are filled.
    let form = course.form.steps.get(at).and_then(|form| form.when.as_ref());
    let read = form.map(names_of).unwrap_or_default();
    if !read.iter().any(|name| step.required.contains(name) || step.asks.contains(name)) {
        is_met(register, step, at, asked, course)?;
    }
    filled::children(register, &step_label(step), &step.required_child, asked)
}
