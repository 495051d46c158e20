//! Truthful progress of long work, on the terminal or in a job's row.

use crate::language;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;
use words::{Language, Wording};

/// Somebody who is told how far the work is.
pub trait Progress {
    /// `total` is 0 while it is not known. `false` asks the work to stop.
    fn at(&mut self, done: u64, total: u64, text: &Wording) -> bool;
}

/// A bar on standard error; nothing is drawn where that is no terminal.
pub struct Terminal {
    bar: ProgressBar,
    language: Language,
}

impl Terminal {
    /// A bar of unknown length that shows at once, in the language of the terminal.
    pub fn new() -> Terminal {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{spinner} {msg} {bar:24} {human_pos}/{human_len} {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(250));
        Terminal { bar, language: language::of_terminal() }
    }
}

impl Progress for Terminal {
    fn at(&mut self, done: u64, total: u64, text: &Wording) -> bool {
        self.bar.set_length(total.max(done));
        self.bar.set_position(done);
        self.bar.set_message(text.of(self.language).to_owned());
        true
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
