//! Runs the program in a folder of its own.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// Day and place of all journeys; the place is a township, so that few households meet in few villages.
pub const DAY: &str = "2024-10-31";
pub const REGION: &str = "513431";

/// A folder for one story.
pub struct Story {
    folder: TempDir,
    pub package: PathBuf,
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The program, which speaks Chinese here whatever the language of the machine is.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shouwang"));
    command.env("LC_ALL", "C");
    command
}

impl Story {
    /// A story with the package of the repository.
    pub fn begin() -> Story {
        Story { folder: TempDir::new().expect("a temporary folder"), package: root().join("policy/sichuan-2021") }
    }

    /// A story with a copy of the package that it may change.
    pub fn with_own_package() -> Story {
        let folder = TempDir::new().expect("a temporary folder");
        copy(&root().join("policy"), &folder.path().join("policy"));
        let package = folder.path().join("policy/sichuan-2021");
        Story { folder, package }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The installation folder.
    pub fn dir(&self) -> PathBuf {
        self.path("install")
    }

    /// Runs the program; the outcome is for the test to judge.
    pub fn try_run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs the program, which says all it can say in its log, too.
    pub fn try_run_with_log(&self, arguments: &[&str]) -> Output {
        self.command(arguments).env("SHOUWANG_LOG", "debug").output().expect("the program starts")
    }

    /// Runs the program on a terminal of that locale.
    pub fn try_run_in(&self, locale: &str, arguments: &[&str]) -> Output {
        self.command(arguments).env("LC_ALL", locale).output().expect("the program starts")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    /// Runs the program with `--json`, demands exit code 0, and gives its summary.
    pub fn run(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["--json"];
        all.extend(arguments);
        let output = self.try_run(&all);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
        serde_json::from_slice(&output.stdout).expect("one JSON summary on standard output")
    }

    /// Runs the program, demands exit code 1, and gives what it said on standard error.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let output = self.try_run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?} should be refused");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// Makes a sample in `out`.
    pub fn sample(&self, out: &str, households: u32, seed: u32, more: &[&str]) -> Value {
        let (households, seed, out) = (households.to_string(), seed.to_string(), text(&self.path(out)));
        let package = text(&self.package);
        let mut arguments = vec!["sample", "--region", REGION, "--households", &households, "--seed", &seed];
        arguments.extend(["--day", DAY, "--out", &out, "--package", &package]);
        arguments.extend(more);
        self.run(&arguments)
    }

    /// Makes the installation with the demo's example values.
    pub fn init(&self) {
        let overlay = text(&self.package.join("../overlays/demo-county"));
        let (dir, package) = (text(&self.dir()), text(&self.package));
        self.run(&["init", "--dir", &dir, "--package", &package, "--overlay", &overlay, "--region", REGION]);
    }

    /// Makes the installation with its database on a server.
    pub fn init_at(&self, database: &str) {
        let overlay = text(&self.package.join("../overlays/demo-county"));
        let (dir, package) = (text(&self.dir()), text(&self.package));
        let arguments = ["init", "--dir", &dir, "--package", &package, "--overlay", &overlay, "--region", REGION];
        self.run(&[&arguments[..], &["--database", database]].concat());
    }

    /// Imports one file.
    pub fn import(&self, dataset: &str, file: &str) -> Value {
        let dir = text(&self.dir());
        self.run(&["import", "--dir", &dir, dataset, file])
    }

    /// Imports one file; `None` where nothing of that kind happened in so small a place: an empty file is refused.
    pub fn import_unless_empty(&self, dataset: &str, file: &str) -> Option<Value> {
        let dir = text(&self.dir());
        let output = self.try_run(&["--json", "import", "--dir", &dir, dataset, file]);
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => Some(serde_json::from_slice(&output.stdout).expect("one JSON summary on standard output")),
            Some(1) if said.contains("没有数据") => None,
            code => panic!("{dataset} ended with {code:?}: {said}"),
        }
    }

    /// Imports everything a sample made, registers first.
    pub fn import_all(&self, sample: &Value) {
        for (dataset, file) in files(sample) {
            self.import_unless_empty(&dataset, &file);
        }
    }

    /// Screens on the day of the journeys.
    pub fn screen(&self) -> Value {
        let dir = text(&self.dir());
        self.run(&["screen", "--dir", &dir, "--day", DAY])
    }

    /// All open leads, most urgent first.
    pub fn leads(&self) -> Vec<Value> {
        let dir = text(&self.dir());
        let summary = self.run(&["leads", "--dir", &dir, "--format", "json"]);
        summary["leads"].as_array().expect("a list of leads").clone()
    }

    /// Everything behind one lead.
    pub fn explain(&self, lead: &Value) -> Value {
        let dir = text(&self.dir());
        self.run(&["explain", "--dir", &dir, lead["lead_id"].as_str().expect("a lead has an id")])
    }
}

/// Datasets and files of a sample: households, residents, then the extracts by name.
pub fn files(sample: &Value) -> Vec<(String, String)> {
    let list = |key: &str| -> Vec<(String, String)> {
        serde_json::from_value(sample[key].clone()).expect("a sample lists its files")
    };
    let mut registers = list("registers");
    registers.sort_by_key(|(name, _)| name != "household");
    registers.into_iter().chain(list("extracts")).collect()
}

/// A path as an argument.
pub fn text(path: &Path) -> String {
    path.to_str().expect("paths of tests are plain").to_owned()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder can be made");
    for entry in std::fs::read_dir(from).expect("a folder can be listed") {
        let entry = entry.expect("an entry can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}
