//! What a page says above a form that is shown again, and how a kept form is listed.

use super::fill;
use crate::http::preferences::{Preferences, cookie};
use crate::http::session::{FormSecret, SESSION_COOKIE};
use crate::http::site::Shared;
use crate::http::trouble::PageError;
use crate::http::unsent::Unsent;
use crate::parts::catalog::Catalog;
use crate::parts::field::text_of;
use askama::Template;
use axum::http::HeaderMap;
use model::written::truth_of;
use model::{Kind, Value};
use policy::declare::Column;
use words::Language;

/// Where the note stands: at the top of a page's content.
const CONTENT: &str = "<main class=\"sw-main\" id=\"main\" tabindex=\"-1\">";
/// Fields of forms that are not typed.
const CONTROLS: [&str; 8] = ["version", "step", "stage", "again", "confirm", "back", "form_token", "reset"];

#[derive(Template)]
#[template(path = "unsent_note.html")]
struct Note<'a> {
    language: Language,
    /// The form, where it is kept.
    id: Option<&'a str>,
    /// Its fields have their places on this page.
    is_filled: bool,
    files: Option<String>,
    /// What was typed and has no place in the form as it is now.
    unplaced: Vec<UnsentLine>,
    form_token: String,
}

/// A field of a kept form, as people read it.
pub struct UnsentLine {
    pub label: String,
    pub text: String,
}

/// The page with the form filled in and a note above. Without `kept` the note says that nothing is kept.
///
/// # Errors
/// `Broken` when the note cannot be written.
pub fn with_note(
    shared: &Shared,
    headers: &HeaderMap,
    html: String,
    kept: Option<(&str, &Unsent)>,
) -> Result<String, PageError> {
    let language = Preferences::of(headers).language;
    let catalog = Catalog::new(&shared.site, language);
    let secret = cookie(headers, SESSION_COOKIE).map(|cookie| FormSecret::of(&cookie));
    let filled = kept.and_then(|(_, content)| fill::fill(&html, &content.action, &content.fields));
    let unplaced = match (kept, &filled) {
        (None, _) => Vec::new(),
        (Some((_, content)), None) => lines(content, &catalog, |_| true),
        (Some((_, content)), Some(filled)) => {
            lines(content, &catalog, |name| filled.unplaced.iter().any(|one| one == name))
        }
    };
    let files = kept.map_or(0, |(_, content)| content.files);
    let note = Note {
        language,
        id: kept.map(|(id, _)| id),
        is_filled: filled.is_some(),
        files: (files > 0).then(|| language.fill("unsent_files", &[("count", &files)])),
        unplaced,
        form_token: secret.map(|secret| secret.token()).unwrap_or_default(),
    };
    let html = filled.map_or(html, |filled| filled.html);
    let note = note.render()?;
    Ok(match html.split_once(CONTENT) {
        Some((above, below)) => format!("{above}{CONTENT}{note}{below}"),
        None => html,
    })
}

/// What was typed, without what only steers the form; labelled where the register knows the field.
pub fn lines(content: &Unsent, catalog: &Catalog<'_>, is_shown: impl Fn(&str) -> bool) -> Vec<UnsentLine> {
    let register = content.action.strip_prefix("/registers/").and_then(|rest| rest.split('/').next());
    let register = register.or(content.action.starts_with("/leads/").then_some(catalog.lead()));
    let is_typed = |name: &str| {
        let is_steering = ["rows.", "held.", "record-", "drop.", "gone."].iter().any(|begin| name.starts_with(begin));
        !CONTROLS.contains(&name) && !is_steering
    };
    let column = |name: &str| {
        let field = name.rsplit('.').next().unwrap_or(name);
        let field = field.strip_prefix("field_").unwrap_or(field);
        register.and_then(|register| catalog.column(register, field))
    };
    let typed =
        content.fields.iter().filter(|(name, text)| is_typed(name) && is_shown(name) && !text.trim().is_empty());
    let line = |(name, text): &(String, String)| match column(name) {
        Some(column) => UnsentLine { label: catalog.column_label(column), text: chosen(column, text.trim(), catalog) },
        None => UnsentLine { label: String::new(), text: text.trim().to_owned() },
    };
    typed.map(line).collect()
}

/// What was chosen from a list, by its label; everything else as it was typed.
fn chosen(column: &Column, text: &str, catalog: &Catalog<'_>) -> String {
    match column.kind {
        Kind::Code => text_of(column, &Value::Text(text.to_owned()), catalog),
        Kind::Region => text.parse().map_or_else(|_| text.to_owned(), |place| catalog.place(place)),
        Kind::Bool => truth_of(text)
            .ok()
            .flatten()
            .map_or_else(|| text.to_owned(), |truth| text_of(column, &Value::Bool(truth), catalog)),
        _ => text.to_owned(),
    }
}
