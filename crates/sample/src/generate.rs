//! Makes the sample: village by village, household by household, all tables open at once.

use crate::build;
use crate::fields::Subject;
use crate::ledger::{HOUSEHOLDS_PER_HOME, Home};
use crate::numbers::NumberDesk;
use crate::plan::Plan;
use crate::random::Stream;
use crate::setting::Setting;
use crate::spec::Each;
use crate::table::{Block, Table};
use crate::tables::{Cell, TableHead, Tables, Use};
use crate::world::{Event, Household, Village};
use crate::writer::{Outcome, Planted, Writer};
use model::{Day, Kind, RegionCode};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;

/// What was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub households: u64,
    pub residents: u64,
    /// Households that truly are in hardship.
    pub truths: u64,
    /// Of these, households that no table tells of.
    pub hidden: u64,
    /// Dirty cells and rows, variants and faults.
    pub planted: u64,
    /// Rows by table, headings and titles left out.
    pub rows: BTreeMap<String, u64>,
    /// Some of the households, for the ledgers.
    #[serde(skip)]
    pub homes: Vec<Home>,
}

/// Where a household's hardship can be seen: the table, since when, and whether dirt has spoiled the row.
struct Sighting<'a> {
    table: &'a str,
    since: Day,
    is_lost: bool,
}

/// Households that are kept for the ledgers.
const HOMES_MAX: usize = 1_000;
const TRUTH: [&str; 6] = ["household_no", "cause", "since", "visible_in", "visible_since", "lost_in"];
const PLANTED: [&str; 5] = ["file", "row", "heading", "dirt", "fault"];

/// Makes the sample and hands all rows to `tables`. `progress` gets the number of households made so far, now and then.
///
/// # Errors
/// The first error that `tables` returns.
pub fn generate(plan: &Plan, tables: &mut dyn Tables, progress: &mut dyn FnMut(u64)) -> io::Result<Summary> {
    let mut summary = Summary::default();
    let mut writers: Vec<Writer> =
        plan.tables.iter().enumerate().map(|(id, table)| Writer::new(id, table, plan)).collect();
    let (truth, planted) = (writers.len(), writers.len() + 1);
    for writer in &mut writers {
        writer.begin(&plan.villages[0], tables)?;
    }
    tables.begin(&own_head(truth, "truth", &TRUTH))?;
    tables.begin(&own_head(planted, "planted_dirt", &PLANTED))?;
    let setting = Setting {
        population: &plan.population,
        names: &plan.names,
        numbers: &plan.numbers,
        day: plan.options.day,
        seed: plan.options.seed,
    };
    for range in plan.by_county() {
        let mut desk = NumberDesk::default();
        for village in &plan.villages[range] {
            let county = &plan.counties[village.county_index];
            for serial in 1..=village.households {
                let household = build::household(&setting, county, village, serial, &mut desk);
                let sightings = hand_in(plan, village, &household, &mut writers, tables)?;
                if summary.households % HOUSEHOLDS_PER_HOME == 0 && summary.homes.len() < HOMES_MAX {
                    summary.homes.extend(home(village, &household));
                }
                summary.households += 1;
                summary.residents += household.residents.iter().filter(|resident| resident.is_present()).count() as u64;
                note_truth(plan, &household, &sightings, truth, &mut summary, tables)?;
            }
            for writer in &mut writers {
                summary.planted += note_dirt(writer.take_planted(), planted, tables)?;
            }
            progress(summary.households);
        }
    }
    for writer in &mut writers {
        writer.end(tables)?;
        summary.planted += note_dirt(writer.take_planted(), planted, tables)?;
        summary.rows.insert(writer.table.name.clone(), writer.rows());
    }
    tables.end(truth)?;
    tables.end(planted)?;
    Ok(summary)
}

/// The household as ledgers name it, unless nobody lives there or its place is none.
fn home(village: &Village, household: &Household) -> Option<Home> {
    let present = household.residents.iter().filter(|resident| resident.is_present());
    let people: Vec<(String, String)> =
        present.map(|resident| (resident.identity.canonical(), resident.name.clone())).collect();
    let village = RegionCode::from_number(village.code)?;
    (!people.is_empty()).then_some(Home { number: household.number, village, people })
}

fn own_head(id: usize, name: &str, headings: &[&str]) -> TableHead {
    TableHead {
        id,
        name: name.to_owned(),
        stem: name.to_owned(),
        usage: Use::Truth,
        title: None,
        headings: headings.iter().map(|heading| (*heading).to_owned()).collect(),
        kinds: vec![Kind::Text; headings.len()],
    }
}

