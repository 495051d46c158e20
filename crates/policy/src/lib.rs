//! Reads and checks a policy package: what the documents say, as data.
//!
//! `Package::load` reads a folder and proves that it holds together; every mistake is a `Problem` with file, line and hint.
//! Expressions are parsed and typed once (`rule_forms`, `fact_forms`, `indicator_forms`); `expression` evaluates them for one
//! record, `analysis` plans them for whole sets.

pub mod cases;
mod check;
pub mod declare;
mod divisions;
pub mod expression;
mod forms;
pub mod functions;
mod load;
mod order;
mod overlay;
mod package;
mod parameters;
mod problem;
mod recompute;
pub mod scaffold;
mod scope;
mod sentence;
mod text;
mod version;
mod working;

pub use cases::{CaseReport, run_cases};
pub use divisions::{Division, Divisions};
pub use forms::{AggregateForm, FactForm, IndicatorForm, Origin, RuleForm};
pub use package::{Package, Thing};
pub use parameters::{Overrides, Resolved};
pub use problem::{Gravity, Problem, Problems};
pub use recompute::{About, NotShown, Recomputed, Step};
pub use sentence::{Language, band, sentence};
pub use working::Working;
