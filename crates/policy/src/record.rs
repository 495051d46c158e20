//! What a register says about one record: its calculated fields, its checks and its constraints. Pure: no record is read here.

use crate::declare::{Column, Constraint, Register, RowCheck};
use crate::expression::{Context, Expr, evaluate_aggregate};
use crate::forms::{Calculated, How, LookupForm, RegisterForm};
use model::{Day, Decimal, Kind, Value};
use std::borrow::Cow;

/// What a record is judged in.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The record's state, as expressions read it; empty for registers without a lifecycle. When a step is judged, the state
    /// that it leads to: "not before its publicity has ended" is a check of the state behind it.
    pub state: &'a str,
    /// Parameters without `p.`, at the record's place; `Null` where they are unset.
    pub parameters: &'a dyn Fn(&str) -> Value,
    pub today: Day,
}

/// Fills the calculated fields: those of the child records first, then the record's own.
///
/// `fields`: one value per declared field. `children`: per kind of child, in declared order, its rows of one value per
/// declared field. What stands in calculated places is overwritten; places that are missing are left out. A value that cannot
/// be calculated, because what it reads is unknown or the result does not fit, is `Null`.
pub fn calculate(
    register: &Register,
    form: &RegisterForm,
    fields: &mut [Value],
    children: &mut [Vec<Vec<Value>>],
    setting: &Setting<'_>,
) {
    for ((child, calculated), rows) in register.child.iter().zip(&form.child_calculated).zip(children.iter_mut()) {
        for row in rows {
            fill(&child.field, calculated, row, setting, &|_| Value::Null);
        }
    }
    let total = |calculated: &Calculated| {
        let How::Total { child, call, filter } = &calculated.how else { return Value::Null };
        let (Some(kind), Some(rows)) = (register.child.get(*child), children.get(*child)) else { return Value::Null };
        let cell = |row: usize, name: &str| named(&kind.field, rows.get(row).map_or(&[], Vec::as_slice), name).clone();
        let ty = calculated.typed.ty;
        evaluate_aggregate(call, filter.as_ref(), ty, rows.len(), &cell, setting.parameters, setting.today)
    };
    fill(&register.field, &form.calculated, fields, setting, &total);
}

fn fill(
    columns: &[Column],
    calculated: &[Calculated],
    values: &mut [Value],
    setting: &Setting<'_>,
    total: &dyn Fn(&Calculated) -> Value,
) {
    for one in calculated {
        let value = match &one.how {
            How::Derived(expr) => {
                let names = |name: &str| Cow::Borrowed(named(columns, values, name));
                let context = Context { names: &names, parameters: setting.parameters, day: setting.today };
                context.value(expr).into_owned()
            }
            How::Total { .. } => total(one),
        };
        if let (Some(column), Some(place)) = (columns.get(one.field), values.get_mut(one.field)) {
            *place = of_kind(column.kind, value);
        }
    }
}

/// Whole numbers become decimals where the field holds decimals.
fn of_kind(kind: Kind, value: Value) -> Value {
    match (kind, value) {
        (Kind::Decimal, Value::Int(number)) => Value::Decimal(Decimal::from(number)),
        (_, value) => value,
    }
}

fn named<'v>(columns: &[Column], values: &'v [Value], name: &str) -> &'v Value {
    let at = columns.iter().position(|column| column.name == name);
    at.and_then(|at| values.get(at)).unwrap_or(&Value::Null)
}

/// The checks that the record fails. A check that cannot be answered, because what it reads is unknown, is not failed.
///
/// `fields`: one value per declared field, calculated ones filled.
pub fn failed_checks<'r>(
    register: &'r Register,
    form: &RegisterForm,
    fields: &[Value],
    setting: &Setting<'_>,
) -> Vec<&'r RowCheck> {
    let judged = register.check.iter().zip(&form.checks);
    judged.filter(|(_, holds)| is_false(register, holds, fields, setting, &|_| None)).map(|(check, _)| check).collect()
}

/// The constraints that the record breaks; `found` gives what a lookup finds (see `lookup`). A constraint that cannot be
/// answered is not broken.
pub fn broken_constraints<'r>(
    register: &'r Register,
    form: &RegisterForm,
    fields: &[Value],
    found: &dyn Fn(&LookupForm) -> Value,
    setting: &Setting<'_>,
) -> Vec<&'r Constraint> {
    let judged = register.constraint.iter().zip(&form.constraints);
    let is_broken = |form: &crate::ConstraintForm| {
        let looked_up: Vec<(&str, Value)> = form.found.iter().map(|one| (one.name.as_str(), found(one))).collect();
        let by_name = |name: &str| looked_up.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        is_false(register, &form.holds, fields, setting, &by_name)
    };
    judged.filter(|(_, form)| is_broken(form)).map(|(constraint, _)| constraint).collect()
}

fn is_false(
    register: &Register,
    holds: &Expr,
    fields: &[Value],
    setting: &Setting<'_>,
    found: &dyn Fn(&str) -> Option<Value>,
) -> bool {
    let names = |name: &str| match name {
        "state" => Cow::Owned(state_value(setting.state)),
        _ => found(name).map_or_else(|| Cow::Borrowed(named(&register.field, fields, name)), Cow::Owned),
    };
    let context = Context { names: &names, parameters: setting.parameters, day: setting.today };
    *context.value(holds) == Value::Bool(false)
}

fn state_value(state: &str) -> Value {
    if state.is_empty() { Value::Null } else { Value::Text(state.to_owned()) }
}

/// What a lookup finds among `row_count` records that match (`LookupForm::matching`), the record itself and withdrawn ones
/// left out; `cell(row, name)` gives a field of one of them, or its `state`.
pub fn lookup(
    form: &LookupForm,
    row_count: usize,
    cell: &dyn Fn(usize, &str) -> Value,
    setting: &Setting<'_>,
) -> Value {
    let LookupForm { call, filter, ty, .. } = form;
    evaluate_aggregate(call, filter.as_ref(), *ty, row_count, cell, setting.parameters, setting.today)
}
