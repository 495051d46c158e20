//! Words that may not stand: loose ends, panics on the way of a request, clocks and files in pure rooms, places of one machine.

use crate::files::{self, must_be_empty};
use crate::rust::{Kind, Source, Token, read, sources};

/// Rooms that decide from their arguments alone.
const PURE: [&str; 2] = ["crates/model/src/", "crates/lifecycle/src/"];
/// Names by which a file, the network, a process or a clock would be reached.
const IMPURE: [&str; 10] =
    ["fs", "net", "env", "process", "TcpStream", "SystemTime", "Instant", "Utc", "Local", "thread_rng"];
/// The one clock.
const CLOCK: &str = "crates/shouwang/src/clock.rs";
/// Names by which the wall clock, or a zone of the machine's own, would be reached.
const CLOCK_WORDS: [&str; 4] = ["SystemTime", "UNIX_EPOCH", "Utc", "Local"];
/// The same in statements, in pages and in their script, cut in two so that this file does not say them.
const CLOCK_TEXTS: [(&str, &str); 12] = [
    ("current_", "date"),
    ("current_", "time"),
    ("local", "time"),
    ("no", "w()"),
    ("clock_", "timestamp"),
    ("julianday('", "now"),
    ("date('", "now"),
    ("datetime('", "now"),
    ("'n", "ow'"),
    ("new ", "Date"),
    ("Date.n", "ow"),
    ("Temporal", ".Now"),
];
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

/// Words and texts among the tokens that ship by which somebody else than the one clock would be asked for the time.
fn clock_words(source: &Source) -> Vec<String> {
    let asks = |token: &&Token| match token.kind {
        Kind::Word => CLOCK_WORDS.contains(&token.text.as_str()),
        Kind::Text => asks_for_time(&token.text),
        _ => false,
    };
    source.tokens.iter().filter(asks).map(|token| format!("{}:{} {}", source.path, token.line, token.text)).collect()
}

fn asks_for_time(text: &str) -> bool {
    let text = text.to_lowercase();
    CLOCK_TEXTS.iter().any(|(head, tail)| text.contains(&format!("{head}{tail}").to_lowercase()))
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
fn nothing_but_the_one_clock_asks_for_the_time() {
    let of_the_program = |path: &str| path.starts_with("crates/") && path != CLOCK;
    // What expressions may not say is named where it is refused.
    let names_it = |source: &Source| source.path == "crates/policy/src/names.rs";
    let sources: Vec<Source> = sources().into_iter().filter(|source| of_the_program(&source.path)).collect();
    assert!(files::text(CLOCK).is_some_and(|text| !clock_words(&read(CLOCK, &text)).is_empty()), "no clock there");
    let mut found: Vec<String> = sources.iter().filter(|source| !names_it(source)).flat_map(clock_words).collect();
    let is_text = |path: &&String| [".sql", ".html", ".js"].iter().any(|ending| path.ends_with(ending));
    let texts = files::all();
    for path in texts.iter().filter(|path| of_the_program(path) && !path.contains("/vendor/")).filter(is_text) {
        let text = files::text(path).unwrap_or_default();
        let lines = text.lines().enumerate().filter(|(_, line)| asks_for_time(line));
        found.extend(lines.map(|(number, line)| format!("{path}:{} {line}", number + 1)));
    }
    must_be_empty("ways to the time beside the one clock", &found);
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
    for (text, count) in [
        ("fn a() { std::time::SystemTime::now() }", 1),
        ("use chrono::{Local, Utc};", 2),
        ("fn a() { \"select Current_Date\" }", 1),
        ("fn a() { \"select datetime('now', 'localtime')\" }", 1),
        ("fn a() { std::time::Instant::now(); \"select day from event\" }", 0),
        ("#[cfg(test)] use std::time::SystemTime;", 0),
    ] {
        assert_eq!(clock_words(&source(text)).len(), count, "{text}");
    }
    assert!(asks_for_time("var today = new Date();") && !asks_for_time("var dayOf = function (name) {}"));
    let machine =
        format!("fine\ncd {}main\n{}\n", ["/wo", "rk/"].concat(), ["https://static.", "crates.io/x"].concat());
    assert_eq!(machine_words("a.md", &machine).len(), 2);
}
