//! `shouwang whatif`: who would come in and who would go out if a parameter were different. Writes nothing.

use super::Said;
use crate::arguments::WhatIf;
use crate::installation::Installation;
use crate::jobs::export::risk_label;
use crate::jobs::refresh::refresh;
use crate::jobs::screen::{Screening, request};
use crate::progress::Terminal;
use crate::trouble::{Attempt, CHECK_MEMORY, Outcome, Trouble};
use analysis::{Change, WhatIf as Found};
use model::{Decimal, Fen, Value};
use policy::Package;
use policy::declare::ParameterUnit;
use std::collections::BTreeMap;

/// Screens twice and compares.
///
/// # Errors
/// When a parameter does not exist, a value does not fit its unit, or the screening fails.
pub fn run(arguments: &WhatIf) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    let package = &installation.package;
    let overrides = arguments.set.iter().map(|set| override_of(package, set)).collect::<Outcome<BTreeMap<_, _>>>()?;
    let order =
        Screening { region: installation.settings.region, day: arguments.day, known: arguments.known, threads: None };
    let mut progress = Terminal::new();
    refresh(&installation, &mut progress)?;
    let request = request(&installation, &order, BTreeMap::new())?;
    let found = analysis::what_if(&installation.lake, package, &request, &overrides, None)
        .attempt(|| ["试算未能完成", "The trial could not be finished"], CHECK_MEMORY)?;
    drop(progress);
    Ok(Said::new(lines_of(package, &found), &found))
}

/// Reads `<parameter>=<value>`: money in yuan, rates as decimals.
fn override_of(package: &Package, text: &str) -> Outcome<(String, Value)> {
    let wrong = |what: [String; 2]| {
        Trouble::new(
            what,
            [
                "写法:--set <参数>=<值>,金额以元为单位,比例写小数,例如 --set line=7500",
                "Write --set <parameter>=<value>, money in yuan, rates as decimals, e.g. --set line=7500.",
            ],
        )
    };
    let (name, written) = text
        .split_once('=')
        .ok_or_else(|| wrong([format!("`{text}` 中没有等号"), format!("`{text}` has no equals sign")]))?;
    let (name, written) = (name.trim(), written.trim());
    let parameter = package.parameters.get(name).ok_or_else(|| {
        wrong([format!("政策包里没有名为 {name} 的参数"), format!("The package has no parameter {name}")])
    })?;
    let unfit = || {
        wrong([
            format!("“{}”的值 `{written}` 与其单位不符", parameter.label),
            format!("`{written}` is not in the unit of {name}"),
        ])
    };
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

fn lines_of(package: &Package, found: &Found) -> Vec<String> {
    let mut lines = vec![format!(
        "试算:线索由 {} 户变为 {} 户,新进 {} 户,退出 {} 户(未写入任何数据)",
        found.before,
        found.after,
        found.came_in.len(),
        found.went_out.len()
    )];
    let moved = |change: &Change| change.came_in + change.went_out > 0;
    for (risk, change) in found.by_risk.iter().filter(|(_, change)| moved(change)) {
        lines.push(format!("  {}:进 {} 出 {}", risk_label(package, risk, false), change.came_in, change.went_out));
    }
    for (township, change) in found.by_township.iter().filter(|(_, change)| moved(change)) {
        let name = package.divisions.name(*township);
        lines.push(format!("  {name}:进 {} 出 {}", change.came_in, change.went_out));
    }
    lines
}
