//! What the store promises, shown on a made-up county with a package of its own.

mod chain;
mod chaos;
mod county;
mod edited;
mod fits;
mod forms;
mod imports;
mod jobs;
mod keys;
mod masked;
mod outside;
mod place;
mod races;
mod random;
mod recalculated;
mod records;
mod renames;
mod scope;
mod screening;
mod server;
mod sessions;
mod speed;
mod steps;
mod tables;
mod tokens;
mod valley;
