//! What became of things that earlier packages declared: under which name each is kept, what was removed, which codes became
//! which.
//!
//! A database keeps a thing under the name under which it was first declared, its *kept* name, whatever it is called later.
//! So a rename moves nothing, and a program with the earlier package reads and writes the same columns and the same log.

use crate::declare::{Recoded, Removed, Renamed};
use model::Day;
use std::collections::{BTreeMap, BTreeSet};
use words::{Wording, wording};

/// A register, a kind of child record, or a field, by kept names.
pub type KeptPath = (String, Option<String>, Option<String>);

/// A rename, for plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameShown {
    /// `register`, `register.field`, `register/child` or `register/child.field`, as it was called.
    pub old: String,
    pub new: String,
    pub from: Day,
    pub reason: String,
    pub reason_en: String,
}

/// A code that became another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recode {
    pub old: String,
    pub new: String,
    /// Stored values are carried over from this day on.
    pub from: Day,
    pub reason: String,
    pub reason_en: String,
}

/// The changes of a package, worked out. `Default`: nothing ever changed.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Kept names by the present ones; what is below a register or a child stands under the kept name of that.
    registers: BTreeMap<String, String>,
    children: BTreeMap<(String, String), String>,
    fields: BTreeMap<(String, Option<String>, String), String>,
    removed: BTreeMap<KeptPath, RenameShown>,
    recoded: BTreeMap<String, Vec<Recode>>,
    renames: Vec<RenameShown>,
    /// Names that are not in use any more, with where it was said.
    pub(crate) gone: Vec<(KeptPath, Place)>,
}

/// Where a change stands: the name of its file, and the key of its entry.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub file: String,
    pub key: String,
    pub is_removal: bool,
}

/// When and why something changed.
#[derive(Clone, Copy)]
pub(crate) struct Why<'a> {
    pub from: Day,
    pub reason: &'a str,
    pub reason_en: &'a str,
}

impl Changes {
    /// The name under which the database keeps a register.
    pub fn kept_register<'a>(&'a self, register: &'a str) -> &'a str {
        self.registers.get(register).map_or(register, String::as_str)
    }

    /// The present name of a register that is kept under this one.
    pub fn register_now<'a>(&'a self, kept: &'a str) -> &'a str {
        let found = self.registers.iter().find(|(_, known)| *known == kept);
        found.map_or(kept, |(now, _)| now.as_str())
    }

    /// The name under which a kind of child record is kept; `register` by its kept name.
    pub fn kept_child<'a>(&'a self, register: &str, child: &'a str) -> &'a str {
        self.children.get(&(register.to_owned(), child.to_owned())).map_or(child, String::as_str)
    }

    /// The name under which a field is kept; `register` and `child` by their kept names.
    pub fn kept_field<'a>(&'a self, register: &str, child: Option<&str>, field: &'a str) -> &'a str {
        let key = (register.to_owned(), child.map(str::to_owned), field.to_owned());
        self.fields.get(&key).map_or(field, String::as_str)
    }

    /// True when the thing, or what it belongs to, was removed; all by kept names.
    pub fn is_removed(&self, register: &str, child: Option<&str>, field: Option<&str>) -> bool {
        let whole = |child: Option<&str>, field: Option<&str>| {
            self.removed.contains_key(&(register.to_owned(), child.map(str::to_owned), field.map(str::to_owned)))
        };
        whole(None, None) || child.is_some() && whole(child, None) || field.is_some() && whole(child, field)
    }

    /// Codes of a list that became others, each with the one it is now.
    pub fn recoded(&self, list: &str) -> &[Recode] {
        self.recoded.get(list).map_or(&[], Vec::as_slice)
    }

    /// Lists with codes that became others.
    pub fn recoded_lists(&self) -> impl Iterator<Item = (&str, &[Recode])> {
        self.recoded.iter().map(|(list, codes)| (list.as_str(), codes.as_slice()))
    }

    /// Every rename in the order in which they were made.
    pub fn renames(&self) -> &[RenameShown] {
        &self.renames
    }

    /// Everything that was removed, by its kept names.
    pub fn removals(&self) -> impl Iterator<Item = (&KeptPath, &RenameShown)> {
        self.removed.iter()
    }

    pub(crate) fn kept_names(&self) -> impl Iterator<Item = (KeptPath, &str)> {
        let registers = self.registers.iter().map(|(now, kept)| ((kept.clone(), None, None), now.as_str()));
        let children = self
            .children
            .iter()
            .map(|((register, now), kept)| ((register.clone(), Some(kept.clone()), None), now.as_str()));
        let fields = self.fields.iter().map(|((register, child, now), kept)| {
            ((register.clone(), child.clone(), Some(kept.clone())), now.as_str())
        });
        registers.chain(children).chain(fields)
    }

    /// Where a thing of these present names is kept.
    fn path(&self, register: &str, child: Option<&str>, field: Option<&str>) -> KeptPath {
        let register = self.kept_register(register).to_owned();
        let child = child.map(|child| self.kept_child(&register, child).to_owned());
        let field = field.map(|field| self.kept_field(&register, child.as_deref(), field).to_owned());
        (register, child, field)
    }

