//! Reads and checks a policy package: what the documents say, as data.

pub mod declare;
pub mod expression;
