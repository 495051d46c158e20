//! What lists share: choices, the way from page to page, and figures in cards.

use crate::http::address;
use crate::parts::catalog::Catalog;
use crate::parts::show;

/// Rows on one page of a list.
pub const PAGE_ROWS: u32 = 50;
/// One choice of a drop-down list.
pub struct Choice {
    pub value: String,
    pub text: String,
    pub chosen: bool,
}

impl Choice {
    /// Choices of which the one with value `chosen` is marked.
    pub fn list(pairs: impl IntoIterator<Item = (String, String)>, chosen: &str) -> Vec<Choice> {
        pairs.into_iter().map(|(value, text)| Choice { chosen: value == chosen, value, text }).collect()
    }
}

/// Links to the first and the next page of a list.
#[derive(Default)]
pub struct Pager {
    pub first: Option<String>,
    pub next: Option<String>,
}

impl Pager {
    /// `parameters`: what the page is filtered by; `after`: where this page began; `next`: where the next one begins.
    pub fn new(path: &str, parameters: &[(&str, &str)], after: Option<&str>, next: Option<&str>) -> Pager {
        let with = |after: &str| {
            let mut all = parameters.to_vec();
            all.push(("after", after));
            address::with(path, &all)
        };
        Pager { first: after.map(|_| with("")), next: next.map(with) }
    }
}

/// A figure in a card; without address it is no link.
pub struct Card {
    pub address: String,
    pub label: String,
    pub number: String,
    pub class: &'static str,
    pub note: String,
}

impl Card {
    /// A number of rows that leads nowhere; its label is the word `key`, its note the word `<key>_note`. Nought is plain.
    pub fn of_rows(catalog: &Catalog<'_>, key: &str, number: u64, class: &'static str) -> Card {
        Card {
            address: String::new(),
            label: catalog.language.say(key).to_owned(),
            number: show::count(number),
            class: if number > 0 { class } else { "" },
            note: catalog.language.say(&format!("{key}_note")).to_owned(),
        }
    }
}

/// A text of a query, without spaces around it; `None` where it is missing or empty.
pub fn filled(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
