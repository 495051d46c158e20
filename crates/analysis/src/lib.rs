//! Facts, rules and leads over the lake.
//!
//! Rows come from a `lake::RowSource`, sorted by household: from the lake, or from a list in memory. A run (`screen`) plans the
//! package's facts and rules as DataFusion expressions once, and then goes through each county a stretch of households at a
//! time: every dataset is read forward once, rows are summed up to residents and households, rules are evaluated over whole
//! columns. Counties are independent of one another, so threads change nothing but the time, and each is a task that can be
//! sent (`Task`).

mod error;
mod household;
mod plan;
mod reference;
mod run;
mod scalar;
mod score;
mod screening;
mod whatif;

pub use error::{AnalysisError, Result};
pub use household::{FactLine, household_facts};
pub use reference::reference_sql;
pub use score::{Measure, Score, Truth, Visits, score};
pub use screening::{
    Found, Input, Screener, ScreeningOutcome, ScreeningRequest, Task, Verified, plan_text, put_together, screen,
};
pub use whatif::{Change, WhatIf, compare, what_if};
