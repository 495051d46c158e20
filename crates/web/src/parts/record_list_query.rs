//! What a list of records is asked for: the search, kept by its token or standing in the address, the order, the columns.

use crate::http::address;
use crate::http::trouble::PageError;
use crate::http::visit::Visit;
use crate::parts::catalog::NamedRegister;
use crate::parts::record_search::Search;
use model::{Class, Day, Kind};
use policy::declare::{Permission, Register};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{RecordFilter, RecordOrder, View};
use words::Language;

/// A list that somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct RecordListQuery {
    pub search: Search,
    /// The token of a search that may not stand in an address.
    pub token: Option<String>,
    pub order: Option<RecordOrder>,
    pub sees_names: bool,
}

/// A search as the store keeps it.
#[derive(Serialize, Deserialize)]
struct StoredSearch {
    register: String,
    search: Search,
}

/// Address of a register's list.
pub fn list_address(name: &str) -> String {
    format!("/registers/{}/records", address::url_part(name))
}

impl RecordListQuery {
    /// Reads what an address or a form asks for. Blocks on the store.
    ///
    /// # Errors
    /// `Refused` when the search is not kept any more.
    pub fn read(
        view: &View<'_>,
        NamedRegister { name, register }: NamedRegister<'_>,
        sent: &BTreeMap<String, String>,
        language: Language,
    ) -> Result<RecordListQuery, PageError> {
        let given = |input: &str| sent.get(input).map(|text| text.trim()).filter(|text| !text.is_empty());
        let sees_names = view.may(Permission::SeeNames);
        let token = given("search").map(str::to_owned);
        let search = match &token {
            None => Search::of(register, sees_names, sent).in_address(register, sees_names),
            Some(token) => kept_search(view, name, token)?.ok_or_else(|| expired(name, language))?,
        };
        let order =
            given("sort").map(|field| RecordOrder { field: field.to_owned(), descending: given("desc").is_some() });
        Ok(RecordListQuery { search, token, order, sees_names })
    }

    /// Takes a search form: what may not stand in an address is kept by the store. Blocks on the store.
    ///
    /// # Errors
    /// What the store says.
    pub fn keep(
        visit: &Visit<'_>,
        NamedRegister { name, register }: NamedRegister<'_>,
        sent: &BTreeMap<String, String>,
    ) -> Result<RecordListQuery, PageError> {
        let sees_names = visit.may(Permission::SeeNames);
        let search = Search::of(register, sees_names, sent);
        let order = sent.get("sort").filter(|field| register.sorts_by(field)).map(|field| RecordOrder {
            field: field.clone(),
            descending: sent.get("desc").is_some_and(|text| !text.is_empty()),
        });
        let token = match search.is_private(register, sees_names, visit.today()) {
            false => None,
            true => {
                let kept = StoredSearch { register: name.to_owned(), search: search.clone() };
                let kept = serde_json::to_string(&kept).map_err(|error| PageError::Broken(error.to_string()))?;
                Some(visit.keep_search(&kept)?)
            }
        };
        Ok(RecordListQuery { search, token, order, sees_names })
    }

    /// What an address or the hidden inputs of a form say to ask for the same list.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let mut parameters: Vec<(String, String)> = match &self.token {
            Some(token) => vec![pair("search", token)],
            None => self.search.pairs().map(|(name, text)| pair(name, text)).collect(),
        };
        if let Some(order) = &self.order {
            parameters.push(pair("sort", &order.field));
            parameters.extend(order.descending.then(|| pair("desc", "1")));
        }
        parameters
    }

    /// Address of the list.
    pub fn address(&self, name: &str) -> String {
        let parameters = self.parameters();
        let parameters: Vec<(&str, &str)> =
            parameters.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        address::with(&list_address(name), &parameters)
    }

    /// What the store is asked for; `None` where an input does not fit.
    pub fn filter(&self, register: &Register, today: Day) -> Option<RecordFilter> {
        self.search.filter(register, self.sees_names, today).ok()
    }

    /// The field by which the list is in order, and whether it descends.
    pub fn ordered_by<'query>(&'query self, register: &'query Register) -> Option<(&'query str, bool)> {
        match &self.order {
            Some(order) => Some((&order.field, order.descending)),
            None => register.list.sort.first().map(|field| (field.as_str(), false)),
        }
    }

    /// True when a heading may offer to put the list in order by the field.
    pub fn may_sort(&self, register: &Register, field: &str) -> bool {
        let Some(column) = register.field_named(field) else { return false };
        let is_hidden = column.kind == Kind::Name && !self.sees_names;
        register.sorts_by(field) && column.effective_class() < Class::Sensitive && !is_hidden
    }
}

