//! The package's population file: what a made-up population needs beyond the census.
//!
//! It is written apart from the rules: nothing here is a threshold of a rule, and no rule reads it.

use crate::names::Custom;
use model::RegionCode;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `sample/population.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Peoples in the order in which places give their shares; the first is the majority.
    pub people: Vec<People>,
    /// Places that differ from the rest; the longest region that holds the county counts.
    #[serde(default)]
    pub place: Vec<PlaceTraits>,
    pub income: IncomeTraits,
    pub need: Need,
    /// Kinds of shocks by their word.
    pub shock: BTreeMap<String, Shock>,
    pub share: Shares,
}

/// An ethnic group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// Code of the package's list of ethnic groups.
    pub code: String,
    pub custom: Custom,
}

/// What is special about a place and all places in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceTraits {
    pub region: RegionCode,
    /// Share of each minority (code of the people) among the minority population; the rest go to the last one.
    #[serde(default)]
    pub minority: BTreeMap<String, f64>,
    /// Income against the average place.
    #[serde(default = "one")]
    pub income: f64,
    /// Share of households that were once registered as poor.
    #[serde(default)]
    pub lifted_out: Option<f64>,
}

/// Incomes, in yuan of a year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncomeTraits {
    /// Median monthly wage of a worker away from home, and of one near home.
    pub wage_away: f64,
    pub wage_near: f64,
    /// Median yearly gross product of one adult on the farm, and the share that production costs.
    pub farm_adult: f64,
    pub cost_share: f64,
    /// Median yearly subsidies and support of a household; monthly pension from 60 on.
    pub subsidies: f64,
    pub pension_month: i64,
    /// Deviation of the logarithm of what households have.
    pub spread: f64,
    /// Factor for households once registered as poor.
    pub lifted_out: f64,
    /// Savings as a share of a year's net income, and their spread.
    pub savings: f64,
    pub savings_spread: f64,
}

/// When a household is truly in hardship.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// What one person needs for a year, in yuan, before the place's income factor.
    pub person_year: f64,
    /// Share of the savings that may be used up.
    pub usable_savings: f64,
    /// Share of the missing sum that kin can lend, at most.
    pub kin_help: f64,
    /// Months before the day within which shocks fall.
    pub months: u32,
}

/// A kind of shock.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shock {
    /// Share of households that it strikes within the months of `need.months`.
    pub rate: f64,
    /// Median cost in yuan, and its spread.
    pub cost: f64,
    pub spread: f64,
    /// Share of the cost that insurance or aid takes over, on average.
    #[serde(default)]
    pub covered: f64,
    /// Median months of lost work.
    #[serde(default)]
    pub idle_months: f64,
}

/// Shares of the healthy background.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    pub lifted_out: f64,
    pub monitored: f64,
    /// Of the monitored, those whose risk has been cleared.
    pub cleared: f64,
    pub insured: f64,
    pub works_away: f64,
    /// Of adults below 60 and above.
    pub disabled: f64,
    pub disabled_old: f64,
    pub business: f64,
    pub payroll: f64,
    pub property: f64,
    pub post: f64,
    pub project: f64,
    pub one_off_aid: f64,
    pub unsafe_water: f64,
    /// Residents who have left within the last years.
    pub left: f64,
    /// Share of married-in residents whose identity number is from another county.
    pub from_elsewhere: f64,
}

fn one() -> f64 {
    1.0
}

/// What the population file says about one county.
#[derive(Clone, Debug)]
pub struct CountyTraits {
    /// Weights of the peoples, in the order of the population file.
    pub peoples: Vec<f64>,
    pub income: f64,
    pub lifted_out: f64,
}

impl Population {
    /// The traits of a county with that share of minorities.
    pub fn traits_of(&self, county: RegionCode, minority_share: f64) -> CountyTraits {
        let place = self.place.iter().filter(|place| place.region.holds(county));
        let place = place.max_by_key(|place| place.region.level());
        let mut peoples = vec![0.0; self.people.len()];
        let mut left = 1.0;
        for (index, people) in self.people.iter().enumerate().skip(1) {
            let share = place.and_then(|place| place.minority.get(&people.code)).copied().unwrap_or(0.0);
            peoples[index] = minority_share * share;
            left -= share;
        }
        if let Some(last) = peoples.last_mut() {
            *last += minority_share * left.max(0.0);
        }
        if let Some(majority) = peoples.first_mut() {
            *majority = 1.0 - minority_share;
        }
        CountyTraits {
            peoples,
            income: place.map_or(1.0, |place| place.income),
            lifted_out: place.and_then(|place| place.lifted_out).unwrap_or(self.share.lifted_out),
        }
    }
}
