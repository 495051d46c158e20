//! A county as a task: what is to be screened, in a form that can be sent, and what was found.

use super::find::{Finder, FoundInChunk, verified_bands};
use super::places::{self, PlaceFigures};
use super::threads::Threads;
use super::{Input, ParameterSet, ScreeningRequest};
use crate::error::{AnalysisError, Result};
use crate::plan::{HOUSEHOLD, Program};
use crate::run::{CountyCursors, CountyRegisters};
use lake::RowSource;
use model::{CountyCode, Day, Lead, Level, QualityFinding, RegionCode, Value};
use policy::Package;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Households that are calculated at once; bounds the memory of a thread.
const HOUSEHOLDS_AT_ONCE: usize = 8_192;
/// Pages of the household register that are screened in one go.
const PAGES_OF_STRIPE: usize = 8;

/// One county to be screened: everything but the rows and the package that the outcome depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task<'a> {
    /// `Package::version_of_all` of the package whose rules are meant.
    pub package_hash: Cow<'a, str>,
    pub request: Cow<'a, ScreeningRequest>,
    /// Six digits.
    pub county: u32,
}

/// What was found in a county.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Six digits.
    pub county: u32,
    /// Households looked at.
    pub households: u64,
    /// For each rule that ran, for how many households or residents it held.
    pub counts: BTreeMap<String, u64>,
    /// By household.
    pub leads: Vec<Lead>,
    pub quality: Vec<QualityFinding>,
    /// The rows that were read.
    pub inputs: Vec<Input>,
    pub(crate) figures: PlaceFigures,
}

/// Screens counties of one package over the same rows. Counties with the same parameter values share a plan.
pub struct Screener<'a> {
    rows: &'a dyn RowSource,
    package: &'a Package,
    package_hash: String,
    pub(super) threads: Threads,
    programs: Mutex<Vec<KnownProgram>>,
}

/// A plan, and the day and the parameter values that it is for.
struct KnownProgram {
    day: Day,
    values: BTreeMap<String, Value>,
    program: Arc<Program>,
}

impl<'a> Screener<'a> {
    /// `threads`: how many to use for all tasks together, at least 1. What is found does not depend on it.
    pub fn new(rows: &'a dyn RowSource, package: &'a Package, threads: usize) -> Screener<'a> {
        let (threads, programs) = (Threads::new(threads), Mutex::default());
        Screener { rows, package, package_hash: package.version_of_all(), threads, programs }
    }

    /// A task for every county in scope that has a register of households, in order.
    ///
    /// # Errors
    /// `Rows` when they cannot be read.
    pub fn tasks<'r>(&'r self, request: &'r ScreeningRequest) -> Result<Vec<Task<'r>>> {
        let is_in_scope = |county: &u32| {
            region_of(*county).is_some_and(|place| {
                request.region.is_none_or(|region| region.holds(place) || place == region.at(Level::County))
            })
        };
        let counties = self.rows.counties(HOUSEHOLD)?.into_iter().filter(is_in_scope);
        let task = |county| Task {
            package_hash: Cow::Borrowed(self.package_hash.as_str()),
            request: Cow::Borrowed(request),
            county,
        };
        Ok(counties.map(task).collect())
    }

    /// Screens one county; `None` where it has no register of households. The same rows, package and task give the same.
    ///
    /// # Errors
    /// `OtherPackage` when the task means another package than this one's; `Plan`, `Calculate` or `Rows` when the run fails.
    pub fn find(&self, task: &Task<'_>) -> Result<Option<Found>> {
        if task.package_hash != self.package_hash {
            let (asked, here) = (task.package_hash.to_string(), self.package_hash.clone());
            return Err(AnalysisError::OtherPackage { asked, here });
        }
        let Some(place) = region_of(task.county) else { return Ok(None) };
        let request = task.request.as_ref();
        let parameters = ParameterSet::of(self.package, place, request.day, request.known, &request.overrides);
        let program = self.program(request, &parameters)?;
        let Some(registers) = CountyRegisters::open(self.rows, &program, task.county)? else { return Ok(None) };
        let verified = verified_bands(&request.verified, registers.household.span());
        let finder = Finder {
            package: self.package,
            request,
            program: &program,
            parameters: &parameters,
            verified: &verified,
            registers: &registers,
        };
        let stripes = registers.household.stripes(PAGES_OF_STRIPE);
        let found = self.threads.run(stripes.len(), &|at| stripe(&finder, stripes[at].0, stripes[at].1))?;
        let mut all = of_county(task.county, &program, inputs(task.county, &registers, &program), found);
        all.figures.make_unknown(&self.without_source(&registers, &program));
        Ok(Some(all))
    }

    /// Indicators that stand on a source which was never handed in here.
    fn without_source(&self, registers: &CountyRegisters, program: &Program) -> BTreeSet<String> {
        let sources = program.sources.iter().zip(&registers.sources);
        let missing: BTreeSet<&str> =
            sources.filter(|(_, rows)| rows.is_none()).map(|(plan, _)| plan.schema.name.as_str()).collect();
        let names = self.package.indicators.keys();
        let lacks = |name: &&String| {
            self.package.sources_behind_indicator(name).iter().any(|source| missing.contains(source.as_str()))
        };
        names.filter(lacks).cloned().collect()
    }

    fn program(&self, request: &ScreeningRequest, parameters: &ParameterSet) -> Result<Arc<Program>> {
        let mut programs = self.programs.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |known: &&KnownProgram| known.day == request.day && known.values == parameters.values;
        if let Some(known) = programs.iter().find(fits) {
            return Ok(Arc::clone(&known.program));
        }
        let program = Arc::new(program(self.package, request, parameters)?);
        let (day, values) = (request.day, parameters.values.clone());
        programs.push(KnownProgram { day, values, program: Arc::clone(&program) });
        Ok(program)
    }
}

/// The division of a county's six digits.
pub(super) fn region_of(county: u32) -> Option<RegionCode> {
    CountyCode::from_number(county).map(CountyCode::region)
}

/// Everything that can run with these parameters.
pub(super) fn program(package: &Package, request: &ScreeningRequest, parameters: &ParameterSet) -> Result<Program> {
    let can_run = |rule: &&String| parameters.unset(package, rule).is_empty();
    let rules: Vec<String> = package.rules.keys().filter(can_run).cloned().collect();
    Program::build(package, request.day, &parameters.values, &rules, &[], true)
}

/// Screens the households from the first to the last.
fn stripe(finder: &Finder<'_>, first: i64, last: i64) -> Result<FoundInChunk> {
    let program = finder.program;
    let mut cursors = CountyCursors::open(program, finder.registers, first, last)?;
    let mut all = FoundInChunk { counts: vec![0; program.rules.len()], ..FoundInChunk::default() };
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

fn inputs(county: u32, registers: &CountyRegisters, program: &Program) -> Vec<Input> {
    let input = |dataset: &str, hash: &str| Input { dataset: dataset.to_owned(), county, hash: hash.to_owned() };
    registers.hashes(program).map(|(dataset, hash)| input(dataset, hash)).collect()
}

fn of_county(county: u32, program: &Program, inputs: Vec<Input>, stripes: Vec<FoundInChunk>) -> Found {
    let mut all = Found { county, inputs, ..Found::default() };
    for found in stripes {
        all.households += found.households;
        for (rule, count) in program.rules.iter().zip(found.counts) {
            *all.counts.entry(rule.rule.clone()).or_default() += count;
        }
        all.leads.extend(found.leads);
        all.quality.extend(found.quality);
        all.figures.add(program, found.places);
    }
    all
}
