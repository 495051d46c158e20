//! Nothing of one province in the engine: no place, no source, no rule, no register, no parameter, no article.
//! The names are read from the package when the test runs.

use crate::files::{self, must_be_empty, root};
use crate::rust::{Kind, Source, Token, read, sources};
use std::collections::BTreeSet;
use std::path::Path;

const PACKAGES: &str = "policy";
/// Folders of a package whose file names are names of the package.
const FOLDERS: [&str; 4] = ["sources", "rules", "registers", "parameters"];
/// The engine's own nouns: registers that every package has because the engine stands on them.
const NOUNS: [&str; 4] = ["region", "household", "resident", "lead"];

/// What belongs to packages and may not stand in the engine.
#[derive(Default)]
struct Foreign {
    /// Names of things of two words and more, in snake case.
    names: BTreeSet<String>,
    /// Names of one word. They are words of every day: only as a text of their own they name the thing.
    words: BTreeSet<String>,
    /// The same in camel case.
    types: BTreeSet<String>,
    /// Names of the province, its prefectures and counties.
    places: BTreeSet<String>,
    /// Division codes as digits without trailing zeros of padding, 6, 9 and 12 long.
    codes: BTreeSet<String>,
}

fn foreign() -> Foreign {
    let mut foreign = Foreign::default();
    for package in files::entries(&root().join(PACKAGES)) {
        if package.join("package.toml").is_file() {
            add_names(&package, &mut foreign);
            add_places(&package, &mut foreign);
        }
    }
    assert!(foreign.names.len() > 10 && foreign.places.len() > 100, "the package is not where this test looks");
    foreign
}

fn add_names(package: &Path, foreign: &mut Foreign) {
    for path in FOLDERS.iter().flat_map(|folder| files::entries(&package.join(folder))) {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(name) = file.strip_suffix(".toml").filter(|name| !name.ends_with(".cases")) else { continue };
        if !name.contains('_') && !NOUNS.contains(&name) {
            foreign.words.insert(name.to_owned());
        } else if !NOUNS.contains(&name) {
            foreign.names.insert(name.to_owned());
            foreign.types.insert(camel_case(name));
        }
    }
    let folder = package.file_name().unwrap_or_default().to_string_lossy().into_owned();
    foreign.places.extend(folder.split('-').next().map(str::to_lowercase));
}

fn add_places(package: &Path, foreign: &mut Foreign) {
    let head = files::toml(&package.join("package.toml"));
    let divisions = head["divisions"].as_str().expect("package.toml names its divisions");
    let text = std::fs::read_to_string(package.join(divisions)).expect("the divisions can be read");
    for line in text.lines().skip(1) {
        let mut cells = line.split(',');
        let (code, name, level) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default(), cells.nth(1));
        let Some(level @ ("province" | "prefecture" | "county" | "township")) = level else { continue };
        foreign.codes.extend([6, 9, 12].into_iter().filter_map(|digits| code.get(..digits)).map(str::to_owned));
        // Townships are often called by words of every day; counties and what is above them are not.
        if level != "township" && name.chars().count() > 2 {
            foreign.places.insert(name.to_owned());
        }
        if level == "province" {
            foreign.places.insert(name.trim_end_matches(['省', '市']).to_owned());
        }
    }
}

fn camel_case(name: &str) -> String {
    let capital = |word: &str| {
        let (head, tail) = word.split_at(word.len().min(1));
        head.to_uppercase() + tail
    };
    name.split('_').map(capital).collect()
}

/// What of the packages stands among the tokens of a file that ship.
fn strangers(source: &Source, foreign: &Foreign) -> Vec<String> {
    let mut found = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        let mut tell = |what: &str| found.push(format!("{}:{} {what}", source.path, token.line));
        match token.kind {
            Kind::Word if foreign.names.contains(&token.text) || foreign.types.contains(&token.text) => {
                tell(&token.text)
            }
            Kind::Word if is_article_with_number(&source.tokens, at) => tell("an article's number"),
            Kind::Text if foreign.words.contains(&token.text) && !has_own_words(&source.path) => tell(&token.text),
            Kind::Text => strangers_of_text(&token.text, foreign).iter().for_each(|what| tell(what)),
            Kind::Number if is_code(&token.text.replace('_', ""), foreign) => tell(&token.text),
            _ => {}
        }
    }
    found
}

/// The made-up world calls its events by words of every day, `accident` among them.
fn has_own_words(path: &str) -> bool {
    path.starts_with("crates/sample/")
}

