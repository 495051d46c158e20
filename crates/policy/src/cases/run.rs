//! Runs one case.

use super::failure::{Failure, failure, same, shown};
use super::given::{self, Given};
use super::setting::{CaseSetting, lookup};
use super::step::StepJudge;
use crate::declare::{Case, Grain};
use crate::expression::{
    AggregateCall, AggregateFunction, Expr, ScopeEntry, Typed, evaluate, evaluate_aggregate, explain,
};
use crate::figure::{FigureParts, units_of};
use crate::forms::{AggregateForm, FactForm, IndicatorForm, Origin};
use crate::package::{Package, Thing};
use crate::scope;
use crate::sentence::band;
use model::{Period, Type, Value};
use std::collections::BTreeMap;
use words::{Advice, Language, Wording, advice, wording};

/// Runs a case of a thing.
pub(super) fn run(
    package: &Package,
    thing: Thing,
    name: &str,
    case: &Case,
    judge: Option<StepJudge<'_>>,
) -> Result<(), Failure> {
    let overrides = given::parameters(&case.parameters, &package.resident_scope.parameters)?;
    let setting = CaseSetting { package, case, overrides };
    match thing {
        Thing::Rule => setting.rule(name),
        Thing::Fact => setting.fact(name),
        Thing::Parameter => setting.parameter(name),
        Thing::Indicator => setting.indicator(name),
        Thing::Register => super::record::run(&setting, name, judge),
        _ => Ok(()),
    }
}

