//! The records of one register: searched, put in order, page by page, in the columns that the reader chose.

use crate::http::route::Answer;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::pages::records::register::Rights;
use crate::pages::records::registers::register_seen;
use crate::parts::catalog::{Catalog, NamedRegister};
use crate::parts::filter_text::{cell_text, filter_text};
use crate::parts::list::{Choice, PAGE_ROWS, Pager, filled};
use crate::parts::places::place_choices;
use crate::parts::record_list_query::{RecordListQuery, chosen_columns, list_address, offered_columns};
use crate::parts::record_search::{Ask, Misfit, OVERDUE, REGION, STATE, WITHDRAWN, asked_fields};
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use axum::extract::{Path, Query};
use model::{Day, Kind, Version};
use policy::declare::{Column, Register};
use std::collections::BTreeMap;
use store::{Page, RecordQuery, RecordRow};

/// One input of the search form; with choices it is a drop-down list.
pub struct SearchInput {
    pub name: String,
    pub label: String,
    pub kind: &'static str,
    pub is_number: bool,
    pub text: String,
    pub choices: Vec<Choice>,
    pub fault: Option<&'static str>,
}

/// A heading of the list.
pub struct Heading {
    pub label: String,
    pub is_number: bool,
    /// Address of the list in this order, where there is one.
    pub address: Option<String>,
    /// `ascending`, `descending` or empty, and the word for it.
    pub sorted: &'static str,
    pub sorted_text: &'static str,
}

/// A record in the list.
pub struct RecordLine {
    pub id: String,
    pub version: Version,
    pub address: String,
    /// What the record is called where its whole row is not at hand.
    pub called: String,
    /// Heading, text, and whether it is a number.
    pub cells: Vec<(String, String, bool)>,
    pub place: String,
    pub state: String,
    pub state_class: &'static str,
    pub left: Option<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "record_list.html")]
struct RecordListPage {
    shell: Shell,
    name: String,
    places: Vec<Choice>,
    states: Vec<Choice>,
    inputs: Vec<SearchInput>,
    faults: Vec<(String, String)>,
    has_lifecycle: bool,
    shows_place: bool,
    overdue: bool,
    withdrawn: bool,
    is_searched: bool,
    shown_total: String,
    filter_text: String,
    headings: Vec<Heading>,
    rows: Vec<RecordLine>,
    pager: Pager,
    columns: Vec<Choice>,
    parameters: Vec<(String, String)>,
    here: String,
    rights: Rights,
    steps: Vec<Choice>,
}

/// `GET /registers/{name}/records`
pub fn show(visit: &Visit<'_>, (Path(name), Query(asked)): (Path<String>, Query<BTreeMap<String, String>>)) -> Answer {
    let language = visit.preferences.language;
    let register = register_seen(visit, &name)?;
    let today = visit.today();
    let after = filled(&asked.get("after").cloned());
    let view = visit.view();
    let about = NamedRegister { name: &name, register };
    let query = RecordListQuery::read(view, about, &asked, language)?;
    let columns = chosen_columns(view, about, language)?;
    let place = query.search.text(REGION).parse().ok();
    let found = match query.filter(register, today) {
        None => None,
        Some(filter) => {
            let asked = RecordQuery { filter: &filter, order: query.order.as_ref(), columns: &columns };
            let found = view.records(&name, asked, after.as_deref(), PAGE_ROWS);
            Some(found.map_err(|refusal| PageError::refused(refusal, language, &list_address(&name)))?)
        }
    };
    let places = place_choices(view, place)?;
    let title = Catalog::new(visit.site, language).dataset(&name);
    let crumbs = vec![
        Crumb::link("/registers", language.say("menu_registers")),
        Crumb::link(&format!("/registers/{name}"), title.clone()),
        Crumb::here(language.say("register_list")),
    ];
    let shell = visit.shell(title, crumbs)?;
    let list = List { name: &name, register, query: &query, columns: &columns, today };
    page(&list.prepare(visit, shell, found, places, after.as_deref()))
}

/// A list on its way to the page.
struct List<'list> {
    name: &'list str,
    register: &'list Register,
    query: &'list RecordListQuery,
    columns: &'list [String],
    today: Day,
}

