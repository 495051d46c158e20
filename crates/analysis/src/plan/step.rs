//! The calculations of a run beside those over sources.

use super::compile::Planned;
use policy::declare::Grain;
use policy::expression::AggregateFunction;

/// One calculation of a run.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// An expression over the table's own columns.
    Derive { over: Grain, fact: String, place: usize, planned: Planned },
    /// Residents summed up to their household.
    Climb { fact: String, place: usize, climb: Climb },
    /// A household's column beside each of its residents.
    FromHousehold { place: usize, household: usize },
    /// Beside each resident, in how many other households the person is.
    OtherHouseholds { place: usize },
}

/// An aggregate over the residents of each household.
#[derive(Clone, Debug)]
pub(crate) struct Climb {
    pub function: AggregateFunction,
    pub filter: Option<Planned>,
    pub argument: Option<Planned>,
    /// Places of the resident's fields that stand behind both, which evidence shows.
    pub shown: Vec<usize>,
}
