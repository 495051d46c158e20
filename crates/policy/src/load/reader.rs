//! Files of a package as declarations, by folder.

use crate::declare::PackageHead;
use crate::divisions::Divisions;
use crate::names::is_name;
use crate::package::Thing;
use crate::problem::{Problem, Problems};
use crate::text::FileText;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use words::advice;

/// Largest TOML file, in bytes.
const FILE_MAX: u64 = 1 << 20;

/// Texts of files by what they declare.
pub(super) type Texts = BTreeMap<(Thing, String), FileText>;

/// Reads files, and keeps their texts and what is wrong with them.
pub(super) struct PackageReader {
    pub texts: Texts,
    pub case_texts: Texts,
    pub overlaid: BTreeMap<(Thing, String), String>,
    pub problems: Problems,
}

impl PackageReader {
    /// The text of a file; a problem where it cannot be read.
    pub(super) fn text(&mut self, path: &Path, size_max: u64) -> Option<FileText> {
        let size = fs::metadata(path).map(|metadata| metadata.len()).unwrap_or(0);
        if size > size_max {
            self.problems.push(Problem::of_file(path, advice!("package_file_large", size)));
            return None;
        }
        match fs::read(path).map(String::from_utf8) {
            Ok(Ok(text)) => Some(FileText { path: path.to_owned(), text }),
            Ok(Err(_)) => {
                self.problems.push(Problem::of_file(path, advice!("package_file_no_utf8")));
                None
            }
            Err(error) => {
                self.problems.push(Problem::of_file(path, advice!("package_text_unread", error)));
                None
            }
        }
    }

    /// The declaration in a text; a problem where it is not one.
    pub(super) fn declaration<T: DeserializeOwned>(&mut self, file: &FileText) -> Option<T> {
        match file.declared() {
            Ok(declared) => Some(declared),
            Err(problem) => {
                self.problems.push(*problem);
                None
            }
        }
    }

    pub(super) fn single<T: DeserializeOwned>(&mut self, path: &Path, thing: Thing) -> Option<T> {
        let file = self.text(path, FILE_MAX)?;
        let declared = self.declaration(&file);
        self.texts.insert((thing, thing.folder().to_owned()), file);
        declared
    }

    /// A path of the head, which must be relative.
    pub(super) fn inner(&mut self, root: &Path, key: &str, written: &str) -> Option<PathBuf> {
        if !written.is_empty() && Path::new(written).is_relative() {
            return Some(root.join(written));
        }
        let head = self.texts.get(&(Thing::Head, Thing::Head.folder().to_owned())).cloned().unwrap_or_default();
        self.problems.push(head.problem(key, advice!("package_path_absolute")));
        None
    }

    /// All declarations of a folder by name; `<name>.cases.toml` are kept as texts.
    pub(super) fn folder<T: DeserializeOwned>(
        &mut self,
        folder: &Path,
        thing: Thing,
        is_needed: bool,
    ) -> BTreeMap<String, T> {
        let mut found = BTreeMap::new();
        for path in self.toml_files(folder, is_needed) {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
            let (name, is_cases) = match stem.strip_suffix(".cases") {
                Some(name) => (name.to_owned(), true),
                None => (stem, false),
            };
            if !is_name(&name) {
                self.problems.push(bad_file_name(&path));
                continue;
            }
            let Some(file) = self.text(&path, FILE_MAX) else { continue };
            if is_cases {
                self.case_texts.insert((thing, name), file);
                continue;
            }
            if let Some(declared) = self.declaration(&file) {
                found.insert(name.clone(), declared);
            }
            if let Some(before) = self.texts.insert((thing, name), file) {
                self.problems
                    .push(Problem::of_file(&path, advice!("package_declared_twice", file = before.path.display())));
            }
        }
        found
    }

    /// TOML files of a folder, sorted; none where the folder is missing.
    pub(super) fn toml_files(&mut self, folder: &Path, is_needed: bool) -> Vec<PathBuf> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                if is_needed || error.kind() != std::io::ErrorKind::NotFound {
                    self.problems.push(Problem::of_file(folder, advice!("package_folder_unread", error)));
                }
                return Vec::new();
            }
        };
        let is_toml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
        let mut paths: Vec<PathBuf> =
            entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_toml).collect();
        paths.sort();
        paths
    }

    pub(super) fn divisions(&mut self, root: &Path, head: &PackageHead) -> Divisions {
        let Some(path) = self.inner(root, "divisions", &head.divisions) else { return Divisions::default() };
        let Some(file) = self.text(&path, 1 << 28) else { return Divisions::default() };
        let (divisions, faults) = Divisions::from_csv(&file.text);
        for (line, what) in faults {
            self.problems.push(file.on_line(line, advice!("package_division_wrong", what)));
        }
        divisions
    }
}

pub(crate) fn bad_file_name(path: &Path) -> Problem {
    Problem::of_file(path, advice!("package_file_name_unfit"))
}
