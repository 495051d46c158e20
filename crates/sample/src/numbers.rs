//! Identity numbers for made-up residents: valid, with an area code that was in use when they were born, and unique.
//!
//! Two counties may share an old area code (a county was split or renamed). Each of them then has its own range of order
//! numbers, so that no two counties need to know of each other's residents.

use crate::random::Stream;
use model::{AreaCodes, Day, IdentityNumber, RegionCode};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Order numbers of those born in the county itself; half of them are men's.
const OWN_ORDERS: (i64, i64) = (0, 699);
/// Order numbers shared out among counties that use the code of another one.
const GUEST_ORDERS: (i64, i64) = (700, 899);
/// Order numbers of those who married out of the county.
const LEAVER_ORDERS: (i64, i64) = (900, 999);
/// Numbers were first given out in this year; earlier births have codes of this year.
const FIRST_YEAR: i32 = 1984;

/// An area code that a county may use, with the order numbers that are its own.
#[derive(Clone, Debug, PartialEq)]
struct Claim {
    area: u32,
    orders: (i64, i64),
}

/// Area codes by county and year of birth.
pub struct NumberOffice {
    /// For each county of the plan, by the year of birth from which the claim holds.
    claims: Vec<BTreeMap<i32, Claim>>,
    /// For each county, the area code of the county that its outsiders come from, with the years.
    neighbours: Vec<u32>,
    codes: AreaCodes,
}

/// Numbers given out in one county; each is given once.
#[derive(Default)]
pub struct NumberDesk {
    issued: HashSet<u64>,
}

impl NumberOffice {
    /// The office for these counties (code and name, all counties of the package) and this list of area codes (CSV with
    /// `code,name,start_year,end_year`). `last_year` is the year of the sample's day.
    pub fn new(counties: &[(RegionCode, String)], areas_csv: &str, codes: AreaCodes, last_year: i32) -> NumberOffice {
        let areas = areas_of(areas_csv);
        let own: BTreeSet<u32> = counties.iter().map(|(code, _)| area_of(*code)).collect();
        let chosen: Vec<BTreeMap<i32, u32>> =
            counties.iter().map(|county| areas_by_year(county, &areas, &codes, last_year)).collect();
        let mut users: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
        for (index, by_year) in chosen.iter().enumerate() {
            by_year.values().for_each(|area| {
                users.entry(*area).or_default().insert(index);
            });
        }
        let claim = |index: usize, area: u32| {
            let is_own = area_of(counties[index].0) == area;
            Claim { area, orders: orders_of(index, is_own, own.contains(&area), &users[&area]) }
        };
        let claims = chosen.iter().enumerate();
        let claims = claims
            .map(|(index, by_year)| by_year.iter().map(|(year, area)| (*year, claim(index, *area))).collect())
            .collect();
        let neighbours = (0..counties.len()).map(|index| area_of(counties[(index + 1) % counties.len()].0)).collect();
        NumberOffice { claims, neighbours, codes }
    }

    /// A number that the desk has not given out before.
    pub fn issue(
        &self,
        county: usize,
        born_on: Day,
        is_male: bool,
        is_from_elsewhere: bool,
        desk: &mut NumberDesk,
        stream: &mut Stream,
    ) -> IdentityNumber {
        let neighbour = self.neighbours[county];
        let claim = if is_from_elsewhere && self.codes.existed_in(neighbour, born_on.year().max(FIRST_YEAR)) {
            &Claim { area: neighbour, orders: LEAVER_ORDERS }
        } else {
            self.claim(county, born_on.year())
        };
        let mut day = born_on;
        loop {
            for _ in 0..40 {
                let order = stream.between(claim.orders.0, claim.orders.1) / 2 * 2 + i64::from(is_male);
                let digits = digits17(claim.area, day, order.min(claim.orders.1));
                match IdentityNumber::from_digits17(digits) {
                    Ok(number) if self.desk_is_free(desk, digits) => return number,
                    _ => continue,
                }
            }
            day = day.plus_days(-1);
        }
    }

