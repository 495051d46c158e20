//! A built program with the package that it reads: what a bench asks of it.

use super::watch::{Ran, number_after, watch};
use super::{DAY, REGION, SEED};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the package, and of what the demo lays over it, in the folder of policies.
const PACKAGE: &str = "sichuan-2021";
const OVERLAY: &str = "overlays/demo-county";

pub(super) struct Program {
    file: PathBuf,
    /// The folder of policies.
    policy: PathBuf,
}

impl Program {
    pub(super) fn new(file: PathBuf, policy: PathBuf) -> Program {
        Program { file, policy }
    }

    /// The program of this tree, built.
    pub(super) fn built(root: &Path) -> Result<Program> {
        let mut cargo = Command::new("cargo");
        let status = cargo.args(["build", "--release", "--package", "shouwang"]).current_dir(root).status()?;
        ensure!(status.success(), "the program does not build");
        Ok(Program::new(crate::target(root).join("release/shouwang"), root.join("policy")))
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Result<Ran> {
        watch(Command::new(&self.file).args(arguments)).with_context(|| format!("shouwang {}", arguments.join(" ")))
    }

    /// Makes a sample in a folder that is emptied before; its summary.
    pub(super) fn sample(&self, place: &Path, households: u64, format: &str, more: &[&str]) -> Result<String> {
        let _ = std::fs::remove_dir_all(place);
        std::fs::create_dir_all(place)?;
        let package = self.policy.join(PACKAGE).to_string_lossy().into_owned();
        let (out, households) = (place.join("sample").to_string_lossy().into_owned(), households.to_string());
        let mut arguments = vec!["--json", "sample", "--region", REGION, "--households", &households, "--seed", SEED];
        arguments.extend(["--day", DAY, "--out", &out, "--format", format, "--package", &package]);
        arguments.extend(more);
        let ran = self.run(&arguments)?;
        let residents = number_after(&ran.output, "\"residents\":")?;
        let minutes = ran.took.as_secs_f64() / 60.0;
        println!(
            "\nsample of {households} households as {format}: {residents} residents in {:.1} s, {:.0} residents a minute, {} MiB",
            ran.took.as_secs_f64(),
            residents as f64 / minutes,
            ran.peak_mib
        );
        Ok(ran.output)
    }

    /// A new installation in a folder.
    pub(super) fn init(&self, dir: &Path) -> Result<String> {
        let dir = dir.to_string_lossy().into_owned();
        let package = self.policy.join(PACKAGE).to_string_lossy().into_owned();
        let overlay = self.policy.join(OVERLAY).to_string_lossy().into_owned();
        self.run(&["init", "--dir", &dir, "--package", &package, "--overlay", &overlay, "--region", REGION])?;
        Ok(dir)
    }

    /// Imports a file and says so in a summary for programs.
    pub(super) fn import(&self, dir: &str, dataset: &str, file: &str) -> Result<Ran> {
        self.run(&["--json", "import", "--dir", dir, dataset, file])
    }
}
