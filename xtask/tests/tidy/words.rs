//! What is said to people stands in `crates/words/` and nowhere else, and the code asks for what stands there.

use crate::files::{self, must_be_empty};
use crate::rust::{Kind, Source, Token, read, sources};
use std::collections::{BTreeMap, BTreeSet};

/// Crates whose texts have not moved to the words yet, or that hold none for people. The list only becomes shorter.
const NOT_YET: [&str; 9] =
    ["analysis", "exchange", "lifecycle", "matching", "model", "policy", "sample", "store", "web"];
/// Files with vocabulary that is recognised in what people hand in: it is data and no text for them.
const RECOGNISED: [&str; 2] =
    ["crates/shouwang/src/jobs/imports/columns.rs", "crates/shouwang/src/jobs/imports/land/period.rs"];
const WORDS: &str = "crates/words/zh-CN/";

/// Where Chinese stands in what ships of a file.
fn chinese(source: &Source) -> Vec<String> {
    let has_han = |token: &&Token| token.text.contains(|letter| ('\u{3001}'..='\u{9fff}').contains(&letter));
    source.tokens.iter().filter(has_han).map(|token| format!("{}:{}", source.path, token.line)).collect()
}

/// True for the sources of crates whose texts have moved.
fn has_moved(source: &Source) -> bool {
    let mut parts = source.path.split('/');
    let of_crate = parts.next() == Some("crates");
    let name = parts.next().unwrap_or_default();
    of_crate && !NOT_YET.contains(&name) && !RECOGNISED.contains(&source.path.as_str())
}

/// Every key with its text; of a pair what happened and what to do next.
fn words() -> BTreeMap<String, Vec<String>> {
    let is_part = |path: &String| path.starts_with(WORDS) && path.ends_with(".toml");
    let parts = files::all().into_iter().filter(is_part).filter_map(|path| files::text(&path));
    let parts = parts.map(|text| text.parse::<toml::Table>().expect("words are TOML"));
    parts.flat_map(|part| part.into_iter().map(|(key, value)| (key, texts(&value)))).collect()
}

fn texts(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::String(text) => vec![text.clone()],
        toml::Value::Table(texts) => texts.values().filter_map(|text| text.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

/// What is filled into a text.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// A call of `wording!` or `advice!`.
struct Call<'a> {
    /// True for the words of something that went wrong: a pair of texts.
    is_advice: bool,
    key: &'a str,
    names: BTreeSet<&'a str>,
    line: usize,
}

/// The calls with a key that stands there as a text.
fn calls(source: &Source) -> Vec<Call<'_>> {
    (0..source.tokens.len()).filter_map(|at| call_at(&source.tokens[at..])).collect()
}

fn call_at(tokens: &[Token]) -> Option<Call<'_>> {
    let [name, bang, open, key, ..] = tokens else { return None };
    let is_call = name.kind == Kind::Word && matches!(name.text.as_str(), "wording" | "advice");
    if !is_call || bang.text != "!" || open.text != "(" || key.kind != Kind::Text {
        return None;
    }
    let word = |at: usize| tokens.get(at).filter(|next| next.kind == Kind::Word).map(|next| next.text.as_str());
    let (mut names, mut depth) = (BTreeSet::new(), 1_usize);
    for (at, token) in tokens.iter().enumerate().skip(3).filter(|(_, token)| token.kind == Kind::Sign) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            "," if depth == 1 => names.extend(word(at + 1)),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    Some(Call { is_advice: name.text == "advice", key: &key.text, names, line: key.line })
}

/// Calls whose key is not there, or is of the other kind, or whose parameters are not those of the text.
fn wrong_calls(source: &Source, words: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let is_right = |call: &Call<'_>| {
        let Some(texts) = words.get(call.key) else { return false };
        let filled: BTreeSet<&str> = texts.iter().flat_map(|text| placeholders(text)).collect();
        (texts.len() == 2) == call.is_advice && filled == call.names
    };
    let wrong = calls(source).into_iter().filter(|call| !is_right(call));
    wrong.map(|call| format!("{}:{}: `{}`", source.path, call.line, call.key)).collect()
}

#[test]
fn no_text_for_people_stands_in_the_code_of_crates_that_have_moved() {
    let sources: Vec<Source> = sources().into_iter().filter(has_moved).collect();
    assert!(sources.len() > 60, "the sources are not where this test looks: {}", sources.len());
    let found: Vec<String> = sources.iter().flat_map(chinese).collect();
    must_be_empty("Chinese in code: word it in crates/words", &found);
}

#[test]
fn the_code_asks_for_words_that_there_are_and_fills_in_what_they_say() {
    let (words, sources) = (words(), sources());
    let is_of_words = |source: &&Source| source.path.starts_with("crates/words/");
    let callers: Vec<&Source> = sources.iter().filter(|source| !is_of_words(source)).collect();
    let count: usize = callers.iter().map(|source| calls(source).len()).sum();
    assert!(count > 250 && words.len() > 1_000, "calls {count}, words {}", words.len());
    let found: Vec<String> = callers.iter().flat_map(|source| wrong_calls(source, &words)).collect();
    must_be_empty("calls that do not fit the words", &found);
}

#[test]
fn chinese_in_code_is_seen_and_that_of_tests_is_not() {
    let cases = [
        (r#"let text = "没有";"#, 1),
        (r#"let text = format!("{n}、");"#, 1),
        ("let letter = '年';", 1),
        (r#"let text = "none";"#, 0),
        (
            r#"/// 没有
            fn a() {}"#,
            0,
        ),
        (r#"#[test] fn a() { let text = "没有"; }"#, 0),
    ];
    for (text, count) in cases {
        assert_eq!(chinese(&read("crates/a/src/b.rs", &format!("mod b {{ {text} }}"))).len(), count, "{text}");
    }
}

#[test]
fn calls_that_do_not_fit_the_words_are_seen() {
    let pair = |what: &str, hint: &str| vec![what.to_owned(), hint.to_owned()];
    let words = BTreeMap::from([
        ("plain".to_owned(), vec!["有{count}行".to_owned()]),
        ("pair".to_owned(), pair("没有{name}", "可用的:{names}")),
    ]);
    let cases = [
        (r#"wording!("plain", count)"#, 0),
        (r#"wording!("plain", count = rows.len())"#, 0),
        (r#"wording!("plain", count = of(a, b))"#, 0),
        (r#"wording!("plain")"#, 1),
        (r#"wording!("plain", count, more)"#, 1),
        (r#"wording!("plane", count)"#, 1),
        (r#"advice!("plain", count)"#, 1),
        (r#"advice!("pair", name, names = list(names))"#, 0),
        (r#"advice!("pair", name)"#, 1),
        (r#"wording!("pair", name, names)"#, 1),
        (r#"wording!("plain", count = wording!("plain"))"#, 1),
    ];
    for (text, count) in cases {
        let source = read("crates/a/src/b.rs", &format!("fn a() {{ {text}; }}"));
        assert_eq!(wrong_calls(&source, &words).len(), count, "{text}");
    }
}
