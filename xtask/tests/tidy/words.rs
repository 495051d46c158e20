//! What the program says is asked for by keys that there are, with the parameters that its texts have, and nothing is kept unsaid.

use crate::files::{self, must_be_empty};
use crate::rust::{self, Kind, Token};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// The folder whose keys the other languages have too, as a test of `words` proves.
const CHINESE: &str = "crates/words/zh-CN/";

/// Keys that only the crate of the words asks for.
const OF_LANGUAGES: [&str; 5] =
    ["language_name", "language_reads", "between_listed", "between_clauses", "between_sentences"];

/// How a text is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `wording!("key", name = value)`; with a hint where it is advice.
    Macro { is_advice: bool },
    /// `refusal!("key", kind, name = value)`: advice too, with something before its parameters.
    Refusal,
    /// `wording("key", &[("name", &value)])`, `.fill(…)`; with a hint where it is advice.
    Call { is_advice: bool },
    /// `.say("key")`
    Say,
    /// `Problem::new(kind, "key")`: advice whose parameters are added one by one.
    Problem,
    /// `Trouble::Broken("key")`: a text.
    Broken,
}

/// A text that the code asks for by a key that stands in it.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    key: String,
    line: usize,
    is_advice: bool,
    /// `None` where they are worked out elsewhere.
    parameters: Option<BTreeSet<String>>,
}

/// Every text, by its key: that of advice under `key.what` and `key.hint`.
fn known() -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for path in files::all().iter().filter(|path| path.starts_with(CHINESE)) {
        let table: Table =
            files::text(path).unwrap_or_default().parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        for (key, value) in table {
            match value {
                Value::Table(parts) => {
                    texts.extend(parts.iter().map(|(part, text)| (format!("{key}.{part}"), text.to_string())));
                }
                text => drop(texts.insert(key, text.to_string())),
            }
        }
    }
    texts
}

fn placeholders(text: &str) -> BTreeSet<String> {
    let parts = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    // `{count|row|rows}` is a word that goes with the count.
    parts.map(|(part, _)| part.split('|').next().unwrap_or_default().to_owned()).collect()
}

/// What is asked for from the token at `at` on, if something is.
fn asked(tokens: &[Token], at: usize) -> Option<Asked> {
    let text = |place: usize| tokens.get(place).map_or("", |token| token.text.as_str());
    let is_macro = text(at + 1) == "!";
    let is_method = at > 0 && text(at - 1) == ".";
    let is_of = |name: &str| at > 2 && [text(at - 3), text(at - 2), text(at - 1)] == [name, ":", ":"];
    let form = match (text(at), is_macro) {
        ("wording", true) => Form::Macro { is_advice: false },
        ("advice", true) => Form::Macro { is_advice: true },
        ("refusal", true) => Form::Refusal,
        ("wording", false) => Form::Call { is_advice: false },
        ("advice", false) => Form::Call { is_advice: true },
        ("fill", false) if is_method => Form::Call { is_advice: false },
        ("say", false) if is_method => Form::Say,
        ("new", false) if is_of("Problem") => Form::Problem,
        ("Broken", false) if is_of("Trouble") => Form::Broken,
        _ => return None,
    };
    let open = at + 1 + usize::from(is_macro);
    let first = match form {
        Form::Problem => tokens.iter().skip(open).position(|token| token.text == ",")? + 1,
        _ => 1,
    };
    let key = tokens.get(open + first).filter(|token| token.kind == Kind::Text && text(open) == "(")?;
    let is_advice = match form {
        Form::Macro { is_advice } | Form::Call { is_advice } => is_advice,
        Form::Refusal | Form::Problem => true,
        Form::Say | Form::Broken => false,
    };
    let parameters = match form {
        Form::Macro { .. } => Some(names(tokens, open + 2, 0)),
        Form::Refusal => Some(names(tokens, open + 2, 1)),
        Form::Call { .. } => listed(tokens, open + 2),
        Form::Say | Form::Broken => Some(BTreeSet::new()),
        Form::Problem => None,
    };
    Some(Asked { key: key.text.clone(), line: key.line, is_advice, parameters })
}

