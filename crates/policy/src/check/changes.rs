//! Checks `changes/`: what was renamed is there under its new name, what is gone is not declared any more.

use super::found::{Findings, text_of};
use crate::changes::{Changes, KeptPath, Place, Why};
use crate::declare::{Change, Column, Recoded, Register};
use crate::expression::nearest;
use crate::names::{BESIDE, is_column_name, is_name, is_reserved_field};
use crate::package::{Package, Thing};
use crate::problem::Problem;
use crate::text::FileText;
use model::Class;
use words::{Advice, advice, wording};

/// Registers that the engine knows by name, and whether it knows their fields by name too.
const OF_THE_ENGINE: [(&str, bool); 3] = [("region", true), ("household", false), ("resident", false)];
/// Fields that the engine knows by name, in any register.
const FIELDS_OF_THE_ENGINE: [&str; 4] = ["household_no", "region_code", "member_from", "member_to"];
/// Longest code.
const CODE_MAX: usize = 64;
/// Longest name of a register together with that of a kind of child record.
const TOGETHER_MAX: usize = 56;

/// Checks all changes and works out what they come to.
pub(super) fn check(package: &mut Package, found: &mut Findings) {
    let mut ordered: Vec<(&String, &Change)> = package.changes.iter().collect();
    ordered.sort_by_key(|(name, change)| (change.from.0, name.as_str()));
    let mut changes = Changes::default();
    for (name, change) in ordered {
        let file = text_of(package, Thing::Change, name);
        found.filled(&file, "reason", &change.reason);
        found.filled(&file, "reason_en", &change.reason_en);
        let lists =
            [("renamed", change.renamed.len()), ("removed", change.removed.len()), ("recoded", change.recoded.len())];
        if lists.iter().all(|(_, count)| *count == 0) {
            found.add(file.problem("", advice!("package_change_of_nothing")));
        }
        if !found.is_too_long(&file, &lists) {
            of_file(package, found, name, &file, change, &mut changes);
        }
    }
    ends(package, found, &changes);
    package.worked_out = changes;
}

fn of_file(
    package: &Package,
    found: &mut Findings,
    name: &str,
    file: &FileText,
    change: &Change,
    changes: &mut Changes,
) {
    let why = Why { from: change.from.0, reason: &change.reason, reason_en: &change.reason_en };
    for (at, one) in change.renamed.iter().enumerate() {
        let key = format!("renamed.{at}");
        let path = NamePath { register: &one.register, child: one.child.as_deref(), field: one.field.as_deref() };
        let mut good = names(found, file, &key, path) & may_change(package, found, file, &key, path);
        let of_field = one.field.is_some();
        let fits = if one.field.is_none() && one.child.is_none() { is_name(&one.to) } else { is_column_name(&one.to) };
        if !fits || (of_field && is_reserved_field(&one.to)) {
            found.add(file.problem(&format!("{key}.to"), advice!("package_new_name_unfit")));
            good = false;
        }
        let place = Place { file: name.to_owned(), key: key.clone(), is_removal: false };
        if let Some(why_not) = good.then(|| changes.rename(one, why, place).err()).flatten() {
            found.add(file.problem(&key, advice!("package_rename_refused", why_not)));
        }
    }
    for (at, one) in change.removed.iter().enumerate() {
        let key = format!("removed.{at}");
        let path = NamePath { register: &one.register, child: one.child.as_deref(), field: one.field.as_deref() };
        let good = names(found, file, &key, path) & may_change(package, found, file, &key, path);
        let place = Place { file: name.to_owned(), key: key.clone(), is_removal: true };
        if let Some(why_not) = good.then(|| changes.remove(one, why, place).err()).flatten() {
            found.add(file.problem(&key, advice!("package_removal_refused", why_not)));
        }
    }
    for (at, one) in change.recoded.iter().enumerate() {
        let key = format!("recoded.{at}");
        if code_is_good(package, found, file, &key, one)
            && let Err(why_not) = changes.recode(one, why)
        {
            found.add(file.problem(&key, advice!("package_recode_refused", why_not)));
        }
    }
}

