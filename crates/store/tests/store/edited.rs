//! The valley's package as a later hand wrote it: edits of its files, and files of `changes/`.

use policy::{Package, Problems};
use std::path::Path;

/// The valley's package, edited.
pub struct Edited {
    folder: tempfile::TempDir,
}

impl Edited {
    /// As it stands.
    pub fn new() -> Edited {
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/valley"), &folder.path().join("valley"));
        copy_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/codes"), &folder.path().join("codes"));
        for empty in ["changes", "parameters"] {
            std::fs::create_dir_all(folder.path().join("valley").join(empty)).expect("makes the folder");
        }
        Edited { folder }
    }

    /// With the indicators that figures are tested with.
    pub fn with_indicators(self) -> Edited {
        let indicators = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/figures");
        copy_all(&indicators, &self.folder.path().join("valley/indicators"));
        self
    }

    /// Replaces every `before` in a file.
    pub fn replace(self, file: &str, before: &str, after: &str) -> Edited {
        let path = self.folder.path().join("valley").join(file);
        let text = std::fs::read_to_string(&path).expect("reads");
        assert!(text.contains(before), "`{before}` stands in {file}");
        std::fs::write(path, text.replace(before, after)).expect("writes");
        self
    }

    /// Writes a file.
    pub fn write(self, file: &str, text: &str) -> Edited {
        std::fs::write(self.folder.path().join("valley").join(file), text).expect("writes");
        self
    }

    /// Gives a file another name; none takes it away.
    pub fn file(self, before: &str, after: &str) -> Edited {
        let path = |name: &str| self.folder.path().join("valley").join(name);
        match after {
            "" => std::fs::remove_file(path(before)).expect("is removed"),
            after => std::fs::rename(path(before), path(after)).expect("is renamed"),
        }
        self
    }

    /// A file of `changes/` with this day.
    pub fn change(self, name: &str, from: &str, what: &str) -> Edited {
        let head = format!("from = {from}\nreason = \"统一用语\"\nreason_en = \"One word for one thing\"\n");
        self.write(&format!("changes/{name}.toml"), &format!("{head}{what}"))
    }

    pub fn load(&self) -> Result<Package, Problems> {
        Package::load(&self.folder.path().join("valley"), &[])
    }

    /// The package, which has no mistakes.
    pub fn package(&self) -> Package {
        self.load().unwrap_or_else(|problems| panic!("{problems}"))
    }
}

fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("makes the folder");
    for entry in std::fs::read_dir(from).expect("lists").map(|entry| entry.expect("an entry").path()) {
        let target = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            copy_all(&entry, &target);
        } else {
            std::fs::copy(&entry, &target).expect("copies");
        }
    }
}
