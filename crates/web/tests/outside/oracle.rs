//! Who may see what, from the roles' declarations and the digits of places.

use crate::seeds::{Kind, Seed};
use crate::world::package;
use model::Actor;
use policy::declare::Permission;

/// True when the digits of `outer`, its trailing zeros left out by level, begin those of `inner`.
pub fn lies_in(inner: &str, outer: &str) -> bool {
    let length = [2, 4, 6, 9, 12].into_iter().find(|length| outer[*length..].bytes().all(|digit| digit == b'0'));
    inner.starts_with(&outer[..length.unwrap_or(12)])
}

/// What the declaration says of a role, a department and a register.
pub fn sees_register(who: &Actor, register: &str) -> bool {
    let declared = &package().registers[register];
    let keeps = !package().roles[&who.role].of_department
        || (who.department.is_some() && who.department == declared.department);
    keeps && declared.may_see.contains(&who.role)
}

fn may(who: &Actor, permission: Permission) -> bool {
    package().roles[&who.role].may.contains(&permission)
}

/// Imports: of the own department, of the place where the role sees them all, or the own ones.
fn sees_import(who: &Actor, department: Option<&str>, owner: &str) -> bool {
    let opens = may(who, Permission::HandIn) || may(who, Permission::SeeImports);
    let of_department = package().roles[&who.role].of_department;
    let kept = match of_department {
        true => who.department.is_some() && who.department.as_deref() == department,
        false => may(who, Permission::SeeImports) || who.account == owner,
    };
    opens && kept
}

/// True when the actor may know that the seed is there.
pub fn sees(who: &Actor, seed: Seed) -> bool {
    let place = seed.place();
    let reaches = lies_in(&place, &who.region.to_string());
    let own = who.account == seed.owner();
    match seed.kind {
        Kind::Household => reaches && may(who, Permission::SeeHouseholds),
        Kind::HouseholdRecord => reaches && sees_register(who, "household"),
        Kind::Garden => reaches && sees_register(who, "garden"),
        Kind::Tool => reaches && sees_register(who, "tool"),
        Kind::Duty => reaches && sees_register(who, "duty"),
        Kind::Nursery => reaches && sees_register(who, "nursery"),
        Kind::Lead => reaches && may(who, Permission::SeeLeads),
        Kind::Finding => reaches && may(who, Permission::SeeRules),
        Kind::Bill => reaches && sees_import(who, Some("medical"), &seed.owner()),
        Kind::Subsidy => reaches && sees_import(who, Some("farming"), &seed.owner()),
        Kind::GardenFile => reaches && sees_import(who, Some("farming"), &seed.owner()),
        Kind::Job | Kind::Token | Kind::Search | Kind::Cursor | Kind::Notice => own,
        Kind::Place => reaches,
    }
}

/// True when the actor may know that the seed is there by any of its faces.
pub fn knows(who: &Actor, seed: Seed) -> bool {
    let other = |kind| sees(who, Seed { kind, ..seed });
    match seed.kind {
        Kind::Household | Kind::HouseholdRecord => other(Kind::Household) || other(Kind::HouseholdRecord),
        _ => sees(who, seed),
    }
}
