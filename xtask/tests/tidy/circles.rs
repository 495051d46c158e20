//! Files that import one another in a circle: few, and each circle inside of one folder. Wings of a crate that import one another: none.

use crate::rust::{Kind, Source, Token, is_test_path, sources};
use std::collections::{BTreeMap, BTreeSet};

/// Of a hundred files that ship, so many may be in a circle.
const IN_HUNDRED_MAX: usize = 2;
/// Crates in wings, the lowest first: what lies in one imports what lies in it or in one before; those of one row know nothing of one
/// another. A wing is a folder or a file at the top of the crate, and all of them are named but `lib.rs`.
const WINGS: [(&str, &[&[&str]]); 6] = [
    (
        "policy",
        &[
            &["declare", "divisions", "functions", "names", "problem"],
            &["calendar", "changes", "expression", "raised"],
            &["toml_reader"],
            &["forms", "text"],
            &["figure", "package", "record"],
            &["parameters", "scaffold", "scope", "sentence", "version", "written"],
            &["cases", "order", "recompute"],
            &["check", "working"],
            &["load"],
        ],
    ),
    (
        "lake",
        &[
            &["decimal", "error", "spared"],
            &["schema"],
            &["row_source", "standing", "storage", "values"],
            &["manifest", "read"],
            &["changes", "commit_bucket", "commit_folder", "runs", "write"],
            &["merged"],
            &["lake"],
            &["delivery", "in_force_rows"],
            &["landing"],
        ],
    ),
    ("exchange", &[&["ground"], &["raw"], &["cell"], &["register"], &["heading"], &["judge"], &["read"], &["write"]]),
    (
        "store",
        &[
            &["tls_fault", "scope", "declarations"],
            &["error", "command"],
            &["key", "receipt"],
            &["cipher"],
            &["database"],
            &["stored"],
            &["caches"],
            &["store"],
            &["job", "log"],
            &["accounts"],
            &["write", "read"],
            &["upgrade"],
        ],
    ),
    ("web", &[&["http"], &["api", "parts"], &["jobs", "unsent"], &["pages"], &["routes"]]),
    (
        "shouwang",
        &[
            &["language"],
            &["arguments", "clock", "process", "progress", "trouble"],
            &["package_folder", "place"],
            &["installation"],
            &["jobs"],
            &["gateway"],
            &["commands"],
        ],
    ),
];
/// Re-exports that are followed from one name.
const STEPS_MAX: usize = 12;

/// The folders and the name of a module, from the top of its crate.
type Module = Vec<String>;

/// What a file says of others: its imports and re-exports with the name that each has here, and the paths in its code.
#[derive(Default)]
struct Named {
    imports: Vec<Vec<String>>,
    exports: BTreeMap<String, Vec<String>>,
}

/// The files of a crate, and whom each names.
struct Crate {
    named: BTreeMap<Module, Named>,
}

impl Crate {
    fn of(name: &str, sources: &[Source]) -> Crate {
        let start = format!("crates/{name}/src/");
        let own = sources.iter().filter(|source| !is_test_path(&source.path) && !source.path.ends_with("main.rs"));
        let module = |source: &Source| Some((module_of(source.path.strip_prefix(&start)?), named(&source.tokens)));
        Crate { named: own.filter_map(module).collect() }
    }

    /// The module in which a path ends that is written in `at`; `None` for one of another crate.
    fn resolve(&self, at: &Module, path: &[String], steps: usize) -> Option<Module> {
        let (first, mut rest) = path.split_first()?;
        let mut found = at.clone();
        match first.as_str() {
            "crate" => found.clear(),
            "self" => {}
            "super" => {
                found.pop();
                while let Some((_, deeper)) = rest.split_first().filter(|(word, _)| *word == "super") {
                    found.pop();
                    rest = deeper;
                }
            }
            name => {
                let is_child = self.named.contains_key(&child(at, name));
                let is_exported = steps > 0 && self.named.get(at).is_some_and(|own| own.exports.contains_key(name));
                if !is_child && !is_exported {
                    return None;
                }
                rest = path;
            }
        }
        while let Some((name, deeper)) = rest.split_first() {
            let below = child(&found, name);
            if self.named.contains_key(&below) {
                found = below;
                rest = deeper;
                continue;
            }
            let export = self.named.get(&found).and_then(|own| own.exports.get(name)).filter(|_| steps < STEPS_MAX);
            let through = export.and_then(|export| self.resolve(&found, &[export, deeper].concat(), steps + 1));
            return Some(through.unwrap_or(found));
        }
        Some(found)
    }

