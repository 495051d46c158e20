//! The only place that asks for the time. Everything else is told what day it is.
#![allow(clippy::disallowed_methods, reason = "this is the one clock")]

use chrono::{Datelike, Local, Utc};
use model::Day;

/// Today by the machine's local time.
pub fn today() -> Day {
    let now = Local::now().date_naive();
    Day::new(now.year(), now.month(), now.day()).unwrap_or_else(|| unreachable!("the calendar has today"))
}

/// Milliseconds since 1970.
pub fn now_ms() -> i64 {
    Utc::now().timestamp_millis()
}

/// Day and time now by the machine's local time, as people write them: `2026-11-23 08:05`.
pub fn now() -> String {
    Local::now().format("%Y-%m-%d %H:%M").to_string()
}
