//! The census by county, as far as a made-up population needs it.

use model::RegionCode;
use std::collections::BTreeMap;

/// One county of the census file. Shares are fractions of 1; all are for town and country together.
#[derive(Clone, Debug)]
pub struct CensusRow {
    pub code: RegionCode,
    pub name: String,
    figures: BTreeMap<String, f64>,
}

/// The census file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CensusError {
    #[error("the census file is not CSV")]
    Csv(#[from] csv::Error),
    #[error("the census file has no column `{0}`")]
    NoColumn(&'static str),
    #[error("line {line} of the census file does not start with a division code")]
    NotARegion { line: usize },
}

/// First age of each age group and the first age of the next one.
const GROUPS: [(&str, i64, i64); 19] = [
    ("age_0", 0, 1),
    ("age_1_4", 1, 5),
    ("age_5_9", 5, 10),
    ("age_10_14", 10, 15),
    ("age_15_19", 15, 20),
    ("age_20_24", 20, 25),
    ("age_25_29", 25, 30),
    ("age_30_34", 30, 35),
    ("age_35_39", 35, 40),
    ("age_40_44", 40, 45),
    ("age_45_49", 45, 50),
    ("age_50_54", 50, 55),
    ("age_55_59", 55, 60),
    ("age_60_64", 60, 65),
    ("age_65_69", 65, 70),
    ("age_70_74", 70, 75),
    ("age_75_79", 75, 80),
    ("age_80_84", 80, 85),
    ("age_85plus", 85, 96),
];

/// Columns without which no population can be made.
const NEEDED: [&str; 14] = [
    "rural_population",
    "sex_ratio",
    "minority_share",
    "household_size",
    "one_person_households",
    "gen1",
    "gen2",
    "gen3",
    "gen4plus",
    "water_tap_households",
    "vehicle_households",
    "floor_m2_per_person",
    "illiterate_15plus",
    "mean_years_schooling",
];

impl CensusRow {
    /// The figure in that column; 0 where the file has none.
    pub fn figure(&self, column: &str) -> f64 {
        self.figures.get(column).copied().unwrap_or(0.0)
    }

    /// Share of each single age from 0 to 95; even within an age group.
    pub fn ages(&self) -> Vec<f64> {
        let mut ages = vec![0.0; 96];
        for (column, from, to) in GROUPS {
            let share = self.figure(column) / (to - from) as f64;
            ages[from as usize..to as usize].iter_mut().for_each(|age| *age = share);
        }
        ages
    }
}

/// Reads the census file: the rows of kind `county`, in the order of the file.
///
/// # Errors
/// `NoColumn` when a needed column is missing, `NotARegion` for a row without a code, `Csv` when it is not CSV.
pub fn read(text: &str) -> Result<Vec<CensusRow>, CensusError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers()?.clone();
    let place = |column: &'static str| {
        headings.iter().position(|heading| heading == column).ok_or(CensusError::NoColumn(column))
    };
    for column in NEEDED.into_iter().chain(GROUPS.iter().map(|group| group.0)) {
        place(column)?;
    }
    let (code, name, kind) = (place("code")?, place("name")?, place("kind")?);
    let mut counties = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let record = record?;
        if &record[kind] != "county" {
            continue;
        }
        let region = record[code].parse().map_err(|_| CensusError::NotARegion { line: index + 2 })?;
        let figures = headings.iter().zip(record.iter());
        let figures = figures.filter_map(|(heading, text)| Some((heading.to_owned(), text.parse().ok()?))).collect();
        counties.push(CensusRow { code: region, name: record[name].to_owned(), figures });
    }
    Ok(counties)
}
