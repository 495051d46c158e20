//! Every thing of a package names its article, and every article of the document is answered for.

use crate::files::{self, must_be_empty, root};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Folders whose things name their articles.
const FOLDERS: [&str; 7] = ["sources", "rules", "facts", "registers", "parameters", "benefits", "indicators"];
/// How many articles the document of each package has.
const ARTICLES: [(&str, i64); 1] = [("sichuan-2021", 28)];

/// Words that end as a plural does and are none.
const NOT_COUNTED: [&str; 2] = ["disagrees", "this"];

fn packages() -> Vec<(PathBuf, i64)> {
    ARTICLES.iter().map(|(name, count)| (root().join("policy").join(name), *count)).collect()
}

/// The things of a package as `rules/medical_burden`, without their cases.
fn things(package: &Path) -> BTreeMap<String, Table> {
    let mut things = BTreeMap::new();
    for folder in FOLDERS {
        for path in files::entries(&package.join(folder)) {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if let Some(name) = file.strip_suffix(".toml").filter(|name| !name.ends_with(".cases")) {
                things.insert(format!("{folder}/{name}"), files::toml(&path));
            }
        }
    }
    things
}

/// The articles that a thing names; `None` where it names none or something else.
fn articles_of(thing: &Table, count: i64) -> Option<Vec<i64>> {
    let numbers: Vec<i64> = thing.get("article")?.as_array()?.iter().map(Value::as_integer).collect::<Option<_>>()?;
    let is_fine = !numbers.is_empty() && numbers.iter().all(|number| (1..=count).contains(number));
    is_fine.then_some(numbers)
}

/// What is wrong with the answers to the articles.
fn wrongs(articles: &[Table], count: i64, things: &BTreeMap<String, Table>) -> Vec<String> {
    let number = |article: &Table| article.get("number").and_then(Value::as_integer);
    let text =
        |article: &Table, key: &str| article.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let numbers: Vec<Option<i64>> = articles.iter().map(number).collect();
    let mut wrongs = Vec::new();
    if numbers != (1..=count).map(Some).collect::<Vec<_>>() {
        wrongs.push(format!("the articles are not 1 to {count} in order: {numbers:?}"));
    }
    for article in articles {
        let at = number(article).unwrap_or_default();
        let named: Vec<&str> = match article.get("implemented_by").and_then(Value::as_array) {
            Some(named) => named.iter().filter_map(Value::as_str).collect(),
            None => Vec::new(),
        };
        for name in named.iter().filter(|name| !things.contains_key(**name)) {
            wrongs.push(format!("article {at} is said to be implemented by `{name}`, which is not there"));
        }
        match text(article, "status").as_str() {
            "implemented" if named.is_empty() => wrongs.push(format!("article {at} does not say what implements it")),
            "planned" | "no_software" if text(article, "note").is_empty() || text(article, "note_en").is_empty() => {
                wrongs.push(format!("article {at} does not say what is to come, or why it needs no software"));
            }
            "implemented" | "planned" | "no_software" => {}
            other => wrongs.push(format!("article {at} has the status `{other}`")),
        }
    }
    wrongs
}

#[test]
fn everything_names_an_article_of_the_document() {
    for (package, count) in packages() {
        let things = things(&package);
        assert!(things.len() > 20, "{}: only {} things", package.display(), things.len());
        let bare: Vec<String> = things
            .iter()
            .filter(|(_, thing)| articles_of(thing, count).is_none())
            .map(|(name, _)| name.clone())
            .collect();
        must_be_empty("things that name no article", &bare);
    }
}

#[test]
fn every_article_is_implemented_or_says_why_not() {
    for (package, count) in packages() {
        let file = files::toml(&package.join("articles.toml"));
        let articles: Vec<Table> =
            file["article"].as_array().expect("[[article]]").iter().filter_map(Value::as_table).cloned().collect();
        must_be_empty("articles", &wrongs(&articles, count, &things(&package)));
    }
}

/// English words behind a placeholder that are right beside one number only: `{value} days`.
fn counted(text: &str) -> Vec<String> {
    let behind = text.split('}').skip(1).filter_map(|rest| rest.strip_prefix(' '));
    let words = behind.map(|rest| rest.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default());
    let is_counted = |word: &&str| word.len() > 3 && word.ends_with('s') && !NOT_COUNTED.contains(word);
    words.filter(is_counted).map(str::to_owned).collect()
}

#[test]
fn english_sentences_go_with_any_number() {
    for (text, found) in [
        ("{value} days", vec!["days"]),
        ("{value} {value|day|days}", vec![]),
        ("{value} is left, {line}; loss {a}", vec![]),
        ("{a} members and {b} cars", vec!["members", "cars"]),
    ] {
        assert_eq!(counted(text), found, "{text}");
    }
    let mut wrong = Vec::new();
    for (package, _) in packages() {
        for (name, thing) in things(&package) {
            let texts = thing.iter().filter(|(key, _)| key.ends_with("_en")).filter_map(|(_, text)| text.as_str());
            wrong.extend(texts.flat_map(counted).map(|word| format!("{name}: {word}")));
        }
    }
    must_be_empty("write `{name|day|days}` where a number stands before the word", &wrong);
}

#[test]
fn the_check_sees_missing_articles_and_missing_answers() {
    let table = |text: &str| -> Table { text.parse().expect("test tables are well written") };
    for (text, named) in [
        ("article = [1]", true),
        ("article = [1, 3]", true),
        ("article = []", false),
        ("article = [4]", false),
        ("article = [0]", false),
        ("article = 1", false),
        ("label = \"\"", false),
    ] {
        assert_eq!(articles_of(&table(text), 3).is_some(), named, "{text}");
    }
    let things = BTreeMap::from([("rules/a".to_owned(), Table::new())]);
    for (text, count) in [
        ("number = 1\nstatus = \"implemented\"\nimplemented_by = [\"rules/a\"]", 0),
        ("number = 1\nstatus = \"implemented\"\nimplemented_by = [\"rules/b\"]", 1),
        ("number = 1\nstatus = \"implemented\"", 1),
        ("number = 1\nstatus = \"planned\"\nnote = \"a\"\nnote_en = \"a\"", 0),
        ("number = 1\nstatus = \"no_software\"\nnote = \"a\"", 1),
        ("number = 2\nstatus = \"done\"", 2),
    ] {
        assert_eq!(wrongs(&[table(text)], 1, &things).len(), count, "{text}");
    }
}
