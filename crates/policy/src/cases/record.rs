//! Runs one case of a register: what a record calculates to, what fails, and whether a step may be taken.

use super::failure::{Failure, failure, same};
use super::given::{self, Given};
use super::setting::{CaseSetting, lookup};
use super::step::{self, StepCase, StepJudge};
use crate::declare::{Column, Register};
use crate::expression::{ScopeEntry, Typed};
use crate::forms::{Calculated, LookupForm, RegisterForm};
use crate::package::Package;
use crate::{record, scope};
use model::{Kind, Type, Value};
use std::collections::BTreeMap;
use words::{Advice, Wording, advice, wording};

/// The key under which a case lists what fails.
const FAILING: &str = "failing";

pub(super) fn run(setting: &CaseSetting<'_>, name: &str, judge: Option<StepJudge<'_>>) -> Result<(), Failure> {
    let (package, case) = (setting.package, setting.case);
    let (Some(register), Some(form)) = (package.registers.get(name), package.register_forms.get(name)) else {
        return Ok(());
    };
    let state = state_of(register, case.state.as_deref())?;
    let given = values(package, &case.given, "given", &register.field)?;
    let mut fields = row(&register.field, &given);
    let mut children = children_of(setting, register)?;
    let parameters = |name: &str| setting.value_of_parameter(name);
    let on = record::Setting { state, parameters: &parameters, today: setting.day() };
    record::calculate(register, form, &mut fields, &mut children, &on);
    if let Some(asked) = &case.step {
        let Some(judge) = judge else { return Ok(()) };
        let names = register.field.iter().zip(&fields).filter(|(_, value)| !value.is_null());
        let kinds = register.child.iter().zip(&children).filter(|(_, rows)| !rows.is_empty());
        let answer = judge(
            package,
            &StepCase {
                register: name,
                asked,
                state,
                fields: &fields,
                filled: names.map(|(field, _)| field.name.as_str()).collect(),
                given: given.keys().map(String::as_str).collect(),
                children: kinds.map(|(kind, _)| kind.name.as_str()).collect(),
                parameters: &|name, day| setting.parameter_on(name, day),
                region: case.region.unwrap_or(package.head.region),
                day: setting.day(),
                since: asked.since.map_or(setting.day(), |since| since.0),
            },
        );
        return step::compare(case, answer);
    }
    if case.to.is_some() || case.effects.is_some() {
        return Err(failure("to", advice!("case_without_step", open = '{', close = '}')));
    }
    let found = found_of(setting, form)?;
    let broken = record::broken_constraints(register, form, &fields, &|one| lookup(&found, &one.name), &on);
    let failed = record::failed_checks(register, form, &fields, &on);
    let failing = failed.iter().map(|check| &check.what).chain(broken.iter().map(|constraint| &constraint.what));
    expected(setting, register, form, &fields, &failing.map(String::as_str).collect::<Vec<_>>())
}

fn state_of<'a>(register: &'a Register, named: Option<&'a str>) -> Result<&'a str, Failure> {
    let Some(named) = named else {
        return Ok(register.state.iter().find(|state| state.initial).map_or("", |state| state.name.as_str()));
    };
    match register.state_named(named) {
        Some(_) => Ok(named),
        None => {
            let hint = available(register.state.iter().map(|state| state.name.as_str()));
            Err(failure("state", Advice { what: wording!("unknown_state", name = named), hint }))
        }
    }
}

/// The entered fields by name, with the types of their kinds; codes must be codes.
fn values(package: &Package, table: &toml::Table, key: &str, columns: &[Column]) -> Result<Given, Failure> {
    let entry = |column: &Column| scope::entry_of(column).unwrap_or(scope::plain_entry(Typed::of(Type::Text)));
    let entered = columns.iter().filter(|column| column.is_entered());
    let known: BTreeMap<String, ScopeEntry> = entered.map(|column| (column.name.clone(), entry(column))).collect();
    if let Some(calculated) = columns.iter().find(|column| !column.is_entered() && table.contains_key(&column.name)) {
        let name = &calculated.name;
        return Err(failure(format!("{key}.{name}"), advice!("case_gives_calculated", name)));
    }
    let values = given::values(table, key, &known)?;
    for column in columns.iter().filter(|column| column.kind == Kind::Code) {
        let (Some(Value::Text(text)), Some(list)) = (values.get(&column.name), &column.codes) else { continue };
        let codes: Vec<&str> = if column.many { text.split(',').collect() } else { vec![text] };
        if let Some(code) = codes.iter().find(|code| package.code_label(list, code).is_none()) {
            return Err(failure(format!("{key}.{}", column.name), advice!("case_code_unknown", list, code)));
        }
    }
    Ok(values)
}

