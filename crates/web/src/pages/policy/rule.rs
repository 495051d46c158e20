//! One rule: its sentence, its condition in words, the parameters it stands on, its article, and how it fares.

use crate::http::address;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::pages::policy::parameters::{ParameterLine, parameter_line};
use crate::pages::policy::rules::not_run;
use crate::parts::catalog::{ArticleLink, Catalog, severity_class};
use crate::parts::list::{Card, Pager, filled};
use crate::parts::readable::readable;
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use axum::extract::{Path, Query};
use policy::declare::{Grain, Permission, Rule, RuleKind};
use serde::Deserialize;
use store::{QualityRow, RuleFigures};

/// Findings on one page.
const FINDING_ROWS: u32 = 50;

/// A household whose data the rule found wanting.
pub struct FindingLine {
    pub number: String,
    pub place: String,
    pub because: String,
}

#[derive(Template)]
#[template(path = "rule.html")]
struct RulePage {
    shell: Shell,
    kind: &'static str,
    risk: String,
    severity: &'static str,
    class: &'static str,
    over: &'static str,
    not_run: Option<String>,
    cards: Vec<Card>,
    sentence: String,
    condition: String,
    line: String,
    bands: String,
    evidence: String,
    source: String,
    parameters_title: String,
    parameters: Vec<ParameterLine>,
    articles: Vec<ArticleLink>,
    findings: Vec<FindingLine>,
    links_households: bool,
    pager: Pager,
}

/// What the address says.
#[derive(Deserialize)]
pub struct RuleQuery {
    after: Option<String>,
}

/// `GET /rules/{name}`
pub fn show(visit: &Visit<'_>, (Path(name), Query(asked)): (Path<String>, Query<RuleQuery>)) -> Answer {
    // A lead links here, so whoever sees leads may read the rule behind one.
    if !visit.may(Permission::SeeLeads) {
        visit.need(Permission::SeeRules)?;
    }
    let language = visit.preferences.language;
    let Some(rule) = visit.site.package.rules.get(&name) else { return Err(PageError::NotFound) };
    let after = filled(&asked.after);
    let view = visit.view();
    let figures = view.rules()?.into_iter().find(|figures| figures.rule == name).unwrap_or_default();
    let findings = match rule.kind {
        RuleKind::Quality => Some(view.quality(Some(&name), after.as_deref(), FINDING_ROWS)?),
        _ => None,
    };
    let catalog = Catalog::new(visit.site, language);
    let crumbs = vec![Crumb::link("/rules", language.say("menu_rules")), Crumb::here(catalog.rule_label(&name))];
    let shell = visit.shell(catalog.rule_label(&name), crumbs)?;
    let next = findings.as_ref().and_then(|page| page.next.as_deref());
    let pager = Pager::new(&format!("/rules/{name}"), &[], after.as_deref(), next);
    let rows = findings.as_ref().map(|page| page.rows.as_slice()).unwrap_or_default();
    let rule = NamedRule { name: &name, rule };
    page(&prepare(visit, shell, rule, &figures, rows, pager))
}

/// A rule of the package under its name.
struct NamedRule<'package> {
    name: &'package str,
    rule: &'package Rule,
}

