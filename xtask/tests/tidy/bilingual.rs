//! What the program tells of its commands and jobs has an English partner for every Chinese sentence.

use crate::files::must_be_empty;
use crate::rust::{Kind, Source, Token, read, sources};
use std::ops::Range;

const ROOM: &str = "crates/shouwang/src/";
/// Calls that take sentences for people: how they begin. All their Chinese stands in pairs.
const TELLING: [&[&str]; 3] =
    [&["Trouble", ":", ":", "new", "("], &[".", "attempt", "("], &["progress", ".", "at", "("]];
/// Calls that take one sentence, first in Chinese and then in English.
const PAIRING: [&[&str]; 1] = [&["Wording", ":", ":", "pair", "("]];

/// Chinese sentences that stand alone.
fn alone(source: &Source) -> Vec<String> {
    let tokens = source.tokens.as_slice();
    let pairs: Vec<[Range<usize>; 2]> = (0..tokens.len()).filter_map(|at| pair_at(tokens, at)).collect();
    let has_no_partner = |pair: &&[Range<usize>; 2]| {
        let [chinese, english] = pair;
        is_chinese(&tokens[chinese.clone()]) && !is_english(&tokens[english.clone()])
    };
    let in_pair = |at: usize| pairs.iter().flatten().any(|half| half.contains(&at));
    let told = (0..tokens.len()).filter_map(|at| inside(tokens, at, &TELLING)).flatten();
    let outside_pairs = told.filter(|at| is_chinese(&tokens[*at..=*at]) && !in_pair(*at));
    let halves = pairs.iter().filter(has_no_partner).map(|[chinese, _]| chinese.start);
    let mut found: Vec<usize> = halves.chain(outside_pairs).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|at| format!("{}:{}", source.path, tokens[at].line)).collect()
}

/// The halves of the pair that begins with this token: an array of two, or the two arguments of a call.
fn pair_at(tokens: &[Token], at: usize) -> Option<[Range<usize>; 2]> {
    // What stands in `vec![…]` are lines, and not two languages.
    let is_of_macro = at > 0 && is_sign(&tokens[at - 1], "!");
    let is_array = is_sign(&tokens[at], "[") && !is_of_macro;
    let whole = if is_array { at + 1..closing(tokens, at)? } else { inside(tokens, at, &PAIRING)? };
    let mut parts = parts(tokens, whole);
    let second = parts.pop()?;
    let first = parts.pop()?;
    parts.is_empty().then_some([first, second])
}

/// The places between the brackets of the call that begins with this token.
fn inside(tokens: &[Token], at: usize, calls: &[&[&str]]) -> Option<Range<usize>> {
    let begins = |call: &&&[&str]| {
        let own = tokens.get(at..at + call.len());
        own.is_some_and(|own| {
            own.iter().zip(**call).all(|(token, word)| token.kind != Kind::Text && token.text == *word)
        })
    };
    let open = at + calls.iter().find(begins)?.len() - 1;
    Some(open + 1..closing(tokens, open)?)
}

/// What stands between the commas, without the empty part behind the last one.
fn parts(tokens: &[Token], whole: Range<usize>) -> Vec<Range<usize>> {
    let (mut parts, mut from, mut at) = (Vec::new(), whole.start, whole.start);
    while at < whole.end {
        if is_sign(&tokens[at], ",") {
            parts.push(from..at);
            from = at + 1;
        }
        at = closing(tokens, at).unwrap_or(at) + 1;
    }
    parts.extend((from < whole.end).then_some(from..whole.end));
    parts
}

/// Where the bracket is closed that opens here.
fn closing(tokens: &[Token], at: usize) -> Option<usize> {
    if !["(", "[", "{"].iter().any(|bracket| is_sign(&tokens[at], bracket)) {
        return None;
    }
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(at).filter(|(_, token)| token.kind == Kind::Sign) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(place);
        }
    }
    None
}

fn is_sign(token: &Token, sign: &str) -> bool {
    token.kind == Kind::Sign && token.text == sign
}

fn texts(tokens: &[Token]) -> impl Iterator<Item = &str> {
    tokens.iter().filter(|token| token.kind == Kind::Text).map(|token| token.text.as_str())
}

fn has_han(text: &str) -> bool {
    // `列F` is written so on the command line in every language.
    text.replace("列F", "").contains(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

fn is_chinese(tokens: &[Token]) -> bool {
    texts(tokens).any(has_han)
}

fn is_english(tokens: &[Token]) -> bool {
    texts(tokens).any(|text| text.contains(|letter: char| letter.is_ascii_alphabetic())) && !is_chinese(tokens)
}

#[test]
fn every_chinese_sentence_of_the_program_has_an_english_partner() {
    let sources: Vec<Source> = sources().into_iter().filter(|source| source.path.starts_with(ROOM)).collect();
    let pairs = |source: &Source| (0..source.tokens.len()).filter_map(|at| pair_at(&source.tokens, at)).count();
    assert!(sources.iter().map(pairs).sum::<usize>() > 100, "the sentences are not where this test looks");
    let found: Vec<String> = sources.iter().flat_map(alone).collect();
    must_be_empty("sentences in Chinese alone", &found);
}

#[test]
fn sentences_without_a_partner_are_seen() {
    let cases = [
        (r#"Trouble::new(["没有", "There is none"], ["请重试", "Try again."]);"#, 0),
        (r#"Trouble::new([format!("没有{n}"), format!("There is no {n}")], HINT);"#, 0),
        (r#"Trouble::new("没有", "请重试");"#, 2),
        (r#"Trouble::new(["没有", ""], ["请重试", "请 try again"]);"#, 2),
        (r#"done.attempt(|| format!("没有"), HINT)?;"#, 1),
        (r#"done.attempt(|| ["没有", "None"], ["请重试", "{}"])?;"#, 1),
        (r#"progress.at(0, 0, "正在筛查");"#, 1),
        (r#"progress.at(0, 0, &Wording::pair("正在筛查", "Screening"));"#, 0),
        (r#"let text = Wording::pair(format!("正在导入 {name}"), String::new());"#, 1),
        (r#"const HINT: [&str; 2] = ["请重试", "Write 列F=field.",];"#, 0),
        (r#"const HINT: [&str; 2] = ["请重试", NONE];"#, 1),
        (r#"let headings = ["行号", "原因", "说明"]; lines.push("已写出");"#, 0),
        (r#"let lines = vec!["已撤销", "线索在下一次筛查后更新"];"#, 0),
    ];
    for (text, count) in cases {
        let source = read("crates/a/src/b.rs", &format!("fn a() {{ {text} }}"));
        assert_eq!(alone(&source).len(), count, "{text}");
    }
}