/// The search that the actor's account keeps under a token for a register.
///
/// # Errors
/// What the store says.
pub fn kept_search(view: &View<'_>, register: &str, token: &str) -> Result<Option<Search>, store::StoreError> {
    let kept = view.search(token)?.and_then(|kept| serde_json::from_str::<StoredSearch>(&kept).ok());
    Ok(kept.filter(|kept| kept.register == register).map(|kept| kept.search))
}

fn expired(name: &str, language: Language) -> PageError {
    PageError::Refused {
        why: language.say("search_expired_why").to_owned(),
        hint: language.say("search_expired_hint").to_owned(),
        back: list_address(name),
    }
}

/// Name of the preference that holds the columns of a register's list.
pub fn columns_preference(name: &str) -> String {
    format!("columns/{name}")
}

/// The columns that the actor chose for a list, in the order of the form; the register's own where none were chosen.
/// Fields that the register does not have any more are left out, and of a pair of texts in two languages stands the one in this language.
/// Blocks on the store.
///
/// # Errors
/// What the store says.
pub fn chosen_columns(
    view: &View<'_>,
    NamedRegister { name, register }: NamedRegister<'_>,
    language: Language,
) -> Result<Vec<String>, store::StoreError> {
    let kept = view.preference(&columns_preference(name))?.unwrap_or_default();
    let chosen: BTreeSet<&str> = kept.split(',').collect();
    let columns: Vec<String> = offered_columns(register).filter(|field| chosen.contains(field.as_str())).collect();
    let columns = if columns.is_empty() { register.list.columns.clone() } else { columns };
    Ok(in_language(register, columns, language))
}

/// Of the fields those that are in this language, or the ones that say the same in it; each once.
fn in_language(register: &Register, columns: Vec<String>, language: Language) -> Vec<String> {
    let mut shown: Vec<String> = Vec::new();
    for name in columns {
        let chinese = name.strip_suffix("_en").filter(|chinese| register.field_named(chinese).is_some());
        let english = format!("{name}_en");
        let name = match (chinese, register.field_named(&english).is_some()) {
            (Some(chinese), _) if !language.reads_english() => chinese.to_owned(),
            (None, true) if language.reads_english() => english,
            _ => name,
        };
        if !shown.contains(&name) {
            shown.push(name);
        }
    }
    shown
}

/// All fields of a register as the form offers them: those of its list first, then the others in declared order.
pub fn offered_columns(register: &Register) -> impl Iterator<Item = String> {
    let listed = register.list.columns.iter();
    let others = register.field.iter().map(|field| &field.name);
    let others = others.filter(|name| !register.list.columns.contains(name));
    listed.chain(others).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::declare::Column;

    #[test]
    fn of_two_texts_that_say_the_same_a_list_shows_the_one_in_its_language() {
        let field = ["because", "because_en", "place", "note_en"]
            .map(|name| Column { name: name.to_owned(), ..Column::default() });
        let register = Register { field: field.to_vec(), ..Register::default() };
        let shown = |columns: &[&str], language| {
            in_language(&register, columns.iter().map(|&name| name.to_owned()).collect(), language)
        };
        for columns in [
            &["place", "because", "note_en"][..],
            &["place", "because_en", "note_en"],
            &["place", "because", "because_en", "note_en"],
        ] {
            assert_eq!(shown(columns, Language::CHINESE), ["place", "because", "note_en"]);
            assert_eq!(shown(columns, Language::ENGLISH), ["place", "because_en", "note_en"]);
        }
    }
}
