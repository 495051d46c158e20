//! A change while it is being made.

use crate::database::Transaction;
use crate::log::tally::Tally;
use crate::log::write::{Event, Log};
use crate::store::Inner;
use crate::stored::keys::{SYSTEM_ROLE, system_actor};
use crate::{Refusal, RefusedRow, StoreError};
use model::{Actor, Moment, RegionCode};
use policy::declare::Permission;
use std::collections::BTreeSet;
use words::Wording;

/// A change while it is being made: the transaction, who makes it and when, and the log it leaves.
pub(crate) struct UnitOfWork<'a> {
    pub(crate) inner: &'a Inner,
    pub(crate) transaction: &'a Transaction<'a>,
    pub(crate) actor: &'a Actor,
    pub(crate) now: Moment,
    pub(crate) log: Log<'a>,
    pub(crate) tally: Tally,
    /// Kept names of the registers of which records were written.
    pub(crate) registers: BTreeSet<String>,
    /// Places of which suspensions were written: what is due there is worked out anew.
    pub(super) suspended: BTreeSet<RegionCode>,
    /// What is to be said of records that were written, whatever the door.
    pub(super) remarks: Vec<RefusedRow>,
}

/// Something that is no record of a register and leaves events all the same, by its name.
#[derive(Clone, Copy, Debug)]
pub(super) enum AuditedObject<'a> {
    Account(&'a str),
    Import(&'a str),
    Screening(&'a str),
    Setting(&'a str),
    Token(&'a str),
}

impl<'a> AuditedObject<'a> {
    /// What stands in the event where a record has its register.
    fn kind(self) -> &'static str {
        match self {
            AuditedObject::Account(_) => "account",
            AuditedObject::Import(_) => "import",
            AuditedObject::Screening(_) => "screening",
            AuditedObject::Setting(_) => "setting",
            AuditedObject::Token(_) => "token",
        }
    }

    fn name(self) -> &'a str {
        match self {
            AuditedObject::Account(name)
            | AuditedObject::Import(name)
            | AuditedObject::Screening(name)
            | AuditedObject::Setting(name)
            | AuditedObject::Token(name) => name,
        }
    }
}

/// Does work on records that a change of the package asks for, in the name of the system.
pub(crate) fn as_system<T>(
    inner: &Inner,
    transaction: &Transaction<'_>,
    now: Moment,
    work: impl FnOnce(&mut UnitOfWork<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let actor = system_actor(inner.declarations.region);
    let mut change = UnitOfWork::new(inner, transaction, &actor, now);
    let done = work(&mut change)?;
    change.close()?;
    Ok(done)
}

impl<'a> UnitOfWork<'a> {
    pub(super) fn new(
        inner: &'a Inner,
        transaction: &'a Transaction<'a>,
        actor: &'a Actor,
        now: Moment,
    ) -> UnitOfWork<'a> {
        let log = Log::new(actor, now, inner.declarations.region);
        let (tally, registers, suspended, remarks) = (Tally::default(), BTreeSet::new(), BTreeSet::new(), Vec::new());
        UnitOfWork { inner, transaction, actor, now, log, tally, registers, suspended, remarks }
    }

    /// Writes what the change leaves: its events, and what it counts; gives the number of events.
    pub(super) fn close(mut self) -> Result<u64, StoreError> {
        self.move_due_days()?;
        self.tally.close(self.transaction)?;
        self.log.close(self.transaction, &self.inner.cipher)?;
        Ok(self.log.events)
    }
}

impl UnitOfWork<'_> {
    /// Leaves the event of a record.
    pub(crate) fn event(&mut self, event: &Event<'_>) -> Result<(), StoreError> {
        if !self.registers.contains(event.register) {
            self.registers.insert(event.register.to_owned());
        }
        self.log.write(self.transaction, event)
    }

    /// Leaves the event of something that is no record of a register. What was before, nobody asks.
    pub(super) fn object_event(
        &mut self,
        region: Option<RegionCode>,
        object: AuditedObject<'_>,
        action: &str,
        after: &str,
    ) -> Result<(), StoreError> {
        let (register, record) = (object.kind(), object.name());
        self.event(&Event { region, register, record, household_no: None, action, before: "", after })
    }

    pub(super) fn is_system(&self) -> bool {
        self.actor.role == SYSTEM_ROLE
    }

    pub(super) fn only_system(&self, what: Wording) -> Result<(), Refusal> {
        if self.is_system() { Ok(()) } else { Err(Refusal::not_allowed(what)) }
    }

    pub(super) fn may(&self, permission: Permission) -> bool {
        self.is_system() || self.inner.declarations.role_may(&self.actor.role, permission)
    }

    /// True when the place lies inside the actor's. The system is everywhere.
    pub(super) fn reaches(&self, region: RegionCode) -> bool {
        self.is_system() || self.actor.region.holds(region)
    }
}
