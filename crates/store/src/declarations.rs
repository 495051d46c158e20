//! What the store needs to know of a package.

use model::{Actor, Day, RegionCode, Value};
use policy::declare::{CodeList, Indicator, Parameter, Permission, Register, Role, Source};
use policy::{Changes, FileText, IndicatorForm, Problem, RegisterForm, Thing};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use words::{Advice, Wording};

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
    /// What became of things that were declared before.
    pub changes: Changes,
    /// Indicators, by name.
    pub indicators: BTreeMap<String, DeclaredIndicator>,
    /// Files of the registers, for what shows up only beside the database.
    pub files: BTreeMap<String, FileText>,
    /// Folder of the package.
    pub root: PathBuf,
}

/// An indicator as it is declared and as it is computed.
#[derive(Clone, Debug)]
pub struct DeclaredIndicator {
    pub declared: Indicator,
    pub form: IndicatorForm,
    /// Changes when its text, or that of a fact behind it, changes.
    pub version: String,
}

/// Values of parameters by name, place and day; what is known on the day itself.
#[derive(Clone)]
pub struct ParameterBook {
    value: Arc<ValueOf>,
    /// Places that have values of their own.
    places: Arc<[RegionCode]>,
    labels: Arc<BTreeMap<String, Wording>>,
}

/// The value of a parameter by its name, at a place, on a day.
type ValueOf = dyn Fn(&str, RegionCode, Day) -> Value + Send + Sync;

impl ParameterBook {
    /// A book over a function of name, place and day; what it does not know is `Null`. No place has a value of its own, no parameter a label.
    pub fn new(value: impl Fn(&str, RegionCode, Day) -> Value + Send + Sync + 'static) -> ParameterBook {
        ParameterBook { value: Arc::new(value), places: Arc::new([]), labels: Arc::default() }
    }

    /// The same book, which knows besides at which places some parameter has a value of its own, and how parameters are called.
    pub fn known(self, places: BTreeSet<RegionCode>, labels: BTreeMap<String, Wording>) -> ParameterBook {
        ParameterBook { places: places.into_iter().collect(), labels: Arc::new(labels), ..self }
    }

    pub(crate) fn value(&self, name: &str, place: RegionCode, day: Day) -> Value {
        (self.value)(name, place, day)
    }

    pub(crate) fn places(&self) -> &[RegionCode] {
        &self.places
    }

    pub(crate) fn label(&self, name: &str) -> Wording {
        self.labels.get(name).cloned().unwrap_or_else(|| Wording::same(name))
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
        !self.of_department(actor) || (actor.department.is_some() && actor.department == register.department)
    }

    /// True when the actor's role sees the register's records, and keeps them.
    pub(crate) fn sees(&self, actor: &Actor, register: &Register) -> bool {
        register.may_see.contains(&actor.role) && self.keeps(actor, register)
    }

    /// True where what is of this department, or of none, is handed in by the actor: by who is of it, or whose role is of none.
    pub(crate) fn is_of(&self, actor: &Actor, department: Option<&str>) -> bool {
        match actor.department.as_deref() {
            Some(own) => department == Some(own),
            None => !self.of_department(actor),
        }
    }

    /// True where the actor's role is one of a department: where the actor has none, nothing of departments is seen.
    pub(crate) fn of_department(&self, actor: &Actor) -> bool {
        self.roles.get(&actor.role).is_some_and(|role| role.of_department)
    }

    /// A problem of a register's file, at a key as [`FileText::problem`] writes it.
    pub(crate) fn problem(&self, register: &str, key: &str, advice: Advice) -> Problem {
        match self.files.get(register) {
            Some(file) => file.problem(key, advice),
            None => Problem::of_file(self.root.join(format!("registers/{register}.toml")), advice),
        }
    }

    /// Coded fields of a raised register, and those of their codes that confirm what was raised.
    pub(crate) fn confirming(&self, register: &Register) -> BTreeMap<String, BTreeSet<String>> {
        let listed = register.field.iter().filter_map(|field| Some((field, self.codes.get(field.codes.as_ref()?)?)));
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
            changes: package.worked_out.clone(),
            indicators: indicators_of(package),
            files: files_of(package),
            root: package.root.clone(),
        }
    }
}

/// The package's parameters, without the rest of the package.
fn parameters_of(package: &policy::Package) -> ParameterBook {
    let package = Arc::new(package.clone());
    let values = || package.parameters.values().flat_map(|parameter| &parameter.value);
    let places = values().filter_map(|value| value.region).collect();
    let label = |parameter: &Parameter| Wording::pair(&parameter.label, &parameter.label_en);
    let labels = package.parameters.iter().map(|(name, parameter)| (name.clone(), label(parameter))).collect();
    let of_values = package.clone();
    ParameterBook::new(move |name, place, day| of_values.parameter(name, place, day, day).value).known(places, labels)
}

fn indicators_of(package: &policy::Package) -> BTreeMap<String, DeclaredIndicator> {
    let indicator = |name: &String, form: &IndicatorForm| {
        let declared = package.indicators.get(name)?.clone();
        let version = package.version(Thing::Indicator, name);
        Some((name.clone(), DeclaredIndicator { declared, form: form.clone(), version }))
    };
    package.indicator_forms.iter().filter_map(|(name, form)| indicator(name, form)).collect()
}

fn files_of(package: &policy::Package) -> BTreeMap<String, FileText> {
    let file = |name: &String| Some((name.clone(), package.file(Thing::Register, name)?.clone()));
    package.registers.keys().filter_map(file).collect()
}

impl From<&Declarations> for Declarations {
    fn from(declarations: &Declarations) -> Declarations {
        declarations.clone()
    }
}
