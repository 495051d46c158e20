//! `cargo xtask simulate kills|races --times N`: the hardships of the store's tests, many times over.

use anyhow::{Context, Result, bail, ensure};
use std::path::Path;
use std::process::Command;

const USAGE: &str = "usage: cargo xtask simulate kills|races [--times N] [--seed N]";

/// A hardship: the variable with the number of times, how many there are unless it is said, and the tests by their names.
fn hardship(name: &str) -> Option<(&'static str, u64, &'static str)> {
    match name {
        "kills" => Some(("SHOUWANG_KILLS", 200, "chaos")),
        "races" => Some(("SHOUWANG_RACES", 10_000, "races::")),
        _ => None,
    }
}

/// Runs a hardship on both databases and prints its figures.
///
/// # Errors
/// When something was lost, doubled, or kept by half.
pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let (name, rest) = arguments.split_first().context(USAGE)?;
    let (variable, mut times, tests) = hardship(name).context(USAGE)?;
    let mut command = Command::new("cargo");
    let mut rest = rest.iter();
    while let Some(option) = rest.next() {
        let value: u64 = rest.next().with_context(|| format!("`{option}` needs a value"))?.parse()?;
        match option.as_str() {
            "--times" => times = value,
            "--seed" => drop(command.env("SHOUWANG_SEED", value.to_string())),
            _ => bail!(USAGE),
        }
    }
    // Enough records that a kill lands within the work on them.
    if std::env::var_os("SHOUWANG_MIGRATED").is_none() {
        command.env("SHOUWANG_MIGRATED", "20000");
    }
    command.args(["test", "--package", "store", "--test", "store", tests, "--", "--nocapture", "--test-threads=1"]);
    ensure!(command.env(variable, times.to_string()).current_dir(root).status()?.success(), "{name}: see above");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{hardship, run};
    use std::path::Path;

    #[test]
    fn only_known_hardships_are_run() {
        assert!(hardship("kills").is_some() && hardship("races").is_some());
        for arguments in
            [&[][..], &["floods"], &["kills", "--times"], &["kills", "--times", "many"], &["races", "--x", "1"]]
        {
            let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
            assert!(run(Path::new("."), &arguments).is_err(), "{arguments:?}");
        }
    }
}
