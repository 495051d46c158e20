//! What a run calculates, and in which order: from the package's facts and rules to planned expressions over tables.
//!
//! A table holds the declared columns of its register first (place = position in the lake), then facts, then for residents
//! `household.<name>`. Steps stand in an order in which each reads only what stands before it.

use super::accumulate;
use super::calls::rewrite_calls;
use super::compile::{Columns, Planned, plan};
use super::evidence::resident_fields;
use super::places::{PlacePlan, plan_places};
use super::rules::RulePlan;
use super::sources::SourcePlan;
use crate::error::{AnalysisError, Result};
use crate::lake::DatasetSchema;
use crate::values::ColumnType;
use model::{Day, Type, Value};
use policy::Package;
use policy::declare::Grain;
use policy::expression::{AggregateFunction, Expr, names_of};
use policy::{AggregateForm, OTHER_HOUSEHOLDS, Origin};
use std::collections::{BTreeMap, BTreeSet};

/// Name of the register of residents.
pub(crate) const RESIDENT: &str = "resident";
/// Name of the register of households.
pub(crate) const HOUSEHOLD: &str = "household";

/// A table of a run: one row per household, or one per resident of a household.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub schema: DatasetSchema,
    pub columns: Columns,
    /// Declared columns that the run reads.
    pub read: BTreeSet<usize>,
}

impl Table {
    fn new(package: &Package, register: &str) -> Result<Table> {
        let declared = package
            .registers
            .get(register)
            .ok_or_else(|| AnalysisError::plan(register, "the package declares no such register"))?;
        let schema = DatasetSchema::of_register(register, declared);
        Ok(Table { columns: declared_columns(&schema), schema, read: BTreeSet::new() })
    }

    /// True when the place is a declared column of the register.
    pub(crate) fn is_declared(&self, place: usize) -> bool {
        place < self.schema.columns.len()
    }
}

/// The declared columns of a dataset, place for place.
pub(crate) fn declared_columns(schema: &DatasetSchema) -> Columns {
    let mut columns = Columns::default();
    for column in &schema.columns {
        if let Some(column_type) = ColumnType::of_kind(column.kind) {
            columns.add(&column.name, column_type);
        }
    }
    columns
}

/// One calculation of a run.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// An expression over the table's own columns.
    Derive { over: Grain, fact: String, place: usize, planned: Planned },
    /// Residents summed up to their household.
    Climb { fact: String, place: usize, climb: Climb },
    /// A household's column beside each of its residents.
    FromHousehold { place: usize, household: usize },
    /// Beside each resident, in how many other households the person is.
    OtherHouseholds { place: usize },
}

/// An aggregate over the residents of each household.
#[derive(Clone, Debug)]
pub(crate) struct Climb {
    pub function: AggregateFunction,
    pub filter: Option<Planned>,
    pub argument: Option<Planned>,
    /// Places of the resident's fields that stand behind both, which evidence shows.
    pub shown: Vec<usize>,
}

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
        let mut builder = Builder {
            package,
            day,
            parameters,
            households: Table::new(package, HOUSEHOLD)?,
            residents: Table::new(package, RESIDENT)?,
            sources: BTreeMap::new(),
            steps: Vec::new(),
        };
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

/// Collects what is needed for the rules asked for.
pub(crate) struct Builder<'a> {
    pub package: &'a Package,
    pub day: Day,
    pub parameters: &'a BTreeMap<String, Value>,
    households: Table,
    residents: Table,
    sources: BTreeMap<String, SourcePlan>,
    steps: Vec<Step>,
}

impl Builder<'_> {
    fn region(&mut self) -> Result<usize> {
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
