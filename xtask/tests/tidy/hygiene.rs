//! Words that may not stand: loose ends, panics on the way of a request, clocks and files in pure rooms, places of one machine.

use crate::files::{self, must_be_empty};
use crate::rust::{Kind, Source, Token, read, sources};

/// Rooms that decide from their arguments alone.
const PURE: [&str; 2] = ["crates/model/src/", "crates/lifecycle/src/"];
/// Names by which a file, the network, a process or a clock would be reached.
const IMPURE: [&str; 10] =
    ["fs", "net", "env", "process", "TcpStream", "SystemTime", "Instant", "Utc", "Local", "thread_rng"];
/// Registries and mirrors, cut in two so that this file does not name them.
const HOSTS: [(&str, &str); 10] = [
    ("static.", "crates.io"),
    ("index.", "crates.io"),
    ("rs", "proxy.cn"),
    ("mirrors.", "ustc"),
    ("mirrors.tuna", ".tsinghua"),
    ("registry.", "npmjs"),
    ("registry.", "npmmirror"),
    ("files.python", "hosted"),
    ("proxy.", "golang"),
    ("deb.", "debian.org"),
];
/// Places of one machine, cut in two likewise.
const MACHINE_PATHS: [(&str, &str); 6] =
    [("/wo", "rk/"), ("/ro", "ot/"), ("/tm", "p/"), ("/ho", "me/"), ("C:\\", "Users"), ("/Us", "ers/")];
/// The one registry that the lock file may name.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Loose ends and panics among the tokens that ship, as `line: what`.
fn loose_ends(source: &Source) -> Vec<String> {
    let text = |place: usize| source.tokens.get(place).map_or("", |token: &Token| token.text.as_str());
    let mut found = Vec::new();
    for (at, token) in source.tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word) {
        let word = token.text.as_str();
        let is_macro = text(at + 1) == "!" && matches!(word, "todo" | "unimplemented" | "dbg");
        let is_unwrap = word == "unwrap" && at > 0 && text(at - 1) == "." && text(at + 1) == "(" && text(at + 2) == ")";
        if is_macro || is_unwrap {
            found.push(format!("{}:{} {word}", source.path, token.line));
        }
    }
    found
}

/// Words among the tokens that ship by which the outside would be reached.
fn impure_words(source: &Source) -> Vec<String> {
    let is_impure = |token: &&Token| token.kind == Kind::Word && IMPURE.contains(&token.text.as_str());
    source
        .tokens
        .iter()
        .filter(is_impure)
        .map(|token| format!("{}:{} {}", source.path, token.line, token.text))
        .collect()
}

/// Places of one machine and registries in a text.
fn machine_words(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (head, tail) in MACHINE_PATHS.iter().chain(&HOSTS) {
            let word = format!("{head}{tail}");
            if line.contains(&word) {
                found.push(format!("{path}:{} {word}", number + 1));
            }
        }
    }
    found
}

#[test]
fn nothing_is_left_undone_and_nothing_unwraps_outside_tests() {
    let found: Vec<String> = sources().iter().flat_map(loose_ends).collect();
    must_be_empty("loose ends", &found);
}

#[test]
fn pure_rooms_touch_no_file_no_network_and_no_clock() {
    let is_pure = |source: &Source| PURE.iter().any(|room| source.path.starts_with(room));
    let sources: Vec<Source> = sources().into_iter().filter(is_pure).collect();
    assert!(!sources.is_empty(), "the pure rooms are not where this test looks");
    let found: Vec<String> = sources.iter().flat_map(impure_words).collect();
    must_be_empty("ways to the outside in rooms that decide from their arguments", &found);
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    let is_own = |path: &String| !path.contains("/vendor/") && path != "Cargo.lock" && path != "LICENSE";
    let found: Vec<String> = files::all()
        .iter()
        .filter(|path| is_own(path))
        .flat_map(|path| machine_words(path, &files::text(path).unwrap_or_default()))
        .collect();
    must_be_empty("places of one machine, or registries", &found);
    let lock = files::text("Cargo.lock").expect("the lock file is there");
    let strange: Vec<String> = lock
        .lines()
        .filter(|line| line.starts_with("source = ") && !line.contains(REGISTRY))
        .map(str::to_owned)
        .collect();
    must_be_empty("dependencies from elsewhere", &strange);
}

#[test]
fn the_checks_see_what_they_look_for() {
    let source = |text: &str| read("crates/model/src/a.rs", text);
    for (text, count) in [
        ("fn a() { b.unwrap() }", 1),
        ("fn a() { write!(f, \"{}\", b.unwrap()) }", 1),
        ("fn a() { b.unwrap_or(1); c.expect(\"holds\"); unwrap(d) }", 0),
        ("fn a() { todo!() }", 1),
        ("fn todo() {} /// dbg!()\nfn b() { \"unimplemented!\" }", 0),
        ("#[cfg(test)] mod tests { fn a() { b.unwrap(); dbg!(b) } }", 0),
    ] {
        assert_eq!(loose_ends(&source(text)).len(), count, "{text}");
    }
    for (text, count) in [
        ("use std::fs;", 1),
        ("use std::{collections::BTreeMap, net::TcpStream};", 2),
        ("fn a() { chrono::Local::now() }", 1),
        ("fn a(locale: &str) { \"fs\" }", 0),
        ("#[cfg(test)] use std::fs;", 0),
    ] {
        assert_eq!(impure_words(&source(text)).len(), count, "{text}");
    }
    let machine =
        format!("fine\ncd {}main\n{}\n", ["/wo", "rk/"].concat(), ["https://static.", "crates.io/x"].concat());
    assert_eq!(machine_words("a.md", &machine).len(), 2);
}
