//! Forms that could not be taken, between the layer around all pages and the store.

use crate::http::owner::Owner;
use crate::http::site::Running;
use crate::http::trouble::PageError;
use crate::http::unsent::{Unsent, unsent_in};
use crate::http::visit::blocking;
use model::Actor;
use std::sync::Arc;

impl Running {
    /// What the token of a form tells, as long as what it belongs to would be kept.
    pub fn owner_of(&self, token: &str) -> Option<Owner> {
        let is_fresh = |owner: &Owner| self.site.now_ms() - owner.made_ms < self.site.unsent_ms();
        Owner::of(&self.store, token).filter(is_fresh)
    }

    /// Keeps a form for an account and gives its id; `None` where it is too large.
    ///
    /// # Errors
    /// What the store says.
    pub async fn keep_unsent(self: &Arc<Self>, account: &str, form: &Unsent) -> Result<Option<String>, PageError> {
        let text = serde_json::to_string(form).map_err(|error| PageError::Broken(error.to_string()))?;
        let (running, account) = (self.clone(), account.to_owned());
        blocking(move || {
            let at_ms = running.site.now_ms();
            Ok(running.store.keep_unsent(&account, &text, at_ms, at_ms + running.site.unsent_ms())?)
        })
        .await
    }

    /// A form that is kept for the account.
    ///
    /// # Errors
    /// What the store says.
    pub async fn kept_form(self: &Arc<Self>, actor: &Actor, id: &str) -> Result<Option<Unsent>, PageError> {
        let (running, actor, id) = (self.clone(), actor.clone(), id.to_owned());
        blocking(move || Ok(unsent_in(running.store.unsent_forms(&actor, running.site.now_ms())?, &id))).await
    }

    /// Forgets a form of the account.
    ///
    /// # Errors
    /// What the store says.
    pub async fn forget_unsent(self: &Arc<Self>, actor: &Actor, id: &str) -> Result<(), PageError> {
        let (running, actor, id) = (self.clone(), actor.clone(), id.to_owned());
        blocking(move || Ok(running.store.forget_unsent(&actor, &id)?)).await
    }
}
