//! 参数: every value that rules stand on, in force today at the actor's place; what is not known is said to be so.

use crate::http::route::Answer;
use crate::http::trouble::page;
use crate::http::visit::Visit;
use crate::parts::catalog::Catalog;
use crate::parts::shell::{Crumb, Shell};
use askama::Template;
use model::{Day, RegionCode};
use policy::declare::Permission;

/// A parameter as it is in force.
pub struct ParameterLine {
    pub label: String,
    pub note: String,
    pub value: String,
    pub is_unset: bool,
    pub from: String,
    pub source: String,
}

#[derive(Template)]
#[template(path = "parameters.html")]
struct ParametersPage {
    shell: Shell,
    about: String,
    parameters: Vec<ParameterLine>,
}

/// `GET /parameters`
pub fn show(visit: &Visit<'_>, (): ()) -> Answer {
    visit.need(Permission::SeeRules)?;
    let language = visit.preferences.language;
    let title = language.say("menu_parameters").to_owned();
    let shell =
        visit.shell(title.clone(), vec![Crumb::link("/rules", language.say("menu_rules")), Crumb::here(title)])?;
    let catalog = Catalog::new(visit.site, language);
    let (region, today) = (visit.actor.region, visit.today());
    let names = catalog.package.parameters.keys();
    let parameters: Vec<ParameterLine> = names.map(|name| parameter_line(name, region, today, &catalog)).collect();
    let unset = parameters.iter().filter(|line| line.is_unset).count();
    let about = language.fill(
        "parameters_about",
        &[("place", &catalog.place(region)), ("day", &today), ("count", &parameters.len()), ("unset", &unset)],
    );
    page(&ParametersPage { shell, about, parameters })
}

/// A parameter as it is in force at a place on a day.
pub fn parameter_line(name: &str, region: RegionCode, today: Day, catalog: &Catalog<'_>) -> ParameterLine {
    let resolved = catalog.package.parameter(name, region, today, today);
    let language = catalog.language;
    let from = resolved.from.map_or("–".to_owned(), |day| day.to_string());
    let example = resolved.grade == "example";
    let source = if resolved.source.is_empty() { "–".to_owned() } else { resolved.source };
    ParameterLine {
        label: catalog.parameter_label(name),
        note: catalog.parameter(name).map(|parameter| parameter.note.clone()).unwrap_or_default(),
        is_unset: resolved.value.is_null(),
        value: catalog.parameter_value(name, &resolved.value),
        from: match resolved.published.filter(|published| Some(*published) != resolved.from) {
            Some(day) => language.fill("parameter_published", &[("from", &from), ("published", &day)]),
            None => from,
        },
        source: if example { language.fill("parameter_example", &[("source", &source)]) } else { source },
    }
}
