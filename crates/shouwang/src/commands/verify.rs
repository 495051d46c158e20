//! `shouwang verify`: the hash chains of the event log.

use super::Said;
use crate::arguments::InDir;
use crate::installation::Installation;
use crate::trouble::{Outcome, Trouble};
use serde_json::json;

/// Checks every event and checkpoint.
///
/// # Errors
/// With the first place where the log does not hold.
pub fn run(arguments: &InDir) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    let report = installation.store.verify().map_err(|broken| Trouble {
        source: Some(broken.into()),
        ..Trouble::new(
            [
                "操作留痕核验不通过:记录曾被改动、删除、插入或移动",
                "The log does not hold: entries were changed, removed, put in or moved",
            ],
            [
                "请立即保全数据库文件和备份,并报告上级管理员",
                "Secure the database and its backups at once, and report to the administrator above you.",
            ],
        )
    })?;
    let wrong = installation.store.recount()?;
    let line = format!("核验通过:{} 条留痕,{} 条链,{} 个校验点", report.events, report.chains, report.checkpoints);
    let summary = json!({ "events": report.events, "chains": report.chains, "checkpoints": report.checkpoints });
    let labels = wrong.iter().filter_map(|name| installation.package.registers.get(name));
    let labels: Vec<String> = labels.map(|register| format!("《{}》", register.label)).collect();
    let recounted = format!("{}的计数与记录不符,已重新计数;记录本身不受影响", labels.join("、"));
    let recounted = Some(recounted).filter(|_| !labels.is_empty());
    Ok(Said::new([line].into_iter().chain(recounted).collect(), &summary))
}