    /// A number of someone from far away, whom no county here has: its area lies in another province.
    pub fn stranger(&self, region: RegionCode, stream: &mut Stream) -> IdentityNumber {
        let province = area_of(region) / 10_000;
        let far: Vec<u32> =
            self.codes.all().filter(|area| area / 10_000 != province && !area.is_multiple_of(100)).collect();
        loop {
            let area = stream.pick(&far).copied().unwrap_or(110_101);
            let born = stream.between(1945, 2015) as u64 * 10_000 + stream.between(1, 12) as u64 * 100;
            let birth = born + stream.between(1, 28) as u64;
            let digits = u64::from(area) * 100_000_000_000 + birth * 1_000 + stream.between(0, 999) as u64;
            if let Ok(number) = IdentityNumber::from_digits17(digits) {
                return number;
            }
        }
    }

    fn desk_is_free(&self, desk: &mut NumberDesk, digits: u64) -> bool {
        desk.issued.insert(digits)
    }

    fn claim(&self, county: usize, year: i32) -> &Claim {
        let claims = &self.claims[county];
        let from = claims.range(..=year.max(FIRST_YEAR)).next_back().or_else(|| claims.iter().next());
        from.map(|entry| entry.1).expect("each county has a claim for each year")
    }
}

fn digits17(area: u32, day: Day, order: i64) -> u64 {
    let birth = day.year() as u64 * 10_000 + u64::from(day.month()) * 100 + u64::from(day.day_of_month());
    u64::from(area) * 100_000_000_000 + birth * 1_000 + order as u64
}

fn area_of(county: RegionCode) -> u32 {
    county.county().number()
}

/// Code and name of all area codes of counties (not of prefectures and provinces).
fn areas_of(csv: &str) -> Vec<(u32, String)> {
    let lines = csv.lines().skip(1).filter_map(|line| {
        let (code, rest) = line.split_once(',')?;
        let name = rest.split(',').next().unwrap_or_default();
        Some((code.parse().ok()?, name.to_owned()))
    });
    lines.filter(|(code, _): &(u32, String)| !code.is_multiple_of(100)).collect()
}

/// The area code in use for births of the county, by the first year in which it is used.
fn areas_by_year(
    (county, name): &(RegionCode, String),
    areas: &[(u32, String)],
    codes: &AreaCodes,
    last_year: i32,
) -> BTreeMap<i32, u32> {
    let own = area_of(*county);
    let mut by_year = BTreeMap::new();
    let mut last = None;
    for year in FIRST_YEAR..=last_year.max(FIRST_YEAR) {
        let area = if codes.existed_in(own, year) {
            own
        } else {
            let candidates =
                areas.iter().filter(|(area, _)| area / 10_000 == own / 10_000 && codes.existed_in(*area, year));
            let best = candidates.max_by_key(|(area, other)| likeness(own, name, *area, other));
            best.map_or(own, |best| best.0)
        };
        if last != Some(area) {
            by_year.insert(year, area);
        }
        last = Some(area);
    }
    by_year
}

/// How likely an old code is the county's: the same name counts most, then the prefecture, then the nearness of numbers.
fn likeness(own: u32, name: &str, area: u32, other: &str) -> (usize, bool, i64) {
    let common = name.chars().zip(other.chars()).take_while(|(one, two)| one == two).count();
    let is_near = own / 100 == area / 100;
    let counts = if common >= 2 || (is_near && common >= 1) { common } else { 0 };
    (counts, is_near, -(i64::from(own) - i64::from(area)).abs())
}

/// The order numbers of a county within a code that `users` share.
fn orders_of(index: usize, is_own: bool, has_owner: bool, users: &BTreeSet<usize>) -> (i64, i64) {
    if is_own {
        return OWN_ORDERS;
    }
    let (first, last) = if has_owner { GUEST_ORDERS } else { (OWN_ORDERS.0, GUEST_ORDERS.1) };
    // The owner may be among the users; its place stays unused.
    let rank = users.iter().position(|user| *user == index).unwrap_or(0) as i64;
    let width = (last - first + 1) / users.len().max(1) as i64 / 2 * 2;
    (first + rank * width, first + (rank + 1) * width - 1)
}
