//! One request of somebody who is signed in (`Visit`), or not (`Guest`), and the forms they send (`Sent`).

use crate::http::preferences::{Preferences, cookie};
use crate::http::session::{FormSecret, GUEST_COOKIE, SESSION_COOKIE};
use crate::http::site::{Shared, Site};
use crate::http::trouble::PageError;
use crate::http::unsent::{Unsent, asked_in, page_of};
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::Method;
use axum::http::request::Parts;
use model::{Actor, Day};
use policy::declare::Permission;
use serde::Serialize;
use std::collections::BTreeMap;
use store::{Command, Receipt, Refusal, RefusalKind, Store, View};

/// A request of a signed-in account. What it reads goes through `read` or `view`, what it changes through `apply`, `enqueue` or `keep`;
/// all of them are bound to the actor.
pub struct Visit {
    pub shared: Shared,
    pub preferences: Preferences,
    pub actor: Actor,
    pub token: String,
    /// Path and query of a page, to come back to.
    pub path: String,
    /// A form that is to be shown again on the page.
    pub unsent: Option<String>,
}

impl FromRequestParts<Shared> for Visit {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Visit, PageError> {
        let path = match parts.method == Method::POST {
            true => page_of(parts.uri.path()),
            false => parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        };
        let unsent = asked_in(parts.uri.query());
        let is_fragment = parts.headers.contains_key("hx-request");
        let sign_in = || PageError::SignIn { next: path.clone(), is_fragment };
        let token = cookie(&parts.headers, SESSION_COOKIE).ok_or_else(sign_in)?;
        let (store, asked, at_ms) = (shared.site.store.clone(), token.clone(), shared.site.now_ms());
        let actor = blocking(move || Ok(store.session(&asked, at_ms)?)).await?.ok_or_else(sign_in)?;
        let preferences = Preferences::of(&parts.headers);
        Ok(Visit { shared: shared.clone(), preferences, actor, token, path, unsent })
    }
}

impl Visit {
    /// Reads through the actor's view on a blocking thread.
    ///
    /// # Errors
    /// What `work` says; a broken store becomes a page that says so.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&View, &Site) -> Result<T, PageError> + Send + 'static,
    ) -> Result<T, PageError> {
        let (shared, actor) = (self.shared.clone(), self.actor.clone());
        blocking(move || work(&shared.site.store.view(&actor), &shared.site)).await
    }

    /// What the actor may see. Blocks on the store where it is asked for rows.
    pub fn view(&self) -> View {
        self.shared.site.store.view(&self.actor)
    }

    /// Makes a change through the store's door on a blocking thread; a refusal is given back to be shown where it belongs.
    ///
    /// # Errors
    /// What a broken store says.
    pub async fn apply(&self, command: Command) -> Result<Result<Receipt, Refusal>, PageError> {
        let mut answers = self.apply_each(vec![command]).await?;
        answers.pop().ok_or_else(|| PageError::Broken("a command without an answer".to_owned()))
    }

    /// Makes changes one after the other, each by itself, and gives what became of each. They are all made, even where nobody waits
    /// for the answer any more.
    ///
    /// # Errors
    /// What a broken store says; what was changed before stays.
    pub async fn apply_each(&self, commands: Vec<Command>) -> Result<Vec<Result<Receipt, Refusal>>, PageError> {
        let (shared, actor, today) = (self.shared.clone(), self.actor.clone(), self.today());
        blocking(move || {
            let one = |command| match shared.site.store.apply(&actor, today, shared.site.now_ms(), command) {
                Err(Refusal { kind: RefusalKind::Store(error), .. }) => Err((*error).into()),
                answer => Ok(answer),
            };
            let answers = commands.into_iter().map(one).collect();
            shared.forget_counts();
            answers
        })
        .await
    }

    /// Orders slow work and gives the number of its job. Of orders with the same `dedupe` that wait or run there is one.
    ///
    /// # Errors
    /// What the store says.
    pub async fn enqueue(&self, kind: &'static str, order: &impl Serialize, dedupe: String) -> Result<i64, PageError> {
        let order = serde_json::to_value(order).map_err(|error| PageError::Broken(error.to_string()))?;
        let (shared, actor) = (self.shared.clone(), self.actor.clone());
        blocking(move || Ok(shared.site.store.enqueue(&actor, kind, &order, &dedupe, shared.site.now_ms())?)).await
    }

    /// Keeps or forgets what is the actor's own and no record: preferences, searches, what was read, forms that were not taken.
    ///
    /// # Errors
    /// What `work` says.
    pub async fn keep<T: Send + 'static>(
        &self,
        work: impl FnOnce(&View, &Store) -> Result<T, PageError> + Send + 'static,
    ) -> Result<T, PageError> {
        let (shared, actor) = (self.shared.clone(), self.actor.clone());
        blocking(move || work(&shared.site.store.view(&actor), &shared.site.store)).await
    }

    /// # Errors
    /// `Forbidden` unless the role has the permission.
    pub fn need(&self, permission: Permission) -> Result<(), PageError> {
        if self.may(permission) { Ok(()) } else { Err(PageError::Forbidden) }
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.view().may(permission)
    }

    /// What was sent to `action` earlier and is to be shown again, where it is this account's.
    ///
    /// # Errors
    /// What the store says.
    pub async fn unsent(&self, action: &str) -> Result<Option<Unsent>, PageError> {
        let Some(id) = self.unsent.clone() else { return Ok(None) };
        let found = self.read(move |view, site| Ok(site.store.unsent(view.actor(), &id, site.now_ms())?)).await?;
        let content = found.and_then(|form| serde_json::from_str::<Unsent>(&form.content).ok());
        Ok(content.filter(|content| content.action == action))
    }

    pub fn today(&self) -> Day {
        (self.shared.site.today)()
    }

    pub fn form_secret(&self) -> FormSecret {
        FormSecret::of(&self.token)
    }
}

