//! Runs one case.

use super::failure::{Failure, failure, same, shown};
use super::given::{self, Given};
use super::setting::{CaseSetting, lookup};
use super::step::StepJudge;
use crate::declare::{Case, Grain};
use crate::expression::{AggregateCall, Expr, ScopeEntry, Typed, evaluate, evaluate_aggregate, explain};
use crate::forms::{AggregateForm, FactForm, Origin};
use crate::package::{Package, Thing};
use crate::scope;
use crate::sentence::{Language, band};
use model::{Decimal, Type, Value};
use std::collections::BTreeMap;

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
    fn trace(&self, expr: &Expr, given: &Given) -> String {
        let read = explain(expr, &|name| lookup(given, name), &|name| self.value_of_parameter(name), self.day());
        let shown: Vec<String> = read.iter().map(|(name, value)| format!("{name} = {}", shown(value))).collect();
        format!("用到的值:{}", shown.join(","))
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
                let hint = format!("value = {},line = {}", shown(&value), line.as_ref().map_or(String::new(), shown));
                return Err(failure("band", format!("应为第 {expected} 档,实为第 {reached} 档"), hint));
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
            let said = self.package.because(name, Language::Chinese, &find);
            if said != *expected {
                return Err(failure("because", "说明句不一致".to_owned(), format!("实际为:{said}")));
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

    fn aggregate(&self, form: &FactForm, aggregate: &AggregateForm) -> Result<(Value, String), Failure> {
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
        let hint = format!("{count} 行中 {} 行在窗口内", rows.len());
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
        same("expect", &expected, &self.value_of_parameter(name), String::new)
    }

    /// The numerator over the rows that the filter takes; divided by the denominator over all rows, rounded to 4 places.
    fn indicator(&self, name: &str) -> Result<(), Failure> {
        let Some(form) = self.package.indicator_forms.get(name) else { return Ok(()) };
        let rows = self.rows(&self.package.scope(Grain::Household).names)?;
        let numerator = self.compute(&form.numerator, form.filter.as_ref(), form.numerator_type.ty, &rows);
        let Some((call, typed)) = &form.denominator else {
            let expected = given::expected(&self.case.expect, &form.numerator_type)?;
            return same("expect", &expected, &numerator, String::new);
        };
        let whole = self.compute(call, None, typed.ty, &rows);
        let share = match (number(&numerator), number(&whole)) {
            (Some(part), Some(whole)) => {
                part.checked_div(whole).map_or(Value::Null, |share| Value::Decimal(share.round_dp(4)))
            }
            _ => Value::Null,
        };
        let expected = given::expected(&self.case.expect, &Typed::of(Type::Decimal))?;
        same("expect", &expected, &share, || format!("分子 {},分母 {}", shown(&numerator), shown(&whole)))
    }
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Decimal(number) => Some(*number),
        other => other.as_i64().map(Decimal::from),
    }
}
