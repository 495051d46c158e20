//! What follows from a step.

use model::{Day, Value};
use std::fmt;

/// Something that has to be done with the step, in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The notice of the state that is left is taken down.
    TakeDown,
    /// A notice is put up: the day of the step, its last day, the first day of the next step.
    PutUp {
        from: Day,
        last_day: Day,
        free_on: Day,
    },
    StopClock {
        deadline: String,
        reason: String,
    },
    ResumeClock {
        deadline: String,
        reason: String,
    },
    /// A record is opened with these fields; where one with the same `key` is open, this record is attached to it instead.
    Open {
        register: String,
        key: Vec<(String, Value)>,
        fields: Vec<(String, Value)>,
    },
    /// The open record that has these values takes the step, with these fields filled.
    Advance {
        register: String,
        step: String,
        of: RecordNamed,
        fields: Vec<(String, Value)>,
    },
    /// A document is made.
    Document {
        name: String,
    },
    /// Roles at the record's place get a notice.
    Notify {
        roles: Vec<String>,
    },
}

/// Which record is led on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordNamed {
    /// By the value of its key.
    Key(Value),
    /// By the values of some of its fields.
    Fields(Vec<(String, Value)>),
}

impl fmt::Display for Effect {
    /// One line, as cases write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::TakeDown => write!(f, "take down"),
            Effect::PutUp { from, last_day, free_on } => write!(f, "put up {from} to {last_day}, next {free_on}"),
            Effect::StopClock { deadline, .. } => write!(f, "stop {deadline}"),
            Effect::ResumeClock { deadline, .. } => write!(f, "resume {deadline}"),
            Effect::Open { register, fields, .. } => write!(f, "open {register}: {}", listed(fields)),
            Effect::Advance { register, step, of, fields } => {
                let of = match of {
                    RecordNamed::Key(value) => value.to_string(),
                    RecordNamed::Fields(matching) => listed(matching),
                };
                let with = if fields.is_empty() { String::new() } else { format!(" with {}", listed(fields)) };
                write!(f, "advance {register}.{step} of {of}{with}")
            }
            Effect::Document { name } => write!(f, "document {name}"),
            Effect::Notify { roles } => write!(f, "notify {}", roles.join(", ")),
        }
    }
}

fn listed(fields: &[(String, Value)]) -> String {
    fields.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", ")
}
