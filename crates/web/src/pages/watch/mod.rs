//! What waits and what was found: the workbench, leads, households, notices.

pub mod export;
pub mod household;
pub mod household_records;
pub mod households;
pub mod lead;
pub mod leads;
pub mod notices;
pub mod register_desk;
pub mod workbench;