/// The names behind the commas of a macro's call, the first `skipped` arguments left out: `name`, `name = value`.
fn names(tokens: &[Token], from: usize, skipped: usize) -> BTreeSet<String> {
    let (mut depth, mut found, mut commas) = (0_usize, BTreeSet::new(), 0);
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match (token.kind, token.text.as_str()) {
            (Kind::Sign, "(" | "[" | "{") => depth += 1,
            (Kind::Sign, ")" | "]" | "}") if depth == 0 => break,
            (Kind::Sign, ")" | "]" | "}") => depth -= 1,
            (Kind::Sign, ",") if depth == 0 => {
                commas += 1;
                let name = tokens.get(at + 1).filter(|next| next.kind == Kind::Word && commas > skipped);
                found.extend(name.map(|name| name.text.clone()));
            }
            _ => {}
        }
    }
    found
}

/// The names in `, &[("name", …), …])`; `None` where something else stands there.
fn listed(tokens: &[Token], from: usize) -> Option<BTreeSet<String>> {
    let text = |place: usize| tokens.get(place).map_or("", |token| token.text.as_str());
    if (text(from), text(from + 1), text(from + 2)) != (",", "&", "[") {
        return None;
    }
    let (mut depth, mut found) = (0_usize, BTreeSet::new());
    for (at, token) in tokens.iter().enumerate().skip(from + 3) {
        match (token.kind, token.text.as_str()) {
            (Kind::Sign, "]") if depth == 0 => return matches!(text(at + 1), ")" | ",").then_some(found),
            (Kind::Sign, "(" | "[" | "{") => {
                let name = tokens.get(at + 1).filter(|next| next.kind == Kind::Text && depth == 0);
                found.extend(name.map(|name| name.text.clone()));
                depth += 1;
            }
            (Kind::Sign, ")" | "]" | "}") => depth -= 1,
            _ => {}
        }
    }
    None
}

/// What is wrong with a text that is asked for.
fn wrong(asked: &Asked, known: &BTreeMap<String, String>) -> Option<String> {
    let parts: &[&str] = if asked.is_advice { &[".what", ".hint"] } else { &[""] };
    let texts: Vec<Option<&String>> = parts.iter().map(|part| known.get(&format!("{}{part}", asked.key))).collect();
    if texts.contains(&None) {
        return Some(format!("`{}` is no key of {}", asked.key, if asked.is_advice { "advice" } else { "a text" }));
    }
    let parameters = asked.parameters.as_ref()?;
    let wanted: BTreeSet<String> = texts.into_iter().flatten().flat_map(|text| placeholders(text)).collect();
    (*parameters != wanted).then(|| format!("`{}` is given {parameters:?} and has {wanted:?}", asked.key))
}

