//! Expressions of the package as people read them: names by their labels, codes by theirs, operators and functions by words.

use crate::parts::catalog::Catalog;
use crate::parts::show;
use model::Value;
use policy::declare::Grain;
use policy::expression::{BinaryOp, Expr, Function, Scope, parse};
use std::ops::Deref;

/// The expression in words: `self_paid_fen >= p.line` reads “个人自付” ≥ “医疗自付线”. Expressions were proved when the
/// package was loaded; a text that is none all the same reads as a general word.
pub fn readable(expression: &str, catalog: &Catalog<'_>) -> String {
    let spoken = Words { catalog, scope: None };
    parse(expression).map_or_else(|_| catalog.language.say("expression_value").to_owned(), |expr| words(&expr, &spoken))
}

/// As [`readable`], for an expression over the names of a scope, which has labels of its own: fields of a register.
pub fn readable_in(scope: &Scope, expr: &Expr, catalog: &Catalog<'_>) -> String {
    words(expr, &Words { catalog, scope: Some(scope) })
}

/// What names are called.
struct Words<'a> {
    catalog: &'a Catalog<'a>,
    /// Names that come before those of the package.
    scope: Option<&'a Scope>,
}

impl<'a> Deref for Words<'a> {
    type Target = Catalog<'a>;

    fn deref(&self) -> &Catalog<'a> {
        self.catalog
    }
}

impl Words<'_> {
    /// Label of a code of a list of the scope, or of the package.
    fn code_in(&self, list: &str, code: &str) -> String {
        let listed = self.scope.and_then(|scope| scope.codes.get(list));
        match listed.and_then(|list| list.code.iter().find(|one| one.code == code)) {
            Some(one) => self.language.pick(&one.label, &one.label_en).to_owned(),
            None => self.code(list, code),
        }
    }
}

fn say(catalog: &Catalog<'_>, word: &str) -> &'static str {
    catalog.language.say(&format!("expression_{word}"))
}

fn words(expr: &Expr, catalog: &Words<'_>) -> String {
    match expr {
        Expr::Literal(value) => show::plain(value, catalog.language),
        Expr::Name(name) => name_words(name, catalog),
        Expr::Parameter(name) => quoted(&catalog.parameter_label(name)),
        Expr::Not(of) => catalog.language.fill("expression_not", &[("of", &inside(of, catalog))]),
        Expr::Negate(of) => format!("-{}", inside(of, catalog)),
        Expr::Binary { op, left, right } => binary_words(*op, left, right, catalog),
        Expr::IsNull { of, negated } => {
            let state = say(catalog, if *negated { "known" } else { "unknown" });
            format!("{} {state}", inside(of, catalog))
        }
        Expr::In { of, list, negated } => {
            let each: Vec<String> = list.iter().map(|one| beside(one, of, catalog)).collect();
            let word = say(catalog, if *negated { "not_in" } else { "in" });
            format!("{} {word} {}", inside(of, catalog), each.join(catalog.language.say("list_comma")))
        }
        Expr::Between { of, low, high, negated } => {
            let key = if *negated { "expression_not_between" } else { "expression_between" };
            let values: [(&str, &dyn std::fmt::Display); 3] = [
                ("of", &inside(of, catalog)),
                ("low", &beside(low, of, catalog)),
                ("high", &beside(high, of, catalog)),
            ];
            catalog.language.fill(key, &values)
        }
        Expr::Case { branches, otherwise } => case_words(branches, otherwise.as_deref(), catalog),
        Expr::Call { function, arguments } => call_words(*function, arguments, catalog),
    }
}

fn name_words(name: &str, catalog: &Words<'_>) -> String {
    let entry = catalog.scope.and_then(|scope| scope.names.get(name));
    let own = entry.map(|entry| catalog.language.pick(&entry.label, &entry.label_en)).filter(|label| !label.is_empty());
    match own.map(str::to_owned).or_else(|| catalog.value_label(name)) {
        Some(label) => quoted(&label),
        None => say(catalog, if name == "day" { "day" } else { "value" }).to_owned(),
    }
}

fn quoted(label: &str) -> String {
    format!("“{label}”")
}

/// An operand: in brackets where it is itself made of parts.
fn inside(expr: &Expr, catalog: &Words<'_>) -> String {
    let text = words(expr, catalog);
    let has_parts = matches!(
        expr,
        Expr::Binary { .. } | Expr::Between { .. } | Expr::In { .. } | Expr::IsNull { .. } | Expr::Case { .. }
    );
    if has_parts { format!("({text})") } else { text }
}

fn binary_words(op: BinaryOp, left: &Expr, right: &Expr, catalog: &Words<'_>) -> String {
    let part = |side: &Expr, other: &Expr| match (op, side) {
        // A row of "and", or of "or", needs no brackets; nor do comparisons between them.
        (BinaryOp::And | BinaryOp::Or, Expr::Binary { op: inner, .. }) if *inner == op || !joins(*inner) => {
            words(side, catalog)
        }
        (BinaryOp::And | BinaryOp::Or, Expr::IsNull { .. } | Expr::In { .. } | Expr::Between { .. }) => {
            words(side, catalog)
        }
        (BinaryOp::Multiply, Expr::Binary { op: BinaryOp::Multiply, .. }) => words(side, catalog),
        (op, Expr::Binary { op: inner, .. }) if compares(op) && !joins(*inner) && !compares(*inner) => {
            words(side, catalog)
        }
        (BinaryOp::Add, Expr::Binary { op: BinaryOp::Add | BinaryOp::Multiply, .. }) => words(side, catalog),
        _ => beside(side, other, catalog),
    };
    let sign = match op {
        BinaryOp::And => say(catalog, "and"),
        BinaryOp::Or => say(catalog, "or"),
        BinaryOp::Equal => "=",
        BinaryOp::NotEqual => "≠",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "≤",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => "≥",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "×",
    };
    format!("{} {sign} {}", part(left, right), part(right, left))
}

fn joins(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::And | BinaryOp::Or)
}

