//! `shouwang verify`: the hash chains of the event log.

use super::Said;
use crate::arguments::InDir;
use crate::installation::Installation;
use crate::trouble::{Outcome, Trouble};
use serde_json::json;
use words::{Wording, advice, list, wording};

/// Checks every event and checkpoint.
///
/// # Errors
/// With the first place where the log does not hold.
pub fn run(arguments: &InDir) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    let report = installation.store.verify();
    let broken =
        |broken: store::ChainBreak| Trouble { source: Some(broken.into()), ..Trouble::of(advice!("log_broken")) };
    let report = report.map_err(broken)?;
    let wrong = installation.store.recount()?;
    let (events, chains, checkpoints) = (report.events, report.chains, report.checkpoints);
    let line = wording!("log_holds", events, chains, checkpoints);
    let summary = json!({ "events": report.events, "chains": report.chains, "checkpoints": report.checkpoints });
    let registers = wrong.iter().filter_map(|name| installation.package.registers.get(name));
    let quoted = registers.map(|one| wording!("register_quoted", register = Wording::pair(&one.label, &one.label_en)));
    let quoted: Vec<Wording> = quoted.collect();
    let recounted = (!quoted.is_empty()).then(|| wording!("registers_recounted", registers = list(quoted)));
    Ok(Said::new([line].into_iter().chain(recounted).collect(), &summary))
}
