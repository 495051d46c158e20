//! The rows of a county that a plan reads.

use super::elsewhere::Elsewhere;
use crate::error::Result;
use crate::plan::{HOUSEHOLD, Program, RESIDENT, Step};
use lake::{CountyRows, RowSource};
use std::sync::Arc;

/// The rows of one county that a plan reads; `None` where nothing was handed in.
pub(crate) struct CountyRegisters {
    pub household: Arc<dyn CountyRows>,
    pub resident: Option<Arc<dyn CountyRows>>,
    pub sources: Vec<Option<Arc<dyn CountyRows>>>,
    /// Who is in several households, where the program asks for it.
    pub(super) elsewhere: Elsewhere,
}

impl CountyRegisters {
    /// Opens the rows in force; `None` when the county has no register of households.
    pub(crate) fn open(rows: &dyn RowSource, program: &Program, county: u32) -> Result<Option<CountyRegisters>> {
        let Some(household) = rows.rows(&program.households.schema, county)? else { return Ok(None) };
        let resident = rows.rows(&program.residents.schema, county)?;
        let sources = program.sources.iter().map(|source| rows.rows(&source.schema, county));
        let sources = sources.collect::<lake::Result<Vec<_>>>()?;
        let is_asked = program.steps.iter().any(|step| matches!(step, Step::OtherHouseholds { .. }));
        let elsewhere = match resident.as_deref().filter(|_| is_asked) {
            Some(rows) => Elsewhere::of(rows, &program.residents, program.day)?,
            None => Elsewhere::default(),
        };
        Ok(Some(CountyRegisters { household, resident, sources, elsewhere }))
    }

    /// Name of each dataset that is there, and what its rows are called.
    pub(crate) fn hashes<'a>(&'a self, program: &'a Program) -> impl Iterator<Item = (&'a str, &'a str)> {
        let sources = program.sources.iter().zip(&self.sources);
        let sources = sources.map(|(plan, rows)| (plan.schema.name.as_str(), rows.as_deref()));
        let registers = [(HOUSEHOLD, Some(&*self.household)), (RESIDENT, self.resident.as_deref())];
        registers.into_iter().chain(sources).filter_map(|(name, rows)| Some((name, rows?.hash())))
    }
}
