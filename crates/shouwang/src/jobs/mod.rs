//! Short jobs that join the rooms: import, screening, export. The command line and the worker behind the pages run the same.

pub mod columns;
pub mod counties;
pub mod coverage;
pub mod delivery;
pub mod export;
pub mod export_register;
pub mod extract;
pub mod faults;
pub mod forms;
pub mod heard;
pub mod import;
pub mod near_household;
pub mod not_taken;
pub mod order;
pub mod people;
pub mod period;
pub mod preview;
pub mod refresh;
pub mod register;
pub mod register_file;
pub mod screen;
pub mod shape;
pub mod stop;
pub mod take_back;
pub mod worker;
