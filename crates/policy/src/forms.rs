//! Declarations with their expressions parsed, typed and settled: what evaluators and planners work from.

use crate::expression::{AggregateCall, Expr, Typed, Window};
use model::Type;

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

/// An indicator, ready to be computed over households with their facts.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorForm {
    pub numerator: AggregateCall,
    pub numerator_type: Typed,
    pub filter: Option<Expr>,
    pub denominator: Option<(AggregateCall, Typed)>,
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
