//! What a package is refused for: the file, the marked text, the whole message and the whole hint; and the right declaration beside
//! it, which is taken.

mod changes;
mod effects;
mod fields;
mod files;
mod heads;
mod indicators;
mod parameters;
mod ponds;
mod rules;
mod sources;
mod steps;

use crate::Copy;
use policy::{Package, Problem, Problems};
use std::fs;
use std::path::PathBuf;

/// What stands in the fixture, what is wrong in its place, the text that the caret marks, message, hint, and what is right in its place
/// (empty where it is what stands in the fixture).
type Refused = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// The text under the caret.
fn marked(problem: &Problem) -> String {
    problem.line_text.chars().skip(problem.column - 1).take(problem.span_len).collect()
}

/// The errors of a file, each as its marked text, message and hint.
fn told(problems: &Problems, file: &str) -> Vec<[String; 3]> {
    let of_file = problems.0.iter().filter(|problem| problem.is_error() && problem.file.ends_with(file));
    of_file
        .map(|problem| [marked(problem), problem.what.chinese().to_owned(), problem.hint.chinese().to_owned()])
        .collect()
}

/// A package of the fixtures that a test may change: `package` or `steps`.
struct Changed {
    copy: Copy,
    package: &'static str,
}

impl Changed {
    fn new(package: &'static str) -> Changed {
        Changed { copy: Copy::new(), package }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.copy.folder.path().join(self.package).join(file)
    }

    fn load(&self) -> Result<Package, Problems> {
        crate::load(&self.path(""), &[])
    }

    /// Loads with one edit, and takes the edit back.
    fn load_with(&self, file: &str, stands: &str, instead: &str) -> Result<Package, Problems> {
        let path = self.path(file);
        let before = fs::read_to_string(&path).expect("reads");
        assert!(before.contains(stands), "`{stands}` stands in {file}");
        fs::write(&path, before.replacen(stands, instead, 1)).expect("writes");
        let loaded = self.load();
        fs::write(&path, before).expect("writes");
        loaded
    }

    /// Loads with one more file, and takes it away again.
    fn load_beside(&self, file: &str, text: &str) -> Result<Package, Problems> {
        let path = self.path(file);
        assert!(!path.exists(), "{file} is new");
        fs::write(&path, text).expect("writes");
        let loaded = self.load();
        fs::remove_file(path).expect("removes");
        loaded
    }
}

/// Every wrong declaration is refused in these very words, every right one is taken.
fn check(package: &'static str, file: &str, cases: &[Refused]) {
    let changed = Changed::new(package);
    let mut odd = Vec::new();
    for (stands, wrong, marks, message, hint, right) in cases {
        let wanted = [marks, message, hint].map(|text| (*text).to_owned());
        match changed.load_with(file, stands, wrong) {
            Ok(_) => odd.push(format!("accepted: {wrong}")),
            Err(problems) => {
                let found = told(&problems, file);
                if !found.contains(&wanted) {
                    odd.push(format!("{wrong}\n  wanted {wanted:?}\n  found {found:?}\n{problems}"));
                }
            }
        }
        if !right.is_empty()
            && let Err(problems) = changed.load_with(file, stands, right)
        {
            odd.push(format!("refused: {right}\n{problems}"));
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n\n"));
}
