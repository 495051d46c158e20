//! `shouwang migrate`: what a newer package changes in the database, shown before it is done, and done.

use super::Said;
use crate::arguments::Migrate;
use crate::installation::{Installation, Read, UNFIT};
use crate::trouble::{Outcome, Trouble};
use serde_json::json;
use store::{Backfill, Plan};

/// Names that one line shows at most.
const NAMES_MAX: usize = 12;

/// Shows the plan; unless that was all, takes a newer package in and brings the database up to it.
///
/// # Errors
/// With everything that does not fit, each with file, line and what to write; nothing is changed then.
pub fn run(arguments: &Migrate) -> Outcome<Said> {
    let plan = Read::of(&arguments.dir, arguments.package.as_deref())?.plan()?;
    let mut lines = lines_of(&plan);
    if !plan.refused.is_empty() {
        let count = plan.refused.len();
        let told = format!("{}\n{}", lines.join("\n"), plan.refused.join("\n\n"));
        return Err(Trouble::new(
            [
                format!("{told}\n有 {count} 处与数据库里已有的数据对不上,数据没有变动"),
                format!("The package does not fit the database in {count} ways; nothing was changed"),
            ],
            UNFIT,
        ));
    }
    if arguments.plan {
        let head = if plan.is_empty() {
            "数据库与政策包一致,不需要改动"
        } else {
            "升级计划(未作任何改动):"
        };
        lines.insert(0, head.to_owned());
        return Ok(Said::new(lines, &json!({ "plan": plan, "done": false })));
    }
    if let Some(package) = &arguments.package {
        Installation::adopt(&arguments.dir, package)?;
    }
    let installation = Installation::open_at_once(&arguments.dir)?;
    if arguments.recalculate {
        installation.store.look_at_all_again()?;
    }
    let settled = installation.backfill()?;
    lines.push(done(&settled));
    Ok(Said::new(lines, &json!({ "plan": plan, "settled": settled, "done": true })))
}

fn done(settled: &Backfill) -> String {
    let sum = |records: &[(String, u64)]| records.iter().map(|(_, number)| number).sum::<u64>();
    format!(
        "升级完成:补全旧版记录 {} 条,代码更替 {} 条记录,重新核算后数值有变 {} 条记录",
        settled.filled_in,
        sum(&settled.recoded),
        sum(&settled.recalculated)
    )
}

fn lines_of(plan: &Plan) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(listed("新建表", plan.tables.iter().cloned()));
    lines.extend(listed("新增列", plan.columns.iter().map(|(table, column)| format!("{table}.{column}"))));
    lines.extend(listed("新建索引", plan.indexes.iter().map(|(_, index)| index.clone())));
    for (old, new, from, reason) in &plan.renamed {
        lines.push(format!("改名:{old} → {new}({from} 起,{reason});数据不搬动,仍在原来的列"));
    }
    let place = |(table, column): &(String, String)| match column.is_empty() {
        true => table.clone(),
        false => format!("{table}.{column}"),
    };
    lines.extend(listed("已取消,数据保留", plan.removed.iter().map(place)));
    lines.extend(listed("政策包不再声明,数据保留", plan.left.iter().map(place)));
    for (register, records) in &plan.filled_in {
        lines.push(format!("补全旧版记录:{register} {records} 条"));
    }
    for recoding in &plan.recoded {
        let codes: Vec<String> = recoding.codes.iter().map(|(old, new)| format!("{old} → {new}")).collect();
        lines.push(format!(
            "代码更替:{}.{} {},{} 条记录",
            recoding.register,
            recoding.field,
            codes.join("、"),
            recoding.records
        ));
    }
    for (register, records) in &plan.recalculated {
        lines.push(format!("重新核算:{register} {records} 条记录的数值会变"));
    }
    for (register, field, records) in &plan.lacking {
        lines.push(format!("必填而未填:{register}.{field} {records} 条记录,下次更正时补填"));
    }
    for (register, field, code, records) in &plan.unknown_codes {
        lines.push(format!("代码表里没有的代码:{register}.{field} 的 {code},{records} 条记录,保留原样"));
    }
    lines
}

/// `what n: a, b, …`; nothing where there are none.
fn listed(what: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<String> = names.collect();
    let more = if names.len() > NAMES_MAX { " …" } else { "" };
    let shown = names.iter().take(NAMES_MAX).map(String::as_str).collect::<Vec<_>>().join("、");
    (!names.is_empty()).then(|| format!("{what} {} 个:{shown}{more}", names.len()))
}
