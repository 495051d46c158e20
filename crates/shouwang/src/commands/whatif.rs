//! `shouwang whatif`: who would come in and who would go out if a parameter were different. Writes nothing.

use super::Said;
use crate::arguments::WhatIf;
use crate::installation::Installation;
use crate::jobs::export::label_of;
use crate::jobs::screen::{Order, compute};
use crate::progress::Terminal;
use crate::trouble::{Outcome, Trouble};
use model::{Decimal, Fen, Lead, Level, RegionCode, Value};
use policy::Package;
use policy::declare::ParameterUnit;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The difference between two screenings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub before: u64,
    pub after: u64,
    pub came_in: u64,
    pub went_out: u64,
    /// Risk: came in, went out.
    pub by_risk: BTreeMap<String, (u64, u64)>,
    /// Township: came in, went out.
    pub by_township: BTreeMap<RegionCode, (u64, u64)>,
}

/// Screens twice and compares.
///
/// # Errors
/// When a parameter does not exist, a value does not fit its unit, or the screening fails.
pub fn run(arguments: &WhatIf) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    let package = &installation.package;
    let overrides = arguments.set.iter().map(|set| override_of(package, set)).collect::<Outcome<BTreeMap<_, _>>>()?;
    let order = Order {
        region: installation.settings.region,
        day: arguments.day,
        known: arguments.known,
        threads: None,
    };
    let mut progress = Terminal::new();
    let (before, _) = compute(&installation, &order, BTreeMap::new(), &mut progress)?;
    let (after, _) = compute(&installation, &order, overrides, &mut progress)?;
    drop(progress);
    let difference = difference(&before.leads, &after.leads);
    Ok(Said::new(lines_of(package, &difference), &difference))
}

/// Reads `<parameter>=<value>`: money in yuan, rates as decimals.
fn override_of(package: &Package, text: &str) -> Outcome<(String, Value)> {
    let wrong = |what: String| Trouble::new(what, "写法:--set <参数>=<值>,金额以元为单位,比例写小数,例如 --set line=7500");
    let (name, written) = text.split_once('=').ok_or_else(|| wrong(format!("`{text}` 中没有等号")))?;
    let (name, written) = (name.trim(), written.trim());
    let parameter =
        package.parameters.get(name).ok_or_else(|| wrong(format!("政策包里没有名为 {name} 的参数")))?;
    let unfit = || wrong(format!("“{}”的值 `{written}` 与其单位不符", parameter.label));
    let value = match parameter.unit {
        ParameterUnit::Fen => {
            let yuan: Decimal = written.parse().map_err(|_| unfit())?;
            let fen = yuan.checked_mul(Decimal::ONE_HUNDRED).filter(|fen| fen.fract().is_zero()).ok_or_else(unfit)?;
            Value::Fen(Fen(fen.try_into().map_err(|_| unfit())?))
        }
        ParameterUnit::Rate => Value::Decimal(written.parse().map_err(|_| unfit())?),
        ParameterUnit::Int | ParameterUnit::Days | ParameterUnit::Months => {
            Value::Int(written.parse().map_err(|_| unfit())?)
        }
        ParameterUnit::Bool => Value::Bool(written.parse().map_err(|_| unfit())?),
    };
    Ok((name.to_owned(), value))
}

/// Households with a lead on one side only.
fn difference(before: &[Lead], after: &[Lead]) -> Difference {
    let set = |leads: &[Lead]| leads.iter().map(|lead| lead.household_no).collect::<BTreeSet<_>>();
    let (old, new) = (set(before), set(after));
    let mut found =
        Difference { before: before.len() as u64, after: after.len() as u64, ..Difference::default() };
    for lead in after.iter().filter(|lead| !old.contains(&lead.household_no)) {
        found.came_in += 1;
        found.by_risk.entry(lead.risk.clone()).or_default().0 += 1;
        found.by_township.entry(lead.region.at(Level::Township)).or_default().0 += 1;
    }
    for lead in before.iter().filter(|lead| !new.contains(&lead.household_no)) {
        found.went_out += 1;
        found.by_risk.entry(lead.risk.clone()).or_default().1 += 1;
        found.by_township.entry(lead.region.at(Level::Township)).or_default().1 += 1;
    }
    found
}

fn lines_of(package: &Package, difference: &Difference) -> Vec<String> {
    let mut lines = vec![format!(
        "试算:线索由 {} 户变为 {} 户,新进 {} 户,退出 {} 户(未写入任何数据)",
        difference.before, difference.after, difference.came_in, difference.went_out
    )];
    let risks = package.codes.get("risk_type");
    for (risk, (came_in, went_out)) in &difference.by_risk {
        lines.push(format!("  {}:进 {came_in} 出 {went_out}", label_of(risks, risk, false)));
    }
    for (township, (came_in, went_out)) in &difference.by_township {
        lines.push(format!("  {}:进 {came_in} 出 {went_out}", package.divisions.name(*township)));
    }
    lines
}
