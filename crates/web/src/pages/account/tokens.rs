//! 程序令牌: one's own tokens for other systems: made, shown once, revoked.

use crate::http::fields::Fields;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page, see_other};
use crate::http::visit::Visit;
use crate::parts::catalog::Catalog;
use crate::parts::shell::{Crumb, Shell};
use askama::Template;
use model::Day;
use store::{Command, NewToken, RefusalKind, Scope, TokenShown, View};

/// A token of the list.
struct TokenLine {
    id: String,
    name: String,
    scopes: String,
    expires: String,
    used: String,
    state: &'static str,
    class: &'static str,
    is_in_force: bool,
    revoke: String,
}

/// What a token may be given of a register.
struct ScopeLine {
    label: String,
    choices: Vec<ScopeChoice>,
}

struct ScopeChoice {
    value: String,
    text: &'static str,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    shell: Shell,
    /// The token that was just made.
    made: Option<String>,
    /// Why none was made, and what to do.
    fault: Option<(String, String)>,
    name: String,
    expires: String,
    today: Day,
    all: bool,
    scopes: Vec<ScopeLine>,
    tokens: Vec<TokenLine>,
}

/// `GET /tokens`
pub fn show(visit: &Visit<'_>, (): ()) -> Answer {
    shown(visit, None, None, &TypedToken::default())
}

/// What was typed, to be shown again beside a fault.
#[derive(Default)]
struct TypedToken {
    name: String,
    expires: String,
    scopes: Vec<String>,
}

/// `POST /tokens`: makes a token and shows it, once.
pub fn make(visit: &Visit<'_>, (): (), fields: &Fields) -> Answer {
    let typed = TypedToken {
        name: fields.text("name").to_owned(),
        expires: fields.text("expires_on").to_owned(),
        scopes: fields.with_prefix("scope_").into_iter().map(|(scope, _)| scope).collect(),
    };
    let scopes: Vec<Scope> = typed.scopes.iter().filter_map(|text| text.parse().ok()).collect();
    let expires_on = match typed.expires.as_str() {
        "" => None,
        text => Some(text.parse::<Day>().map_err(|_| PageError::FormExpired)?),
    };
    let account = visit.actor.account.clone();
    let new = NewToken { name: typed.name.clone(), account, scopes, expires_on };
    match visit.apply(Command::AddToken(new))? {
        Ok(receipt) => shown(visit, receipt.text, None, &TypedToken::default()),
        Err(refusal) if matches!(refusal.kind, RefusalKind::Invalid) => {
            let language = visit.preferences.language;
            let why = refusal.what.of(language).to_owned();
            let hint = refusal.hint.of(language).to_owned();
            shown(visit, None, Some((why, hint)), &typed)
        }
        Err(refusal) => Err(PageError::refused(refusal, visit.preferences.language, "/tokens")),
    }
}

/// `POST /tokens/revoke`
pub fn revoke(visit: &Visit<'_>, (): (), fields: &Fields) -> Answer {
    let token_id = fields.text("token").to_owned();
    match visit.apply(Command::RevokeToken { token_id })? {
        Ok(_) => Ok(see_other("/tokens")),
        Err(refusal) => Err(PageError::refused(refusal, visit.preferences.language, "/tokens")),
    }
}

fn shown(visit: &Visit<'_>, made: Option<String>, fault: Option<(String, String)>, typed: &TypedToken) -> Answer {
    visit.read_transaction(|visit| page(&tokens_page(visit, made, fault, typed)?))
}

fn tokens_page(
    visit: &Visit<'_>,
    made: Option<String>,
    fault: Option<(String, String)>,
    typed: &TypedToken,
) -> Result<TokensPage, PageError> {
    let language = visit.preferences.language;
    let title = language.say("tokens_title").to_owned();
    let shell = visit.shell(title.clone(), vec![Crumb::here(title)])?;
    let (view, today) = (visit.view(), visit.today());
    let catalog = Catalog::new(visit.site, language);
    let tokens = view.tokens()?.iter().map(|token| token_line(token, today, &catalog)).collect();
    let scopes = scope_lines(view, &catalog, &typed.scopes);
    let all = typed.scopes.iter().any(|scope| scope == "*");
    let (name, expires) = (typed.name.clone(), typed.expires.clone());
    Ok(TokensPage { shell, made, fault, name, expires, today, all, scopes, tokens })
}

fn token_line(token: &TokenShown, today: Day, catalog: &Catalog<'_>) -> TokenLine {
    let language = catalog.language;
    let is_expired = token.expires_on.is_some_and(|last| last < today);
    let (state, class) = match token.revoked_ms {
        Some(_) => ("tokens_revoked", ""),
        None if is_expired => ("tokens_expired", ""),
        None => ("tokens_in_force", "sw-tag-low"),
    };
    let scope = |scope: &Scope| match scope {
        Scope::All => language.say("tokens_all").to_owned(),
        Scope::Read(register) => format!("{} · {}", catalog.dataset(register), language.say("tokens_read")),
        Scope::Write(register) => format!("{} · {}", catalog.dataset(register), language.say("tokens_write")),
        Scope::Step(register) => format!("{} · {}", catalog.dataset(register), language.say("tokens_step")),
    };
    let scopes: Vec<String> = token.scopes.iter().map(scope).collect();
    TokenLine {
        id: token.token_id.clone(),
        name: token.name.clone(),
        scopes: scopes.join(language.pick("；", "; ")),
        expires: token.expires_on.map_or_else(|| language.say("tokens_no_end").to_owned(), |day| day.to_string()),
        used: token.used_ms.map_or_else(|| language.say("tokens_never").to_owned(), model::moment_at),
        state: language.say(state),
        class,
        is_in_force: token.revoked_ms.is_none() && !is_expired,
        revoke: language.fill("tokens_revoke_of", &[("name", &token.name)]),
    }
}

/// What the account may of each register, as a token can be given it.
fn scope_lines(view: &View, catalog: &Catalog<'_>, chosen: &[String]) -> Vec<ScopeLine> {
    let seen = view.registers().into_iter().filter_map(|name| Some((catalog.register(&name)?, name)));
    seen.map(|(register, name)| {
        let steps = register.step.iter().any(|step| view.has_right(register, &step.roles));
        let may = [
            (Scope::Read(name.clone()), "tokens_read", true),
            (Scope::Write(name.clone()), "tokens_write", view.has_right(register, &register.may_enter)),
            (Scope::Step(name.clone()), "tokens_step", steps),
        ];
        let choices = may.into_iter().filter(|(.., may)| *may).map(|(scope, word, _)| {
            let value = scope.to_string();
            ScopeChoice { chosen: chosen.contains(&value), value, text: catalog.language.say(word) }
        });
        ScopeLine { label: catalog.dataset(&name), choices: choices.collect() }
    })
    .collect()
}
