//! The same rules as plain SQL for DuckDB, written apart from the plans of this crate: for benchmarks and comparison.
//!
//! One statement over the lake's files: aggregates of each source, residents, households, rules. It returns
//! `(household_no, rule)` for every screening rule that can run, ordered by both, each pair once.

mod expression;
mod stages;
#[cfg(test)]
mod tests;

use crate::error::{AnalysisError, Result};
use crate::plan::{HOUSEHOLD, RESIDENT};
use crate::screening::{ParameterSet, ScreeningRequest};
use expression::{Dialect, MACROS};
use lake::{DELIVERED_ON, HOUSEHOLD_NO, Lake, RESIDENT_KEY, stored_name};
use model::{CountyCode, Value};
use policy::declare::{Grain, RuleKind};
use policy::expression::{AggregateCall, AggregateFunction};
use policy::{AggregateForm, Origin, Package};
use stages::Stages;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The SQL text for the files in force. Parameters must be the same in all counties in scope.
///
/// # Errors
/// `Plan` when a parameter differs between counties; `File` or `Manifest` when the lake cannot be read.
pub fn reference_sql(lake: &Lake, package: &Package, request: &ScreeningRequest) -> Result<String> {
    let parameters = parameters(lake, package, request)?;
    let rules: Vec<&String> = package
        .rules
        .iter()
        .filter(|(name, rule)| rule.kind == RuleKind::Screening && parameters.unset(package, name).is_empty())
        .map(|(name, _)| name)
        .collect();
    let facts: BTreeSet<String> = rules.iter().flat_map(|rule| package.facts_behind(rule)).collect();
    let dialect = Dialect { parameters: &parameters.values, day: request.day };
    let writer = Writer { lake, package, dialect, facts, stages: Stages::of(package) };
    let mut sql = String::from(MACROS);
    let mut parts = Vec::new();
    writer.sources(&mut parts)?;
    writer.tables(&mut parts)?;
    let _ = writeln!(sql, "with\n{}", parts.join(",\n"));
    sql.push_str(&writer.rules(&rules));
    Ok(sql)
}

fn parameters(lake: &Lake, package: &Package, request: &ScreeningRequest) -> Result<ParameterSet> {
    let mut first: Option<ParameterSet> = None;
    for county in lake.counties(HOUSEHOLD)? {
        let Some(place) = CountyCode::from_number(county).map(CountyCode::region) else { continue };
        let own = ParameterSet::of(package, place, request.day, request.known, &request.overrides);
        match &first {
            None => first = Some(own),
            Some(first) if first.values != own.values => {
                return Err(AnalysisError::plan("reference", "parameters differ between counties"));
            }
            Some(_) => {}
        }
    }
    first.ok_or_else(|| AnalysisError::NoDataset { dataset: HOUSEHOLD.to_owned() })
}

struct Writer<'a> {
    lake: &'a Lake,
    package: &'a Package,
    dialect: Dialect<'a>,
    facts: BTreeSet<String>,
    stages: Stages,
}

