//! A screening: registers into the lake, facts, rules, leads, and the leads into the store.

use super::{figures, refresh};
use crate::installation::Installation;
use crate::progress::Progress;
use crate::trouble::{Attempt, Outcome, Trouble};
use analysis::{ScreeningOutcome, ScreeningRequest, Verified};
use model::{CountyCode, Day, RegionCode, Value};
use serde::Serialize;
use std::collections::BTreeMap;
use store::{Command, Input, Publication};
use words::{Wording, advice, wording};

/// What is to be screened.
#[derive(Clone, Copy, Debug)]
pub struct Screening {
    pub region: RegionCode,
    /// The latest delivery day where it is not said.
    pub day: Option<Day>,
    /// `day` where it is not said.
    pub known: Option<Day>,
    pub threads: Option<usize>,
}

/// What a screening found.
#[derive(Clone, Debug, Serialize)]
pub struct ScreeningReport {
    pub day: Day,
    pub known: Day,
    pub households: u64,
    pub leads: u64,
    pub raised: u64,
    pub changed: u64,
    pub lapsed: u64,
    pub quality: u64,
    /// Indicators and periods whose figures changed.
    pub figures: u64,
    /// Rules that could not run, and why.
    pub not_run: Vec<(String, Wording)>,
}

/// Screens and puts the outcome in force.
///
/// # Errors
/// When there is nothing to screen, or the store or the lake fails.
pub fn screen(installation: &Installation, order: &Screening, progress: &mut dyn Progress) -> Outcome<ScreeningReport> {
    let outcome = compute(installation, order, BTreeMap::new(), progress)?;
    let request = outcome.1;
    publish(installation, order.region, &request, outcome.0)
}

/// Screens and writes nothing.
///
/// # Errors
/// As [`screen`].
pub fn compute(
    installation: &Installation,
    order: &Screening,
    overrides: BTreeMap<String, Value>,
    progress: &mut dyn Progress,
) -> Outcome<(ScreeningOutcome, ScreeningRequest)> {
    refresh::refresh(installation, progress)?;
    let request = request(installation, order, overrides)?;
    progress.at(0, 0, &wording!("screening_under_way"));
    let outcome = analysis::screen(&installation.lake, &installation.package, &request)
        .attempt(|| advice!("screening_unfinished"))?;
    Ok((outcome, request))
}

/// The request for an order, with the days filled in and the verified bands of the store.
///
/// # Errors
/// When nothing has been delivered yet.
pub fn request(
    installation: &Installation,
    order: &Screening,
    overrides: BTreeMap<String, Value>,
) -> Outcome<ScreeningRequest> {
    let day = match order.day {
        Some(day) => day,
        None => latest_delivery(installation)?,
    };
    let verified = installation.store.verified()?;
    let verified = verified
        .into_iter()
        .map(|band| Verified {
            household_no: band.household_no,
            rule: band.rule,
            resident_key: band.resident_key,
            band: band.band,
        })
        .collect();
    let standard = ScreeningRequest::on(day);
    Ok(ScreeningRequest {
        known: order.known.unwrap_or(day),
        region: Some(order.region),
        overrides,
        verified,
        threads: order.threads.unwrap_or(standard.threads),
        ..standard
    })
}

/// The latest day for which any source was delivered.
///
/// # Errors
/// When nothing has been delivered yet.
pub fn latest_delivery(installation: &Installation) -> Outcome<Day> {
    let mut latest = None;
    for name in installation.package.sources.keys() {
        let unread = || advice!("lake_unread");
        for county in installation.lake.counties(name).attempt(unread)? {
            let in_force = installation.lake.in_force(name, county).attempt(unread)?;
            latest = latest.max(in_force.and_then(|file| file.delivery_days.last().copied()));
        }
    }
    latest.ok_or_else(|| Trouble::of(advice!("nothing_to_screen")))
}

fn publish(
    installation: &Installation,
    region: RegionCode,
    request: &ScreeningRequest,
    outcome: ScreeningOutcome,
) -> Outcome<ScreeningReport> {
    let inputs = outcome.inputs.iter().map(|input| input_of(installation, input, region)).collect::<Outcome<_>>()?;
    let not_run = outcome
        .rules
        .iter()
        .filter(|run| !run.not_run.is_empty())
        .map(|run| (run.rule.clone(), run.not_run.clone()))
        .collect();
    let (leads, quality) = (outcome.leads.len() as u64, outcome.quality.len() as u64);
    let of_screening = figures::of_screening(installation, region, request, &outcome);
    let publication = Publication {
        region,
        household: None,
        day: request.day,
        known: request.known,
        leads: outcome.leads,
        rules: outcome.rules,
        quality: outcome.quality,
        inputs,
        households_screened: outcome.households,
    };
    let receipt = installation.apply(Command::PublishScreening(Box::new(publication)))?;
    let figures = figures::publish(installation, of_screening)? + figures::publish_of_registers(installation, region)?;
    Ok(ScreeningReport {
        day: request.day,
        known: request.known,
        households: outcome.households,
        leads,
        raised: receipt.added,
        changed: receipt.changed,
        lapsed: receipt.lapsed,
        quality,
        figures,
        not_run,
    })
}

/// A lake file as the store notes it.
fn input_of(installation: &Installation, input: &analysis::Input, whole: RegionCode) -> Outcome<Input> {
    let in_force = installation.lake.in_force(&input.dataset, input.county).attempt(|| advice!("lake_unread"))?;
    Ok(Input {
        dataset: input.dataset.clone(),
        region: CountyCode::from_number(input.county).map_or(whole, CountyCode::region),
        file: input.hash.chars().take(12).collect(),
        delivered_on: in_force.as_ref().and_then(|file| file.delivery_days.last().copied()),
        rows: in_force.map_or(0, |file| file.rows),
    })
}
