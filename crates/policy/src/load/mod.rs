//! Reads the files of a package and proves that they hold together.

mod overlay;
mod reader;

use crate::calendar::Calendar;
use crate::changes::Changes;
use crate::check;
use crate::declare::{Article, CalendarFile, CodeList, PackageHead};
use crate::expression::Scope;
use crate::package::{Package, Thing};
use crate::problem::Problems;
use reader::{PackageReader, Texts};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Articles {
    article: Vec<Article>,
}

impl Package {
    /// Reads the package in `root`, lays the parameters of each folder of `overlays` over it, in that order, and checks that
    /// all of it holds together. Cases are not run here: see `run_cases`.
    ///
    /// # Errors
    /// All mistakes found in all files, each with file, line and hint; at least one of them is an error.
    pub fn load(root: &Path, overlays: &[PathBuf]) -> Result<Package, Problems> {
        let (package, mut problems) = read(root, overlays);
        let Some(mut package) = package else {
            problems.sort();
            return Err(problems);
        };
        check::check(&mut package, &mut problems);
        problems.sort();
        if problems.has_errors() {
            return Err(problems);
        }
        package.warnings = problems.0;
        Ok(package)
    }
}

/// Reads all files that can be read. No package without its head.
fn read(root: &Path, overlays: &[PathBuf]) -> (Option<Package>, Problems) {
    let mut reader = PackageReader {
        texts: Texts::new(),
        case_texts: Texts::new(),
        overlaid: BTreeMap::new(),
        problems: Problems::default(),
    };
    let head: Option<PackageHead> = reader.single(&root.join("package.toml"), Thing::Head);
    let Some(head) = head else { return (None, reader.problems) };
    let articles: Option<Articles> = reader.single(&root.join("articles.toml"), Thing::Articles);
    let mut codes: BTreeMap<String, CodeList> = BTreeMap::new();
    if let Some(shared) = reader.inner(root, "codes", &head.codes) {
        codes.extend(reader.folder(&shared, Thing::Codes, true));
    }
    codes.extend(reader.folder(&root.join("codes"), Thing::Codes, false));
    let divisions = reader.divisions(root, &head);
    let calendar: Option<CalendarFile> = match root.join("calendar.toml") {
        path if path.exists() => reader.single(&path, Thing::Calendar),
        _ => None,
    };
    let calendar_years = calendar.unwrap_or_default().year;
    let mut package = Package {
        root: root.to_owned(),
        articles: articles.map(|articles| articles.article).unwrap_or_default(),
        codes: Arc::new(codes),
        registers: reader.folder(&root.join("registers"), Thing::Register, true),
        sources: reader.folder(&root.join("sources"), Thing::Source, false),
        facts: reader.folder(&root.join("facts"), Thing::Fact, false),
        rules: reader.folder(&root.join("rules"), Thing::Rule, false),
        parameters: reader.folder(&root.join("parameters"), Thing::Parameter, false),
        roles: reader.folder(&root.join("roles"), Thing::Role, false),
        indicators: reader.folder(&root.join("indicators"), Thing::Indicator, false),
        changes: reader.folder(&root.join("changes"), Thing::Change, false),
        worked_out: Changes::default(),
        divisions,
        calendar: Calendar::of(&calendar_years),
        calendar_years,
        fact_forms: BTreeMap::new(),
        rule_forms: BTreeMap::new(),
        register_forms: BTreeMap::new(),
        indicator_forms: BTreeMap::new(),
        fact_order: Vec::new(),
        warnings: Vec::new(),
        resident_scope: Scope::default(),
        household_scope: Scope::default(),
        village_scope: Scope::default(),
        formulas: BTreeMap::new(),
        texts: BTreeMap::new(),
        case_texts: BTreeMap::new(),
        overlaid: BTreeMap::new(),
        head,
    };
    crate::raised::complete_raised(&mut package.registers, &package.roles);
    base_values(&package, &mut reader);
    for folder in overlays {
        overlay::lay(&mut package, &mut reader, folder);
    }
    crate::raised::list_rules(Arc::make_mut(&mut package.codes), &package.rules);
    package.texts = reader.texts;
    package.case_texts = reader.case_texts;
    package.overlaid = reader.overlaid;
    (Some(package), reader.problems)
}

/// The package's own values are checked before overlays are laid over them.
fn base_values(package: &Package, reader: &mut PackageReader) {
    for (name, declared) in &package.parameters {
        let Some(file) = reader.texts.get(&(Thing::Parameter, name.clone())) else { continue };
        for (at, value) in declared.value.iter().enumerate() {
            let problems = check::parameters::shape(file, &format!("value.{at}"), value, declared.unit, false);
            reader.problems.0.extend(problems);
        }
    }
}
