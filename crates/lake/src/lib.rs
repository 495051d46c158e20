//! The lake: what the departments and the registers said, as rows of households and residents in Parquet files.
//!
//! ```text
//! <dataset>/<county, 6 digits>/<content hash, 16 digits>.parquet
//! <dataset>/<county, 6 digits>/in_force.json
//! ```
//! One file per dataset and county is in force, sorted by household, and never changed. It is named by `in_force.json`, which is
//! replaced as a whole; a process killed at any moment leaves either the old or the new file in force. Beside it stand the
//! deliveries from which it was made, each with its own file, so that any of them can be taken back. Files that are neither stay
//! until `Lake::remove_superseded`.

mod changes;
mod commit_bucket;
mod commit_folder;
pub mod decimal;
mod delivery;
mod error;
mod in_force_rows;
mod lake;
mod landing;
mod manifest;
mod merged;
mod read;
mod row_source;
mod runs;
mod schema;
mod spared;
mod standing;
mod storage;
pub mod values;
mod write;

pub use changes::{Changes, Leaver};
pub use delivery::Delivery;
pub use error::{LakeError, ObjectFault, Result};
pub use lake::Lake;
pub use landing::{CountyChanges, Landing, Note};
pub use manifest::InForce;
pub use merged::InPlace;
pub use row_source::{Batches, CountyRows, RowSource, Stretch, Stretches};
pub use schema::{
    DECIMAL_PRECISION, DECIMAL_SCALE, DELIVERED_ON, DatasetSchema, FILE, HOUSEHOLD_NO, KEY_HASH, LakeColumn,
    RESIDENT_KEY, ROW, stored_name,
};
pub use spared::Spared;
pub use standing::{Coverage, Delivered};
pub use write::batch_of;
