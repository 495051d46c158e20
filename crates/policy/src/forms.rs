//! Declarations with their expressions parsed, typed and settled: what evaluators and planners work from.

use crate::expression::{AggregateCall, AggregateFunction, BinaryOp, Expr, Typed, Window};
use model::{Type, Value};

/// A fact, ready to be computed.
#[derive(Clone, Debug, PartialEq)]
pub struct FactForm {
    pub typed: Typed,
    pub origin: Origin,
}

/// Where a fact's value comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    Aggregate(AggregateForm),
    /// An expression over the names of the fact's own grain.
    Derived(Expr),
}

/// An aggregate, ready to be computed.
#[derive(Clone, Debug, PartialEq)]
pub struct AggregateForm {
    /// A source; or `resident` or `household`: the records of the grain below with their facts.
    pub from: String,
    pub call: AggregateCall,
    /// Only rows for which it is true.
    pub filter: Option<Expr>,
    /// Over the source's day column; always `All` when facts climb.
    pub window: Window,
}

/// A rule, ready to be screened.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleForm {
    pub when: Expr,
    pub value: Option<(Expr, Typed)>,
    pub line: Option<(Expr, Typed)>,
}

/// An indicator, ready to be computed over households with their facts, or over records.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorForm {
    /// A sum or a count.
    pub numerator: AggregateCall,
    pub numerator_type: Typed,
    pub filter: Option<Expr>,
    pub denominator: Option<(AggregateCall, Typed)>,
    /// True for rows for which something is unknown: they count in neither part. `None` where nothing can be.
    pub unknown: Option<Expr>,
    pub groups: Vec<GroupForm>,
}

impl Default for IndicatorForm {
    /// Counts everything.
    fn default() -> IndicatorForm {
        IndicatorForm {
            numerator: AggregateCall { function: AggregateFunction::Count, argument: None },
            numerator_type: Typed::of(Type::Int),
            filter: None,
            denominator: None,
            unknown: None,
            groups: Vec::new(),
        }
    }
}

/// A name by whose values an indicator is also given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupForm {
    pub name: String,
    /// Yes and no instead of codes.
    pub is_truth: bool,
    /// In declared order.
    pub codes: Vec<String>,
}

impl GroupForm {
    /// Codes of truths.
    pub const YES: &str = "yes";
    pub const NO: &str = "no";
    /// The code of what has none of the codes, or where it is unknown.
    pub const REST: &str = "";

    /// The code of a value.
    pub fn code_of(&self, value: &Value) -> &str {
        let code = match value {
            Value::Bool(true) => GroupForm::YES,
            Value::Bool(false) => GroupForm::NO,
            other => other.as_text().unwrap_or_default(),
        };
        self.codes.iter().find(|known| *known == code).map_or(GroupForm::REST, String::as_str)
    }

    /// Each code with the condition that a row has it, the rest last; exactly one of them holds for a row.
    pub fn conditions(&self) -> Vec<(String, Expr)> {
        let name = || Box::new(Expr::Name(self.name.clone()));
        let is_unknown = || Expr::IsNull { of: name(), negated: false };
        let and = |left, right| Expr::Binary { op: BinaryOp::And, left: Box::new(left), right: Box::new(right) };
        let is_known = Expr::IsNull { of: name(), negated: true };
        let literal = |code: &String| Expr::Literal(Value::Text(code.clone()));
        let holds = |code: &String| match (self.is_truth, code == GroupForm::YES) {
            (true, true) => Expr::Name(self.name.clone()),
            (true, false) => Expr::Not(name()),
            (false, _) => Expr::Binary { op: BinaryOp::Equal, left: name(), right: Box::new(literal(code)) },
        };
        let mut conditions: Vec<(String, Expr)> =
            self.codes.iter().map(|code| (code.clone(), and(is_known.clone(), holds(code)))).collect();
        let other = Expr::In { of: name(), list: self.codes.iter().map(literal).collect(), negated: true };
        let rest = match self.is_truth {
            true => is_unknown(),
            false => Expr::Binary { op: BinaryOp::Or, left: Box::new(is_unknown()), right: Box::new(other) },
        };
        conditions.push((GroupForm::REST.to_owned(), rest));
        conditions
    }
}

/// A register, ready to calculate its records and to judge them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegisterForm {
    /// Calculated fields of a record, so that each stands behind those it reads.
    pub calculated: Vec<Calculated>,
    /// The same of child records, one list per kind of child in declared order; theirs come before the record's.
    pub child_calculated: Vec<Vec<Calculated>>,
    /// Conditions of `check`, in declared order.
    pub checks: Vec<Expr>,
    /// In declared order.
    pub constraints: Vec<ConstraintForm>,
    /// Of each step, in declared order.
    pub steps: Vec<StepForm>,
    /// Lengths of the deadlines, in declared order.
    pub deadlines: Vec<DaysForm>,
}

/// A step with its expressions settled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepForm {
    pub when: Option<Expr>,
    /// Length of its publicity.
    pub publicity_days: Option<DaysForm>,
    /// Condition over an objection's fields under which it is settled.
    pub settled: Option<Expr>,
    /// In declared order, each with the fields that it fills there.
    pub opens: Vec<Vec<CarriedField>>,
    /// In declared order, each with the fields that it fills there.
    pub advances: Vec<Vec<CarriedField>>,
}

/// A length in days.
#[derive(Clone, Debug, PartialEq)]
pub enum DaysForm {
    Count(u16),
    /// A parameter, with its labels for the sentence that says that it is unset.
    Parameter {
        name: String,
        label: String,
        label_en: String,
    },
}

/// A field of another register's record and where its value comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct CarriedField {
    pub field: String,
    pub from: Carried,
    /// The field must have a value there.
    pub is_needed: bool,
}

/// Where a carried value comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Carried {
    /// A field here, as it is.
    Field(String),
    Value(Expr),
}

/// A calculated field.
#[derive(Clone, Debug, PartialEq)]
pub struct Calculated {
    /// Place of the field among the declared ones, from 0.
    pub field: usize,
    pub typed: Typed,
    pub how: How,
}

/// How a calculated field comes by its value.
#[derive(Clone, Debug, PartialEq)]
pub enum How {
    /// An expression over the other fields of the same record.
    Derived(Expr),
    /// An aggregate over the child records of one kind.
    Total {
        /// Place of the kind among the declared ones, from 0.
        child: usize,
        call: AggregateCall,
        /// Only child records for which it is true.
        filter: Option<Expr>,
    },
}

/// A constraint, ready to be judged.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstraintForm {
    /// What is looked up, in the order of the names.
    pub found: Vec<LookupForm>,
    pub holds: Expr,
}

/// A lookup in the records of a register.
#[derive(Clone, Debug, PartialEq)]
pub struct LookupForm {
    /// The name under which the constraint reads it.
    pub name: String,
    /// The register that is looked into.
    pub from: String,
    /// Field there, and the field here that it must equal. Nothing matches an unknown value.
    pub matching: Vec<(String, String)>,
    /// Only records for which it is true; over the fields there and `state`.
    pub filter: Option<Expr>,
    pub call: AggregateCall,
    pub ty: Type,
}
