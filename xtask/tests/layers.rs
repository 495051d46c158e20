//! Rooms depend in one direction, and each heavy technology has one home.
//!
//! `words <- model <- policy <- {lifecycle <- store <- web, exchange, matching, lake <- analysis, sample} <- shouwang`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Every room with the rooms it may depend on.
const MAY_DEPEND_ON: [(&str, &[&str]); 12] = [
    ("words", &[]),
    ("model", &["words"]),
    ("policy", &["words", "model"]),
    ("lifecycle", &["words", "model", "policy"]),
    ("store", &["words", "model", "policy", "lifecycle"]),
    ("web", &["words", "model", "policy", "lifecycle", "store"]),
    ("exchange", &["words", "model", "policy"]),
    ("matching", &["words", "model", "policy"]),
    ("lake", &["words", "model", "policy"]),
    ("analysis", &["words", "model", "policy", "lake"]),
    ("sample", &["words", "model", "policy"]),
    (
        "shouwang",
        &[
            "words",
            "model",
            "policy",
            "lifecycle",
            "store",
            "web",
            "exchange",
            "matching",
            "lake",
            "analysis",
            "sample",
        ],
    ),
];

/// Heavy technologies (by the start of a crate's name) with the rooms that may name them.
const HOMES: [(&str, &[&str]); 25] = [
    ("aes-gcm", &["store"]),
    ("argon2", &["web"]),
    ("arrow", &["exchange", "lake", "analysis"]),
    ("askama", &["web"]),
    ("axum", &["web"]),
    ("ballista", &["analysis"]),
    ("cookie", &["web"]),
    ("csv", &["exchange", "policy", "sample"]),
    ("datafusion", &["analysis"]),
    ("encoding_rs", &["exchange"]),
    ("governor", &["web"]),
    ("image", &["web"]),
    ("minijinja", &["web"]),
    ("object_store", &["lake"]),
    ("parquet", &["exchange", "lake"]),
    ("postgres", &["store"]),
    ("quick-xml", &["exchange"]),
    ("rusqlite", &["store"]),
    ("rust_xlsxwriter", &["exchange"]),
    ("rustls", &["store"]),
    ("sea-query", &["store"]),
    ("sqlparser", &["policy"]),
    ("tokio-postgres", &["store"]),
    ("tower", &["web"]),
    ("zip", &["exchange"]),
];

/// Technologies that only tests may use, with the rooms whose tests may.
const HOMES_OF_TESTS: [(&str, &[&str]); 4] =
    [("calamine", &["exchange"]), ("rcgen", &["store"]), ("s3s", &["lake"]), ("thirtyfour", &["shouwang"])];

/// Technologies at home elsewhere that the tests of a room may use besides: journeys take workbooks apart as people would spoil them, and
/// search a database for what must not stand in it.
const ALSO_IN_TESTS: [(&str, &str); 2] = [("zip", "shouwang"), ("rusqlite", "shouwang")];

/// The sections of a manifest that name dependencies, and whether they are for tests only.
const SECTIONS: [(&str, bool); 3] =
    [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

fn manifest(path: &Path) -> Table {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Name and manifest of every room.
fn rooms() -> Vec<(String, Table)> {
    let folders = std::fs::read_dir(root().join("crates")).expect("the folder of rooms can be read");
    let mut paths: Vec<PathBuf> = folders.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().expect("a folder has a name").to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), manifest(&path.join("Cargo.toml")))).collect()
}

/// Name of the dependency, what is said of it, and whether it is for tests only; also of sections for one target.
fn dependencies(manifest: &Table) -> Vec<(String, Value, bool)> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let of_targets = targets.into_iter().flat_map(|targets| targets.values().filter_map(Value::as_table));
    let mut all = Vec::new();
    for table in std::iter::once(manifest).chain(of_targets) {
        for (section, for_tests) in SECTIONS {
            for (name, said) in table.get(section).and_then(Value::as_table).into_iter().flatten() {
                let package = said.get("package").and_then(Value::as_str).unwrap_or(name);
                all.push((package.to_owned(), said.clone(), for_tests));
            }
        }
    }
    all
}

/// What is wrong with the dependencies of a room.
fn wrongs(room: &str, manifest: &Table) -> Vec<String> {
    let own: BTreeSet<&str> = MAY_DEPEND_ON.iter().map(|(name, _)| *name).collect();
    let Some((_, allowed)) = MAY_DEPEND_ON.iter().find(|(name, _)| *name == room) else {
        return vec![format!("`{room}` has no place in the direction; give it one in this test")];
    };
    let mut wrongs = Vec::new();
    for (name, said, for_tests) in dependencies(manifest) {
        if own.contains(name.as_str()) && !allowed.contains(&name.as_str()) {
            wrongs.push(format!("`{room}` may not depend on `{name}`"));
        }
        if !own.contains(name.as_str()) && !is_at_home(room, &name, for_tests) {
            wrongs.push(format!("`{name}` is not at home in `{room}`"));
        }
        if said.get("workspace").and_then(Value::as_bool) != Some(true) {
            wrongs.push(format!("`{room}` gives `{name}` a version of its own; versions stand in the workspace"));
        }
    }
    wrongs
}

