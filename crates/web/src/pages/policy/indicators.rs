//! 指标: every indicator by its article, with the latest figure of the actor's place.

use crate::http::route::Answer;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::parts::catalog::{ArticleLink, Catalog};
use crate::parts::figure::DeclaredFigure;
use crate::parts::shell::{Crumb, Shell};
use askama::Template;

/// An indicator with its latest figure.
pub struct IndicatorLine {
    pub name: String,
    pub label: String,
    pub value: String,
    pub unknown: String,
    pub period: String,
    pub target: String,
}

/// The indicators of one article.
pub struct IndicatorGroup {
    pub article: ArticleLink,
    pub lines: Vec<IndicatorLine>,
}

#[derive(Template)]
#[template(path = "indicators.html")]
struct IndicatorsPage {
    shell: Shell,
    about: String,
    groups: Vec<IndicatorGroup>,
}

/// `GET /indicators`
pub fn show(visit: &Visit<'_>, (): ()) -> Answer {
    let language = visit.preferences.language;
    let title = language.say("menu_indicators").to_owned();
    let shell =
        visit.shell(title.clone(), vec![Crumb::link("/", language.say("menu_workbench")), Crumb::here(title)])?;
    let catalog = Catalog::new(visit.site, language);
    let about = language.fill("indicators_about", &[("place", &catalog.place(visit.actor.region))]);
    let groups = catalog.package.articles.iter().map(|article| group(visit, &catalog, article.number));
    let mut groups = groups.collect::<Result<Vec<_>, _>>()?;
    groups.retain(|group| !group.lines.is_empty());
    page(&IndicatorsPage { shell, about, groups })
}

/// The indicators that serve an article first.
fn group(visit: &Visit<'_>, catalog: &Catalog<'_>, article: u8) -> Result<IndicatorGroup, PageError> {
    let mut lines = Vec::new();
    for name in visit.view().indicators() {
        let Some(figure) = DeclaredFigure::of(catalog, &name) else { continue };
        if figure.declared.article.first() == Some(&article) {
            lines.push(line(visit, &figure)?);
        }
    }
    let article = catalog.articles(&[article]).remove(0);
    Ok(IndicatorGroup { article, lines })
}

/// The latest figure of the actor's place.
///
/// # Errors
/// What the store says.
pub fn line(visit: &Visit<'_>, figure: &DeclaredFigure<'_>) -> Result<IndicatorLine, PageError> {
    let language = visit.preferences.language;
    let latest = visit.view().latest_figure(figure.name, visit.actor.region)?;
    let text = latest.as_ref().map(|latest| figure.text(&latest.figure, language));
    Ok(IndicatorLine {
        name: figure.name.to_owned(),
        label: figure.label(language),
        unknown: text.as_ref().map(|text| text.unknown.clone()).unwrap_or_default(),
        value: text.map_or_else(|| language.say("figure_none").to_owned(), |text| text.value),
        period: latest.map(|latest| latest.period.shown(language)).unwrap_or_default(),
        target: figure.target(language),
    })
}
