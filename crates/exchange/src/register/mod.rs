//! Files of registers: their parts, the columns of places, and what a workbook of ours says of itself.

pub(crate) mod child_rows;
pub(crate) mod part;
pub(crate) mod place_columns;
pub(crate) mod stamp;
