//! Which names an expression may use where.

use crate::declare::{Code, CodeList, Column, Grain, Indicator, Register, State};
use crate::expression::{Scope, ScopeEntry, Typed};
use crate::package::Package;
use model::{Class, Kind, Type};
use std::sync::Arc;

/// Why a field cannot be read.
const CLOSED: &str = "该字段属于个人或敏感信息,不进入筛查数据";

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
            _ if column.many => drop(scope.elsewhere.insert(name, SEVERAL.to_owned())),
            Some(entry) => drop(scope.names.insert(name, entry)),
            None => drop(scope.elsewhere.insert(name, CLOSED.to_owned())),
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
    let days = [(STATE_ON, "进入现状态的日期", "In its state since"), (DUE_ON, "办理期限", "Due on")];
    for (name, label, label_en) in days.into_iter().filter(|_| register.has_lifecycle()) {
        let mut entry = plain_entry(Typed::of(Type::Day));
        (entry.label, entry.label_en) = (label.to_owned(), label_en.to_owned());
        scope.names.insert(name.to_owned(), entry);
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
            _ if column.many => drop(scope.elsewhere.insert(column.name.clone(), SEVERAL.to_owned())),
            Some(entry) => drop(scope.names.insert(column.name.clone(), entry)),
            None => drop(scope.elsewhere.insert(column.name.clone(), HIDDEN.to_owned())),
        }
    }
    scope
}

/// Why several codes at once cannot be read.
const SEVERAL: &str = "多选字段一次有几个代码,表达式不能读;要判断的那一项另设一个是否字段";

/// Why a field cannot be calculated with.
const HIDDEN: &str = "敏感信息、姓名和附件不能参加计算,算出的结果会把它露出来";

/// `state` is a code of the register's own states.
fn add_state(scope: &mut Scope, register: &Register) {
    if !register.has_lifecycle() {
        scope.elsewhere.insert("state".to_owned(), "这个台账没有流程,没有状态".to_owned());
        return;
    }
    let list = format!("{} 的状态", register.label);
    let code = |state: &State| Code {
        code: state.name.clone(),
        label: state.label.clone(),
        label_en: state.label_en.clone(),
        aliases: Vec::new(),
        confirms: false,
    };
    let states = CodeList {
        label: "状态".to_owned(),
        label_en: "State".to_owned(),
        source: String::new(),
        code: register.state.iter().map(code).collect(),
    };
    let mut entry = plain_entry(Typed::code_of(list.clone()));
    (entry.label, entry.label_en) = (states.label.clone(), states.label_en.clone());
    Arc::make_mut(&mut scope.codes).insert(list, states);
    scope.names.insert("state".to_owned(), entry);
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
        of_resident.elsewhere.insert(column.name.clone(), format!("这是户的字段,写 household.{}", column.name));
    }
    for column in &resident {
        of_household.elsewhere.insert(column.name.clone(), CLIMB_RESIDENT.to_owned());
        of_resident.elsewhere.remove(&column.name);
    }
    add_columns(&mut of_resident, &resident, "", true);
    let others = ScopeEntry {
        typed: Typed::of(Type::Int),
        label: "同时登记的其他户数".to_owned(),
        label_en: "Other households on the day".to_owned(),
        unit: String::new(),
    };
    of_resident.names.insert(OTHER_HOUSEHOLDS.to_owned(), others);
    for column in &household {
        of_household.elsewhere.remove(&column.name);
    }
    add_columns(&mut of_household, &household, "", true);
    for column in &household {
        of_village.elsewhere.insert(column.name.clone(), CLIMB_HOUSEHOLD.to_owned());
    }
    for (name, fact) in &package.facts {
        let (hints, wrong) = match fact.over {
            Grain::Resident => ([None, Some(CLIMB_RESIDENT.to_owned()), Some(CLIMB_RESIDENT.to_owned())], BROKEN),
            Grain::Household => {
                let by_household = format!("这是户的事实,写 household.{name}");
                ([Some(by_household), None, Some(CLIMB_HOUSEHOLD.to_owned())], BROKEN)
            }
            Grain::Village => ([Some(VILLAGE.to_owned()), Some(VILLAGE.to_owned()), None], BROKEN),
        };
        for (scope, hint) in [&mut of_resident, &mut of_household, &mut of_village].into_iter().zip(hints) {
            scope.elsewhere.insert(name.clone(), hint.unwrap_or_else(|| wrong.to_owned()));
        }
    }
    package.resident_scope = of_resident;
    package.household_scope = of_household;
    package.village_scope = of_village;
}

/// What residents have besides fields and facts: in how many other households of the county the person is on the screening day, if
/// on that day also in this one.
pub const OTHER_HOUSEHOLDS: &str = "other_household_count";

const CLIMB_RESIDENT: &str = "这是按人的值;先写一个户的汇总事实([aggregate] from = \"resident\")";
const CLIMB_HOUSEHOLD: &str = "这是按户的值;先写一个村的汇总事实([aggregate] from = \"household\")";
const VILLAGE: &str = "这是村的事实,人和户不能引用";
const BROKEN: &str = "先改正这个事实本身的错误";

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
