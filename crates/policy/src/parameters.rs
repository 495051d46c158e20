//! Values of parameters on a day, at a place, as known on a day.

use crate::declare::{Parameter, ParameterUnit, ParameterValue};
use crate::expression::evaluate;
use crate::package::Package;
use model::{Day, Decimal, Fen, Level, RegionCode, Value};
use std::collections::BTreeMap;

/// Values in place of the package's, by parameter name: what-if.
pub type Overrides = BTreeMap<String, Value>;

/// A parameter's value in force, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    pub name: String,
    /// `Null` where it is unset or nothing is in force.
    pub value: Value,
    /// In force from; `None` where nothing is in force, or it is overridden.
    pub from: Option<Day>,
    /// Known since.
    pub published: Option<Day>,
    /// Issuing body, number and day of the document; empty for an override.
    pub source: String,
    /// `A`, `B` or `example`; `what-if` for an override.
    pub grade: String,
    /// The place that the value holds for.
    pub region: Option<RegionCode>,
}

/// Formulas do not nest deeper; the check refuses cycles.
const FORMULA_DEPTH_MAX: usize = 16;

/// What a value is asked for.
#[derive(Clone, Copy)]
struct ParameterQuery<'a> {
    day: Day,
    known: Day,
    overrides: &'a Overrides,
}

impl Package {
    /// The value of a parameter at a place on `day`, as published by `known`.
    ///
    /// The nearest place around `region` with a value in force counts (village first, province last); of its values the one
    /// with the latest `from` on or before `day`, then the latest published. Values published after `known` do not exist.
    /// With `at_least` the value of the place of that level is the floor. A formula is computed for the same place and days.
    /// An explicit `unset`, or nothing in force, is `Null`.
    pub fn parameter(&self, name: &str, region: RegionCode, day: Day, known: Day) -> Resolved {
        self.parameter_with(name, region, day, known, &Overrides::new())
    }

    /// As `parameter`, with some values replaced, also within formulas.
    pub fn parameter_with(
        &self,
        name: &str,
        region: RegionCode,
        day: Day,
        known: Day,
        overrides: &Overrides,
    ) -> Resolved {
        self.resolve(name, region, ParameterQuery { day, known, overrides }, 0)
    }

    fn resolve(&self, name: &str, region: RegionCode, asked: ParameterQuery, depth: usize) -> Resolved {
        if let Some(value) = asked.overrides.get(name) {
            return Resolved { value: value.clone(), grade: "what-if".to_owned(), ..unset(name) };
        }
        let Some(parameter) = self.parameters.get(name).filter(|_| depth <= FORMULA_DEPTH_MAX) else {
            return unset(name);
        };
        let own = self.nearest(name, parameter, region, asked, depth);
        let Some(level) = parameter.at_least.filter(|level| region.level() > *level) else { return own };
        let floor = self.nearest(name, parameter, region.at(level), asked, depth);
        if is_above(&floor.value, &own.value) { floor } else { own }
    }

    /// The value of the nearest place around `region` that has one.
    fn nearest(
        &self,
        name: &str,
        parameter: &Parameter,
        region: RegionCode,
        asked: ParameterQuery,
        depth: usize,
    ) -> Resolved {
        for level in [Level::Village, Level::Township, Level::County, Level::Prefecture, Level::Province] {
            if region.level() < level {
                continue;
            }
            let place = region.at(level);
            let values = parameter.value.iter().enumerate();
            let of_place = values.filter(|(_, value)| value.region.unwrap_or(self.head.region) == place);
            let in_force = of_place.filter(|(_, value)| value.from.0 <= asked.day && published(value) <= asked.known);
            if let Some((at, value)) = in_force.max_by_key(|(at, value)| (value.from, published(value), *at)) {
                return Resolved {
                    value: self.value_of(name, at, value, parameter.unit, region, asked, depth),
                    from: Some(value.from.0),
                    published: Some(published(value)),
                    source: value.source.clone(),
                    grade: value.grade.clone(),
                    region: Some(place),
                    ..unset(name)
                };
            }
        }
        unset(name)
    }

    #[allow(clippy::too_many_arguments)]
    fn value_of(
        &self,
        name: &str,
        at: usize,
        value: &ParameterValue,
        unit: ParameterUnit,
        region: RegionCode,
        asked: ParameterQuery,
        depth: usize,
    ) -> Value {
        if value.formula.is_some() {
            let formula = self.formulas.get(name).and_then(|list| list.get(at)).and_then(Option::as_ref);
            let parameters = |name: &str| self.resolve(name, region, asked, depth + 1).value;
            return formula.map_or(Value::Null, |expr| evaluate(expr, &|_| Value::Null, &parameters, asked.day));
        }
        match (value.amount, value.rate, value.truth) {
            (Some(fen), _, _) if unit == ParameterUnit::Fen => Value::Fen(Fen(fen)),
            (Some(number), _, _) if unit == ParameterUnit::Rate => Value::Decimal(Decimal::from(number)),
            (Some(number), _, _) => Value::Int(number),
            (_, Some(rate), _) => Value::Decimal(rate),
            (_, _, Some(truth)) => Value::Bool(truth),
            _ => Value::Null,
        }
    }
}

fn unset(name: &str) -> Resolved {
    Resolved {
        name: name.to_owned(),
        value: Value::Null,
        from: None,
        published: None,
        source: String::new(),
        grade: String::new(),
        region: None,
    }
}

fn published(value: &ParameterValue) -> Day {
    value.published.unwrap_or(value.from).0
}

fn is_above(floor: &Value, own: &Value) -> bool {
    match (floor, own) {
        (Value::Null, _) => false,
        (_, Value::Null) => true,
        (Value::Decimal(floor), Value::Decimal(own)) => floor > own,
        _ => floor.as_i64() > own.as_i64(),
    }
}
