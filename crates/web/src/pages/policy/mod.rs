//! What the package says: rules, parameters, articles, help.

pub mod articles;
pub mod help;
pub mod parameters;
pub mod rule;
pub mod rules;
