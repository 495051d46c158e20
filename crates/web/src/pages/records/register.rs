//! One register: what it is for, how it stands, and what the actor can do with it.

use crate::http::address;
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::pages::records::registers::{department, register_seen};
use crate::parts::catalog::{ArticleLink, Catalog};
use crate::parts::list::Card;
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use axum::extract::Path;
use policy::declare::Register;
use store::{RecordFilter, RecordQuery, RegisterFigures, Total, View};

/// What the actor's role may do with a register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    pub enter: bool,
    pub import: bool,
    pub export: bool,
}

impl Rights {
    /// What the view's actor may do with it.
    pub fn of(view: &View, register: &Register) -> Rights {
        Rights {
            enter: view.has_right(register, &register.may_enter),
            import: view.has_right(register, &register.may_import),
            export: view.has_right(register, &register.may_export),
        }
    }
}

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage {
    shell: Shell,
    name: String,
    purpose: String,
    department: String,
    articles: Vec<ArticleLink>,
    cards: Vec<Card>,
    rights: Rights,
    steps: Vec<String>,
}

/// `GET /registers/{name}`
pub fn show(visit: &Visit<'_>, Path(name): Path<String>) -> Answer {
    let language = visit.preferences.language;
    let register = register_seen(visit, &name)?;
    let view = visit.view();
    let refused = |refusal| PageError::refused(refusal, language, "/registers");
    let total = view
        .records(&name, RecordQuery { filter: &RecordFilter::default(), order: None, columns: &[] }, None, 1)
        .map_err(refused)?
        .total;
    let figures = match register.has_lifecycle() {
        true => view.register_figures(&name, visit.today()).map_err(refused)?,
        false => RegisterFigures::default(),
    };
    let catalog = Catalog::new(visit.site, language);
    let title = catalog.dataset(&name);
    let crumbs = vec![Crumb::link("/registers", language.say("menu_registers")), Crumb::here(title.clone())];
    let shell = visit.shell(title, crumbs)?;
    let steps = register.step.iter().filter(|step| step.roles.contains(&visit.actor.role));
    page(&RegisterPage {
        shell,
        purpose: language.pick(&register.purpose, &register.purpose_en).to_owned(),
        department: department(register, &catalog),
        articles: catalog.articles(&register.article),
        cards: cards(&name, register, total, &figures, &catalog),
        rights: Rights::of(view, register),
        steps: steps.map(|step| language.pick(&step.label, &step.label_en).to_owned()).collect(),
        name,
    })
}

fn cards(name: &str, register: &Register, total: Total, figures: &RegisterFigures, catalog: &Catalog<'_>) -> Vec<Card> {
    let language = catalog.language;
    let list = format!("/registers/{name}/records");
    let card = |label: String, address: String, number: String, class: &'static str| Card {
        address,
        label,
        number,
        class,
        note: language.say("register_see_them").to_owned(),
    };
    let mut cards =
        vec![card(language.say("register_records").to_owned(), list.clone(), show::total(total, language), "")];
    if register.has_lifecycle() {
        let red = if figures.overdue > 0 { "sw-red" } else { "" };
        let overdue = address::with(&list, &[("overdue", "1")]);
        cards.push(card(language.say("register_overdue").to_owned(), overdue, show::count(figures.overdue), red));
    }
    cards.extend(figures.by_state.iter().map(|(state, count)| {
        let address = address::with(&list, &[("state", state)]);
        card(catalog.state(name, state), address, show::count(*count), "")
    }));
    cards
}
