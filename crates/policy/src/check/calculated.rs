//! Calculated fields, checks and constraints of a register: parsed, typed and settled into its form.

use super::columns::{known, listed};
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
            let message = format!("字段 `{name}` 的算式绕回了自己");
            found.add(self.file.at(&format!("{list}.{at}.derived"), message, "让其中一个字段不再引用另一个"));
        }
        ordered.iter().filter_map(|name| settled.remove(name)).collect()
    }

    /// Calculated fields are not entered, name no record and hide nothing.
    fn suits(&self, found: &mut Findings, key: &str, column: &Column, is_record: bool) {
        let file = self.file;
        if column.derived.is_some() && column.total.is_some() {
            let hint = "由本记录算出写 derived,由子记录汇总写 total";
            found.add(file.at(&format!("{key}.total"), "derived 和 total 只能写一个", hint));
        }
        if column.total.is_some() && !is_record {
            found.add(file.at(
                &format!("{key}.total"),
                "子记录下面没有子记录可以汇总",
                "改写 derived,或把它移到主记录",
            ));
        }
        if column.required {
            found.add(file.at(&format!("{key}.required"), "算出来的字段不由人填写,不能必填", "删去 required"));
        }
        if is_record && self.register.key.contains(&column.name) {
            let message = format!("`{}` 是算出来的,不能用来确定一条记录", column.name);
            found.add(file.at("key", message, "key 里只写填写的字段"));
        }
        if column.effective_class() == Class::Sensitive {
            found.add(file.at(&format!("{key}.class"), "算出来的字段不能是敏感信息", "删去 class,或改成填写的字段"));
        }
        if !column.known_from.is_empty() {
            found.add(file.at(&format!("{key}.known_from"), "算出来的字段不需要从别处带出", "删去 known_from"));
        }
        if column.many || matches!(column.kind, Kind::Reference | Kind::File | Kind::Region | Kind::Month) {
            found.add(file.at(&format!("{key}.kind"), "这种字段不能算出来", "可用:int decimal fen day bool text code"));
        }
    }

    fn derived(&self, found: &mut Findings, key: &str, text: &str, scope: &Scope) -> Option<(How, Typed)> {
        let settled = parse_spanned(text).and_then(|parsed| settle_spanned(&parsed, scope));
        let (expr, typed) = report(found, self.file, key, text, settled)?;
        self.lasts(found, key, &[&expr]).then_some((How::Derived(expr), typed))
    }

    fn total(&self, found: &mut Findings, key: &str, total: &Total) -> Option<(How, Typed)> {
        let Some(child) = self.register.child.iter().position(|child| child.name == total.of) else {
            let names: Vec<String> = self.register.child.iter().map(|child| child.name.clone()).collect();
            known(found, self.file, &format!("{key}.of"), "子记录", &total.of, &names);
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
            let hint = "今天的值明天就不对了;写进 check,或由规则和事实去算;年龄写 age(出生日期, 某个日期)";
            found.add(self.file.at(key, "算出来的字段不能用今天的日期", hint));
        }
        !is_of_today
    }

    /// The value must be one of the field's kind; texts written for a code must be codes of its list.
    pub(super) fn fits(&self, found: &mut Findings, key: &str, column: &Column, how: &How, typed: &Typed) -> bool {
        let Some(wanted) = column.kind.expression_type() else { return true };
        let is_money_right = typed.is_money == (column.kind == Kind::Fen);
        let fits = typed.ty == wanted || (typed.ty == Type::Int && wanted == Type::Decimal);
        if !fits || (wanted != Type::Text && !is_money_right) {
            let message = format!("算出来的是{},字段要{}", name_of(typed), name_of(&Typed::of(wanted)));
            found.add(self.file.at(key, message, "改 kind,或用 whole(…) 取整、case 换算"));
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
                _ => {
                    let message = format!("算出来的不一定是代码表 {list} 的代码");
                    found.add(self.file.at(key, message, "用 case 写出各个代码"));
                }
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
                found.add(self.file.at(&key, format!("`{name}` 已经是字段的名称"), "给查到的值另取一个名称"));
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
            let message = format!("查到的 `{name}` 没有用到");
            found.add(self.file.at(&format!("{key}.found.{name}"), message, "在 holds 里写它,或删去它"));
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
            found.add(self.file.at(&format!("{key}.from"), format!("没有台账 `{}`", lookup.from), hint));
            return None;
        };
        if lookup.matching.is_empty() {
            let hint = "match = { 那边的字段 = \"这边的字段\" }";
            found.add(self.file.at(&format!("{key}.match"), "没有写按什么字段去找", hint));
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
            let names = |register: &Register| register.field.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
            known(found, self.file, key, "字段", field_there, &names(there));
            known(found, self.file, key, "字段", field_here, &names(self.register));
            return;
        };
        let same_codes = one.kind != Kind::Code || one.codes == other.codes;
        // A reference holds the text of the key that it refers to, so the two may be compared.
        let refers = |field: &Column, to: &Column| field.kind == Kind::Reference && refers_to(self.package, field, to);
        let is_alike = (one.kind == other.kind && same_codes) || refers(one, other) || refers(other, one);
        if !is_alike {
            let message = format!("两边的 kind 不同:{:?} 和 {:?}", one.kind, other.kind);
            found.add(self.file.at(key, message, "两边要同一种字段"));
        }
        let no_equal = |column: &Column| column.kind == Kind::File || column.many;
        if no_equal(one) || no_equal(other) {
            found.add(self.file.at(key, "附件和多选字段不能用来匹配", "换一个字段"));
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
