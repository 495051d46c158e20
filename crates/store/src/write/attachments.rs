//! Files kept with records, by their content.

use super::change::Change;
use crate::{NewAttachment, Receipt, Refusal, RefusalKind};
use sha2::{Digest, Sha256};

/// Largest file that is kept, in bytes.
pub(crate) const ATTACHMENT_MAX: usize = 8 << 20;

impl Change<'_> {
    /// Keeps a file; of the same content again only who else has it is noted. Whoever may enter a record somewhere may attach files.
    pub(super) fn save_attachment(&mut self, new: &NewAttachment) -> Result<Receipt, Refusal> {
        let registers = self.inner.declarations.registers.values();
        let may = registers.into_iter().any(|register| {
            let roles = register.may_enter.iter().chain(register.step.iter().flat_map(|step| &step.roles));
            self.keeps(register) && roles.into_iter().any(|role| *role == self.actor.role)
        });
        if !self.is_system() && !may {
            return Err(Refusal::not_allowed("上传附件", "attach files"));
        }
        if new.content.is_empty() || new.content.len() > ATTACHMENT_MAX {
            return Err(Refusal::new(
                RefusalKind::Invalid,
                ["附件为空或超过 8 MB", "请压缩后重新上传"],
                ["The file is empty or larger than 8 MB", "Make it smaller and attach it again."],
            ));
        }
        let hash = model::to_hex(Sha256::digest(&new.content));
        let sql = "insert into attachment (hash, media, bytes, content, at_ms, account) values (?1, ?2, ?3, ?4, ?5, ?6) \
                   on conflict (hash) do nothing";
        let added = self.transaction.execute(
            sql,
            &[
                hash.as_str().into(),
                new.media.as_str().into(),
                (new.content.len() as i64).into(),
                new.content.clone().into(),
                self.at_ms.into(),
                self.actor.account.as_str().into(),
            ],
        )?;
        if added == 0 {
            let sql =
                "insert into attachment_hand (hash, account) values (?1, ?2) on conflict (hash, account) do nothing";
            self.transaction.execute(sql, &[hash.as_str().into(), self.actor.account.as_str().into()])?;
        }
        Ok(Receipt { id: Some(hash), added, ..Receipt::default() })
    }
}
