//! The shape of a policy package: what each file may say. One thing is one TOML file; its name is the file's stem.
//!
//! These are plain declarations. `load` reads them, `check` proves that they hold together.

mod calendar;
mod case;
mod change;
mod codes;
mod column;
mod constraint;
mod effect;
mod fact;
mod head;
mod indicator;
mod lifecycle;
mod parameter;
mod register;
mod role;
mod rule;
mod source;

pub use calendar::*;
pub use case::*;
pub use change::*;
pub use codes::*;
pub use column::*;
pub use constraint::*;
pub use effect::*;
pub use fact::*;
pub use head::*;
pub use indicator::*;
pub use lifecycle::*;
pub use parameter::*;
pub use register::*;
pub use role::*;
pub use rule::*;
pub use source::*;
