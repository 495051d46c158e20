//! What the analysis promises, on a small made-up package and made-up rows.

mod elsewhere;
mod explained;
mod lake;
mod leads;
mod memory;
mod places;
mod plans;
mod support;
mod tasks;
