//! Forms that were sent and could not be taken, because the session had ended or their token was old: kept until their account
//! is there again. No records, no events; sealed, and only their own account opens them.

use crate::database::{Row, Sql, values};
use crate::{Store, StoreError};
use model::Actor;

/// Forms kept for one account; older ones are dropped.
const FORMS_MAX: i64 = 10;
/// Bytes of one form; what is larger is not kept.
pub const UNSENT_BYTES_MAX: usize = 256 * 1024;

/// A form as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsentForm {
    /// Names it in addresses and says nothing of it.
    pub id: String,
    pub kept_ms: i64,
    pub ends_ms: i64,
    /// What the pages made of it.
    pub content: String,
}

impl Store {
    /// Keeps a form for an account from `at_ms` until `ends_ms`, and gives its id; the same content of the same account is one
    /// form. `None` where it is too large.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_unsent(
        &self,
        account: &str,
        content: &str,
        at_ms: i64,
        ends_ms: i64,
    ) -> Result<Option<String>, StoreError> {
        if content.len() > UNSENT_BYTES_MAX {
            return Ok(None);
        }
        let cipher = &self.inner.cipher;
        let id: String = cipher.token(&format!("unsent form {account} {content}")).chars().take(32).collect();
        let sealed = cipher.seal(&place(account), content)?;
        self.inner.database.write(|transaction| {
            transaction.execute("delete from unsent_form where ends_ms <= ?1", values![at_ms])?;
            transaction.execute("delete from unsent_form where account = ?1 and token = ?2", values![account, id])?;
            let sql = "insert into unsent_form (account, number, token, sealed, kept_ms, ends_ms) \
                       select ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5 from unsent_form where account = ?1";
            let kept = [account.into(), id.as_str().into(), Sql::Bytes(sealed), at_ms.into(), ends_ms.into()];
            transaction.execute(sql, &kept)?;
            let old = "delete from unsent_form where account = ?1 and number not in \
                       (select number from unsent_form where account = ?1 order by number desc limit ?2)";
            transaction.execute(old, values![account, FORMS_MAX])
        })?;
        Ok(Some(id))
    }

    /// A form of the actor's account that is still kept.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unsent(&self, actor: &Actor, id: &str, at_ms: i64) -> Result<Option<UnsentForm>, StoreError> {
        Ok(self.unsent_forms(actor, at_ms)?.into_iter().find(|form| form.id == id))
    }

    /// The forms kept for the actor's account, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unsent_forms(&self, actor: &Actor, at_ms: i64) -> Result<Vec<UnsentForm>, StoreError> {
        let sql = "select token, kept_ms, ends_ms, sealed from unsent_form \
                   where account = ?1 and ends_ms > ?2 order by number desc";
        let read = |row: &Row<'_>| {
            let content = self.inner.cipher.open(&place(&actor.account), &row.get::<Vec<u8>>(3)?)?;
            Ok(UnsentForm { id: row.get(0)?, kept_ms: row.get(1)?, ends_ms: row.get(2)?, content })
        };
        let values = [actor.account.as_str().into(), at_ms.into()];
        self.inner.database.read(|transaction| transaction.all(sql, &values, read))
    }

    /// Forgets a form of the actor's account; one that is not there is no error.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_unsent(&self, actor: &Actor, id: &str) -> Result<(), StoreError> {
        let sql = "delete from unsent_form where account = ?1 and token = ?2";
        self.inner.database.write(|transaction| transaction.execute(sql, values![actor.account, id]))?;
        Ok(())
    }

    /// A text that goes out with a page and comes back with a form: sealed, so that nobody reads it or makes one.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub fn seal_for_form(&self, text: &str) -> Result<Vec<u8>, StoreError> {
        self.inner.cipher.seal(FORM_PLACE, text)
    }

    /// What [`Store::seal_for_form`] sealed; nothing for anything else.
    pub fn open_from_form(&self, sealed: &[u8]) -> Option<String> {
        self.inner.cipher.open(FORM_PLACE, sealed).ok()
    }
}

const FORM_PLACE: &str = "form";

/// What is sealed for one account opens for no other.
fn place(account: &str) -> String {
    format!("unsent_form/{account}")
}
