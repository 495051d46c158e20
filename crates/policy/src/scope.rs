//! Which names an expression may use where.

use crate::declare::{Code, CodeList, Column, Grain, Indicator, Register, State};
use crate::expression::{Scope, ScopeEntry, Typed};
use crate::package::Package;
use model::{Class, Kind, Type};
use std::sync::Arc;
use words::{Wording, wording};

/// The meaning of a column; `None` for kinds that expressions may never read.
pub(crate) fn entry_of(column: &Column) -> Option<ScopeEntry> {
    let ty = column.kind.expression_type()?;
    let typed = match (column.kind, &column.codes) {
        (Kind::Code, Some(list)) => Typed::code_of(list),
        _ => Typed::of(ty),
    };
    let unit = if column.kind == Kind::Fen { "yuan" } else { "" }.to_owned();
    Some(ScopeEntry { typed, label: column.label.clone(), label_en: column.label_en.clone(), unit })
}

impl Package {
    /// The names that row checks and aggregates over a source or register may use: its columns that expressions may read.
    /// For row checks personal and sensitive columns are among them, for aggregates (`for_lake`) they are not.
    pub fn row_scope(&self, columns: &[Column], for_lake: bool) -> Scope {
        of_columns(self, columns, for_lake)
    }
}

/// The names of a row of a source or register.
pub(crate) fn of_columns(package: &Package, columns: &[Column], for_lake: bool) -> Scope {
    let mut scope = empty(package);
    add_columns(&mut scope, columns, "", for_lake);
    scope
}

fn empty(package: &Package) -> Scope {
    Scope { parameters: package.resident_scope.parameters.clone(), codes: package.codes.clone(), ..Scope::default() }
}

fn add_columns(scope: &mut Scope, columns: &[Column], prefix: &str, for_lake: bool) {
    for column in columns {
        let name = format!("{prefix}{}", column.name);
        let is_open = !for_lake || (column.enters_lake() && column.name != "household_no");
        match entry_of(column).filter(|_| is_open) {
            _ if column.many => drop(scope.elsewhere.insert(name, wording!("name_has_several_codes"))),
            Some(entry) => drop(scope.names.insert(name, entry)),
            None => drop(scope.elsewhere.insert(name, wording!("name_is_closed"))),
        }
    }
}

/// The names of a record as its checks and constraints read them: its fields, and `state` where it has a lifecycle.
pub(crate) fn of_record(package: &Package, register: &Register) -> Scope {
    let mut scope = of_columns(package, &register.field, false);
    add_state(&mut scope, register);
    scope
}

impl Package {
    /// The names that an indicator reads, with their labels: of households and their facts, or of the records of its register.
    pub fn figure_scope(&self, indicator: &Indicator) -> Scope {
        match indicator.from.as_ref().and_then(|from| self.registers.get(from)) {
            Some(register) => of_counted_record(self, register),
            None => self.household_scope.clone(),
        }
    }
}

/// As `of_open_record`, and where the record stands in its life: the day of its state, and its deadline.
pub(crate) fn of_counted_record(package: &Package, register: &Register) -> Scope {
    let mut scope = of_open_record(package, register);
    let days = [(STATE_ON, wording!("label_state_on")), (DUE_ON, wording!("label_due_on"))];
    for (name, label) in days.into_iter().filter(|_| register.has_lifecycle()) {
        scope.names.insert(name.to_owned(), labelled_entry(Typed::of(Type::Day), &label));
    }
    scope
}

/// The day on which a record entered its state, and that on which it is due there, as indicators read them.
pub const STATE_ON: &str = "state_on";
pub const DUE_ON: &str = "due_on";

/// As `of_record`, for what is read by others: no sensitive field is among them.
pub(crate) fn of_open_record(package: &Package, register: &Register) -> Scope {
    let mut scope = of_open_columns(package, &register.field);
    add_state(&mut scope, register);
    scope
}

/// The names that calculated fields read: all columns but the sensitive ones, which would be seen through the result.
pub(crate) fn of_open_columns(package: &Package, columns: &[Column]) -> Scope {
    let mut scope = empty(package);
    for column in columns {
        match entry_of(column).filter(|_| column.effective_class() < Class::Sensitive) {
            _ if column.many => drop(scope.elsewhere.insert(column.name.clone(), wording!("name_has_several_codes"))),
            Some(entry) => drop(scope.names.insert(column.name.clone(), entry)),
            None => drop(scope.elsewhere.insert(column.name.clone(), wording!("name_is_hidden"))),
        }
    }
    scope
}