/// What a change is about: a register, a kind of its child records, or a field of either.
#[derive(Clone, Copy)]
struct NamePath<'change> {
    register: &'change str,
    child: Option<&'change str>,
    field: Option<&'change str>,
}

/// The names that a change is about can be names.
fn names(found: &mut Findings, file: &FileText, key: &str, NamePath { register, child, field }: NamePath<'_>) -> bool {
    let mut good = true;
    let mut must = |fits: bool, part: &str| {
        if !fits {
            found.add(file.problem(&format!("{key}.{part}"), advice!("package_name_unfit_here")));
            good = false;
        }
    };
    must(is_name(register), "register");
    must(child.is_none_or(is_column_name), "child");
    must(field.is_none_or(|field| is_column_name(field) && !is_reserved_field(field)), "field");
    must(child.is_none_or(|child| register.len() + child.len() <= TOGETHER_MAX), "child");
    good
}

/// What the engine knows by name stays as it is.
fn may_change(
    package: &Package,
    found: &mut Findings,
    file: &FileText,
    key: &str,
    NamePath { register, child, field }: NamePath<'_>,
) -> bool {
    let known = OF_THE_ENGINE.iter().find(|(name, _)| *name == register);
    let is_whole = child.is_none() && field.is_none();
    let is_raised = package.registers.get(register).is_some_and(Register::is_raised);
    let is_bound = is_raised
        || known.is_some_and(|(_, with_fields)| is_whole || *with_fields)
        || field.is_some_and(|field| child.is_none() && FIELDS_OF_THE_ENGINE.contains(&field));
    if is_bound {
        found.add(file.problem(key, advice!("package_name_of_engine")));
    }
    !is_bound
}

fn code_is_good(package: &Package, found: &mut Findings, file: &FileText, key: &str, one: &Recoded) -> bool {
    let Some(list) = package.codes.get(&one.codes) else {
        found.add(file.problem(
            &format!("{key}.codes"),
            advice!(
                "package_name_unknown",
                what = wording!("package_word_code_list"),
                name = one.codes.escape_debug(),
                near = nearest(&one.codes, package.codes.keys(), "")
            ),
        ));
        return false;
    };
    let mut good = true;
    for (part, code) in [("code", &one.code), ("to", &one.to)] {
        let is_odd = code.trim() != code || code.is_empty() || code.len() > CODE_MAX;
        if is_odd || code.contains(|letter: char| letter == ',' || letter.is_control()) {
            found.add(file.problem(&format!("{key}.{part}"), advice!("package_code_unfit")));
            good = false;
        }
    }
    if list.code.iter().any(|known| known.code == one.code) {
        found.add(file.problem(&format!("{key}.code"), advice!("package_old_code_declared")));
        good = false;
    }
    if let Some(bound) = bound_code(package, &one.codes) {
        found.add(file.problem(&format!("{key}.codes"), bound));
        good = false;
    }
    good
}

/// Why codes of a list cannot become others: records go by them, or they stand where they cannot be found.
fn bound_code(package: &Package, list: &str) -> Option<Advice> {
    let uses = |field: &Column| field.codes.as_deref() == Some(list);
    for (name, register) in &package.registers {
        let of_key = |field: &&Column| register.key.contains(&field.name);
        if register.field.iter().filter(of_key).any(uses) {
            return Some(advice!("package_code_of_key", name));
        }
        let is_sealed = |field: &&Column| uses(field) && field.effective_class() == Class::Sensitive;
        let mut of_children = register.child.iter().flat_map(|child| &child.field);
        if register.field.iter().any(|field| is_sealed(&field) && field.many) || of_children.any(|one| is_sealed(&one))
        {
            return Some(advice!("package_code_sealed", name));
        }
    }
    None
}

