//! Who asks: an account that signs in, the owner of a session, a program with a token.
//!
//! Guessing is slowed down twice, for two reasons. The account's own count of failures, which the store keeps, survives a restart and
//! holds for all programs on one database. The throttle before it lives in memory and knows names that are no accounts as well: a
//! name that waits costs no check of a password, so that a flood of tries does not take the machine. Both go by the name: wrong
//! tries from elsewhere make its owner wait, at most a quarter of an hour.

use crate::http::office::SignedIn;
use crate::http::password::password_holds;
use crate::http::session::{TIMES, new_token};
use crate::http::site::Running;
use crate::http::trouble::PageError;
use crate::http::visit::blocking;
use model::Actor;
use std::sync::Arc;
use std::time::Instant;
use store::{Bearer, StoreError};

impl Running {
    /// The token of a new session, or `None` for any kind of wrong. The same work is done for unknown names. `old`: the token of
    /// the session that ends with it.
    ///
    /// # Errors
    /// What the store says.
    pub async fn sign_in(
        self: &Arc<Self>,
        account: &str,
        password: String,
        old: Option<String>,
    ) -> Result<Option<String>, PageError> {
        let name: String = account.chars().take(64).collect();
        if self.throttle.wait_seconds(&name, Instant::now()) > 0 {
            return Ok(None);
        }
        let _turn = self.password_checks.acquire().await.map_err(|error| PageError::Broken(error.to_string()))?;
        let running = self.clone();
        blocking(move || {
            let token = running.begin_session(&name, &password, old)?;
            match &token {
                Some(_) => running.throttle.passed(&name),
                None => running.throttle.failed(&name, Instant::now()),
            }
            Ok(token)
        })
        .await
    }

    /// Who is signed in with this token of a session.
    ///
    /// # Errors
    /// What the store says.
    pub async fn actor_of(self: &Arc<Self>, token: &str) -> Result<Option<Actor>, PageError> {
        let (running, token) = (self.clone(), token.to_owned());
        blocking(move || Ok(running.store.session(&token, running.site.now_ms())?)).await
    }

    /// Who is signed in with this token of a session; in the office of this name where the account holds it today.
    ///
    /// # Errors
    /// What the store says.
    pub async fn signed_in(
        self: &Arc<Self>,
        token: &str,
        office: Option<String>,
    ) -> Result<Option<SignedIn>, PageError> {
        let (running, token) = (self.clone(), token.to_owned());
        blocking(move || {
            let Some(own) = running.store.session(&token, running.site.now_ms())? else { return Ok(None) };
            let offices = running.store.offices(&own, (running.site.today)())?;
            let chosen = offices.iter().find(|one| Some(one.name()) == office).map(|one| one.actor.clone());
            Ok(Some(SignedIn { actor: chosen.unwrap_or(own), offices }))
        })
        .await
    }

    /// The account in an office that it holds today; `None` where it does not. Blocks on the store.
    ///
    /// # Errors
    /// What the store says.
    pub fn in_office(&self, own: &Actor, office: &str) -> Result<Option<Actor>, StoreError> {
        let offices = self.store.offices(own, (self.site.today)())?;
        Ok(offices.into_iter().find(|one| one.name() == office).map(|one| one.actor))
    }

    /// Whose token of the API it is, if it is in force today. Blocks on the store.
    ///
    /// # Errors
    /// What the store says.
    pub fn bearer_of(&self, token: &str) -> Result<Option<Bearer>, StoreError> {
        self.store.bearer(token, (self.site.today)(), self.site.now_ms())
    }

    /// Takes one request of a token of the API.
    ///
    /// # Errors
    /// Whole seconds after which the next one is taken.
    pub fn turn_of(&self, bearer: &Bearer) -> Result<(), u64> {
        self.rate.take(&bearer.token_id)
    }

    fn begin_session(&self, name: &str, password: &str, old: Option<String>) -> Result<Option<String>, PageError> {
        let at_ms = self.site.now_ms();
        let found = self.store.find_account(name)?;
        if !password_holds(found.as_ref().map(|account| account.password_hash.as_str()), password) {
            if found.is_some() {
                self.store.note_failed_sign_in(name, at_ms)?;
            }
            return Ok(None);
        }
        if let Some(old) = old {
            self.store.end_session(&old, at_ms)?;
        }
        let token = new_token();
        Ok(self.store.begin_session(name, &token, at_ms, TIMES)?.map(|_| token))
    }
}
