//! What the package calls things, in the reader's language: codes, rules, facts, datasets, columns, articles, places.

use crate::http::site::Site;
use crate::parts::show;
use model::{Kind, Period, PeriodKind, RegionCode, Severity, Value};
use policy::Package;
use policy::declare::{Article, Column, Fact, Grain, Parameter, ParameterUnit, Register, Rule};
use store::View;
use words::Language;

/// Grains whose names expressions read.
const GRAINS: [Grain; 3] = [Grain::Household, Grain::Resident, Grain::Village];
/// The code list of risks: an engine's own noun.
pub const RISKS: &str = "risk_type";

/// Names of the registers that the actor sees; leads have a list of their own.
pub fn register_names(view: &View) -> Vec<String> {
    let raised = view.raised_register();
    view.registers().into_iter().filter(|name| name != raised).collect()
}

/// A register of the package under its name.
#[derive(Clone, Copy)]
pub struct NamedRegister<'package> {
    pub name: &'package str,
    pub register: &'package Register,
}

/// Fields of raised records that say nothing to people by themselves.
const MADE_BY_SCREENING: [&str; 2] = ["rank", "evidence"];

/// Names of things of the package in one language.
#[derive(Clone, Copy)]
pub struct Catalog<'site> {
    pub package: &'site Package,
    pub language: Language,
}

/// An article as pages link to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleLink {
    pub number: u8,
    pub text: String,
}

impl<'site> Catalog<'site> {
    /// The package's names in one language.
    pub fn new(site: &'site Site, language: Language) -> Catalog<'site> {
        Catalog { package: &site.package, language }
    }

    /// Name of the register of leads.
    pub fn lead(&self) -> &'site str {
        self.package.raised().map_or("", |(name, _)| name)
    }

    fn pick(&self, chinese: &str, english: &str) -> String {
        self.language.pick(chinese, english).to_owned()
    }

    /// Label of a code of a list; the code itself where the list has no such code.
    pub fn code(&self, list: &str, code: &str) -> String {
        let found = self.package.codes.get(list).and_then(|list| list.code.iter().find(|one| one.code == code));
        found.map_or_else(|| code.to_owned(), |one| self.pick(&one.label, &one.label_en))
    }

    /// Codes and labels of a list in declared order; empty where there is no such list.
    pub fn codes(&self, list: &str) -> Vec<(String, String)> {
        let list = self.package.codes.get(list).map(|list| list.code.as_slice()).unwrap_or_default();
        list.iter().map(|one| (one.code.clone(), self.pick(&one.label, &one.label_en))).collect()
    }

    /// Label of a risk, by its code.
    pub fn risk(&self, code: &str) -> String {
        self.code(RISKS, code)
    }

