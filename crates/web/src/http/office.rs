//! The office in which somebody works who is signed in: the own one, or one that is held as a deputy.

use model::Actor;
use store::Office;

/// Cookie with the office in which a deputy works, as [`Office::name`] says it.
pub const OFFICE_COOKIE: &str = "sw_office";

/// An account that is signed in.
pub struct SignedIn {
    /// In the office that was chosen, or its own.
    pub actor: Actor,
    /// The offices that it holds today besides its own.
    pub offices: Vec<Office>,
}
