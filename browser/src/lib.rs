//! What journeys in a real browser need: a demo that is served, and a headless Chromium in front of it.
//!
//! The program is taken from beside this test's own file; `cargo xtask test` builds it first.

mod browser;
mod declared;
mod page;
mod seen;
mod story;
mod unscripted;

pub use browser::{Browser, Served};
pub use declared::Declared;
pub use page::Page;
pub use seen::Seen;
pub use story::{Story, files, text};
pub use unscripted::Unscripted;

use std::path::PathBuf;

/// The program that was built in the same profile.
///
/// # Panics
/// When it has not been built.
pub fn program() -> PathBuf {
    let own = std::env::current_exe().expect("a running test has a file");
    let profile = own.parent().and_then(std::path::Path::parent).expect("tests lie in <profile>/deps");
    let program = profile.join("shouwang");
    assert!(
        program.exists(),
        "there is no {}: build it with `cargo build --release --package shouwang`",
        program.display()
    );
    program
}
