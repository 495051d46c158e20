//! The plan of a sample: which villages get how many households, and what every table looks like.

use crate::census::{self, CensusError, CensusRow};
use crate::family::FamilyProfile;
use crate::names::NameBook;
use crate::numbers::NumberOffice;
use crate::parts::{Parts, PartsError, SampleFiles};
use crate::population::Population;
use crate::random::Stream;
use crate::setting::County;
use crate::table::{self, Table};
use crate::world::Village;
use model::{AreaCodes, Day, Level, RegionCode};
use policy::declare::CodeList;
use policy::{Divisions, Package};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// What is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Any place: a village, a township, a county, a prefecture or the province.
    pub region: RegionCode,
    pub households: u64,
    pub seed: u64,
    /// The day on which everything is handed in.
    pub day: Day,
    /// No dirt is planted.
    pub is_clean: bool,
}

/// A sample, ready to be made by `generate`.
pub struct Plan {
    pub(crate) options: Options,
    pub(crate) population: Population,
    pub(crate) names: NameBook,
    pub(crate) numbers: NumberOffice,
    pub(crate) areas: AreaCodes,
    pub(crate) counties: Vec<County>,
    /// Villages with households, by county in ascending order of codes.
    pub(crate) villages: Vec<Village>,
    pub(crate) tables: Vec<Table>,
    pub(crate) codes: Arc<BTreeMap<String, CodeList>>,
    /// Words for causes in the table of truth.
    pub(crate) causes: BTreeMap<String, String>,
}

