//! Calculated fields, checks and constraints of a register: parsed, typed and settled into its form.

use super::columns::listed;
use super::facts::{report, settle_call, settle_filter, settle_truth};
use super::found::{Findings, text_of};
use crate::declare::{Column, Constraint, Lookup, Register, Total};
use crate::expression::{
    Expr, Function, Scope, Typed, name_of, names_of, nearest, parse_spanned, settle_spanned, visit,
};
use crate::forms::{Calculated, ConstraintForm, How, LookupForm, RegisterForm};
use crate::order;
use crate::package::{Package, Thing};
use crate::scope;
use crate::text::FileText;
use model::{Class, Kind, Type, Value};
use std::collections::{BTreeMap, BTreeSet};
use words::{Advice, advice, wording};

/// Settles everything that the register calculates or demands. What cannot be settled is a problem and left out.
pub(super) fn form_of(package: &Package, found: &mut Findings, name: &str, register: &Register) -> RegisterForm {
    let file = text_of(package, Thing::Register, name);
    let on_record = scope::of_record(package, register);
    let place = FieldPlace { package, file: &file, register };
    let children = register.child.iter().enumerate();
    let child_calculated = children
        .map(|(at, child)| place.calculated(found, &format!("child.{at}.field"), &child.field, false))
        .collect();
    let calculated = place.calculated(found, "field", &register.field, true);
    let mut checks = Vec::with_capacity(register.check.len());
    for (at, check) in register.check.iter().enumerate() {
        checks.extend(settle_truth(found, &file, &format!("check.{at}.holds"), &check.holds, &on_record));
    }
    let mut constraints = Vec::with_capacity(register.constraint.len());
    for (at, constraint) in register.constraint.iter().enumerate() {
        constraints.extend(place.constraint(found, &format!("constraint.{at}"), constraint, &on_record));
    }
    let (steps, deadlines) = super::steps::forms_of(package, found, &file, name, register);
    RegisterForm { calculated, child_calculated, checks, constraints, steps, deadlines }
}

/// A register whose form is made.
pub(super) struct FieldPlace<'a> {
    pub package: &'a Package,
    pub file: &'a FileText,
    pub register: &'a Register,
}

