//! Tokens of programs are made and revoked.

use super::change::{AuditedObject, UnitOfWork};
use crate::accounts::account;
use crate::accounts::token::{owner, scopes_text};
use crate::error::refusal;
use crate::scope::Scope;
use crate::{NewToken, Receipt, Refusal, RefusalKind, StoreKey};
use model::Actor;
use words::wording;

/// Letters of a token's name at most.
const NAME_MAX: usize = 60;
/// Tokens in force of one account at most.
const TOKENS_MAX: u64 = 50;

impl UnitOfWork<'_> {
    /// Makes a token and gives it, once.
    pub(super) fn add_token(&mut self, new: &NewToken) -> Result<Receipt, Refusal> {
        self.own_or_system(&new.account)?;
        let owner = account::find(self.transaction, &new.account)?;
        let owner = owner.ok_or_else(|| Refusal::not_found(wording!("thing_account")))?.actor();
        self.token_fits(new, &owner)?;
        let (token_id, token) = (random()[..16].to_owned(), format!("swt_{}", random()));
        let mut scopes = new.scopes.clone();
        scopes.sort();
        scopes.dedup();
        let scopes = scopes_text(&scopes);
        let expires_on = new.expires_on.map(|day| day.to_string());
        let sql = "insert into token (token_id, name, account, hash, scopes, made_ms, expires_on) \
                   values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.transaction.execute(
            sql,
            &[
                token_id.as_str().into(),
                new.name.trim().into(),
                new.account.as_str().into(),
                self.inner.cipher.token(&format!("api {token}")).into(),
                scopes.as_str().into(),
                self.now.at_ms.into(),
                expires_on.clone().map_or(crate::database::Sql::Null, Into::into),
            ],
        )?;
        let after = serde_json::json!({
            "account": new.account, "name": new.name.trim(), "scopes": scopes, "expires_on": expires_on,
        });
        self.object_event(Some(owner.region), AuditedObject::Token(&token_id), "added", &after.to_string())?;
        Ok(Receipt { id: Some(token_id), added: 1, text: Some(token), ..Receipt::default() })
    }

    /// Ends a token at once.
    pub(super) fn revoke_token(&mut self, token_id: &str) -> Result<Receipt, Refusal> {
        let missing = || Refusal::not_found(wording!("thing_token"));
        let (account, name) = owner(self.transaction, token_id)?.ok_or_else(missing)?;
        if !self.is_system() && self.actor.account != account {
            return Err(missing());
        }
        let actor = account::find(self.transaction, &account)?.ok_or_else(missing)?.actor();
        let sql = "update token set revoked_ms = ?2 where token_id = ?1";
        self.transaction.execute(sql, &[token_id.into(), self.now.at_ms.into()])?;
        let after = serde_json::json!({ "account": account, "name": name });
        self.object_event(Some(actor.region), AuditedObject::Token(token_id), "revoked", &after.to_string())?;
        Ok(Receipt { id: Some(token_id.to_owned()), changed: 1, ..Receipt::default() })
    }

    fn own_or_system(&self, account: &str) -> Result<(), Refusal> {
        let may = self.is_system() || self.actor.account == account;
        if may { Ok(()) } else { Err(Refusal::not_allowed(wording!("act_make_tokens_for_others"))) }
    }

    /// A token has a name, an end that lies ahead, and scopes of registers that its account sees.
    fn token_fits(&self, new: &NewToken, owner: &Actor) -> Result<(), Refusal> {
        let letters = new.name.trim().chars().count();
        if letters == 0 || letters > NAME_MAX || new.name.chars().any(char::is_control) {
            return Err(refusal!("token_name", RefusalKind::Invalid, letters = NAME_MAX).about(vec!["name".to_owned()]));
        }
        if new.expires_on.is_some_and(|last| last < self.now.day) {
            return Err(refusal!("token_expired", RefusalKind::Invalid).about(vec!["expires_on".to_owned()]));
        }
        let offices = self.inner.in_offices(self.transaction, owner, self.now.day)?;
        let sees = |register: &str| {
            let declared = self.inner.declarations.registers.get(register);
            let mut actors = std::iter::once(owner).chain(offices.iter().map(|office| &office.actor));
            declared.is_some_and(|one| actors.any(|actor| self.inner.declarations.sees(actor, one)))
        };
        if new.scopes.is_empty() || !new.scopes.iter().filter_map(Scope::register).all(sees) {
            return Err(refusal!("token_scopes", RefusalKind::Invalid).about(vec!["scopes".to_owned()]));
        }
        let sql = "select count(*) from token where account = ?1 and revoked_ms is null";
        let stored = self.transaction.first(sql, &[new.account.as_str().into()], |row| row.get::<u64>(0))?;
        if stored.unwrap_or_default() >= TOKENS_MAX {
            return Err(
                refusal!("too_many_tokens", RefusalKind::Invalid, count = TOKENS_MAX).about(vec!["name".to_owned()])
            );
        }
        Ok(())
    }
}

/// 32 random bytes as 64 hexadecimal digits.
fn random() -> String {
    model::to_hex(StoreKey::generate().derive("random"))
}
