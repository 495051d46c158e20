//! Files out: tables, templates, exports, and files back with their faults.

pub(crate) mod export_book;
pub(crate) mod fault_book;
pub(crate) mod headings;
pub(crate) mod instructions;
pub(crate) mod shown;
pub(crate) mod table_schema;
pub(crate) mod table_writer;
pub(crate) mod template;
