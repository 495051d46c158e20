//! Figures of places, put together from villages.

use super::{IndicatorValue, ParameterSet};
use crate::plan::{Figure, Program, together};
use model::{Day, Level, RegionCode, Value};
use policy::declare::Grain;
use policy::expression::{AggregateFunction, evaluate};
use policy::{Origin, Package};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Adds the figures of a chunk to those of a stripe: both in the order of the program's figures.
pub(crate) fn add(
    program: &Program,
    all: &mut BTreeMap<RegionCode, Vec<Value>>,
    more: BTreeMap<RegionCode, Vec<Value>>,
) {
    for (village, values) in more {
        match all.get_mut(&village) {
            None => {
                all.insert(village, values);
            }
            Some(known) => {
                for ((plan, known), value) in program.places.iter().zip(known).zip(values) {
                    *known = together(plan.function, std::mem::take(known), value);
                }
            }
        }
    }
}

/// Figures by what they are and by village.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<FigureOfVillages>", into = "Vec<FigureOfVillages>")]
pub(crate) struct PlaceFigures(BTreeMap<Figure, (Option<AggregateFunction>, BTreeMap<RegionCode, Value>)>);

/// One figure, as it is sent.
type FigureOfVillages = (Figure, Option<AggregateFunction>, BTreeMap<RegionCode, Value>);

impl From<Vec<FigureOfVillages>> for PlaceFigures {
    fn from(sent: Vec<FigureOfVillages>) -> PlaceFigures {
        PlaceFigures(sent.into_iter().map(|(figure, function, villages)| (figure, (function, villages))).collect())
    }
}

impl From<PlaceFigures> for Vec<FigureOfVillages> {
    fn from(figures: PlaceFigures) -> Vec<FigureOfVillages> {
        figures.0.into_iter().map(|(figure, (function, villages))| (figure, function, villages)).collect()
    }
}

impl PlaceFigures {
    /// Adds the figures of a county's stripe.
    pub(crate) fn add(&mut self, program: &Program, villages: BTreeMap<RegionCode, Vec<Value>>) {
        for (village, values) in villages {
            for (plan, value) in program.places.iter().zip(values) {
                let (function, places) = self.0.entry(plan.figure.clone()).or_default();
                *function = Some(plan.function);
                put(plan.function, places, village, value);
            }
        }
    }

    /// Adds the figures of another county.
    pub(crate) fn merge(&mut self, other: PlaceFigures) {
        for (figure, (function, villages)) in other.0 {
            let (known, places) = self.0.entry(figure).or_default();
            *known = function.or(*known);
            if let Some(function) = function {
                villages.into_iter().for_each(|(village, value)| put(function, places, village, value));
            }
        }
    }

    /// Indicators for every place of every level.
    pub(crate) fn indicators(&self) -> BTreeMap<String, BTreeMap<RegionCode, IndicatorValue>> {
        let mut indicators: BTreeMap<String, BTreeMap<RegionCode, IndicatorValue>> = BTreeMap::new();
        for (figure, (function, villages)) in &self.0 {
            let Some(function) = function else { continue };
            let (Figure::Numerator(name) | Figure::Denominator(name)) = figure else { continue };
            let values = indicators.entry(name.clone()).or_default();
            for (place, value) in at_every_level(*function, villages) {
                let entry = values.entry(place).or_default();
                match figure {
                    Figure::Denominator(_) => entry.denominator = Some(value),
                    _ => entry.numerator = value,
                }
            }
        }
        indicators
    }

    /// Facts over villages: the aggregates, and what is derived from them.
    pub(crate) fn villages(
        &self,
        package: &Package,
        day: Day,
        counties: &BTreeMap<RegionCode, ParameterSet>,
    ) -> BTreeMap<RegionCode, BTreeMap<String, Value>> {
        let mut villages: BTreeMap<RegionCode, BTreeMap<String, Value>> = BTreeMap::new();
        for (figure, (_, values)) in &self.0 {
            if let Figure::VillageFact(fact) = figure {
                for (village, value) in values {
                    villages.entry(*village).or_default().insert(fact.clone(), value.clone());
                }
            }
        }
        let over_villages = |fact: &&String| package.facts.get(*fact).is_some_and(|fact| fact.over == Grain::Village);
        for (village, facts) in &mut villages {
            let set = counties.get(&village.at(Level::County));
            let parameter = |name: &str| set.and_then(|set| set.values.get(name)).cloned().unwrap_or_default();
            for fact in package.fact_order.iter().filter(over_villages) {
                if let Some(Origin::Derived(expression)) = package.fact_forms.get(fact).map(|form| &form.origin) {
                    let name = |name: &str| facts.get(name).cloned().unwrap_or_default();
                    let value = evaluate(expression, &name, &parameter, day);
                    facts.insert(fact.clone(), value);
                }
            }
        }
        villages
    }
}

fn at_every_level(function: AggregateFunction, villages: &BTreeMap<RegionCode, Value>) -> BTreeMap<RegionCode, Value> {
    let mut places = BTreeMap::new();
    for (village, value) in villages {
        let mut before = None;
        for level in [Level::Village, Level::Township, Level::County, Level::Prefecture, Level::Province] {
            let place = village.at(level);
            if before != Some(place) {
                put(function, &mut places, place, value.clone());
            }
            before = Some(place);
        }
    }
    places
}

fn put(function: AggregateFunction, places: &mut BTreeMap<RegionCode, Value>, place: RegionCode, value: Value) {
    let value = match places.remove(&place) {
        Some(known) => together(function, known, value),
        None => value,
    };
    places.insert(place, value);
}
