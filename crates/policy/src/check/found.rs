//! What checks find, and the checks that all of them share.

use crate::expression::nearest;
use crate::names::is_column_name;
use crate::package::{Package, Thing};
use crate::problem::{Problem, Problems};
use crate::text::FileText;
use std::collections::BTreeSet;

/// Most entries of one list of a declaration (fields, steps, checks and so on).
const ENTRIES_MAX: usize = 400;

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

    /// A reminder where an English text is empty: the Chinese one is shown in its place.
    pub fn english(&mut self, file: &FileText, key: &str, text: &str) {
        if text.trim().is_empty() {
            let name = key.rsplit('.').next().unwrap_or(key);
            let hint = format!("英文页面上会显示中文;补上 {name} = …");
            self.add(file.at(key, format!("没有英文 `{name}`"), hint).as_warning());
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
                let hint = "只用小写字母、数字和下划线,以字母开头,最多 48 个;不用 SQL 的词和系统自用的列名";
                self.add(file.at(&key(at), format!("`{}` 不能用作名称", shortened(name)), hint));
            }
            if !seen.insert(name) {
                self.add(file.at(&key(at), format!("`{}` 重复", shortened(name)), "每个名称只能出现一次"));
            }
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

fn shortened(name: &str) -> String {
    name.chars().take(40).flat_map(char::escape_debug).collect()
}
