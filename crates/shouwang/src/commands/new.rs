//! `shouwang new`: a commented declaration and its cases, ready to be filled in.

use super::Said;
use crate::arguments::{New, Thing};
use crate::package_folder::{load_package, package_folder};
use crate::trouble::{Attempt, CHECK_FOLDER, Outcome, Trouble, cannot_write};
use policy::scaffold::{Scaffold, scaffold};
use serde_json::json;

/// Writes the files into the package; existing ones are never overwritten.
///
/// # Errors
/// When the name is not an identifier, a file exists, or it cannot be written.
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
    let files = scaffold(&package, kind, &arguments.name).map_err(|refusal| {
        let said = refusal.to_string();
        Trouble::new(
            [said.clone(), said],
            [
                "名称用英文小写字母、数字和下划线,以字母开头",
                "A name has small letters, digits and underscores, and begins with a letter.",
            ],
        )
    })?;
    if let Some((path, _)) = files.iter().find(|(path, _)| folder.join(path).exists()) {
        return Err(Trouble::new(
            [format!("{path} 已经存在,未作改动"), format!("{path} is there already; nothing was changed")],
            ["请换一个名称", "Choose another name."],
        ));
    }
    let mut lines = Vec::new();
    for (path, text) in &files {
        let full = folder.join(path);
        let write = || {
            std::fs::create_dir_all(full.parent().unwrap_or(&folder))?;
            std::fs::write(&full, text)
        };
        write().attempt(|| cannot_write(&full), CHECK_FOLDER)?;
        lines.push(format!("已写入 {}", full.display()));
    }
    lines.push(format!("填好后运行 shouwang check {}", folder.display()));
    let written: Vec<_> = files.iter().map(|(path, _)| path).collect();
    Ok(Said::new(lines, &json!({ "files": written })))
}
