//! Rust files as tokens, with their tests told apart from what ships.

use crate::files;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::str::FromStr;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Word,
    /// A string or byte string; the token's text is its content.
    Text,
    Number,
    /// Punctuation and brackets.
    Sign,
}

/// One token that ships, with its line counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub text: String,
    pub line: usize,
}

/// A function with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    /// From the word `fn` to the closing brace, both lines counted.
    pub lines: usize,
}

/// A public item that ships: function, type, trait or constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Public {
    pub name: String,
    pub line: usize,
    pub is_documented: bool,
    /// It stands inside another item, as the functions of a type do.
    pub is_member: bool,
}

/// What was read from one file.
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub path: String,
    /// All lines.
    pub lines: usize,
    /// Lines with something on them, of what ships and of tests.
    pub production_lines: usize,
    pub test_lines: usize,
    /// Without doc comments and tests.
    pub tokens: Vec<Token>,
    /// Those of tests among them.
    pub functions: Vec<Function>,
    pub publics: Vec<Public>,
}

/// Every Rust file of the repository.
pub fn sources() -> Vec<Source> {
    let is_rust = |path: &String| path.ends_with(".rs");
    files::all().into_iter().filter(is_rust).map(|path| read(&path, &files::text(&path).unwrap_or_default())).collect()
}

/// True for files that hold tests only.
pub fn is_test_path(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "tests" | "benches" | "examples" | "tests.rs"))
}

/// Reads one file.
pub fn read(path: &str, text: &str) -> Source {
    let stream = TokenStream::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut source = Source { path: path.to_owned(), lines: text.lines().count(), ..Source::default() };
    let mut test_spans = Vec::new();
    walk(&trees(stream), is_test_path(path), &mut source, &mut test_spans);
    for (at, _) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let is_test = is_test_path(path) || test_spans.iter().any(|(first, last)| (*first..=*last).contains(&(at + 1)));
        *if is_test { &mut source.test_lines } else { &mut source.production_lines } += 1;
    }
    source
}

fn trees(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

/// Reads the tokens of one level and all below. `test_spans` gets first and last line of every item of tests.
fn walk(level: &[TokenTree], in_test: bool, source: &mut Source, test_spans: &mut Vec<(usize, usize)>) {
    let (mut at, mut is_documented, mut test_from) = (0, false, None);
    while at < level.len() {
        if let Some((attribute, length)) = attribute(&level[at..]) {
            let words = words(&attribute);
            is_documented |= words.first().is_some_and(|word| word == "doc");
            if is_of_tests(&words) && test_from.is_none() {
                test_from = Some(line(&level[at]));
            } else if words.first().is_none_or(|word| word != "doc") {
                walk(&attribute, in_test, source, test_spans);
            }
            at += length;
            continue;
        }
        if let Some(first) = test_from.take() {
            let end = item_end(level, at);
            test_spans.push((first, last_line(&level[end])));
            walk(&level[at..=end], true, source, test_spans);
            at = end + 1;
            is_documented = false;
            continue;
        }
        functions_and_publics(level, at, is_documented, in_test, source);
        is_documented &= !ends_item(&level[at]);
        token(&level[at], in_test, source, test_spans);
        at += 1;
    }
}

/// The content of the attribute that starts here, and how many tokens it takes.
fn attribute(level: &[TokenTree]) -> Option<(Vec<TokenTree>, usize)> {
    let sign = |tree: &TokenTree, wanted: char| matches!(tree, TokenTree::Punct(sign) if sign.as_char() == wanted);
    if !sign(level.first()?, '#') {
        return None;
    }
    let length = if sign(level.get(1)?, '!') { 3 } else { 2 };
    match level.get(length - 1)? {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => Some((trees(group.stream()), length)),
        _ => None,
    }
}

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]`, but not `#[cfg(not(test))]`.
fn is_of_tests(words: &[String]) -> bool {
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    match words.first().map(String::as_str) {
        Some("cfg") => has("test") && !has("not"),
        Some(_) => words.last().is_some_and(|word| word == "test"),
        None => false,
    }
}

fn words(level: &[TokenTree]) -> Vec<String> {
    level
        .iter()
        .flat_map(|tree| match tree {
            TokenTree::Ident(word) => vec![word.to_string()],
            TokenTree::Group(group) => words(&trees(group.stream())),
            _ => Vec::new(),
        })
        .collect()
}

/// Place of the brace or semicolon that ends the item which starts at `at`.
fn item_end(level: &[TokenTree], at: usize) -> usize {
    (at..level.len()).find(|place| ends_item(&level[*place])).unwrap_or(level.len() - 1)
}

fn ends_item(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Punct(sign) => matches!(sign.as_char(), ';' | ','),
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    }
}

