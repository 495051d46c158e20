//! The one expression language of the package: SQL expressions over named columns.
//!
//! Text is parsed with `sqlparser` into this small tree, checked against a `Scope`, and then either evaluated here for one
//! record or planned by `analysis` for whole sets. Both give the same answers; a property test in `analysis` proves it.

mod aggregate;
mod evaluate;
mod function;
mod literal;
mod parse;
mod place;
mod print;
mod refuse;
mod scope;
mod types;
mod units;
mod walk;
mod window;

pub use aggregate::{evaluate_aggregate, parse_aggregate};
pub use evaluate::{evaluate, explain};
pub use parse::{Parsed, Spans, parse, parse_spanned};
pub use scope::{Scope, ScopeEntry, Typed};
pub use types::{settle, settle_spanned, type_of};
pub use walk::{names_of, parameters_of};
pub use window::Window;

pub(crate) use aggregate::parse_aggregate_spanned;
pub(crate) use evaluate::Context;
pub(crate) use units::{instead_of, name_of, nearest, nearest_of};
pub(crate) use walk::visit;

use model::Value;
use words::{Advice, Wording};

/// Why a text is not an expression of the package, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", what.chinese())]
pub struct ExpressionError {
    /// What is wrong, for people.
    pub what: Wording,
    /// What to write instead, for people; may be empty.
    pub hint: Wording,
    /// First byte of the part that is wrong, in the text that was parsed; 0 where the text is not at hand.
    pub offset: usize,
    /// Bytes of that part, at least 1.
    pub length: usize,
}

impl ExpressionError {
    /// What is wrong with the part of `length` bytes from byte `offset` on.
    pub(crate) fn new(Advice { what, hint }: Advice, offset: usize, length: usize) -> ExpressionError {
        ExpressionError { what, hint, offset, length: length.max(1) }
    }
}

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Literal(Value),
    /// A fact, field or column; `household.<field>` for a resident's household; `day` is the screening day.
    Name(String),
    /// `p.<name>`: a parameter on the day, at the place.
    Parameter(String),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    IsNull {
        of: Box<Expr>,
        negated: bool,
    },
    In {
        of: Box<Expr>,
        list: Vec<Expr>,
        negated: bool,
    },
    Between {
        of: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
        negated: bool,
    },
    Case {
        branches: Vec<(Expr, Expr)>,
        otherwise: Option<Box<Expr>>,
    },
    Call {
        function: Function,
        arguments: Vec<Expr>,
    },
}

/// `/` and `%` are not in the language: write `per(amount, n)`, or multiply the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    And,
    Or,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
}

/// The whole list of functions. Each is one Rust function in `functions`, used by both evaluators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// `age(born_on)`: whole years on the screening day; `age(born_on, day)` on that day.
    Age,
    /// `months_between(from, to)`: whole months, negative when `to` is earlier.
    MonthsBetween,
    /// `days_between(from, to)`.
    DaysBetween,
    /// `plus_days(day, n)`.
    PlusDays,
    /// `year(day)`, `month(day)`.
    Year,
    Month,
    Coalesce,
    /// Unknown when any argument is unknown (unlike DataFusion's own `least` and `greatest`, which skip nulls).
    Least,
    Greatest,
    /// `per(amount, n)`: whole division rounded down (towards minus infinity); unknown when `n` is 0.
    Per,
    /// `whole(decimal)`: the decimal rounded half away from zero to a whole number of the same unit.
    Whole,
}

/// `sum(expr)`, `count()`, `min`, `max`, `any`, `all` of an aggregate fact.
#[derive(Clone, Debug, PartialEq)]
pub struct AggregateCall {
    pub function: AggregateFunction,
    /// `None` for `count()` only.
    pub argument: Option<Expr>,
}

/// What an aggregate makes of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum AggregateFunction {
    Sum,
    Count,
    Min,
    Max,
    Any,
    All,
}
