//! Tokens of programs: each belongs to an account and never may more than it. Only a keyed hash of the token is kept.

use super::account;
use crate::database::Transaction;
use crate::scope::NotAScope;
use crate::{Scope, Store, StoreError};
use model::{Actor, Day};

/// Who a token belongs to, and what it may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub token_id: String,
    pub actor: Actor,
    pub scopes: Vec<Scope>,
}

impl Bearer {
    /// True when one of the token's scopes holds this one.
    pub fn may(&self, scope: &Scope) -> bool {
        self.scopes.iter().any(|own| *own == Scope::All || own == scope)
    }

    /// True when one of the token's scopes is about the register.
    pub fn reaches(&self, register: &str) -> bool {
        self.scopes.iter().any(|own| own.register().is_none_or(|one| one == register))
    }

    /// True when the token may change something somewhere.
    pub fn may_change_something(&self) -> bool {
        self.scopes.iter().any(|own| !matches!(own, Scope::Read(_)))
    }
}

/// A token as its account sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenShown {
    pub token_id: String,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub made_ms: i64,
    pub expires_on: Option<Day>,
    pub revoked_ms: Option<i64>,
    /// Last use, to within a minute.
    pub used_ms: Option<i64>,
}

/// A token's last use is written at most this often.
const USED_EVERY_MS: i64 = 60_000;

impl Store {
    /// Who the token belongs to, if it is in force today; notes that it was used.
    ///
    /// # Errors
    /// When the database fails.
    pub fn bearer(&self, token: &str, today: Day, at_ms: i64) -> Result<Option<Bearer>, StoreError> {
        let hash = self.inner.cipher.token(&format!("api {token}"));
        let found = self.inner.database.read(|transaction| {
            let sql = "select token_id, account, scopes, expires_on, used_ms from token \
                       where hash = ?1 and revoked_ms is null";
            let row = transaction.first(sql, &[hash.as_str().into()], |row| {
                let name: String = row.get(1)?;
                let scopes: String = row.get(2)?;
                let expires: Option<String> = row.get(3)?;
                Ok((row.get::<String>(0)?, name, read_scopes(&scopes)?, read_day(expires)?, row.get::<Option<i64>>(4)?))
            })?;
            let Some((token_id, name, scopes, expires_on, used_ms)) = row else { return Ok(None) };
            if expires_on.is_some_and(|last| last < today) {
                return Ok(None);
            }
            let account = account::find(transaction, &name)?;
            Ok(account.map(|account| (Bearer { token_id, actor: account.actor(), scopes }, used_ms)))
        })?;
        let Some((bearer, used_ms)) = found else { return Ok(None) };
        if used_ms.is_none_or(|used_ms| at_ms - used_ms > USED_EVERY_MS) {
            self.inner.database.write(|transaction| {
                let sql = "update token set used_ms = ?2 where token_id = ?1";
                transaction.execute(sql, &[bearer.token_id.as_str().into(), at_ms.into()])
            })?;
        }
        Ok(Some(bearer))
    }

    /// The actor's own tokens, newest first; revoked ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tokens(&self, actor: &Actor) -> Result<Vec<TokenShown>, StoreError> {
        let sql = "select token_id, name, scopes, made_ms, expires_on, revoked_ms, used_ms from token \
                   where account = ?1 order by made_ms desc, token_id limit 200";
        self.inner.database.read(|transaction| {
            transaction.all(sql, &[actor.account.as_str().into()], |row| {
                let scopes: String = row.get(2)?;
                let expires: Option<String> = row.get(4)?;
                Ok(TokenShown {
                    token_id: row.get(0)?,
                    name: row.get(1)?,
                    scopes: read_scopes(&scopes)?,
                    made_ms: row.get(3)?,
                    expires_on: read_day(expires)?,
                    revoked_ms: row.get(5)?,
                    used_ms: row.get(6)?,
                })
            })
        })
    }
}

/// The account that a token belongs to, and its name, if it is in force.
pub(crate) fn owner(transaction: &Transaction<'_>, token_id: &str) -> Result<Option<(String, String)>, StoreError> {
    let sql = "select account, name from token where token_id = ?1 and revoked_ms is null";
    transaction.first(sql, &[token_id.into()], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Scopes as they are kept: their texts with a space between.
pub(crate) fn scopes_text(scopes: &[Scope]) -> String {
    let texts: Vec<String> = scopes.iter().map(Scope::to_string).collect();
    texts.join(" ")
}

fn read_scopes(text: &str) -> Result<Vec<Scope>, StoreError> {
    let scopes: Result<Vec<Scope>, NotAScope> = text.split_whitespace().map(str::parse).collect();
    scopes.map_err(|_| StoreError::StoredValue { column: "token/scopes".to_owned() })
}

fn read_day(text: Option<String>) -> Result<Option<Day>, StoreError> {
    let day = text.map(|text| text.parse::<Day>()).transpose();
    day.map_err(|_| StoreError::StoredValue { column: "token/expires_on".to_owned() })
}
