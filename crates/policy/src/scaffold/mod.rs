//! New declarations with comments, as `shouwang new` writes them. They pass the check as they are.

mod choose;

use crate::names::is_name;
use crate::package::{Package, Thing};
use choose::Choice;
use words::{Advice, Language, advice};

/// A file of this name with comments in Chinese, and the same with English ones.
macro_rules! template {
    ($file:literal) => {
        [include_str!(concat!("zh-CN/", $file)), include_str!(concat!("en/", $file))]
    };
}

/// What can be scaffolded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scaffold {
    Register,
    Rule,
    Fact,
    Source,
    Indicator,
}

/// Why nothing was scaffolded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotScaffold {
    /// No declaration can have this name.
    #[error("`{0}` cannot be a name")]
    NameUnfit(String),
    /// `<folder>/<name>.toml` is declared already.
    #[error("{folder}/{name}.toml is declared")]
    Declared { folder: &'static str, name: String },
    /// A field of households or residents has the name, which facts stand beside.
    #[error("`{0}` is a field")]
    CalledAsField(String),
}

impl CannotScaffold {
    /// What is wrong and what to do, for people.
    pub fn advice(&self) -> Advice {
        match self {
            CannotScaffold::NameUnfit(name) => advice!("scaffold_name_unfit", name),
            CannotScaffold::Declared { folder, name } => advice!("scaffold_declared", folder, name),
            CannotScaffold::CalledAsField(name) => advice!("scaffold_called_as_field", name),
        }
    }
}

impl Scaffold {
    fn thing(self) -> Thing {
        match self {
            Scaffold::Register => Thing::Register,
            Scaffold::Rule => Thing::Rule,
            Scaffold::Fact => Thing::Fact,
            Scaffold::Source => Thing::Source,
            Scaffold::Indicator => Thing::Indicator,
        }
    }

    /// The declaration and its cases, with comments in the language.
    fn templates(self, language: Language) -> (&'static str, Option<&'static str>) {
        let of = |[chinese, english]: [&'static str; 2]| language.pick(chinese, english);
        match self {
            Scaffold::Register => (of(template!("register.toml")), Some(of(template!("register.cases.toml")))),
            Scaffold::Rule => (of(template!("rule.toml")), Some(of(template!("rule.cases.toml")))),
            Scaffold::Fact => (of(template!("fact.toml")), Some(of(template!("fact.cases.toml")))),
            Scaffold::Source => (of(template!("source.toml")), None),
            Scaffold::Indicator => (of(template!("indicator.toml")), Some(of(template!("indicator.cases.toml")))),
        }
    }
}

/// Files of a new declaration: path relative to the package, and text, with comments in the language. Codes, roles and facts
/// that the files name are taken from the package, so that they pass its check before anything is edited.
///
/// # Errors
/// When the name cannot be a name, or is declared already.
pub fn scaffold(
    package: &Package,
    kind: Scaffold,
    name: &str,
    language: Language,
) -> Result<Vec<(String, String)>, CannotScaffold> {
    is_free(package, kind, name)?;
    let choice = Choice::from(package, name);
    let (text, cases) = kind.templates(language);
    let folder = kind.thing().folder();
    let mut files = vec![(format!("{folder}/{name}.toml"), choice.fill(text))];
    files.extend(cases.map(|cases| (format!("{folder}/{name}.cases.toml"), choice.fill(cases))));
    Ok(files)
}

fn is_free(package: &Package, kind: Scaffold, name: &str) -> Result<(), CannotScaffold> {
    if !is_name(name) {
        return Err(CannotScaffold::NameUnfit(name.to_owned()));
    }
    let taken = match kind {
        Scaffold::Register | Scaffold::Source => &[Thing::Register, Thing::Source][..],
        _ => &[kind.thing()],
    };
    if let Some(before) = taken.iter().find(|thing| package.text(**thing, name).is_some()) {
        return Err(CannotScaffold::Declared { folder: before.folder(), name: name.to_owned() });
    }
    let mut beside = ["resident", "household"].iter().filter_map(|register| package.registers.get(*register));
    if kind == Scaffold::Fact && beside.any(|register| register.field_named(name).is_some()) {
        return Err(CannotScaffold::CalledAsField(name.to_owned()));
    }
    Ok(())
}
