//! What a case asks of a step, whose answer stands elsewhere.

use super::failure::{Failure, failure, same};
use super::given;
use crate::declare::{Case, CaseStep};
use crate::expression::Typed;
use crate::package::Package;
use model::{Day, RegionCode, Type, Value};
use words::{Advice, Wording, advice, wording};

/// A step that a register's case asks for.
pub struct StepCase<'a> {
    pub register: &'a str,
    pub asked: &'a CaseStep,
    pub state: &'a str,
    /// One value per declared field, calculated ones filled.
    pub fields: &'a [Value],
    /// Fields of the record that are filled.
    pub filled: Vec<&'a str>,
    /// Fields that the case gives.
    pub given: Vec<&'a str>,
    /// Kinds of child record of which there is at least one.
    pub children: Vec<&'a str>,
    /// Parameters without `p.`, at the case's place on a day; `Null` where they are unset.
    pub parameters: &'a dyn Fn(&str, Day) -> Value,
    pub region: RegionCode,
    /// Today, and the day on which the state was entered.
    pub day: Day,
    pub since: Day,
}

/// A step that may be taken: where it leads, and what follows from it, a line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepTaken {
    pub to: String,
    pub effects: Vec<String>,
}

/// Answers whether a step may be taken, or says why not.
pub type StepJudge<'a> = &'a dyn Fn(&Package, &StepCase<'_>) -> Result<StepTaken, Wording>;

/// Compares an answer with what the case expects of it.
pub(super) fn compare(case: &Case, answer: Result<StepTaken, Wording>) -> Result<(), Failure> {
    let expected = given::expected(&case.expect, &Typed::of(Type::Bool))?;
    let may = Value::Bool(answer.is_ok());
    same("expect", &expected, &may, || answer.as_ref().err().cloned().unwrap_or_default())?;
    let Ok(taken) = answer else { return Ok(()) };
    if let Some(to) = case.to.as_ref().filter(|to| **to != taken.to) {
        let what = wording!("case_state_led_to", expected = to, found = taken.to);
        return Err(failure("to", Advice { what, hint: Wording::default() }));
    }
    match &case.effects {
        Some(effects) if *effects != taken.effects => {
            let (expected, found) = (effects.join(";"), taken.effects.join(";"));
            Err(failure("effects", advice!("case_effects", expected, found)))
        }
        _ => Ok(()),
    }
}
