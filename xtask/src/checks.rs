//! The checks in their order: format, lints, tests.

use crate::cargo;
use crate::setup::answers;
use anyhow::{Context, Result};
use std::path::Path;
use std::time::Instant;

/// One call of cargo.
#[derive(Debug, PartialEq, Eq)]
struct Check {
    name: &'static str,
    arguments: Vec<String>,
}

/// Runs every check in the workspace at `root`; `arguments` go to the test runner, which finds PostgreSQL
/// at `database`. Returns the names of those that failed.
///
/// # Errors
/// When cargo cannot be started.
pub fn run_all(root: &Path, arguments: &[String], database: Option<String>) -> Result<Vec<&'static str>> {
    let has_nextest = answers("cargo", &["nextest", "--version"]);
    let checks = plan(has_nextest, has_code_examples(root), arguments);
    let count = checks.len();
    let mut failed = Vec::new();
    for (number, check) in checks.iter().enumerate() {
        println!("xtask: [{}/{count}] {}: cargo {}", number + 1, check.name, check.arguments.join(" "));
        let started = Instant::now();
        let passed = passes(root, check, database.as_deref())?;
        if !passed {
            failed.push(check.name);
        }
        let is_last = number + 1 == count;
        if !is_last {
            let outcome = if passed { "passed" } else { "FAILED" };
            println!("xtask: {} {outcome} in {} s", check.name, started.elapsed().as_secs());
        }
    }
    Ok(failed)
}

/// Everything is built in the release profile, as the program is: one build of the dependencies serves both.
fn plan(has_nextest: bool, has_code_examples: bool, arguments: &[String]) -> Vec<Check> {
    let check = |name, line: &str| Check { name, arguments: line.split_whitespace().map(str::to_owned).collect() };
    let mut checks = vec![
        check("format", "fmt --all --check"),
        check("lints", "clippy --workspace --exclude browser --all-targets --release --locked -- -D warnings"),
        check("lints of the browser tests", "clippy --package browser --all-targets --release --locked -- -D warnings"),
    ];
    if has_nextest && has_code_examples {
        checks.push(check("examples", "test --workspace --exclude browser --release --locked --doc"));
    }
    let runner = if has_nextest { "nextest run" } else { "test" };
    let mut tests = check("tests", &format!("{runner} --release --locked --no-fail-fast"));
    let is_narrow = arguments.iter().any(|argument| argument == "-p" || argument.starts_with("--package"));
    if !is_narrow {
        tests.arguments.extend(["--workspace", "--exclude", "browser"].map(str::to_owned));
    }
    tests.arguments.extend_from_slice(arguments);
    checks.push(tests);
    if !is_narrow {
        // Apart from the rest: what the browser driver asks of its dependencies must not build the program's a second time.
        checks.push(check("program", "build --release --locked --package shouwang"));
        checks.push(check(
            "journeys in the browser",
            &format!("{runner} --release --locked --no-fail-fast --package browser"),
        ));
    }
    checks
}

fn passes(root: &Path, check: &Check, database: Option<&str>) -> Result<bool> {
    let mut command = cargo(root);
    command.args(&check.arguments);
    command.envs(database.map(|address| (test_server::VARIABLE, address)));
    let status = command.status().with_context(|| format!("cannot start `cargo {}`", check.arguments.join(" ")))?;
    Ok(status.success())
}

/// True when a doc comment of a crate holds an example that is a test (nextest does not run those).
fn has_code_examples(root: &Path) -> bool {
    let mut folders = vec![root.join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs")
                && std::fs::read_to_string(&path).is_ok_and(|text| holds_example(&text))
            {
                return true;
            }
        }
    }
    false
}

fn holds_example(source: &str) -> bool {
    let mut inside = false;
    for line in source.lines() {
        let line = line.trim_start();
        let Some(fence) = ["/// ```", "//! ```"].iter().find_map(|start| line.strip_prefix(start)) else { continue };
        if !inside && matches!(fence.trim(), "" | "rust" | "should_panic" | "no_run") {
            return true;
        }
        inside = !inside;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{holds_example, plan};
    use crate::is_of_this_run;

    fn names(has_nextest: bool, has_code_examples: bool) -> Vec<&'static str> {
        plan(has_nextest, has_code_examples, &[]).iter().map(|check| check.name).collect()
    }

    #[test]
    fn tests_come_last_whatever_the_runner() {
        let browser = ["tests", "program", "journeys in the browser"];
        assert_eq!(names(true, false), [&["format", "lints", "lints of the browser tests"][..], &browser].concat());
        assert!(names(true, true).contains(&"examples"));
        assert!(!names(false, true).contains(&"examples"), "cargo test runs examples itself");
        assert!(names(true, true).ends_with(&browser));
    }

    #[test]
    fn lints_and_tests_share_the_profile_and_a_package_narrows_the_tests() {
        let whole = plan(true, false, &[]);
        assert!(whole[1..].iter().all(|check| check.arguments.contains(&"--release".to_owned())));
        assert!(whole[3].arguments.contains(&"--workspace".to_owned()));
        let narrow = plan(false, false, &["-p".to_owned(), "xtask".to_owned()]);
        assert!(!narrow[3].arguments.contains(&"--workspace".to_owned()));
        assert_eq!(narrow[3].arguments[narrow[3].arguments.len() - 2..], ["-p", "xtask"]);
        assert_eq!(narrow.len(), 4, "no browser for one room");
    }

    #[test]
    fn only_variables_of_this_run_are_held_back() {
        for (name, held_back) in [
            ("CARGO_MANIFEST_DIR", true),
            ("CARGO_PKG_NAME", true),
            ("CARGO_TARGET_DIR", false),
            ("CARGO_HOME", false),
            ("PATH", false),
        ] {
            assert_eq!(is_of_this_run(name), held_back, "{name}");
        }
    }

    #[test]
    fn examples_are_told_from_pictures_in_text() {
        for (source, holds) in [
            ("/// ```\n/// let a = 1;\n/// ```\n", true),
            ("/// ```rust\n/// ```\n", true),
            ("/// ```text\n/// a -> b\n/// ```\nfn a() {}\n", false),
            ("//! ```toml\n//! ```\n//! ```sql\n//! ```\n", false),
            ("// ```\nfn a() {}\n", false),
        ] {
            assert_eq!(holds_example(source), holds, "{source}");
        }
    }
}
