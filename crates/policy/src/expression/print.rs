//! Prints an expression so that it parses to itself again.

use super::Expr;
use model::{Fen, Value};
use std::fmt;

impl fmt::Display for Expr {
    /// Full parentheses, lower-case words; parses to the same expression.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Literal(value) => literal(value, f),
            Expr::Name(name) => f.write_str(name),
            Expr::Parameter(name) => write!(f, "p.{name}"),
            Expr::Not(of) => write!(f, "(not {of})"),
            Expr::Negate(of) => write!(f, "(-{of})"),
            Expr::Binary { op, left, right } => write!(f, "({left} {} {right})", op.symbol()),
            Expr::IsNull { of, negated } => write!(f, "({of} is {}null)", not(*negated)),
            Expr::In { of, list, negated } => {
                write!(f, "({of} {}in (", not(*negated))?;
                separated(list, f)?;
                f.write_str("))")
            }
            Expr::Between { of, low, high, negated } => {
                write!(f, "({of} {}between {low} and {high})", not(*negated))
            }
            Expr::Case { branches, otherwise } => {
                f.write_str("case")?;
                for (when, then) in branches {
                    write!(f, " when {when} then {then}")?;
                }
                if let Some(otherwise) = otherwise {
                    write!(f, " else {otherwise}")?;
                }
                f.write_str(" end")
            }
            Expr::Call { function, arguments } => {
                write!(f, "{}(", function.name())?;
                separated(arguments, f)?;
                f.write_str(")")
            }
        }
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "not " } else { "" }
}

fn separated(list: &[Expr], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, item) in list.iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

fn literal(value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        Value::Bool(truth) => write!(f, "{truth}"),
        Value::Int(number) => write!(f, "{number}"),
        Value::Decimal(number) if number.scale() == 0 => write!(f, "{number}.0"),
        Value::Decimal(number) => write!(f, "{number}"),
        Value::Fen(Fen(fen)) => {
            let sign = if *fen < 0 { "-" } else { "" };
            write!(f, "yuan({sign}{}.{:02})", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
        }
        Value::Day(day) => write!(f, "date '{day}'"),
        Value::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
    }
}