    /// Whom each module names, itself left out.
    fn arrows(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let of = |at: &Module, named: &Named| {
            let resolved = named.imports.iter().filter_map(|path| self.resolve(at, path, 0));
            resolved.filter(|module| module != at && self.named.contains_key(module)).collect()
        };
        self.named.iter().map(|(at, named)| (at, of(at, named))).collect()
    }

    /// What each wing imports of one that does not lie before it, and the wings that are not named.
    fn against(&self, rows: &[&[&str]]) -> Vec<String> {
        let row = |wing: &str| rows.iter().position(|row| row.contains(&wing));
        let mut found = Vec::new();
        for (at, others) in self.arrows() {
            let Some(own) = at.first() else { continue };
            let Some(own_row) = row(own) else {
                found.push(format!("{own} is no wing"));
                continue;
            };
            let is_against = |other: &&Module| {
                other.first().is_some_and(|wing| wing != own && row(wing).is_none_or(|other_row| other_row >= own_row))
            };
            let others = others.iter().filter(is_against);
            found.extend(others.map(|other| format!("{} imports {}", at.join("/"), other.join("/"))));
        }
        found
    }

    /// Groups of modules that reach one another.
    fn circles(&self) -> Vec<BTreeSet<Module>> {
        let arrows = self.arrows();
        let reached = |from: &Module| {
            let (mut reached, mut open) = (BTreeSet::new(), vec![from.clone()]);
            while let Some(at) = open.pop() {
                open.extend(arrows[&at].iter().filter(|next| reached.insert((*next).clone())).cloned());
            }
            reached
        };
        let all: BTreeMap<&Module, BTreeSet<Module>> = arrows.keys().map(|at| (*at, reached(at))).collect();
        let mut circles: Vec<BTreeSet<Module>> = Vec::new();
        for (at, reached) in all.iter().filter(|(at, reached)| reached.contains(**at)) {
            if !circles.iter().any(|circle| circle.contains(*at)) {
                circles.push(reached.iter().filter(|other| all[other].contains(*at)).cloned().collect());
            }
        }
        circles
    }
}

fn child(at: &Module, name: &str) -> Module {
    let mut child = at.clone();
    child.push(name.to_owned());
    child
}

fn module_of(path: &str) -> Module {
    let mut module: Module = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib")) {
        module.pop();
    }
    module
}

/// Reads the imports and paths of a file.
fn named(tokens: &[Token]) -> Named {
    let mut named = Named::default();
    let is_word = |token: &Token| token.kind == Kind::Word;
    let mut at = 0;
    while at < tokens.len() {
        if is_word(&tokens[at]) && tokens[at].text == "use" {
            let end = tokens[at..].iter().position(|token| token.text == ";").map_or(tokens.len(), |end| at + end);
            let is_export = at > 0 && matches!(tokens[at - 1].text.as_str(), "pub" | ")");
            tree(&tokens[at + 1..end], &[], &mut |path, name| {
                if is_export {
                    named.exports.insert(name, path);
                } else {
                    named.imports.push(path);
                }
            });
            at = end;
        } else if is_word(&tokens[at]) && (at == 0 || tokens[at - 1].text != ":") {
            let (path, length) = path(&tokens[at..]);
            if path.len() > 1 {
                named.imports.push(path);
            }
            at += length - 1;
        }
        at += 1;
    }
    named
}

/// The path that begins here, and how many tokens it takes.
fn path(tokens: &[Token]) -> (Vec<String>, usize) {
    let mut path = vec![tokens[0].text.clone()];
    let mut at = 1;
    while let [colon, other, word, ..] = &tokens[at..]
        && colon.text == ":"
        && other.text == ":"
        && word.kind == Kind::Word
    {
        path.push(word.text.clone());
        at += 3;
    }
    (path, at)
}

/// Takes a use tree apart: each path with the name that it has here.
fn tree(tokens: &[Token], before: &[String], take: &mut impl FnMut(Vec<String>, String)) {
    let Some(first) = tokens.first() else { return };
    if first.text == "{" {
        let (mut depth, mut from) = (0, 1);
        for (at, token) in tokens.iter().enumerate() {
            match token.text.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            let is_last = token.text == "}" && depth == 0;
            if is_last || (token.text == "," && depth == 1) {
                tree(&tokens[from..at], before, take);
                from = at + 1;
            }
            if is_last {
                return;
            }
        }
        return;
    }
    let (own, length) = path(tokens);
    let whole = [before, &own].concat();
    match &tokens[length..] {
        [one, other, rest @ ..] if one.text == ":" && other.text == ":" => match rest.first() {
            Some(star) if star.text == "*" => take(whole, "*".to_owned()),
            _ => tree(rest, &whole, take),
        },
        rest => {
            let path: Vec<String> = whole.iter().filter(|word| *word != "self" || whole.len() == 1).cloned().collect();
            let path = if whole.first().is_some_and(|word| word == "self") { whole.clone() } else { path };
            let alias = rest.iter().position(|token| token.text == "as").and_then(|at| rest.get(at + 1));
            let name = alias.map(|token| token.text.clone()).or_else(|| path.last().cloned());
            take(path, name.unwrap_or_default());
        }
    }
}

