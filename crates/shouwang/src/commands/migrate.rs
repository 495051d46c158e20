//! `shouwang migrate`: what a newer package changes in the database, shown before it is done, and done.

use super::{Said, lines};
use crate::arguments::Migrate;
use crate::installation::{Installation, Read};
use crate::trouble::{Outcome, Trouble};
use serde_json::json;
use store::{Backfill, Plan, Recoding};
use words::{Wording, advice, list, wording};

/// Names that one line shows at most.
const NAMES_MAX: usize = 12;

/// Shows the plan; unless that was all, takes a newer package in and brings the database up to it.
///
/// # Errors
/// With everything that does not fit, each with file, line and what to write; nothing is changed then.
pub fn run(arguments: &Migrate) -> Outcome<Said> {
    let plan = Read::of(&arguments.dir, arguments.package.as_deref())?.plan()?;
    let mut said = lines_of(&plan);
    if !plan.refused.is_empty() {
        let refused = Wording::same(plan.refused.join("\n\n"));
        said.push(refused);
        let count = plan.refused.len();
        return Err(Trouble::of(advice!("package_unfit_by_plan", plan = lines(&said), count)));
    }
    if arguments.plan {
        let head = if plan.is_empty() { wording!("plan_of_nothing") } else { wording!("plan_head") };
        said.insert(0, head);
        return Ok(Said::new(said, &json!({ "plan": plan, "done": false })));
    }
    if let Some(package) = &arguments.package {
        Installation::adopt(&arguments.dir, package)?;
    }
    let installation = Installation::open_at_once(&arguments.dir)?;
    if arguments.recalculate {
        installation.store.look_at_all_again()?;
    }
    let settled = installation.backfill()?;
    said.push(done(&settled));
    Ok(Said::new(said, &json!({ "plan": plan, "settled": settled, "done": true })))
}

fn done(settled: &Backfill) -> Wording {
    let sum = |records: &[(String, u64)]| records.iter().map(|(_, number)| number).sum::<u64>();
    let (recoded, recalculated) = (sum(&settled.recoded), sum(&settled.recalculated));
    wording!("migrated", filled_in = settled.filled_in, recoded, recalculated)
}

fn lines_of(plan: &Plan) -> Vec<Wording> {
    let of_table = |(table, column): &(String, String)| match column.is_empty() {
        true => table.clone(),
        false => format!("{table}.{column}"),
    };
    let indexes: Vec<String> = plan.indexes.iter().map(|(_, index)| index.clone()).collect();
    let of_tables = |names: &[(String, String)]| names.iter().map(of_table).collect::<Vec<_>>();
    let mut lines: Vec<Wording> = Vec::new();
    lines.extend(listed(&plan.tables, |count, names| wording!("plan_tables", count, names)));
    lines.extend(listed(&of_tables(&plan.columns), |count, names| wording!("plan_columns", count, names)));
    lines.extend(listed(&indexes, |count, names| wording!("plan_indexes", count, names)));
    for (old, new, from, reason) in &plan.renamed {
        lines.push(wording!("plan_renamed", old, new, from, reason));
    }
    lines.extend(listed(&of_tables(&plan.removed), |count, names| wording!("plan_removed", count, names)));
    lines.extend(listed(&of_tables(&plan.left), |count, names| wording!("plan_left", count, names)));
    for (register, records) in &plan.filled_in {
        lines.push(wording!("plan_filled_in", register, records));
    }
    for Recoding { register, field, codes, records } in &plan.recoded {
        let codes = list(codes.iter().map(|(old, new)| format!("{old} → {new}")));
        lines.push(wording!("plan_recoded", register, field, codes, records));
    }
    for (register, records) in &plan.recalculated {
        lines.push(wording!("plan_recalculated", register, records));
    }
    for (register, field, records) in &plan.lacking {
        lines.push(wording!("plan_lacking", register, field, records));
    }
    for (register, field, code, records) in &plan.unknown_codes {
        lines.push(wording!("plan_unknown_code", register, field, code, records));
    }
    lines
}

/// How many there are, and the first names; nothing where there are none.
fn listed(names: &[String], line: impl FnOnce(usize, Wording) -> Wording) -> Option<Wording> {
    let shown = list(names.iter().take(NAMES_MAX));
    let shown = if names.len() > NAMES_MAX { wording!("plan_names_and_more", names = shown) } else { shown };
    (!names.is_empty()).then(|| line(names.len(), shown))
}
