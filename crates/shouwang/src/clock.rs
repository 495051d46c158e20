//! The one clock: the only place that asks for the time. Everything else is told what day it is.
//!
//! Days and times are China's, wherever the machine stands and whatever its own time zone says.

use model::{Day, Moment};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970.
pub fn now_ms() -> i64 {
    ms_of(SystemTime::now())
}

/// This moment: an instant and its day, read off the clock once.
pub fn moment() -> Moment {
    Moment::at(now_ms())
}

/// Today in China.
pub fn today() -> Day {
    model::day_at(now_ms())
}

/// Day and time now in China, as people write them: `2026-11-23 08:05`.
pub fn now() -> String {
    model::moment_at(now_ms())
}

/// Milliseconds since 1970 of an instant that a file system tells; 0 for what lies before.
pub fn ms_of(instant: SystemTime) -> i64 {
    instant.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
