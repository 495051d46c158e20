//! `shouwang whatif`: who would come in and who would go out if a parameter were different. Writes nothing.

use super::{Said, risk_label};
use crate::arguments::WhatIf;
use crate::installation::Installation;
use crate::jobs::refresh::refresh;
use crate::jobs::screen::{Screening, request};
use crate::progress::Terminal;
use crate::trouble::{Attempt, Outcome, Trouble};
use analysis::{Change, WhatIf as Found};
use model::{Decimal, Fen, Value};
use policy::Package;
use policy::declare::ParameterUnit;
use std::collections::BTreeMap;
use words::{Advice, Wording, advice, wording};

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
        .attempt(|| advice!("trial_unfinished"))?;
    drop(progress);
    Ok(Said::new(lines_of(package, &found), &found))
}

/// Reads `<parameter>=<value>`: money in yuan, rates as decimals.
fn override_of(package: &Package, text: &str) -> Outcome<(String, Value)> {
    let wrong = |what: Wording| Trouble::of(Advice { what, hint: wording!("set_option_form") });
    let (name, written) = text.split_once('=').ok_or_else(|| wrong(wording!("set_option_without_value", text)))?;
    let (name, written) = (name.trim(), written.trim());
    let parameter = package.parameters.get(name);
    let parameter = parameter.ok_or_else(|| wrong(wording!("set_option_unknown", name)))?;
    let label = Wording::pair(&parameter.label, name);
    let unfit = || wrong(wording!("set_option_of_other_unit", parameter = label, written));
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

fn lines_of(package: &Package, found: &Found) -> Vec<Wording> {
    let (came_in, went_out) = (found.came_in.len(), found.went_out.len());
    let found_all = wording!("what_if_found", before = found.before, after = found.after, came_in, went_out);
    let is_moved = |change: &Change| change.came_in + change.went_out > 0;
    let line = |name: Wording, change: &Change| {
        wording!("what_if_moved", name, came_in = change.came_in, went_out = change.went_out)
    };
    let by_risk = found.by_risk.iter().filter(|(_, change)| is_moved(change));
    let by_risk = by_risk.map(|(risk, change)| line(risk_label(package, risk), change));
    let by_township = found.by_township.iter().filter(|(_, change)| is_moved(change));
    let by_township =
        by_township.map(|(township, change)| line(Wording::same(package.divisions.name(*township)), change));
    [found_all].into_iter().chain(by_risk).chain(by_township).collect()
}
