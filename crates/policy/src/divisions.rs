//! The tree of places: provinces, prefectures, counties, townships, villages.

use model::{Level, RegionCode};
use std::collections::HashMap;
use words::{Wording, wording};

/// One place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    pub code: RegionCode,
    /// Full official name.
    pub name: String,
    /// Name for display.
    pub short: String,
    pub level: Level,
    /// `None` for the root.
    pub parent: Option<RegionCode>,
    /// Kind of a village (`village-committee`, `residents-committee`, ...); empty for other levels.
    pub kind: String,
}

/// All places of the package, sorted by code.
#[derive(Clone, Debug, Default)]
pub struct Divisions {
    places: Vec<Division>,
    index: HashMap<RegionCode, usize>,
}

impl Divisions {
    /// Reads CSV with the header `code,name,short,level,parent,kind`. Bad lines are left out and returned with their
    /// line number (from 1) and what is wrong.
    pub fn from_csv(text: &str) -> (Divisions, Vec<(usize, Wording)>) {
        let mut faults = Vec::new();
        let mut places = Vec::new();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => match read_division(&record) {
                    Ok(division) => places.push(division),
                    Err(what) => faults.push((line_of(&record), what)),
                },
                Err(error) => {
                    let line = error.position().map_or(1, |position| position.line() as usize);
                    faults.push((line, wording!("divisions_line_unread", error)));
                }
            }
        }
        places.sort_by_key(|place| place.code);
        let before = places.len();
        places.dedup_by_key(|place| place.code);
        if places.len() < before {
            faults.push((1, wording!("divisions_twice", count = before - places.len())));
        }
        let index: HashMap<RegionCode, usize> = places.iter().enumerate().map(|(at, place)| (place.code, at)).collect();
        let orphans = places.iter().filter(|place| place.parent.is_some_and(|parent| !index.contains_key(&parent)));
        faults.extend(orphans.map(|place| (1, wording!("divisions_orphan", code = place.code))));
        (Divisions { places, index }, faults)
    }

    /// The place with this code.
    pub fn get(&self, code: RegionCode) -> Option<&Division> {
        self.index.get(&code).map(|at| &self.places[*at])
    }

    /// Full name; the code itself where the place is not known.
    pub fn name(&self, code: RegionCode) -> String {
        self.get(code).map_or_else(|| code.to_string(), |place| place.name.clone())
    }

    /// Name for display; the code itself where the place is not known.
    pub fn short(&self, code: RegionCode) -> String {
        self.get(code).map_or_else(|| code.to_string(), |place| place.short.clone())
    }

    /// The places right below this one, sorted by code.
    pub fn children(&self, code: RegionCode) -> Vec<&Division> {
        self.inside(code).filter(|place| place.parent == Some(code)).collect()
    }

    /// All places inside this one (itself left out), sorted by code.
    pub fn inside(&self, code: RegionCode) -> impl Iterator<Item = &Division> {
        let (first, last) = code.span();
        let start = self.places.partition_point(|place| place.code < first);
        self.places[start..].iter().take_while(move |place| place.code <= last).filter(move |place| place.code != code)
    }

    /// Display names from the root down to the place itself.
    pub fn path(&self, code: RegionCode) -> Vec<&str> {
        let mut names = Vec::new();
        let mut at = self.get(code);
        while let Some(place) = at {
            names.push(place.short.as_str());
            at = place.parent.filter(|_| names.len() < 8).and_then(|parent| self.get(parent));
        }
        names.reverse();
        names
    }

    /// All places, sorted by code.
    pub fn all(&self) -> &[Division] {
        &self.places
    }
}

fn line_of(record: &csv::StringRecord) -> usize {
    record.position().map_or(1, |position| position.line() as usize)
}

fn read_division(record: &csv::StringRecord) -> Result<Division, Wording> {
    if record.len() != 6 {
        return Err(wording!("divisions_columns", count = record.len()));
    }
    let cell = |at: usize| record.get(at).unwrap_or_default();
    let code: RegionCode = cell(0).parse().map_err(|_| wording!("divisions_code_unfit", text = cell(0)))?;
    let level = match cell(3) {
        "province" => Level::Province,
        "prefecture" => Level::Prefecture,
        "county" => Level::County,
        "township" => Level::Township,
        "village" => Level::Village,
        text => return Err(wording!("divisions_level_unfit", text)),
    };
    let parent = match cell(4) {
        "" => None,
        text => Some(text.parse().map_err(|_| wording!("divisions_parent_unfit", text))?),
    };
    Ok(Division { code, name: cell(1).to_owned(), short: cell(2).to_owned(), level, parent, kind: cell(5).to_owned() })
}
