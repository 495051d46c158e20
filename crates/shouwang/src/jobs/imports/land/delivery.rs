//! A delivery of a department comes into force, or is taken back: together in all its counties, and told by what it changes.

use super::super::super::people::People;
use super::super::counts::RowChanges;
use super::super::matched::heard::{Heard, Seen};
use super::super::order::{Confirmed, Order};
use super::coverage::{Before, Covered, Unsure, common_place, decide};
use super::holding::unwritten;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome, Trouble};
use lake::{CountyChanges, Coverage, DatasetSchema, Delivery, Landing, Note, Spared};
use model::{CountyCode, HouseholdNo, Level, RegionCode};
use policy::declare::{Mode, Source};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use store::{ImportCoverage, Leaver};
use web::jobs::Question;
use words::{Wording, advice, clauses, wording};

/// A place that was said lies inside the one of who hands in.
///
/// # Errors
/// Where it does not.
pub fn check_place(order: &Order<'_>) -> Outcome<()> {
    match order.declared.place.filter(|place| !order.region.holds(*place)) {
        Some(place) => Err(Trouble::of(advice!("place_not_inside", place, region = order.region))),
        None => Ok(()),
    }
}

/// What a whole file did to the lake, or would do.
#[derive(Debug, Default)]
pub struct Landed {
    pub changes: RowChanges,
    /// Of whom the rows were that go.
    pub leavers: Vec<Leaver>,
    pub coverage: Option<ImportCoverage>,
    pub remarks: Vec<Wording>,
    /// What has to be answered first; nothing was changed then.
    pub question: Option<Question>,
}

/// Counts what happened in a county.
pub fn count(changes: &mut RowChanges, county: &CountyChanges) {
    changes.added += county.rows.added;
    changes.changed += county.rows.changed;
    changes.removed += county.rows.removed;
    changes.unchanged += county.rows.unchanged;
}

/// Everything but the rows that a delivery needs to come into force.
pub struct Arrival<'a> {
    pub installation: &'a Installation,
    pub people: &'a People,
    pub source: &'a Source,
    pub schema: &'a DatasetSchema,
    pub order: &'a Order<'a>,
    /// Name of the import.
    pub import: &'a str,
}

