//! A policy package in memory.

use crate::calendar::Calendar;
use crate::changes::Changes;
use crate::declare::{
    Article, CalendarYear, Change, CodeList, Column, Fact, Grain, Indicator, PackageHead, Parameter, Register, Role,
    Rule, Source,
};
use crate::divisions::Divisions;
use crate::expression::{Scope, Typed};
use crate::forms::{FactForm, IndicatorForm, RegisterForm, RuleForm};
use crate::problem::Problem;
use crate::text::FileText;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What a file declares; its folder has the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    Head,
    Articles,
    Codes,
    Register,
    Source,
    Fact,
    Rule,
    Parameter,
    Role,
    Indicator,
    Divisions,
    Calendar,
    Change,
}

impl Thing {
    /// The folder (or file) of the package that holds it, as `implemented_by` of an article writes it.
    pub fn folder(self) -> &'static str {
        match self {
            Thing::Head => "package",
            Thing::Articles => "articles",
            Thing::Codes => "codes",
            Thing::Register => "registers",
            Thing::Source => "sources",
            Thing::Fact => "facts",
            Thing::Rule => "rules",
            Thing::Parameter => "parameters",
            Thing::Role => "roles",
            Thing::Indicator => "indicators",
            Thing::Divisions => "divisions",
            Thing::Calendar => "calendar",
            Thing::Change => "changes",
        }
    }
}

/// A package that was read and checked. Maps are by name (the file's stem).
#[derive(Clone, Debug)]
pub struct Package {
    pub root: PathBuf,
    pub head: PackageHead,
    pub articles: Vec<Article>,
    pub codes: Arc<BTreeMap<String, CodeList>>,
    pub registers: BTreeMap<String, Register>,
    pub sources: BTreeMap<String, Source>,
    pub facts: BTreeMap<String, Fact>,
    pub rules: BTreeMap<String, Rule>,
    pub parameters: BTreeMap<String, Parameter>,
    pub roles: BTreeMap<String, Role>,
    pub indicators: BTreeMap<String, Indicator>,
    /// What became of things that were declared before, as it is written.
    pub changes: BTreeMap<String, Change>,
    /// The same, worked out.
    pub worked_out: Changes,
    pub divisions: Divisions,
    /// Working days, from `calendar.toml`; weekdays where there is none.
    pub calendar: Calendar,
    /// The years of the calendar as they were announced.
    pub calendar_years: Vec<CalendarYear>,
    /// Facts with their expressions parsed, typed and settled.
    pub fact_forms: BTreeMap<String, FactForm>,
    /// Rules with their expressions parsed, typed and settled.
    pub rule_forms: BTreeMap<String, RuleForm>,
    /// Registers with their calculated fields, checks and constraints parsed, typed and settled; one of each register.
    pub register_forms: BTreeMap<String, RegisterForm>,
    /// Indicators with their expressions parsed, typed and settled.
    pub indicator_forms: BTreeMap<String, IndicatorForm>,
    /// All facts so that each stands behind those it reads.
    pub fact_order: Vec<String>,
    /// What does not refuse the package but should be mended (e.g. a rule without cases).
    pub warnings: Vec<Problem>,
    pub(crate) resident_scope: Scope,
    pub(crate) household_scope: Scope,
    pub(crate) village_scope: Scope,
    pub(crate) formulas: BTreeMap<String, Vec<Option<crate::expression::Expr>>>,
    pub(crate) texts: BTreeMap<(Thing, String), FileText>,
    pub(crate) case_texts: BTreeMap<(Thing, String), FileText>,
    /// Texts of overlays, joined, by what they are laid over.
    pub(crate) overlaid: BTreeMap<(Thing, String), String>,
}

impl Package {
    /// The names that expressions over this grain may use: fields of the register that enter the lake and facts; residents
    /// also read `household.<field>` and `household.<fact>`. `day` is always there.
    pub fn scope(&self, grain: Grain) -> &Scope {
        match grain {
            Grain::Resident => &self.resident_scope,
            Grain::Household => &self.household_scope,
            Grain::Village => &self.village_scope,
        }
    }

    /// The register that screenings raise records of, with its name; every package that was checked has one.
    pub fn raised(&self) -> Option<(&str, &Register)> {
        self.registers
            .iter()
            .find(|(_, register)| register.is_raised())
            .map(|(name, register)| (name.as_str(), register))
    }

    /// The type of a fact.
    pub fn fact_type(&self, fact: &str) -> Option<&Typed> {
        self.fact_forms.get(fact).map(|form| &form.typed)
    }

    /// The columns of a source or register that stand in the lake: neither personal nor sensitive, and not among the
    /// columns that every dataset of the lake has (`household_no`).
    pub fn lake_columns(columns: &[Column]) -> impl Iterator<Item = &Column> {
        columns.iter().filter(|column| column.stands_in_lake())
    }

    /// The file of a declaration, for problems that show up only when it is used.
    pub fn file(&self, thing: Thing, name: &str) -> Option<&FileText> {
        self.texts.get(&(thing, name.to_owned()))
    }

    /// The declaration's own text, as it stands in its file.
    pub fn text(&self, thing: Thing, name: &str) -> Option<&str> {
        self.texts.get(&(thing, name.to_owned())).map(|file| file.text.as_str())
    }

    /// The label of a code, in Chinese and English.
    pub fn code_label(&self, list: &str, code: &str) -> Option<(&str, &str)> {
        let found = self.codes.get(list)?.code.iter().find(|known| known.code == code)?;
        Some((&found.label, &found.label_en))
    }
}