/// A sample cannot be planned.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error(transparent)]
    Parts(#[from] PartsError),
    #[error(transparent)]
    Census(#[from] CensusError),
    #[error("the list of area codes cannot be read")]
    Areas(#[from] model::NotAnAreaLine),
    /// A file of the folder `sample` does not fit the package: which one, and what is wrong.
    #[error("{0}")]
    Table(String),
    #[error("`{0}` has no village with rural population")]
    NoVillages(RegionCode),
    #[error("a village has room for 9,999 households; {households} do not fit into {villages} villages")]
    TooMany { households: u64, villages: usize },
}

/// Key of `words.toml` under which causes stand.
const CAUSES: &str = "truth.cause";
/// Households that a village can number.
const VILLAGE_MAX: u64 = 9_999;

impl Plan {
    /// Plans the sample.
    ///
    /// # Errors
    /// When files of the package are missing or do not fit together, or the place cannot hold the households.
    pub fn new(package: &Package, options: &Options) -> Result<Plan, PlanError> {
        let files = SampleFiles::read(package)?;
        let parts = Parts::of(package, &files);
        let counties = counties(&files)?;
        let named: Vec<(RegionCode, String)> =
            counties.iter().map(|county| (county.census.code, county.census.name.clone())).collect();
        let area = |code: &RegionCode| code.county().number();
        let areas = AreaCodes::from_csv(&files.areas)?;
        let known = areas.clone().with(named.iter().map(|(code, _)| area(code)));
        let numbers = NumberOffice::new(&named, &files.areas, areas, options.day.year());
        let villages = villages(&package.divisions, &counties, options)?;
        let tables = table::compile(&parts, options.seed, options.day, options.is_clean).map_err(PlanError::Table)?;
        Ok(Plan {
            options: options.clone(),
            population: files.population.clone(),
            names: NameBook::new(),
            numbers,
            areas: known,
            counties,
            villages,
            tables,
            codes: package.codes.clone(),
            causes: files.words.get(CAUSES).cloned().unwrap_or_default(),
        })
    }

    /// Households that will be made: the number wanted.
    pub fn households(&self) -> u64 {
        self.villages.iter().map(|village| u64::from(village.households)).sum()
    }

    /// Villages of each county in turn.
    pub(crate) fn by_county(&self) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for (index, village) in self.villages.iter().enumerate() {
            match ranges.last_mut() {
                Some(range) if self.villages[range.start].county_index == village.county_index => range.end = index + 1,
                _ => ranges.push(index..index + 1),
            }
        }
        ranges
    }
}

fn counties(files: &SampleFiles) -> Result<Vec<County>, CensusError> {
    let county = |census: CensusRow| County {
        profile: FamilyProfile::new(&census),
        traits: files.population.traits_of(census.code, census.figure("minority_share")),
        census,
    };
    Ok(census::read(&files.census)?.into_iter().map(county).collect())
}

/// Real villages of the place with their share of the households: counties by rural households, villages by chance.
fn villages(divisions: &Divisions, counties: &[County], options: &Options) -> Result<Vec<Village>, PlanError> {
    let index: BTreeMap<RegionCode, usize> =
        counties.iter().enumerate().map(|(index, county)| (county.census.code, index)).collect();
    let mut villages: Vec<Village> = Vec::new();
    for place in divisions.all().iter().filter(|place| options.region.holds(place.code)) {
        let Some(county_index) = index.get(&place.code.at(Level::County)) else { continue };
        let rural = counties[*county_index].census.figure("rural_population");
        if place.kind != "village-committee" || rural < 1.0 {
            continue;
        }
        villages.push(Village {
            code: place.code.number(),
            name: place.name.clone(),
            short: place.short.clone(),
            township: divisions.name(place.code.at(Level::Township)),
            county: divisions.name(place.code.at(Level::County)),
            county_index: *county_index,
            households: 0,
        });
    }
    if villages.is_empty() {
        return Err(PlanError::NoVillages(options.region));
    }
    if options.households > villages.len() as u64 * VILLAGE_MAX {
        return Err(PlanError::TooMany { households: options.households, villages: villages.len() });
    }
    let mut by_county: Vec<&mut [Village]> =
        villages.chunk_by_mut(|one, two| one.county_index == two.county_index).collect();
    let rural_households = |county: &&mut [Village]| {
        let census = &counties[county[0].county_index].census;
        let weight = census.figure("rural_population") / census.figure("household_size").max(1.0);
        (weight, county.len() as u64 * VILLAGE_MAX)
    };
    let shares = share_out(options.households, &by_county.iter().map(rural_households).collect::<Vec<_>>());
    for (county, households) in by_county.iter_mut().zip(shares) {
        let weight = |village: &Village| {
            (Stream::of(options.seed, "village", village.code, 0).log_normal(1.0, 0.45), VILLAGE_MAX)
        };
        let shares = share_out(households, &county.iter().map(weight).collect::<Vec<_>>());
        county.iter_mut().zip(shares).for_each(|(village, households)| village.households = households as u32);
    }
    villages.retain(|village| village.households > 0);
    Ok(villages)
}

/// Shares a number out by weight, none getting more than it has room for; the largest remainders get the rest, so that the
/// sum is exact. `places`: weight and room of each; there is room for all.
fn share_out(number: u64, places: &[(f64, u64)]) -> Vec<u64> {
    let total: f64 = places.iter().map(|(weight, _)| weight).sum();
    let mut left = number;
    let mut shares = Vec::with_capacity(places.len());
    let mut remainders: Vec<(f64, usize)> = Vec::with_capacity(places.len());
    for (index, (weight, room)) in places.iter().enumerate() {
        let share = weight / total * number as f64;
        shares.push((share as u64).min(*room).min(left));
        left -= shares[index];
        remainders.push((share - share.floor(), index));
    }
    remainders.sort_by(|one, two| two.0.total_cmp(&one.0).then(one.1.cmp(&two.1)));
    while left > 0 && shares.iter().zip(places).any(|(share, (_, room))| share < room) {
        for (_, index) in &remainders {
            if left > 0 && shares[*index] < places[*index].1 {
                shares[*index] += 1;
                left -= 1;
            }
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::share_out;

    #[test]
    fn shares_add_up_and_keep_to_their_room() {
        for (number, places, expected) in [
            (10, vec![(1.0, 99), (1.0, 99)], vec![5, 5]),
            (10, vec![(2.0, 99), (1.0, 99)], vec![7, 3]),
            (10, vec![(9.0, 4), (1.0, 99)], vec![4, 6]),
            (3, vec![(1.0, 1), (1.0, 1), (1.0, 1)], vec![1, 1, 1]),
            (0, vec![(1.0, 1)], vec![0]),
        ] {
            assert_eq!(share_out(number, &places), expected);
        }
    }
}