impl Arrival<'_> {
    /// Puts the rows in force, unless something has to be asked first.
    ///
    /// # Errors
    /// When the lake cannot be read or written; nothing is changed then.
    pub fn land(&self, counties: BTreeMap<CountyCode, Delivery>, heard: &Heard) -> Outcome<Landed> {
        let Covered { coverage, remarks } = match self.decide(heard)? {
            Ok(covered) => covered,
            Err(unsure) => return Ok(Landed { question: Some(asks_coverage(unsure)), ..Landed::default() }),
        };
        let in_place = in_place(self.people);
        let lake = &self.installation.lake;
        let failed = || unwritten(self.source, None);
        let mut landing = lake.landing(self.schema, self.source.mode, &in_place).attempt(failed)?;
        let spared = if coverage.is_partial { Spared::default() } else { heard.not_taken.spared() };
        let by_county = self.add(&mut landing, counties, &coverage, &spared)?;
        self.people.check()?;
        let mut landed = Landed { coverage: Some(coverage), remarks, ..Landed::default() };
        for changes in by_county.values() {
            count(&mut landed.changes, changes);
            landed.leavers.extend(changes.rows.leavers.iter().map(leaver));
        }
        let unknown = heard.not_taken.unknown(by_county.values().map(|county| &county.known));
        self.tell(&mut landed, &by_county, unknown);
        let shown = shown(&by_county);
        if !self.order.confirmed.is_of(&shown) && by_county.values().any(|county| self.loses_many(county)) {
            let question = self.asks_replacement(&landed, &heard.seen, &by_county, unknown);
            landed.question = Some(Question { shown, ..question });
            return Ok(landed);
        }
        landing.commit().attempt(failed)?;
        Ok(landed)
    }

    fn decide(&self, heard: &Heard) -> Outcome<Result<Covered, Unsure>> {
        let order = self.order;
        let view = self.installation.store.view(order.actor);
        let before = Before {
            declared: &order.declared,
            mode: self.source.mode,
            cadence: &self.source.cadence,
            file_name: order.file_name,
            delivered_on: order.day,
            scope: order.region,
            remembered: view.last_coverage(order.dataset)?,
            divisions: &self.installation.package.divisions,
        };
        Ok(decide(&before, &heard.seen, &heard.elsewhere))
    }

    /// Adds the rows of each county, and none for the counties that the delivery covers and has no rows of.
    fn add(
        &self,
        landing: &mut Landing<'_>,
        mut counties: BTreeMap<CountyCode, Delivery>,
        coverage: &ImportCoverage,
        spared: &Spared,
    ) -> Outcome<BTreeMap<CountyCode, CountyChanges>> {
        let failed = || unwritten(self.source, None);
        let lake = &self.installation.lake;
        let covered = |county: &CountyCode| {
            let code = county.region();
            coverage.place.holds(code) || code.holds(coverage.place)
        };
        let known = lake.counties(&self.schema.name).attempt(failed)?;
        for county in known.into_iter().filter_map(CountyCode::from_number).filter(covered) {
            if let Entry::Vacant(missing) = counties.entry(county) {
                missing.insert(lake.delivery(self.schema, county.number(), self.order.day).attempt(failed)?);
            }
        }
        let ImportCoverage { place, from, to, is_declared, is_partial } = coverage.clone();
        let coverage = Coverage { place, from, to, is_declared, is_partial };
        let note = Note { id: self.import.to_owned(), coverage, spared: spared.clone() };
        let mut changes = BTreeMap::new();
        for (county, delivery) in counties {
            changes.insert(county, landing.add(delivery, Some(&note)).attempt(failed)?);
        }
        Ok(changes)
    }

    /// `unknown`: rows that were not taken and of which nobody knows whose they are.
    fn tell(&self, landed: &mut Landed, by_county: &BTreeMap<CountyCode, CountyChanges>, unknown: u64) {
        let rows: u64 = by_county.values().map(|county| county.rows_outdated).sum();
        let later = by_county.values().filter_map(|county| county.outdated_by).max();
        if let Some(day) = later.filter(|_| rows > 0) {
            let own = self.order.day;
            landed.remarks.push(wording!("outdated_by_later_list", day, own, rows));
        }
        if by_county.values().any(|county| county.overlapping > 0) {
            landed.remarks.push(wording!("days_overlap"));
        }
        let (removed, of) = (landed.changes.removed, spoken_of(by_county));
        if removed > 0 {
            landed.remarks.push(match self.source.mode {
                Mode::Roster => wording!("left_the_list", of, removed),
                Mode::Events => wording!("left_out_when_corrected", of, removed),
            });
        }
        let kept = kept(by_county);
        landed.remarks.extend(kept.map(|kept| wording!("rows_stay_in_force_remark", kept)));
        let maybe = maybe_leavers(removed, unknown);
        landed.remarks.extend(maybe.map(|maybe| wording!("rows_maybe_of_leavers_remark", maybe)));
    }

    /// True where more rows would go than the source lets go without being asked. Of a list all that leave it count; of
    /// corrected events the rows that are fewer, for a corrected row may have another key.
    fn loses_many(&self, county: &CountyChanges) -> bool {
        let lost = match self.source.mode {
            Mode::Roster => county.rows.removed,
            Mode::Events => county.rows.removed.saturating_sub(county.rows.added),
        };
        // A delivery of which nothing could be taken says nothing of those that it would replace.
        let has_any = county.rows.added + county.rows.changed + county.rows.unchanged > 0;
        let is_few = self.source.mode == Mode::Events && lost < EVENTS_LOST_MIN && has_any;
        !is_few && lost * 100 > county.spoken_of * u64::from(self.source.leaving_percent_max())
    }

    fn asks_replacement(
        &self,
        landed: &Landed,
        seen: &Seen,
        by_county: &BTreeMap<CountyCode, CountyChanges>,
        unknown: u64,
    ) -> Question {
        let (leaving, of) = (landed.changes.removed, spoken_of(by_county));
        let RowChanges { added, changed, .. } = landed.changes;
        let percent = self.source.leaving_percent_max();
        let confirm = match self.source.mode {
            Mode::Roster => wording!("confirm_leaving_list", of, leaving, percent, added, changed),
            Mode::Events => wording!("confirm_leaving_delivery", of, leaving, percent, added, changed),
        };
        let beside = kept(by_county).into_iter().chain(maybe_leavers(leaving, unknown));
        let why = wording!("confirm_unchanged", clauses = clauses([confirm].into_iter().chain(beside)));
        let why = match self.order.confirmed {
            Confirmed::Shown(_) => wording!("confirm_anew", why),
            _ => why,
        };
        let day = self.order.day;
        let (from, to) = landed.coverage.as_ref().map_or((day, day), |coverage| (coverage.from, coverage.to));
        let place = common_place(seen, self.order.region);
        let covered = landed.coverage.as_ref().map(|coverage| coverage.place);
        let is_part = covered.is_some_and(|covered| covered != place && covered.holds(place));
        let example = (is_part && place.level() == Level::Township).then_some(place);
        Question { why, is_replacement: true, place, from, to, leaving, of, example, shown: String::new() }
    }
}

