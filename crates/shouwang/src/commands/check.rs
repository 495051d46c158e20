//! `shouwang check`: every mistake of a package, and all its cases.

use super::Said;
use crate::arguments::Check;
use crate::trouble::{Outcome, Trouble};
use lifecycle::run_cases;
use policy::Package;
use serde_json::json;
use words::{Wording, advice, wording};

/// Loads the package and runs its cases.
///
/// # Errors
/// With every mistake, each with file, line, caret and hint; or with every case that fails.
pub fn run(arguments: &Check) -> Outcome<Said> {
    let package = Package::load(&arguments.package, &arguments.overlay).map_err(|problems| {
        let count = problems.0.iter().filter(|problem| problem.is_error()).count();
        let package = arguments.package.display();
        Trouble::of(advice!("package_checked_with_mistakes", problems, package, count))
    })?;
    let report = run_cases(&package);
    if !report.failed.is_empty() {
        let failed: Vec<String> = report.failed.iter().map(ToString::to_string).collect();
        let (count, passed) = (failed.len(), report.passed);
        return Err(Trouble::of(advice!("cases_fail", cases = failed.join("\n"), count, passed)));
    }
    let mut lines: Vec<Wording> = package.warnings.iter().map(Wording::same).collect();
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
    let summary = json!({
        "package": package.head.name, "registers": package.registers.len(), "sources": package.sources.len(),
        "facts": package.facts.len(), "rules": package.rules.len(), "parameters": package.parameters.len(),
        "unset": unset, "cases": report.passed, "warnings": package.warnings.len(),
    });
    Ok(Said::new(lines, &summary))
}