fn compares(op: BinaryOp) -> bool {
    use BinaryOp::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    matches!(op, Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual)
}

/// An operand whose text is a code of the list that its neighbour names.
fn beside(expr: &Expr, neighbour: &Expr, catalog: &Words<'_>) -> String {
    match (expr, code_list(neighbour, catalog)) {
        (Expr::Literal(Value::Text(code)), Some(list)) => quoted(&catalog.code_in(&list, code)),
        _ => inside(expr, catalog),
    }
}

/// The code list of a coded name, also where an unknown value is replaced.
fn code_list(expr: &Expr, catalog: &Words<'_>) -> Option<String> {
    match expr {
        Expr::Name(name) if catalog.scope.is_some_and(|scope| scope.names.contains_key(name)) => {
            catalog.scope?.typed(name)?.codes
        }
        Expr::Name(name) => [Grain::Household, Grain::Resident, Grain::Village]
            .into_iter()
            .find_map(|grain| catalog.package.scope(grain).typed(name)?.codes),
        Expr::Call { function: Function::Coalesce, arguments } => code_list(arguments.first()?, catalog),
        _ => None,
    }
}

fn case_words(branches: &[(Expr, Expr)], otherwise: Option<&Expr>, catalog: &Words<'_>) -> String {
    let branch = |(when, then): &(Expr, Expr)| {
        catalog.language.fill("expression_when", &[("when", &words(when, catalog)), ("then", &words(then, catalog))])
    };
    let mut parts: Vec<String> = branches.iter().map(branch).collect();
    parts.extend(otherwise.map(|value| catalog.language.fill("expression_else", &[("value", &words(value, catalog))])));
    parts.join(say(catalog, "semicolon"))
}

fn call_words(function: Function, arguments: &[Expr], catalog: &Words<'_>) -> String {
    if let (Function::Coalesce, [value, instead]) = (function, arguments) {
        let instead = beside(instead, value, catalog);
        return catalog
            .language
            .fill("expression_instead", &[("value", &inside(value, catalog)), ("instead", &instead)]);
    }
    if let (Function::Per, [amount, number]) = (function, arguments) {
        return format!("{} ÷ {}", inside(amount, catalog), inside(number, catalog));
    }
    let each: Vec<String> = arguments.iter().map(|argument| words(argument, catalog)).collect();
    format!("{}({})", say(catalog, function.name()), each.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::Package;
    use std::path::Path;
    use words::Language;

    /// The package that the policy room tests itself with.
    fn package() -> Package {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policy/tests/fixtures/package");
        Package::load(&root, &[]).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    #[test]
    fn brackets_stand_only_where_the_meaning_needs_them() {
        let package = package();
        let catalog = Catalog { package: &package, language: Language::CHINESE };
        let cases = [
            ("1 < 2 and 3 = 4", "1 < 2 且 3 = 4"),
            ("1 < 2 and (3 = 4 or 5 <> 6)", "1 < 2 且 (3 = 4 或 5 ≠ 6)"),
            ("1 < 2 or 3 = 4 and 5 = 6", "1 < 2 或 (3 = 4 且 5 = 6)"),
            ("2 * (3 + 4) >= 5", "2 × (3 + 4) ≥ 5"),
            ("2 * 3 + 4 >= 5", "2 × 3 + 4 ≥ 5"),
            ("not (1 = 2)", "非 (1 = 2)"),
            ("coalesce(1, 2) > 0", "1(未知按 2) > 0"),
            ("1 in (2, 3)", "1 属于 2、3"),
            ("1 between 2 and 3", "1 在 2 到 3 之间"),
            ("case when 1 = 2 then 3 else 4 end", "若 1 = 2,则 3;否则 4"),
            ("1 is not null", "1 已知"),
            ("day is null", "筛查日 未知"),
            ("per(10, 2)", "10 ÷ 2"),
            ("p.no_such_parameter", "“(已停用的参数)”"),
            ("other_household_count > 0", "“同时登记的其他户数” > 0"),
            ("and and", "数值"),
        ];
        for (expression, expected) in cases {
            assert_eq!(readable(expression, &catalog), expected, "{expression}");
        }
    }

    #[test]
    fn every_rule_of_the_package_reads_without_internal_names() {
        let package = package();
        for language in [Language::CHINESE, Language::ENGLISH] {
            let catalog = Catalog { package: &package, language };
            for (name, rule) in &package.rules {
                let text = readable(&rule.when, &catalog);
                assert!(!text.contains('_') && !text.contains("??"), "{name}: {text}");
            }
        }
    }
}
