//! What the room `policy` promises.

mod cases;
mod cases_told;
mod changes;
mod declarations;
mod divisions;
mod evaluation;
mod expressions;
mod figures;
mod hostile;
mod hostile_registers;
mod in_english;
mod laws;
mod names_taken;
mod package;
mod parameters;
mod parameters_drawn;
mod place;
mod properties;
mod raised;
mod recompute;
mod records;
mod refusals;
mod refused_expressions;
mod scaffold;
mod sentences;
mod shown;
mod sources;
mod steps;
mod toml_read;
mod types;
mod windows;
mod written;

use model::Day;
use policy::{Package, Problems};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of fixtures.
fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The fixture package.
fn valley() -> Package {
    load(&fixtures().join("package"), &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Loads a package; all that is wrong with it must be told in English too.
fn load(root: &Path, overlays: &[PathBuf]) -> Result<Package, Problems> {
    let loaded = Package::load(root, overlays);
    let problems = loaded.as_ref().map_or_else(|problems| &problems.0, |package| &package.warnings);
    problems.iter().for_each(in_english::check_problem);
    loaded
}

fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

/// A copy of the fixtures that a test may change.
struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    fn new() -> Copy {
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy_all(&fixtures(), folder.path());
        Copy { folder }
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join("package").join(inside)
    }

    fn write(&self, inside: &str, text: &str) {
        fs::write(self.path(inside), text).expect("writes");
    }

    fn read(&self, inside: &str) -> String {
        fs::read_to_string(self.path(inside)).expect("reads")
    }

    /// Replaces the one place where `before` stands.
    fn edit(&self, inside: &str, before: &str, after: &str) {
        let text = self.read(inside);
        assert_eq!(text.matches(before).count(), 1, "`{before}` stands once in {inside}");
        self.write(inside, &text.replace(before, after));
    }

    fn load(&self) -> Result<Package, Problems> {
        load(&self.path(""), &[])
    }
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("makes the folder");
    for entry in fs::read_dir(from).expect("lists").map(|entry| entry.expect("an entry").path()) {
        let target = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            copy_all(&entry, &target);
        } else {
            fs::copy(&entry, &target).expect("copies");
        }
    }
}
