//! What a command that may be carried out leads to.

use crate::effect::Effect;
use crate::history::Event;
use model::Day;

/// A command that may be carried out, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The step, or `enter`, `change`, `withdraw`, `sent_back`.
    pub step: String,
    pub from: String,
    /// The state afterwards: that of before for a change or withdrawal, and while others must still agree; the initial one for a
    /// new record.
    pub to: String,
    /// Nothing follows the new state.
    pub is_final: bool,
    /// The day from which the new state counts.
    pub entered_state_on: Day,
    /// The office for which a deputy acted.
    pub acted_for: Option<String>,
    /// How many of those who must agree have done so, this one included; `None` where one is enough.
    pub tally: Option<Tally>,
    /// What has to be done with it, in order.
    pub effects: Vec<Effect>,
    /// What happened to the record, in order; see [`crate::replay`].
    pub events: Vec<Event>,
}

/// How many have agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    pub given: u16,
    pub needed: u16,
}

impl Tally {
    /// True when nobody is missing.
    pub fn is_full(self) -> bool {
        self.given >= self.needed
    }
}