fn crates(sources: &[Source]) -> BTreeSet<String> {
    let name = |source: &Source| Some(source.path.strip_prefix("crates/")?.split('/').next()?.to_owned());
    sources.iter().filter_map(name).collect()
}

#[test]
fn few_files_import_one_another_in_a_circle() {
    let sources = sources();
    let (mut files, mut in_circles, mut shown) = (0, 0, String::new());
    for name in crates(&sources) {
        let one = Crate::of(&name, &sources);
        let circles = one.circles();
        files += one.named.len();
        in_circles += circles.iter().map(BTreeSet::len).sum::<usize>();
        for circle in &circles {
            let names: Vec<String> = circle.iter().map(|module| module.join("/")).collect();
            shown += &format!("{name}: {}\n", names.join(" "));
        }
    }
    println!("{shown}{in_circles} of {files} files are in a circle ({} %)", in_circles * 100 / files);
    assert!(in_circles * 100 <= files * IN_HUNDRED_MAX, "{shown}{in_circles} of {files} files are in a circle");
}

#[test]
fn wings_import_those_before_them() {
    let sources = sources();
    let found = WINGS.iter().flat_map(|(name, rows)| {
        let against = Crate::of(name, &sources).against(rows);
        against.into_iter().map(move |one| format!("{name}: {one}"))
    });
    let found: Vec<String> = found.collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn an_import_against_the_order_of_wings_is_seen() {
    let against = |high: &str, low: &str, beside: &str| {
        let top = [("lib.rs", "pub use low::a::A;"), ("low/mod.rs", "mod a;"), ("beside.rs", beside)];
        let files = [top, [("high/mod.rs", high), ("low/a.rs", low), ("low/b.rs", "use super::a::A;")]].concat();
        let read = |path: &str, text: &str| crate::rust::read(&format!("crates/x/src/{path}"), text);
        Crate::of("x", &files.into_iter().map(|(path, text)| read(path, text)).collect::<Vec<_>>())
            .against(&[&["low", "beside"], &["high"]])
    };
    assert!(against("use crate::A;", "", "").is_empty());
    assert_eq!(against("", "use crate::high::B;", ""), ["low/a imports high"]);
    assert_eq!(against("", "", "use crate::A;"), ["beside imports low/a"]);
    let own = Crate::of("x", &[crate::rust::read("crates/x/src/other.rs", "")]);
    assert_eq!(own.against(&[&["low"]]), ["other is no wing"]);
}

#[test]
fn circles_are_seen_through_use_trees_re_exports_and_paths() {
    let of = |files: &[(&str, &str)]| {
        let read = |(path, text): &(&str, &str)| crate::rust::read(&format!("crates/x/src/{path}"), text);
        let sources: Vec<Source> = files.iter().map(read).collect();
        Crate::of("x", &sources).circles().iter().map(BTreeSet::len).collect::<Vec<_>>()
    };
    let none: Vec<usize> = Vec::new();
    assert_eq!(of(&[("lib.rs", "mod a; mod b;"), ("a.rs", "use crate::b::B;"), ("b.rs", "pub struct B;")]), none);
    assert_eq!(of(&[("a.rs", "use crate::{b::{B, C}};"), ("b.rs", "use super::a;")]), [2]);
    assert_eq!(of(&[("a.rs", "fn f() { crate::b::g() }"), ("b.rs", "fn g() { crate::a::f() }")]), [2]);
    let through =
        [("lib.rs", "mod a; mod b; pub use b::B as C;"), ("a.rs", "use crate::C;"), ("b.rs", "use crate::a::A;")];
    assert_eq!(of(&through), [2]);
    assert_eq!(of(&[("a/mod.rs", "mod b; use b::B;"), ("a/b.rs", "use super::A;")]), [2]);
    let tests = "#[cfg(test)] mod tests { use crate::a::A; }";
    assert_eq!(of(&[("a.rs", "use crate::b::B;"), ("b.rs", tests)]), none);
}
