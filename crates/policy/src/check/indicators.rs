//! Checks indicators: aggregates over households with their facts.

use super::facts::{settle_call, settle_filter};
use super::found::{Findings, text_of};
use crate::declare::Grain;
use crate::forms::IndicatorForm;
use crate::package::{Package, Thing};

/// Checks all indicators; fills `indicator_forms`.
pub(super) fn check(package: &mut Package, found: &mut Findings) {
    let names: Vec<String> = package.indicators.keys().cloned().collect();
    for name in names {
        let indicator = &package.indicators[&name];
        let file = text_of(package, Thing::Indicator, &name);
        found.articles(package, &file, &indicator.article);
        found.filled(&file, "label", &indicator.label);
        found.filled(&file, "label_en", &indicator.label_en);
        let scope = package.scope(Grain::Household);
        let numerator = settle_call(found, &file, "numerator", &indicator.numerator, scope);
        let filter = settle_filter(found, &file, "where", indicator.filter.as_deref(), scope);
        let denominator = match &indicator.denominator {
            Some(text) => settle_call(found, &file, "denominator", text, scope).map(Some),
            None => Some(None),
        };
        if let (Some((numerator, numerator_type)), Some(filter), Some(denominator)) = (numerator, filter, denominator) {
            let form = IndicatorForm { numerator, numerator_type, filter, denominator };
            package.indicator_forms.insert(name, form);
        }
    }
}
