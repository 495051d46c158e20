//! Calls of functions inside expressions, so that the same call is calculated once for all expressions of a table.

use crate::error::Result;
use policy::expression::Expr;

/// The expression with every call replaced by what `replace` gives for it, innermost first.
pub(super) fn rewrite_calls(expression: &Expr, replace: &mut dyn FnMut(Expr) -> Result<Expr>) -> Result<Expr> {
    let mut part = |of: &Expr| rewrite_calls(of, replace);
    let mut boxed = |of: &Expr| part(of).map(Box::new);
    Ok(match expression {
        Expr::Literal(_) | Expr::Name(_) | Expr::Parameter(_) => expression.clone(),
        Expr::Not(of) => Expr::Not(boxed(of)?),
        Expr::Negate(of) => Expr::Negate(boxed(of)?),
        Expr::Binary { op, left, right } => Expr::Binary { op: *op, left: boxed(left)?, right: boxed(right)? },
        Expr::IsNull { of, negated } => Expr::IsNull { of: boxed(of)?, negated: *negated },
        Expr::In { of, list, negated } => {
            let list = list.iter().map(&mut part).collect::<Result<Vec<_>>>()?;
            Expr::In { of: Box::new(part(of)?), list, negated: *negated }
        }
        Expr::Between { of, low, high, negated } => {
            Expr::Between { of: boxed(of)?, low: boxed(low)?, high: boxed(high)?, negated: *negated }
        }
        Expr::Case { branches, otherwise } => {
            let branches =
                branches.iter().map(|(when, then)| Ok((part(when)?, part(then)?))).collect::<Result<Vec<_>>>()?;
            let otherwise = match otherwise {
                Some(otherwise) => Some(Box::new(part(otherwise)?)),
                None => None,
            };
            Expr::Case { branches, otherwise }
        }
        Expr::Call { function, arguments } => {
            let arguments = arguments.iter().map(&mut part).collect::<Result<Vec<_>>>()?;
            replace(Expr::Call { function: *function, arguments })?
        }
    })
}
