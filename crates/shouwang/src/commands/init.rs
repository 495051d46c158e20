//! `shouwang init`: a new installation folder.

use super::Said;
use crate::arguments::Init;
use crate::installation::{Elsewhere, Installation};
use crate::trouble::{Outcome, Trouble};
use serde_json::json;
use store::Location;
use words::{Wording, advice, wording};

/// Makes the folder; nothing is left half made that a second try would stumble over.
///
/// # Errors
/// See [`Installation::create`].
pub fn run(arguments: &Init) -> Outcome<Said> {
    let database = arguments.database.as_deref();
    if database.is_some_and(|address| !Location::from(address).is_server()) {
        return Err(Trouble::of(advice!("database_option_wrong")));
    }
    let Init { dir, package, overlay, region, lake, .. } = arguments;
    let elsewhere = Elsewhere { database, lake: lake.as_deref() };
    let installation = Installation::create(dir, package, overlay, *region, elsewhere)?;
    let region = installation.settings.region;
    let name = installation.package.divisions.name(region);
    let package = &installation.package;
    let label = Wording::pair(&package.head.label, &package.head.label_en);
    let lines = vec![
        wording!("installation_made", dir = dir.display(), name, region),
        wording!("installation_package", package = label, sources = package.sources.len(), rules = package.rules.len()),
        wording!("installation_next"),
    ];
    let summary = json!({
        "dir": arguments.dir, "region": region, "package": installation.package.head.name,
        "sources": installation.package.sources.len(), "rules": installation.package.rules.len(),
    });
    Ok(Said::new(lines, &summary))
}
