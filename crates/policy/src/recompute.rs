//! The values that a reason states, made again from nothing but the rows that it shows and the parameters that it names.
//!
//! What a person would do by hand: field by field, fact by fact, with the evaluator for single records. It is the proof
//! that a lead carries everything that makes it.

use crate::expression::{Expr, evaluate, evaluate_aggregate};
use crate::forms::{AggregateForm, FactForm, Origin};
use crate::package::Package;
use crate::sentence::placeholders;
use model::{Day, Evidence, Reason, ResidentKey, Value};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

const RESIDENT: &str = "resident";
const HOUSEHOLD: &str = "household";

/// Whom a value is about: a resident, or `None` for the household.
pub type About = Option<ResidentKey>;

/// One fact behind a stated value.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkedStep {
    pub fact: String,
    pub about: About,
    pub value: Value,
    /// Positions, in the reason's evidence, of the rows that were put together; empty for derived facts.
    pub rows: Vec<usize>,
}

/// A reason, recomputed.
#[derive(Clone, Debug, PartialEq)]
pub struct Recomputed {
    pub value: Value,
    /// `None` where the rule holds its value against no line.
    pub line: Option<Value>,
    /// The facts and fields that the rule's sentences show.
    pub shown: BTreeMap<String, Value>,
    /// Every fact that was needed, once, each before what is made from it.
    pub steps: Vec<WorkedStep>,
    /// Positions of all rows that were read.
    pub rows: BTreeSet<usize>,
    /// Every fact and field that was read.
    pub values: BTreeMap<(String, About), Value>,
}

/// What a reason states and does not show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rows of `{rule}` do not show `{name}`")]
pub struct NotShown {
    pub rule: String,
    /// A field, a fact, or a parameter as `p.name`.
    pub name: String,
}

impl Package {
    /// Recomputes what a reason of a lead of that day states, from its rows and parameters alone.
    ///
    /// # Errors
    /// `NotShown` where a field that is read stands in no row, a parameter is not named, or the package has no such rule.
    pub fn recompute(&self, reason: &Reason, day: Day) -> Result<Recomputed, NotShown> {
        let (declared, form) = self
            .rules
            .get(&reason.rule)
            .zip(self.rule_forms.get(&reason.rule))
            .ok_or_else(|| NotShown { rule: reason.rule.clone(), name: reason.rule.clone() })?;
        let hand = Hand {
            package: self,
            reason,
            day,
            steps: RefCell::default(),
            rows: RefCell::default(),
            values: RefCell::default(),
            missing: Cell::default(),
        };
        let about = reason.resident_key;
        let value = form.value.as_ref().map_or(Value::Bool(true), |(value, _)| hand.expression(about, value));
        let line = form.line.as_ref().map(|(line, _)| hand.expression(about, line));
        let mut shown = BTreeMap::new();
        let sentences = placeholders(&declared.because).into_iter().chain(placeholders(&declared.because_en));
        for (name, _) in sentences {
            if self.scope(declared.over).names.contains_key(&name) {
                let value = hand.name(about, &name);
                shown.insert(name, value);
            }
        }
        match hand.missing.take() {
            Some(name) => Err(NotShown { rule: reason.rule.clone(), name }),
            None => Ok(Recomputed {
                value,
                line,
                shown,
                steps: hand.steps.into_inner(),
                rows: hand.rows.into_inner(),
                values: hand.values.into_inner(),
            }),
        }
    }
}

/// Works a reason out by hand.
struct Hand<'a> {
    package: &'a Package,
    reason: &'a Reason,
    day: Day,
    steps: RefCell<Vec<WorkedStep>>,
    rows: RefCell<BTreeSet<usize>>,
    values: RefCell<BTreeMap<(String, About), Value>>,
    /// The first name that was wanted and is not shown.
    missing: Cell<Option<String>>,
}

impl Hand<'_> {
    fn expression(&self, about: About, expression: &Expr) -> Value {
        evaluate(expression, &|name| self.name(about, name), &|name| self.parameter(name), self.day)
    }

    fn parameter(&self, name: &str) -> Value {
        let used = self.reason.parameters.iter().find(|used| used.name == name);
        used.map_or_else(|| self.miss(format!("p.{name}")), |used| used.value.clone())
    }

    fn miss(&self, name: String) -> Value {
        let first = self.missing.take().unwrap_or(name);
        self.missing.set(Some(first));
        Value::Null
    }

    /// A fact or field; of the household where the name says so.
    fn name(&self, about: About, name: &str) -> Value {
        if let Some(of_household) = name.strip_prefix("household.").filter(|_| about.is_some()) {
            return self.name(None, of_household);
        }
        let key = (name.to_owned(), about);
        if let Some(known) = self.values.borrow().get(&key) {
            return known.clone();
        }
        let value = match self.package.fact_forms.get(name) {
            Some(form) => {
                let (value, rows) = self.fact(about, name, form);
                self.rows.borrow_mut().extend(&rows);
                self.steps.borrow_mut().push(WorkedStep { fact: name.to_owned(), about, value: value.clone(), rows });
                value
            }
            None => self.field(about, name),
        };
        self.values.borrow_mut().insert(key, value.clone());
        value
    }

    fn fact(&self, about: About, name: &str, form: &FactForm) -> (Value, Vec<usize>) {
        match &form.origin {
            Origin::Derived(expression) => (self.expression(about, expression), Vec::new()),
            Origin::Aggregate(aggregate) => {
                let rows = self.rows_of(name, aggregate, about);
                let cell = |row: usize, name: &str| {
                    let evidence = &self.reason.evidence[rows[row]];
                    if aggregate.from == RESIDENT {
                        self.name(evidence.resident_key, name)
                    } else {
                        cell_of(evidence, name)
                    }
                };
                let AggregateForm { call, filter, .. } = aggregate;
                let parameter = |name: &str| self.parameter(name);
                let ty = form.typed.ty;
                let value = evaluate_aggregate(call, filter.as_ref(), ty, rows.len(), &cell, &parameter, self.day);
                (value, rows)
            }
        }
    }

    /// Positions of the rows that feed an aggregate.
    fn rows_of(&self, fact: &str, aggregate: &AggregateForm, about: About) -> Vec<usize> {
        let feeds = |row: &Evidence| {
            row.fact == fact && row.dataset == aggregate.from && (about.is_none() || row.resident_key == about)
        };
        let rows = self.reason.evidence.iter().enumerate().filter(|(_, row)| feeds(row));
        rows.map(|(position, _)| position).collect()
    }

    /// A field of the register's record, which every row of that record shows alike.
    fn field(&self, about: About, name: &str) -> Value {
        let register = if about.is_some() { RESIDENT } else { HOUSEHOLD };
        let shows = |row: &Evidence| row.dataset == register && row.resident_key == about;
        for (position, row) in self.reason.evidence.iter().enumerate().filter(|(_, row)| shows(row)) {
            if let Some((_, value)) = row.values.iter().find(|(known, _)| known == name) {
                self.rows.borrow_mut().insert(position);
                return value.clone();
            }
        }
        self.miss(name.to_owned())
    }
}

/// A cell of a source's row; cells that are empty are not shown.
fn cell_of(row: &Evidence, name: &str) -> Value {
    row.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
}
