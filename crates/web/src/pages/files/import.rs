//! 导入: choose a source or register, drop a file, say the day of delivery.

use crate::http::route::Answer;
use crate::http::trouble::page;
use crate::http::visit::Visit;
use crate::pages::files::hand_in::{CoverFields, may_hand_in};
use crate::parts::catalog::Catalog;
use crate::parts::list::filled;
use crate::parts::shell::{Crumb, Shell};
use askama::Template;
use axum::extract::Query;
use model::Actor;
use policy::declare::Permission;
use serde::Deserialize;

/// Sources of one department, or the registers.
pub struct DatasetGroup {
    pub label: String,
    pub choices: Vec<DatasetChoice>,
}

/// A source or register to choose.
pub struct DatasetChoice {
    pub value: String,
    pub text: String,
    pub chosen: bool,
    /// The columns that are read, in words.
    pub about: String,
}

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    shell: Shell,
    datasets: Vec<DatasetGroup>,
    today: String,
    /// Nothing is filled in: the file is looked at first.
    cover: CoverFields,
}

/// What the address says.
#[derive(Deserialize)]
pub struct ImportQuery {
    dataset: Option<String>,
}

/// `GET /import`
pub fn show(visit: &Visit<'_>, Query(asked): Query<ImportQuery>) -> Answer {
    visit.need(Permission::HandIn)?;
    let language = visit.preferences.language;
    let title = language.say("menu_import").to_owned();
    let crumbs = vec![Crumb::link("/imports", language.say("menu_imports")), Crumb::here(title.clone())];
    let shell = visit.shell(title, crumbs)?;
    let catalog = Catalog::new(visit.site, language);
    let chosen = filled(&asked.dataset).unwrap_or_default();
    let (datasets, cover) = (groups(&catalog, visit.actor, &chosen), CoverFields::new(visit, None));
    page(&ImportPage { shell, datasets, today: visit.today().to_string(), cover })
}

fn groups(catalog: &Catalog<'_>, actor: &Actor, chosen: &str) -> Vec<DatasetGroup> {
    let package = catalog.package;
    let registers = package.registers.keys().filter(|name| may_hand_in(package, actor, name));
    let registers: Vec<DatasetChoice> = registers.map(|name| choice(catalog, name, chosen)).collect();
    let mut groups =
        vec![DatasetGroup { label: catalog.language.say("import_registers").to_owned(), choices: registers }];
    for (department, label) in catalog.codes("department") {
        let sources = package.sources.iter().filter(|(_, source)| source.department == department);
        let mine = sources.filter(|(name, _)| may_hand_in(package, actor, name));
        let choices = mine.map(|(name, _)| choice(catalog, name, chosen)).collect();
        groups.push(DatasetGroup { label, choices });
    }
    groups.retain(|group| !group.choices.is_empty());
    groups
}

fn choice(catalog: &Catalog<'_>, name: &str, chosen: &str) -> DatasetChoice {
    let columns = catalog.columns(name);
    let required: Vec<String> =
        columns.iter().filter(|column| column.required).map(|column| catalog.heading_label(column)).collect();
    let others: Vec<String> =
        columns.iter().filter(|column| !column.required).map(|column| catalog.heading_label(column)).collect();
    let comma = catalog.language.say("list_comma");
    DatasetChoice {
        value: name.to_owned(),
        text: catalog.dataset(name),
        chosen: name == chosen,
        about: catalog
            .language
            .fill("import_about", &[("required", &required.join(comma)), ("others", &others.join(comma))]),
    }
}
