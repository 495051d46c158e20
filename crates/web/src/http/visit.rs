//! One request of somebody who is signed in: who asks (`Caller`), and what a handler does for them (`Visit`).

use crate::http::in_flight::Held;
use crate::http::job_kind::{is_heavy, turn_of};
use crate::http::office::{OFFICE_COOKIE, SignedIn};
use crate::http::owner::Owner;
use crate::http::preferences::{Preferences, cookie};
use crate::http::session::{FormSecret, SESSION_COOKIE};
use crate::http::site::{Running, Shared, Site};
use crate::http::trouble::PageError;
use crate::http::unsent::{Unsent, asked_in, page_of, unsent_in, without_asked};
use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use futures::executor::block_on;
use model::{Actor, Day, Moment};
use policy::declare::Permission;
use serde::Serialize;
use std::path::Path;
use store::{Command, Counts, NewJob, Office, Once, Receipt, Refusal, RefusalKind, StoreError, View};

/// Who asks, and what their browser said beside the address and the form.
#[derive(Clone)]
pub struct Caller {
    pub(in crate::http) shared: Shared,
    /// Language and look.
    pub preferences: Preferences,
    /// The account with its role and place, or those of the office in which it works.
    pub actor: Actor,
    /// The offices that it holds today besides its own.
    offices: Vec<Office>,
    /// Of the session; empty for a program, which sends no forms.
    token: String,
    /// Path and query of a page, to come back to.
    path: String,
    /// A form that is to be shown again on the page.
    unsent: Option<String>,
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Caller, PageError> {
        let path = match parts.method == Method::POST {
            true => page_of(parts.uri.path()),
            false => parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        };
        let unsent = asked_in(parts.uri.query());
        let is_fragment = parts.headers.contains_key("hx-request");
        let sign_in = || PageError::SignIn { next: path.clone(), is_fragment };
        let token = cookie(&parts.headers, SESSION_COOKIE).ok_or_else(sign_in)?;
        let office = cookie(&parts.headers, OFFICE_COOKIE);
        let SignedIn { actor, offices } = shared.signed_in(&token, office).await?.ok_or_else(sign_in)?;
        let preferences = Preferences::of(&parts.headers);
        Ok(Caller { shared: shared.clone(), preferences, actor, offices, token, path, unsent })
    }
}

impl Caller {
    /// A program that calls with a token of the account.
    pub fn program(shared: Shared, actor: Actor, path: String) -> Caller {
        let (preferences, offices) = (Preferences::default(), Vec::new());
        Caller { shared, preferences, actor, offices, token: String::new(), path, unsent: None }
    }

    /// The visit, each of whose reads sees the state of its own moment. Reads and changes block.
    pub fn visit(&self) -> Visit<'_> {
        let running: &Running = &self.shared;
        let (actor, preferences) = (&self.actor, self.preferences);
        Visit { caller: self, running, site: &running.site, preferences, actor, view: running.store.view(actor) }
    }

    /// Does work on the visit on a thread that may block.
    ///
    /// # Errors
    /// What `work` says.
    pub async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&Visit<'_>) -> Result<T, PageError> + Send + 'static,
    ) -> Result<T, PageError> {
        blocking(move || work(&self.visit())).await
    }

    /// Counts bytes to what this request holds in memory.
    ///
    /// # Errors
    /// `Crowded` where all requests together hold too much.
    pub fn hold(&self, held: &mut Held, bytes: usize) -> Result<(), PageError> {
        self.shared.in_flight.hold(held, bytes)
    }

    /// Where files that are handed in wait.
    pub fn inbox(&self) -> &Path {
        &self.shared.site.inbox
    }

    /// What forms of this caller must know.
    pub fn form_secret(&self) -> FormSecret {
        FormSecret::of(&self.token)
    }
}

/// A request of a signed-in account, as its handler has it. What it reads goes through `view`, what it changes through `apply` and
/// `enqueue`; all of them are bound to the actor and block.
pub struct Visit<'v> {
    caller: &'v Caller,
    pub(in crate::http) running: &'v Running,
    /// The package, the gateway, the folders.
    pub site: &'v Site,
    /// Language and look.
    pub preferences: Preferences,
    /// The account with its role and place.
    pub actor: &'v Actor,
    view: View<'v>,
}