    /// Declaration of a rule.
    pub fn rule(&self, name: &str) -> Option<&'site Rule> {
        self.package.rules.get(name)
    }

    /// Label of a rule; a general word for rules that a later package no longer has.
    pub fn rule_label(&self, name: &str) -> String {
        self.rule(name)
            .map_or_else(|| self.language.say("rule_former").to_owned(), |rule| self.pick(&rule.label, &rule.label_en))
    }

    /// Declaration of a fact.
    pub fn fact(&self, name: &str) -> Option<&'site Fact> {
        self.package.facts.get(name)
    }

    /// Declaration of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&'site Parameter> {
        self.package.parameters.get(name)
    }

    /// Label of a parameter; of one that the package has no longer, that it is a former one.
    pub fn parameter_label(&self, name: &str) -> String {
        self.parameter(name).map_or_else(
            || self.language.say("parameter_former").to_owned(),
            |parameter| self.pick(&parameter.label, &parameter.label_en),
        )
    }

    /// Label of a fact, of a field of the registers of households and residents with that name, or of what else expressions read.
    pub fn value_label(&self, name: &str) -> Option<String> {
        if let Some(fact) = self.fact(name) {
            return Some(self.pick(&fact.label, &fact.label_en));
        }
        let field = name.rsplit('.').next().unwrap_or(name);
        let registers = ["household", "resident"].into_iter().filter_map(|register| self.register(register));
        let mut fields = registers.flat_map(|register| register.field.iter());
        let column = fields.find(|column| column.name == field).map(|column| self.column_label(column));
        column.or_else(|| {
            let entries = GRAINS.into_iter().filter_map(|grain| self.package.scope(grain).names.get(field));
            let mut labelled = entries.filter(|entry| !entry.label.is_empty());
            labelled.next().map(|entry| self.pick(&entry.label, &entry.label_en))
        })
    }

    /// A parameter's value with its unit; `待设定` where it is not set.
    pub fn parameter_value(&self, name: &str, value: &Value) -> String {
        let unit = self.parameter(name).map(|parameter| parameter.unit);
        match (unit, value) {
            (_, Value::Null) => self.language.say("parameter_unset").to_owned(),
            (Some(ParameterUnit::Rate), Value::Decimal(share)) => show::share(*share),
            (Some(ParameterUnit::Days), value) => show::with_unit(value, "days", self.language),
            (Some(ParameterUnit::Months), value) => show::with_unit(value, "months", self.language),
            (_, value) => show::plain(value, self.language),
        }
    }

    /// Label of a role; of one that is not the package's, the word for the system.
    pub fn role(&self, name: &str) -> String {
        self.package
            .roles
            .get(name)
            .map_or_else(|| self.language.say("role_system").to_owned(), |role| self.pick(&role.label, &role.label_en))
    }

    /// Who did something: the name that is shown of the account; of the system, its name in the language.
    pub fn who(&self, account: &str, shown: &str) -> String {
        if account == store::SYSTEM_ROLE { self.language.say("role_system").to_owned() } else { shown.to_owned() }
    }

    /// Declaration of a register.
    pub fn register(&self, name: &str) -> Option<&'site Register> {
        self.package.registers.get(name)
    }

    /// Label of a source or register.
    pub fn dataset(&self, name: &str) -> String {
        if let Some(source) = self.package.sources.get(name) {
            return self.pick(&source.label, &source.label_en);
        }
        self.register(name).map_or_else(
            || self.language.say("dataset_former").to_owned(),
            |register| self.pick(&register.label, &register.label_en),
        )
    }

    /// Columns of a source, or fields of a register.
    pub fn columns(&self, dataset: &str) -> &'site [Column] {
        if let Some(source) = self.package.sources.get(dataset) {
            return &source.column;
        }
        self.register(dataset).map(|register| register.field.as_slice()).unwrap_or_default()
    }

    /// Declaration of a column of a source or register.
    pub fn column(&self, dataset: &str, name: &str) -> Option<&'site Column> {
        self.columns(dataset).iter().find(|column| column.name == name)
    }

    /// Label of a column of a file; of a child's sheet (`child.column`) behind the label of the child.
    pub fn file_column_label(&self, dataset: &str, name: &str) -> Option<String> {
        let Some((child, of_child)) = name.split_once('.') else {
            return self.column(dataset, name).map(|column| self.heading_label(column));
        };
        let child = self.register(dataset)?.child_named(child)?;
        let field = child.field.iter().find(|field| field.name == of_child);
        // A child's sheet has the key of the register, too.
        let label = self.heading_label(field.or_else(|| self.column(dataset, of_child))?);
        Some(format!("{} · {label}", self.language.pick(&child.label, &child.label_en)))
    }

    /// False for the text of a pair (`because`, `because_en`) that is in the other language.
    pub fn is_in_language(&self, column: &Column, beside: &[Column]) -> bool {
        let has = |name: &str| beside.iter().any(|other| other.name == name);
        if self.language.reads_english() {
            !has(&format!("{}_en", column.name))
        } else {
            !column.name.strip_suffix("_en").is_some_and(has)
        }
    }

    /// True where a change of the column tells people something, in this language: the order of raised records is worked out, and the
    /// names of their evidence files are made by the program.
    pub fn tells_people(&self, register: &Register, column: &Column) -> bool {
        let is_of_screening = register.is_raised() && MADE_BY_SCREENING.contains(&column.name.as_str());
        !is_of_screening && self.is_in_language(column, &register.field)
    }

    /// Label of a column as pages show it with a value.
    pub fn column_label(&self, column: &Column) -> String {
        let english = self.language.reads_english();
        let of_value = if english { &column.label_of_value_en } else { &column.label_of_value };
        of_value.clone().unwrap_or_else(|| self.heading_label(column))
    }

    /// Label of a column as files have it, without its unit in brackets (values carry their own).
    pub fn heading_label(&self, column: &Column) -> String {
        let label = self.language.pick(&column.label, &column.label_en);
        let short = ["（元）", "(元)"].iter().find_map(|unit| label.strip_suffix(unit));
        short.unwrap_or(label).to_owned()
    }

    /// A value of a column: codes by label, places by name, money with its unit, months without a day.
    pub fn column_value(&self, column: &Column, value: &Value) -> String {
        match (column.kind, value) {
            (Kind::Code, Value::Text(code)) => match &column.codes {
                Some(list) => self.code(list, code),
                None => code.clone(),
            },
            (Kind::Region, Value::Text(code)) => code.parse().map_or_else(|_| code.clone(), |code| self.place(code)),
            (Kind::Month, Value::Day(day)) => Period::of(PeriodKind::Month, *day).shown(self.language),
            (Kind::Int, Value::Int(number)) => number.to_string(),
            _ => show::plain(value, self.language),
        }
    }

    /// The value of a fact or a rule: with the fact's unit, codes by label where the name is a coded field.
    pub fn fact_value(&self, name: &str, value: &Value) -> String {
        let fact = self.fact(name);
        let column = ["household", "resident"].iter().find_map(|register| self.column(register, name));
        if let (None, Some(column)) = (fact, column) {
            return self.column_value(column, value);
        }
        let grain = fact.map_or(Grain::Household, |fact| fact.over);
        let list = self.package.scope(grain).names.get(name).and_then(|entry| entry.typed.codes.as_deref());
        match (list, value) {
            (Some(list), Value::Text(code)) => self.code(list, code),
            _ => show::with_unit(value, fact.map_or("", |fact| fact.unit.as_str()), self.language),
        }
    }

    /// The word for how grave a rule is.
    pub fn severity(&self, severity: Severity) -> &'static str {
        self.language.say(match severity {
            Severity::High => "severity_high",
            Severity::Middle => "severity_middle",
            Severity::Low => "severity_low",
        })
    }

    /// Name of a state of a register.
    pub fn state(&self, register: &str, name: &str) -> String {
        let states = self.register(register).map(|register| register.state.as_slice()).unwrap_or_default();
        let found = states.iter().find(|state| state.name == name);
        found.map_or_else(
            || self.language.say("state_former").to_owned(),
            |state| self.pick(&state.label, &state.label_en),
        )
    }

    /// Name of what an event did: a step of the register, or one of the engine's own changes.
    pub fn action(&self, register: &str, name: &str) -> String {
        let steps = self.register(register).map(|register| register.step.as_slice()).unwrap_or_default();
        if let Some(step) = steps.iter().find(|step| step.name == name) {
            return self.pick(&step.label, &step.label_en);
        }
        let own = self.language.words().get(&format!("action_{name}"));
        own.map_or_else(|| self.language.say("action_other").to_owned(), String::clone)
    }

    /// Declaration of an article.
    pub fn article(&self, number: u8) -> Option<&'site Article> {
        self.package.articles.iter().find(|article| article.number == number)
    }

    /// Links to articles: `第 3 条 …`.
    pub fn articles(&self, numbers: &[u8]) -> Vec<ArticleLink> {
        numbers.iter().map(|number| ArticleLink { number: *number, text: self.article_text(*number) }).collect()
    }

    fn article_text(&self, number: u8) -> String {
        let title = self.article(number).map_or("", |article| self.language.pick(&article.title, &article.title_en));
        self.language.fill("article_link", &[("number", &number), ("title", &title)])
    }

    /// Full name of a place; its code where the package has no such place.
    pub fn place(&self, region: RegionCode) -> String {
        self.package.divisions.name(region)
    }
}

/// The class of a tag for a severity.
pub fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "sw-tag-high",
        Severity::Middle => "sw-tag-middle",
        Severity::Low => "sw-tag-low",
    }
}
