//! Figures of indicators: those over households from a screening, those over registers from the records, into the store.

use crate::clock;
use crate::installation::Installation;
use crate::trouble::Outcome;
use analysis::{ScreeningOutcome, ScreeningRequest};
use model::{Period, RegionCode};
use policy::Thing;
use serde_json::json;
use std::collections::BTreeSet;
use store::{Command, FigurePublication, IndicatorFigures};

/// Hexadecimal digits of the hash of what figures came from.
const HASH_DIGITS: usize = 16;
/// Registers that every indicator over households reads.
const REGISTERS: [&str; 2] = ["household", "resident"];

/// The figures that a screening of a place found, of the day that it is about. Indicators whose smallest places are larger than
/// the place are left out: it is only a part of them.
pub fn of_screening(
    installation: &Installation,
    region: RegionCode,
    request: &ScreeningRequest,
    outcome: &ScreeningOutcome,
) -> FigurePublication {
    let package = &installation.package;
    let over_households =
        package.indicators.iter().filter(|(_, one)| one.from.is_none() && region.level() <= one.level);
    let figures = over_households.map(|(name, declared)| IndicatorFigures {
        indicator: name.clone(),
        period: Period::of(declared.period, request.day),
        inputs: inputs(installation, name, request, outcome),
        rows: outcome.indicators.get(name).cloned().unwrap_or_default(),
    });
    FigurePublication { region, day: request.day, figures: figures.collect() }
}

/// Hash of the lake files that an indicator stands on, and of how it is computed.
fn inputs(
    installation: &Installation,
    indicator: &str,
    request: &ScreeningRequest,
    outcome: &ScreeningOutcome,
) -> String {
    let mut datasets: BTreeSet<String> = installation.package.sources_behind_indicator(indicator);
    datasets.extend(REGISTERS.map(str::to_owned));
    let read = outcome.inputs.iter().filter(|input| datasets.contains(&input.dataset));
    let read: Vec<_> = read.map(|input| json!([input.dataset, input.county, input.hash])).collect();
    let version = installation.package.version(Thing::Indicator, indicator);
    let of = json!([request.day, request.known, version, read]).to_string();
    blake3::hash(of.as_bytes()).to_hex()[..HASH_DIGITS].to_owned()
}

/// Puts figures in force; gives how many indicators and periods changed.
///
/// # Errors
/// The store's refusal.
pub fn publish(installation: &Installation, publication: FigurePublication) -> Outcome<u64> {
    if publication.figures.is_empty() {
        return Ok(0);
    }
    let receipt = installation.apply(Command::PublishFigures(Box::new(publication)))?;
    Ok(receipt.added + receipt.changed)
}

/// Computes the figures over registers as the records are today, and puts them in force; gives how many changed.
///
/// # Errors
/// When the store fails.
pub fn publish_of_registers(installation: &Installation, region: RegionCode) -> Outcome<u64> {
    let day = clock::today();
    let figures = installation.store.register_figures(region, day)?;
    publish(installation, FigurePublication { region, day, figures })
}
