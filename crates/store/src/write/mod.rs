//! The one write path: every change of a record comes in here, whole or not at all, and leaves its events.

mod accounts;
mod act;
mod attachments;
pub(crate) mod basis;
mod bulk;
pub(crate) mod change;
mod conflict;
mod consents;
pub(crate) mod draft;
mod due;
mod effects;
mod entry;
mod figures;
mod folded;
mod freeze;
mod given;
mod going;
pub(crate) mod idempotency;
mod imports;
mod judge;
mod lookups;
mod masked;
mod memberships;
mod naming;
mod offices;
pub(crate) mod prepared;
mod raised;
pub(crate) mod records;
mod regions;
mod screening;
mod step_undo;
mod steps;
mod tokens;
mod undo;
mod unmask;

pub use going::GoneOn;

use crate::stored::named;
use crate::{Command, Receipt, Refusal, Store, StoreError};
use change::{AuditedObject, UnitOfWork};
use entry::RecordAddress;
use idempotency::{Claim, Once};
use model::{Actor, Moment};
use steps::Taken;
use words::wording;

impl Store {
    /// The one write path: makes the change whole or not at all, leaves an event for every record that changed.
    ///
    /// `now`: the day the change counts from, and the instant.
    ///
    /// # Errors
    /// [`Refusal`] with the reason for people; nothing was changed then.
    pub fn apply(&self, actor: &Actor, now: Moment, command: Command) -> Result<Receipt, Refusal> {
        self.run(actor, now, command, Run::Commit(None))
    }

    /// The one write path for those who may have to ask again: [`Store::apply`] under a key. The same request under the same key
    /// within a day changes nothing more and gets the first receipt, also when both come at the same time; the key is kept in
    /// the transaction of the change. What was refused changed nothing and keeps no key.
    ///
    /// # Errors
    /// As [`Store::apply`]; `KeyReused` for the key of another request.
    pub fn apply_once(
        &self,
        actor: &Actor,
        now: Moment,
        command: Command,
        once: Option<&Once<'_>>,
    ) -> Result<Receipt, Refusal> {
        self.run(actor, now, command, Run::Commit(once))
    }

    /// What [`Store::apply`] would do: the change is made and taken back, so that nothing is changed. For previews.
    ///
    /// # Errors
    /// As [`Store::apply`].
    pub fn rehearse(&self, actor: &Actor, now: Moment, command: Command) -> Result<Receipt, Refusal> {
        self.run(actor, now, command, Run::Rehearse)
    }

    fn run(&self, actor: &Actor, now: Moment, command: Command, run: Run<'_>) -> Result<Receipt, Refusal> {
        let inner = &*self.inner;
        let once = match run {
            Run::Commit(once) => once,
            Run::Rehearse => None,
        };
        inner.must_be_complete()?;
        let made = inner.database.change(|transaction| {
            if let Some(once) = once {
                match idempotency::claim(transaction, &inner.cipher, once, now.at_ms)? {
                    Claim::Fresh => {}
                    Claim::Answered(receipt) => return Ok(*receipt),
                    Claim::Other => return Err(idempotency::key_reused().into()),
                }
            }
            let mut change = UnitOfWork::new(inner, transaction, actor, now);
            let mut receipt = change.make(command)?;
            inner.note_otherwise(transaction, &change.registers, now.day)?;
            receipt.remarks.append(&mut change.remarks);
            receipt.events = change.close()?;
            if let Some(once) = once {
                idempotency::keep(transaction, &inner.cipher, once, &receipt)?;
            }
            match run {
                Run::Commit(_) => Ok(receipt),
                Run::Rehearse => Err(Ended::Rehearsed(Box::new(receipt))),
            }
        });
        match made {
            Ok(receipt) => Ok(receipt),
            Err(Ended::Rehearsed(receipt)) => Ok(*receipt),
            Err(Ended::Refused(refusal)) => Err(*refusal),
        }
    }
}

/// How a command is run.
#[derive(Clone, Copy)]
enum Run<'o> {
    /// The change stays; under a key where whoever asks may have to ask again.
    Commit(Option<&'o Once<'o>>),
    /// The change is taken back.
    Rehearse,
}

/// Why a change does not come into force.
enum Ended {
    Refused(Box<Refusal>),
    /// It was a rehearsal.
    Rehearsed(Box<Receipt>),
}

impl From<Refusal> for Ended {
    fn from(refusal: Refusal) -> Ended {
        Ended::Refused(Box::new(refusal))
    }
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Ended {
        Refusal::from(error).into()
    }
}

impl UnitOfWork<'_> {
    fn make(&mut self, command: Command) -> Result<Receipt, Refusal> {
        match command {
            Command::AddAccount(account) => self.add_account(&account),
            Command::SetPassword { account, password_hash } => self.set_password(&account, &password_hash),
            Command::SaveRegions(regions) => self.save_regions(&regions),
            Command::BeginImport(import) => self.begin_import(&import),
            Command::ImportRecords { register, file, records } => self.import_records(&register, &file, records),
            Command::AddFaults { import, faults } => self.add_faults(&import, &faults),
            Command::AddUnmatched { import, rows } => self.add_rows("unmatched", &import, &rows),
            Command::AddNoted { import, rows } => self.add_rows("noted", &import, &rows),
            Command::AddLeavers { import, leavers } => self.add_leavers(&import, &leavers),
            Command::FinishImport { import, summary } => self.finish_import(&import, &summary),
            Command::PublishScreening(publication) => self.publish(&publication),
            Command::PublishFigures(publication) => self.publish_figures_of(&publication),
            Command::TakeStep { register, id, version, step, fields } => {
                let taken = Taken { step: &step, back_to: None, fields: &fields };
                self.step_record(RecordAddress { register: &register, id: &id }, version, &taken)
            }
            Command::SendBack { register, id, version, step, to, fields } => {
                let taken = Taken { step: &step, back_to: Some(&to), fields: &fields };
                self.step_record(RecordAddress { register: &register, id: &id }, version, &taken)
            }
            Command::UndoStep { register, id, version, why } => {
                self.undo_step(RecordAddress { register: &register, id: &id }, version, &why)
            }
            Command::GoOn { register, id } => self.go_on(&register, &id),
            Command::Enter(entry) => self.enter_record(&entry),
            Command::Correct { id, version, entry } => self.correct_record(&id, version, &entry),
            Command::Withdraw { register, id, version, why } => {
                self.withdraw_record(RecordAddress { register: &register, id: &id }, version, &why)
            }
            Command::UndoImport { import } => self.undo_import(&import),
            Command::SaveAttachment(new) => self.save_attachment(&new),
            Command::Unmask { register, id, field, purpose } => {
                self.unmask(RecordAddress { register: &register, id: &id }, &field, &purpose)
            }
            Command::AddToken(new) => self.add_token(&new),
            Command::RevokeToken { token_id } => self.revoke_token(&token_id),
            Command::Freeze { year } => self.freeze(year),
            Command::SetSetting { name, value } => self.set_setting(&name, &value),
        }
    }

    fn set_setting(&mut self, name: &str, value: &str) -> Result<Receipt, Refusal> {
        self.only_system(wording!("act_set_settings"))?;
        named::keep(self.transaction, &format!("setting {name}"), value)?;
        let after = serde_json::json!({ "value": value }).to_string();
        self.object_event(None, AuditedObject::Setting(name), "changed", &after)?;
        Ok(Receipt { id: Some(name.to_owned()), changed: 1, ..Receipt::default() })
    }
}
