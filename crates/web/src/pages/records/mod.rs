//! Registers and their records: lists, one record, its form, its steps.

pub mod asked_once;
pub mod form_state;
pub mod known;
pub mod record;
pub mod record_act;
pub mod record_bulk;
pub mod record_entry;
pub mod record_form;
pub mod record_form_shown;
pub mod record_forms;
pub mod record_history;
pub mod record_list;
pub mod record_steps;
pub mod register;
pub mod registers;
