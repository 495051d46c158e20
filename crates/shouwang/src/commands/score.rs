//! `shouwang score`: how well the leads find the planted truth of a made-up place.

use super::Said;
use crate::arguments::Score;
use crate::installation::Installation;
use crate::jobs::export::risk_label;
use crate::jobs::screen::{Screening, compute};
use crate::progress::Terminal;
use crate::trouble::{Attempt, Outcome, Trouble};
use analysis::{Measure, Score as Scored, Truth};
use model::{Decimal, HouseholdNo};
use std::collections::BTreeMap;
use std::path::Path;

/// Scores the leads of a screening with the registers and extracts as they are now; verified leads count as well.
///
/// # Errors
/// When there is no truth to compare with.
pub fn run(arguments: &Score) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    let truth = read_truth(&arguments.truth)?;
    let order = Screening { region: installation.settings.region, day: None, known: None, threads: None };
    let (outcome, _) = compute(&installation, &order, BTreeMap::new(), &mut Terminal::new())?;
    let scored = analysis::score(&outcome.leads, &truth, outcome.households);
    Ok(Said::new(lines_of(&installation, &scored), &scored))
}

fn read_truth(folder: &Path) -> Outcome<Vec<Truth>> {
    let path = folder.join("truth.csv");
    let text = std::fs::read_to_string(&path).attempt(
        || {
            let shown = path.display();
            [format!("无法读取真值文件 {shown}"), format!("The truth in {shown} cannot be read")]
        },
        [
            "请用 --truth 指定 shouwang sample 生成的 truth 目录",
            "Name the folder `truth` that `shouwang sample` made with --truth.",
        ],
    )?;
    let mut lines = text.lines();
    let headings: Vec<&str> = lines.next().unwrap_or_default().trim_start_matches('\u{feff}').split(',').collect();
    let at = |name: &str| headings.iter().position(|heading| *heading == name);
    let wrong = || {
        let shown = path.display();
        Trouble::new(
            [format!("真值文件 {shown} 内容有误"), format!("The truth in {shown} is not well formed")],
            ["请重新运行 shouwang sample", "Run `shouwang sample` again."],
        )
    };
    let (household, cause, visible) =
        (at("household_no").ok_or_else(wrong)?, at("cause").ok_or_else(wrong)?, at("visible_in").ok_or_else(wrong)?);
    lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let cell = |at: usize| cells.get(at).copied().unwrap_or_default().trim_matches('"');
            Ok(Truth {
                household_no: HouseholdNo::parse(cell(household)).ok_or_else(wrong)?,
                cause: cell(cause).to_owned(),
                visible: !cell(visible).is_empty(),
            })
        })
        .collect()
}

fn lines_of(installation: &Installation, scored: &Scored) -> Vec<String> {
    let all = &scored.overall;
    let mut lines = vec![format!(
        "{} 户中真值 {} 户(其中任何数据都看不到的 {} 户),线索 {} 条:{}",
        scored.households,
        all.in_need,
        all.in_need - all.visible,
        scored.leads,
        rates(all)
    )];
    for visits in &scored.visits {
        lines.push(format!(
            "  每百户走访 {} 户(前 {} 条):{}",
            visits.per_hundred,
            visits.visits,
            rates(&visits.measure)
        ));
    }
    lines.push("按致困原因:".to_owned());
    for (cause, measure) in &scored.causes {
        let label = risk_label(&installation.package, cause, false);
        lines.push(format!("  {label}(真值 {},可见 {}):{}", measure.in_need, measure.visible, rates(measure)));
    }
    lines.push("以上均为虚构数据的结果。".to_owned());
    lines
}

fn rates(measure: &Measure) -> String {
    format!(
        "查全率 {},可见者查全率 {},查准率 {}",
        share(measure.found, measure.in_need),
        share(measure.found_visible, measure.visible),
        share(measure.found, measure.raised)
    )
}

/// A share in per cent with one decimal; a dash for a share of nothing.
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let share = Decimal::from(part) * Decimal::ONE_HUNDRED / Decimal::from(whole);
    format!("{:.1}%", share)
}
