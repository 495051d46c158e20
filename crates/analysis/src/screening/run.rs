//! The whole run: counties in parallel, each as a task, and what was found put together in one order.

use super::places::PlaceFigures;
use super::task::{Found, Screener, Task, program, region_of};
use super::{ParameterSet, ScreeningOutcome, ScreeningRequest};
use crate::error::{AnalysisError, Result};
use crate::plan::HOUSEHOLD;
use lake::RowSource;
use model::{Lead, QualityFinding, RegionCode, RuleRun};
use policy::Package;
use policy::declare::RuleKind;
use std::collections::BTreeMap;
use words::{Wording, wording};

/// Screens all counties in scope with the rules of the package.
///
/// Rules that need a parameter which is not set are not run where it is not set, and say so in their `RuleRun`.
/// The same rows, package and request give the same outcome, byte for byte, whatever the number of threads.
///
/// # Errors
/// `NoDataset` when no county has a register of households; `Plan`, `Calculate` or `Rows` when the run fails.
pub fn screen(rows: &dyn RowSource, package: &Package, request: &ScreeningRequest) -> Result<ScreeningOutcome> {
    let screener = Screener::new(rows, package, request.threads);
    let tasks: Vec<Task<'_>> = screener.tasks(request)?;
    let found = screener.threads.run(tasks.len(), &|at| screener.find(&tasks[at]))?;
    put_together(package, request, found.into_iter().flatten().collect())
}

/// The plan of a screening of one county in words: what is read, summed up and evaluated, in which order.
///
/// # Errors
/// `Plan` when an expression cannot be planned.
pub fn plan_text(package: &Package, county: RegionCode, request: &ScreeningRequest) -> Result<String> {
    let parameters = ParameterSet::of(package, county, request.day, request.known, &request.overrides);
    program(package, request, &parameters).map(|program| program.to_string())
}

/// The outcome of a screening from what was found in each county, in the order of the counties, wherever it was found.
///
/// # Errors
/// `NoDataset` when nothing was found because there was nothing to look at.
pub fn put_together(package: &Package, request: &ScreeningRequest, found: Vec<Found>) -> Result<ScreeningOutcome> {
    if found.is_empty() {
        return Err(AnalysisError::NoDataset { dataset: HOUSEHOLD.to_owned() });
    }
    let mut counties: BTreeMap<RegionCode, ParameterSet> = BTreeMap::new();
    for place in found.iter().filter_map(|found| region_of(found.county)) {
        let set = || ParameterSet::of(package, place, request.day, request.known, &request.overrides);
        counties.entry(place).or_insert_with(set);
    }
    let mut households = 0;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut leads: Vec<Lead> = Vec::new();
    let mut quality: Vec<QualityFinding> = Vec::new();
    let mut inputs = Vec::new();
    let mut figures = PlaceFigures::default();
    for found in found {
        households += found.households;
        for (rule, count) in found.counts {
            *counts.entry(rule).or_default() += count;
        }
        leads.extend(found.leads);
        quality.extend(found.quality);
        inputs.extend(found.inputs);
        figures.merge(found.figures);
    }
    leads.sort_by_key(|lead| (std::cmp::Reverse(lead.urgency), lead.household_no));
    quality.sort_by(|a, b| (&a.rule, a.household_no, a.resident_key).cmp(&(&b.rule, b.household_no, b.resident_key)));
    inputs.sort();
    let rules = package.rules.keys().map(|rule| rule_run(package, &counties, &counts, rule)).collect();
    let is_quality = |rule: &str| package.rules.get(rule).is_some_and(|rule| rule.kind == RuleKind::Quality);
    let quality_counts = counts.iter().filter(|(rule, _)| is_quality(rule)).map(|(rule, count)| (rule.clone(), *count));
    Ok(ScreeningOutcome {
        quality_counts: quality_counts.collect(),
        inputs,
        villages: figures.villages(package, request.day, &counties),
        indicators: figures.indicators(package),
        leads,
        rules,
        quality,
        households,
    })
}

/// How a rule fared, and why it could not run where it could not.
fn rule_run(
    package: &Package,
    counties: &BTreeMap<RegionCode, ParameterSet>,
    counts: &BTreeMap<String, u64>,
    rule: &str,
) -> RuleRun {
    let mut unset: BTreeMap<String, usize> = BTreeMap::new();
    for parameters in counties.values() {
        for parameter in parameters.unset(package, rule) {
            *unset.entry(parameter).or_default() += 1;
        }
    }
    let reasons = unset.iter().map(|(parameter, places)| {
        let declared = package.parameters.get(parameter);
        let label = declared.map_or_else(|| Wording::same(parameter), |one| Wording::pair(&one.label, &one.label_en));
        if *places == counties.len() {
            wording!("rule_lacks_parameter", parameter = label)
        } else {
            wording!("rule_lacks_parameter_in", parameter = label, places)
        }
    });
    let found = counts.get(rule).copied().unwrap_or(0);
    RuleRun { rule: rule.to_owned(), found, not_run: words::clauses(reasons) }
}
