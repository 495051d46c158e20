//! Sentences that people read, and bands.

use crate::declare::{Grain, ParameterUnit, Rule};
use crate::expression::Typed;
use crate::functions;
use crate::package::Package;
use model::{Decimal, Fen, Type, Value};
use words::Language;

/// How many bands the value has reached: of `bands`, those for which value ≥ line × band (value ≥ band where there is no
/// line). Bands that descend (`[1.0, 0.8, 0.5]`) are for values that are grave when they are low: value ≤ line × band.
/// 0 where the value or a declared line is unknown.
pub fn band(rule: &Rule, value: &Value, line: Option<&Value>) -> u32 {
    let Some(value) = number(value) else { return 0 };
    let base = match line {
        Some(line) => number(line),
        None => Some(Decimal::ONE),
    };
    let Some(base) = base else { return 0 };
    let descends = rule.bands.first() > rule.bands.last();
    let reached = |band: &&Decimal| match base.checked_mul(**band) {
        Some(limit) if descends => value <= limit,
        Some(limit) => value >= limit,
        None => false,
    };
    u32::try_from(rule.bands.iter().filter(reached).count()).unwrap_or(u32::MAX)
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Decimal(number) => Some(*number),
        other => other.as_i64().map(Decimal::from),
    }
}

/// The template with every `{name}` replaced by what `lookup` gives for it, and `{name|day|days}` by the first word where that is one,
/// else by the second.
pub fn sentence(template: &str, lookup: &dyn Fn(&str) -> String) -> String {
    let mut text = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        text.push_str(before);
        match counted(name) {
            Some((name, [one, many])) => text.push_str(if lookup(name) == "1" { one } else { many }),
            None => text.push_str(&lookup(name.trim())),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// The name and the two words of `name|day|days`.
fn counted(placeholder: &str) -> Option<(&str, [&str; 2])> {
    let (name, words) = placeholder.split_once('|')?;
    let (one, many) = words.split_once('|')?;
    Some((name.trim(), [one, many]))
}

/// Names between braces, with the byte at which each starts.
pub(crate) fn placeholders(template: &str) -> Vec<(String, usize)> {
    let mut names = Vec::new();
    let mut from = 0;
    while let Some(open) = template[from..].find('{').map(|at| from + at) {
        let Some(close) = template[open..].find('}').map(|at| open + at) else { break };
        let placeholder = &template[open + 1..close];
        names.push((counted(placeholder).map_or(placeholder.trim(), |(name, _)| name).to_owned(), open));
        from = close + 1;
    }
    names
}

impl Package {
    /// The sentence of a rule (`because`). `lookup` gives facts and fields by name, parameters as `p.name`, and the rule's
    /// own `value` and `line`. Money is shown in yuan, codes by label, rates as percent.
    pub fn because(&self, rule: &str, language: Language, lookup: &dyn Fn(&str) -> Value) -> String {
        let Some(declared) = self.rules.get(rule) else { return String::new() };
        let template = if language.reads_english() { &declared.because_en } else { &declared.because };
        sentence(template, &|name| self.show(declared.over, Some(rule), name, &lookup(name), language))
    }

    /// A value as people read it, by what its name means over that grain.
    pub fn shown(&self, grain: Grain, name: &str, value: &Value, language: Language) -> String {
        self.show(grain, None, name, value, language)
    }

    pub(crate) fn show(
        &self,
        grain: Grain,
        rule: Option<&str>,
        name: &str,
        value: &Value,
        language: Language,
    ) -> String {
        let form = rule.and_then(|rule| self.rule_forms.get(rule));
        let stated = match name {
            "value" => form.and_then(|form| form.value.as_ref()),
            "line" => form.and_then(|form| form.line.as_ref()),
            _ => None,
        };
        if let Some((expr, typed)) = stated {
            return match expr {
                crate::expression::Expr::Name(name) => self.show(grain, None, name, value, language),
                crate::expression::Expr::Parameter(name) => {
                    self.show(grain, None, &format!("p.{name}"), value, language)
                }
                _ => self.show_typed(Some(typed), "", value, language),
            };
        }
        if let Some(parameter) = name.strip_prefix("p.") {
            let is_rate = self.parameters.get(parameter).is_some_and(|declared| declared.unit == ParameterUnit::Rate);
            return self.show_typed(None, if is_rate { "percent" } else { "" }, value, language);
        }
        let entry = self.scope(grain).names.get(name);
        let unit = entry.map_or("", |entry| entry.unit.as_str());
        self.show_typed(entry.map(|entry| &entry.typed), unit, value, language)
    }

    fn show_typed(&self, typed: Option<&Typed>, unit: &str, value: &Value, language: Language) -> String {
        let chinese = !language.reads_english();
        let money = |fen: Fen| language.fill("fact_money", &[("amount", &fen)]);
        match value {
            Value::Null => language.say("fact_unknown").to_owned(),
            Value::Bool(truth) => language.say(if *truth { "fact_yes" } else { "fact_no" }).to_owned(),
            Value::Fen(fen) => money(*fen),
            Value::Decimal(number) if typed.is_some_and(|typed| typed.is_money) => {
                functions::whole(*number).map_or_else(|| number.to_string(), |fen| money(Fen(fen)))
            }
            Value::Decimal(number) if matches!(unit, "percent" | "share" | "rate") => {
                let hundredfold = number.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(*number);
                format!("{}%", hundredfold.normalize())
            }
            Value::Text(code) => {
                let list = typed.filter(|typed| typed.ty == Type::Text).and_then(|typed| typed.codes.as_deref());
                let label = list.and_then(|list| self.code_label(list, code));
                label.map_or(code.as_str(), |(zh, en)| if chinese { zh } else { en }).to_owned()
            }
            other => other.to_string(),
        }
    }
}
