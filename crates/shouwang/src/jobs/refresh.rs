//! Registers into the lake: a snapshot per county, made anew only where a record changed.

use super::counties::counties;
use super::people::{HOUSEHOLD, RESIDENT, engine_register};
use crate::installation::Installation;
use crate::progress::Progress;
use crate::trouble::{Attempt, Outcome, Trouble};
use lake::DatasetSchema;
use model::{Day, RegionCode};
use policy::declare::Mode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::PoisonError;
use store::Command;
use words::{Wording, advice, wording};

/// Setting under which the version of each snapshot stands.
const SNAPSHOTS: &str = "snapshots";

/// Brings the lake's copies of the registers up to date.
///
/// # Errors
/// When the store or the lake fails.
pub fn refresh(installation: &Installation, progress: &mut dyn Progress) -> Outcome<()> {
    // Of two at once the slower one might leave an older copy than it notes.
    let _alone = installation.snapshots.lock().unwrap_or_else(PoisonError::into_inner);
    let mut versions: BTreeMap<String, i64> =
        installation.store.setting(SNAPSHOTS)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let before = versions.clone();
    let counties = counties(installation);
    let text = wording!("snapshots_under_way");
    for register in [HOUSEHOLD, RESIDENT] {
        let schema = DatasetSchema::of_register(register, engine_register(installation, register));
        let (shape, former) = (shape_of(&schema), former_shape_of(&schema));
        for (index, county) in counties.iter().enumerate() {
            progress.at(index as u64, counties.len() as u64, &text);
            let version = installation.store.register_version(register, *county)?;
            let key = format!("{register}/{county}/{shape}");
            // What an earlier version has made is as good; it is noted under its new name.
            let known = versions.remove(&format!("{register}/{county}/{former}")).or(versions.get(&key).copied());
            if version == 0 || known == Some(version) {
                versions.extend(known.map(|known| (key, known)));
                continue;
            }
            snapshot(installation, register, *county)?;
            versions.insert(key, version);
        }
    }
    if versions != before {
        let value = serde_json::to_string(&versions).unwrap_or_default();
        installation.apply(Command::SetSetting { name: SNAPSHOTS.into(), value })?;
    }
    Ok(())
}

/// Short name of the columns that the register has in the lake: under other names a snapshot is made anew.
fn shape_of(schema: &DatasetSchema) -> String {
    let columns = schema.columns.iter().map(|column| json!([column.name, column.kind]));
    short_hash(&Value::from_iter(columns).to_string())
}

/// The name that earlier versions gave them, out of the program's own inner names.
fn former_shape_of(schema: &DatasetSchema) -> String {
    let columns: Vec<String> =
        schema.columns.iter().map(|column| format!("{} {:?}\n", column.name, column.kind)).collect();
    short_hash(&columns.concat())
}

fn short_hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..8].to_owned()
}

fn snapshot(installation: &Installation, register: &str, county: RegionCode) -> Outcome<()> {
    let declared = engine_register(installation, register);
    let schema = DatasetSchema::of_register(register, declared);
    // The day does not matter to a snapshot: it always replaces the one before.
    let day = Day::from_epoch_days(0).ok_or_else(|| Trouble::of(advice!("snapshot_day_wrong")))?;
    let unwritten = || {
        let register = Wording::pair(&declared.label, &declared.label_en);
        advice!("snapshot_unwritten", register)
    };
    let mut delivery = installation.lake.delivery(&schema, county.county().number(), day).attempt(unwritten)?;
    installation.store.snapshot(register, county, &mut |row| delivery.push(row).map_err(|error| error.to_string()))?;
    let mut landing = installation.lake.landing(&schema, Mode::Roster, &|_, _| false).attempt(unwritten)?;
    landing.add(delivery, None).attempt(unwritten)?;
    landing.commit().attempt(unwritten)
}

#[cfg(test)]
mod tests {
    use super::{former_shape_of, shape_of};
    use lake::DatasetSchema;
    use model::Kind;
    use policy::declare::Column;

    fn schema(kind: Kind) -> DatasetSchema {
        let column = |name: &str, kind| Column { name: name.into(), kind, ..Column::default() };
        DatasetSchema::of_columns("garden", &[column("area", kind), column("sold_on", Kind::Day)])
    }

    #[test]
    fn the_names_of_shapes_stay_what_they_were() {
        let schema = schema(Kind::Decimal);
        assert_eq!((shape_of(&schema).as_str(), former_shape_of(&schema).as_str()), ("20e0dfbd", "96fdef67"));
    }

    #[test]
    fn another_kind_of_column_is_another_shape() {
        assert_ne!(shape_of(&schema(Kind::Decimal)), shape_of(&schema(Kind::Int)));
    }
}
