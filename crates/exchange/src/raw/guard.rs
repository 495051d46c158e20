//! Steps of readers that may panic on damaged files.

/// Runs a step that panics on some damaged files in place of giving an error; `None` where it did. Nothing that the step has touched may
/// be used afterwards.
pub(super) fn unless_panicking<T>(step: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(step)).ok()
}
