//! Who may hand in what, and how a form asks for what a delivery covers.

use crate::http::visit::Visit;
use crate::jobs::Question;
use model::{Actor, RegionCode};
use policy::Package;

/// True when the actor's role may hand in the source or import the register.
pub fn may_hand_in(package: &Package, actor: &Actor, dataset: &str) -> bool {
    let of_department = package.roles.get(&actor.role).is_some_and(|role| role.of_department);
    let keeps = |department: Option<&String>| {
        !of_department || (actor.department.is_some() && actor.department.as_ref() == department)
    };
    let may = |department, roles: &[String]| keeps(department) && roles.contains(&actor.role);
    match (package.sources.get(dataset), package.registers.get(dataset)) {
        (Some(source), _) => may(Some(&source.department), &source.may_hand_in),
        (None, Some(register)) => may(register.department.as_ref(), &register.may_import),
        (None, None) => false,
    }
}

/// Place and days as a form shows them.
#[derive(Default)]
pub struct CoverFields {
    /// Code, name, and whether it is chosen.
    pub places: Vec<(String, String, bool)>,
    pub from: String,
    pub to: String,
}

impl CoverFields {
    /// The actor's own place and those right below it; nothing chosen unless the rows question.
    pub fn new(visit: &Visit<'_>, question: Option<&Question>) -> CoverFields {
        let divisions = &visit.site.package.divisions;
        let own = divisions.get(visit.actor.region).into_iter();
        let is_chosen = |code: RegionCode| question.is_some_and(|question| question.place == code);
        let places = own.chain(divisions.children(visit.actor.region));
        CoverFields {
            places: places.map(|place| (place.code.to_string(), place.name.clone(), is_chosen(place.code))).collect(),
            from: question.map(|question| question.from.to_string()).unwrap_or_default(),
            to: question.map(|question| question.to.to_string()).unwrap_or_default(),
        }
    }
}
