//! What a run calculates, and in which order: from the package's facts and rules to planned expressions over tables.
//!
//! A table holds the declared columns of its register first (place = position in the lake), then facts, then for residents
//! `household.<name>`. Steps stand in an order in which each reads only what stands before it.

use super::builder::Builder;
use super::places::{PlacePlan, plan_places};
use super::rules::RulePlan;
use super::sources::SourcePlan;
use super::step::Step;
use super::table::Table;
use crate::error::Result;
use model::{Day, Value};
use policy::Package;
use policy::declare::Grain;
use std::collections::BTreeMap;

/// Everything that a run over one set of parameter values calculates.
#[derive(Debug)]
pub(crate) struct Program {
    pub day: Day,
    pub households: Table,
    pub residents: Table,
    pub sources: Vec<SourcePlan>,
    pub steps: Vec<Step>,
    pub rules: Vec<RulePlan>,
    /// Figures of villages.
    pub places: Vec<PlacePlan>,
    /// Place of the household's village among the household columns.
    pub region: usize,
}

impl Program {
    /// Plans the rules `rules` and the facts `facts` for a day, with these parameter values (by name); `with_places` also the
    /// figures of places.
    ///
    /// # Errors
    /// `Plan` when the package lacks the registers `household` and `resident`, or an expression cannot be planned.
    pub(crate) fn build(
        package: &Package,
        day: Day,
        parameters: &BTreeMap<String, Value>,
        rules: &[String],
        facts: &[String],
        with_places: bool,
    ) -> Result<Program> {
        let mut builder = Builder::new(package, day, parameters)?;
        let region = builder.region()?;
        for fact in facts {
            builder.fact(fact)?;
        }
        let rules = rules.iter().map(|rule| RulePlan::build(&mut builder, rule)).collect::<Result<Vec<_>>>()?;
        let places = if with_places { plan_places(&mut builder)? } else { Vec::new() };
        Ok(Program {
            day,
            households: builder.households,
            residents: builder.residents,
            sources: builder.sources.into_values().collect(),
            steps: builder.steps,
            rules,
            places,
            region,
        })
    }

    /// The table of a grain (villages have none).
    pub(crate) fn table(&self, over: Grain) -> &Table {
        if over == Grain::Resident { &self.residents } else { &self.households }
    }
}
