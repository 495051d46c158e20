//! The kinds of slow work that pages order, and which earlier work each waits for.

use store::Turn;

/// Kind of the job that takes in one file.
pub const IMPORT: &str = "import";
/// Kind of the job that takes a delivery of a department back.
pub const TAKE_BACK: &str = "take_back";
/// Kind of the job that screens the actor's place.
pub const SCREEN: &str = "screen";
/// Kind of the job that writes a list to a file.
pub const EXPORT: &str = "export";

/// Bytes of a file that is taken in beside others, at most; with a larger one no other heavy job is at work.
const LIGHT_BYTES_MAX: u64 = 8 << 20;

/// What a job of this kind and order changes and reads.
pub fn turn_of(kind: &str, order: &serde_json::Value) -> Turn {
    match kind {
        EXPORT => Turn::Reads,
        IMPORT if order["preview"] == true => Turn::Reads,
        SCREEN => Turn::Screens,
        _ => Turn::Changes,
    }
}

/// True for a job that takes much memory or time.
pub fn is_heavy(kind: &str, order: &serde_json::Value) -> bool {
    kind == SCREEN || order["bytes"].as_u64().is_some_and(|bytes| bytes > LIGHT_BYTES_MAX)
}
