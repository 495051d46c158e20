//! Packages as folders: found, checked and copied.

use crate::trouble::{Outcome, Trouble};
use policy::Package;
use std::path::{Path, PathBuf};
use words::advice;

/// Loads and checks a package.
///
/// # Errors
/// All mistakes of the package, each with file, line and hint.
pub fn load_package(package: &Path, overlays: &[PathBuf]) -> Outcome<Package> {
    Package::load(package, overlays).map_err(|problems| {
        let (package, problems) = (package.display(), problems.wording());
        Trouble::of(advice!("package_has_mistakes", package, problems))
    })
}

/// The package that was named, or the only one in `policy/` of the folder in which the program runs.
///
/// # Errors
/// When none was named and there is not exactly one.
pub fn package_folder(named: Option<&Path>) -> Outcome<PathBuf> {
    if let Some(folder) = named {
        if folder.join("package.toml").exists() {
            return Ok(folder.to_owned());
        }
        return Err(Trouble::of(advice!("folder_is_no_package", folder = folder.display())));
    }
    let entries = std::fs::read_dir("policy").map(|entries| entries.filter_map(Result::ok).collect::<Vec<_>>());
    let folders = entries.unwrap_or_default().into_iter().map(|entry| entry.path());
    let mut packages: Vec<PathBuf> = folders.filter(|folder| folder.join("package.toml").exists()).collect();
    match (packages.pop(), packages.is_empty()) {
        (Some(package), true) => Ok(package),
        _ => Err(Trouble::of(advice!("package_unnamed"))),
    }
}

/// Copies a package with its shared code lists into `home` of the installation in `dir`.
///
/// # Errors
/// What the file system says.
pub fn copy_package(dir: &Path, package: &Path, home: &Path, checked: &Package) -> std::io::Result<()> {
    copy_folder(package, &dir.join(home))?;
    copy_folder(&package.join(&checked.head.codes), &dir.join(home).join(&checked.head.codes))
}

/// Copies a folder with all that is in it.
///
/// # Errors
/// What the file system says.
pub fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
