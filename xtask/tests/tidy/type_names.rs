//! A type has a name of its own within its crate: two of one name are told apart by nobody who reads a signature.

use crate::files::must_be_empty;
use crate::rust::{Kind, Token, is_test_path, sources};
use std::collections::BTreeMap;

/// Names of the types that these tokens declare, with their lines.
fn declared(tokens: &[Token]) -> Vec<(&str, usize)> {
    let is_word = |token: &Token| token.kind == Kind::Word;
    let begins = |token: &Token| is_word(token) && matches!(token.text.as_str(), "struct" | "enum" | "trait");
    let pairs = tokens.windows(2).filter(|pair| begins(&pair[0]) && is_word(&pair[1]));
    pairs.map(|pair| (pair[1].text.as_str(), pair[1].line)).collect()
}

#[test]
fn no_crate_has_two_types_of_one_name() {
    let mut types: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let sources = sources();
    for source in sources.iter().filter(|source| !is_test_path(&source.path)) {
        let mut parts = source.path.split('/');
        let (Some("crates"), Some(name)) = (parts.next(), parts.next()) else { continue };
        for (declared, line) in declared(&source.tokens) {
            let place = format!("{}:{line}", source.path);
            types.entry((name.to_owned(), declared.to_owned())).or_default().push(place);
        }
    }
    assert!(types.len() > 500, "types are found: {}", types.len());
    let twice = types.iter().filter(|(_, places)| places.len() > 1);
    let told: Vec<String> = twice.map(|((_, name), places)| format!("`{name}`: {}", places.join(", "))).collect();
    must_be_empty("types of one name in one crate", &told);
}

#[test]
fn a_second_type_of_one_name_is_seen() {
    let source =
        crate::rust::read("crates/a/src/lib.rs", "pub struct One;\nmod b { pub(crate) enum One { Two } }\nfn f() {}");
    let names: Vec<&str> = declared(&source.tokens).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["One", "One"]);
}
