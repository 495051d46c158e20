//! A plan in words: what is read, what is summed up, what is evaluated, in which order.

use super::program::Program;
use super::sources::SourcePlan;
use super::step::Step;
use super::table::Table;
use std::fmt::{self, Display, Formatter, Write};

impl Display for Program {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        table(f, &self.households)?;
        table(f, &self.residents)?;
        self.sources.iter().try_for_each(|plan| source(f, plan))?;
        writeln!(f, "then")?;
        self.steps.iter().try_for_each(|each| step(f, self, each))?;
        writeln!(f, "rules")?;
        for rule in &self.rules {
            writeln!(f, "  {} over {:?}: {}", rule.rule, rule.over, rule.when)?;
            let stated = [("value", &rule.value), ("line", &rule.line)];
            for (what, planned) in stated {
                if let Some(planned) = planned {
                    writeln!(f, "    {what} {planned}")?;
                }
            }
        }
        writeln!(f, "places")?;
        self.places.iter().try_for_each(|plan| writeln!(f, "  {:?}: {:?}", plan.figure, plan.function))
    }
}

fn table(f: &mut Formatter<'_>, table: &Table) -> fmt::Result {
    let read: Vec<&str> = table.read.iter().map(|place| table.columns.name_at(*place)).collect();
    writeln!(f, "read register {}: {}", table.schema.name, read.join(", "))
}

fn source(f: &mut Formatter<'_>, plan: &SourcePlan) -> fmt::Result {
    let read: Vec<&str> = plan.read.iter().map(|place| plan.columns.name_at(*place)).collect();
    writeln!(f, "read source {}: {}", plan.schema.name, read.join(", "))?;
    for (position, condition) in plan.conditions.iter().enumerate() {
        writeln!(f, "  condition {position}: {condition}")?;
    }
    for (position, argument) in plan.arguments.iter().enumerate() {
        writeln!(f, "  argument {position}: {argument}")?;
    }
    for fact in &plan.facts {
        let mut line = format!("  {} per {:?}: {:?}", fact.fact, fact.over, fact.function);
        if let Some(argument) = fact.argument {
            write!(line, " of argument {argument}")?;
        }
        if let Some(condition) = fact.condition {
            write!(line, " where condition {condition}")?;
        }
        writeln!(f, "{line}")?;
    }
    Ok(())
}

fn step(f: &mut Formatter<'_>, program: &Program, step: &Step) -> fmt::Result {
    match step {
        Step::Derive { over, fact, planned, .. } => writeln!(f, "  {fact} over {over:?} = {planned}"),
        Step::FromHousehold { place, .. } => {
            writeln!(f, "  {} beside residents", program.residents.columns.name_at(*place))
        }
        Step::OtherHouseholds { place } => {
            writeln!(f, "  {} of each resident", program.residents.columns.name_at(*place))
        }
        Step::Climb { fact, climb, .. } => {
            let mut line = format!("  {fact} per Household: {:?} of residents", climb.function);
            if let Some(argument) = &climb.argument {
                write!(line, " with {argument}")?;
            }
            if let Some(filter) = &climb.filter {
                write!(line, " where {filter}")?;
            }
            writeln!(f, "{line}")
        }
    }
}
