//! What one field becomes in its table: its column, and those beside it by which it is found and put in order.

use crate::database::Storage;
use model::written::fold_search;
use model::{Class, Kind};
use policy::declare::{Column, List};
use words::Wording;

/// One field of a register in its table.
#[derive(Clone, Debug)]
pub(crate) struct FieldColumn {
    pub(crate) field: Column,
    /// Name of its column, by which events tell of it too: the field's first name, whatever it is called now.
    pub(crate) name: String,
    pub(crate) storage: Storage,
    /// Column with the keyed hash of the whole value.
    pub(crate) find: Option<String>,
    /// Column with the keyed hash of the last four characters, for identity numbers.
    pub(crate) tail: Option<String>,
    /// Column by which decimals, which are kept as text, are put in order and searched.
    pub(crate) order: Option<String>,
    /// Column with the text as it is folded for finding, for names and texts that lists are searched or put in order by.
    pub(crate) fold: Option<String>,
    /// Column with the key that puts a text in order, where lists are put in order by it.
    pub(crate) sort: Option<String>,
    /// Place that a sealed value is bound to.
    pub(crate) place: String,
}

/// Letters by which a text is found at most.
const LETTERS_MAX: usize = 200;

/// A text as it is found by, whether it is kept or asked for.
pub(crate) fn found_by(text: &str) -> String {
    fold_search(text).chars().take(LETTERS_MAX).collect()
}

impl FieldColumn {
    /// What the field is called.
    pub(crate) fn label(&self) -> Wording {
        Wording::pair(&self.field.label, &self.field.label_en)
    }

    /// The column, with what lists need that are searched or put in order by its text.
    pub(crate) fn listed(self, list: &List) -> FieldColumn {
        let field = &self.field;
        let is_text = self.storage == Storage::Text && matches!(field.kind, Kind::Text | Kind::Name);
        let is_sorted = list.sort.first() == Some(&field.name) || list.sortable.contains(&field.name);
        let is_found = field.kind == Kind::Name || is_sorted || list.filter.contains(&field.name);
        let fold = (is_text && is_found).then(|| format!("{}_fold", self.name));
        let sort = (is_text && is_sorted).then(|| format!("{}_sort", self.name));
        FieldColumn { fold, sort, ..self }
    }

    /// The columns beside the field's own, in their order.
    pub(crate) fn beside(&self) -> impl Iterator<Item = (&String, Storage)> {
        let whole = self.find.iter().chain(&self.tail).chain(&self.order).map(|name| (name, Storage::Whole));
        let fold = self.fold.iter().map(|name| (name, Storage::Text));
        whole.chain(fold).chain(self.sort.iter().map(|name| (name, Storage::Sealed)))
    }
}

/// `register`: its kept name.
pub(crate) fn field_column(register: &str, kept: &str, field: &Column) -> FieldColumn {
    let storage = storage(field);
    let sealed = storage == Storage::Sealed;
    FieldColumn {
        field: field.clone(),
        storage,
        find: sealed.then(|| format!("{kept}_find")),
        tail: (sealed && field.kind == Kind::Identity).then(|| format!("{kept}_tail")),
        order: (!sealed && field.kind == Kind::Decimal).then(|| format!("{kept}_order")),
        fold: None,
        sort: None,
        place: format!("{register}/{kept}"),
        name: kept.to_owned(),
    }
}

fn storage(field: &Column) -> Storage {
    match field.kind {
        _ if field.effective_class() == Class::Sensitive => Storage::Sealed,
        _ if field.name == "household_no" => Storage::Whole,
        Kind::Int | Kind::Fen | Kind::Bool => Storage::Whole,
        _ => Storage::Text,
    }
}
