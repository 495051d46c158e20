//! What the analysis promises, on a small made-up package and made-up rows.

mod compared;
mod elsewhere;
mod explained;
mod facts;
mod hand;
mod lake;
mod leads;
mod memory;
mod places;
mod plans;
mod rules;
mod support;
mod tasks;
