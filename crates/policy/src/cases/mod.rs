//! Runs the cases that stand beside declarations: given values, expected value.

mod given;
mod record;
mod run;

use crate::declare::{Case, CaseStep, Cases};
use crate::package::{Package, Thing};
use crate::problem::Problem;
use crate::text::FileText;
use model::Day;
use run::Failure;

/// How the cases of a package went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseReport {
    pub passed: usize,
    /// One problem per case that failed, at the line of what was expected.
    pub failed: Vec<Problem>,
}

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

/// Runs all cases of rules, facts, parameters, indicators and registers, but for those that ask for a step: what may follow
/// is not decided here. See `run_cases_with`.
///
/// Given values have the declared type of their name: money in fen, decimals as text, days as TOML dates. Facts and fields
/// that are not given are unknown; parameters that are not given have the package's value at the case's day, day of
/// knowledge and place. Rows of an aggregate count only within its window.
pub fn run_cases(package: &Package) -> CaseReport {
    run_all(package, None)
}

/// As `run_cases`, with the steps of registers judged.
pub fn run_cases_with(package: &Package, judge: StepJudge<'_>) -> CaseReport {
    run_all(package, Some(judge))
}

fn run_all(package: &Package, judge: Option<StepJudge<'_>>) -> CaseReport {
    let mut report = CaseReport::default();
    for ((thing, name), file) in &package.case_texts {
        let Ok(cases) = toml::from_str::<Cases>(&file.text) else { continue };
        for (at, case) in cases.case.iter().enumerate() {
            if case.step.is_some() && judge.is_none() {
                continue;
            }
            match run::run(package, *thing, name, case, judge) {
                Ok(()) => report.passed += 1,
                Err(failure) => report.failed.push(problem(file, at, case, failure)),
            }
        }
    }
    report
}

fn problem(file: &FileText, at: usize, case: &Case, failure: Failure) -> Problem {
    file.at(&format!("case.{at}.{}", failure.key), format!("用例「{}」:{}", case.name, failure.message), failure.hint)
}

/// True for things that cases can stand beside.
pub(crate) fn has_cases(thing: Thing) -> bool {
    matches!(thing, Thing::Rule | Thing::Fact | Thing::Parameter | Thing::Indicator | Thing::Register)
}
