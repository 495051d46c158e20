//! All words that the program says to people, one folder a language.
//!
//! The code names what it says by a key and hands in its parameters ([`wording!`], [`advice!`]); how that reads in a language stands in
//! the folder of the language (`zh-CN/`, `en/`, …) and nowhere else. A further language is a further folder.
//!
//! What a package declares (labels of registers, reasons of rules) are pairs of its own and enter as parameters.

mod fill;
mod language;
mod system;
mod wording;

pub use language::Language;
#[doc(hidden)]
pub use language::add_folder;
pub use system::of_system;
pub use wording::{Advice, Value, Wording, advice, clauses, list, wording};