/// What would go and come, in a few digits: an answer holds for just that.
fn shown(by_county: &BTreeMap<CountyCode, CountyChanges>) -> String {
    let mut hasher = blake3::Hasher::new();
    for (county, changes) in by_county {
        let rows = &changes.rows;
        let counts = [rows.added, rows.changed, rows.removed, changes.rows_spared, changes.spoken_of];
        hasher.update(&county.number().to_le_bytes());
        counts.iter().for_each(|count| {
            hasher.update(&count.to_le_bytes());
        });
        for leaver in &rows.leavers {
            let resident = leaver.resident_key.map_or(0, |key| key.0);
            hasher.update(&leaver.household_no.0.to_le_bytes()).update(&resident.to_le_bytes());
        }
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

/// The rows that stay in force because those of the same were refused or not matched.
fn kept(by_county: &BTreeMap<CountyCode, CountyChanges>) -> Option<Wording> {
    let in_time = by_county.values().filter(|county| county.outdated_by.is_none());
    let rows: u64 = in_time.map(|county| county.rows_spared).sum();
    (rows > 0).then(|| wording!("rows_stay_in_force", rows))
}

/// The rows of which nobody knows whether they are of those who leave.
fn maybe_leavers(leaving: u64, unknown: u64) -> Option<Wording> {
    (leaving > 0 && unknown > 0).then(|| wording!("rows_maybe_of_leavers", rows = unknown))
}

/// Of corrected events, so many rows may be fewer without a question: a share of a few rows says nothing.
const EVENTS_LOST_MIN: u64 = 20;

fn asks_coverage(unsure: Unsure) -> Question {
    let Unsure { why, place, from, to } = unsure;
    let why = wording!("coverage_unsure", why);
    let (example, shown) = (None, String::new());
    Question { why, is_replacement: false, place, from, to, leaving: 0, of: 0, example, shown }
}

fn spoken_of(by_county: &BTreeMap<CountyCode, CountyChanges>) -> u64 {
    by_county.values().map(|county| county.spoken_of).sum()
}

fn leaver(leaver: &lake::Leaver) -> Leaver {
    Leaver { household_no: leaver.household_no, resident_key: leaver.resident_key }
}

/// Whether a household is in a place, as the register says now.
pub fn in_place(people: &People) -> impl Fn(HouseholdNo, RegionCode) -> bool {
    |household, place| people.place_of(household).is_some_and(|village| place.holds(village))
}
