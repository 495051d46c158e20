//! `shouwang check`: every mistake of a package, and all its cases.

use super::{Said, lines, summary_of};
use crate::arguments::Check;
use crate::trouble::{Outcome, Trouble};
use lifecycle::run_cases;
use policy::{CaseReport, Package, Problem, Problems};
use serde_json::{Value, json};
use std::path::Path;
use words::{Wording, advice, wording};

/// Loads the package and runs its cases.
///
/// # Errors
/// With every mistake, each with file, line, caret and hint; or with every case that fails. Both have a summary of the same form as
/// that of a package that is in order.
pub fn run(arguments: &Check) -> Outcome<Said> {
    let package =
        Package::load(&arguments.package, &arguments.overlay).map_err(|problems| mistaken(arguments, &problems))?;
    let report = run_cases(&package);
    if !report.failed.is_empty() {
        return Err(failing(arguments, &package, &report));
    }
    let mut lines: Vec<Wording> = package.warnings.iter().map(Problem::wording).collect();
    let unset = package.parameters.values().filter(|parameter| parameter.value.iter().all(|value| value.unset)).count();
    lines.push(wording!(
        "package_passed",
        package = Wording::pair(&package.head.label, &package.head.label_en),
        registers = package.registers.len(),
        sources = package.sources.len(),
        facts = package.facts.len(),
        rules = package.rules.len(),
        parameters = package.parameters.len(),
        unset,
        cases = report.passed,
        warnings = package.warnings.len()
    ));
    let mut summary = summary(arguments, Some(&package.head.name), &package.warnings, &report);
    if let Some(counts) = summary.as_object_mut() {
        for (name, count) in [
            ("registers", package.registers.len()),
            ("sources", package.sources.len()),
            ("facts", package.facts.len()),
            ("rules", package.rules.len()),
            ("parameters", package.parameters.len()),
            ("unset", unset),
        ] {
            counts.insert(name.to_owned(), count.into());
        }
    }
    Ok(Said::new(lines, &summary))
}

fn mistaken(arguments: &Check, problems: &Problems) -> Trouble {
    let (package, count) = (arguments.package.display(), errors(&problems.0));
    let summary = summary(arguments, name_in(&arguments.package).as_deref(), &problems.0, &CaseReport::default());
    let advice = advice!("package_checked_with_mistakes", problems = problems.wording(), package, count);
    Trouble { summary: Some(summary_of(&summary)), ..Trouble::of(advice) }
}

fn failing(arguments: &Check, package: &Package, report: &CaseReport) -> Trouble {
    let cases: Vec<Wording> = report.failed.iter().map(Problem::wording).collect();
    let summary = summary(arguments, Some(&package.head.name), &package.warnings, report);
    let advice = advice!("cases_fail", cases = lines(&cases), count = cases.len(), passed = report.passed);
    Trouble { summary: Some(summary_of(&summary)), ..Trouble::of(advice) }
}

/// The name that `package.toml` says, also of a package with mistakes; `None` where it says none.
fn name_in(folder: &Path) -> Option<String> {
    let head: toml::Table = std::fs::read_to_string(folder.join("package.toml")).ok()?.parse().ok()?;
    Some(head.get("name")?.as_str()?.to_owned())
}

/// What is wrong, and how much of it. `package` is its name, null where none can be read; `path` its folder.
fn summary(arguments: &Check, package: Option<&str>, problems: &[Problem], report: &CaseReport) -> Value {
    json!({
        "package": package,
        "path": arguments.package.display().to_string(),
        "problems": problems.iter().map(of_problem).collect::<Vec<_>>(),
        "failed": report.failed.iter().map(of_problem).collect::<Vec<_>>(),
        "errors": errors(problems),
        "warnings": problems.len() - errors(problems),
        "cases": report.passed,
    })
}

fn errors(problems: &[Problem]) -> usize {
    problems.iter().filter(|problem| problem.is_error()).count()
}

/// One problem; line and column are counted from 1, columns in characters.
fn of_problem(problem: &Problem) -> Value {
    json!({
        "file": problem.file.display().to_string(),
        "line": problem.line,
        "column": problem.column,
        "gravity": if problem.is_error() { "error" } else { "warning" },
        "what": problem.what,
        "hint": problem.hint,
    })
}
