//! `shouwang new`: a commented declaration and its cases, ready to be filled in.

use super::Said;
use crate::arguments::{New, Thing};
use crate::language;
use crate::package_folder::{load_package, package_folder};
use crate::trouble::{Attempt, Outcome, Trouble};
use policy::scaffold::{Scaffold, scaffold};
use serde_json::json;
use words::{advice, wording};

/// Writes the files into the package; existing ones are never overwritten.
///
/// # Errors
/// When the name cannot be a name or is taken, a file exists, or it cannot be written.
pub fn run(arguments: &New) -> Outcome<Said> {
    let kind = match arguments.thing {
        Thing::Register => Scaffold::Register,
        Thing::Rule => Scaffold::Rule,
        Thing::Fact => Scaffold::Fact,
        Thing::Source => Scaffold::Source,
        Thing::Indicator => Scaffold::Indicator,
    };
    let folder = package_folder(arguments.package.as_deref())?;
    let package = load_package(&folder, &[])?;
    let files = scaffold(&package, kind, &arguments.name, language::of_terminal())
        .map_err(|refusal| Trouble::of(refusal.advice()))?;
    if let Some((path, _)) = files.iter().find(|(path, _)| folder.join(path).exists()) {
        return Err(Trouble::of(advice!("scaffold_exists", path)));
    }
    let mut lines = Vec::new();
    for (path, text) in &files {
        let full = folder.join(path);
        let write = || {
            std::fs::create_dir_all(full.parent().unwrap_or(&folder))?;
            std::fs::write(&full, text)
        };
        write().attempt(|| advice!("file_unwritten", path = full.display()))?;
        lines.push(wording!("file_scaffolded", path = full.display()));
    }
    lines.push(wording!("scaffold_next", folder = folder.display()));
    let written: Vec<_> = files.iter().map(|(path, _)| path).collect();
    Ok(Said::new(lines, &json!({ "files": written })))
}