fn is_at_home(room: &str, name: &str, for_tests: bool) -> bool {
    let same = |technology: &str| {
        name == technology || name.strip_prefix(technology).is_some_and(|rest| rest.starts_with(['-', '_']))
    };
    let home = HOMES.iter().find(|(technology, _)| same(technology)).is_none_or(|(_, rooms)| rooms.contains(&room));
    let home = home || (for_tests && ALSO_IN_TESTS.contains(&(name, room)));
    let of_tests = HOMES_OF_TESTS.iter().find(|(technology, _)| same(technology));
    home && of_tests.is_none_or(|(_, rooms)| for_tests && rooms.contains(&room))
}

#[test]
fn rooms_depend_in_one_direction_and_technologies_stay_at_home() {
    let wrongs: Vec<String> = rooms().iter().flat_map(|(room, manifest)| wrongs(room, manifest)).collect();
    assert!(wrongs.is_empty(), "\n{}", wrongs.join("\n"));
    assert_eq!(rooms().len(), MAY_DEPEND_ON.len(), "a room of the direction is missing");
}

#[test]
fn the_direction_itself_has_no_circle() {
    for (position, (room, allowed)) in MAY_DEPEND_ON.iter().enumerate() {
        for below in *allowed {
            let place = MAY_DEPEND_ON.iter().position(|(name, _)| name == below).expect("a room of this list");
            assert!(place < position, "`{room}` stands before `{below}`");
            let (_, of_below) = MAY_DEPEND_ON[place];
            assert!(of_below.iter().all(|name| allowed.contains(name)), "`{room}` does not reach all below `{below}`");
        }
    }
}

#[test]
fn every_room_takes_edition_licence_and_lints_from_the_workspace() {
    for (room, manifest) in rooms() {
        let of_workspace =
            |value: Option<&Value>| value.and_then(|value| value.get("workspace")?.as_bool()) == Some(true);
        for key in ["version", "edition", "rust-version", "license", "publish"] {
            assert!(of_workspace(manifest["package"].get(key)), "`{room}`: `{key}` is not the workspace's");
        }
        assert!(of_workspace(manifest.get("lints")), "`{room}`: the lints are not the workspace's");
    }
}

#[test]
fn the_test_sees_wrong_edges_strange_homes_and_own_versions() {
    let cases = [
        ("model", "[dependencies]\npolicy.workspace = true", "`model` may not depend on `policy`"),
        ("store", "[dependencies]\nanalysis.workspace = true", "`store` may not depend on `analysis`"),
        ("matching", "[dev-dependencies]\nexchange.workspace = true", "`matching` may not depend on `exchange`"),
        ("web", "[dependencies]\nrusqlite.workspace = true", "`rusqlite` is not at home in `web`"),
        (
            "store",
            "[dependencies]\ndatafusion-common.workspace = true",
            "`datafusion-common` is not at home in `store`",
        ),
        ("shouwang", "[dependencies]\nthirtyfour.workspace = true", "`thirtyfour` is not at home in `shouwang`"),
        ("lake", "[dependencies]\ns3s-fs.workspace = true", "`s3s-fs` is not at home in `lake`"),
        ("analysis", "[dependencies]\nparquet.workspace = true", "`parquet` is not at home in `analysis`"),
        ("web", "[dev-dependencies]\nthirtyfour.workspace = true", "`thirtyfour` is not at home in `web`"),
        (
            "store",
            "[dependencies]\nserde = \"1\"",
            "`store` gives `serde` a version of its own; versions stand in the workspace",
        ),
        (
            "web",
            "[target.'cfg(unix)'.dependencies]\nsql = { workspace = true, package = \"rusqlite\" }",
            "`rusqlite` is not at home in `web`",
        ),
        ("cellar", "", "`cellar` has no place in the direction; give it one in this test"),
    ];
    for (room, text, wrong) in cases {
        assert_eq!(wrongs(room, &text.parse().expect("test manifests are well written")), [wrong], "{text}");
    }
    let fine = "[dependencies]\npolicy.workspace = true\ncsvish.workspace = true\n[dev-dependencies]\nthirtyfour.workspace = true";
    assert_eq!(wrongs("shouwang", &fine.parse().expect("well written")), [""; 0]);
}
