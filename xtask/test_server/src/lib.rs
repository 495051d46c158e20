//! PostgreSQL for tests: a throw-away server, and a schema of its own for every test.
//!
//! - [`Scratch::new`] gives a test its schema, on the server that `SHOUWANG_TEST_DATABASE` names, or else on one that
//!   is started for all tests of this user and ends by itself some minutes after the last use.
//! - [`Server::start`] starts a server of one's own, e.g. one that is going to be killed.

mod programs;
mod scratch;
mod server;
mod shared;

pub use programs::{MISSING, Programs};
pub use scratch::Scratch;
pub use server::{Durability, PASSWORD, Server};

/// The variable that names the database of the tests, `postgres://user@host/database`.
pub const VARIABLE: &str = "SHOUWANG_TEST_DATABASE";

/// The address of the database for tests.
///
/// # Errors
/// A text for people when no server can be had; it names the package that is missing.
pub fn address() -> Result<String, String> {
    match std::env::var(VARIABLE) {
        Ok(address) if !address.is_empty() => Ok(address),
        _ => shared::address(),
    }
}