/// `article: 3`, `articles = vec![3`, `Article(3)`: a number of at least 1 at most five tokens behind the word.
fn is_article_with_number(tokens: &[Token], at: usize) -> bool {
    let word = tokens[at].text.to_lowercase();
    let follows =
        |token: &Token| token.kind == Kind::Number && token.text.parse::<u32>().is_ok_and(|number| number > 0);
    let ends = |token: &Token| matches!(token.text.as_str(), ";" | "," | ")" | "}" | ".");
    matches!(word.as_str(), "article" | "articles" | "article_number")
        && tokens[at + 1..].iter().take(5).take_while(|token| !ends(token)).any(follows)
}

fn strangers_of_text(text: &str, foreign: &Foreign) -> Vec<String> {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut found: Vec<String> = text
        .split(|letter| !is_word(letter))
        .filter(|word| {
            foreign.names.contains(*word) || foreign.places.contains(&word.to_lowercase()) || is_code(word, foreign)
        })
        .map(str::to_owned)
        .collect();
    found.extend(foreign.places.iter().filter(|place| !place.is_ascii() && text.contains(place.as_str())).cloned());
    found
}

fn is_code(word: &str, foreign: &Foreign) -> bool {
    matches!(word.len(), 6 | 9 | 12) && foreign.codes.contains(word)
}

#[test]
fn the_engine_names_nothing_of_a_province() {
    let foreign = foreign();
    let is_engine = |source: &Source| source.path.starts_with("crates/") && source.path.contains("/src/");
    let found: Vec<String> =
        sources().iter().filter(|source| is_engine(source)).flat_map(|source| strangers(source, &foreign)).collect();
    must_be_empty("names of a package in the engine", &found);
}

#[test]
fn pages_words_and_statements_name_no_place_of_a_province() {
    let foreign = foreign();
    let ships = |path: &String| {
        path.starts_with("crates/")
            && !path.ends_with(".rs")
            && !path.contains("/tests/")
            && !path.contains("/vendor/")
            && !path.contains("/data/")
    };
    let mut found = Vec::new();
    for path in files::all().iter().filter(|path| ships(path)) {
        let text = files::text(path).unwrap_or_default().to_lowercase();
        found.extend(
            foreign.places.iter().filter(|place| text.contains(place.as_str())).map(|place| format!("{path} {place}")),
        );
    }
    must_be_empty("places of a province in files of the engine", &found);
}

#[test]
fn the_check_sees_names_places_codes_and_articles_and_lets_nouns_pass() {
    let foreign = Foreign {
        names: ["vegetable_stall".to_owned()].into(),
        words: ["stall".to_owned()].into(),
        types: ["VegetableStall".to_owned()].into(),
        places: ["某某省".to_owned(), "somewhere".to_owned()].into(),
        codes: ["990100".to_owned(), "990100000000".to_owned()].into(),
    };
    for (text, count) in [
        ("fn vegetable_stall() {}", 1),
        ("struct VegetableStall;", 1),
        ("fn a() { \"select fen from vegetable_stall\" }", 1),
        ("fn a() { \"vegetable_stalls\" }", 0),
        ("fn stall() { \"a stall\" }", 0),
        ("fn a() { \"stall\" }", 1),
        ("fn a() { \"在某某省的\" }", 1),
        ("fn a() { \"In Somewhere else\" }", 1),
        ("fn a() { 990_100 }", 1),
        ("fn a() { 990_101 }", 0),
        ("fn a() { \"990100000000\" }", 1),
        ("fn a() { \"1990100\" }", 0),
        ("fn a() { B { article: 3 } }", 1),
        ("fn a() { B { articles: vec![12] } }", 1),
        ("fn a() { b.articles[0]; article.number == 3 }", 0),
        ("fn a(household: Household, lead: Lead, region: &str) {}", 0),
        ("/// vegetable_stall of 某某省, article 3\nfn a() {}", 0),
        ("#[cfg(test)] mod tests { const A: u32 = 990_100; }", 0),
    ] {
        assert_eq!(strangers(&read("crates/a/src/b.rs", text), &foreign).len(), count, "{text}");
    }
    assert_eq!(strangers(&read("crates/sample/src/b.rs", "fn a() { \"stall\" }"), &foreign).len(), 0);
    assert_eq!(camel_case("vegetable_stall"), "VegetableStall");
}
