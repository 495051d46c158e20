//! Declarations with their expressions parsed, typed and settled: what evaluators and planners work from.

use crate::expression::{AggregateCall, Expr, Typed, Window};

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
