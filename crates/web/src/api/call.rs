//! One call of the API: whose token it carries, what it may, and what was sent.

use crate::api::fault::{Fault, Problem};
use crate::api::if_match::IfMatch;
use crate::api::json::{self, Wrong};
use crate::http::in_flight::Held;
use crate::http::site::Shared;
use crate::http::trouble::AGAIN_SECONDS;
use crate::http::visit::{Caller, Visit};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use policy::declare::Register;
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use store::{Bearer, Command, Once, Receipt, Scope};

/// Bytes of a JSON body, and of a file, at most.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
pub const FILE_BYTES_MAX: usize = crate::http::picture::PICTURE_BYTES_MAX;
/// The header that makes a change safe to be sent again.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The header that names the office for which a deputy calls: `<role>@<place>`.
pub const ACT_FOR: &str = "act-for";
/// Characters of such a key at most.
pub const KEY_MAX: usize = 255;

/// What was sent with a valid token.
pub struct Sent {
    caller: Caller,
    bearer: Bearer,
    /// Names of the register, record … in the path.
    named: HashMap<String, String>,
    /// Parameters of the query, in their order.
    parameters: Vec<(String, String)>,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
    _held: Held,
}

impl FromRequest<Shared> for Sent {
    type Rejection = Fault;

    async fn from_request(request: Request, shared: &Shared) -> Result<Sent, Fault> {
        let (mut parts, body) = request.into_parts();
        let bearer = in_office(bearer(&parts, shared).await?, &parts, shared).await?;
        shared.turn_of(&bearer).map_err(|seconds| Fault::new(Problem::TooMany).again_after(seconds))?;
        let named = Path::<HashMap<String, String>>::from_request_parts(&mut parts, shared).await;
        let Path(named) = named.map_err(|_| Fault::new(Problem::Missing))?;
        let parameters = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let parameters = parameters.map_err(|_| Fault::new(Problem::Malformed))?.0;
        let (method, path, headers) = (parts.method.clone(), parts.uri.path().to_owned(), parts.headers.clone());
        let mut held = Held::default();
        let most = if path.ends_with("/attachments") { FILE_BYTES_MAX } else { BODY_BYTES_MAX };
        let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let expected: usize = announced.unwrap_or(if method == Method::GET { 0 } else { most });
        let crowded = |_| {
            Fault::new(Problem::Waiting).saying(words::wording!("error_crowded_why")).again_after(AGAIN_SECONDS.into())
        };
        shared.in_flight.hold(&mut held, expected.min(most)).map_err(crowded)?;
        let body = Bytes::from_request(Request::from_parts(parts, body), shared).await;
        let body = body.map_err(|rejection| {
            let is_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
            Fault::new(if is_large { Problem::TooLarge } else { Problem::Malformed })
        })?;
        let caller = Caller::program(shared.clone(), bearer.actor.clone(), path.clone());
        Ok(Sent { caller, bearer, named, parameters, method, path, headers, body, _held: held })
    }
}

/// Whose token the request carries. Cookies are not looked at.
async fn bearer(parts: &Parts, shared: &Shared) -> Result<Bearer, Fault> {
    let line = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = line.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Fault::new(Problem::Unauthenticated));
    }
    let (shared, token) = (shared.clone(), token.trim().to_owned());
    let found = blocking(move || Ok(shared.bearer_of(&token)?)).await?;
    found.ok_or_else(|| Fault::new(Problem::Unauthenticated))
}

/// The account in the office that the call names; in its own where it names none.
async fn in_office(bearer: Bearer, parts: &Parts, shared: &Shared) -> Result<Bearer, Fault> {
    let Some(office) = parts.headers.get(ACT_FOR) else { return Ok(bearer) };
    let Ok(office) = office.to_str() else {
        let fault = Fault::invalid("Act-For", words::wording("api_office_unreadable", &[]));
        return Err(fault.with_hint(words::wording("api_office_unreadable_hint", &[])));
    };
    let office = office.trim().to_owned();
    let (running, own, name) = (shared.clone(), bearer.actor.clone(), office.clone());
    let held = blocking(move || Ok(running.in_office(&own, &name)?)).await?;
    let fault = || {
        Fault::new(Problem::Forbidden)
            .saying(words::wording("api_office_not_held", &[("office", &echo(&office))]))
            .with_hint(words::wording("api_office_hint", &[]))
    };
    Ok(Bearer { actor: held.ok_or_else(fault)?, ..bearer })
}

