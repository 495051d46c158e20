//! `shouwang score`: how well the leads find the planted truth of a made-up place.

use super::{Said, risk_label};
use crate::arguments::Score;
use crate::installation::Installation;
use crate::jobs::screen::{Screening, compute};
use crate::progress::Terminal;
use crate::trouble::{Attempt, Outcome, Trouble};
use analysis::{Measure, Score as Scored, Truth};
use model::{Decimal, HouseholdNo};
use std::collections::BTreeMap;
use std::path::Path;
use words::{Wording, advice, wording};

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
    let text = std::fs::read_to_string(&path).attempt(|| advice!("truth_unread", path = path.display()))?;
    let mut lines = text.lines();
    let headings: Vec<&str> = lines.next().unwrap_or_default().trim_start_matches('\u{feff}').split(',').collect();
    let at = |name: &str| headings.iter().position(|heading| *heading == name);
    let wrong = || Trouble::of(advice!("truth_malformed", path = path.display()));
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

fn lines_of(installation: &Installation, scored: &Scored) -> Vec<Wording> {
    let Measure { in_need, visible, .. } = &scored.overall;
    let (households, leads) = (scored.households, scored.leads);
    let (unseen, rates) = (in_need - visible, rates_of(&scored.overall));
    let mut lines = vec![wording!("score_overall", households, in_need, unseen, leads, rates)];
    for at in &scored.visits {
        let rates = rates_of(&at.measure);
        lines.push(wording!("score_visits", per_hundred = at.per_hundred, visits = at.visits, rates));
    }
    lines.push(wording!("score_causes"));
    for (cause, measure) in &scored.causes {
        let risk = risk_label(&installation.package, cause);
        let Measure { in_need, visible, .. } = measure;
        lines.push(wording!("score_cause", risk, in_need, visible, rates = rates_of(measure)));
    }
    lines.push(wording!("score_made_up"));
    lines
}

fn rates_of(measure: &Measure) -> Wording {
    wording!(
        "score_rates",
        recall = share(measure.found, measure.in_need),
        recall_visible = share(measure.found_visible, measure.visible),
        precision = share(measure.found, measure.raised)
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
