//! Where the log does not hold.

use crate::StoreError;

/// The first place where the log does not hold.
#[derive(Debug, thiserror::Error)]
pub enum ChainBreak {
    #[error("event {seq}, position {position} of chain {chain}: {what}")]
    Broken { chain: String, position: i64, seq: i64, what: String },
    #[error("the log cannot be read")]
    Unreadable(#[from] StoreError),
}

pub(crate) fn broken(chain: &str, position: i64, seq: i64, what: &str) -> ChainBreak {
    ChainBreak::Broken { chain: chain.to_owned(), position, seq, what: what.to_owned() }
}
