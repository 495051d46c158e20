//! Figures of places: aggregates over the households of a village, which larger places sum up.

use super::accumulate::{Accumulator, NOBODY};
use super::builder::Builder;
use super::compile::Planned;
use super::rules::parameters_behind;
use super::table::HOUSEHOLD;
use crate::error::Result;
use arrow::array::{ArrayRef, BooleanArray};
use lake::values::{self, ColumnType};
use model::{RegionCode, Value};
use policy::declare::Grain;
use policy::expression::{AggregateCall, AggregateFunction, BinaryOp, Expr};
use policy::{IndicatorForm, Origin, Package};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a figure of a place is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Figure {
    /// A part of an indicator.
    Part(Cell, Part),
    /// A fact over villages that is an aggregate over households.
    VillageFact(String),
}

/// An indicator, or one of its groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Cell {
    pub indicator: String,
    /// Name that it is grouped by, and the code; empty for the whole.
    pub group: String,
    pub code: String,
}

/// What is added up of an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Part {
    Numerator,
    Denominator,
    /// Households that could be told.
    Known,
    Unknown,
}

/// An aggregate over the households of each village.
#[derive(Clone, Debug)]
pub(crate) struct PlacePlan {
    pub figure: Figure,
    pub function: AggregateFunction,
    filter: Option<Planned>,
    argument: Option<Planned>,
    result: ColumnType,
}

impl PlacePlan {
    fn build(
        builder: &mut Builder<'_>,
        name: &str,
        figure: Figure,
        call: &AggregateCall,
        filter: Option<&Expr>,
    ) -> Result<PlacePlan> {
        let mut part = |expression: Option<&Expr>| match expression {
            Some(expression) => builder.expression(Grain::Household, name, expression).map(Some),
            None => Ok(None),
        };
        let (filter, argument) = (part(filter)?, part(call.argument.as_ref())?);
        let result = super::accumulate::result_type(call.function, argument.as_ref().map(|argument| argument.result));
        Ok(PlacePlan { figure, function: call.function, filter, argument, result })
    }

    /// One value per village; `villages` gives for each household the position of its village.
    pub(crate) fn values(
        &self,
        households: usize,
        villages: &[u32],
        count: usize,
        column: &mut dyn FnMut(usize) -> Result<ArrayRef>,
    ) -> Result<Vec<Value>> {
        let mut part = |planned: &Option<Planned>| match planned {
            Some(planned) => planned.evaluate(HOUSEHOLD, households, &mut *column).map(Some),
            None => Ok(None),
        };
        let (filter, argument) = (part(&self.filter)?, part(&self.argument)?);
        let filter: Option<&BooleanArray> = filter.as_ref().map(arrow::array::AsArray::as_boolean);
        let shape = self.argument.as_ref().map(|argument| argument.result);
        let mut sums = Accumulator::new(self.function, shape, count);
        sums.add(HOUSEHOLD, villages, filter, argument.as_ref())?;
        let found = sums.finish();
        Ok((0..count).map(|village| values::value_at(&found, self.result, village)).collect())
    }
}

/// Plans indicators, and facts over villages that are aggregates, as far as their parameters are set.
pub(crate) fn plan_places(builder: &mut Builder<'_>) -> Result<Vec<PlacePlan>> {
    let package: &Package = builder.package;
    let mut plans = Vec::new();
    let parameters = builder.parameters;
    let can_run = |read: &[&Expr]| {
        let needed = parameters_behind(package, read);
        needed.iter().all(|name| parameters.get(name).is_some_and(|value| !value.is_null()))
    };
    let over_households = |name: &str| package.indicators.get(name).is_some_and(|declared| declared.from.is_none());
    for (name, form) in package.indicator_forms.iter().filter(|(name, _)| over_households(name)) {
        let calls = std::iter::once(&form.numerator).chain(form.denominator.iter().map(|(call, _)| call));
        let read: Vec<&Expr> = calls.filter_map(|call| call.argument.as_ref()).chain(&form.filter).collect();
        plan_indicator(builder, name, form, can_run(&read), &mut plans)?;
    }
    for (name, form) in &package.fact_forms {
        if let Origin::Aggregate(aggregate) = &form.origin
            && aggregate.from == HOUSEHOLD
            && can_run(&aggregate.call.argument.iter().chain(&aggregate.filter).collect::<Vec<_>>())
        {
            let figure = Figure::VillageFact(name.clone());
            plans.push(PlacePlan::build(builder, name, figure, &aggregate.call, aggregate.filter.as_ref())?);
        }
    }
    Ok(plans)
}

