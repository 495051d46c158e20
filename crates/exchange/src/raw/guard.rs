//! Steps of readers that may panic on damaged files.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

/// Crates whose panics on damaged files are known and mean "damaged": parts of the path of their files.
const KNOWN: [&str; 3] = ["/parquet-", "/arrow-", "/thrift-"];

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a step that panics on some damaged files in place of giving an error; `None` where it did. Nothing that the step has touched may
/// be used afterwards. The panic prints nothing where it comes from a reader that is known for it.
pub(super) fn unless_panicking<T>(step: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let is_from = |known: &&str| panic.location().is_some_and(|place| place.file().contains(*known));
            if !(IS_GUARDED.get() && KNOWN.iter().any(is_from)) {
                before(panic);
            }
        }));
    });
    let before = IS_GUARDED.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(step));
    IS_GUARDED.set(before);
    done.ok()
}
