//! From the package's expressions to DataFusion's physical expressions, and the order in which a run calculates them.

mod accumulate;
mod builder;
mod calls;
mod columns;
mod compile;
mod describe;
mod evidence;
mod functions;
mod nodes;
mod operation;
mod places;
mod program;
mod rules;
mod sources;
mod step;
mod table;
#[cfg(test)]
mod tests;
mod truths;

pub(crate) use accumulate::{Accumulator, NOBODY};
pub(crate) use compile::Planned;
pub(crate) use evidence::{Proof, Proofs, proofs_of};
pub(crate) use places::{Figure, Part, together, villages_of};
pub(crate) use program::Program;
pub(crate) use rules::{RulePlan, parameters_read};
pub(crate) use sources::{SourceFact, SourcePlan};
pub(crate) use step::{Climb, Step};
pub(crate) use table::{HOUSEHOLD, RESIDENT, Table};
