//! The files of the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

/// Every file that git tracks or would track, relative to the root, in order.
pub fn all() -> Vec<String> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Command::new("git").args(arguments).current_dir(root()).output().ok();
    let mut paths: Vec<String> = match listed {
        Some(listed) if listed.status.success() => {
            String::from_utf8_lossy(&listed.stdout).split('\0').map(str::to_owned).collect()
        }
        _ => walked(),
    };
    paths.retain(|path| root().join(path).is_file());
    paths.sort();
    paths.dedup();
    assert!(paths.len() > 20, "only {} files are seen", paths.len());
    paths
}

/// The files of an unpacked archive, where git does not know: all but what is built and what is hidden.
fn walked() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name == "target" || name == ".git" {
                continue;
            }
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(root()).expect("inside").to_string_lossy().into_owned()),
            }
        }
    }
    found
}

/// The paths inside a folder in order; none where there is no such folder.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The text of a file, if it is text.
pub fn text(path: &str) -> Option<String> {
    std::fs::read(root().join(path)).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

/// A TOML file as a table.
pub fn toml(path: &Path) -> toml::Table {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Fails with the whole list unless it is empty.
pub fn must_be_empty(what: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{what} ({}):\n{}", offenders.len(), offenders.join("\n"));
}

#[test]
fn walking_finds_the_same_rust_files_as_git() {
    let rust = |paths: Vec<String>| -> Vec<String> {
        let mut paths: Vec<String> = paths.into_iter().filter(|path| path.ends_with(".rs")).collect();
        paths.sort();
        paths
    };
    let walked = rust(walked());
    for path in rust(all()) {
        assert!(walked.contains(&path), "{path}");
    }
}
