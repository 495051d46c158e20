//! `shouwang new`: a commented declaration and its cases, ready to be filled in.

use super::Said;
use crate::arguments::{New, Thing};
use crate::trouble::{Attempt, Outcome, Trouble};
use policy::scaffold::{Kind, scaffold};
use serde_json::json;

/// Writes the files into the package; existing ones are never overwritten.
///
/// # Errors
/// When the name is not an identifier, a file exists, or it cannot be written.
pub fn run(arguments: &New) -> Outcome<Said> {
    let kind = match arguments.thing {
        Thing::Register => Kind::Register,
        Thing::Rule => Kind::Rule,
        Thing::Fact => Kind::Fact,
        Thing::Source => Kind::Source,
        Thing::Indicator => Kind::Indicator,
    };
    if !arguments.package.join("package.toml").exists() {
        return Err(Trouble::new(
            format!("{} 不是政策包目录", arguments.package.display()),
            "请用 --package 指定含有 package.toml 的目录",
        ));
    }
    let files = scaffold(kind, &arguments.name)
        .map_err(|problem| Trouble::new(problem.message, problem.hint))?;
    if let Some((path, _)) = files.iter().find(|(path, _)| arguments.package.join(path).exists()) {
        return Err(Trouble::new(format!("{} 已经存在,未作改动", path.display()), "请换一个名称"));
    }
    let mut lines = Vec::new();
    for (path, text) in &files {
        let full = arguments.package.join(path);
        let write = || {
            std::fs::create_dir_all(full.parent().unwrap_or(&arguments.package))?;
            std::fs::write(&full, text)
        };
        write().attempt(|| format!("无法写入 {}", full.display()), "请检查目录权限")?;
        lines.push(format!("已写入 {}", full.display()));
    }
    lines.push(format!("填好后运行 shouwang check {}", arguments.package.display()));
    let written: Vec<_> = files.iter().map(|(path, _)| path).collect();
    Ok(Said::new(lines, &json!({ "files": written })))
}
