//! Reads and checks a policy package: what the documents say, as data.
//!
//! `Package::load` reads a folder and proves that it holds together; every mistake is a `Problem` with file, line and hint.
//! Expressions are parsed and typed once (`rule_forms`, `fact_forms`, `indicator_forms`); `expression` evaluates them for one
//! record, `analysis` plans them for whole sets.

mod calendar;
pub mod cases;
mod changes;
mod check;
pub mod declare;
mod divisions;
pub mod expression;
mod figure;
mod forms;
pub mod functions;
mod load;
mod names;
mod order;
mod package;
mod parameters;
mod problem;
mod raised;
mod recompute;
pub mod record;
pub mod scaffold;
mod scope;
mod sentence;
mod text;
mod toml_reader;
mod version;
mod working;
pub mod written;

pub use calendar::Calendar;
pub use cases::{CaseReport, StepCase, StepJudge, StepTaken, run_cases, run_cases_with};
pub use changes::{Changes, KeptPath, Recode, RenameShown};
pub use divisions::{Division, Divisions};
pub use figure::{FigureParts, FigureRow, units_of};
pub use forms::{
    AggregateForm, Calculated, Carried, CarriedField, ConstraintForm, DaysForm, FactForm, GroupForm, How,
    IndicatorForm, LookupForm, Origin, RegisterForm, RuleForm, StepForm,
};
pub use names::is_reserved_field;
pub use package::{Package, Thing};
pub use parameters::{Overrides, Resolved};
pub use problem::{Gravity, Problem, Problems};
pub use raised::RULES;
pub use raised::complete_raised;
pub use recompute::{About, NotShown, Recomputed, WorkedStep};
pub use scope::{DUE_ON, OTHER_HOUSEHOLDS, STATE_ON};
pub use sentence::{band, sentence};
pub use text::FileText;
pub use working::Working;