impl List<'_> {
    fn prepare(
        &self,
        visit: &Visit<'_>,
        shell: Shell,
        found: Option<Page<RecordRow>>,
        places: Vec<Choice>,
        after: Option<&str>,
    ) -> RecordListPage {
        let language = visit.preferences.language;
        let catalog = Catalog::new(visit.site, language);
        let RecordListQuery { search, .. } = self.query;
        let misfits = search.filter(self.register, self.query.sees_names, self.today).err().unwrap_or_default();
        let inputs = self.search_inputs(&catalog, &places, &misfits);
        let filter = self.query.filter(self.register, self.today).unwrap_or_default();
        let page = found.as_ref();
        let next = page.and_then(|page| page.next.as_deref());
        let parameters = self.query.parameters();
        let pairs: Vec<(&str, &str)> = parameters.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let total = page.map_or("–".to_owned(), |page| show::total(page.total, language));
        let withdrawn = !search.text(WITHDRAWN).is_empty();
        RecordListPage {
            shell,
            name: self.name.to_owned(),
            states: Choice::list(states(self.name, &catalog), search.text(STATE)),
            faults: faults(&misfits, &inputs, &catalog),
            inputs,
            places,
            has_lifecycle: self.register.has_lifecycle(),
            shows_place: shows_place(self.register, self.columns),
            overdue: !search.text(OVERDUE).is_empty(),
            withdrawn,
            is_searched: !search.is_empty(),
            shown_total: language.fill("list_total", &[("total", &total)]),
            filter_text: filter_text(catalog.package, language, self.name, &filter),
            headings: self.headings(&catalog),
            rows: page.map(|page| page.rows.iter().map(|row| self.line(row, &catalog)).collect()).unwrap_or_default(),
            pager: Pager::new(&list_address(self.name), &pairs, after, next),
            columns: self.column_choices(&catalog),
            parameters,
            here: self.query.address(self.name),
            rights: Rights::of(visit.view(), self.register),
            steps: if withdrawn { Vec::new() } else { steps(self.register, &visit.actor.role, &catalog) },
        }
    }

    /// Columns with their declarations.
    fn declared(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter_map(|name| self.register.field_named(name))
    }

    fn headings(&self, catalog: &Catalog<'_>) -> Vec<Heading> {
        let ordered = self.query.ordered_by(self.register);
        self.declared()
            .map(|column| {
                let now = ordered.filter(|(field, _)| *field == column.name).map(|(_, descending)| descending);
                let (sorted, key) = match now {
                    Some(false) => ("ascending", "sorted_up"),
                    Some(true) => ("descending", "sorted_down"),
                    None => ("", "sort_by"),
                };
                Heading {
                    label: catalog.column_label(column),
                    is_number: is_number(column),
                    address: self
                        .query
                        .may_sort(self.register, &column.name)
                        .then(|| self.sorted_address(&column.name, now == Some(false))),
                    sorted,
                    sorted_text: catalog.language.say(key),
                }
            })
            .collect()
    }

    fn sorted_address(&self, field: &str, descending: bool) -> String {
        let order = store::RecordOrder { field: field.to_owned(), descending };
        RecordListQuery { order: Some(order), ..self.query.clone() }.address(self.name)
    }

    fn line(&self, row: &RecordRow, catalog: &Catalog<'_>) -> RecordLine {
        let shown = self.declared().zip(&row.cells);
        let cells: Vec<(String, String, bool)> = shown
            .map(|(column, value)| (catalog.column_label(column), cell_text(catalog, column, value), is_number(column)))
            .collect();
        let state = row.state.as_deref().unwrap_or_default();
        RecordLine {
            address: format!("{}/{}", list_address(self.name), row.id),
            id: row.id.clone(),
            version: row.version,
            called: called(cells.iter().map(|(_, text, _)| text.as_str())),
            cells,
            place: row.place_name.clone(),
            state: if state.is_empty() { "–".to_owned() } else { catalog.state(self.name, state) },
            state_class: state_class(self.register, state),
            left: show::days_left(row.due_on, self.today, catalog.language),
        }
    }

    fn column_choices(&self, catalog: &Catalog<'_>) -> Vec<Choice> {
        let offered = offered_columns(self.register);
        let offered = offered.filter_map(|name| {
            let column = self.register.field_named(&name)?;
            let is_read = catalog.is_in_language(column, &self.register.field);
            is_read.then_some(())?;
            Some(Choice { text: catalog.column_label(column), chosen: self.columns.contains(&name), value: name })
        });
        offered.collect()
    }

    fn search_inputs(&self, catalog: &Catalog<'_>, places: &[Choice], misfits: &[Misfit]) -> Vec<SearchInput> {
        let mut shown = Vec::new();
        for (column, ask, inputs) in asked_fields(self.register, self.query.sees_names) {
            for (index, name) in inputs.into_iter().enumerate() {
                let text = self.query.search.text(&name).to_owned();
                let misfit = misfits.iter().find(|misfit| misfit.input == name);
                shown.push(SearchInput {
                    choices: Choice::list(choices(column, ask, places, catalog), &text),
                    fault: misfit.map(|misfit| catalog.language.say(misfit.key)),
                    is_number: is_number(column),
                    label: input_label(column, ask, index, catalog),
                    kind: if let Ask::Range(kind) = ask { kind } else { "search" },
                    name,
                    text,
                });
            }
        }
        shown
    }
}

