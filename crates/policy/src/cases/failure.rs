//! Why a case failed.

use model::Value;
use words::Wording;

/// Why a case failed: at which key of the case, what, and what helps.
pub(super) struct Failure {
    pub key: String,
    pub what: Wording,
    pub hint: Wording,
}

pub(super) fn failure(key: &str, what: impl Into<Wording>, hint: impl Into<Wording>) -> Failure {
    Failure { key: key.to_owned(), what: what.into(), hint: hint.into() }
}

/// Compares what came out with what was expected.
pub(super) fn same(key: &str, expected: &Value, found: &Value, hint: impl FnOnce() -> String) -> Result<(), Failure> {
    if expected == found {
        return Ok(());
    }
    Err(failure(key, format!("应得 {},实得 {}", shown(expected), shown(found)), hint()))
}

pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "未知".to_owned(),
        Value::Fen(fen) => format!("{fen}元({}分)", fen.0),
        other => other.to_string(),
    }
}
