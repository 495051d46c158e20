//! The parameters of a county on the day.

use crate::plan::parameters_read;
use model::{ParameterUsed, RegionCode, Value};
use policy::{Overrides, Package, Resolved};
use std::collections::BTreeMap;

use model::Day;

/// All parameters as they are in force in one county.
#[derive(Clone, Debug)]
pub(crate) struct ParameterSet {
    pub resolved: BTreeMap<String, Resolved>,
    pub values: BTreeMap<String, Value>,
}

impl ParameterSet {
    pub(crate) fn of(
        package: &Package,
        place: RegionCode,
        day: Day,
        known: Day,
        overrides: &Overrides,
    ) -> ParameterSet {
        let resolved: BTreeMap<String, Resolved> = package
            .parameters
            .keys()
            .map(|name| (name.clone(), package.parameter_with(name, place, day, known, overrides)))
            .collect();
        let values = resolved.iter().map(|(name, resolved)| (name.clone(), resolved.value.clone())).collect();
        ParameterSet { resolved, values }
    }

    /// Parameters that the rule needs and that are not set here.
    pub(crate) fn unset(&self, package: &Package, rule: &str) -> Vec<String> {
        parameters_read(package, rule, false)
            .into_iter()
            .filter(|name| self.values.get(name).is_none_or(Value::is_null))
            .collect()
    }

    /// The parameters as a lead carries them.
    pub(crate) fn used(&self, names: &[String]) -> Vec<ParameterUsed> {
        names
            .iter()
            .filter_map(|name| self.resolved.get(name))
            .map(|resolved| ParameterUsed {
                name: resolved.name.clone(),
                value: resolved.value.clone(),
                from: resolved.from,
                published: resolved.published,
                source: resolved.source.clone(),
            })
            .collect()
    }
}