    /// The path with its last name as it was written, not as it is kept.
    fn written(&self, register: &str, child: Option<&str>, field: Option<&str>) -> KeptPath {
        let (kept_register, kept_child, _) = self.path(register, child, field);
        match (child, field) {
            (None, None) => (register.to_owned(), None, None),
            (Some(child), None) => (kept_register, Some(child.to_owned()), None),
            (_, Some(field)) => (kept_register, kept_child, Some(field.to_owned())),
        }
    }

    /// Notes a rename; says why it cannot be.
    pub(crate) fn rename(&mut self, one: &Renamed, why: Why<'_>, place: Place) -> Result<(), Wording> {
        let (register, child, field) = (one.register.as_str(), one.child.as_deref(), one.field.as_deref());
        let last = field.or(child).unwrap_or(register);
        let written = self.written(register, child, field);
        self.is_in_use(register, child, field, &written)?;
        if one.to == last {
            return Err(wording!("package_rename_same"));
        }
        let (kept_register, kept_child, _) = self.path(register, child, None);
        let is_new = match (child, field) {
            (None, None) => {
                let kept = self.registers.remove(register).unwrap_or_else(|| register.to_owned());
                self.registers.insert(one.to.clone(), kept).is_none()
            }
            (Some(child), None) => {
                let kept = self.children.remove(&(kept_register.clone(), child.to_owned()));
                self.children
                    .insert((kept_register, one.to.clone()), kept.unwrap_or_else(|| child.to_owned()))
                    .is_none()
            }
            (_, Some(field)) => {
                let kept = self.fields.remove(&(kept_register.clone(), kept_child.clone(), field.to_owned()));
                let key = (kept_register, kept_child, one.to.clone());
                self.fields.insert(key, kept.unwrap_or_else(|| field.to_owned())).is_none()
            }
        };
        if !is_new {
            return Err(wording!("package_rename_taken"));
        }
        self.gone.push((written, place));
        self.renames.push(shown(why, register, child, field, &one.to));
        Ok(())
    }

    /// Notes a removal; says why it cannot be.
    pub(crate) fn remove(&mut self, one: &Removed, why: Why<'_>, place: Place) -> Result<(), Wording> {
        let (register, child, field) = (one.register.as_str(), one.child.as_deref(), one.field.as_deref());
        let written = self.written(register, child, field);
        self.is_in_use(register, child, field, &written)?;
        let kept = self.path(register, child, field);
        self.forget(&kept);
        self.gone.push((written, place));
        self.removed.insert(kept, shown(why, register, child, field, ""));
        Ok(())
    }

    /// A thing that is gone has no present name.
    fn forget(&mut self, (register, child, field): &KeptPath) {
        match (child, field) {
            (None, None) => self.registers.retain(|_, kept| kept != register),
            (Some(child), None) => self.children.retain(|(of, _), kept| of != register || kept != child),
            (child, Some(field)) => {
                self.fields.retain(|(of, under, _), kept| of != register || under != child || kept != field);
            }
        }
    }

    fn is_in_use(
        &self,
        register: &str,
        child: Option<&str>,
        field: Option<&str>,
        written: &KeptPath,
    ) -> Result<(), Wording> {
        if self.gone.iter().any(|(gone, _)| gone == written) {
            return Err(wording!("package_name_gone"));
        }
        let (kept_register, kept_child, _) = self.path(register, child, field);
        if child.is_some() && self.is_removed(&kept_register, kept_child.as_deref(), None)
            || self.is_removed(&kept_register, None, None)
        {
            return Err(wording!("package_place_gone"));
        }
        Ok(())
    }

    /// Notes that a code became another; says why it cannot be.
    pub(crate) fn recode(&mut self, one: &Recoded, why: Why<'_>) -> Result<(), Wording> {
        let codes = self.recoded.entry(one.codes.clone()).or_default();
        if one.code == one.to {
            return Err(wording!("package_recode_same"));
        }
        if codes.iter().any(|known| known.old == one.code) {
            return Err(wording!("package_recode_twice"));
        }
        for known in codes.iter_mut().filter(|known| known.new == one.code) {
            known.new.clone_from(&one.to);
            known.from = known.from.max(why.from);
        }
        codes.push(Recode {
            old: one.code.clone(),
            new: one.to.clone(),
            from: why.from,
            reason: why.reason.to_owned(),
            reason_en: why.reason_en.to_owned(),
        });
        Ok(())
    }

    /// The names under which these fields of a register are kept; `register` by its kept name.
    pub(crate) fn kept_fields<'f>(
        &'f self,
        register: &'f str,
        fields: impl Iterator<Item = &'f str>,
    ) -> BTreeSet<&'f str> {
        fields.map(|field| self.kept_field(register, None, field)).collect()
    }
}

fn shown(why: Why<'_>, register: &str, child: Option<&str>, field: Option<&str>, to: &str) -> RenameShown {
    let child = child.map_or(String::new(), |child| format!("/{child}"));
    let field = field.map_or(String::new(), |field| format!(".{field}"));
    RenameShown {
        old: format!("{register}{child}{field}"),
        new: to.to_owned(),
        from: why.from,
        reason: why.reason.to_owned(),
        reason_en: why.reason_en.to_owned(),
    }
}
