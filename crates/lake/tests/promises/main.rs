//! What the lake promises.

mod deliveries;
mod rows;
mod support;
