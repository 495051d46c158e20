//! Why a case failed.

use model::Value;
use words::{Advice, Wording, wording};

/// Why a case failed: at which key of the case, what, and what helps.
pub(super) struct Failure {
    pub key: String,
    pub what: Wording,
    pub hint: Wording,
}

pub(super) fn failure(key: impl Into<String>, Advice { what, hint }: Advice) -> Failure {
    Failure { key: key.into(), what, hint }
}

/// Compares what came out with what was expected.
pub(super) fn same(key: &str, expected: &Value, found: &Value, hint: impl FnOnce() -> Wording) -> Result<(), Failure> {
    if expected == found {
        return Ok(());
    }
    let what = wording!("case_compared", expected = shown(expected), found = shown(found));
    Err(failure(key, Advice { what, hint: hint() }))
}

pub(super) fn shown(value: &Value) -> Wording {
    match value {
        Value::Null => wording!("fact_unknown"),
        Value::Bool(true) => wording!("fact_yes"),
        Value::Bool(false) => wording!("fact_no"),
        Value::Fen(amount) => wording!("case_amount", amount, fen = amount.0),
        other => Wording::same(other),
    }
}
