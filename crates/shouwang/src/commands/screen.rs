//! `shouwang screen`: all households, all rules.

use super::Said;
use crate::arguments::Screen;
use crate::installation::Installation;
use crate::jobs::screen::{Order, Report, screen};
use crate::progress::Terminal;
use crate::trouble::Outcome;

/// Screens the installation's place and puts the leads in force.
///
/// # Errors
/// See [`screen`].
pub fn run(arguments: &Screen) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    let order = Order {
        region: installation.settings.region,
        day: arguments.day,
        known: arguments.known,
        threads: arguments.threads,
    };
    let report = screen(&installation, &order, &mut Terminal::new())?;
    Ok(Said::new(lines_of(&report), &report))
}

/// What a screening found, in a few lines.
pub fn lines_of(report: &Report) -> Vec<String> {
    let mut lines = vec![format!(
        "筛查 {} 户(数据日期 {},知悉日期 {}):线索 {} 条,其中新增 {} 条、更新 {} 条、证据消失 {} 条;数据疑点 {} 处",
        report.households,
        report.day,
        report.known,
        report.leads,
        report.raised,
        report.changed,
        report.lapsed,
        report.quality
    )];
    for (rule, why) in &report.not_run {
        lines.push(format!("  规则 {rule} 未运行:{why}"));
    }
    lines
}
