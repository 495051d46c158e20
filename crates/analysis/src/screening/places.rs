//! Figures of places: what was added up for villages in all stripes and counties.

use super::ParameterSet;
use crate::plan::{Figure, Part, Program, together};
use model::{Day, Level, RegionCode, Value};
use policy::declare::Grain;
use policy::expression::{AggregateFunction, evaluate};
use policy::{FigureParts, FigureRow, Origin, Package, units_of};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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

    /// Says that no household can be told for these indicators: what they stand on was never handed in here.
    pub(crate) fn make_unknown(&mut self, indicators: &BTreeSet<String>) {
        let known: Vec<_> = self
            .0
            .iter()
            .filter_map(|(figure, (_, villages))| match figure {
                Figure::Part(cell, Part::Known) if indicators.contains(&cell.indicator) => {
                    Some((cell.clone(), villages.clone()))
                }
                _ => None,
            })
            .collect();
        for (cell, villages) in known {
            let (function, unknown) = self.0.entry(Figure::Part(cell.clone(), Part::Unknown)).or_default();
            *function = Some(AggregateFunction::Count);
            villages.into_iter().for_each(|(village, count)| put(AggregateFunction::Count, unknown, village, count));
            for part in [Part::Numerator, Part::Denominator, Part::Known] {
                self.0.remove(&Figure::Part(cell.clone(), part));
            }
        }
    }

    /// Figures of every indicator over households, by place of its level and group.
    pub(crate) fn indicators(&self, package: &Package) -> BTreeMap<String, Vec<FigureRow>> {
        let mut rows: BTreeMap<(&str, RegionCode, &str, &str), Option<FigureParts>> = BTreeMap::new();
        for (figure, (_, villages)) in &self.0 {
            let Figure::Part(cell, part) = figure else { continue };
            let Some(declared) = package.indicators.get(&cell.indicator) else { continue };
            for (village, value) in villages {
                let key =
                    (cell.indicator.as_str(), village.at(declared.level), cell.group.as_str(), cell.code.as_str());
                let sum = rows.entry(key).or_insert_with(|| Some(FigureParts::default()));
                *sum = sum.and_then(|sum| sum.plus(only(*part, units_of(value)?)));
            }
        }
        let mut indicators: BTreeMap<String, Vec<FigureRow>> = BTreeMap::new();
        for ((indicator, place, group, code), parts) in rows {
            // A sum that does not fit is unknown.
            let parts = parts.unwrap_or(FigureParts { unknown: 1, ..FigureParts::default() });
            let row = FigureRow { place, group: group.to_owned(), code: code.to_owned(), parts };
            indicators.entry(indicator.to_owned()).or_default().push(row);
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

fn only(part: Part, units: i64) -> FigureParts {
    let nothing = FigureParts::default();
    match part {
        Part::Numerator => FigureParts { numerator: units, ..nothing },
        Part::Denominator => FigureParts { denominator: units, ..nothing },
        Part::Known => FigureParts { known: units, ..nothing },
        Part::Unknown => FigureParts { unknown: units, ..nothing },
    }
}

fn put(function: AggregateFunction, places: &mut BTreeMap<RegionCode, Value>, place: RegionCode, value: Value) {
    let value = match places.remove(&place) {
        Some(known) => together(function, known, value),
        None => value,
    };
    places.insert(place, value);
}
