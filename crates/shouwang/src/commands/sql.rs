//! `shouwang sql`: the screening rules as SQL over the lake's files, for comparison with another engine.

use super::Said;
use super::out_file::must_end_in;
use crate::arguments::Sql;
use crate::installation::Installation;
use crate::jobs::refresh::refresh;
use crate::jobs::screen::{Screening, request};
use crate::progress::Terminal;
use crate::trouble::{Attempt, CHECK_FOLDER, Outcome, cannot_write};
use serde_json::json;
use std::collections::BTreeMap;

/// Writes the SQL.
///
/// # Errors
/// When parameters differ between the counties of the place, or the lake cannot be read.
pub fn run(arguments: &Sql) -> Outcome<Said> {
    arguments.out.as_deref().map_or(Ok(()), |out| must_end_in(out, &["sql"]))?;
    let installation = Installation::open(&arguments.dir)?;
    let order =
        Screening { region: installation.settings.region, day: arguments.day, known: arguments.known, threads: None };
    refresh(&installation, &mut Terminal::new())?;
    let request = request(&installation, &order, BTreeMap::new())?;
    let sql = analysis::reference_sql(&installation.lake, &installation.package, &request).attempt(
        || ["无法写出对照用的 SQL", "The SQL to compare with cannot be written"],
        ["辖区内各县参数不同时请分县写出", "Where the parameters of counties differ, write it county by county."],
    )?;
    let lines = match &arguments.out {
        None => vec![sql.clone()],
        Some(path) => {
            std::fs::write(path, &sql).attempt(|| cannot_write(path), CHECK_FOLDER)?;
            vec![format!("已写出 {}", path.display())]
        }
    };
    Ok(Said::new(lines, &json!({ "characters": sql.chars().count(), "file": arguments.out })))
}