fn row(columns: &[Column], given: &Given) -> Vec<Value> {
    columns.iter().map(|column| lookup(given, &column.name)).collect()
}

/// Rows per kind of child record, in declared order.
fn children_of(setting: &CaseSetting<'_>, register: &Register) -> Result<Vec<Vec<Vec<Value>>>, Failure> {
    let given = &setting.case.child;
    if let Some(unknown) = given.keys().find(|name| register.child_named(name).is_none()) {
        let hint = crate::expression::nearest(unknown, register.child.iter().map(|child| &child.name), "");
        let what = wording!("unknown_child", name = unknown);
        return Err(failure(format!("child.{unknown}"), Advice { what, hint }));
    }
    let rows = |child: &crate::declare::Child| {
        let tables = given.get(&child.name).into_iter().flatten().enumerate();
        let one = |at: usize, table: &toml::Table| {
            values(setting.package, table, &format!("child.{}.{at}", child.name), &child.field)
                .map(|given| row(&child.field, &given))
        };
        tables.map(|(at, table)| one(at, table)).collect::<Result<Vec<_>, Failure>>()
    };
    register.child.iter().map(rows).collect()
}

/// What lookups find, by name; what is not given is unknown.
fn found_of(setting: &CaseSetting<'_>, form: &RegisterForm) -> Result<Given, Failure> {
    let lookups = form.constraints.iter().flat_map(|constraint| &constraint.found);
    let entry = |lookup: &LookupForm| (lookup.name.clone(), scope::plain_entry(Typed::of(lookup.ty)));
    given::values(&setting.case.found, "found", &lookups.map(entry).collect())
}

/// Compares what the case names: calculated fields, and everything that fails.
fn expected(
    setting: &CaseSetting<'_>,
    register: &Register,
    form: &RegisterForm,
    fields: &[Value],
    failing: &[&str],
) -> Result<(), Failure> {
    let Some(wanted) = setting.case.expect.as_table().filter(|wanted| !wanted.is_empty()) else {
        return Err(failure("expect", advice!("case_expects_nothing", open = '{', close = '}')));
    };
    for (name, written) in wanted.iter().filter(|(name, _)| *name != FAILING) {
        let is_it =
            |calculated: &&Calculated| register.field.get(calculated.field).is_some_and(|field| field.name == *name);
        let Some(calculated) = form.calculated.iter().find(is_it) else {
            let known = form.calculated.iter().map(|one| register.field[one.field].name.as_str());
            let advice =
                Advice { what: wording!("case_field_not_calculated", name), hint: available(known.chain([FAILING])) };
            return Err(failure(format!("expect.{name}"), advice));
        };
        let key = format!("expect.{name}");
        let kind = register.field[calculated.field].kind;
        let typed = Typed::of(kind.expression_type().unwrap_or(calculated.typed.ty));
        let value = given::expected_at(&key, written, &typed)?;
        same(&key, &value, &fields[calculated.field], Wording::default)?;
    }
    let Some(named) = wanted.get(FAILING) else { return Ok(()) };
    let mut named: Vec<&str> = named.as_array().into_iter().flatten().filter_map(toml::Value::as_str).collect();
    let mut failing = failing.to_vec();
    named.sort_unstable();
    failing.sort_unstable();
    if named == failing {
        return Ok(());
    }
    let advice = advice!("case_failing", expected = named.join(";"), found = failing.join(";"));
    Err(failure("expect.failing", advice))
}

fn available<'a>(names: impl Iterator<Item = &'a str>) -> Wording {
    wording!("names_available", names = words::list(names))
}
