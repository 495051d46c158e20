//! `shouwang sql`: the screening rules as SQL over the lake's files, for comparison with another engine.

use super::Said;
use super::out_file::must_end_in;
use crate::arguments::Sql;
use crate::installation::Installation;
use crate::jobs::refresh::refresh;
use crate::jobs::screen::{Screening, request};
use crate::progress::Terminal;
use crate::trouble::{Attempt, Outcome};
use serde_json::json;
use std::collections::BTreeMap;
use words::{advice, wording};

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
    let sql = analysis::reference_sql(&installation.lake, &installation.package, &request)
        .attempt(|| advice!("sql_unwritten"))?;
    let summary = json!({ "characters": sql.chars().count(), "file": arguments.out });
    let Some(path) = &arguments.out else { return Ok(Said::text(sql, &summary)) };
    std::fs::write(path, &sql).attempt(|| advice!("file_unwritten", path = path.display()))?;
    Ok(Said::new(vec![wording!("file_written", path = path.display())], &summary))
}
