//! Which items of a room other rooms can reach, and whether those are explained.

use crate::files::{must_be_empty, root};
use crate::rust::{Kind, Public, Source, Token, read, sources};
use crate::sizes::percent;
use std::collections::{BTreeMap, BTreeSet};

/// The least share of documented items, in percent.
const DOCUMENTED_MIN: usize = 97;

/// What a room shows to the outside.
#[derive(Debug, Default)]
struct Window {
    /// Names that a `pub use` hands on.
    exported: BTreeSet<String>,
    /// Names of modules that are public.
    modules: BTreeSet<String>,
}

/// The folder of the library that a file belongs to; a program shows nothing to the outside.
fn library(path: &str) -> Option<&str> {
    let (room, _) = path.split_once("/src/").filter(|(room, _)| room.starts_with("crates/"))?;
    root().join(room).join("src/lib.rs").is_file().then_some(room)
}

fn add_to_window(window: &mut Window, tokens: &[Token]) {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    for at in (0..tokens.len()).filter(|at| text(*at) == "pub") {
        if text(at + 1) == "mod" {
            window.modules.insert(text(at + 2).to_owned());
        }
        if text(at + 1) == "use" {
            let names = tokens[at + 2..].iter().take_while(|token| token.text != ";");
            window.exported.extend(names.filter(|token| token.kind == Kind::Word).map(|token| token.text.clone()));
        }
    }
}

/// The modules between the root of the library and the items of a file.
fn chain(path: &str) -> Vec<&str> {
    let inside = path.split_once("/src/").map_or("", |(_, inside)| inside).trim_end_matches(".rs");
    inside.split('/').filter(|part| !matches!(*part, "lib" | "mod")).collect()
}

/// The items of a file that other rooms can reach. Functions of types count as soon as one type of the file is handed on.
fn reachable<'a>(source: &'a Source, window: &Window) -> Vec<&'a Public> {
    let modules_are_public = chain(&source.path).iter().all(|module| window.modules.contains(*module));
    let is_exported = |item: &Public| !item.is_member && window.exported.contains(&item.name);
    let hands_on = source.publics.iter().any(is_exported);
    let is_reached = |item: &&Public| modules_are_public || is_exported(item) || (item.is_member && hands_on);
    source.publics.iter().filter(is_reached).collect()
}

#[test]
fn public_items_are_documented() {
    let sources = sources();
    let rooms: BTreeSet<&str> = sources.iter().filter_map(|source| library(&source.path)).collect();
    let (mut count, mut bare) = (0, Vec::new());
    for room in rooms {
        let of_room: Vec<&Source> = sources.iter().filter(|source| library(&source.path) == Some(room)).collect();
        let mut window = Window::default();
        of_room.iter().for_each(|source| add_to_window(&mut window, &source.tokens));
        for source in of_room {
            for item in reachable(source, &window) {
                count += 1;
                if !item.is_documented {
                    bare.push(format!("{}:{} {}", source.path, item.line, item.name));
                }
            }
        }
    }
    println!("{} of {count} public items are documented; the others:\n{}", count - bare.len(), bare.join("\n"));
    assert!(count > 100, "only {count} public items are seen");
    if (count - bare.len()) * 100 < count * DOCUMENTED_MIN {
        must_be_empty(&format!("of {count} public items not documented"), &bare);
    }
}

/// The crate that a file belongs to, as its folder.
pub fn room(path: &str) -> &str {
    let depth = if path.starts_with("crates/") { 2 } else { 1 };
    path.match_indices('/').nth(depth - 1).map_or(path, |(end, _)| &path[..end])
}

#[test]
fn in_each_crate_nearly_all_that_is_public_is_documented() {
    let mut crates: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    for source in sources() {
        let (count, bare) = crates.entry(room(&source.path).to_owned()).or_default();
        *count += source.publics.len();
        let undocumented = source.publics.iter().filter(|item| !item.is_documented);
        bare.extend(undocumented.map(|item| format!("{}:{} {}", source.path, item.line, item.name)));
    }
    assert!(crates.len() > 10, "only {} crates are seen", crates.len());
    let mut thin = Vec::new();
    for (name, (count, bare)) in crates {
        let share = percent(count - bare.len(), count);
        println!("{name}: {share} % of {count} public items are documented\n{}", bare.join("\n"));
        if share < DOCUMENTED_MIN {
            thin.push(format!("{name}: {share} %"));
            thin.extend(bare);
        }
    }
    must_be_empty("crates with undocumented public items", &thin);
}

#[test]
fn a_file_belongs_to_the_crate_whose_folder_it_lies_in() {
    for (path, name) in [
        ("crates/web/src/http/route.rs", "crates/web"),
        ("crates/web/src/lib.rs", "crates/web"),
        ("xtask/src/main.rs", "xtask"),
        ("browser/src/lib.rs", "browser"),
    ] {
        assert_eq!(room(path), name);
    }
}

#[test]
fn only_what_other_rooms_reach_is_counted() {
    let mut window = Window::default();
    let root = read("crates/a/src/lib.rs", "pub mod open; mod shut; pub use shut::{Shown, inner::shown as other};");
    add_to_window(&mut window, &root.tokens);
    let names = |path: &str, text: &str| -> Vec<String> {
        reachable(&read(path, text), &window).iter().map(|item| item.name.clone()).collect()
    };
    assert_eq!(names("crates/a/src/open.rs", "pub struct A;\nimpl A {\n    pub fn b() {}\n}"), ["A", "b"]);
    assert_eq!(names("crates/a/src/shut.rs", "pub struct A;\nimpl A {\n    pub fn b() {}\n}"), [""; 0]);
    assert_eq!(
        names("crates/a/src/shut.rs", "pub struct Shown;\nimpl Shown {\n    pub fn b() {}\n}\npub fn c() {}"),
        ["Shown", "b"]
    );
    assert_eq!(names("crates/a/src/shut/inner.rs", "pub fn shown() {}\npub fn hidden() {}"), ["shown"]);
    assert_eq!(names("crates/a/src/lib.rs", "pub const A: u8 = 1;"), ["A"]);
}
