//! A schema for one test.

use crate::programs::{MISSING, Programs, run};
use std::time::{SystemTime, UNIX_EPOCH};

/// A schema name that no other test has; the schema, made by whoever opens it, goes away with this.
#[derive(Debug)]
pub struct Scratch {
    programs: Programs,
    address: String,
    schema: String,
}

impl Scratch {
    /// A new place on the server for tests.
    ///
    /// # Errors
    /// A text for people when no server can be had; it names the package that is missing.
    pub fn new() -> Result<Scratch, String> {
        let address = crate::address()?;
        let programs = Programs::find().ok_or(MISSING)?;
        Ok(Scratch { programs, address, schema: format!("test_{}", unique()) })
    }

    /// The address with the schema, as the store takes it.
    pub fn address(&self) -> String {
        let mark = if self.address.contains('?') { '&' } else { '?' };
        format!("{}{mark}schema={}", self.address, self.schema)
    }

    /// The address of the database around the schema.
    pub fn database(&self) -> &str {
        &self.address
    }

    /// The name of the schema.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// Runs statements in the schema, past every door.
    ///
    /// # Errors
    /// What the server said.
    pub fn forge(&self, statements: &str) -> Result<(), String> {
        let statements = format!("set client_min_messages = error; set search_path to {}; {statements}", self.schema);
        let mut psql = self.programs.psql();
        run(psql.args(["--quiet", "--no-psqlrc", "--command", &statements, "--dbname", &self.address])).map(|_| ())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let dropped = self.forge(&format!("drop schema if exists {} cascade", self.schema));
        if let Err(why) = dropped {
            eprintln!("the schema {} stays: {why}", self.schema);
        }
    }
}

/// Digits that no other test has.
pub(crate) fn unique() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{}_{:x}", std::process::id(), since.as_nanos())
}
