//! Short jobs that join the rooms: import, screening, export. The command line and the worker behind the pages run the same.

pub mod code_files;
pub mod counties;
pub mod export;
pub mod export_figures;
pub mod export_register;
pub mod figures;
pub mod forms;
pub mod imports;
pub mod people;
pub mod refresh;
pub mod screen;
pub mod worker;
pub mod workers;

#[cfg(test)]
mod tests;
