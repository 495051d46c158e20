//! What the store needs to know of a package.

use model::RegionCode;
use policy::declare::{CodeList, Permission, Register, Role, Source};
use std::collections::{BTreeMap, BTreeSet};

/// The parts of a package that the store builds tables from and checks actors against.
#[derive(Clone, Debug)]
pub struct Declarations {
    /// The place of the package; events that belong to no county stand in its chain.
    pub region: RegionCode,
    pub calendar: policy::Calendar,
    pub registers: BTreeMap<String, Register>,
    pub sources: BTreeMap<String, Source>,
    pub roles: BTreeMap<String, Role>,
    pub codes: BTreeMap<String, CodeList>,
}

impl Declarations {
    /// True when the role is declared and has the permission.
    pub(crate) fn role_may(&self, role: &str, permission: Permission) -> bool {
        self.roles.get(role).is_some_and(|role| role.may.contains(&permission))
    }

    /// Fields of the register `lead` and those of their codes that confirm a lead.
    pub(crate) fn confirming(&self) -> BTreeMap<String, BTreeSet<String>> {
        let fields = self.registers.get("lead").map_or(&[][..], |register| &register.field);
        let listed = fields.iter().filter_map(|field| Some((field, self.codes.get(field.codes.as_ref()?)?)));
        listed
            .map(|(field, list)| {
                let confirming = list.code.iter().filter(|code| code.confirms).map(|code| code.code.clone());
                (field.name.clone(), confirming.collect())
            })
            .collect()
    }
}

impl From<&policy::Package> for Declarations {
    fn from(package: &policy::Package) -> Declarations {
        Declarations {
            region: package.head.region,
            calendar: package.calendar.clone(),
            registers: package.registers.clone(),
            sources: package.sources.clone(),
            roles: package.roles.clone(),
            codes: (*package.codes).clone(),
        }
    }
}

impl From<&Declarations> for Declarations {
    fn from(declarations: &Declarations) -> Declarations {
        declarations.clone()
    }
}
