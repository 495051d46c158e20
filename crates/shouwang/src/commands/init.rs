//! `shouwang init`: a new installation folder.

use super::Said;
use crate::arguments::Init;
use crate::installation::{Elsewhere, Installation};
use crate::trouble::{Outcome, Trouble};
use serde_json::json;
use store::Location;

/// Makes the folder; nothing is left half made that a second try would stumble over.
///
/// # Errors
/// See [`Installation::create`].
pub fn run(arguments: &Init) -> Outcome<Said> {
    let database = arguments.database.as_deref();
    if database.is_some_and(|address| !Location::from(address).is_server()) {
        return Err(Trouble::new(
            ["--database 只接受 PostgreSQL 地址", "--database takes an address of PostgreSQL only"],
            [
                "请写成 postgres://账号@主机/库名?schema=模式名;去掉 --database 则使用安装目录内的数据库文件",
                "Write postgres://account@host/database?schema=name; without --database the database is a file in the folder.",
            ],
        ));
    }
    let Init { dir, package, overlay, region, lake, .. } = arguments;
    let elsewhere = Elsewhere { database, lake: lake.as_deref() };
    let installation = Installation::create(dir, package, overlay, *region, elsewhere)?;
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
