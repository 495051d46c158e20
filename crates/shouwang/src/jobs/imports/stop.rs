//! Why the reading of a file ends early.

use super::order::Order;
use crate::trouble::Trouble;
use exchange::Refusal;

/// Why the reading of a file ends early.
pub enum Stop {
    Refused(Refusal),
    Failed(Trouble),
}

impl Stop {
    /// The file has no rows.
    pub fn nothing(order: &Order<'_>) -> Stop {
        Stop::Refused(Refusal::Empty { file: order.file_name.to_owned() })
    }
}
