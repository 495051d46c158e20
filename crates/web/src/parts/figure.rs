//! Figures of indicators as people read them: values with their unit, what is behind them, and what cannot be told.

use crate::parts::catalog::Catalog;
use crate::parts::readable::readable_in;
use crate::parts::show;
use model::{PeriodKind, Value};
use policy::IndicatorForm;
use policy::declare::Indicator;
use policy::expression::{AggregateCall, AggregateFunction, Scope};
use store::FigureShown;
use words::Language;

/// What stands where there is no value.
const NONE: &str = "–";
/// What stands for a number of few.
const HIDDEN: &str = "*";

/// An indicator of the package.
#[derive(Clone, Copy)]
pub struct DeclaredFigure<'site> {
    pub name: &'site str,
    pub declared: &'site Indicator,
    pub form: &'site IndicatorForm,
}

/// A figure in words.
pub struct FigureText {
    pub value: String,
    pub numerator: String,
    /// Empty for indicators that are no share.
    pub denominator: String,
    /// How many could not be told; empty where all could.
    pub unknown: String,
}

impl<'site> DeclaredFigure<'site> {
    /// The indicator of that name.
    pub fn of(catalog: &Catalog<'site>, name: &str) -> Option<DeclaredFigure<'site>> {
        let (name, declared) = catalog.package.indicators.get_key_value(name)?;
        let form = catalog.package.indicator_forms.get(name)?;
        Some(DeclaredFigure { name, declared, form })
    }

    /// What it is called.
    pub fn label(&self, language: Language) -> String {
        language.pick(&self.declared.label, &self.declared.label_en).to_owned()
    }

    /// The value that is aimed at, with its unit; empty where there is none.
    pub fn target(&self, language: Language) -> String {
        let target = self.declared.target.map(Value::Decimal);
        target.map_or_else(String::new, |target| show::with_unit(&target, &self.declared.unit, language))
    }

    /// A figure in words.
    pub fn text(&self, figure: &FigureShown, language: Language) -> FigureText {
        let FigureShown::Parts(parts) = figure else {
            let hidden = || HIDDEN.to_owned();
            let denominator = if self.form.denominator.is_some() { hidden() } else { String::new() };
            return FigureText { value: hidden(), numerator: hidden(), denominator, unknown: String::new() };
        };
        let nothing_told = parts.known == 0 && parts.unknown > 0;
        let part = |value: Value| if nothing_told { NONE.to_owned() } else { show::plain(&value, language) };
        FigureText {
            value: match self.form.value(parts) {
                Value::Null => NONE.to_owned(),
                value => show::with_unit(&value, &self.declared.unit, language),
            },
            numerator: part(self.form.numerator_value(parts)),
            denominator: self.form.denominator_value(parts).map(part).unwrap_or_default(),
            unknown: match parts.unknown {
                0 => String::new(),
                unknown => show::grouped(unknown),
            },
        }
    }

    /// What is counted, in words: numerator, condition, denominator, each with its heading.
    pub fn definition(&self, catalog: &Catalog<'_>) -> Vec<(&'static str, String)> {
        let (language, scope) = (catalog.language, catalog.package.figure_scope(self.declared));
        let mut lines = vec![(language.say("figure_of"), self.subject(catalog))];
        lines.push((language.say("figure_numerator"), call_words(&self.form.numerator, &scope, catalog)));
        if let Some(filter) = &self.form.filter {
            lines.push((language.say("figure_where"), readable_in(&scope, filter, catalog)));
        }
        if let Some((call, _)) = &self.form.denominator {
            lines.push((language.say("figure_denominator"), call_words(call, &scope, catalog)));
        }
        let kind = language.say(match self.declared.period {
            PeriodKind::Day => "figure_by_day",
            PeriodKind::Month => "figure_by_month",
            PeriodKind::Quarter => "figure_by_quarter",
            PeriodKind::Year => "figure_by_year",
        });
        let day = self.declared.day.as_ref().and_then(|day| scope.names.get(day));
        let period = match day {
            Some(entry) => {
                let label = language.pick(&entry.label, &entry.label_en);
                language.fill("figure_period_by", &[("kind", &kind), ("day", &label)])
            }
            None => kind.to_owned(),
        };
        lines.push((language.say("figure_period"), period));
        lines
    }

    fn subject(&self, catalog: &Catalog<'_>) -> String {
        match &self.declared.from {
            Some(register) => catalog.language.fill("figure_of_register", &[("register", &catalog.dataset(register))]),
            None => catalog.language.say("figure_of_households").to_owned(),
        }
    }

    /// The datasets that it stands on, in words.
    pub fn sources(&self, catalog: &Catalog<'_>) -> String {
        let sources = catalog.package.sources_behind_indicator(self.name);
        let names: Vec<String> = match &self.declared.from {
            Some(register) => vec![catalog.dataset(register)],
            None => ["household", "resident"]
                .into_iter()
                .chain(sources.iter().map(String::as_str))
                .map(|dataset| catalog.dataset(dataset))
                .collect(),
        };
        names.join(catalog.language.say("list_comma"))
    }

    /// What a group is called, and one of its codes.
    pub fn group_label(&self, catalog: &Catalog<'_>, group: &str) -> String {
        let scope = catalog.package.figure_scope(self.declared);
        let entry = scope.names.get(group);
        entry.map(|entry| catalog.language.pick(&entry.label, &entry.label_en).to_owned()).unwrap_or_default()
    }

    /// What a code of a group is called; the rest has no code.
    pub fn code_label(&self, catalog: &Catalog<'_>, group: &str, code: &str) -> String {
        let language = catalog.language;
        if code.is_empty() {
            return language.say("figure_rest").to_owned();
        }
        let scope = catalog.package.figure_scope(self.declared);
        let list = scope.typed(group).and_then(|typed| typed.codes);
        let Some(list) = list.and_then(|list| scope.codes.get(&list)) else {
            let is_yes = code == policy::GroupForm::YES;
            return language.say(if is_yes { "value_yes" } else { "value_no" }).to_owned();
        };
        let found = list.code.iter().find(|one| one.code == code);
        found.map_or_else(|| code.to_owned(), |one| language.pick(&one.label, &one.label_en).to_owned())
    }
}

fn call_words(call: &AggregateCall, scope: &Scope, catalog: &Catalog<'_>) -> String {
    let of = call.argument.as_ref().map(|argument| readable_in(scope, argument, catalog)).unwrap_or_default();
    match call.function {
        AggregateFunction::Count => catalog.language.say("figure_count").to_owned(),
        _ => catalog.language.fill("figure_sum", &[("of", &of)]),
    }
}
