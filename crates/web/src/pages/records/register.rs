//! One register: what it is for, how it stands, and what the actor can do with it.

use crate::http::address;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::pages::records::registers::{department, find};
use crate::parts::catalog::{ArticleLink, Catalog};
use crate::parts::list::Card;
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use policy::declare::Register;
use store::{RecordFilter, RegisterFigures, Total, View};

/// What the actor's role may do with a register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    pub enter: bool,
    pub import: bool,
    pub export: bool,
}

impl Rights {
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
pub async fn show(visit: Visit, Path(name): Path<String>) -> Result<Response, PageError> {
    let language = visit.preferences.language;
    let register = find(&visit, &name)?.clone();
    let (today, asked) = (visit.today(), name.clone());
    let has_lifecycle = register.has_lifecycle();
    let (total, figures, rights) = visit
        .read(move |view, site| {
            let refused = |refusal| PageError::refused(refusal, language, "/registers");
            let all = view.records(&asked, (&RecordFilter::default(), None), &[], None, 1).map_err(refused)?.total;
            let figures = match has_lifecycle {
                true => view.register_figures(&asked, today).map_err(refused)?,
                false => RegisterFigures::default(),
            };
            let rights = site.package.registers.get(&asked).map(|register| Rights::of(view, register));
            Ok((all, figures, rights.unwrap_or_default()))
        })
        .await?;
    let catalog = Catalog::new(&visit.shared.site, language);
    let title = catalog.dataset(&name);
    let crumbs = vec![Crumb::link("/registers", language.say("menu_registers")), Crumb::here(title.clone())];
    let shell = visit.shell(title, crumbs).await?;
    let steps = register.step.iter().filter(|step| step.roles.contains(&visit.actor.role));
    page(&RegisterPage {
        shell,
        purpose: language.pick(&register.purpose, &register.purpose_en).to_owned(),
        department: department(&register, &catalog),
        articles: catalog.articles(&register.article),
        cards: cards(&name, &register, total, &figures, &catalog),
        rights,
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
