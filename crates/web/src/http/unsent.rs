//! A form that could not be taken when it was sent, and the addresses that ask for it again.

use crate::http::typed::Typed;
use serde::{Deserialize, Serialize};
use store::UnsentForm;

/// The parameter of an address that names the form to show again.
pub const UNSENT: &str = "unsent";

/// What is kept of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// Where it was sent.
    pub action: String,
    /// The page on which it stands.
    pub page: String,
    pub fields: Vec<(String, String)>,
    /// Files that came with it and were not kept.
    pub files: u32,
}

impl Unsent {
    /// The address of the page with the form filled in.
    pub fn address(&self, id: &str) -> String {
        let mark = if self.page.contains('?') { '&' } else { '?' };
        format!("{}{mark}{UNSENT}={id}", self.page)
    }

    /// What was typed, as a form reads it.
    pub fn typed(&self) -> Typed {
        let mut typed = Typed::default();
        for (name, text) in &self.fields {
            typed.add(name, text.clone());
        }
        typed
    }
}

/// What is kept under an id among an account's forms.
pub fn unsent_in(forms: Vec<UnsentForm>, id: &str) -> Option<Unsent> {
    let form = forms.into_iter().find(|form| form.id == id)?;
    serde_json::from_str(&form.content).ok()
}

/// The page on which the form stands that goes to `path`.
pub fn page_of(path: &str) -> String {
    let (folder, last) = path.rsplit_once('/').unwrap_or(("", path));
    let is_of_list = folder.starts_with("/registers/") && matches!(last, "search" | "columns" | "export");
    let is_beside = matches!(last, "step" | "withdraw" | "unmask" | "revoke" | "read" | "export" | "submit" | "forget");
    match (is_of_list, is_beside || path == "/screen") {
        (true, _) => format!("{folder}/records"),
        (_, true) if folder.is_empty() => "/".to_owned(),
        (_, true) => folder.to_owned(),
        _ => path.to_owned(),
    }
}

/// The form that an address asks to be shown again.
pub fn asked_in(query: Option<&str>) -> Option<String> {
    let id = query?.split('&').find_map(|pair| pair.strip_prefix(UNSENT)?.strip_prefix('='))?;
    let is_id = id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_id.then(|| id.to_owned())
}

/// The address without the form that it asks for.
pub fn without_asked(address: &str) -> String {
    let Some((path, query)) = address.split_once('?') else { return address.to_owned() };
    let others: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with(&format!("{UNSENT}="))).collect();
    if others.is_empty() { path.to_owned() } else { format!("{path}?{}", others.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_the_page_on_which_it_stands() {
        let cases = [
            ("/registers/garden/export", "/registers/garden/records"),
            ("/leads", "/leads"),
            ("/registers/garden/records/7/step", "/registers/garden/records/7"),
            ("/registers/garden/records/7/correct", "/registers/garden/records/7/correct"),
            ("/registers/garden/records/new", "/registers/garden/records/new"),
            ("/registers/garden/search", "/registers/garden/records"),
            ("/registers/garden/import/submit", "/registers/garden/import"),
            ("/registers/garden/bulk", "/registers/garden/bulk"),
            ("/tokens/revoke", "/tokens"),
            ("/screen", "/"),
            ("/import", "/import"),
        ];
        for (path, page) in cases {
            assert_eq!(page_of(path), page, "{path}");
        }
    }

    #[test]
    fn an_address_asks_for_one_form() {
        let id = "0123456789abcdef0123456789abcdef";
        let asking = format!("a=1&unsent={id}&b=2");
        assert_eq!(asked_in(Some(&asking)).as_deref(), Some(id));
        for none in [None, Some(""), Some("unsent="), Some("unsent=../../x"), Some("xunsent=0")] {
            assert_eq!(asked_in(none), None, "{none:?}");
        }
        assert_eq!(without_asked(&format!("/x?{asking}")), "/x?a=1&b=2");
        assert_eq!(without_asked(&format!("/x?unsent={id}")), "/x");
        assert_eq!(without_asked("/x?a=1"), "/x?a=1");
    }
}
