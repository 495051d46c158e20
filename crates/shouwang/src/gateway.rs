//! What the pages ask of the analysis and of matching: facts, what extracts know already, who somebody is, forms of registers.

use crate::installation::Installation;
use crate::jobs::forms;
use crate::jobs::workers::Workers;
use lake::DatasetSchema;
use model::{Day, HouseholdNo, IdentityNumber, LakeRow, RegionCode, ResidentKey};
use policy::declare::Grain;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use web::{FactLine, Gateway, Known, KnownAsked, WorkersShown};
use words::Language;

/// The gateway over an installation's lake.
pub struct AnalysisGateway {
    installation: Arc<Installation>,
    workers: Arc<Workers>,
}

impl AnalysisGateway {
    /// The gateway over this installation's lake and package, and these workers.
    pub fn new(installation: Arc<Installation>, workers: Arc<Workers>) -> AnalysisGateway {
        AnalysisGateway { installation, workers }
    }

    /// The newest value of one column, with its day.
    fn newest(&self, asked: &KnownAsked, (source, column): &(String, String)) -> Result<Option<Known>, String> {
        let Installation { lake, package, .. } = self.installation.as_ref();
        let Some(declared) = package.sources.get(source) else { return Ok(None) };
        if declared.of == Grain::Resident && asked.resident.is_none() {
            return Ok(None);
        }
        let schema = DatasetSchema::of_source(source, declared);
        let Some(position) = schema.position(column) else { return Ok(None) };
        let rows = lake.rows_of_household(&schema, asked.household);
        let rows = rows.map_err(|error| format!("an extract cannot be read for a form: {error:#}"))?;
        let of_subject = |row: &&LakeRow| declared.of != Grain::Resident || row.resident_key == asked.resident;
        let known = rows.iter().filter(of_subject).filter(|row| !row.values[position].is_null());
        let day_at = declared.day.as_ref().and_then(|day| schema.position(day));
        let day_of = |row: &LakeRow| day_at.and_then(|at| row.values[at].as_day());
        let Some(row) = known.max_by_key(|row| day_of(row)) else { return Ok(None) };
        let day = day_of(row).or_else(|| self.delivered_on(source, asked.region));
        Ok(Some(Known { source: source.clone(), column: column.clone(), value: row.values[position].clone(), day }))
    }

    /// Day of the last delivery of a source for the household's county.
    fn delivered_on(&self, source: &str, region: RegionCode) -> Option<Day> {
        let county = region.county().number();
        self.installation.lake.in_force(source, county).ok()??.delivery_days.last().copied()
    }
}

impl Gateway for AnalysisGateway {
    fn facts_of(&self, household: HouseholdNo, _region: RegionCode, day: Day) -> Result<Vec<FactLine>, String> {
        let Installation { lake, package, .. } = self.installation.as_ref();
        let facts = analysis::household_facts(lake, package, household, day, day)
            .map_err(|error| format!("facts of a household cannot be read: {error:#}"))?;
        Ok(facts
            .into_iter()
            .map(|line| FactLine {
                fact: line.fact,
                resident_key: line.resident_key,
                value: line.value,
                evidence: line.evidence,
            })
            .collect())
    }

    fn known(&self, asked: &KnownAsked) -> Result<Vec<Known>, String> {
        let mut known = Vec::new();
        for column in &asked.columns {
            known.extend(self.newest(asked, column)?);
        }
        Ok(known)
    }

    fn resident_key(&self, identity: &str) -> Option<ResidentKey> {
        let number = IdentityNumber::parse(identity).ok()?;
        Some(self.installation.cipher().key_of(number))
    }

    fn template(&self, register: &str, place: RegionCode, language: Language) -> Result<Vec<u8>, String> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = self.installation.out().join(format!(".template-{}-{number}.xlsx", std::process::id()));
        let made = forms::template(&self.installation, register, place, &path, language)
            .map_err(|trouble| trouble.to_string());
        let read = made.and_then(|()| std::fs::read(&path).map_err(|error| error.to_string()));
        let _ = std::fs::remove_file(&path);
        read
    }

    fn workers(&self) -> WorkersShown {
        self.workers.shown()
    }

    fn schema(&self, register: &str) -> Result<serde_json::Value, String> {
        forms::schema(&self.installation, register, Language::CHINESE).map_err(|trouble| trouble.to_string())
    }
}
