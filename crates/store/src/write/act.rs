//! What is done with a record, as its event says it.

use crate::log::course::{BY, UNDOES, notes};
use crate::stored::event_fields::EventFields;
use lifecycle::Event;
use policy::declare::Register;
use serde_json::{Value as Json, json};

/// The step of a record that brings changes of other records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cause {
    /// Kept name of its register.
    pub(super) register: String,
    /// Name of the record.
    pub(super) record: String,
    pub(super) step: String,
}

impl Cause {
    fn note(&self) -> Json {
        json!({ "register": self.register, "record": self.record, "step": self.step })
    }
}

/// What is done with a record.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Act<'a> {
    /// The command, or the step.
    pub(super) action: &'a str,
    /// The file that brings it; empty where people do it.
    pub(super) file: &'a str,
    /// What happens to the record besides its fields.
    pub(super) course: &'a [Event],
    /// The step of another record that brings it.
    pub(super) cause: Option<&'a Cause>,
    /// Number of the event that is taken back.
    pub(super) undoes: Option<i64>,
    pub(super) why: Option<&'a str>,
}

impl<'a> Act<'a> {
    /// Something that people or the system do.
    pub(super) fn of(action: &'a str) -> Act<'a> {
        Act { action, ..Act::default() }
    }

    /// What a file brings.
    pub(super) fn from_file(action: &'a str, file: &'a str) -> Act<'a> {
        Act { action, file, ..Act::default() }
    }

    /// True where the record enters a state, be it the one in which it is.
    pub(super) fn reaches_a_state(&self) -> bool {
        self.course.iter().any(|event| matches!(event, Event::Reached { .. }))
    }

    /// True for what changes no more than the record's contents: no step is taken, agreed to or taken back.
    pub(super) fn may_void(&self) -> bool {
        let is_of_step = |event: &Event| matches!(event, Event::Reached { .. } | Event::Approved(_));
        self.undoes.is_none() && !self.course.iter().any(is_of_step)
    }

    /// Puts what is done besides the fields into what the event says of afterwards.
    pub(super) fn note(&self, register: &Register, after: &mut EventFields) {
        for (name, value) in notes(register, self.course) {
            after.note(name, value);
        }
        if let Some(cause) = self.cause {
            after.note(BY, cause.note());
        }
        if let Some(undoes) = self.undoes {
            after.note(UNDOES, undoes);
        }
        if let Some(why) = self.why {
            after.note("_why", why);
        }
    }
}
