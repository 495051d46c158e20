//! The way to a stated value in words: each formula with the labels and the values that stood in it, so that a person can
//! follow it with pencil and paper.

use crate::declare::Grain;
use crate::expression::{AggregateFunction, BinaryOp, Expr, Function, evaluate};
use crate::forms::{AggregateForm, Origin};
use crate::package::Package;
use crate::recompute::{About, NotShown, Recomputed, WorkedStep};
use model::{Day, Reason, Value};
use words::Language;

/// More addends than this are counted, not written out.
const ADDENDS_MAX: usize = 8;

/// One line of the way: what it is, about whom, its value, and how that comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Working {
    pub label: String,
    pub about: About,
    pub value: String,
    pub formula: String,
}

impl Package {
    /// The way to the reason's value and line, from them down to the rows. Truths (conditions) are left out.
    ///
    /// # Errors
    /// As `recompute`.
    pub fn workings(&self, reason: &Reason, day: Day, language: Language) -> Result<Vec<Working>, NotShown> {
        let known = self.recompute(reason, day)?;
        let writer = Writer { package: self, reason, day, language, known: &known };
        let mut lines = Vec::new();
        let form = self.rule_forms.get(&reason.rule);
        let stated = form.and_then(|form| form.value.as_ref()).map(|(value, _)| (value, "value", &known.value));
        let line = form.and_then(|form| form.line.as_ref()).zip(known.line.as_ref());
        let line = line.map(|((line, _), value)| (line, "line", value));
        for (expression, name, value) in stated.into_iter().chain(line) {
            if !matches!(expression, Expr::Name(_) | Expr::Parameter(_)) {
                let label = language.say(if name == "value" { "working_value" } else { "working_line" }).to_owned();
                let value = writer.own(name, value);
                let (formula, _) = writer.words(reason.resident_key, expression);
                lines.push(Working { label, about: reason.resident_key, value, formula });
            }
        }
        lines.extend(known.steps.iter().rev().filter_map(|step| writer.step(step)));
        Ok(lines)
    }
}

fn grain_of(about: About) -> Grain {
    if about.is_some() { Grain::Resident } else { Grain::Household }
}

/// How firmly a text holds together: a sum, a product, or one thing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    Sum,
    Product,
    Whole,
}

struct Writer<'a> {
    package: &'a Package,
    reason: &'a Reason,
    day: Day,
    language: Language,
    known: &'a Recomputed,
}

