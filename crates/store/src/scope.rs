//! What a program may that comes with a token.

use std::fmt;
use std::str::FromStr;

/// What a token may. Registers are named as the package names them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Everything that the account may.
    All,
    /// Read a register's lists, records and files.
    Read(String),
    /// Enter, correct and withdraw its records, attach files, look at sensitive fields.
    Write(String),
    /// Take steps of its records.
    Step(String),
}

/// The text names no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scope is `*`, `read:<register>`, `write:<register>` or `step:<register>`")]
pub struct NotAScope;

impl Scope {
    /// The register that it is about; `None` for all of them.
    pub fn register(&self) -> Option<&str> {
        match self {
            Scope::All => None,
            Scope::Read(register) | Scope::Write(register) | Scope::Step(register) => Some(register),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::All => f.write_str("*"),
            Scope::Read(register) => write!(f, "read:{register}"),
            Scope::Write(register) => write!(f, "write:{register}"),
            Scope::Step(register) => write!(f, "step:{register}"),
        }
    }
}

impl FromStr for Scope {
    type Err = NotAScope;

    fn from_str(text: &str) -> Result<Scope, NotAScope> {
        match text.split_once(':') {
            None if text == "*" => Ok(Scope::All),
            Some(("read", register)) if !register.is_empty() => Ok(Scope::Read(register.to_owned())),
            Some(("write", register)) if !register.is_empty() => Ok(Scope::Write(register.to_owned())),
            Some(("step", register)) if !register.is_empty() => Ok(Scope::Step(register.to_owned())),
            _ => Err(NotAScope),
        }
    }
}
