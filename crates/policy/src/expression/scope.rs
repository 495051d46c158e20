//! What names mean where an expression stands.

use crate::declare::CodeList;
use model::Type;
use std::collections::BTreeMap;
use std::sync::Arc;
use words::Wording;

/// The type of an expression, its unit and its code list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    pub ty: Type,
    /// A `Decimal` in fen. (`Fen` itself is always money and says so here too.)
    pub is_money: bool,
    /// The code list that a `Text` is a code of.
    pub codes: Option<String>,
}

impl Typed {
    /// A plain value of the type.
    pub fn of(ty: Type) -> Typed {
        Typed { ty, is_money: ty == Type::Fen, codes: None }
    }

    /// A code of that list.
    pub fn code_of(list: impl Into<String>) -> Typed {
        Typed { codes: Some(list.into()), ..Typed::of(Type::Text) }
    }
}

/// What a name means in a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeEntry {
    pub typed: Typed,
    /// Label for people.
    pub label: String,
    pub label_en: String,
    /// Unit shown behind the value; empty where there is none.
    pub unit: String,
}

/// The names an expression may use.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    pub names: BTreeMap<String, ScopeEntry>,
    pub parameters: Arc<BTreeMap<String, Typed>>,
    pub codes: Arc<BTreeMap<String, CodeList>>,
    /// Why well-known names cannot be used here, by name: the hint instead of the nearest name.
    pub elsewhere: BTreeMap<String, Wording>,
    /// What lists of `codes` that no file declares are called.
    pub lists: BTreeMap<String, Wording>,
    /// Only parameters are at hand (formulas of parameters).
    pub only_parameters: bool,
}

impl Scope {
    /// Type of a name; `day` is the screening day.
    pub fn typed(&self, name: &str) -> Option<Typed> {
        if name == "day" && !self.only_parameters {
            return Some(Typed::of(Type::Day));
        }
        self.names.get(name).map(|entry| entry.typed.clone())
    }

    /// A code list as people are told of it: by the name of its file, where there is one.
    pub(super) fn list_shown(&self, list: &str) -> Wording {
        self.lists.get(list).cloned().unwrap_or_else(|| Wording::same(list))
    }
}