fn functions_and_publics(level: &[TokenTree], at: usize, is_documented: bool, in_test: bool, source: &mut Source) {
    let word = |place: usize| match level.get(place) {
        Some(TokenTree::Ident(word)) => word.to_string(),
        _ => String::new(),
    };
    if word(at) == "fn" && !word(at + 1).is_empty() {
        let body = (at..level.len()).find(|place| match &level[*place] {
            TokenTree::Punct(sign) => sign.as_char() == ';',
            other => ends_item(other),
        });
        if let Some(TokenTree::Group(body)) = body.map(|place| &level[place]) {
            let lines = body.span_close().end().line + 1 - line(&level[at]);
            source.functions.push(Function { name: word(at + 1), line: line(&level[at]), lines });
        }
    }
    if word(at) != "pub" || in_test {
        return;
    }
    let item = (at + 1..level.len().min(at + 5)).find(|place| {
        let next = word(place + 1);
        match word(*place).as_str() {
            "fn" | "struct" | "enum" | "trait" | "type" | "static" | "union" => true,
            "const" => !matches!(next.as_str(), "fn" | "unsafe" | "async"),
            _ => false,
        }
    });
    let only_modifiers = |item: usize| {
        (at + 1..item).all(|place| {
            let is_text = matches!(&level[place], TokenTree::Literal(_));
            is_text || matches!(word(place).as_str(), "const" | "unsafe" | "async" | "extern")
        })
    };
    if let Some(item) = item.filter(|item| only_modifiers(*item)) {
        let is_member = level[at].span().start().column > 0;
        source.publics.push(Public { name: word(item + 1), line: line(&level[at]), is_documented, is_member });
    }
}

fn token(tree: &TokenTree, in_test: bool, source: &mut Source, test_spans: &mut Vec<(usize, usize)>) {
    let (kind, text) = match tree {
        TokenTree::Group(group) => {
            let (open, close) = match group.delimiter() {
                Delimiter::Parenthesis => ("(", ")"),
                Delimiter::Brace => ("{", "}"),
                Delimiter::Bracket => ("[", "]"),
                Delimiter::None => ("", ""),
            };
            push(source, in_test, Kind::Sign, open, line(tree));
            walk(&trees(group.stream()), in_test, source, test_spans);
            return push(source, in_test, Kind::Sign, close, last_line(tree));
        }
        TokenTree::Ident(word) => (Kind::Word, word.to_string()),
        TokenTree::Punct(sign) => (Kind::Sign, sign.as_char().to_string()),
        TokenTree::Literal(literal) => {
            let written = literal.to_string();
            match (written.find('"'), written.rfind('"')) {
                (Some(first), Some(last)) if first < last => (Kind::Text, written[first + 1..last].to_owned()),
                _ if written.starts_with(|letter: char| letter.is_ascii_digit()) => (Kind::Number, written),
                _ => (Kind::Sign, written),
            }
        }
    };
    push(source, in_test, kind, &text, line(tree));
}

fn push(source: &mut Source, in_test: bool, kind: Kind, text: &str, line: usize) {
    if !in_test {
        source.tokens.push(Token { kind, text: text.to_owned(), line });
    }
}

fn line(tree: &TokenTree) -> usize {
    tree.span().start().line
}

fn last_line(tree: &TokenTree) -> usize {
    tree.span().end().line
}

#[cfg(test)]
mod tests {
    use super::{Kind, read};

    const FIXTURE: &str = r##"//! Head.

/// Documented.
pub fn one(a: u8) -> [u8; 2] {
    call("text 51", 5_1, 'x')
}

pub struct Bare;

#[derive(Debug)]
/// Documented behind an attribute.
pub struct Tuple(pub u8);

pub(crate) fn hidden() {}

/// A field's comment is not the next item's.
pub const fn no() {}

pub const UNSAID: fn(u8) -> u8 = one;

trait Plain {
    fn declared(&self);
}

#[cfg(not(test))]
fn ships() {}

#[cfg(test)]
mod tests {
    #[test]
    fn in_tests() {
        value.unwrap();
    }
    pub fn helper() {}
}

#[cfg(test)]
use only::tests;

fn last() { ends(r#"raw "quoted""#); }
"##;

    #[test]
    fn items_functions_and_tests_are_told_apart() {
        let source = read("crates/a/src/b.rs", FIXTURE);
        let publics: Vec<(&str, bool)> =
            source.publics.iter().map(|item| (item.name.as_str(), item.is_documented)).collect();
        assert_eq!(publics, [("one", true), ("Bare", false), ("Tuple", true), ("no", true), ("UNSAID", false)]);
        let functions: Vec<(&str, usize)> =
            source.functions.iter().map(|function| (function.name.as_str(), function.lines)).collect();
        let expected =
            [("one", 3), ("hidden", 1), ("no", 1), ("ships", 1), ("in_tests", 3), ("helper", 1), ("last", 1)];
        assert_eq!(functions, expected);
        assert_eq!((source.test_lines, source.production_lines + source.test_lines), (10, 29));
    }

    #[test]
    fn tokens_hold_what_ships_and_no_comment() {
        let source = read("crates/a/src/b.rs", FIXTURE);
        let words: Vec<&str> = source.tokens.iter().map(|token| token.text.as_str()).collect();
        assert!(words.contains(&"ships") && words.contains(&"last"));
        assert!(!words.contains(&"unwrap") && !words.contains(&"only") && !words.join(" ").contains("Documented"));
        let texts: Vec<&str> = of(&source.tokens, Kind::Text);
        assert_eq!(texts, ["text 51", "raw \"quoted\""]);
        assert_eq!(of(&source.tokens, Kind::Number), ["2", "5_1"]);
        assert!(read("crates/a/tests/b.rs", "fn a() { 1 }").tokens.is_empty(), "a file of tests ships nothing");
    }

    fn of(tokens: &[super::Token], kind: Kind) -> Vec<&str> {
        tokens.iter().filter(|token| token.kind == kind).map(|token| token.text.as_str()).collect()
    }
}
