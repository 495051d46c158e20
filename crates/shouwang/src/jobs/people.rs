//! Who is in which household, and where that household is: read once from the registers, used for every row.

use crate::installation::Installation;
use crate::trouble::Outcome;
use matching::{Member, Membership};
use model::{Day, HouseholdNo, LakeRow, RegionCode, Value};
use policy::Package;
use policy::declare::{Column, Register};
use std::collections::HashMap;

/// The register of households, by the engine's own noun.
pub const HOUSEHOLD: &str = "household";
/// The register of residents.
pub const RESIDENT: &str = "resident";

/// The people and households of an installation.
pub struct People {
    pub membership: Membership,
    places: HashMap<HouseholdNo, RegionCode>,
}

impl People {
    /// Reads the registers of households and residents.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn read(installation: &Installation) -> Outcome<People> {
        let places = read_places(installation)?;
        let members = read_members(installation)?;
        Ok(People { membership: Membership::new(members, places.keys().copied()), places })
    }

    /// The village of a household.
    pub fn place_of(&self, household_no: HouseholdNo) -> Option<RegionCode> {
        self.places.get(&household_no).copied()
    }
}

/// The register of that name; the package check proves that the engine's own registers are there.
pub fn engine_register<'a>(installation: &'a Installation, name: &str) -> &'a Register {
    installation.package.registers.get(name).unwrap_or_else(|| unreachable!("the package check demands `{name}`"))
}

fn read_places(installation: &Installation) -> Outcome<HashMap<HouseholdNo, RegionCode>> {
    let register = engine_register(installation, HOUSEHOLD);
    let region_at = register.region.as_deref().and_then(|field| lake_position(&register.field, field));
    let mut places = HashMap::new();
    installation.store.snapshot(HOUSEHOLD, installation.settings.region, &mut |row: LakeRow| {
        let text = region_at.and_then(|at| row.values.get(at)).and_then(Value::as_text);
        if let Some(region) = text.and_then(|text| text.parse().ok()) {
            places.insert(row.household_no, region);
        }
        Ok(())
    })?;
    Ok(places)
}

fn read_members(installation: &Installation) -> Outcome<Vec<Member>> {
    let fields = &engine_register(installation, RESIDENT).field;
    let [from_at, to_at] = ["member_from", "member_to"].map(|field| lake_position(fields, field));
    let day = |row: &LakeRow, at: Option<usize>| -> Option<Day> { row.values.get(at?).and_then(Value::as_day) };
    let mut members = Vec::new();
    installation.store.snapshot(RESIDENT, installation.settings.region, &mut |row: LakeRow| {
        if let Some(resident_key) = row.resident_key {
            let (from, to) = (day(&row, from_at), day(&row, to_at));
            members.push(Member { resident_key, household_no: row.household_no, from, to });
        }
        Ok(())
    })?;
    Ok(members)
}

/// Where a field stands among those that enter the lake.
fn lake_position(fields: &[Column], name: &str) -> Option<usize> {
    Package::lake_columns(fields).position(|field| field.name == name)
}
