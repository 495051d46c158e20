//! What is asked, by whom, of which record.

use model::Day;
use policy::Calendar;
use words::{Wording, wording};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command<'a> {
    /// A new record with the fields that are filled.
    Enter,
    /// A new record that the step of another one opens. No person asks.
    Opened,
    /// Other values for these fields.
    Change(&'a [&'a str]),
    /// Objections to the notice that hangs are entered or settled, and nothing else is changed.
    Object,
    /// The record was entered by mistake and counts no more.
    Withdraw,
    /// A step of the register, by its name.
    Step(&'a str),
    /// Whoever may take the step sends the record back to a state instead.
    SendBack { step: &'a str, to: &'a str },
    /// A step that goes on by itself, its wait being over. No person asks.
    ByItself(&'a str),
    /// A step that the step of another record takes with it. No person asks.
    Advanced(&'a str),
}

impl<'a> Command<'a> {
    /// The name under which it is remembered. No step may be called like the other commands.
    pub fn name(self) -> &'a str {
        match self {
            Command::Enter | Command::Opened => "enter",
            Command::Change(_) | Command::Object => "change",
            Command::Withdraw => "withdraw",
            Command::SendBack { .. } => "sent_back",
            Command::Step(name) | Command::ByItself(name) | Command::Advanced(name) => name,
        }
    }

    pub(crate) fn label(self) -> Wording {
        match self {
            Command::Enter | Command::Opened => wording!("command_enter"),
            Command::Change(_) | Command::Object => wording!("command_correct"),
            Command::Withdraw => wording!("command_withdraw"),
            Command::SendBack { .. } => wording!("command_send_back"),
            Command::Step(_) | Command::ByItself(_) | Command::Advanced(_) => wording!("command_step"),
        }
    }
}

/// What is known about the record and about who asks.
#[derive(Clone, Copy, Debug)]
pub struct StepContext<'a> {
    /// State of the record now; empty for one that is not entered yet, and in registers without a lifecycle.
    pub state: &'a str,
    /// The day on which the record entered that state.
    pub entered_state_on: Day,
    /// Account that entered the record; `None` where the system did.
    pub entered_by: Option<&'a str>,
    /// Accounts that changed its fields since. To a step that is kept from who entered, they have entered it too.
    pub changed_by: &'a [&'a str],
    /// Account that asks.
    pub account: &'a str,
    /// Role of that account.
    pub role: &'a str,
    /// Names of fields that are filled, those given with the command included.
    pub filled: &'a [&'a str],
    /// Kinds of child record of which there is at least one.
    pub children: &'a [&'a str],
    /// The package's working days.
    pub calendar: &'a Calendar,
    pub today: Day,
}
