//! The house rules of every page: headers, no inline code, words in both languages, weight.

use crate::access::pages;
use crate::browser::Browser;
use crate::fixture::World;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let world = World::new();
    let officer = Browser::of(&world, officer(&world), "");
    let mut paths = pages(&world);
    paths.extend(
        ["/sign-in", "/nothing-here", "/static/shouwang.css", "/static/none.css", "/jobs/99"].map(str::to_owned),
    );
    for path in paths {
        let answer = officer.get(&path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        for (name, value) in
            [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("x-frame-options", "DENY")]
        {
            assert_eq!(answer.header(name), value, "{path}");
        }
        let kept = answer.header("cache-control");
        let is_asset = path.starts_with("/static/shouwang");
        assert_eq!(kept == "no-store", !is_asset, "{path} {kept}");
    }
}

#[tokio::test]
async fn no_page_has_inline_code_or_loads_from_elsewhere() {
    let world = World::new();
    for account in world.package.roles.keys() {
        let browser = Browser::of(&world, account, "");
        for path in pages(&world) {
            let text = browser.get(&path).await.text;
            for (at, _) in text.match_indices("<script") {
                assert!(text[at..].starts_with("<script src=\"/static/"), "{path}");
            }
            for forbidden in
                [" style=", "<style", " onclick", " onload", " onerror", "javascript:", "hx-on", "http://", "https://"]
            {
                assert!(!text.contains(forbidden), "{path}: {forbidden}");
            }
        }
    }
}

/// Marks of what only a script serves.
const SCRIPTED: [&str; 4] = ["type=\"button\"", " data-print", " data-tick-all", "<kbd"];

#[tokio::test]
async fn what_only_a_script_serves_is_hidden_until_one_runs() {
    let world = World::new();
    let mut pages_seen = Vec::new();
    for account in world.package.roles.keys() {
        let browser = Browser::of(&world, account, "");
        for path in pages(&world) {
            pages_seen.push((path.clone(), browser.get(&path).await.text));
        }
    }
    let templates = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")).expect("templates");
    for template in templates.flatten() {
        let text = std::fs::read_to_string(template.path()).expect("a template");
        pages_seen.push((template.file_name().to_string_lossy().into_owned(), text));
    }
    let mut found = 0;
    for (path, text) in &pages_seen {
        for mark in SCRIPTED {
            for (at, _) in text.match_indices(mark) {
                found += 1;
                assert!(
                    is_hidden(text, at),
                    "{path} shows without script: {}",
                    &text[at..].split('\n').next().unwrap_or("")
                );
            }
        }
    }
    assert!(found > 20, "{found}");
}

/// True when the tag at this place, or the one that is open around it, waits for a script.
fn is_hidden(text: &str, at: usize) -> bool {
    let before = &text[..=at];
    let tag = &text[before.rfind('<').unwrap_or_default()..];
    let tag = tag.split('>').next().unwrap_or_default();
    let around = before.rfind("<span").map(|start| &text[start..at]).filter(|part| !part.contains("</span>"));
    tag.contains(" data-scripted hidden") || around.is_some_and(|part| part.contains(" data-scripted hidden"))
}

#[tokio::test]
async fn no_hint_names_a_key_that_only_a_script_knows() {
    let world = World::new();
    for cookie in ["", "; sw_language=en"] {
        let browser = Browser::of(&world, officer(&world), cookie);
        for path in pages(&world) {
            let text = browser.get(&path).await.text;
            for hint in text.split("placeholder=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(!hint.contains(" / "), "{path}: {hint}");
            }
        }
    }
}

#[tokio::test]
async fn buttons_side_by_side_in_a_form_do_not_touch() {
    let world = World::new();
    let browser = Browser::of(&world, officer(&world), "");
    let mut found = 0;
    for path in pages(&world) {
        let text = browser.get(&path).await.text;
        for (at, pair) in text.match_indices("</button><button class=\"sw-button") {
            found += 1;
            let (apart, form) = (text[..at].rfind("sw-buttons"), text[..at].rfind("<form"));
            assert!(apart > form, "{path}: {pair} in a form that keeps nothing apart");
        }
    }
    assert!(found > 3, "{found}");
}

#[tokio::test]
async fn no_word_is_missing_and_no_code_is_shown() {
    let world = World::new();
    for (cookie, is_chinese) in [("", true), ("; sw_language=en", false)] {
        for account in world.package.roles.keys() {
            let browser = Browser::of(&world, account, cookie);
            let mut paths = pages(&world);
            paths.push("/nothing-here".to_owned());
            for path in paths {
                let answer = browser.get(&path).await;
                let text = answer.visible();
                assert!(!text.contains("??"), "{path}: a word is missing");
                let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
                let codes: Vec<&str> = words.filter(|word| is_code(word)).collect();
                assert!(codes.is_empty(), "{path} ({account}, chinese {is_chinese}): {codes:?}");
                let language = if is_chinese { "lang=\"zh-CN\"" } else { "lang=\"en\"" };
                assert!(answer.text.contains(language), "{path}");
            }
        }
    }
}

/// An internal name as the package and the engine write them: `see_leads`, `medical_share`.
fn is_code(word: &str) -> bool {
    let parts: Vec<&str> = word.split('_').collect();
    parts.len() > 1 && parts.iter().all(|part| part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_lowercase()))
}

#[test]
fn style_and_script_weigh_little() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
    let read = |name: &str| std::fs::read(folder.join(name)).expect("a file");
    assert!(read("shouwang.css").len() <= 20 * 1024);
    let all = [read("shouwang.css"), read("shouwang.js"), read("vendor/htmx-4.0.1.min.js")];
    let gzipped: usize = all.iter().map(|content| gzip(content)).sum();
    assert!(gzipped <= 30 * 1024, "{gzipped} bytes");
}

#[test]
fn vendored_files_are_what_was_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/vendor");
    let check =
        Command::new("sha256sum").arg("--check").arg("--strict").arg("SHA256SUMS").current_dir(&folder).output();
    let check = check.expect("sha256sum runs");
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
}

fn gzip(content: &[u8]) -> usize {
    let mut child =
        Command::new("gzip").arg("-9c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("gzip runs");
    let mut input = child.stdin.take().expect("a pipe");
    let content = content.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&content));
    let output = child.wait_with_output().expect("gzip ends");
    writer.join().expect("a thread").expect("gzip reads");
    output.stdout.len()
}

/// An account that may see all there is at a county.
pub fn officer(world: &World) -> &str {
    let mut roles = world.package.roles.iter().collect::<Vec<_>>();
    roles.sort_by_key(|(_, role)| std::cmp::Reverse(role.may.len()));
    roles[0].0
}
