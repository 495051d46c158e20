//! What can be said of all files at once: sizes, words that may not stand, and files that belong together.

mod chinese;
mod circles;
mod docs;
mod files;
mod hygiene;
mod invariants;
mod package;
mod package_names;
mod public;
mod rust;
mod sizes;
mod type_names;
mod unused;
mod web_files;
mod words;
