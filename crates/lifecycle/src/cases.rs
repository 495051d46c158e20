//! Runs the cases of a package, with those that ask whether a step may be taken.

use crate::{Asked, Command, decide};
use policy::{CaseReport, Package, StepCase, run_cases_with};

/// Runs all cases of the package: values, checks and constraints as `policy` does, steps by `decide`.
pub fn run_cases(package: &Package) -> CaseReport {
    run_cases_with(package, &why_not)
}

/// Accounts that stand for who entered the record of a case and for somebody else.
const WHO_ENTERED: &str = "who entered";
const SOMEBODY: &str = "somebody else";

fn why_not(package: &Package, case: &StepCase<'_>) -> Option<String> {
    let register = package.registers.get(case.register)?;
    let asked = Asked {
        state: case.state,
        entered_state_on: case.since,
        entered_by: Some(WHO_ENTERED),
        changed_by: &[],
        account: if case.asked.is_own { WHO_ENTERED } else { SOMEBODY },
        role: &case.asked.role,
        filled: &case.filled,
        children: &case.children,
        calendar: &package.calendar,
        today: case.day,
    };
    decide(register, Command::Step(&case.asked.name), &asked)
        .err()
        .map(|refusal| format!("{};{}", refusal.why, refusal.hint))
}
