//! One indicator: what it counts in words, its figure at a place, the places below, the periods before, the groups, and where it
//! came from.

use crate::http::address;
use crate::http::fields::Fields;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page, see_other};
use crate::http::visit::Visit;
use crate::jobs::{EXPORT, ExportFormat, ExportOrder, FiguresExport, LeadsFilter};
use crate::parts::catalog::{ArticleLink, Catalog};
use crate::parts::figure::{DeclaredFigure, FigureText};
use crate::parts::list::filled;
use crate::parts::shell::{Crumb, Shell};
use askama::Template;
use axum::extract::{Path, Query};
use model::{Period, RegionCode};
use serde::Deserialize;
use store::{FigureShown, PeriodFigure};

/// A row of a table of figures; without address it leads nowhere.
pub struct FigureLine {
    pub label: String,
    pub address: String,
    pub figure: FigureText,
    pub here: bool,
}

/// The figures of one group.
pub struct GroupTable {
    pub label: String,
    pub lines: Vec<FigureLine>,
}

/// The figure that the page is about.
pub struct MainFigure {
    pub period: String,
    /// As the address writes it.
    pub period_code: String,
    pub figure: FigureText,
    pub as_of: String,
    pub inputs: Option<String>,
    pub is_whole: bool,
}

#[derive(Template)]
#[template(path = "indicator.html")]
struct IndicatorPage {
    shell: Shell,
    name: String,
    place: String,
    place_code: String,
    /// From the actor's place down to the one above this.
    above: Vec<(String, String)>,
    target: String,
    is_share: bool,
    figure: Option<MainFigure>,
    below: Vec<FigureLine>,
    series: Vec<FigureLine>,
    groups: Vec<GroupTable>,
    definition: Vec<(&'static str, String)>,
    sources: String,
    articles: Vec<ArticleLink>,
    hides: bool,
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct IndicatorQuery {
    place: Option<String>,
    period: Option<String>,
}

/// `GET /indicators/{name}`
pub fn show(visit: &Visit<'_>, (Path(name), Query(asked)): (Path<String>, Query<IndicatorQuery>)) -> Answer {
    let language = visit.preferences.language;
    let catalog = Catalog::new(visit.site, language);
    let (figure, place) = wanted(visit, &catalog, &name, &asked.place)?;
    let label = figure.label(language);
    let crumbs = vec![Crumb::link("/indicators", language.say("menu_indicators")), Crumb::here(label.clone())];
    let shell = visit.shell(label, crumbs)?;
    let series = visit.view().figure_series(&name, place)?;
    let shown = chosen(&series, &asked.period)?;
    let drawn = Drawn { visit, catalog: &catalog, figure, place };
    page(&IndicatorPage {
        shell,
        place: catalog.place(place),
        place_code: place.to_string(),
        above: drawn.above(shown)?,
        target: figure.target(language),
        is_share: figure.form.denominator.is_some(),
        below: drawn.below(shown)?,
        series: series.iter().map(|one| drawn.of_period(one, shown)).collect(),
        groups: drawn.groups(shown)?,
        definition: figure.definition(&catalog),
        sources: figure.sources(&catalog),
        articles: catalog.articles(&figure.declared.article),
        hides: !visit.may(policy::declare::Permission::SeeHouseholds),
        figure: shown.map(|shown| MainFigure {
            period: shown.period.shown(language),
            period_code: shown.period.to_string(),
            figure: figure.text(&shown.figure, language),
            as_of: shown.run.day.to_string(),
            inputs: shown.run.inputs.clone(),
            is_whole: shown.run.is_whole,
        }),
        name,
    })
}

/// `POST /indicators/{name}/export`
pub fn export(visit: &Visit<'_>, Path(name): Path<String>, sent: &Fields) -> Answer {
    let catalog = Catalog::new(visit.site, visit.preferences.language);
    let text = |field: &str| filled(&Some(sent.text(field).to_owned()));
    let (_, place) = wanted(visit, &catalog, &name, &text("place"))?;
    let series = visit.view().figure_series(&name, place)?;
    let Some(shown) = chosen(&series, &text("period"))? else { return Err(PageError::NotFound) };
    let order = ExportOrder {
        list: "figures".to_owned(),
        format: ExportFormat::asked(sent.text("format")),
        filter: LeadsFilter::default(),
        records: None,
        figures: Some(FiguresExport { indicator: name, place, period: shown.period.to_string() }),
        language: visit.preferences.language.tag().to_owned(),
    };
    let payload = serde_json::to_value(&order).map_err(|error| PageError::Broken(error.to_string()))?;
    let dedupe = format!("{}/{payload}", visit.actor.account);
    let id = visit.enqueue(EXPORT, &payload, &dedupe)?;
    Ok(see_other(&format!("/jobs/{id}")))
}

/// The indicator and the place that are asked for; what the actor does not see does not exist.
fn wanted<'site>(
    visit: &Visit<'_>,
    catalog: &Catalog<'site>,
    name: &str,
    place: &Option<String>,
) -> Result<(DeclaredFigure<'site>, RegionCode), PageError> {
    let is_seen = visit.view().indicators().iter().any(|seen| seen == name);
    let figure = DeclaredFigure::of(catalog, name).filter(|_| is_seen).ok_or(PageError::NotFound)?;
    let place = match filled(place) {
        None => visit.actor.region,
        Some(text) => text.parse().map_err(|_| PageError::NotFound)?,
    };
    if visit.actor.region.holds(place) { Ok((figure, place)) } else { Err(PageError::NotFound) }
}

/// The figure of the period that is asked for; where none is, the latest that is whole, or the latest.
///
/// # Errors
/// `NotFound` for a text that is no period.
fn chosen<'s>(series: &'s [PeriodFigure], period: &Option<String>) -> Result<Option<&'s PeriodFigure>, PageError> {
    let asked: Option<Period> = match period.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => Some(text.parse().map_err(|_| PageError::NotFound)?),
        None => None,
    };
    let asked = asked.and_then(|period| series.iter().find(|one| one.period == period));
    Ok(asked.or_else(|| series.iter().find(|one| one.run.is_whole)).or(series.first()))
}

