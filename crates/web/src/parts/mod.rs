//! What pages are made of: the frame, the names of things, values and fields as people read them. Nothing here knows a page.

pub mod catalog;
pub mod error_page;
pub mod evidence;
pub mod fault_list;
pub mod field;
pub mod figure;
pub mod filter_text;
pub mod lead_line;
pub mod list;
pub mod places;
pub mod readable;
pub mod record_list_query;
pub mod record_search;
pub mod shell;
pub mod show;
pub mod time_line;
