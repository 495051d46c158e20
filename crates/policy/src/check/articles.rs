//! Checks the articles and the head of the package.

use super::found::{Findings, text_of};
use crate::declare::ArticleStatus;
use crate::package::{Package, Thing};
use std::collections::BTreeSet;
use words::advice;

pub(super) fn check(package: &Package, found: &mut Findings) {
    head(package, found);
    let file = text_of(package, Thing::Articles, Thing::Articles.folder());
    let mut seen = BTreeSet::new();
    for (at, article) in package.articles.iter().enumerate() {
        let key = |name: &str| format!("article.{at}.{name}");
        for (name, text) in [
            ("title", &article.title),
            ("title_en", &article.title_en),
            ("summary", &article.summary),
            ("summary_en", &article.summary_en),
        ] {
            found.filled(&file, &key(name), text);
        }
        if !seen.insert(article.number) {
            found.add(file.problem(&key("number"), advice!("package_article_twice", number = article.number)));
        }
        let is_served = article.status == ArticleStatus::Implemented;
        if is_served && article.implemented_by.is_empty() {
            found.add(file.problem(&key("status"), advice!("package_article_served_by_nothing")));
        }
        if !is_served && article.note.trim().is_empty() {
            found.add(file.problem(&key("status"), advice!("package_article_unserved")));
        }
        for (index, path) in article.implemented_by.iter().enumerate() {
            if !exists(package, path) {
                found
                    .add(file.problem(&key(&format!("implemented_by.{index}")), advice!("package_path_unknown", path)));
            }
        }
    }
    let expected: BTreeSet<u8> = (1..=u8::try_from(seen.len()).unwrap_or(u8::MAX)).collect();
    if let Some(missing) = expected.difference(&seen).next() {
        found.add(file.problem("", advice!("package_article_missing", missing)));
    }
}

fn exists(package: &Package, path: &str) -> bool {
    let Some((folder, name)) = path.split_once('/') else { return false };
    package.texts.keys().any(|(thing, known)| thing.folder() == folder && known == name)
}

fn head(package: &Package, found: &mut Findings) {
    let file = text_of(package, Thing::Head, Thing::Head.folder());
    for (key, text) in [
        ("name", &package.head.name),
        ("label", &package.head.label),
        ("label_en", &package.head.label_en),
        ("version", &package.head.version),
        ("document.title", &package.head.document.title),
        ("document.issuer", &package.head.document.issuer),
    ] {
        found.filled(&file, key, text);
    }
    let is_known = package.divisions.all().is_empty() || package.divisions.get(package.head.region).is_some();
    if !is_known {
        found.add(file.problem("region", advice!("package_region_unknown", region = package.head.region)));
    }
    for name in ["region", "household", "resident"] {
        if !package.texts.contains_key(&(Thing::Register, name.to_owned())) {
            found.add(file.problem("", advice!("package_register_needed", name)));
        }
    }
}
