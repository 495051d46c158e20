//! What the pages keep for an account: preferences, and searches that may not stand in an address. No records, no events.

use crate::database::Sql;
use crate::{Store, StoreError};
use model::Actor;

/// Searches kept for one account; older ones are dropped.
const SEARCHES_MAX: i64 = 50;

impl Store {
    /// A preference of the actor's account, as it was kept.
    ///
    /// # Errors
    /// When the database fails.
    pub fn preference(&self, actor: &Actor, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "select value from preference where account = ?1 and name = ?2";
        let values = [actor.account.as_str().into(), name.into()];
        self.inner.database.read(|transaction| transaction.first(sql, &values, |row| row.get(0)))
    }

    /// Keeps a preference in the place of the earlier one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_preference(&self, actor: &Actor, name: &str, value: &str) -> Result<(), StoreError> {
        let sql = "insert into preference (account, name, value) values (?1, ?2, ?3) \
                   on conflict (account, name) do update set value = excluded.value";
        let values = [actor.account.as_str().into(), name.into(), value.into()];
        self.inner.database.write(|transaction| transaction.execute(sql, &values))?;
        Ok(())
    }

    /// Keeps a search, sealed, and gives the token by which the same account finds it again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_search(&self, actor: &Actor, search: &str) -> Result<String, StoreError> {
        let cipher = &self.inner.cipher;
        let token = cipher.token(&format!("search {} {search}", actor.account)).chars().take(24).collect::<String>();
        let sealed = cipher.seal("search", search)?;
        self.inner.database.write(|transaction| {
            let sql = "insert into search (account, number, token, sealed) \
                       select ?1, coalesce(max(number), 0) + 1, ?2, ?3 from search where account = ?1";
            let values = [actor.account.as_str().into(), token.as_str().into(), Sql::Bytes(sealed)];
            transaction.execute("delete from search where account = ?1 and token = ?2", &values[..2])?;
            transaction.execute(sql, &values)?;
            let old = "delete from search where account = ?1 and number <= \
                       (select max(number) from search where account = ?1) - ?2";
            transaction.execute(old, &[actor.account.as_str().into(), SEARCHES_MAX.into()])?;
            Ok(())
        })?;
        Ok(token)
    }

    /// The search kept under a token by the same account.
    ///
    /// # Errors
    /// When the database fails.
    pub fn search(&self, actor: &Actor, token: &str) -> Result<Option<String>, StoreError> {
        let sql = "select sealed from search where account = ?1 and token = ?2";
        let values = [actor.account.as_str().into(), token.into()];
        let sealed: Option<Vec<u8>> =
            self.inner.database.read(|transaction| transaction.first(sql, &values, |row| row.get(0)))?;
        sealed.map(|sealed| self.inner.cipher.open("search", &sealed)).transpose()
    }
}
