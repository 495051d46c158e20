//! Runs the cases that stand beside declarations: given values, expected value.

mod failure;
mod given;
mod record;
mod run;
mod setting;
mod step;

use crate::declare::{Case, Cases};
use crate::package::{Package, Thing};
use crate::problem::Problem;
use crate::text::FileText;
use failure::Failure;
use words::{Advice, wording};

pub use step::{StepCase, StepJudge, StepTaken};

/// How the cases of a package went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseReport {
    pub passed: usize,
    /// One problem per case that failed, at the line of what was expected.
    pub failed: Vec<Problem>,
}

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
    let what = wording!("case_fails", case = case.name, what = failure.what);
    file.problem(&format!("case.{at}.{}", failure.key), Advice { what, hint: failure.hint })
}

/// True for things that cases can stand beside.
pub(crate) fn has_cases(thing: Thing) -> bool {
    matches!(thing, Thing::Rule | Thing::Fact | Thing::Parameter | Thing::Indicator | Thing::Register)
}
