//! `shouwang init`: a new installation folder.

use super::Said;
use crate::arguments::Init;
use crate::installation::Installation;
use crate::trouble::{Outcome, Trouble};
use serde_json::json;

/// Makes the folder; nothing is left half made that a second try would stumble over.
///
/// # Errors
/// See [`Installation::create`].
pub fn run(arguments: &Init) -> Outcome<Said> {
    if let Some(database) = &arguments.database {
        return Err(Trouble::new(
            format!("暂不支持数据库地址 {database}"),
            "本版本使用安装目录内的数据库文件,请去掉 --database 后重试",
        ));
    }
    let installation = Installation::create(&arguments.dir, &arguments.package, &arguments.overlay, arguments.region)?;
    let region = installation.settings.region;
    let name = installation.package.divisions.name(region);
    let lines = vec![
        format!("已建立安装目录 {},辖区:{name}({region})", arguments.dir.display()),
        format!(
            "政策包:{}({} 个数据源,{} 条规则)",
            installation.package.head.label,
            installation.package.sources.len(),
            installation.package.rules.len()
        ),
        "下一步:shouwang import --dir DIR household <文件>,再导入 resident 和各部门数据".to_owned(),
    ];
    let summary = json!({
        "dir": arguments.dir, "region": region, "package": installation.package.head.name,
        "sources": installation.package.sources.len(), "rules": installation.package.rules.len(),
    });
    Ok(Said::new(lines, &summary))
}