impl Writer<'_> {
    fn own(&self, name: &str, value: &Value) -> String {
        self.package.show(grain_of(self.reason.resident_key), Some(&self.reason.rule), name, value, self.language)
    }

    fn step(&self, step: &WorkedStep) -> Option<Working> {
        let form = self.package.fact_forms.get(&step.fact)?;
        let formula = match &form.origin {
            _ if matches!(step.value, Value::Bool(_) | Value::Text(_)) => return None,
            Origin::Derived(expression) => self.words(step.about, expression).0,
            Origin::Aggregate(aggregate) => self.aggregate(step, aggregate),
        };
        let value = self.shown(step.about, &step.fact, &step.value);
        Some(Working { label: self.label(step.about, &step.fact), about: step.about, value, formula })
    }

    fn aggregate(&self, step: &WorkedStep, aggregate: &AggregateForm) -> String {
        let adds = step.rows.iter().map(|row| &self.reason.evidence[*row].adds);
        let adds: Vec<String> = adds.map(|adds| self.shown(step.about, &step.fact, adds)).collect();
        let rows = adds.len();
        let counted = match aggregate.call.function {
            AggregateFunction::Sum if (2..=ADDENDS_MAX).contains(&rows) => return adds.join(" + "),
            AggregateFunction::Sum => "working_sum",
            AggregateFunction::Max => "working_max",
            AggregateFunction::Min => "working_min",
            AggregateFunction::Count | AggregateFunction::Any | AggregateFunction::All => "working_rows",
        };
        self.language.fill(counted, &[("rows", &rows)])
    }

    fn label(&self, about: About, name: &str) -> String {
        let entry = self.package.scope(grain_of(about)).names.get(name);
        entry.map_or_else(|| name.to_owned(), |entry| self.language.pick(&entry.label, &entry.label_en).to_owned())
    }

    fn shown(&self, about: About, name: &str, value: &Value) -> String {
        self.package.shown(grain_of(about), name, value, self.language)
    }

    fn value(&self, about: About, expression: &Expr) -> Value {
        let names = |name: &str| {
            let of_household = name.strip_prefix("household.").filter(|_| about.is_some());
            let key = of_household.map_or_else(|| (name.to_owned(), about), |name| (name.to_owned(), None));
            self.known.values.get(&key).cloned().unwrap_or_default()
        };
        let parameters = |name: &str| {
            let used = self.reason.parameters.iter().find(|used| used.name == name);
            used.map(|used| used.value.clone()).unwrap_or_default()
        };
        evaluate(expression, &names, &parameters, self.day)
    }

    fn words(&self, about: About, expression: &Expr) -> (String, Hold) {
        let value = || self.value(about, expression);
        match expression {
            Expr::Name(name) if name == "day" => (self.day.to_string(), Hold::Whole),
            Expr::Name(name) => {
                (format!("{} {}", self.label(about, name), self.shown(about, name, &value())), Hold::Whole)
            }
            Expr::Parameter(name) => {
                let declared = self.package.parameters.get(name);
                let label = declared
                    .map_or_else(|| name.clone(), |one| self.language.pick(&one.label, &one.label_en).to_owned());
                (format!("{label} {}", self.shown(about, &format!("p.{name}"), &value())), Hold::Whole)
            }
            Expr::Negate(of) => (format!("-{}", self.part(about, of, Hold::Whole)), Hold::Product),
            Expr::Binary { op, left, right } => self.binary(about, *op, left, right),
            Expr::Case { branches, otherwise } => {
                let taken = branches.iter().find(|(when, _)| self.value(about, when) == Value::Bool(true));
                match taken.map(|(_, then)| then).or(otherwise.as_deref()) {
                    Some(then) => self.words(about, then),
                    None => (self.shown(about, "", &Value::Null), Hold::Whole),
                }
            }
            Expr::Call { function, arguments } => self.call(about, *function, arguments, &value()),
            _ => (self.shown(about, "", &value()), Hold::Whole),
        }
    }

    /// An operand: in brackets where it holds together less firmly than is needed.
    fn part(&self, about: About, expression: &Expr, needed: Hold) -> String {
        let (text, hold) = self.words(about, expression);
        if hold < needed { format!("({text})") } else { text }
    }

    fn binary(&self, about: About, op: BinaryOp, left: &Expr, right: &Expr) -> (String, Hold) {
        let (sign, hold, of_right) = match op {
            BinaryOp::Add => ("+", Hold::Sum, Hold::Sum),
            BinaryOp::Subtract => ("-", Hold::Sum, Hold::Product),
            BinaryOp::Multiply => ("×", Hold::Product, Hold::Product),
            _ => {
                let whole = Expr::Binary { op, left: Box::new(left.clone()), right: Box::new(right.clone()) };
                return (self.shown(about, "", &self.value(about, &whole)), Hold::Whole);
            }
        };
        (format!("{} {sign} {}", self.part(about, left, hold), self.part(about, right, of_right)), hold)
    }

    fn call(&self, about: About, function: Function, arguments: &[Expr], value: &Value) -> (String, Hold) {
        let name = match (function, arguments) {
            (Function::Per, [amount, number]) => {
                let (amount, number) = (self.part(about, amount, Hold::Product), self.part(about, number, Hold::Whole));
                return (format!("{amount} ÷ {number}"), Hold::Product);
            }
            (Function::Coalesce, [first, ..]) => {
                let known = arguments.iter().find(|argument| !self.value(about, argument).is_null());
                let known = known.unwrap_or(first);
                let text = self.part(about, known, Hold::Whole);
                let instead = if known == first {
                    String::new()
                } else {
                    self.language.fill("working_about", &[("member", &self.words(about, first).0)])
                };
                return (format!("{text}{instead}"), Hold::Whole);
            }
            (Function::Whole, _) => "working_rounded",
            (Function::Greatest, _) => "working_greatest",
            (Function::Least, _) => "working_least",
            (Function::Age, _) => "working_age",
            (Function::MonthsBetween, _) => "working_months",
            (Function::DaysBetween, _) => "working_days",
            _ => return (self.shown(about, "", value), Hold::Whole),
        };
        let each: Vec<String> = arguments.iter().map(|argument| self.words(about, argument).0).collect();
        (self.language.fill(name, &[("parts", &each.join(", "))]), Hold::Whole)
    }
}
