//! Which names an expression may use where.

use crate::declare::{Column, Grain};
use crate::expression::{Scope, ScopeEntry, Typed};
use crate::package::Package;
use model::Kind;

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
            Some(entry) => drop(scope.names.insert(name, entry)),
            None => drop(scope.elsewhere.insert(name, CLOSED.to_owned())),
        }
    }
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
