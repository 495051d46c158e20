//! `shouwang check`: every mistake of a package, and all its cases.

use super::Said;
use crate::arguments::Check;
use crate::trouble::{Outcome, Trouble};
use lifecycle::run_cases;
use policy::Package;
use serde_json::json;

/// Loads the package and runs its cases.
///
/// # Errors
/// With every mistake, each with file, line, caret and hint; or with every case that fails.
pub fn run(arguments: &Check) -> Outcome<Said> {
    let package = Package::load(&arguments.package, &arguments.overlay).map_err(|problems| {
        let count = problems.0.iter().filter(|problem| problem.is_error()).count();
        Trouble::new(
            [
                format!("{problems}\n政策包 {} 有 {count} 处错误", arguments.package.display()),
                format!("The package {} has {count} mistakes", arguments.package.display()),
            ],
            ["请逐条改正后重新检查", "Correct them one by one and check again."],
        )
    })?;
    let report = run_cases(&package);
    if !report.failed.is_empty() {
        let failed: Vec<String> = report.failed.iter().map(ToString::to_string).collect();
        let (count, passed) = (failed.len(), report.passed);
        return Err(Trouble::new(
            [
                format!("{}\n{count} 个用例不通过({passed} 个通过)", failed.join("\n")),
                format!("{count} cases fail ({passed} pass)"),
            ],
            ["请改正规则或用例后重新检查", "Correct the rules or the cases and check again."],
        ));
    }
    let mut lines: Vec<String> = package.warnings.iter().map(ToString::to_string).collect();
    let unset = package.parameters.values().filter(|parameter| parameter.value.iter().all(|value| value.unset)).count();
    lines.push(format!(
        "政策包 {} 检查通过:{} 个台账,{} 个数据源,{} 个事实,{} 条规则,{} 个参数(其中 {unset} 个待设定),{} 个用例全部通过,{} 条提醒",
        package.head.label,
        package.registers.len(),
        package.sources.len(),
        package.facts.len(),
        package.rules.len(),
        package.parameters.len(),
        report.passed,
        package.warnings.len()
    ));
    let summary = json!({
        "package": package.head.name, "registers": package.registers.len(), "sources": package.sources.len(),
        "facts": package.facts.len(), "rules": package.rules.len(), "parameters": package.parameters.len(),
        "unset": unset, "cases": report.passed, "warnings": package.warnings.len(),
    });
    Ok(Said::new(lines, &summary))
}
