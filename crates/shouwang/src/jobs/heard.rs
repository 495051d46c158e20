//! What the rows of a department's file tell of the delivery that they are.

use super::coverage::Seen;
use super::not_taken::NotTaken;

/// What the rows of a file tell.
#[derive(Default)]
pub struct Heard {
    /// Of those that are of the place.
    pub seen: Seen,
    /// Of those that are of other places of who hands in.
    pub elsewhere: Seen,
    pub not_taken: NotTaken,
}
