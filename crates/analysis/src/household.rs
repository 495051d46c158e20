//! The facts of one household, each with the rows behind it: for its file (一户一档).

use crate::error::{AnalysisError, Result};
use crate::plan::{HOUSEHOLD, Program, proofs_of};
use crate::run::{Chunk, CountyCursors, CountyRegisters};
use crate::screening::{ParameterSet, Prover, TableRow, Wanted};
use lake::values;
use lake::{DatasetSchema, RowSource};
use model::{CountyCode, Day, Evidence, HouseholdNo, RegionCode, ResidentKey, Value};
use policy::declare::Grain;
use policy::{Overrides, Package};

/// The value of one fact for the household or one of its residents.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct FactLine {
    pub fact: String,
    /// The resident; `None` for facts of the household.
    pub resident_key: Option<ResidentKey>,
    pub value: Value,
    pub evidence: Vec<Evidence>,
}

impl FactLine {
    /// What the fact is about.
    pub fn over(&self) -> Grain {
        if self.resident_key.is_some() { Grain::Resident } else { Grain::Household }
    }
}

/// All facts of a household and its residents on a day, in the package's order, residents by key.
///
/// # Errors
/// `NoHousehold` when no register holds it; otherwise as `screen`.
pub fn household_facts(
    rows: &dyn RowSource,
    package: &Package,
    household: HouseholdNo,
    day: Day,
    known: Day,
) -> Result<Vec<FactLine>> {
    let register = package.registers.get(HOUSEHOLD);
    let register = register.ok_or_else(|| AnalysisError::plan(HOUSEHOLD, "the package declares no such register"))?;
    let schema = DatasetSchema::of_register(HOUSEHOLD, register);
    for county in rows.counties(HOUSEHOLD)? {
        let may_hold = match rows.rows(&schema, county)? {
            Some(rows) => rows.span().is_some_and(|(first, last)| first <= household.0 && household.0 <= last),
            None => false,
        };
        let Some(place) = CountyCode::from_number(county).filter(|_| may_hold).map(CountyCode::region) else {
            continue;
        };
        if let Some(lines) = in_county(rows, package, household, county, place, (day, known))? {
            return Ok(lines);
        }
    }
    Err(AnalysisError::NoHousehold { household_no: household.0 })
}

/// The facts of a household in a county; `None` when it is not there. `days`: the day, and the day of knowledge.
fn in_county(
    rows: &dyn RowSource,
    package: &Package,
    household: HouseholdNo,
    county: u32,
    place: RegionCode,
    days: (Day, Day),
) -> Result<Option<Vec<FactLine>>> {
    let parameters = ParameterSet::of(package, place, days.0, days.1, &Overrides::new());
    let is_below_villages = |fact: &&String| package.facts.get(*fact).is_some_and(|fact| fact.over != Grain::Village);
    let facts: Vec<String> = package.fact_order.iter().filter(is_below_villages).cloned().collect();
    let program = Program::build(package, days.0, &parameters.values, &[], &facts, false)?;
    let Some(registers) = CountyRegisters::open(rows, &program, county)? else { return Ok(None) };
    let mut cursors = CountyCursors::open(&program, &registers, household.0, household.0)?;
    match cursors.next(1)? {
        Some(chunk) => lines(package, &program, &registers, &chunk, &facts).map(Some),
        None => Ok(None),
    }
}

fn lines(
    package: &Package,
    program: &Program,
    registers: &CountyRegisters,
    chunk: &Chunk,
    facts: &[String],
) -> Result<Vec<FactLine>> {
    let over = |fact: &String| package.facts.get(fact).map_or(Grain::Household, |fact| fact.over);
    let prover = Prover::new(program, chunk);
    let mut wanted = Wanted::default();
    for fact in facts {
        let proofs = proofs_of(package, fact);
        for row in 0..chunk.rows(over(fact)) {
            prover.want(&mut wanted, &proofs, over(fact), row)?;
        }
    }
    let proven = prover.prove(registers, &wanted)?;
    let mut lines = Vec::new();
    for fact in facts {
        let over = over(fact);
        let columns = &program.table(over).columns;
        let Some(place) = columns.place(fact) else { continue };
        let column = chunk.column(over, place)?;
        let proofs = proofs_of(package, fact);
        for row in 0..chunk.rows(over) {
            let evidence = prover.rows(&proven, &proofs, TableRow { over, row }, fact)?;
            lines.push(FactLine {
                fact: fact.clone(),
                resident_key: if over == Grain::Resident { chunk.key_at(row) } else { None },
                value: values::value_at(&column, columns.type_at(place), row),
                evidence,
            });
        }
    }
    Ok(lines)
}