impl FieldPlace<'_> {
    /// The calculated ones of these columns, so that each stands behind those it reads.
    fn calculated(&self, found: &mut Findings, list: &str, columns: &[Column], is_record: bool) -> Vec<Calculated> {
        let scope = scope::of_open_columns(self.package, columns);
        let mut settled: BTreeMap<String, Calculated> = BTreeMap::new();
        let mut reads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (at, column) in columns.iter().enumerate().filter(|(_, column)| !column.is_entered()) {
            let key = format!("{list}.{at}");
            self.suits(found, &key, column, is_record);
            let found_value = match (&column.derived, &column.total) {
                (Some(text), _) => self.derived(found, &format!("{key}.derived"), text, &scope),
                (None, Some(total)) if is_record => self.total(found, &format!("{key}.total"), total),
                _ => None,
            };
            let Some((how, typed)) = found_value else { continue };
            let word = if column.derived.is_some() { "derived" } else { "total.value" };
            if !self.fits(found, &format!("{key}.{word}"), column, &how, &typed) {
                continue;
            }
            let read = if let How::Derived(expr) = &how { names_of(expr) } else { BTreeSet::new() };
            reads.insert(column.name.clone(), read);
            settled.insert(column.name.clone(), Calculated { field: at, typed, how });
        }
        let (ordered, circular) = order::sorted(&reads);
        for name in circular.iter().filter(|name| order::reaches_itself(&reads, name)) {
            let at = settled.get(name).map_or(0, |calculated| calculated.field);
            found.add(self.file.problem(&format!("{list}.{at}.derived"), advice!("calculated_circle", name)));
        }
        ordered.iter().filter_map(|name| settled.remove(name)).collect()
    }

    /// Calculated fields are not entered, name no record and hide nothing.
    fn suits(&self, found: &mut Findings, key: &str, column: &Column, is_record: bool) {
        let file = self.file;
        if column.derived.is_some() && column.total.is_some() {
            found.add(file.problem(&format!("{key}.total"), advice!("calculated_in_two_ways")));
        }
        if column.total.is_some() && !is_record {
            found.add(file.problem(&format!("{key}.total"), advice!("calculated_total_of_child")));
        }
        if column.required {
            found.add(file.problem(&format!("{key}.required"), advice!("calculated_required")));
        }
        if is_record && self.register.key.contains(&column.name) {
            found.add(file.problem("key", advice!("calculated_key", name = column.name)));
        }
        if column.effective_class() == Class::Sensitive {
            found.add(file.problem(&format!("{key}.class"), advice!("calculated_sensitive")));
        }
        if !column.known_from.is_empty() {
            found.add(file.problem(&format!("{key}.known_from"), advice!("calculated_known_from")));
        }
        if column.many || matches!(column.kind, Kind::Reference | Kind::File | Kind::Region | Kind::Month) {
            found.add(file.problem(&format!("{key}.kind"), advice!("calculated_kind")));
        }
    }

    fn derived(&self, found: &mut Findings, key: &str, text: &str, scope: &Scope) -> Option<(How, Typed)> {
        let settled = parse_spanned(text).and_then(|parsed| settle_spanned(&parsed, scope));
        let (expr, typed) = report(found, self.file, key, text, settled)?;
        self.lasts(found, key, &[&expr]).then_some((How::Derived(expr), typed))
    }

    fn total(&self, found: &mut Findings, key: &str, total: &Total) -> Option<(How, Typed)> {
        let Some(child) = self.register.child.iter().position(|child| child.name == total.of) else {
            let what = wording!("unknown_child", name = total.of);
            let hint = nearest(&total.of, self.register.child.iter().map(|child| &child.name), "");
            found.add(self.file.problem(&format!("{key}.of"), Advice { what, hint }));
            return None;
        };
        let scope = scope::of_open_columns(self.package, &self.register.child[child].field);
        let (call, typed) = settle_call(found, self.file, &format!("{key}.value"), &total.value, &scope)?;
        let filter = settle_filter(found, self.file, &format!("{key}.where"), total.filter.as_deref(), &scope)?;
        let parts: Vec<&Expr> = call.argument.iter().chain(&filter).collect();
        self.lasts(found, &format!("{key}.value"), &parts).then_some((How::Total { child, call, filter }, typed))
    }

    /// A value that is kept with a record may not depend on the day on which it was calculated.
    fn lasts(&self, found: &mut Findings, key: &str, parts: &[&Expr]) -> bool {
        let is_of_today = parts.iter().any(|expr| reads_today(expr));
        if is_of_today {
            found.add(self.file.problem(key, advice!("calculated_of_today")));
        }
        !is_of_today
    }

    /// The value must be one of the field's kind; texts written for a code must be codes of its list.
    pub(super) fn fits(&self, found: &mut Findings, key: &str, column: &Column, how: &How, typed: &Typed) -> bool {
        let Some(wanted) = column.kind.expression_type() else { return true };
        let is_money_right = typed.is_money == (column.kind == Kind::Fen);
        let fits = typed.ty == wanted || (typed.ty == Type::Int && wanted == Type::Decimal);
        if !fits || (wanted != Type::Text && !is_money_right) {
            let (calculated, wanted) = (name_of(typed), name_of(&Typed::of(wanted)));
            found.add(self.file.problem(key, advice!("calculated_type", found = calculated, wanted)));
            return false;
        }
        let (How::Derived(expr), Some(list)) = (how, &column.codes) else { return true };
        let mut results = Vec::new();
        results_of(expr, &mut results);
        for result in results {
            match result {
                Expr::Literal(Value::Text(code)) => found.code(self.package, self.file, key, list, code),
                Expr::Literal(_) => {}
                _ if typed.codes.as_ref() == Some(list) => {}
                _ => found.add(self.file.problem(key, advice!("calculated_code", list))),
            }
        }
        true
    }

    fn constraint(
        &self,
        found: &mut Findings,
        key: &str,
        declared: &Constraint,
        on_record: &Scope,
    ) -> Option<ConstraintForm> {
        let mut scope = on_record.clone();
        let mut forms = Vec::with_capacity(declared.found.len());
        let mut is_whole = true;
        for (name, lookup) in &declared.found {
            let key = format!("{key}.found.{name}");
            found.names(self.file, std::iter::once(name), |_| key.clone());
            if scope.names.contains_key(name) || self.register.field_named(name).is_some() {
                found.add(self.file.problem(&key, advice!("lookup_name_taken", name)));
            }
            match self.lookup(found, &key, name, lookup) {
                Some((form, entry)) => {
                    scope.names.insert(name.clone(), entry);
                    forms.push(form);
                }
                None => is_whole = false,
            }
        }
        let Constraint { what, what_en, hint, hint_en, .. } = declared;
        for (name, text) in [("what", what), ("hint", hint)] {
            found.filled(self.file, &format!("{key}.{name}"), text);
        }
        for (name, text) in [("what_en", what_en), ("hint_en", hint_en)] {
            found.english(self.file, &format!("{key}.{name}"), text);
        }
        listed(found, self.file, &format!("{key}.columns"), &declared.columns, &self.register.field);
        if !is_whole {
            return None;
        }
        let holds = settle_truth(found, self.file, &format!("{key}.holds"), &declared.holds, &scope)?;
        let read = names_of(&holds);
        for name in declared.found.keys().filter(|name| !read.contains(*name)) {
            found.add(self.file.problem(&format!("{key}.found.{name}"), advice!("lookup_unused", name)));
        }
        Some(ConstraintForm { found: forms, holds })
    }

    fn lookup(
        &self,
        found: &mut Findings,
        key: &str,
        name: &str,
        lookup: &Lookup,
    ) -> Option<(LookupForm, crate::expression::ScopeEntry)> {
        let Some(there) = self.package.registers.get(&lookup.from) else {
            let hint = nearest(&lookup.from, self.package.registers.keys(), "");
            let what = wording!("unknown_register", name = lookup.from);
            found.add(self.file.problem(&format!("{key}.from"), Advice { what, hint }));
            return None;
        };
        if lookup.matching.is_empty() {
            let advice = advice!("lookup_by_nothing", open = '{', close = '}');
            found.add(self.file.problem(&format!("{key}.match"), advice));
        }
        for (field_there, field_here) in &lookup.matching {
            self.matched(found, &format!("{key}.match.{field_there}"), there, field_there, field_here);
        }
        let scope = scope::of_open_record(self.package, there);
        let (call, typed) = settle_call(found, self.file, &format!("{key}.value"), &lookup.value, &scope)?;
        let filter = settle_filter(found, self.file, &format!("{key}.where"), lookup.filter.as_deref(), &scope)?;
        let matching = lookup.matching.iter().map(|(there, here)| (there.clone(), here.clone())).collect();
        let from = lookup.from.clone();
        let form = LookupForm { name: name.to_owned(), from, matching, filter, call, ty: typed.ty };
        Some((form, scope::plain_entry(typed)))
    }

    /// Both fields exist, are of one kind and can be compared.
    pub(super) fn matched(
        &self,
        found: &mut Findings,
        key: &str,
        there: &Register,
        field_there: &str,
        field_here: &str,
    ) {
        let (Some(one), Some(other)) = (there.field_named(field_there), self.register.field_named(field_here)) else {
            for (register, name) in [(there, field_there), (self.register, field_here)] {
                if register.field_named(name).is_none() {
                    let hint = nearest(name, register.field.iter().map(|field| &field.name), "");
                    found.add(self.file.problem(key, Advice { what: wording!("unknown_field", name), hint }));
                }
            }
            return;
        };
        let same_codes = one.kind != Kind::Code || one.codes == other.codes;
        // A reference holds the text of the key that it refers to, so the two may be compared.
        let refers = |field: &Column, to: &Column| field.kind == Kind::Reference && refers_to(self.package, field, to);
        let is_alike = (one.kind == other.kind && same_codes) || refers(one, other) || refers(other, one);
        if !is_alike {
            let (there, here) = (format!("{:?}", one.kind), format!("{:?}", other.kind));
            found.add(self.file.problem(key, advice!("lookup_kinds", there, here)));
        }
        let no_equal = |column: &Column| column.kind == Kind::File || column.many;
        if no_equal(one) || no_equal(other) {
            found.add(self.file.problem(key, advice!("lookup_of_several")));
        }
    }
}

/// True when the reference's register has this column as its key.
fn refers_to(package: &Package, reference: &Column, key: &Column) -> bool {
    let register = reference.to.as_ref().and_then(|to| package.registers.get(to));
    register.is_some_and(|register| register.key == [key.name.clone()])
}

/// True when the value of the expression changes with the day: it reads `day`, or an age without saying on which day.
fn reads_today(expr: &Expr) -> bool {
    let mut found = false;
    visit(expr, &mut |part| match part {
        Expr::Name(name) => found |= name == "day",
        Expr::Call { function: Function::Age, arguments } => found |= arguments.len() == 1,
        _ => {}
    });
    found
}

/// The parts of an expression that may be its value.
fn results_of<'e>(expr: &'e Expr, results: &mut Vec<&'e Expr>) {
    match expr {
        Expr::Case { branches, otherwise } => {
            branches
                .iter()
                .map(|(_, then)| then)
                .chain(otherwise.as_deref())
                .for_each(|part| results_of(part, results));
        }
        Expr::Call { function: Function::Coalesce, arguments } => {
            arguments.iter().for_each(|part| results_of(part, results));
        }
        _ => results.push(expr),
    }
}
