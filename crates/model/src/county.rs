//! Counties: the first six digits of a place.

use crate::RegionCode;
use std::fmt;

/// Villages, townships and the county itself, as a number, per county.
const PLACES_OF_COUNTY: u64 = 1_000_000;

/// A county by the six digits of its division code (GB/T 2260): what divides lake, log and work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountyCode(u32);

impl CountyCode {
    /// The county with this number; `None` where it has more than six digits, or the first two name no province.
    pub fn from_number(number: u32) -> Option<CountyCode> {
        (10_000..1_000_000).contains(&number).then_some(CountyCode(number))
    }

    /// Six digits.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The place that the county is.
    pub fn region(self) -> RegionCode {
        RegionCode::from_number(u64::from(self.0) * PLACES_OF_COUNTY).expect("its first two digits name a province")
    }
}

impl RegionCode {
    /// The county that holds the place. A place above counties gives the six digits of its own code, which name no county.
    pub fn county(self) -> CountyCode {
        CountyCode((self.number() / PLACES_OF_COUNTY) as u32)
    }
}

impl fmt::Display for CountyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::CountyCode;
    use crate::{Level, RegionCode};

    #[test]
    fn a_county_has_six_digits() {
        for (number, is_county) in
            [(9_999, false), (10_000, true), (513_431, true), (999_999, true), (1_000_000, false)]
        {
            assert_eq!(CountyCode::from_number(number).map(CountyCode::number), is_county.then_some(number));
            let region = CountyCode::from_number(number).map(CountyCode::region);
            assert_eq!(region.is_some(), is_county, "{number}");
        }
    }

    #[test]
    fn every_place_of_a_county_gives_it_and_it_gives_its_place() {
        let county = CountyCode::from_number(513_431).expect("six digits");
        for place in ["513431", "513431101", "513431101201"] {
            let place: RegionCode = place.parse().expect("a place");
            assert_eq!(place.county(), county);
            assert_eq!(place.county().region(), place.at(Level::County));
        }
        assert_eq!((county.region().level(), county.to_string().as_str()), (Level::County, "513431"));
        assert_eq!(CountyCode::from_number(10_101).map(|county| county.to_string()).as_deref(), Some("010101"));
    }
}
