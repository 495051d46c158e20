//! Files kept with records, by their content.

use super::change::UnitOfWork;
use crate::error::refusal;
use crate::stored::files;
use crate::{NewAttachment, Receipt, Refusal, RefusalKind, StoreError};
use words::wording;

/// Largest file that is kept, in bytes.
pub(crate) const ATTACHMENT_MAX: usize = 8 << 20;

impl UnitOfWork<'_> {
    /// Keeps a file; of the same content again only who else has it is noted. Whoever may enter a record somewhere may attach files.
    pub(super) fn save_attachment(&mut self, new: &NewAttachment) -> Result<Receipt, Refusal> {
        let registers = self.inner.declarations.registers.values();
        let may = registers.into_iter().any(|register| {
            let roles = register.may_enter.iter().chain(register.step.iter().flat_map(|step| &step.roles));
            self.keeps(register) && roles.into_iter().any(|role| *role == self.actor.role)
        });
        if !self.is_system() && !may {
            return Err(Refusal::not_allowed(wording!("act_attach")));
        }
        if new.content.is_empty() || new.content.len() > ATTACHMENT_MAX {
            return Err(refusal!("attachment_size", RefusalKind::Invalid));
        }
        let (hash, added) = self.keep_file(&new.media, &new.content)?;
        Ok(Receipt { id: Some(hash), added, ..Receipt::default() })
    }

    /// Keeps a file by its content, as the actor's.
    pub(super) fn keep_file(&self, media: &str, content: &[u8]) -> Result<(String, u64), StoreError> {
        files::keep(self.transaction, media, content, &self.actor.account, self.now.at_ms)
    }
}
