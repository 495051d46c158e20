//! From the package's expressions to DataFusion's physical expressions, and the order in which a run calculates them.

mod accumulate;
mod compile;
mod evidence;
mod functions;
mod program;
mod rules;
mod sources;

pub(crate) use accumulate::{Accumulator, NOBODY};
pub(crate) use compile::Planned;
pub(crate) use evidence::{Proof, proofs_of};
pub(crate) use program::{Climb, HOUSEHOLD, Program, RESIDENT, Step, Table};
pub(crate) use rules::{RulePlan, parameters_read};
pub(crate) use sources::{SourceFact, SourcePlan};