impl<'v> Visit<'v> {
    /// What the actor may see.
    pub fn view(&self) -> &View<'v> {
        &self.view
    }

    /// Does `work` with a visit all of whose reads see one state of the database, the one that stands when it begins.
    ///
    /// # Errors
    /// What `work` says, and what the store says.
    pub fn read_transaction<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Visit<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.view.is_in_transaction() {
            return work(self);
        }
        let _turn = block_on(self.running.transactions.acquire());
        self.view.read_transaction(|view| work(&Visit { view: view.clone(), ..*self }))
    }

    /// Makes a change through the store's door; a refusal is given back to be shown where it belongs.
    ///
    /// # Errors
    /// What a broken store says.
    pub fn apply(&self, command: Command) -> Result<Result<Receipt, Refusal>, PageError> {
        match self.apply_once(command, None) {
            Err(Refusal { kind: RefusalKind::Store(error), .. }) => Err((*error).into()),
            answer => Ok(answer),
        }
    }

    /// What the command would do; nothing is changed.
    ///
    /// # Errors
    /// As [`store::Store::rehearse`].
    pub fn rehearse(&self, command: Command) -> Result<Receipt, Refusal> {
        let Running { store, site, .. } = self.running;
        store.rehearse(self.actor, Moment { day: self.today(), at_ms: site.now_ms() }, command)
    }

    /// As [`Visit::apply`], but the same request of `once` changes something only the first time, and is given its receipt again.
    ///
    /// # Errors
    /// What the door says, a broken store among it.
    pub fn apply_once(&self, command: Command, once: Option<&Once<'_>>) -> Result<Receipt, Refusal> {
        let Running { store, site, .. } = self.running;
        let answer = store.apply_once(self.actor, Moment { day: self.today(), at_ms: site.now_ms() }, command, once);
        self.running.forget_counts();
        answer
    }

    /// Orders slow work and gives the number of its job. Of orders with the same `dedupe` that wait or run there is one.
    ///
    /// # Errors
    /// What the store says.
    pub fn enqueue(&self, kind: &str, order: &impl Serialize, dedupe: &str) -> Result<i64, PageError> {
        let order = serde_json::to_value(order).map_err(|error| PageError::Broken(error.to_string()))?;
        let (turn, is_heavy) = (turn_of(kind, &order), is_heavy(kind, &order));
        let new = NewJob { kind, payload: &order, dedupe, turn, is_heavy };
        let job = self.running.store.enqueue(self.actor, new, self.site.now_ms())?;
        self.running.forget_counts();
        Ok(job)
    }

    /// # Errors
    /// `Forbidden` unless the role has the permission.
    pub fn need(&self, permission: Permission) -> Result<(), PageError> {
        if self.may(permission) { Ok(()) } else { Err(PageError::Forbidden) }
    }

    /// True when the role has the permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.view.may(permission)
    }

    /// The figures of the workbench; unless `fresh`, at most some seconds old.
    ///
    /// # Errors
    /// What the store says.
    pub fn counts(&self, fresh: bool) -> Result<Counts, PageError> {
        Ok(self.running.counts(&self.view, fresh)?)
    }

    /// What was sent to `action` earlier and is to be shown again, where it is this account's.
    ///
    /// # Errors
    /// What the store says.
    pub fn unsent(&self, action: &str) -> Result<Option<Unsent>, PageError> {
        let Some(id) = &self.caller.unsent else { return Ok(None) };
        let content = unsent_in(self.view.unsent_forms(self.site.now_ms())?, id);
        Ok(content.filter(|content| content.action == action))
    }

    /// Today, as the site has it.
    pub fn today(&self) -> Day {
        (self.site.today)()
    }

    /// Path and query of the page, without a form that is shown again on it.
    pub fn path(&self) -> String {
        without_asked(&self.caller.path)
    }

    /// The token of the forms of this page: it tells whose they are, also when the session has ended.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub fn form_token(&self) -> Result<String, PageError> {
        let unsent = self.caller.unsent.clone().unwrap_or_default();
        let account = self.actor.account.clone();
        let owner = Owner { account, made_ms: self.site.now_ms(), page: self.path(), unsent };
        Ok(owner.token(&self.running.store, &self.caller.form_secret())?)
    }

    /// The offices that the account holds today besides its own.
    pub fn offices(&self) -> &[Office] {
        &self.caller.offices
    }

    /// The office in which the account works; `None` in its own.
    pub fn office(&self) -> Option<&Office> {
        self.offices().iter().find(|office| office.actor == *self.actor)
    }

    /// The token of the session.
    pub(in crate::http) fn session_token(&self) -> &str {
        &self.caller.token
    }

    /// Runs work that takes much memory in its turn: a picture is decoded.
    pub fn in_turn_of_pictures<T>(&self, work: impl FnOnce() -> T) -> T {
        let _turn = block_on(self.running.pictures.acquire());
        work()
    }
}

/// Runs work that blocks on a thread that may.
///
/// # Errors
/// What `work` says; `Broken` when it panicked.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PageError> + Send + 'static,
) -> Result<T, PageError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| PageError::Broken(error.to_string()))?
}