/// `state` is a code of the register's own states.
fn add_state(scope: &mut Scope, register: &Register) {
    if !register.has_lifecycle() {
        scope.elsewhere.insert("state".to_owned(), wording!("name_needs_lifecycle"));
        return;
    }
    let list = format!("states of {}", register.label);
    let code = |state: &State| Code {
        code: state.name.clone(),
        label: state.label.clone(),
        label_en: state.label_en.clone(),
        aliases: Vec::new(),
        confirms: false,
    };
    let entry = labelled_entry(Typed::code_of(list.clone()), &wording!("label_state"));
    let states = CodeList {
        label: entry.label.clone(),
        label_en: entry.label_en.clone(),
        source: String::new(),
        code: register.state.iter().map(code).collect(),
    };
    scope.names.insert("state".to_owned(), entry);
    let label = Wording::pair(register.label.as_str(), register.label_en.as_str());
    scope.lists.insert(list.clone(), wording!("list_of_states", register = label));
    Arc::make_mut(&mut scope.codes).insert(list, states);
}

/// The meaning of a name that every package has.
fn labelled_entry(typed: Typed, label: &Wording) -> ScopeEntry {
    let (label, label_en) = (label.chinese().to_owned(), label.english().to_owned());
    ScopeEntry { label, label_en, ..plain_entry(typed) }
}

/// The meaning of a name that has no label of its own.
pub(crate) fn plain_entry(typed: Typed) -> ScopeEntry {
    let unit = if typed.ty == Type::Fen { "yuan" } else { "" }.to_owned();
    ScopeEntry { typed, label: String::new(), label_en: String::new(), unit }
}

/// Sets the scopes of the grains to the fields of their registers; `register_fact` adds the facts.
pub(crate) fn open(package: &mut Package) {
    let fields = |name: &str| package.registers.get(name).map(|register| register.field.clone()).unwrap_or_default();
    let (resident, household) = (fields("resident"), fields("household"));
    let (mut of_resident, mut of_household, mut of_village) = (empty(package), empty(package), empty(package));
    add_columns(&mut of_household, &household, "", true);
    add_columns(&mut of_resident, &household, "household.", true);
    for column in &household {
        let hint = wording!("name_is_field_of_household", name = column.name);
        of_resident.elsewhere.insert(column.name.clone(), hint);
    }
    for column in &resident {
        of_household.elsewhere.insert(column.name.clone(), wording!("name_is_of_residents"));
        of_resident.elsewhere.remove(&column.name);
    }
    add_columns(&mut of_resident, &resident, "", true);
    let others = labelled_entry(Typed::of(Type::Int), &wording!("label_other_households"));
    of_resident.names.insert(OTHER_HOUSEHOLDS.to_owned(), others);
    for column in &household {
        of_household.elsewhere.remove(&column.name);
    }
    add_columns(&mut of_household, &household, "", true);
    for column in &household {
        of_village.elsewhere.insert(column.name.clone(), wording!("name_is_of_households"));
    }
    for (name, fact) in &package.facts {
        let hints = hints_of(name, fact.over);
        for (scope, hint) in [&mut of_resident, &mut of_household, &mut of_village].into_iter().zip(hints) {
            scope.elsewhere.insert(name.clone(), hint);
        }
    }
    package.resident_scope = of_resident;
    package.household_scope = of_household;
    package.village_scope = of_village;
}

/// What residents have besides fields and facts: in how many other households of the county the person is on the screening day, if
/// on that day also in this one.
pub const OTHER_HOUSEHOLDS: &str = "other_household_count";

/// Why a fact cannot be read by residents, by households and by villages; in its own scope it lacks only where it is wrong itself.
fn hints_of(name: &str, over: Grain) -> [Wording; 3] {
    let broken = wording!("name_is_broken");
    match over {
        Grain::Resident => [broken, wording!("name_is_of_residents"), wording!("name_is_of_residents")],
        Grain::Household => [wording!("name_is_fact_of_household", name), broken, wording!("name_is_of_households")],
        Grain::Village => [wording!("name_is_of_villages"), wording!("name_is_of_villages"), broken],
    }
}

/// Adds a settled fact to the scopes that may read it.
pub(crate) fn register_fact(package: &mut Package, name: &str, typed: &Typed) {
    let Some(fact) = package.facts.get(name) else { return };
    let entry = ScopeEntry {
        typed: typed.clone(),
        label: fact.label.clone(),
        label_en: fact.label_en.clone(),
        unit: fact.unit.clone(),
    };
    let own = match fact.over {
        Grain::Resident => &mut package.resident_scope,
        Grain::Household => {
            package.resident_scope.names.insert(format!("household.{name}"), entry.clone());
            &mut package.household_scope
        }
        Grain::Village => &mut package.village_scope,
    };
    own.names.insert(name.to_owned(), entry);
}
