//! `cargo xtask simulate kills|races|files|damage --times N`: the hardships of the tests, many times over.
//!
//! The work stands in the tests of `store` and `exchange`, which read from the environment how often and from which seed.

use crate::cargo;
use anyhow::{Context, Result, bail, ensure};
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// How the command is called.
const USAGE: &str = "usage: cargo xtask simulate kills|races|files|damage [--times N] [--seed N]";

/// A hardship, and where it is.
struct Hardship {
    name: &'static str,
    /// The variable with the number of times, and how many there are unless it is said.
    variable: &'static str,
    times: u64,
    /// The test program, and the tests in it by their names.
    target: &'static str,
    tests: &'static str,
    /// What else the tests are told, unless it is said already.
    told: &'static [(&'static str, &'static str)],
}

const HARDSHIPS: [Hardship; 4] = [
    // Enough records that a kill lands within the work on them.
    Hardship {
        name: "kills",
        variable: "SHOUWANG_KILLS",
        times: 200,
        target: "store",
        tests: "chaos",
        told: &[("SHOUWANG_MIGRATED", "20000")],
    },
    Hardship { name: "races", variable: "SHOUWANG_RACES", times: 10_000, target: "store", tests: "races::", told: &[] },
    Hardship {
        name: "files",
        variable: "SHOUWANG_FILES",
        times: 20_000,
        target: "generated",
        tests: "every_row_of_a_generated_file",
        told: &[],
    },
    Hardship {
        name: "damage",
        variable: "SHOUWANG_DAMAGED",
        times: 20_000,
        target: "generated",
        tests: "damaged_files_end",
        told: &[("SHOUWANG_PEAK_MIB", "256")],
    },
];

/// Runs a hardship (those of the store on both databases) and prints its figures.
///
/// # Errors
/// When something was lost, doubled, kept by half, read wrongly, or broke.
pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let (name, rest) = arguments.split_first().context(USAGE)?;
    let hardship = HARDSHIPS.iter().find(|hardship| hardship.name == name).context(USAGE)?;
    let (mut times, mut seed) = (hardship.times, new_seed());
    let mut rest = rest.iter();
    while let Some(option) = rest.next() {
        let value: u64 = rest.next().with_context(|| format!("`{option}` needs a value"))?.parse()?;
        match option.as_str() {
            "--times" => times = value,
            "--seed" => seed = value,
            _ => bail!(USAGE),
        }
    }
    ensure!(command(root, hardship, times, seed).status()?.success(), "{name}: see above");
    Ok(())
}

fn command(root: &Path, hardship: &Hardship, times: u64, seed: u64) -> Command {
    let mut command = cargo(root);
    // Of the whole workspace, for the builds that `cargo xtask test` left behind: a package alone asks less of its dependencies.
    command.args(["test", "--release", "--workspace", "--exclude", "browser", "--test", hardship.target]);
    command.args([hardship.tests, "--", "--nocapture", "--test-threads=1"]);
    for (variable, value) in hardship.told.iter().filter(|(variable, _)| std::env::var_os(variable).is_none()) {
        command.env(variable, value);
    }
    command.env(hardship.variable, times.to_string()).env("SHOUWANG_SEED", seed.to_string());
    command
}

/// Another seed for each run; the tests print it.
fn new_seed() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_hardships_are_run() {
        for arguments in
            [&[][..], &["floods"], &["kills", "--times"], &["files", "--times", "many"], &["races", "--x", "1"]]
        {
            let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
            assert!(run(Path::new("."), &arguments).is_err(), "{arguments:?}");
        }
    }

    #[test]
    fn a_hardship_is_told_how_often_and_from_which_seed() {
        for hardship in &HARDSHIPS {
            let command = command(Path::new("."), hardship, 7, 11);
            let told = |name: &str| {
                let value = command.get_envs().find(|(known, _)| *known == name).and_then(|(_, value)| value);
                value.map(|value| value.to_string_lossy().into_owned())
            };
            assert_eq!(told(hardship.variable).as_deref(), Some("7"), "{}", hardship.name);
            assert_eq!(told("SHOUWANG_SEED").as_deref(), Some("11"), "{}", hardship.name);
            assert!(USAGE.contains(hardship.name), "{}", hardship.name);
        }
    }
}