/// What the changes come to must be what is declared.
fn ends(package: &Package, found: &mut Findings, changes: &Changes) {
    for (path, place) in &changes.gone {
        if is_declared(package, changes, path) {
            let advice = match place.is_removal {
                false => advice!("package_old_name_declared"),
                true => advice!("package_removed_declared"),
            };
            found.add(text_of(package, Thing::Change, &place.file).problem(&place.key, advice));
        }
    }
    for (path, now) in changes.kept_names() {
        let present = match &path {
            (_, None, None) => (now.to_owned(), None, None),
            (register, Some(_), None) => (register.clone(), Some(now.to_owned()), None),
            (register, child, Some(_)) => (register.clone(), child.clone(), Some(now.to_owned())),
        };
        let (register, child, _) = &path;
        let is_gone = changes.is_removed(register, child.as_deref(), None) || changes.is_removed(register, None, None);
        if !is_gone && !is_declared(package, changes, &present) {
            found.add(last_named(package, now, advice!("package_new_name_undeclared", now)));
        }
    }
    for (list, codes) in changes.recoded_lists() {
        let Some(declared) = package.codes.get(list) else { continue };
        for code in codes.iter().filter(|one| declared.code.iter().all(|known| known.code != one.new)) {
            found.add(last_named(package, &code.new, advice!("package_new_code_undeclared", list, code = code.new)));
        }
    }
    for (name, register) in &package.registers {
        doubled(package, found, changes, name, register);
    }
}

/// True when a register declares the thing; registers and children by kept names, the last name as it is written.
fn is_declared(package: &Package, changes: &Changes, (register, child, field): &KeptPath) -> bool {
    if child.is_none() && field.is_none() {
        return package.registers.contains_key(register);
    }
    let Some(declared) = package.registers.get(changes.register_now(register)) else { return false };
    match (child, field) {
        (Some(child), None) => declared.child_named(child).is_some(),
        (None, Some(field)) => declared.field_named(field).is_some(),
        (Some(child), Some(field)) => {
            let of_child = declared.child.iter().find(|one| changes.kept_child(register, &one.name) == child);
            of_child.is_some_and(|one| one.field.iter().any(|known| known.name == *field))
        }
        (None, None) => false,
    }
}

/// A problem at the last change that leads to this name.
fn last_named(package: &Package, to: &str, advice: Advice) -> Problem {
    let at = package.changes.iter().rev().find_map(|(name, change)| {
        let renamed = change.renamed.iter().rposition(|one| one.to == to).map(|at| format!("renamed.{at}.to"));
        let key = renamed
            .or_else(|| change.recoded.iter().rposition(|one| one.to == to).map(|at| format!("recoded.{at}.to")))?;
        Some((name, key))
    });
    match at {
        Some((name, key)) => text_of(package, Thing::Change, name).problem(&key, advice),
        None => Problem::of_file(package.root.join(Thing::Change.folder()), advice),
    }
}

/// A column that is kept under an earlier name must not be one that the database keeps beside another field; the log tells of
/// fields and child records side by side, so that no two of them are kept under one name.
fn doubled(package: &Package, found: &mut Findings, changes: &Changes, name: &str, register: &Register) {
    let kept = changes.kept_register(name);
    let names = changes.kept_fields(kept, register.field.iter().map(|field| field.name.as_str()));
    for field in &register.field {
        let own = changes.kept_field(kept, None, &field.name);
        let beside = BESIDE.iter().map(|ending| format!("{own}{ending}")).find(|name| names.contains(name.as_str()));
        if let Some(taken) = beside.filter(|taken| own != field.name || register.field_named(taken).is_none()) {
            // Either of the two may be kept under an earlier name: the change that says so is shown.
            let kept_there = |one: &&Column| one.name != taken && changes.kept_field(kept, None, &one.name) == taken;
            let renamed = register.field.iter().find(kept_there).unwrap_or(field);
            found.add(last_named(package, &renamed.name, advice!("package_column_beside", name = taken, other = own)));
        }
    }
    for child in &register.child {
        let own = changes.kept_child(kept, &child.name);
        if own != child.name && names.contains(own) {
            found.add(last_named(package, &child.name, advice!("package_child_called_as_field", own)));
        }
    }
}
