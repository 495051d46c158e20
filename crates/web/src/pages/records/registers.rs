//! 台账: all registers that the actor sees, under the articles that ask for them.

use crate::http::route::Answer;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::parts::catalog::{Catalog, register_names};
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use model::Day;
use policy::declare::Register;
use store::{RecordFilter, RecordQuery, Total, View};
use words::Language;

/// Registers of one article.
pub struct ArticleGroup {
    pub number: u8,
    pub title: String,
    pub registers: Vec<RegisterLine>,
}

/// A register in the list.
pub struct RegisterLine {
    pub name: String,
    pub label: String,
    pub purpose: String,
    pub department: String,
    pub records: String,
    /// `None` for registers whose records have no deadlines.
    pub overdue: Option<(String, &'static str)>,
}

/// How many records a register has, and how many of them are overdue.
pub struct Sums {
    pub name: String,
    pub records: Total,
    pub overdue: Total,
}

#[derive(Template)]
#[template(path = "registers.html")]
struct RegistersPage {
    shell: Shell,
    groups: Vec<ArticleGroup>,
}

/// `GET /registers`
pub fn show(visit: &Visit<'_>, (): ()) -> Answer {
    let language = visit.preferences.language;
    let today = visit.today();
    let view = visit.view();
    let names = register_names(view);
    let registers = names.iter().filter_map(|name| Some((name, visit.site.package.registers.get(name)?)));
    let sums = registers.map(|(name, register)| sums(view, name, register, today)).collect::<Result<Vec<_>, _>>()?;
    let title = language.say("menu_registers").to_owned();
    let shell =
        visit.shell(title.clone(), vec![Crumb::link("/", language.say("menu_workbench")), Crumb::here(title)])?;
    let catalog = Catalog::new(visit.site, language);
    page(&RegistersPage { shell, groups: groups(&sums, &catalog) })
}

/// The register of that name, if the actor sees it.
///
/// # Errors
/// `NotFound` otherwise, as for registers that do not exist.
pub fn register_seen<'site>(visit: &Visit<'site>, name: &str) -> Result<&'site Register, PageError> {
    let register = visit.site.package.registers.get(name);
    let view = visit.view();
    register.filter(|register| view.sees(register)).ok_or(PageError::NotFound)
}

/// How many records a register has and how many are overdue.
///
/// # Errors
/// What the store says.
fn sums(view: &View, name: &str, register: &Register, today: Day) -> Result<Sums, PageError> {
    let overdue = match register.has_lifecycle() {
        true => count(view, name, RecordFilter { due_before: Some(today), ..RecordFilter::default() })?,
        false => Total::Exactly(0),
    };
    Ok(Sums { name: name.to_owned(), records: count(view, name, RecordFilter::default())?, overdue })
}

/// How many records a filter leaves; counting stops early, so that this is cheap at any size.
///
/// # Errors
/// What the store says.
pub fn count(view: &View, name: &str, filter: RecordFilter) -> Result<Total, PageError> {
    let page = view.records(name, RecordQuery { filter: &filter, order: None, columns: &[] }, None, 1);
    page.map(|page| page.total).map_err(|refusal| PageError::refused(refusal, Language::CHINESE, "/"))
}

/// Each register stands under the first article that it names; articles in the document's order.
fn groups(sums: &[Sums], catalog: &Catalog<'_>) -> Vec<ArticleGroup> {
    let of_article = |number: u8| -> Vec<RegisterLine> {
        let under = sums.iter().filter_map(|sums| Some((sums, catalog.register(&sums.name)?)));
        let under = under.filter(|(_, register)| register.article.first() == Some(&number));
        under.map(|(sums, register)| line(sums, register, catalog)).collect()
    };
    let articles = catalog.package.articles.iter().map(|article| article.number);
    let groups = articles.map(|number| ArticleGroup {
        number,
        title: catalog.articles(&[number]).pop().map(|link| link.text).unwrap_or_default(),
        registers: of_article(number),
    });
    groups.filter(|group| !group.registers.is_empty()).collect()
}

fn line(sums: &Sums, register: &Register, catalog: &Catalog<'_>) -> RegisterLine {
    let language = catalog.language;
    let red = if sums.overdue == Total::Exactly(0) { "" } else { "sw-tag sw-tag-high" };
    RegisterLine {
        name: sums.name.clone(),
        label: catalog.dataset(&sums.name),
        purpose: language.pick(&register.purpose, &register.purpose_en).to_owned(),
        department: department(register, catalog),
        records: show::total(sums.records, language),
        overdue: register.has_lifecycle().then(|| (show::total(sums.overdue, language), red)),
    }
}

/// The department that keeps a register; `–` where none is named.
pub fn department(register: &Register, catalog: &Catalog<'_>) -> String {
    register.department.as_deref().map_or("–".to_owned(), |code| catalog.code("department", code))
}
