//! Facts, rules and leads over the lake.
//!
//! The lake keeps every department's rows as Parquet files sorted by household. A run (`screen`) plans the package's facts and rules as DataFusion expressions once, and then goes through each county a stretch of households at
//! a time: every file is read forward once, rows are summed up to residents and households, rules are evaluated over whole
//! columns. Counties are independent of one another, so threads change nothing but the time.

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
pub use screening::{IndicatorValue, Input, ScreeningOutcome, ScreeningRequest, Verified, plan_text, screen};
pub use whatif::{Change, WhatIf, compare, what_if};
