//! Checks the articles and the head of the package.

use super::found::{Findings, text_of};
use crate::declare::ArticleStatus;
use crate::package::{Package, Thing};
use std::collections::BTreeSet;

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
            found.add(file.at(&key("number"), format!("第 {} 条写了两次", article.number), "每条只写一次"));
        }
        let is_served = article.status == ArticleStatus::Implemented;
        if is_served && article.implemented_by.is_empty() {
            found.add(file.at(&key("status"), "说已实现,却没有写由什么实现", "implemented_by = [\"rules/…\"]"));
        }
        if !is_served && article.note.trim().is_empty() {
            found.add(file.at(&key("status"), "没有实现的条款要说明", "note = \"将来做什么,或为什么不需要软件\""));
        }
        for (index, path) in article.implemented_by.iter().enumerate() {
            if !exists(package, path) {
                let hint = "写 文件夹/名称,如 rules/medical_burden、registers/household".to_owned();
                found.add(file.at(&key(&format!("implemented_by.{index}")), format!("政策包里没有 `{path}`"), hint));
            }
        }
    }
    let expected: BTreeSet<u8> = (1..=u8::try_from(seen.len()).unwrap_or(u8::MAX)).collect();
    if let Some(missing) = expected.difference(&seen).next() {
        found.add(file.at("", format!("缺第 {missing} 条"), "条款从 1 起连续编号"));
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
        found.add(file.at("region", format!("区划表里没有 {}", package.head.region), "检查区划代码"));
    }
    for name in ["region", "household", "resident"] {
        if !package.texts.contains_key(&(Thing::Register, name.to_owned())) {
            let hint = format!("新建 registers/{name}.toml");
            found.add(file.at("", format!("缺台账 `{name}`,系统离不开它"), hint));
        }
    }
}
