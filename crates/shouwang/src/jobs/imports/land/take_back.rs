//! A delivery of a department is taken back: the lake is then what it would be without it.

use super::super::super::people::People;
use super::super::counts::RowChanges;
use super::delivery::{count, in_place};
use super::holding::files_of;
use crate::clock;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome, Trouble};
use lake::DatasetSchema;
use model::Actor;
use policy::declare::Source;
use store::{Command, ImportRow};
use words::advice;

/// Takes the import back where it is a delivery of a department; `None` where it is not.
///
/// # Errors
/// When the actor may not, when it was merged by an earlier version that kept no delivery apart, or the lake or the store fails.
pub fn delivery(installation: &Installation, actor: &Actor, import: &str) -> Outcome<Option<RowChanges>> {
    let Some(row) = installation.store.view(actor).import(import)? else { return Ok(None) };
    let Some(source) = installation.package.sources.get(&row.dataset) else { return Ok(None) };
    let command = || Command::UndoImport { import: import.to_owned() };
    // Whether it may be is asked before the lake is touched; it is noted after, so that what was interrupted can be done again.
    installation.store.rehearse(actor, clock::moment(), command())?;
    let changes = from_lake(installation, &row, source)?;
    installation.apply_as(actor, command())?;
    Ok(Some(changes))
}

fn from_lake(installation: &Installation, row: &ImportRow, source: &Source) -> Outcome<RowChanges> {
    let people = People::read(installation)?;
    let schema = DatasetSchema::of_source(&row.dataset, source);
    let in_place = in_place(&people);
    let failed = || advice!("lake_unwritten_at_undo", source = files_of(source, None));
    let mut landing = installation.lake.landing(&schema, source.mode, &in_place).attempt(failed)?;
    let (mut changes, mut is_there) = (RowChanges::default(), false);
    for county in installation.lake.counties(&row.dataset).attempt(failed)? {
        if let Some(county) = landing.withdraw(county, &row.import_id).attempt(failed)? {
            count(&mut changes, &county);
            is_there = true;
        }
    }
    people.check()?;
    if !is_there && row.summary.coverage.is_none() {
        return Err(Trouble::of(advice!("delivery_not_apart")));
    }
    landing.commit().attempt(failed)?;
    Ok(changes)
}
