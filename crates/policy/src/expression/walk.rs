//! Walks over expressions: which names and parameters they read.

use super::Expr;
use std::collections::BTreeSet;

/// All names in the expression (`day` and `household.<field>` as they are written), sorted.
pub fn names_of(expr: &Expr) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    visit(expr, &mut |part| {
        if let Expr::Name(name) = part {
            names.insert(name.clone());
        }
    });
    names
}

/// All parameters in the expression, without `p.`, sorted.
pub fn parameters_of(expr: &Expr) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    visit(expr, &mut |part| {
        if let Expr::Parameter(name) = part {
            names.insert(name.clone());
        }
    });
    names
}

/// Calls `see` for the expression and every part of it, in the order of the text.
pub(crate) fn visit<'e>(expr: &'e Expr, see: &mut dyn FnMut(&'e Expr)) {
    see(expr);
    for part in parts(expr) {
        visit(part, see);
    }
}

/// The direct parts of an expression, in the order of the text.
pub(crate) fn parts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Literal(_) | Expr::Name(_) | Expr::Parameter(_) => Vec::new(),
        Expr::Not(of) | Expr::Negate(of) | Expr::IsNull { of, .. } => vec![of],
        Expr::Binary { left, right, .. } => vec![left, right],
        Expr::In { of, list, .. } => std::iter::once(of.as_ref()).chain(list).collect(),
        Expr::Between { of, low, high, .. } => vec![of, low, high],
        Expr::Case { branches, otherwise } => {
            let pairs = branches.iter().flat_map(|(when, then)| [when, then]);
            pairs.chain(otherwise.as_deref()).collect()
        }
        Expr::Call { arguments, .. } => arguments.iter().collect(),
    }
}
