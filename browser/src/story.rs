//! A folder for one story, and the program run in it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// County and day of the samples that are handed in besides the demo's own.
const REGION: &str = "513431";
const DAY: &str = "2024-10-31";

/// A folder for one story.
pub struct Story {
    folder: TempDir,
    /// The repository's package.
    pub package: PathBuf,
}

impl Story {
    /// A story in a new folder.
    ///
    /// # Panics
    /// When there is no place for temporary files.
    pub fn begin() -> Story {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        Story { folder: TempDir::new().expect("a temporary folder"), package: root.join("policy/sichuan-2021") }
    }

    /// The installation folder.
    pub fn dir(&self) -> PathBuf {
        self.folder.path().join("install")
    }

    /// Runs the program with `--json` and gives its summary.
    ///
    /// # Panics
    /// When it is refused.
    pub fn run(&self, arguments: &[&str]) -> Value {
        let output = Command::new(crate::program())
            .arg("--json")
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .expect("the program starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
        serde_json::from_slice(&output.stdout).expect("one JSON summary on standard output")
    }

    /// All open leads of the installation, most urgent first.
    ///
    /// # Panics
    /// When they cannot be listed.
    pub fn leads(&self) -> Vec<Value> {
        let summary = self.run(&["leads", "--dir", &text(&self.dir()), "--format", "json"]);
        summary["leads"].as_array().expect("a list of leads").clone()
    }

    /// Makes a sample in the folder `out` of the story; gives its summary.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn sample(&self, out: &str, households: u32, seed: u32, format: &str) -> Value {
        let (households, seed, package) = (households.to_string(), seed.to_string(), text(&self.package));
        let out = text(&self.folder.path().join(out));
        let mut arguments = vec!["sample", "--region", REGION, "--households", &households, "--seed", &seed];
        arguments.extend(["--day", DAY, "--out", &out, "--package", &package, "--format", format]);
        self.run(&arguments)
    }
}

/// Datasets and files of a sample's extracts.
///
/// # Panics
/// When the summary lists none.
pub fn files(sample: &Value) -> Vec<(String, String)> {
    serde_json::from_value(sample["extracts"].clone()).expect("a sample lists its files")
}

/// A path as an argument.
///
/// # Panics
/// When it is not plain text.
pub fn text(path: &Path) -> String {
    path.to_str().expect("paths of tests are plain").to_owned()
}