/// The parts of an indicator and of its groups. Where a parameter that it needs is not set, no household can be told.
fn plan_indicator(
    builder: &mut Builder<'_>,
    name: &str,
    form: &IndicatorForm,
    can_run: bool,
    plans: &mut Vec<PlacePlan>,
) -> Result<()> {
    let count = AggregateCall { function: AggregateFunction::Count, argument: None };
    let (known, unknown) = match can_run {
        true => (form.is_known(), form.unknown.clone()),
        false => (None, None),
    };
    let mut parts = vec![(Part::Unknown, &count, unknown.clone())];
    if can_run {
        parts = vec![(Part::Numerator, &form.numerator, form.filter.clone()), (Part::Known, &count, known.clone())];
        parts.extend(form.denominator.iter().map(|(call, _)| (Part::Denominator, call, known.clone())));
        parts.extend(unknown.map(|unknown| (Part::Unknown, &count, Some(unknown))));
    }
    let whole = (String::new(), String::new(), None);
    let codes = form.groups.iter().flat_map(|group| {
        group.conditions().into_iter().map(|(code, condition)| (group.name.clone(), code, Some(condition)))
    });
    for (group, code, of_group) in std::iter::once(whole).chain(codes) {
        let cell = Cell { indicator: name.to_owned(), group, code };
        for (part, call, filter) in &parts {
            let filter = both(of_group.clone(), filter.clone());
            plans.push(PlacePlan::build(builder, name, Figure::Part(cell.clone(), *part), call, filter.as_ref())?);
        }
    }
    Ok(())
}

fn both(one: Option<Expr>, other: Option<Expr>) -> Option<Expr> {
    match (one, other) {
        (Some(one), Some(other)) => {
            Some(Expr::Binary { op: BinaryOp::And, left: Box::new(one), right: Box::new(other) })
        }
        (one, other) => one.or(other),
    }
}

/// Positions of villages in order of their codes, and for each household that of its village.
pub(crate) fn villages_of(regions: &ArrayRef, in_scope: &[bool]) -> (Vec<RegionCode>, Vec<u32>) {
    let codes: Vec<Option<RegionCode>> = (0..in_scope.len())
        .map(|row| if in_scope[row] { values::text_at(regions, row)?.parse().ok() } else { None })
        .collect();
    let positions: BTreeMap<RegionCode, u32> = {
        let known: std::collections::BTreeSet<RegionCode> = codes.iter().flatten().copied().collect();
        known.into_iter().zip(0..).collect()
    };
    let of_households =
        codes.iter().map(|code| code.and_then(|code| positions.get(&code).copied()).unwrap_or(NOBODY)).collect();
    (positions.into_keys().collect(), of_households)
}

/// One value for two parts of a place.
pub(crate) fn together(function: AggregateFunction, one: Value, other: Value) -> Value {
    use AggregateFunction::{All, Any, Count, Max, Min, Sum};
    match (function, one, other) {
        (Sum | Count, Value::Int(a), Value::Int(b)) => a.checked_add(b).map_or(Value::Null, Value::Int),
        (Sum | Count, Value::Fen(a), Value::Fen(b)) => {
            a.0.checked_add(b.0).map_or(Value::Null, |sum| Value::Fen(model::Fen(sum)))
        }
        (Sum | Count, Value::Decimal(a), Value::Decimal(b)) => a.checked_add(b).map_or(Value::Null, Value::Decimal),
        (Sum | Count, _, _) => Value::Null,
        (Any, Value::Bool(a), Value::Bool(b)) => Value::Bool(a || b),
        (All, Value::Bool(a), Value::Bool(b)) => Value::Bool(a && b),
        (_, one, Value::Null) => one,
        (_, Value::Null, other) => other,
        (Min | Max, one, other) => {
            let is_less = less(&one, &other);
            if is_less == (function == Min) { one } else { other }
        }
        (_, one, _) => one,
    }
}

fn less(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Decimal(a), Value::Decimal(b)) => a < b,
        (Value::Day(a), Value::Day(b)) => a < b,
        _ => one.as_i64() < other.as_i64(),
    }
}
