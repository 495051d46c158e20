//! What follows from a step that moves its record: effects elsewhere, and what happened to the record itself.

use crate::asked::StepContext;
use crate::condition::{value, value_of};
use crate::course::Course;
use crate::effect::{Effect, RecordNamed};
use crate::history::Event;
use crate::refusal::{Refusal, RefusalKind, refusal};
use crate::register::{field_label, step_label};
use crate::wait::Term;
use model::Value;
use policy::declare::{Advances, Opens, Register, Step};
use policy::expression::names_of;
use policy::{Carried, CarriedField};

/// All effects of the step, in the order in which they are to be done.
pub(crate) fn effects(
    register: &Register,
    step: &Step,
    at: usize,
    put_up: Option<Term>,
    asked: &StepContext<'_>,
    course: &Course<'_>,
) -> Result<Vec<Effect>, Refusal> {
    let form = course.form.steps.get(at);
    let maker = Maker { register, step, asked, course };
    let mut effects: Vec<Effect> = taken_down(register, course).into_iter().collect();
    effects.extend(put_up.map(|Term { from, last_day, free_on }| Effect::PutUp { from, last_day, free_on }));
    effects.extend(clock_effects(register, step, asked, course));
    for (index, declared) in step.opens.iter().enumerate() {
        effects.push(maker.open(declared, form.and_then(|form| form.opens.get(index)))?);
    }
    for (index, declared) in step.advances.iter().enumerate() {
        effects.push(maker.advance(declared, form.and_then(|form| form.advances.get(index)))?);
    }
    effects.extend(step.document.iter().map(|name| Effect::Document { name: name.clone() }));
    if !step.notifies.is_empty() {
        effects.push(Effect::Notify { roles: step.notifies.clone() });
    }
    Ok(effects)
}

/// The notice of the state that is left comes down, unless it is down already or stays.
pub(crate) fn taken_down(register: &Register, course: &Course<'_>) -> Option<Effect> {
    let notice = course.position.notice.as_ref().filter(|notice| !notice.is_down)?;
    let step = register.step.iter().find(|step| step.name == notice.step)?;
    step.publicity.as_ref().filter(|publicity| publicity.takes_down).map(|_| Effect::TakeDown)
}

/// Clocks that run are stopped, those that stand still run again; others are left alone.
fn clock_effects(register: &Register, step: &Step, asked: &StepContext<'_>, course: &Course<'_>) -> Vec<Effect> {
    let reason = step.reason.as_ref().map(|field| value_of(register, field, asked, course).to_string());
    let reason = reason.unwrap_or_default();
    let is_stopped = |deadline: &&String| course.position.running(deadline).map(|clock| clock.is_stopped());
    let stop = step.stops_clock.iter().filter(|deadline| is_stopped(deadline) == Some(false));
    let resume = step.resumes_clock.iter().filter(|deadline| is_stopped(deadline) == Some(true));
    let stop = stop.map(|deadline| Effect::StopClock { deadline: deadline.clone(), reason: reason.clone() });
    let resume = resume.map(|deadline| Effect::ResumeClock { deadline: deadline.clone(), reason: reason.clone() });
    stop.chain(resume).collect()
}

/// What happened to the record with a step that moves it.
pub(crate) fn events(step: &Step, effects: &[Effect], days: Option<u16>, asked: &StepContext<'_>) -> Vec<Event> {
    let on = asked.today;
    let mut events = Vec::new();
    let mut after = Vec::new();
    for effect in effects {
        match effect {
            Effect::TakeDown => events.push(Event::TakenDown { on }),
            Effect::StopClock { deadline, reason } => {
                events.push(Event::ClockStopped { deadline: deadline.clone(), on, reason: reason.clone() });
            }
            Effect::ResumeClock { deadline, reason } => {
                events.push(Event::ClockResumed { deadline: deadline.clone(), on, reason: reason.clone() });
            }
            Effect::PutUp { .. } => {
                let in_working_days = step.publicity.as_ref().is_some_and(|publicity| publicity.in_working_days);
                let days = days.unwrap_or_default();
                after.push(Event::PutUp { step: step.name.clone(), on, days, in_working_days });
            }
            Effect::Open { .. } | Effect::Advance { .. } | Effect::Document { .. } | Effect::Notify { .. } => {}
        }
    }
    events.push(Event::Reached { state: step.to.clone(), on });
    events.extend(after);
    events
}

/// Makes effects with fields.
struct Maker<'a> {
    register: &'a Register,
    step: &'a Step,
    asked: &'a StepContext<'a>,
    course: &'a Course<'a>,
}

impl Maker<'_> {
    fn open(&self, declared: &Opens, form: Option<&Vec<CarriedField>>) -> Result<Effect, Refusal> {
        let fields = self.carried(form.map(Vec::as_slice), declared.fields.len())?;
        let key = declared.key.iter().filter_map(|name| fields.iter().find(|(field, _)| field == name).cloned());
        Ok(Effect::Open { register: declared.register.clone(), key: key.collect(), fields })
    }

    fn advance(&self, declared: &Advances, form: Option<&Vec<CarriedField>>) -> Result<Effect, Refusal> {
        let fields = self.carried(form.map(Vec::as_slice), declared.fields.len())?;
        let here = |name: &String| match value_of(self.register, name, self.asked, self.course) {
            Value::Null => Err(self.incomplete([name.as_str()].into_iter())),
            value => Ok(value),
        };
        let of = match &declared.of {
            Some(field) => RecordNamed::Key(here(field)?),
            None => {
                let pairs = declared.matching.iter().map(|(there, field)| Ok((there.clone(), here(field)?)));
                RecordNamed::Fields(pairs.collect::<Result<_, Refusal>>()?)
            }
        };
        Ok(Effect::Advance { register: declared.register.clone(), step: declared.step.clone(), of, fields })
    }

    /// The values that go over; those that are unknown and not needed there are left out.
    fn carried(&self, form: Option<&[CarriedField]>, count: usize) -> Result<Vec<(String, Value)>, Refusal> {
        let Some(form) = form.filter(|form| form.len() == count) else {
            return if count == 0 { Ok(Vec::new()) } else { Err(self.incomplete(std::iter::empty())) };
        };
        let mut fields = Vec::with_capacity(count);
        for one in form {
            let value = match &one.from {
                Carried::Field(name) => value_of(self.register, name, self.asked, self.course),
                Carried::Value(expr) => value(self.register, expr, self.asked, self.course),
            };
            match value {
                Value::Null if one.is_needed => return Err(self.unknown(&one.from)),
                Value::Null => {}
                value => fields.push((one.field.clone(), value)),
            }
        }
        Ok(fields)
    }

    fn unknown(&self, from: &Carried) -> Refusal {
        match from {
            Carried::Field(name) => self.incomplete([name.as_str()].into_iter()),
            Carried::Value(expr) => {
                let read = names_of(expr);
                let is_unknown =
                    |name: &&String| *name != "day" && value_of(self.register, name, self.asked, self.course).is_null();
                self.incomplete(read.iter().filter(is_unknown).map(String::as_str))
            }
        }
    }

    /// What follows needs values that this record does not have.
    fn incomplete<'n>(&self, names: impl Iterator<Item = &'n str>) -> Refusal {
        let names: Vec<&str> = names.collect();
        let fields = words::list(names.iter().map(|name| field_label(self.register, name)));
        let kind = RefusalKind::Missing(names.iter().map(|name| (*name).to_owned()).collect());
        refusal!("carried_fields_missing", kind, step = step_label(self.step), fields)
    }
}
