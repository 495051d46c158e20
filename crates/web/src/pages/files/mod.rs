//! Files in: what is handed in, looked at, taken in, taken back; and the jobs that do it.

pub mod column_choice;
pub mod hand_in;
pub mod import;
pub mod import_answer;
pub mod import_leavers;
pub mod import_receipt;
pub mod import_undo;
pub mod imports;
pub mod job;
pub mod preview_address;
pub mod register_files;
pub mod register_import;
pub mod upload;
