//! Versions: short hashes of the texts that a result stands on.

use crate::package::{Package, Thing};

/// Hexadecimal digits of a version.
const DIGITS: usize = 12;

impl Package {
    /// 12 hexadecimal digits of the BLAKE3 hash of the declaration's text; for a rule or an indicator, of its text and the
    /// texts of every fact it stands on. Empty for a name that is not declared.
    pub fn version(&self, thing: Thing, name: &str) -> String {
        let Some(own) = self.text(thing, name) else { return String::new() };
        let mut hasher = blake3::Hasher::new();
        feed(&mut hasher, own);
        feed(&mut hasher, self.overlaid.get(&(thing, name.to_owned())).map_or("", String::as_str));
        let facts = match thing {
            Thing::Rule => self.facts_behind(name),
            Thing::Indicator => self.facts_behind_indicator(name).into_iter().collect(),
            _ => Vec::new(),
        };
        for fact in facts {
            feed(&mut hasher, &fact);
            feed(&mut hasher, self.text(Thing::Fact, &fact).unwrap_or_default());
        }
        hasher.finalize().to_hex()[..DIGITS].to_owned()
    }

    /// 12 hexadecimal digits over all texts of the package: it changes when anything in it changes.
    pub fn version_of_all(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for ((thing, name), file) in &self.texts {
            feed(&mut hasher, thing.folder());
            feed(&mut hasher, name);
            feed(&mut hasher, &file.text);
            feed(&mut hasher, self.overlaid.get(&(*thing, name.clone())).map_or("", String::as_str));
        }
        hasher.finalize().to_hex()[..DIGITS].to_owned()
    }
}

/// Length first, so that no two lists of texts give the same bytes.
fn feed(hasher: &mut blake3::Hasher, text: &str) {
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}