/// What the tables of a page are made from.
struct Drawn<'v, 'site> {
    visit: &'v Visit<'v>,
    catalog: &'v Catalog<'site>,
    figure: DeclaredFigure<'site>,
    place: RegionCode,
}

impl Drawn<'_, '_> {
    fn address(&self, place: RegionCode, period: Option<Period>) -> String {
        let period = period.map(|period| period.to_string()).unwrap_or_default();
        let path = format!("/indicators/{}", self.figure.name);
        address::with(&path, &[("place", &place.to_string()), ("period", &period)])
    }

    fn above(&self, shown: Option<&PeriodFigure>) -> Result<Vec<(String, String)>, PageError> {
        let own = self.visit.actor.region;
        let path = self.visit.view().region_path(self.place)?;
        let above = path.into_iter().filter(|region| own.holds(region.code) && region.code != self.place);
        Ok(above.map(|region| (region.name, self.address(region.code, shown.map(|one| one.period)))).collect())
    }

    /// The places below, before them what lies at the place itself. One without a figure of a register has nothing that counts there; one without households is left out.
    fn below(&self, shown: Option<&PeriodFigure>) -> Result<Vec<FigureLine>, PageError> {
        let Some(shown) = shown else { return Ok(Vec::new()) };
        let view = self.visit.view();
        let rows = view.figures_below(self.figure.name, self.place, shown.period)?;
        let is_nought = self.figure.declared.from.is_some() && shown.run.is_whole;
        let nought = is_nought.then(|| FigureShown::Parts(policy::FigureParts::default()));
        let mut lines = Vec::new();
        if let Some(own) = rows.iter().find(|row| row.place == self.place) {
            lines.push(FigureLine {
                label: self.catalog.language.say("figure_own").to_owned(),
                address: String::new(),
                figure: self.figure.text(&own.figure, self.catalog.language),
                here: false,
            });
        }
        for region in view.regions(self.place)? {
            let row = rows.iter().find(|row| row.place == region.code).map(|row| row.figure);
            let Some(figure) = row.or(nought) else { continue };
            lines.push(FigureLine {
                label: region.name,
                address: self.address(region.code, Some(shown.period)),
                figure: self.figure.text(&figure, self.catalog.language),
                here: false,
            });
        }
        Ok(lines)
    }

    fn of_period(&self, one: &PeriodFigure, shown: Option<&PeriodFigure>) -> FigureLine {
        let text = one.period.shown(self.catalog.language);
        FigureLine {
            label: match one.run.is_whole {
                true => text,
                false => self.catalog.language.fill("figure_in_part", &[("period", &text)]),
            },
            address: self.address(self.place, Some(one.period)),
            figure: self.figure.text(&one.figure, self.catalog.language),
            here: shown.is_some_and(|shown| shown.period == one.period),
        }
    }

    fn groups(&self, shown: Option<&PeriodFigure>) -> Result<Vec<GroupTable>, PageError> {
        let Some(shown) = shown else { return Ok(Vec::new()) };
        let rows = self.visit.view().figure_groups(self.figure.name, self.place, shown.period)?;
        let mut tables = Vec::new();
        for group in &self.figure.form.groups {
            let codes = group.codes.iter().map(String::as_str).chain([policy::GroupForm::REST]);
            let found = |code: &str| rows.iter().find(|row| row.group == group.name && row.code == code);
            let line = |code: &str| {
                Some(FigureLine {
                    label: self.figure.code_label(self.catalog, &group.name, code),
                    address: String::new(),
                    figure: self.figure.text(&found(code)?.figure, self.catalog.language),
                    here: false,
                })
            };
            let lines: Vec<FigureLine> = codes.filter_map(line).collect();
            if !lines.is_empty() {
                tables.push(GroupTable { label: self.figure.group_label(self.catalog, &group.name), lines });
            }
        }
        Ok(tables)
    }
}