/// A call that reads: everything that the handler reads is one state of the database.
pub fn read<H>(method: MethodFilter, handler: H) -> MethodRouter<Shared>
where
    H: Fn(&Call<'_>) -> Result<Response, Fault> + Clone + Send + Sync + 'static,
{
    on(method, async move |sent: Sent| {
        blocking(move || {
            sent.caller.visit().read_transaction(|visit| handler(&Call { visit, bearer: &sent.bearer, sent: &sent }))
        })
        .await
    })
}

/// A call that changes something: each read sees what stands at its moment.
pub fn change<H>(method: MethodFilter, handler: H) -> MethodRouter<Shared>
where
    H: Fn(&Call<'_>) -> Result<Response, Fault> + Clone + Send + Sync + 'static,
{
    on(method, async move |sent: Sent| {
        blocking(move || handler(&Call { visit: &sent.caller.visit(), bearer: &sent.bearer, sent: &sent })).await
    })
}

/// A call as its handler has it.
pub struct Call<'c> {
    /// What the account reads and changes.
    pub visit: &'c Visit<'c>,
    /// What the token may.
    pub bearer: &'c Bearer,
    sent: &'c Sent,
}

impl<'c> Call<'c> {
    /// A part of the path.
    pub fn named(&self, name: &str) -> &'c str {
        self.sent.named.get(name).map_or("", String::as_str)
    }

    /// The register of the path, if the account sees it and the token may do this with it.
    ///
    /// # Errors
    /// `Missing` for a register that the account does not see, `Forbidden` where the token's scopes do not hold it.
    pub fn register(&self, may: impl Fn(String) -> Scope) -> Result<&'c Register, Fault> {
        let name = self.named("name");
        if !self.visit.view().registers().iter().any(|seen| seen == name) {
            return Err(Fault::new(Problem::Missing));
        }
        self.need(&may(name.to_owned()))?;
        self.visit.site.package.registers.get(name).ok_or_else(|| Fault::new(Problem::Missing))
    }

    /// # Errors
    /// `Forbidden` where none of the token's scopes holds it.
    pub fn need(&self, scope: &Scope) -> Result<(), Fault> {
        if self.bearer.may(scope) {
            return Ok(());
        }
        Err(Fault::new(Problem::Forbidden)
            .saying(words::wording("api_scope_missing", &[("scope", &scope)]))
            .with_hint(words::wording("api_scope_hint", &[])))
    }

    /// Makes a change through the door. With an idempotency key, the same request again gets the first receipt.
    ///
    /// # Errors
    /// What the door says; `KeyReused` for the key of another request.
    pub fn apply(&self, command: Command) -> Result<Receipt, Fault> {
        let key = self.idempotency_key()?;
        let Sent { method, path, body, .. } = self.sent;
        let office = self.sent.headers.get(ACT_FOR).map_or(&b""[..], HeaderValue::as_bytes);
        let request = [method.as_str().as_bytes(), b"\n", path.as_bytes(), b"\n", office, body].concat();
        let once = key.as_ref().map(|key| Once { token: &self.bearer.token_id, key, request: &request });
        self.visit.apply_once(command, once.as_ref()).map_err(|refusal| self.conceal_record(Fault::from(refusal)))
    }

    /// A record that stands in the way is named only to those who may see it.
    fn conceal_record(&self, fault: Fault) -> Fault {
        let Some(record) = &fault.record else { return fault };
        let seen = self.visit.view().record(self.named("name"), record, self.visit.today());
        if seen.is_ok_and(|seen| seen.is_some()) {
            return fault;
        }
        Fault { fields: fault.fields, ..Fault::new(Problem::Conflict) }
    }

    fn idempotency_key(&self) -> Result<Option<String>, Fault> {
        let Some(value) = self.sent.headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
        let text = value.to_str().ok().map(str::trim).filter(|text| !text.is_empty() && text.len() <= KEY_MAX);
        match text {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(Fault::invalid("Idempotency-Key", words::wording("api_key_form", &[("most", &KEY_MAX)]))),
        }
    }

    /// The versions that the change may be made from: `If-Match: "3"`.
    ///
    /// # Errors
    /// `Unconditional` where the header is missing.
    pub fn if_match(&self) -> Result<IfMatch, Fault> {
        IfMatch::of(&self.sent.headers).ok_or_else(|| Fault::new(Problem::Unconditional))
    }

    /// The members of the JSON object in the body, which may have these and no others.
    ///
    /// # Errors
    /// `MediaType`, `Malformed`, or `Invalid` with the members that are not known or stand twice.
    pub fn object(&self, known: &[&str]) -> Result<Map<String, Json>, Fault> {
        let kind = self.sent.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if kind != "application/json" && kind != "application/merge-patch+json" {
            return Err(Fault::new(Problem::MediaType));
        }
        let json = json::read(&self.sent.body).map_err(|wrong| match wrong {
            Wrong::Malformed => Fault::new(Problem::Malformed),
            Wrong::Twice(path) => Fault::invalid(&echo(&path), words::wording("api_member_twice", &[])),
        })?;
        let Json::Object(members) = json else {
            return Err(Fault::new(Problem::Invalid).saying(words::wording("api_body_object", &[])));
        };
        let unknown: Vec<String> =
            members.keys().filter(|name| !known.contains(&name.as_str())).map(|name| echo(name)).collect();
        if unknown.is_empty() {
            return Ok(members);
        }
        let why = words::wording("api_members_unknown", &[("known", &known.join(", "))]);
        Err(Fault::new(Problem::Invalid).saying(why).naming(first(unknown)))
    }

    /// The body as it was sent.
    pub fn bytes(&self) -> &'c Bytes {
        &self.sent.body
    }

    /// Parameters that no one knows are refused, and so are those that come twice.
    ///
    /// # Errors
    /// `Invalid` with the parameters.
    pub fn only_parameters(&self, known: &[&str]) -> Result<(), Fault> {
        let names: Vec<&String> = self.sent.parameters.iter().map(|(name, _)| name).collect();
        let wrong = names
            .iter()
            .enumerate()
            .filter(|(at, name)| !known.contains(&name.as_str()) || names[..*at].contains(name));
        let wrong: Vec<String> = wrong.map(|(_, name)| echo(name)).collect();
        if wrong.is_empty() {
            return Ok(());
        }
        Err(Fault::new(Problem::Invalid).saying(words::wording("api_parameters_unknown", &[])).naming(first(wrong)))
    }

    /// Parameters of the query, in their order.
    pub fn parameters(&self) -> &'c [(String, String)] {
        &self.sent.parameters
    }

    /// The value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.sent.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Names of the caller's own that go back to it, cut short.
pub fn echo(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(100).collect()
}

/// The first of many.
pub fn first(mut names: Vec<String>) -> Vec<String> {
    names.truncate(20);
    names
}

/// Runs work that blocks on a thread that may block.
///
/// # Errors
/// What `work` says; `Broken` when it panicked.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Fault::broken(&error))?
}