/// Hands in the rows of one household in all tables.
fn hand_in<'p>(
    plan: &'p Plan,
    village: &Village,
    household: &Household,
    writers: &mut [Writer<'p>],
    tables: &mut dyn Tables,
) -> io::Result<Vec<Sighting<'p>>> {
    let mut sightings = Vec::new();
    for writer in writers {
        let table = writer.table;
        let mut stream = Stream::of(plan.options.seed, &table.name, household.number, 1);
        writer.begin_household();
        for block in &table.blocks {
            hand_in_block(plan, village, household, block, writer, &mut stream, &mut sightings, tables)?;
        }
    }
    Ok(sightings)
}

#[allow(
    clippy::too_many_arguments,
    reason = "one call with everything that a row stands on; a struct would be made for it alone"
)]
fn hand_in_block<'p>(
    plan: &Plan,
    village: &Village,
    household: &Household,
    block: &'p Block,
    writer: &mut Writer<'p>,
    stream: &mut Stream,
    sightings: &mut Vec<Sighting<'p>>,
    tables: &mut dyn Tables,
) -> io::Result<()> {
    let table: &'p Table = writer.table;
    let base = Subject {
        day: plan.options.day,
        population: &plan.population,
        village,
        household,
        resident: None,
        event: None,
    };
    for subject in subjects(block.each, base) {
        if !block.filter.holds(&subject) || !stream.chance(block.share) {
            continue;
        }
        let delay = stream.between(block.delay[0], block.delay[1]);
        let known_since = subject.event.map_or(plan.options.day, |event| event.day.plus_days(delay));
        let is_seen = stream.chance(block.reach) && known_since <= plan.options.day;
        let fills = match (&block.unseen, is_seen) {
            (_, true) => &block.fills,
            (Some(fills), false) => fills,
            (None, false) => continue,
        };
        let outcome = writer.row(fills, &subject, stream, tables)?;
        let cause = household.truth.as_ref().map(|truth| truth.cause);
        let tells = is_seen && cause.is_some() && subject.event.and_then(|event| event.shock) == cause;
        if tells && outcome != Outcome::LeftOut {
            sightings.push(Sighting { table: &table.name, since: known_since, is_lost: outcome == Outcome::Lost });
        }
    }
    Ok(())
}

/// The candidates of a block, in the order of the household.
fn subjects<'a>(each: Each, base: Subject<'a>) -> Vec<Subject<'a>> {
    let household = base.household;
    match each {
        Each::Household => vec![base],
        Each::Resident => {
            household.residents.iter().map(|resident| Subject { resident: Some(resident), ..base }).collect()
        }
        Each::Event => {
            let with = |event: &'a Event| Subject {
                resident: household.residents.get(event.member),
                event: Some(event),
                ..base
            };
            household.events.iter().filter(|event| event.day <= base.day).map(with).collect()
        }
    }
}

fn note_truth(
    plan: &Plan,
    household: &Household,
    sightings: &[Sighting],
    id: usize,
    summary: &mut Summary,
    tables: &mut dyn Tables,
) -> io::Result<()> {
    let Some(truth) = &household.truth else { return Ok(()) };
    let names = |is_lost: bool| {
        let mut names: Vec<&str> = sightings.iter().filter(|one| one.is_lost == is_lost).map(|one| one.table).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let visible = names(false);
    let lost: Vec<&str> = names(true).into_iter().filter(|name| !visible.contains(name)).collect();
    let since = sightings.iter().filter(|one| !one.is_lost).map(|one| one.since).min();
    summary.truths += 1;
    summary.hidden += u64::from(visible.is_empty());
    let cause = plan.causes.get(truth.cause).map_or(truth.cause, String::as_str);
    tables.row(
        id,
        &[
            Cell::text(household.number.to_string()),
            Cell::text(cause),
            Cell::text(truth.since.to_string()),
            Cell::text(visible.join(";")),
            Cell::text(since.map(|day| day.to_string()).unwrap_or_default()),
            Cell::text(lost.join(";")),
        ],
    )
}

fn note_dirt(planted: Vec<Planted>, id: usize, tables: &mut dyn Tables) -> io::Result<u64> {
    for one in &planted {
        let fault = one.dirt.fault().and_then(|fault| serde_name(&fault)).unwrap_or_default();
        let cells = [
            Cell::text(one.stem.as_str()),
            Cell::text(one.row.to_string()),
            Cell::text(one.heading.as_str()),
            Cell::text(one.dirt.name()),
            Cell::text(fault),
        ];
        tables.row(id, &cells)?;
    }
    Ok(planted.len() as u64)
}

/// The name under which a fault is written elsewhere.
fn serde_name(fault: &model::FaultKind) -> Option<String> {
    toml::Value::try_from(fault).ok().and_then(|value| value.as_str().map(str::to_owned))
}
