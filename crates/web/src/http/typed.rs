//! What was typed into a form, and the files that came with it.

use std::collections::BTreeMap;

/// What was typed, by the names of the fields.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    values: BTreeMap<String, Vec<String>>,
    pub uploads: Vec<Upload>,
}

/// A file of the form.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Name of the form's field.
    pub field: String,
    /// Name of the file, without folders and without its ending.
    pub name: String,
    pub content: Vec<u8>,
}

impl Typed {
    /// Texts of a field, as they were typed; none where it was not sent.
    pub fn texts(&self, name: &str) -> &[String] {
        self.values.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The first text of a field without spaces around it; empty where it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.texts(name).first().map_or("", |text| text.trim())
    }

    /// True when the field holds anything but spaces.
    pub fn is_filled(&self, name: &str) -> bool {
        self.texts(name).iter().any(|text| !model::written::is_blank(text))
    }

    /// Adds a text to a field.
    pub fn add(&mut self, name: &str, text: String) {
        self.values.entry(name.to_owned()).or_default().push(text);
    }

    /// Puts texts in the place of what a field stored.
    pub fn set(&mut self, name: &str, texts: Vec<String>) {
        self.values.insert(name.to_owned(), texts);
    }

    /// Names of the fields that begin with `prefix`.
    pub fn names(&self, prefix: &str) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str).filter(move |name| name.starts_with(prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_may_be_there_several_times() {
        let mut typed = Typed::default();
        typed.add("field_crops", "rice".to_owned());
        typed.add("field_crops", " tea ".to_owned());
        typed.add("field_note", "  ".to_owned());
        assert_eq!(typed.texts("field_crops"), ["rice", " tea "]);
        assert_eq!((typed.text("field_crops"), typed.text("none")), ("rice", ""));
        assert!(typed.is_filled("field_crops") && !typed.is_filled("field_note"));
        assert_eq!(typed.names("field_").collect::<Vec<_>>(), ["field_crops", "field_note"]);
    }
}
