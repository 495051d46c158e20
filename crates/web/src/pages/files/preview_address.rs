//! Where the preview of a register's file is shown.

use crate::http::address;
use crate::jobs::{IMPORT, ImportOrder};
use store::Job;

/// Address of the page on which a register's files are handed in.
pub fn address(name: &str) -> String {
    format!("/registers/{}/import", address::url_part(name))
}

/// Where a preview is shown; `None` for jobs that are none.
pub fn preview_address(job: &Job) -> Option<String> {
    let order = order_of(job).filter(|order| order.preview)?;
    Some(format!("{}?job={}", address(&order.dataset), job.id))
}

/// The order of a job that reads a file; `None` for other jobs.
pub fn order_of(job: &Job) -> Option<ImportOrder> {
    let is_import = job.kind == IMPORT;
    is_import.then(|| serde_json::from_value(job.payload.clone()).ok()).flatten()
}
