//! New declarations with comments, as `shouwang new` writes them. They pass the check as they are.

mod choose;

use crate::names::is_name;
use crate::package::{Package, Thing};
use choose::Choice;

/// What can be scaffolded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scaffold {
    Register,
    Rule,
    Fact,
    Source,
    Indicator,
}

/// Why nothing was scaffolded; text for people (Chinese).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CannotScaffold(pub String);

/// Files of a new declaration: path relative to the package, and text. Codes, roles and facts that the files name are taken
/// from the package, so that they pass its check before anything is edited.
///
/// # Errors
/// When the name cannot be a name, or is declared already.
pub fn scaffold(package: &Package, kind: Scaffold, name: &str) -> Result<Vec<(String, String)>, CannotScaffold> {
    let refuse = |message: String| Err(CannotScaffold(message));
    if !is_name(name) {
        return refuse(format!("`{name}` 不能用作名称:只用小写字母、数字和下划线,以字母开头,不用 SQL 的词"));
    }
    let thing = match kind {
        Scaffold::Register => Thing::Register,
        Scaffold::Rule => Thing::Rule,
        Scaffold::Fact => Thing::Fact,
        Scaffold::Source => Thing::Source,
        Scaffold::Indicator => Thing::Indicator,
    };
    let taken = if matches!(kind, Scaffold::Register | Scaffold::Source) {
        &[Thing::Register, Thing::Source][..]
    } else {
        &[thing]
    };
    if let Some(before) = taken.iter().find(|thing| package.text(**thing, name).is_some()) {
        return refuse(format!("{}/{name}.toml 已经有了;换一个名称,或直接改它", before.folder()));
    }
    let is_field = ["resident", "household"].iter().filter_map(|register| package.registers.get(*register));
    if kind == Scaffold::Fact && is_field.flat_map(|register| &register.field).any(|field| field.name == name) {
        return refuse(format!("`{name}` 已经是台账字段的名称;换一个名称"));
    }
    let choice = Choice::from(package, name);
    let (text, cases) = match kind {
        Scaffold::Register => {
            (choice.fill(include_str!("register.toml")), Some(choice.fill(include_str!("register.cases.toml"))))
        }
        Scaffold::Source => (choice.fill(include_str!("source.toml")), None),
        Scaffold::Fact => (choice.fill(include_str!("fact.toml")), Some(choice.fill(include_str!("fact.cases.toml")))),
        Scaffold::Indicator => {
            (choice.fill(include_str!("indicator.toml")), Some(choice.fill(include_str!("indicator.cases.toml"))))
        }
        Scaffold::Rule => (choice.fill(include_str!("rule.toml")), Some(choice.fill(include_str!("rule.cases.toml")))),
    };
    let folder = thing.folder();
    let mut files = vec![(format!("{folder}/{name}.toml"), text)];
    files.extend(cases.map(|cases| (format!("{folder}/{name}.cases.toml"), cases)));
    Ok(files)
}