/// True when a text such as `problem_{}_{part}` makes the key, whatever stands in the braces.
fn makes(pattern: &str, key: &str) -> bool {
    let mut fixed = pattern.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    let Some(mut rest) = key.strip_prefix(fixed.next().unwrap_or_default()) else { return false };
    let mut parts = fixed.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return !rest.is_empty() && rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

/// A text from which keys may be made: parts of keys around braces, one of them long enough to mean something.
fn is_pattern(text: &str) -> bool {
    let is_part =
        |part: &str| part.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_');
    let fixed: Vec<&str> = text.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect();
    fixed.len() > 1 && fixed.iter().all(|part| is_part(part)) && fixed.iter().any(|part| part.len() > 2)
}

#[test]
fn every_text_that_is_asked_for_is_there_with_its_parameters() {
    let known = known();
    let mut found = Vec::new();
    let mut count = 0;
    // What drives the browser fills in forms.
    for source in rust::sources().into_iter().filter(|source| !source.path.starts_with("browser/")) {
        let asked = (0..source.tokens.len()).filter_map(|at| asked(&source.tokens, at));
        for asked in asked {
            count += 1;
            found.extend(wrong(&asked, &known).map(|wrong| format!("{}:{}: {wrong}", source.path, asked.line)));
        }
    }
    for path in files::all().iter().filter(|path| path.contains("/templates/")) {
        let text = files::text(path).unwrap_or_default();
        for asked in text.split(".say(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            count += 1;
            if !known.contains_key(asked) {
                found.push(format!("{path}: `{asked}` is no key of a text"));
            }
        }
    }
    assert!(count > 500, "only {count} texts are asked for");
    must_be_empty("texts that are asked for and are not there so", &found);
}

#[test]
fn no_text_is_kept_that_nobody_asks_for() {
    let mut literals: BTreeSet<String> = BTreeSet::new();
    for source in rust::sources() {
        literals.extend(source.tokens.into_iter().filter(|token| token.kind == Kind::Text).map(|token| token.text));
    }
    for path in files::all().iter().filter(|path| path.contains("/templates/")) {
        literals.extend(files::text(path).unwrap_or_default().split('"').map(str::to_owned));
    }
    let patterns: Vec<&String> = literals.iter().filter(|text| is_pattern(text)).collect();
    let is_asked = |key: &str| {
        let base = key.strip_suffix(".what").or_else(|| key.strip_suffix(".hint")).unwrap_or(key);
        let is_there = literals.contains(base) || OF_LANGUAGES.contains(&base);
        is_there || patterns.iter().any(|pattern| makes(pattern, base))
    };
    let unsaid: Vec<String> = known().into_keys().filter(|key| !is_asked(key)).collect();
    must_be_empty("texts that nobody asks for", &unsaid);
}

#[test]
fn calls_and_patterns_are_read() {
    let source = rust::read(
        "crates/a/src/b.rs",
        r#"fn a() {
            wording!("one", day = due.first(a, b), who);
            refusal!("two", Kind::Other(a, b), step);
            words::advice("three", &[("count", &rows.len(1, 2)), ("name", &"text")]);
            language.fill("four", &values);
            language.fill("again", &[&values[..], &more].concat());
            language.say("five");
            say("six");
            advice!($key, a);
            Problem::new(FaultKind::NotADay, "six").with("a", b);
            Problem::new(kind, key);
            Err(Trouble::Broken("seven"));
        }"#,
    );
    let found: Vec<String> = (0..source.tokens.len())
        .filter_map(|at| asked(&source.tokens, at))
        .map(|asked| format!("{} {} {:?}", asked.key, asked.is_advice, asked.parameters))
        .collect();
    let expected = [
        r#"one false Some({"day", "who"})"#,
        r#"two true Some({"step"})"#,
        r#"three true Some({"count", "name"})"#,
        "four false None",
        "again false None",
        "five false Some({})",
        "six true None",
        "seven false Some({})",
    ];
    assert_eq!(found, expected);
    let known = BTreeMap::from([("one".to_owned(), "{day} {who}".to_owned()), ("two.what".to_owned(), String::new())]);
    let wrong_of = |at: usize| asked(&source.tokens, at).and_then(|asked| wrong(&asked, &known));
    let told: Vec<String> = (0..source.tokens.len()).filter_map(wrong_of).collect();
    assert_eq!(told.len(), 7, "all but the first: {told:?}");
    for (pattern, key, is_made) in [
        ("fault_{kind}", "fault_missing", true),
        ("fault_{kind}", "fault_", false),
        ("problem_{}_{part}", "problem_key_reused_why", true),
        ("problem_{}_{part}", "problem_why", false),
        ("{key}_hint", "upload_hint", true),
        ("{key}_hint", "upload_hints", false),
    ] {
        assert_eq!(is_pattern(pattern) && makes(pattern, key), is_made, "{pattern} {key}");
    }
    assert!(!is_pattern("{}_{}") && !is_pattern("not a {key}") && !is_pattern("plain"));
}
