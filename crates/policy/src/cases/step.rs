//! What a case asks of a step, whose answer stands elsewhere.

use crate::declare::CaseStep;
use crate::package::Package;
use model::Day;

/// A step that a register's case asks for.
#[derive(Clone, Debug)]
pub struct StepCase<'a> {
    pub register: &'a str,
    pub asked: &'a CaseStep,
    pub state: &'a str,
    /// Fields of the record that are filled.
    pub filled: Vec<&'a str>,
    /// Kinds of child record of which there is at least one.
    pub children: Vec<&'a str>,
    /// Today, and the day on which the state was entered.
    pub day: Day,
    pub since: Day,
}

/// Answers whether a step may be taken: `None` when it may, otherwise why not.
pub type StepJudge<'a> = &'a dyn Fn(&Package, &StepCase<'_>) -> Option<String>;
