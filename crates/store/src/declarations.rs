//! What the store needs to know of a package.

use model::{Actor, Day, RegionCode, Value};
use policy::RegisterForm;
use policy::declare::{CodeList, Permission, Register, Role, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

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
    /// What is calculated and checked, by register.
    pub forms: BTreeMap<String, RegisterForm>,
    pub parameters: ParameterBook,
}

/// Values of parameters by name, place and day; what is known on the day itself.
#[derive(Clone)]
pub struct ParameterBook(Arc<ValueOf>);

/// The value of a parameter by its name, at a place, on a day.
type ValueOf = dyn Fn(&str, RegionCode, Day) -> Value + Send + Sync;

impl ParameterBook {
    pub fn new(value: impl Fn(&str, RegionCode, Day) -> Value + Send + Sync + 'static) -> ParameterBook {
        ParameterBook(Arc::new(value))
    }

    pub(crate) fn value(&self, name: &str, place: RegionCode, day: Day) -> Value {
        (self.0)(name, place, day)
    }
}

impl Default for ParameterBook {
    /// Knows no parameter.
    fn default() -> ParameterBook {
        ParameterBook::new(|_, _, _| Value::Null)
    }
}

impl fmt::Debug for ParameterBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ParameterBook(..)")
    }
}

impl Declarations {
    /// True when the role is declared and has the permission.
    pub(crate) fn role_may(&self, role: &str, permission: Permission) -> bool {
        self.roles.get(role).is_some_and(|role| role.may.contains(&permission))
    }

    /// Roles of a department keep the registers of their own only; other roles all of them.
    pub(crate) fn keeps(&self, actor: &Actor, register: &Register) -> bool {
        let of_department = self.roles.get(&actor.role).is_some_and(|role| role.of_department);
        !of_department || (actor.department.is_some() && actor.department == register.department)
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
            forms: package.register_forms.clone(),
            parameters: parameters_of(package),
        }
    }
}

/// The package's parameters, without the rest of the package.
fn parameters_of(package: &policy::Package) -> ParameterBook {
    let package = Arc::new(package.clone());
    ParameterBook::new(move |name, place, day| package.parameter(name, place, day, day).value)
}

impl From<&Declarations> for Declarations {
    fn from(declarations: &Declarations) -> Declarations {
        declarations.clone()
    }
}
