//! What the package says decides: without shocks there is no truth; a mistake is refused by name; a new table needs no code.

mod support;

use policy::Package;
use sample::{Plan, PlanError};
use std::fs;
use std::path::Path;
use support::{column, county, made, options, package};

/// The package, with its files for samples in a folder of their own that `change` may spoil.
fn changed(folder: &Path, change: impl FnOnce(&Path)) -> Package {
    let mut package = package();
    let root = folder.join("package");
    let lists = root.join(&package.head.codes);
    for (from, to) in [
        (package.root.join("sample"), root.join("sample")),
        (package.root.join("data"), root.join("data")),
        (package.root.join(&package.head.codes), lists),
    ] {
        fs::create_dir_all(&to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let path = entry.expect("an entry").path();
            fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("a copy");
        }
    }
    change(&root.join("sample"));
    package.root = root;
    package
}

fn rewrite(path: &Path, change: impl Fn(&str) -> String) {
    let text = fs::read_to_string(path).expect("a file");
    fs::write(path, change(&text)).expect("written");
}

#[test]
fn without_shocks_nobody_falls_into_hardship() {
    let folder = tempfile::tempdir().expect("a folder");
    let calm = |line: &str| if line.starts_with("rate = ") { "rate = 0.0".to_owned() } else { line.to_owned() };
    let package = changed(folder.path(), |sample| {
        rewrite(&sample.join("population.toml"), |text| text.lines().map(calm).collect::<Vec<_>>().join("\n"));
    });
    let (keeper, summary) = made(&package, &options(county(&package), 2_000, 3, false));
    assert_eq!((summary.truths, keeper.table("truth").rows.len()), (0, 0));
    let (_, usual) = made(&support::package(), &options(county(&package), 2_000, 3, false));
    assert!(usual.truths > 10, "{}", usual.truths);
}

#[test]
fn mistakes_in_the_files_are_refused_by_name() {
    let cases = [
        ("const:98", "is not a code of its list"),
        ("resident.names", "there is no field `resident.names`"),
        ("guess:3", "`guess:` is not known"),
        ("int:3", "is not a range"),
        ("text:{village.name", "brace that is not closed"),
    ];
    for (written, reason) in cases {
        let folder = tempfile::tempdir().expect("a folder");
        let package = changed(folder.path(), |sample| {
            rewrite(&sample.join("resident.toml"), |text| {
                text.replace("sex_code = \"resident.is_male\"", &format!("sex_code = \"{written}\""))
            });
        });
        match Plan::new(&package, &options(county(&package), 10, 1, true)).err() {
            Some(PlanError::Table(what)) => {
                assert!(what.starts_with("sample/resident.toml: column `sex_code`") && what.contains(reason), "{what}");
            }
            other => panic!("{written}: {other:?}"),
        }
    }
}

#[test]
fn a_new_table_needs_a_source_and_one_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut package = changed(folder.path(), |sample| {
        let text = "[[rows]]\neach = \"resident\"\nwhere = \"resident.age >= 80\"\n\n[columns]\nidentity_no = \"resident.identity\"\n";
        fs::write(sample.join("old_people.toml"), text).expect("written");
    });
    let (name, mut source) =
        package.sources.iter().next().map(|(name, source)| (name.clone(), source.clone())).expect("a source");
    source.column.retain(|column| column.name == "identity_no");
    source.key = vec!["identity_no".to_owned()];
    source.check.clear();
    package.sources.insert("old_people".to_owned(), source);
    let (keeper, summary) = made(&package, &options(county(&package), 800, 3, true));
    assert!(summary.rows["old_people"] > 0, "beside {name}");
    for number in column(&package, &keeper, "old_people", "identity_no") {
        let year: i32 = number[6..10].parse().expect("a year");
        assert!((1910..=1944).contains(&year), "{year}");
    }
}
