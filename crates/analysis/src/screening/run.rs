//! The whole run: counties in parallel, results put together in one order.

use super::find::{Finder, Found, VerifiedBands, verified_bands};
use super::places::{self, PlaceFigures};
use super::{Input, ParameterSet, ScreeningOutcome, ScreeningRequest};
use crate::error::{AnalysisError, Result};
use crate::plan::{HOUSEHOLD, Program, RESIDENT};
use crate::run::{CountyCursors, CountyFiles};
use lake::Lake;
use model::{Lead, Level, QualityFinding, RegionCode, RuleRun, Value};
use policy::Package;
use policy::declare::RuleKind;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Households that are calculated at once; bounds the memory of a thread.
const HOUSEHOLDS_AT_ONCE: usize = 8_192;
/// Pages of the household register that one task covers.
const PAGES_OF_TASK: usize = 8;

/// A county, planned.
struct County {
    place: RegionCode,
    parameters: ParameterSet,
    program: Arc<Program>,
    files: CountyFiles,
}

/// Screens the lake with the rules of the package.
///
/// Rules that need a parameter which is not set are not run where it is not set, and say so in their `RuleRun`.
/// The same lake, package and request give the same outcome, byte for byte, whatever the number of threads.
///
/// # Errors
/// `NoDataset` when no county has a register of households in the lake; `Plan`, `Calculate`, `File` or `Parquet` when the
/// run fails.
pub fn screen(lake: &Lake, package: &Package, request: &ScreeningRequest) -> Result<ScreeningOutcome> {
    let counties = counties(lake, package, request)?;
    if counties.is_empty() {
        return Err(AnalysisError::NoDataset { dataset: HOUSEHOLD.to_owned() });
    }
    let verified = verified_bands(&request.verified);
    let tasks: Vec<(usize, i64, i64)> = counties
        .iter()
        .enumerate()
        .flat_map(|(county, planned)| {
            let stripes = planned.files.household.stripes(PAGES_OF_TASK);
            stripes.into_iter().map(move |(first, last)| (county, first, last))
        })
        .collect();
    let work = |task: usize| {
        let (county, first, last) = tasks[task];
        stripe(package, request, &verified, &counties[county], first, last)
    };
    let found = in_parallel(request.threads, tasks.len(), &work)?;
    put_together(lake, package, request, &counties, found.into_iter().zip(&tasks).map(|(found, task)| (task.0, found)))
}

/// The plan of a screening of one county in words: what is read, summed up and evaluated, in which order.
///
/// # Errors
/// `Plan` when an expression cannot be planned.
pub fn plan_text(package: &Package, county: RegionCode, request: &ScreeningRequest) -> Result<String> {
    let parameters = ParameterSet::of(package, county, request.day, request.known, &request.overrides);
    program(package, request, &parameters).map(|program| program.to_string())
}

/// Everything that can run with these parameters.
fn program(package: &Package, request: &ScreeningRequest, parameters: &ParameterSet) -> Result<Program> {
    let can_run = |rule: &&String| parameters.unset(package, rule).is_empty();
    let rules: Vec<String> = package.rules.keys().filter(can_run).cloned().collect();
    Program::build(package, request.day, &parameters.values, &rules, &[], true)
}

/// The counties in scope, each with its plan; counties with the same parameter values share one.
fn counties(lake: &Lake, package: &Package, request: &ScreeningRequest) -> Result<Vec<County>> {
    let mut programs: Vec<(BTreeMap<String, Value>, Arc<Program>)> = Vec::new();
    let mut counties = Vec::new();
    for county in lake.counties(HOUSEHOLD)? {
        let Some(place) = RegionCode::from_number(u64::from(county) * 1_000_000) else { continue };
        if !request.region.is_none_or(|region| region.holds(place) || place == region.at(Level::County)) {
            continue;
        }
        let parameters = ParameterSet::of(package, place, request.day, request.known, &request.overrides);
        let known = programs.iter().find(|(values, _)| *values == parameters.values);
        let program = match known {
            Some((_, program)) => Arc::clone(program),
            None => {
                let program = Arc::new(program(package, request, &parameters)?);
                programs.push((parameters.values.clone(), Arc::clone(&program)));
                program
            }
        };
        if let Some(files) = CountyFiles::open(lake, &program, county)? {
            counties.push(County { place, parameters, program, files });
        }
    }
    Ok(counties)
}

