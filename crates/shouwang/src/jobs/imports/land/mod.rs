//! Landing: rows of a department come into force in the lake, or are taken back from it. Records of a register land in the store, piece by
//! piece (`Entry::take_records`).

pub mod coverage;
pub mod delivery;
pub mod holding;
mod period;
pub mod take_back;