/// A request of anybody. `secret` belongs to the guest cookie, which is set with the page when it is `fresh`.
pub struct Guest {
    pub preferences: Preferences,
    pub secret: FormSecret,
    pub fresh: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Guest {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Guest, Self::Rejection> {
        let preferences = Preferences::of(&parts.headers);
        let kept = cookie(&parts.headers, GUEST_COOKIE).filter(|text| text.len() == 64);
        let fresh = if kept.is_none() { Some(crate::http::session::new_token()) } else { None };
        let secret = FormSecret::of(kept.as_deref().or(fresh.as_deref()).unwrap_or_default());
        Ok(Guest { preferences, secret, fresh })
    }
}

/// A form sent by a signed-in account, with a right form token.
pub struct Sent {
    pub visit: Visit,
    pub fields: Fields,
}

/// The fields of a form by name.
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads the fields of a request.
    ///
    /// # Errors
    /// `FormExpired` when the body is no form, `Malformed` when a field comes twice.
    pub async fn read(request: Request) -> Result<Fields, PageError> {
        let Form(pairs) =
            Form::<Vec<(String, String)>>::from_request(request, &()).await.map_err(|_| PageError::FormExpired)?;
        let sent = pairs.len();
        let fields: BTreeMap<String, String> = pairs.into_iter().collect();
        // Each field of these forms is one; of two texts one would be passed over in silence.
        if fields.len() == sent { Ok(Fields(fields)) } else { Err(PageError::Malformed) }
    }

    /// The field's text without spaces around it; empty where it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |text| text.trim())
    }

    /// The text as it was typed, for passwords.
    pub fn exact(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Names and texts that begin with `prefix`, the prefix left out; empty texts are left out.
    pub fn with_prefix(&self, prefix: &str) -> Vec<(String, String)> {
        self.0
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix(prefix)?.to_owned(), text.trim().to_owned())))
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }
}

impl From<Vec<(String, String)>> for Fields {
    fn from(pairs: Vec<(String, String)>) -> Fields {
        Fields(pairs.into_iter().collect())
    }
}

impl FromRequest<Shared> for Sent {
    type Rejection = PageError;

    async fn from_request(request: Request, shared: &Shared) -> Result<Sent, PageError> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, shared).await?;
        let fields = Fields::read(Request::from_parts(parts, body)).await?;
        if !visit.form_secret().made(fields.text("form_token")) {
            return Err(PageError::FormExpired);
        }
        Ok(Sent { visit, fields })
    }
}

/// Runs slow reading on a thread that may block.
///
/// # Errors
/// What `work` says; `Broken` when it panicked.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PageError> + Send + 'static,
) -> Result<T, PageError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| PageError::Broken(error.to_string()))?
}