impl Writer<'_> {
    fn files(&self, dataset: &str) -> Result<Option<String>> {
        let mut files = Vec::new();
        for county in self.lake.counties(dataset)? {
            if let Some(in_force) = self.lake.in_force(dataset, county)? {
                files.push(format!("'{}'", self.lake.location_of(dataset, county, &in_force.file)));
            }
        }
        Ok((!files.is_empty()).then(|| format!("read_parquet([{}])", files.join(", "))))
    }

    /// One aggregation per source and grain, with all its facts.
    fn sources(&self, parts: &mut Vec<String>) -> Result<()> {
        let mut groups: BTreeMap<(String, Grain), Vec<(String, AggregateForm)>> = BTreeMap::new();
        for fact in &self.facts {
            if let Some((over, form)) = self.aggregate_of_source(fact) {
                groups.entry((form.from.clone(), over)).or_default().push((fact.clone(), form.clone()));
            }
        }
        for ((source, over), facts) in groups {
            let Some(files) = self.files(&source)? else { continue };
            let keys = if over == Grain::Resident { "household_no, resident_key" } else { HOUSEHOLD_NO };
            let mut columns = vec![keys.to_owned()];
            for (fact, form) in &facts {
                let counts = self.condition(form);
                columns.push(format!("{} as \"raw {fact}\"", self.aggregate(&form.call, counts.as_deref())));
            }
            parts.push(format!(
                "{} as (\n  select {}\n  from {files}\n  group by {keys})",
                group_name(&source, over),
                columns.join(",\n         ")
            ));
        }
        Ok(())
    }

    fn aggregate_of_source(&self, fact: &str) -> Option<(Grain, &AggregateForm)> {
        let over = self.package.facts.get(fact)?.over;
        match &self.package.fact_forms.get(fact)?.origin {
            Origin::Aggregate(form) if self.package.sources.contains_key(&form.from) => Some((over, form)),
            _ => None,
        }
    }

    /// Window and `where` of an aggregate over a source.
    fn condition(&self, form: &AggregateForm) -> Option<String> {
        let day_column = self.package.sources.get(&form.from).and_then(|source| source.day.clone());
        let column = day_column.as_ref().map_or(DELIVERED_ON.to_owned(), |day| stored_name(day));
        let day = self.dialect.day;
        let within = match (form.window.first_day(day), &day_column) {
            (Some(first), _) => Some(format!("\"{column}\" between date '{first}' and date '{day}'")),
            (None, Some(_)) => Some(format!("(\"{column}\" is null or \"{column}\" <= date '{day}')")),
            (None, None) => None,
        };
        let own = form.filter.as_ref().map(|filter| format!("({})", self.dialect.text(filter)));
        match (within, own) {
            (Some(within), Some(own)) => Some(format!("{within} and {own}")),
            (within, own) => within.or(own),
        }
    }

    fn aggregate(&self, call: &AggregateCall, counts: Option<&str>) -> String {
        let filter = counts.map(|counts| format!(" filter (where {counts})")).unwrap_or_default();
        let argument = call.argument.as_ref().map(|argument| self.dialect.text(argument)).unwrap_or_default();
        match call.function {
            AggregateFunction::Count => format!("count(*){filter}"),
            AggregateFunction::Sum => format!("coalesce(sum({argument}){filter}, 0)"),
            AggregateFunction::Min => format!("min({argument}){filter}"),
            AggregateFunction::Max => format!("max({argument}){filter}"),
            AggregateFunction::Any => format!("coalesce(bool_or({argument}){filter}, false)"),
            AggregateFunction::All => format!("coalesce(bool_and({argument}){filter}, true)"),
        }
    }

    /// Residents and households in as many stages as facts climb and come back.
    fn tables(&self, parts: &mut Vec<String>) -> Result<()> {
        let household = self.files(HOUSEHOLD)?.ok_or(AnalysisError::NoDataset { dataset: HOUSEHOLD.to_owned() })?;
        let resident = self.files(RESIDENT)?.ok_or(AnalysisError::NoDataset { dataset: RESIDENT.to_owned() })?;
        for stage in 0..=self.stages.last(&self.facts) {
            let residents = self.table(Grain::Resident, stage, &resident, &household);
            parts.push(format!("r{stage} as (\n{residents})"));
            let climbs = self.climbs(stage);
            if let Some(climbs) = &climbs {
                parts.push(format!("c{stage} as (\n{climbs})"));
            }
            let mut households = self.table(Grain::Household, stage, &household, &household);
            if climbs.is_none() {
                households = households.replace(&format!("\n  left join c{stage} using (household_no)"), "");
            }
            parts.push(format!("h{stage} as (\n{households})"));
        }
        Ok(())
    }

    fn facts_of(&self, over: Grain, stage: usize) -> Vec<&String> {
        let is_here = |fact: &&String| {
            self.facts.contains(*fact)
                && self.package.facts.get(*fact).is_some_and(|declared| declared.over == over)
                && self.stages.of_fact(fact) == stage
        };
        self.package.fact_order.iter().filter(is_here).collect()
    }

    fn table(&self, over: Grain, stage: usize, base: &str, household: &str) -> String {
        let (letter, keys) = match over {
            Grain::Resident => ("r", format!("{HOUSEHOLD_NO}, {RESIDENT_KEY}")),
            _ => ("h", HOUSEHOLD_NO.to_owned()),
        };
        let mut columns = vec![format!("{letter}.*")];
        let mut joins = String::new();
        let from = if stage == 0 { base.to_owned() } else { format!("{letter}{}", stage - 1) };
        if over == Grain::Resident {
            let other = if stage == 0 { household.to_owned() } else { format!("h{}", stage - 1) };
            let beside = self.beside(stage);
            if !beside.is_empty() {
                let list: Vec<String> =
                    beside.iter().map(|name| format!(", \"{}\" as \"household.{name}\"", stored_name(name))).collect();
                let _ = write!(
                    joins,
                    "\n  left join (select {HOUSEHOLD_NO} as x_household_no{} from {other}) as x\n         on x.x_household_no = r.{HOUSEHOLD_NO}",
                    list.concat()
                );
                columns.extend(beside.iter().map(|name| format!("x.\"household.{name}\"")));
            }
        } else {
            let _ = write!(joins, "\n  left join c{stage} using ({HOUSEHOLD_NO})");
        }
        let mut joined = BTreeSet::new();
        for fact in self.facts_of(over, stage) {
            match self.package.fact_forms.get(fact).map(|form| &form.origin) {
                Some(Origin::Derived(expression)) => {
                    columns.push(format!("{} as \"{fact}\"", self.dialect.text(expression)));
                }
                Some(Origin::Aggregate(form)) if form.from == RESIDENT => {
                    columns.push(format!("{} as \"{fact}\"", over_nothing(&form.call, &format!("\"raw {fact}\""))));
                }
                Some(Origin::Aggregate(form)) => {
                    let group = group_name(&form.from, over);
                    if joined.insert(group.clone()) {
                        let _ = write!(joins, "\n  left join {group} using ({keys})");
                    }
                    columns.push(format!("{} as \"{fact}\"", over_nothing(&form.call, &format!("\"raw {fact}\""))));
                }
                None => {}
            }
        }
        format!("  select {}\n  from {from} as {letter}{joins}", columns.join(",\n         "))
    }

    /// Household columns beside residents that become known at a stage.
    fn beside(&self, stage: usize) -> Vec<String> {
        let mut names: BTreeSet<String> = BTreeSet::new();
        for expression in self.stages.expressions(self.package, &self.facts) {
            names.extend(policy::expression::names_of(expression));
        }
        names
            .into_iter()
            .filter_map(|name| name.strip_prefix("household.").map(str::to_owned))
            .filter(|name| match self.package.facts.contains_key(name) {
                true => stage > 0 && self.stages.of_fact(name) == stage - 1,
                false => stage == 0,
            })
            .collect()
    }

    fn climbs(&self, stage: usize) -> Option<String> {
        let mut columns = vec![HOUSEHOLD_NO.to_owned()];
        for fact in self.facts_of(Grain::Household, stage) {
            if let Some(Origin::Aggregate(form)) = self.package.fact_forms.get(fact).map(|form| &form.origin)
                && form.from == RESIDENT
            {
                let filter = form.filter.as_ref().map(|filter| self.dialect.text(filter));
                columns.push(format!("{} as \"raw {fact}\"", self.aggregate(&form.call, filter.as_deref())));
            }
        }
        (columns.len() > 1)
            .then(|| format!("  select {}\n  from r{stage}\n  group by {HOUSEHOLD_NO}", columns.join(",\n         ")))
    }

    fn rules(&self, rules: &[&String]) -> String {
        let last = self.stages.last(&self.facts);
        let selects = rules.iter().filter_map(|rule| {
            let (declared, form) = self.package.rules.get(*rule).zip(self.package.rule_forms.get(*rule))?;
            let table = if declared.over == Grain::Resident { "r" } else { "h" };
            Some(format!(
                "select {HOUSEHOLD_NO}, '{rule}' as rule from {table}{last} where {}",
                self.dialect.text(&form.when)
            ))
        });
        let selects: Vec<String> = selects.collect();
        format!(
            "select distinct {HOUSEHOLD_NO}, rule from (\n{}\n)\norder by {HOUSEHOLD_NO}, rule;\n",
            selects.join("\nunion all\n")
        )
    }
}

fn group_name(source: &str, over: Grain) -> String {
    format!("{source}_by_{}", if over == Grain::Resident { RESIDENT } else { HOUSEHOLD })
}

/// An aggregate after a left join: what it is over no rows.
fn over_nothing(call: &AggregateCall, column: &str) -> String {
    let nothing = match call.function {
        AggregateFunction::Count | AggregateFunction::Sum => Value::Int(0),
        AggregateFunction::Any => Value::Bool(false),
        AggregateFunction::All => Value::Bool(true),
        AggregateFunction::Min | AggregateFunction::Max => return column.to_owned(),
    };
    format!("coalesce({column}, {})", expression::literal(&nothing))
}
