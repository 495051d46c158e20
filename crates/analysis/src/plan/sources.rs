//! All aggregates over one source, so that its rows are read once for all of them.

use super::accumulate;
use super::columns::Columns;
use super::compile::{Planned, plan};
use super::table::declared_columns;
use crate::error::Result;
use lake::DatasetSchema;
use lake::values::ColumnType;
use model::{Day, Type, Value};
use policy::AggregateForm;
use policy::declare::{Grain, Source};
use policy::expression::{AggregateFunction, BinaryOp, Expr, Window};
use std::collections::{BTreeMap, BTreeSet};

/// The pseudo-column with the day of delivery, for sources without a day column.
const DELIVERED: &str = "delivered_on";

/// The aggregates over one source.
#[derive(Clone, Debug)]
pub(crate) struct SourcePlan {
    pub schema: DatasetSchema,
    /// Declared columns (place = position), then the day of delivery.
    pub columns: Columns,
    /// Columns that the aggregates read.
    pub read: BTreeSet<usize>,
    /// Conditions that rows meet to count, each once.
    pub conditions: Vec<Planned>,
    /// Values that are summed up, each once.
    pub arguments: Vec<Planned>,
    pub facts: Vec<SourceFact>,
    day_column: Option<String>,
    condition_texts: Vec<Expr>,
    argument_texts: Vec<Expr>,
}

/// One aggregate fact over a source.
#[derive(Clone, Debug)]
pub(crate) struct SourceFact {
    pub fact: String,
    pub over: Grain,
    /// Place in the table of its grain.
    pub place: usize,
    pub function: AggregateFunction,
    pub condition: Option<usize>,
    pub argument: Option<usize>,
}

impl SourcePlan {
    pub(crate) fn new(name: &str, source: &Source) -> SourcePlan {
        let schema = DatasetSchema::of_source(name, source);
        let mut columns = declared_columns(&schema);
        columns.add(DELIVERED, ColumnType::whole(Type::Day));
        SourcePlan {
            schema,
            columns,
            read: BTreeSet::new(),
            conditions: Vec::new(),
            arguments: Vec::new(),
            facts: Vec::new(),
            day_column: source.day.clone(),
            condition_texts: Vec::new(),
            argument_texts: Vec::new(),
        }
    }

    /// Adds a fact and returns its type; its place is set by the caller.
    pub(crate) fn add(
        &mut self,
        fact: &str,
        over: Grain,
        form: &AggregateForm,
        parameters: &BTreeMap<String, Value>,
        day: Day,
    ) -> Result<ColumnType> {
        let within = within(form.window, self.day_column.as_deref(), day);
        let condition = match (within, form.filter.clone()) {
            (Some(within), Some(filter)) => Some(both(within, filter)),
            (within, filter) => within.or(filter),
        };
        let condition = match condition {
            Some(condition) => Some(self.condition(fact, condition, parameters, day)?),
            None => None,
        };
        let argument = match &form.call.argument {
            Some(argument) => Some(self.argument(fact, argument, parameters, day)?),
            None => None,
        };
        let function = form.call.function;
        let result = accumulate::result_type(function, argument.map(|argument| self.arguments[argument].result));
        self.facts.push(SourceFact { fact: fact.to_owned(), over, place: 0, function, condition, argument });
        Ok(result)
    }

    fn condition(&mut self, of: &str, text: Expr, parameters: &BTreeMap<String, Value>, day: Day) -> Result<usize> {
        if let Some(known) = self.condition_texts.iter().position(|known| *known == text) {
            return Ok(known);
        }
        let planned = plan(of, &text, &self.columns, parameters, day)?;
        self.read.extend(&planned.inputs);
        self.conditions.push(planned);
        self.condition_texts.push(text);
        Ok(self.conditions.len() - 1)
    }

    fn argument(&mut self, of: &str, text: &Expr, parameters: &BTreeMap<String, Value>, day: Day) -> Result<usize> {
        if let Some(known) = self.argument_texts.iter().position(|known| known == text) {
            return Ok(known);
        }
        let planned = plan(of, text, &self.columns, parameters, day)?;
        self.read.extend(&planned.inputs);
        self.arguments.push(planned);
        self.argument_texts.push(text.clone());
        Ok(self.arguments.len() - 1)
    }

    /// Place of the day of delivery.
    pub(crate) fn delivered(&self) -> usize {
        self.schema.columns.len()
    }
}

/// The window as a condition on rows: not after the day, and not before the window's first day. A row without a day counts
/// for `All` only. A source without a day column has the day of its delivery, and all of its rows count for `All`.
fn within(window: Window, day_column: Option<&str>, day: Day) -> Option<Expr> {
    let name = Expr::Name(day_column.unwrap_or(DELIVERED).to_owned());
    let compare = |op, day: Day| Expr::Binary {
        op,
        left: Box::new(name.clone()),
        right: Box::new(Expr::Literal(Value::Day(day))),
    };
    let until = compare(BinaryOp::LessOrEqual, day);
    match (window.first_day(day), day_column) {
        (Some(first), _) => Some(both(compare(BinaryOp::GreaterOrEqual, first), until)),
        (None, Some(_)) => {
            let unknown = Expr::IsNull { of: Box::new(name.clone()), negated: false };
            Some(Expr::Binary { op: BinaryOp::Or, left: Box::new(unknown), right: Box::new(until) })
        }
        (None, None) => None,
    }
}

fn both(left: Expr, right: Expr) -> Expr {
    Expr::Binary { op: BinaryOp::And, left: Box::new(left), right: Box::new(right) }
}
