//! Which places exist, as the cells of a file are checked.

use model::written::fold;
use model::{AreaCodes, Level, RegionCode};
use policy::Divisions;
use std::collections::HashMap;

/// Which places exist.
pub trait Places: Sync {
    /// True when the 6-digit area code of an identity number was in use at any time.
    fn is_area(&self, area: u32) -> bool;
    /// True when the division exists.
    fn is_division(&self, code: RegionCode) -> bool;
    /// The one division of that name, for cells that hold a name in place of a code.
    fn division_named(&self, _name: &str) -> Option<RegionCode> {
        None
    }
    /// The one division of that level and name below `above` (anywhere where there is none).
    fn division_below(&self, _above: Option<RegionCode>, _level: Level, _name: &str) -> Option<RegionCode> {
        None
    }
}

/// Takes every area and division for existing; for shapes without places, and for tests.
pub struct NoPlaces;

impl Places for NoPlaces {
    fn is_area(&self, _area: u32) -> bool {
        true
    }

    fn is_division(&self, _code: RegionCode) -> bool {
        true
    }
}

/// The divisions of a package and the area codes of identity numbers.
pub struct KnownPlaces<'a> {
    areas: &'a AreaCodes,
    divisions: &'a Divisions,
    /// Names that only one division has.
    by_name: HashMap<&'a str, Option<RegionCode>>,
    /// All divisions of a level and a name, full or short, as cells are folded.
    by_level: HashMap<(Level, String), Vec<RegionCode>>,
}

impl<'a> KnownPlaces<'a> {
    /// An empty list of areas means that nothing is known of them: then every area exists.
    pub fn new(areas: &'a AreaCodes, divisions: &'a Divisions) -> KnownPlaces<'a> {
        let mut by_name: HashMap<&str, Option<RegionCode>> = HashMap::new();
        for division in divisions.all() {
            by_name.entry(division.name.as_str()).and_modify(|known| *known = None).or_insert(Some(division.code));
        }
        let mut by_level: HashMap<(Level, String), Vec<RegionCode>> = HashMap::new();
        for division in divisions.all() {
            let (name, short) = (fold(&division.name), fold(&division.short));
            by_level.entry((division.level, name.to_string())).or_default().push(division.code);
            if short != name {
                by_level.entry((division.level, short.into_owned())).or_default().push(division.code);
            }
        }
        KnownPlaces { areas, divisions, by_name, by_level }
    }
}

impl Places for KnownPlaces<'_> {
    fn is_area(&self, area: u32) -> bool {
        self.areas.existed(area) || self.areas.all().next().is_none()
    }

    fn is_division(&self, code: RegionCode) -> bool {
        self.divisions.get(code).is_some()
    }

    fn division_named(&self, name: &str) -> Option<RegionCode> {
        self.by_name.get(name).copied().flatten()
    }

    fn division_below(&self, above: Option<RegionCode>, level: Level, name: &str) -> Option<RegionCode> {
        let named = self.by_level.get(&(level, name.to_owned()))?;
        let mut inside = named.iter().filter(|code| above.is_none_or(|above| above.holds(**code)));
        inside.next().copied().filter(|_| inside.next().is_none())
    }
}