/// Screens the households of a county from `first` to `last`.
fn stripe(
    package: &Package,
    request: &ScreeningRequest,
    verified: &VerifiedBands,
    county: &County,
    first: i64,
    last: i64,
) -> Result<Found> {
    let County { parameters, program, files, .. } = county;
    let finder = Finder { package, request, program, parameters, verified, files };
    let mut cursors = CountyCursors::open(program, files, first, last)?;
    let mut all = Found { counts: vec![0; program.rules.len()], ..Found::default() };
    while let Some(chunk) = cursors.next(HOUSEHOLDS_AT_ONCE)? {
        let found = finder.find(&chunk)?;
        all.households += found.households;
        all.counts.iter_mut().zip(found.counts).for_each(|(sum, count)| *sum += count);
        all.leads.extend(found.leads);
        all.quality.extend(found.quality);
        places::add(program, &mut all.places, found.places);
    }
    Ok(all)
}

/// Runs tasks 0 to `count` on `threads` threads and returns their results in the order of the tasks.
pub(crate) fn in_parallel<T: Send>(
    threads: usize,
    count: usize,
    work: &(dyn Fn(usize) -> Result<T> + Sync),
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Option<Result<T>>>> = Mutex::new((0..count).map(|_| None).collect());
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, count.max(1)) {
            scope.spawn(|| {
                loop {
                    let task = next.fetch_add(1, Ordering::Relaxed);
                    if task >= count {
                        return;
                    }
                    let result = work(task);
                    let failed = result.is_err();
                    done.lock().unwrap_or_else(PoisonError::into_inner)[task] = Some(result);
                    if failed {
                        next.store(count, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.into_iter().flatten().collect()
}

fn put_together(
    lake: &Lake,
    package: &Package,
    request: &ScreeningRequest,
    counties: &[County],
    found: impl Iterator<Item = (usize, Found)>,
) -> Result<ScreeningOutcome> {
    let mut households = 0;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut leads: Vec<Lead> = Vec::new();
    let mut quality: Vec<QualityFinding> = Vec::new();
    let mut figures = PlaceFigures::default();
    for (county, found) in found {
        households += found.households;
        for (rule, count) in counties[county].program.rules.iter().zip(found.counts) {
            *counts.entry(rule.rule.clone()).or_default() += count;
        }
        leads.extend(found.leads);
        quality.extend(found.quality);
        figures.add(&counties[county].program, found.places);
    }
    leads.sort_by_key(|lead| (std::cmp::Reverse(lead.urgency), lead.household_no));
    quality.sort_by(|a, b| (&a.rule, a.household_no, a.resident_key).cmp(&(&b.rule, b.household_no, b.resident_key)));
    let rules = package.rules.keys().map(|rule| rule_run(package, counties, &counts, rule)).collect();
    let is_quality = |rule: &str| package.rules.get(rule).is_some_and(|rule| rule.kind == RuleKind::Quality);
    let quality_counts = counts.iter().filter(|(rule, _)| is_quality(rule)).map(|(rule, count)| (rule.clone(), *count));
    Ok(ScreeningOutcome {
        quality_counts: quality_counts.collect(),
        inputs: inputs(lake, counties)?,
        villages: figures.villages(
            package,
            request.day,
            counties.iter().map(|county| (county.place, &county.parameters)),
        ),
        indicators: figures.indicators(),
        leads,
        rules,
        quality,
        households,
    })
}

/// How a rule fared, and why it could not run where it could not.
fn rule_run(package: &Package, counties: &[County], counts: &BTreeMap<String, u64>, rule: &str) -> RuleRun {
    let mut unset: BTreeMap<String, usize> = BTreeMap::new();
    for county in counties {
        for parameter in county.parameters.unset(package, rule) {
            *unset.entry(parameter).or_default() += 1;
        }
    }
    let reasons: Vec<String> = unset
        .iter()
        .map(|(parameter, places)| {
            let label =
                package.parameters.get(parameter).map_or(parameter.as_str(), |declared| declared.label.as_str());
            if *places == counties.len() {
                format!("参数“{label}”待设定")
            } else {
                format!("参数“{label}”在{places}个县(市、区)待设定")
            }
        })
        .collect();
    RuleRun { rule: rule.to_owned(), found: counts.get(rule).copied().unwrap_or(0), not_run: reasons.join(";") }
}

fn inputs(lake: &Lake, counties: &[County]) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for county in counties {
        let number = u32::try_from(county.place.number() / 1_000_000).unwrap_or_default();
        let sources = county.program.sources.iter().map(|source| source.schema.name.as_str());
        for dataset in [HOUSEHOLD, RESIDENT].into_iter().chain(sources) {
            if let Some(in_force) = lake.in_force(dataset, number)? {
                inputs.push(Input { dataset: dataset.to_owned(), county: number, hash: in_force.hash });
            }
        }
    }
    inputs.sort();
    Ok(inputs)
}