fn prepare(
    visit: &Visit<'_>,
    shell: Shell,
    NamedRule { name, rule }: NamedRule<'_>,
    figures: &RuleFigures,
    findings: &[QualityRow],
    pager: Pager,
) -> RulePage {
    let language = visit.preferences.language;
    let catalog = Catalog::new(visit.site, language);
    let region = visit.actor.region;
    let behind = catalog.package.parameters_behind(name);
    RulePage {
        shell,
        kind: language.say(kind_key(rule.kind)),
        risk: rule.risk.as_deref().map(|risk| catalog.risk(risk)).unwrap_or_default(),
        severity: catalog.severity(rule.severity),
        class: severity_class(rule.severity),
        over: language.say(over_key(rule.over)),
        not_run: not_run(figures, &catalog),
        cards: cards(name, rule, figures, &catalog),
        sentence: sentence(rule, &catalog),
        condition: readable(&rule.when, &catalog),
        line: rule.line.as_deref().map(|line| readable(line, &catalog)).unwrap_or_default(),
        bands: rule.bands.iter().map(|band| band.normalize().to_string()).collect::<Vec<_>>().join(" / "),
        evidence: evidence(name, &catalog),
        source: rule.source.clone(),
        parameters_title: language.fill("rule_parameters", &[("place", &catalog.place(region))]),
        parameters: behind.iter().map(|name| parameter_line(name, region, visit.today(), &catalog)).collect(),
        articles: catalog.articles(&rule.article),
        findings: findings.iter().map(|row| finding(row, &catalog)).collect(),
        links_households: visit.may(Permission::SeeHouseholds),
        pager,
    }
}

fn kind_key(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Screening => "rule_kind_screening",
        RuleKind::Flag => "rule_kind_flag",
        RuleKind::Quality => "rule_kind_quality",
    }
}

fn over_key(over: Grain) -> &'static str {
    match over {
        Grain::Resident => "rule_over_resident",
        Grain::Household => "rule_over_household",
        Grain::Village => "rule_over_village",
    }
}

/// The rule's sentence with the labels of the values in the places where a lead shows the values themselves.
fn sentence(rule: &Rule, catalog: &Catalog<'_>) -> String {
    let template = catalog.language.pick(&rule.because, &rule.because_en);
    let named = |name: &str| match name {
        "value" => rule.value.as_deref().map(|value| readable(value, catalog)),
        "line" => rule.line.as_deref().map(|line| readable(line, catalog)),
        name => Some(readable(name, catalog)),
    };
    policy::sentence(template, &|name| {
        let label = named(name).unwrap_or_default();
        catalog.language.fill("rule_value", &[("label", &label.trim_matches(['“', '”']))])
    })
}

/// The data that prove the rule, in words.
fn evidence(name: &str, catalog: &Catalog<'_>) -> String {
    let facts = catalog.package.evidence_behind(name);
    let datasets = facts.iter().filter_map(|fact| catalog.fact(fact)?.aggregate.as_ref());
    let mut labels: Vec<String> = datasets.map(|aggregate| catalog.dataset(&aggregate.from)).collect();
    labels.sort();
    labels.dedup();
    if labels.is_empty() { "–".to_owned() } else { labels.join(catalog.language.say("list_comma")) }
}

fn cards(name: &str, rule: &Rule, figures: &RuleFigures, catalog: &Catalog<'_>) -> Vec<Card> {
    let language = catalog.language;
    let card = |key: &str, address: String, number: String| Card {
        address,
        label: language.say(key).to_owned(),
        number,
        class: "",
        note: language.say(&format!("{key}_note")).to_owned(),
    };
    let mut cards = vec![card("rule_found", String::new(), figures.found.map_or("–".to_owned(), show::count))];
    match rule.kind {
        RuleKind::Screening => {
            let open = address::with("/leads", &[("rule", name)]);
            let all = address::with("/leads", &[("rule", name), ("state", "all")]);
            let hit = figures.hit_per_mille().map_or("–".to_owned(), show::percent);
            cards.push(card("rule_raised", all, show::count(figures.raised)));
            cards.push(card("rule_open", open, show::count(figures.open)));
            cards.push(card("rule_closed", String::new(), show::count(figures.closed)));
            cards.push(card("rule_hit", String::new(), hit));
        }
        RuleKind::Quality => cards.push(card("rule_quality", String::new(), show::count(figures.quality))),
        RuleKind::Flag => {}
    }
    cards
}

fn finding(row: &QualityRow, catalog: &Catalog<'_>) -> FindingLine {
    FindingLine {
        number: row.household_no.to_string(),
        place: catalog.place(row.region),
        because: catalog.language.pick(&row.because, &row.because_en).to_owned(),
    }
}
