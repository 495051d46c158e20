//! Proves that a package holds together: one file per kind of declaration.

mod articles;
mod calculated;
mod calendar;
mod case_files;
mod changes;
mod columns;
mod facts;
mod indicators;
mod lifecycles;
mod lists;
pub(crate) mod names;
pub(crate) mod parameters;
mod registers;
mod rules;
mod sources;

use crate::expression::nearest;
use crate::package::{Package, Thing};
use crate::problem::{Problem, Problems};
use crate::scope;
use crate::text::FileText;

/// Most entries of one list of a declaration (fields, steps, checks and so on).
const ENTRIES_MAX: usize = 400;

/// Checks everything and fills in the forms and scopes.
pub(crate) fn check(package: &mut Package, problems: &mut Problems) {
    parameters::types(package);
    scope::open(package);
    let mut found = Found { problems };
    articles::check(package, &mut found);
    calendar::check(package, &mut found);
    lists::check(package, &mut found);
    sources::check(package, &mut found);
    registers::check(package, &mut found);
    parameters::check(package, &mut found);
    facts::check(package, &mut found);
    rules::check(package, &mut found);
    indicators::check(package, &mut found);
    case_files::check(package, &mut found);
    changes::check(package, &mut found);
}

/// Where problems are collected.
pub(crate) struct Found<'a> {
    pub problems: &'a mut Problems,
}

impl Found<'_> {
    pub fn add(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// A problem for each list of a declaration that has more entries than any real one; the rest is not read then.
    pub fn is_too_long(&mut self, file: &FileText, lists: &[(&str, usize)]) -> bool {
        let too_long: Vec<_> = lists.iter().filter(|(_, count)| *count > ENTRIES_MAX).collect();
        for (key, count) in &too_long {
            let message = format!("`{key}` 有 {count} 项,太多了(最多 {ENTRIES_MAX} 项)");
            self.add(file.at(key, message, "拆成几个台账或数据源"));
        }
        !too_long.is_empty()
    }

    /// A problem for each article that the package does not have.
    pub fn articles(&mut self, package: &Package, file: &FileText, articles: &[u8]) {
        if articles.is_empty() {
            self.add(file.at("article", "没有写明条款", "article = [条款号]"));
        }
        for (at, number) in articles.iter().enumerate() {
            if !package.articles.is_empty() && package.articles.iter().all(|article| article.number != *number) {
                let hint = format!("articles.toml 里有第 {} 条", package.articles.len());
                self.add(file.at(&format!("article.{at}"), format!("没有第 {number} 条"), hint));
            }
        }
    }

    /// A problem where a code is not in its list (or the list is missing).
    pub fn code(&mut self, package: &Package, file: &FileText, key: &str, list: &str, code: &str) {
        let Some(codes) = package.codes.get(list) else {
            self.add(file.at(key, format!("没有代码表 `{list}`"), nearest(list, package.codes.keys(), "")));
            return;
        };
        if codes.code.iter().all(|known| known.code != code) {
            let by_label = codes.code.iter().find(|known| known.label == code);
            let hint = match by_label {
                Some(known) => format!("写代码 \"{}\"", known.code),
                None => format!("可用:{}", listed(codes.code.iter().map(|known| known.code.as_str()))),
            };
            self.add(file.at(key, format!("代码表 {list} 里没有 `{code}`"), hint));
        }
    }

    /// A problem where a text that people read is empty.
    pub fn filled(&mut self, file: &FileText, key: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(file.at(
                key,
                format!("`{}` 不能空着", key.rsplit('.').next().unwrap_or(key)),
                "写给人看的名称或说明",
            ));
        }
    }
}

/// Up to twelve names, joined.
pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = names.collect();
    let more = if all.len() > 12 { " …" } else { "" };
    format!("{}{more}", all[..all.len().min(12)].join("、"))
}

/// The text of a declaration.
pub(crate) fn text_of(package: &Package, thing: Thing, name: &str) -> FileText {
    package.texts.get(&(thing, name.to_owned())).cloned().unwrap_or_default()
}