impl CaseSetting<'_> {
    fn evaluate(&self, expr: &Expr, given: &Given) -> Value {
        evaluate(expr, &|name| lookup(given, name), &|name| self.value_of_parameter(name), self.day())
    }

    /// The values that an expression read, for the hint.
    fn trace(&self, expr: &Expr, given: &Given) -> Wording {
        let read = explain(expr, &|name| lookup(given, name), &|name| self.value_of_parameter(name), self.day());
        let values = read.iter().map(|(name, value)| wording!("case_value", name, value = shown(value)));
        let values = values.reduce(|before, value| wording!("case_values", before, value)).unwrap_or_default();
        wording!("case_values_used", values)
    }

    fn rule(&self, name: &str) -> Result<(), Failure> {
        let (Some(rule), Some(form)) = (self.package.rules.get(name), self.package.rule_forms.get(name)) else {
            return Ok(());
        };
        let given = given::values(&self.case.given, "given", &self.package.scope(rule.over).names)?;
        let expected = given::expected(&self.case.expect, &Typed::of(Type::Bool))?;
        let holds = self.evaluate(&form.when, &given);
        same("expect", &expected, &holds, || self.trace(&form.when, &given))?;
        let value = form.value.as_ref().map(|(expr, _)| self.evaluate(expr, &given)).unwrap_or_default();
        let line = form.line.as_ref().map(|(expr, _)| self.evaluate(expr, &given));
        if let Some(expected) = self.case.band {
            let reached = band(rule, &value, line.as_ref());
            if reached != expected {
                let line = line.as_ref().map(shown).unwrap_or_default();
                let hint = wording!("case_value_and_line", value = shown(&value), line);
                let what = wording!("case_band", expected, found = reached);
                return Err(failure("band", Advice { what, hint }));
            }
        }
        if let Some(expected) = &self.case.because {
            let find = |name: &str| match name.strip_prefix("p.") {
                Some(parameter) => self.value_of_parameter(parameter),
                None if name == "day" => Value::Day(self.day()),
                None if given.contains_key(name) => lookup(&given, name),
                None if name == "value" => value.clone(),
                None if name == "line" => line.clone().unwrap_or_default(),
                None => Value::Null,
            };
            let said = self.package.because(name, Language::CHINESE, &find);
            if said != *expected {
                return Err(failure("because", advice!("case_because", said)));
            }
        }
        Ok(())
    }

    fn fact(&self, name: &str) -> Result<(), Failure> {
        let (Some(fact), Some(form)) = (self.package.facts.get(name), self.package.fact_forms.get(name)) else {
            return Ok(());
        };
        let expected = given::expected(&self.case.expect, &form.typed)?;
        let (found, hint) = match &form.origin {
            Origin::Derived(expr) => {
                let given = given::values(&self.case.given, "given", &self.package.scope(fact.over).names)?;
                (self.evaluate(expr, &given), self.trace(expr, &given))
            }
            Origin::Aggregate(aggregate) => self.aggregate(form, aggregate)?,
        };
        same("expect", &expected, &found, || hint)
    }

    fn aggregate(&self, form: &FactForm, aggregate: &AggregateForm) -> Result<(Value, Wording), Failure> {
        let source = self.package.sources.get(&aggregate.from);
        let names: BTreeMap<String, ScopeEntry> = match source {
            Some(source) => scope::of_columns(self.package, &source.column, true).names,
            None if aggregate.from == "resident" => self.package.scope(Grain::Resident).names.clone(),
            None => self.package.scope(Grain::Household).names.clone(),
        };
        let mut rows = self.rows(&names)?;
        let count = rows.len();
        if let Some(day) = source.and_then(|source| source.day.as_ref()) {
            rows.retain(|row| aggregate.window.holds(lookup(row, day).as_day(), self.day()));
        }
        let hint = wording!("case_rows_in_window", rows = count, inside = rows.len());
        Ok((self.compute(&aggregate.call, aggregate.filter.as_ref(), form.typed.ty, &rows), hint))
    }

    fn rows(&self, names: &BTreeMap<String, ScopeEntry>) -> Result<Vec<Given>, Failure> {
        let rows = self.case.rows.iter().enumerate();
        rows.map(|(at, row)| given::values(row, &format!("rows.{at}"), names)).collect()
    }

    fn compute(&self, call: &AggregateCall, filter: Option<&Expr>, ty: Type, rows: &[Given]) -> Value {
        let cell = |row: usize, name: &str| lookup(&rows[row], name);
        evaluate_aggregate(call, filter, ty, rows.len(), &cell, &|name| self.value_of_parameter(name), self.day())
    }

    fn parameter(&self, name: &str) -> Result<(), Failure> {
        let Some(typed) = self.package.resident_scope.parameters.get(name) else { return Ok(()) };
        let expected = given::expected(&self.case.expect, typed)?;
        same("expect", &expected, &self.value_of_parameter(name), Wording::default)
    }

    /// Of rows of a register with a day only those of the period of the case's day count, and none after that day.
    fn indicator(&self, name: &str) -> Result<(), Failure> {
        let (Some(declared), Some(form)) = (self.package.indicators.get(name), self.package.indicator_forms.get(name))
        else {
            return Ok(());
        };
        let mut rows = self.rows(&self.package.figure_scope(declared).names)?;
        if let Some(day) = &declared.day {
            let period = Period::of(declared.period, self.day());
            rows.retain(|row| lookup(row, day).as_day().is_some_and(|at| period.holds(at) && at <= self.day()));
        }
        let Some(parts) = self.parts(form, &rows) else {
            return Err(failure("rows", advice!("case_sum_too_large")));
        };
        let typed = if form.denominator.is_some() { Typed::of(Type::Decimal) } else { form.numerator_type.clone() };
        let expected = given::expected(&self.case.expect, &typed)?;
        let FigureParts { numerator, denominator, unknown, .. } = parts;
        same("expect", &expected, &form.value(&parts), || wording!("case_figure", numerator, denominator, unknown))
    }

    fn parts(&self, form: &IndicatorForm, rows: &[Given]) -> Option<FigureParts> {
        let count = AggregateCall { function: AggregateFunction::Count, argument: None };
        let known = form.is_known();
        let units = |call: &AggregateCall, filter: Option<&Expr>, ty| units_of(&self.compute(call, filter, ty, rows));
        let unknown = match &form.unknown {
            Some(unknown) => units(&count, Some(unknown), Type::Int)?,
            None => 0,
        };
        Some(FigureParts {
            numerator: units(&form.numerator, form.filter.as_ref(), form.numerator_type.ty)?,
            denominator: match &form.denominator {
                Some((call, typed)) => units(call, known.as_ref(), typed.ty)?,
                None => 0,
            },
            known: units(&count, known.as_ref(), Type::Int)?,
            unknown,
        })
    }
}
