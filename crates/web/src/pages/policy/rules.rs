//! 规则: what leads are raised by, and how each rule fares.

use crate::http::route::Answer;
use crate::http::trouble::page;
use crate::http::visit::Visit;
use crate::parts::catalog::{Catalog, severity_class};
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use policy::declare::{Permission, Rule, RuleKind};
use std::collections::HashMap;
use store::RuleFigures;
use words::wording;

/// A rule in the list.
pub struct RuleLine {
    pub name: String,
    pub label: String,
    pub risk: String,
    pub class: &'static str,
    pub articles: String,
    pub found: String,
    pub raised: String,
    pub hit: String,
    pub not_run: Option<String>,
}

/// Rules of one kind.
pub struct RuleGroup {
    pub anchor: &'static str,
    pub title: String,
    pub about: &'static str,
    pub is_screening: bool,
    pub rules: Vec<RuleLine>,
}

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesPage {
    shell: Shell,
    groups: Vec<RuleGroup>,
}

/// Figures by rule name.
pub type Figures = HashMap<String, RuleFigures>;

/// `GET /rules`
pub fn show(visit: &Visit<'_>, (): ()) -> Answer {
    visit.need(Permission::SeeRules)?;
    let language = visit.preferences.language;
    let figures: Figures = visit.view().rules()?.into_iter().map(|figures| (figures.rule.clone(), figures)).collect();
    let title = language.say("menu_rules").to_owned();
    let shell =
        visit.shell(title.clone(), vec![Crumb::link("/", language.say("menu_workbench")), Crumb::here(title)])?;
    let catalog = Catalog::new(visit.site, language);
    let groups = [RuleKind::Screening, RuleKind::Flag, RuleKind::Quality];
    page(&RulesPage { shell, groups: groups.into_iter().map(|kind| group(kind, &catalog, &figures)).collect() })
}

fn group(kind: RuleKind, catalog: &Catalog<'_>, figures: &Figures) -> RuleGroup {
    let (anchor, title, about) = match kind {
        RuleKind::Screening => ("screening", "rules_screening", "rules_screening_about"),
        RuleKind::Flag => ("flag", "rules_flag", "rules_flag_about"),
        RuleKind::Quality => ("quality", "rules_quality", "rules_quality_about"),
    };
    let mine = catalog.package.rules.iter().filter(|(_, rule)| rule.kind == kind);
    let mut rules: Vec<(u64, RuleLine)> = mine
        .map(|(name, rule)| {
            let figures = figures.get(name).cloned().unwrap_or_default();
            (figures.open + figures.quality, line(name, rule, &figures, catalog))
        })
        .collect();
    rules.sort_by(|(one, first), (other, second)| other.cmp(one).then_with(|| first.name.cmp(&second.name)));
    RuleGroup {
        anchor,
        title: catalog.language.fill(title, &[("count", &rules.len())]),
        about: catalog.language.say(about),
        is_screening: kind == RuleKind::Screening,
        rules: rules.into_iter().map(|(_, line)| line).collect(),
    }
}

fn line(name: &str, rule: &Rule, figures: &RuleFigures, catalog: &Catalog<'_>) -> RuleLine {
    let comma = catalog.language.say("list_comma");
    let articles: Vec<String> = rule.article.iter().map(u8::to_string).collect();
    let found = match rule.kind {
        RuleKind::Quality => Some(figures.quality.max(figures.found.unwrap_or(0))),
        _ => figures.found,
    };
    let found = found.filter(|_| figures.not_run.is_empty());
    RuleLine {
        name: name.to_owned(),
        label: catalog.rule_label(name),
        risk: rule.risk.as_deref().map(|risk| catalog.risk(risk)).unwrap_or_default(),
        class: severity_class(rule.severity),
        articles: articles.join(comma),
        found: found.map_or("–".to_owned(), show::count),
        raised: show::count(figures.raised),
        hit: figures.hit_per_mille().map_or("–".to_owned(), show::percent),
        not_run: not_run(figures, catalog),
    }
}

/// Why the rule was not run, in a sentence.
pub fn not_run(figures: &RuleFigures, catalog: &Catalog<'_>) -> Option<String> {
    let why = &figures.not_run;
    (!why.is_empty()).then(|| wording!("rule_not_run", why).of(catalog.language).to_owned())
}
