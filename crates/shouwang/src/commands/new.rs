//! `shouwang new`: a commented declaration and its cases, ready to be filled in.

use super::Said;
use crate::arguments::{New, Thing};
use crate::installation::{load_package, package_folder};
use crate::trouble::{Attempt, Outcome, Trouble};
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
    let files = scaffold(&package, kind, &arguments.name)
        .map_err(|refusal| Trouble::new(refusal.to_string(), "名称用英文小写字母、数字和下划线,以字母开头"))?;
    if let Some((path, _)) = files.iter().find(|(path, _)| folder.join(path).exists()) {
        return Err(Trouble::new(format!("{path} 已经存在,未作改动"), "请换一个名称"));
    }
    let mut lines = Vec::new();
    for (path, text) in &files {
        let full = folder.join(path);
        let write = || {
            std::fs::create_dir_all(full.parent().unwrap_or(&folder))?;
            std::fs::write(&full, text)
        };
        write().attempt(|| format!("无法写入 {}", full.display()), "请检查目录权限")?;
        lines.push(format!("已写入 {}", full.display()));
    }
    lines.push(format!("填好后运行 shouwang check {}", folder.display()));
    let written: Vec<_> = files.iter().map(|(path, _)| path).collect();
    Ok(Said::new(lines, &json!({ "files": written })))
}
