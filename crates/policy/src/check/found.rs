//! What checks find, and the checks that all of them share.

use crate::expression::nearest;
use crate::names::is_column_name;
use crate::package::{Package, Thing};
use crate::problem::{Problem, Problems};
use crate::text::FileText;
use std::collections::BTreeSet;
use words::{Value, Wording, advice, list, wording};

/// Most entries of one list of a declaration (fields, steps, checks and so on).
const ENTRIES_MAX: usize = 400;

/// Most names that are listed in one text.
const LISTED_MAX: usize = 12;

/// Where problems are collected.
pub(crate) struct Findings<'a> {
    pub problems: &'a mut Problems,
}

impl Findings<'_> {
    /// One more thing to be told.
    pub fn add(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// A problem for each list of a declaration that has more entries than any real one; the rest is not read then.
    pub fn is_too_long(&mut self, file: &FileText, lists: &[(&str, usize)]) -> bool {
        let too_long: Vec<_> = lists.iter().filter(|(_, count)| *count > ENTRIES_MAX).collect();
        for (key, count) in &too_long {
            self.add(file.problem(key, advice!("package_too_many", key, count, most = ENTRIES_MAX)));
        }
        !too_long.is_empty()
    }

    /// A problem for each article that the package does not have.
    pub fn articles(&mut self, package: &Package, file: &FileText, articles: &[u8]) {
        if articles.is_empty() {
            self.add(file.problem("article", advice!("package_no_article")));
        }
        for (at, number) in articles.iter().enumerate() {
            if !package.articles.is_empty() && package.articles.iter().all(|article| article.number != *number) {
                self.add(file.problem(
                    &format!("article.{at}"),
                    advice!("package_article_unknown", number, last = package.articles.len()),
                ));
            }
        }
    }

    /// A problem of a name that nothing of its kind has, with the one that it is most like.
    pub fn unknown<'n>(
        &mut self,
        file: &FileText,
        key: &str,
        what: impl Value,
        name: &str,
        known: impl Iterator<Item = &'n String>,
    ) {
        self.add(file.problem(key, advice!("package_name_unknown", what, name, near = nearest(name, known, ""))));
    }

    /// A problem where a code is not in its list (or the list is missing).
    pub fn code(&mut self, package: &Package, file: &FileText, key: &str, list: &str, code: &str) {
        let Some(codes) = package.codes.get(list) else {
            self.unknown(file, key, wording!("package_word_code_list"), list, package.codes.keys());
            return;
        };
        if codes.code.iter().all(|known| known.code != code) {
            let by_label = codes.code.iter().find(|known| known.label == code);
            let hint = match by_label {
                Some(known) => wording!("package_code_of_label", code = known.code),
                None => {
                    wording!("package_available", names = listed(codes.code.iter().map(|known| known.code.as_str())))
                }
            };
            self.add(file.problem(key, advice!("package_code_unknown", list, code, hint)));
        }
    }

    /// A problem where a text that people read is empty.
    pub fn filled(&mut self, file: &FileText, key: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(file.problem(key, advice!("package_not_filled", key = key.rsplit('.').next().unwrap_or(key))));
        }
    }

    /// A reminder where an English text is empty: the Chinese one is shown in its place.
    pub fn english(&mut self, file: &FileText, key: &str, text: &str) {
        if text.trim().is_empty() {
            let name = key.rsplit('.').next().unwrap_or(key);
            self.add(file.problem(key, advice!("package_english_missing", name)).as_warning());
        }
    }

    /// Problems for bad and doubled names; `keys` gives the key at which each stands.
    pub fn names<'n>(
        &mut self,
        file: &FileText,
        names: impl Iterator<Item = &'n String>,
        key: impl Fn(usize) -> String,
    ) {
        let mut seen = BTreeSet::new();
        for (at, name) in names.enumerate() {
            if !is_column_name(name) {
                self.add(file.problem(&key(at), advice!("package_name_unfit", name = shortened(name))));
            }
            if !seen.insert(name) {
                self.add(file.problem(&key(at), advice!("package_name_twice", name = shortened(name))));
            }
        }
    }
}

/// Up to twelve names, one behind the other.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> Wording {
    let all: Vec<&str> = names.collect();
    let names = list(&all[..all.len().min(LISTED_MAX)]);
    if all.len() > LISTED_MAX { wording!("package_more_listed", names) } else { names }
}

/// The text of a declaration.
pub(crate) fn text_of(package: &Package, thing: Thing, name: &str) -> FileText {
    package.texts.get(&(thing, name.to_owned())).cloned().unwrap_or_default()
}

fn shortened(name: &str) -> String {
    name.chars().take(40).flat_map(char::escape_debug).collect()
}
