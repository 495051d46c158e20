//! 政策: every article of the document, its figures, what serves it now, and what is still to come.

use crate::http::route::Answer;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::pages::policy::indicators::{IndicatorLine, line};
use crate::parts::catalog::Catalog;
use crate::parts::figure::DeclaredFigure;
use crate::parts::list::Card;
use crate::parts::shell::{Crumb, Shell};
use askama::Template;
use policy::declare::{Article, ArticleStatus, Permission};

/// Something of the package that serves an article.
pub struct ThingShown {
    pub text: String,
    pub address: Option<String>,
}

/// Things of one kind that serve an article.
pub struct ServedBy {
    pub label: &'static str,
    pub things: Vec<ThingShown>,
}

/// An article of the document with what serves it.
pub struct ArticleShown {
    pub number: u8,
    pub title: String,
    pub summary: String,
    pub note: String,
    pub status: &'static str,
    pub class: &'static str,
    pub figures: Vec<IndicatorLine>,
    pub served: Vec<ServedBy>,
}

#[derive(Template)]
#[template(path = "articles.html")]
struct PolicyPage {
    shell: Shell,
    document: String,
    about: String,
    cards: Vec<Card>,
    articles: Vec<ArticleShown>,
}

/// `GET /policy`
pub fn show(visit: &Visit<'_>, (): ()) -> Answer {
    let language = visit.preferences.language;
    let title = language.say("menu_policy").to_owned();
    let shell =
        visit.shell(title.clone(), vec![Crumb::link("/", language.say("menu_workbench")), Crumb::here(title)])?;
    let catalog = Catalog::new(visit.site, language);
    let articles = catalog.package.articles.iter();
    let head = &catalog.package.head;
    let document = &head.document;
    page(&PolicyPage {
        document: language.pick(&document.title, &head.label_en).to_owned(),
        about: language.fill(
            "policy_about",
            &[("issuer", &document.issuer), ("day", &document.day.0), ("count", &catalog.package.articles.len())],
        ),
        cards: cards(&catalog),
        articles: articles.map(|article| article_shown(visit, article, &catalog)).collect::<Result<_, _>>()?,
        shell,
    })
}

fn status(status: ArticleStatus) -> (&'static str, &'static str) {
    match status {
        ArticleStatus::Implemented => ("article_implemented", "sw-tag-good"),
        ArticleStatus::Planned => ("article_planned", "sw-tag-middle"),
        ArticleStatus::NoSoftware => ("article_no_software", ""),
    }
}

fn cards(catalog: &Catalog<'_>) -> Vec<Card> {
    let all = [ArticleStatus::Implemented, ArticleStatus::Planned, ArticleStatus::NoSoftware];
    let card = |one: ArticleStatus| {
        let (key, _) = status(one);
        Card {
            address: String::new(),
            label: catalog.language.say(key).to_owned(),
            number: catalog.package.articles.iter().filter(|article| article.status == one).count().to_string(),
            class: "",
            note: catalog.language.say("articles_unit").to_owned(),
        }
    };
    all.into_iter().map(card).collect()
}

fn article_shown(visit: &Visit<'_>, article: &Article, catalog: &Catalog<'_>) -> Result<ArticleShown, PageError> {
    let language = catalog.language;
    let (key, class) = status(article.status);
    let title = language.pick(&article.title, &article.title_en);
    Ok(ArticleShown {
        number: article.number,
        title: language.fill("article_link", &[("number", &article.number), ("title", &title)]),
        summary: language.pick(&article.summary, &article.summary_en).to_owned(),
        note: language.pick(&article.note, &article.note_en).to_owned(),
        status: language.say(key),
        class,
        figures: figures(visit, article.number, catalog)?,
        served: served(article, catalog, visit.may(Permission::SeeRules)),
    })
}

/// The latest figures of the indicators that name the article, at the actor's place.
fn figures(visit: &Visit<'_>, article: u8, catalog: &Catalog<'_>) -> Result<Vec<IndicatorLine>, PageError> {
    let names = visit.view().indicators();
    let seen = names.iter().filter_map(|name| DeclaredFigure::of(catalog, name));
    seen.filter(|figure| figure.declared.article.contains(&article)).map(|figure| line(visit, &figure)).collect()
}

/// The things that serve the article, by folder of the package; indicators stand there with their figures.
fn served(article: &Article, catalog: &Catalog<'_>, sees_rules: bool) -> Vec<ServedBy> {
    let folders = ["registers", "sources", "rules", "facts", "parameters"];
    let group = |folder: &str| {
        let names = article.implemented_by.iter().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'));
        let things: Vec<ThingShown> = names.filter_map(|name| thing(folder, name, catalog, sees_rules)).collect();
        ServedBy { label: catalog.language.say(&format!("served_{folder}")), things }
    };
    folders.into_iter().map(group).filter(|group| !group.things.is_empty()).collect()
}

fn thing(folder: &str, name: &str, catalog: &Catalog<'_>, sees_rules: bool) -> Option<ThingShown> {
    let package = catalog.package;
    let text = match folder {
        "registers" | "sources" => Some(catalog.dataset(name)),
        "rules" => package.rules.contains_key(name).then(|| catalog.rule_label(name)),
        "facts" => catalog.value_label(name),
        _ => package.parameters.contains_key(name).then(|| catalog.parameter_label(name)),
    };
    let address = (folder == "rules" && sees_rules).then(|| format!("/rules/{name}"));
    Some(ThingShown { text: text?, address })
}
