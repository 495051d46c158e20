//! What the package's own functions and its exact arithmetic do.

/// What a function does with its arguments, which have been brought to the types it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operation {
    Age,
    MonthsBetween,
    DaysBetween,
    PlusDays,
    Year,
    Month,
    Per,
    Whole,
    Add,
    Subtract,
    Multiply,
    Negate,
    Least,
    Greatest,
    Coalesce,
    And,
    Or,
}