/// `面积(亩) 从`, `看管人 开头是`, `类别`
fn input_label(column: &Column, ask: Ask, index: usize, catalog: &Catalog<'_>) -> String {
    let label = catalog.column_label(column);
    let key = match (ask, index) {
        (Ask::Range(_), 0) => "search_from",
        (Ask::Range(_), _) => "search_to",
        (Ask::Begins, _) => "search_begins",
        (Ask::Whole, _) => "search_whole",
        (Ask::Code | Ask::Truth | Ask::Place, _) => return label,
    };
    let unit = match column.kind {
        Kind::Fen => catalog.language.say("unit_yuan"),
        _ => column.unit.as_str(),
    };
    let label = match (ask, unit) {
        (Ask::Range(_), unit) if !unit.is_empty() => {
            catalog.language.fill("search_unit", &[("label", &label), ("unit", &unit)])
        }
        _ => label,
    };
    catalog.language.fill(key, &[("label", &label)])
}

fn choices(column: &Column, ask: Ask, places: &[Choice], catalog: &Catalog<'_>) -> Vec<(String, String)> {
    let language = catalog.language;
    match ask {
        Ask::Code => column.codes.as_deref().map(|list| catalog.codes(list)).unwrap_or_default(),
        Ask::Truth => [("yes", "value_yes"), ("no", "value_no")]
            .map(|(value, key)| (value.to_owned(), language.say(key).to_owned()))
            .to_vec(),
        Ask::Place => places.iter().map(|place| (place.value.clone(), place.text.clone())).collect(),
        Ask::Range(_) | Ask::Begins | Ask::Whole => Vec::new(),
    }
}

/// The inputs that do not fit, for the summary: the input's name, and what would fit.
fn faults(misfits: &[Misfit], inputs: &[SearchInput], catalog: &Catalog<'_>) -> Vec<(String, String)> {
    let label = |misfit: &Misfit| {
        let input = inputs.iter().find(|input| input.name == misfit.input);
        input.map_or(catalog.language.say("column_place").to_owned(), |input| input.label.clone())
    };
    let text = |misfit: &Misfit| show::labelled(&label(misfit), catalog.language.say(misfit.key), catalog.language);
    misfits.iter().map(|misfit| (misfit.input.clone(), text(misfit))).collect()
}

fn states(name: &str, catalog: &Catalog<'_>) -> Vec<(String, String)> {
    let states = catalog.register(name).map(|register| register.state.as_slice()).unwrap_or_default();
    states.iter().map(|state| (state.name.clone(), catalog.state(name, &state.name))).collect()
}

/// Steps that the role may take on records of the register.
fn steps(register: &Register, role: &str, catalog: &Catalog<'_>) -> Vec<Choice> {
    let steps = register.step.iter().filter(|step| step.roles.iter().any(|one| one == role));
    let pairs = steps.map(|step| (step.name.clone(), catalog.language.pick(&step.label, &step.label_en).to_owned()));
    Choice::list(pairs, "")
}

/// The class of a tag for a state: green at the end, blue where records are closed to corrections.
pub fn state_class(register: &Register, state: &str) -> &'static str {
    match register.state_named(state) {
        Some(state) if state.is_final => "sw-tag-good",
        Some(state) if state.is_locked => "sw-tag-low",
        _ => "",
    }
}

/// What a record is called: the first two things that are known of it.
pub fn called<'text>(texts: impl Iterator<Item = &'text str>) -> String {
    texts.filter(|text| *text != "–").take(2).collect::<Vec<_>>().join(" · ")
}

/// True when the place of a record stands in no column that was chosen, so that the list adds one.
pub fn shows_place(register: &Register, columns: &[String]) -> bool {
    register.region.as_ref().is_none_or(|region| !columns.contains(region))
}

fn is_number(column: &Column) -> bool {
    matches!(column.kind, Kind::Int | Kind::Decimal | Kind::Fen)
}
