//! What is stored, and in which form: the tables of registers and of the engine, the record, its values, and what names it.

pub(crate) mod calculated;
pub(crate) mod event_fields;
pub(crate) mod field_column;
pub(crate) mod files;
pub(crate) mod keys;
pub(crate) mod mask;
pub(crate) mod named;
pub(crate) mod old_codes;
pub(crate) mod order;
pub(crate) mod raised;
pub(crate) mod record;
pub(crate) mod system_tables;
pub(crate) mod tables;
pub(crate) mod values;
