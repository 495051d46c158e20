//! Collects what a run calculates: whatever is asked for, after everything that it names.

use super::accumulate;
use super::calls::rewrite_calls;
use super::compile::{Planned, plan};
use super::evidence::resident_fields;
use super::sources::SourcePlan;
use super::step::{Climb, Step};
use super::table::{HOUSEHOLD, RESIDENT, Table};
use crate::error::{AnalysisError, Result};
use lake::values::ColumnType;
use model::{Day, Type, Value};
use policy::Package;
use policy::declare::Grain;
use policy::expression::{Expr, names_of};
use policy::{AggregateForm, OTHER_HOUSEHOLDS, Origin};
use std::collections::BTreeMap;

/// Collects what is needed for the rules asked for.
pub(crate) struct Builder<'a> {
    pub package: &'a Package,
    pub day: Day,
    pub parameters: &'a BTreeMap<String, Value>,
    pub(super) households: Table,
    pub(super) residents: Table,
    pub(super) sources: BTreeMap<String, SourcePlan>,
    pub(super) steps: Vec<Step>,
}

impl<'a> Builder<'a> {
    /// # Errors
    /// `Plan` when the package lacks the registers `household` and `resident`.
    pub(super) fn new(package: &'a Package, day: Day, parameters: &'a BTreeMap<String, Value>) -> Result<Builder<'a>> {
        Ok(Builder {
            package,
            day,
            parameters,
            households: Table::new(package, HOUSEHOLD)?,
            residents: Table::new(package, RESIDENT)?,
            sources: BTreeMap::new(),
            steps: Vec::new(),
        })
    }
}

impl Builder<'_> {
    /// The place of the household's village among the household columns.
    pub(super) fn region(&mut self) -> Result<usize> {
        let field = self.package.registers.get(HOUSEHOLD).and_then(|register| register.region.clone());
        let field =
            field.ok_or_else(|| AnalysisError::plan(HOUSEHOLD, "the register names no field with the place"))?;
        self.name(Grain::Household, HOUSEHOLD, &field)
    }

    fn table(&mut self, over: Grain) -> &mut Table {
        if over == Grain::Resident { &mut self.residents } else { &mut self.households }
    }

    /// Makes sure that a name of a grain is calculated, and returns its place.
    pub(crate) fn name(&mut self, over: Grain, of: &str, name: &str) -> Result<usize> {
        if let Some(place) = self.table(over).columns.place(name) {
            let table = self.table(over);
            if table.is_declared(place) {
                table.read.insert(place);
            }
            return Ok(place);
        }
        if over == Grain::Resident && name == OTHER_HOUSEHOLDS {
            let place = self.residents.columns.add(name, ColumnType::whole(Type::Int));
            self.steps.push(Step::OtherHouseholds { place });
            return Ok(place);
        }
        if over == Grain::Resident
            && let Some(field) = name.strip_prefix("household.")
        {
            let household = self.name(Grain::Household, of, field)?;
            let column_type = self.households.columns.type_at(household);
            let place = self.residents.columns.add(name, column_type);
            self.steps.push(Step::FromHousehold { place, household });
            return Ok(place);
        }
        match self.package.facts.get(name) {
            Some(fact) if fact.over == over => self.fact(name),
            _ => Err(AnalysisError::plan(of, format!("there is no `{name}`"))),
        }
    }

    /// Plans an expression of a grain after everything that it names. Calls of functions are columns of their own, so that
    /// what several expressions call is calculated once.
    pub(crate) fn expression(&mut self, over: Grain, of: &str, expression: &Expr) -> Result<Planned> {
        let expression = rewrite_calls(expression, &mut |call| self.call_column(over, of, call))?;
        self.plan(over, of, &expression)
    }

    fn plan(&mut self, over: Grain, of: &str, expression: &Expr) -> Result<Planned> {
        for name in names_of(expression).iter().filter(|name| *name != "day") {
            if self.table(over).columns.place(name).is_none() || !name.contains('(') {
                self.name(over, of, name)?;
            }
        }
        let (parameters, day) = (self.parameters, self.day);
        plan(of, expression, &self.table(over).columns, parameters, day)
    }

    /// The column of a call, whose own calls are columns already; a call of constants stays as it is.
    fn call_column(&mut self, over: Grain, of: &str, call: Expr) -> Result<Expr> {
        if names_of(&call).iter().all(|name| name == "day") {
            return Ok(call);
        }
        let name = call.to_string();
        if self.table(over).columns.place(&name).is_none() {
            let planned = self.plan(over, of, &call)?;
            let place = self.table(over).columns.add(&name, planned.result);
            self.steps.push(Step::Derive { over, fact: name.clone(), place, planned });
        }
        Ok(Expr::Name(name))
    }

    /// Makes sure that a fact is calculated, and returns its place in the table of its grain.
    pub(crate) fn fact(&mut self, fact: &str) -> Result<usize> {
        let missing = || AnalysisError::plan(fact, "there is no such fact");
        let over = self.package.facts.get(fact).ok_or_else(missing)?.over;
        if let Some(place) = self.table(over).columns.place(fact) {
            return Ok(place);
        }
        let package = self.package;
        match &package.fact_forms.get(fact).ok_or_else(missing)?.origin {
            Origin::Derived(expression) => {
                let planned = self.expression(over, fact, expression)?;
                let place = self.table(over).columns.add(fact, planned.result);
                self.steps.push(Step::Derive { over, fact: fact.to_owned(), place, planned });
                Ok(place)
            }
            Origin::Aggregate(form) if form.from == RESIDENT => self.climb(fact, form),
            Origin::Aggregate(form) => self.sum_source(fact, over, form),
        }
    }

    fn climb(&mut self, fact: &str, form: &AggregateForm) -> Result<usize> {
        let filter = match &form.filter {
            Some(filter) => Some(self.expression(Grain::Resident, fact, filter)?),
            None => None,
        };
        let argument = match &form.call.argument {
            Some(argument) => Some(self.expression(Grain::Resident, fact, argument)?),
            None => None,
        };
        let shown = resident_fields(self.package, form.call.argument.iter().chain(&form.filter));
        let shown = shown.iter().map(|field| self.name(Grain::Resident, fact, field)).collect::<Result<Vec<_>>>()?;
        let function = form.call.function;
        let result = accumulate::result_type(function, argument.as_ref().map(|argument| argument.result));
        let place = self.households.columns.add(fact, result);
        self.steps.push(Step::Climb {
            fact: fact.to_owned(),
            place,
            climb: Climb { function, filter, argument, shown },
        });
        Ok(place)
    }

    fn sum_source(&mut self, fact: &str, over: Grain, form: &AggregateForm) -> Result<usize> {
        let source = self
            .package
            .sources
            .get(&form.from)
            .ok_or_else(|| AnalysisError::plan(fact, format!("there is no source `{}`", form.from)))?;
        let (parameters, day) = (self.parameters, self.day);
        let plan = self.sources.entry(form.from.clone()).or_insert_with(|| SourcePlan::new(&form.from, source));
        let result = plan.add(fact, over, form, parameters, day)?;
        let place = self.table(over).columns.add(fact, result);
        if let Some(plan) = self.sources.get_mut(&form.from)
            && let Some(last) = plan.facts.last_mut()
        {
            last.place = place;
        }
        Ok(place)
    }
}
