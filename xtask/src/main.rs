//! House work: `cargo xtask test` sets up what the tests need and runs every check.

mod bench;
mod checks;
mod setup;
mod simulate;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use test_server::{Durability, Server};

const USAGE: &str = "usage: cargo xtask test [arguments for the test runner]\n       cargo xtask bench [--import-households N] [--screen-households N] [--work DIR]\n       cargo xtask bench registers [--records N] [--readers N] [--seconds N]\n       cargo xtask bench imports --against PROGRAM [--against-policy DIR] [--households N] [--rounds N] [--work DIR]\n       cargo xtask simulate kills|races|files|damage [--times N] [--seed N]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((command, rest)) if command == "test" => test(rest),
        Some((command, rest)) if command == "bench" => root().and_then(|root| bench::run(&root, rest)),
        Some((command, rest)) if command == "simulate" => root().and_then(|root| simulate::run(&root, rest)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Sets up, then checks format and lints, then runs all tests. Every check runs, even when an earlier one failed.
fn test(arguments: &[String]) -> Result<()> {
    let root = root()?;
    setup::everything(&target(&root))?;
    let database = test_database()?;
    let failed = checks::run_all(&root, arguments, database.as_ref().map(Server::address))?;
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}

/// A server for the tests that need PostgreSQL, unless one is named already. It ends with the run.
fn test_database() -> Result<Option<Server>> {
    if std::env::var_os(test_server::VARIABLE).is_some() {
        return Ok(None);
    }
    Ok(Some(Server::start(Durability::None).map_err(anyhow::Error::msg)?))
}

/// The folder of builds.
fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// The folder of the workspace: of this run, for a program out of a shared build cache may have been built in another clone.
fn root() -> Result<PathBuf> {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").context("xtask is run by cargo: `cargo xtask ...`")?;
    Path::new(&own).parent().map(Path::to_owned).context("the folder of xtask has no parent")
}

/// Cargo in the folder of the workspace, as if it were called by hand.
fn cargo(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root);
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_this_run(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    command
}

/// Variables that cargo sets for xtask itself. Build scripts look at some of them: handed on, they would build much anew.
fn is_of_this_run(name: &str) -> bool {
    let own =
        ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE"];
    own.contains(&name) || name.starts_with("CARGO_PKG_")
}
