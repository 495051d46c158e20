//! Pages without inline script or style, vendored files as they came.

use crate::files::{self, must_be_empty, root};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

const VENDOR: &str = "crates/web/static/vendor";

/// A template without its expressions and statements: what is left is HTML.
fn without_template_language(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some(start) = ["{{", "{%", "{#"].iter().filter_map(|open| rest.find(open)).min() {
        let close = match &rest[start..start + 2] {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        html.push_str(&rest[..start]);
        let end = rest[start..].find(close).map_or(rest.len(), |at| start + at + 2);
        rest = &rest[end..];
    }
    html + rest
}

/// The opening and closing tags of HTML, each with what follows up to the next tag.
fn tags(html: &str) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if !rest.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '/') {
            continue;
        }
        let mut quote = None;
        let end = rest.char_indices().find(|(_, letter)| match (quote, letter) {
            (None, '"' | '\'') => {
                quote = Some(*letter);
                false
            }
            (Some(open), letter) if open == *letter => {
                quote = None;
                false
            }
            (None, '>') => true,
            _ => false,
        });
        let end = end.map_or(rest.len(), |(at, _)| at);
        let behind = rest.get(end + 1..).unwrap_or_default();
        let until = behind.find('<').unwrap_or(behind.len());
        tags.push((rest[..end].to_lowercase(), behind[..until].to_owned()));
        rest = behind;
    }
    tags
}

/// The names of the attributes of a tag.
fn attributes(tag: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut name = String::new();
    let mut quote = None;
    for letter in tag.chars().chain([' ']) {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None if letter.is_whitespace() || letter == '=' || letter == '/' => {
                names.extend((!name.is_empty()).then(|| std::mem::take(&mut name)));
            }
            None => name.push(letter),
        }
    }
    names
}

/// What a strict content security policy would refuse in a template.
fn refused(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (tag, behind) in tags(&without_template_language(text)).iter().filter(|(tag, _)| !tag.starts_with('/')) {
        let attributes = attributes(tag);
        let name = attributes.first().map(String::as_str).unwrap_or_default();
        match name {
            "script" if !attributes.iter().any(|name| name == "src") || !behind.trim().is_empty() => {
                found.push("a script inside the page".to_owned());
            }
            "style" => found.push("a style inside the page".to_owned()),
            _ => {}
        }
        let is_handler = |name: &&String| name.starts_with("on") || name.starts_with("hx-on") || *name == "style";
        found.extend(attributes.iter().skip(1).filter(is_handler).map(|name| format!("<{} {name}=>", attributes[0])));
        if tag.contains(concat!("java", "script:")) {
            found.push(format!("a script as address in <{name}>"));
        }
    }
    found
}

#[test]
fn templates_hold_no_script_no_style_and_no_handler() {
    let templates: Vec<String> =
        files::all().into_iter().filter(|path| path.ends_with(".html") && !path.contains("/tests/")).collect();
    assert!(!templates.is_empty(), "no template is seen");
    let mut found = Vec::new();
    for path in &templates {
        found.extend(refused(&files::text(path).unwrap_or_default()).iter().map(|what| format!("{path}: {what}")));
    }
    must_be_empty("refused by a strict content security policy", &found);
}

#[test]
fn vendored_files_are_as_they_came() {
    let list = files::text(&format!("{VENDOR}/SHA256SUMS")).expect("the list of vendored files is there");
    let listed: BTreeMap<&str, &str> =
        list.lines().filter_map(|line| line.split_once("  ").map(|(sum, file)| (file, sum))).collect();
    let mut wrongs = Vec::new();
    for path in files::entries(&root().join(VENDOR)) {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if matches!(file.as_str(), "SHA256SUMS" | "README.md") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a vendored file can be read");
        let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        match listed.get(file.as_str()) {
            Some(recorded) if *recorded == sum => {}
            Some(_) => wrongs.push(format!("{file} was changed")),
            None => wrongs.push(format!("{file} is not in SHA256SUMS")),
        }
    }
    wrongs.extend(
        listed.keys().filter(|file| !root().join(VENDOR).join(file).is_file()).map(|file| format!("{file} is gone")),
    );
    must_be_empty("vendored files", &wrongs);
}

/// Every key of a table, nested ones with dots.
fn keys(table: &Table, prefix: &str, found: &mut BTreeSet<String>) {
    for (key, value) in table {
        let path = format!("{prefix}{key}");
        match value {
            Value::Table(inner) => keys(inner, &format!("{path}."), found),
            _ => {
                found.insert(path);
            }
        }
    }
}

#[test]
fn the_checks_see_what_they_look_for() {
    for (text, count) in [
        ("<script src=\"{{ address }}\" defer></script>", 0),
        ("<script>alert(1)</script>", 1),
        ("<script src=\"a\">alert(1)</script>", 1),
        ("<style>a { }</style>", 1),
        ("<p style=\"color: red\">on=1 style=2</p>", 1),
        ("<p title=\"a > b onclick=c\">x</p>", 0),
        ("<a {% if a > b %}class=\"c\"{% endif %} onclick='d()'>x</a>", 1),
        ("<a hx-on:click=\"x\" href=\"#\">x</a>", 1),
        ("<button hx-post=\"/a\" name=\"once\">3 < 4</button>", 0),
        ("{# <style> #}<br/>{{ \"<style>\" }}", 0),
    ] {
        assert_eq!(refused(text).len(), count, "{text}: {:?}", refused(text));
    }
    let address = format!("<a href=\"{}void\">x</a>", ["java", "script:"].concat());
    assert_eq!(refused(&address).len(), 1);
    let mut found = BTreeSet::new();
    keys(&"a = 1\n[b]\nc = 2\n[b.d]\ne = 3".parse().expect("well written"), "", &mut found);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a", "b.c", "b.d.e"]);
}
