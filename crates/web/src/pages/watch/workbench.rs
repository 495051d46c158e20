//! 工作台: what is to be done today.

use crate::http::route::Answer;
use crate::http::trouble::page;
use crate::http::visit::Visit;
use crate::pages::watch::register_dashboard::{RegisterDashboard, Waiting, dashboard, waiting};
use crate::parts::catalog::Catalog;
use crate::parts::lead_line::{LeadLine, lead_line};
use crate::parts::list::Card;
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use policy::declare::Permission;
use store::{Counts, LeadFilter, LeadRow, Region};
use words::Language;

/// Leads shown on the workbench.
const TOP_LEADS: u32 = 10;
/// Bars of a chart; the table below it has all lines.
const BARS_MAX: usize = 12;
/// Height of a bar with its gap, and width of the longest one.
const BAR_STEP: usize = 26;
const BAR_LONGEST: u64 = 220;

/// One horizontal bar, placed for the drawing.
pub struct Bar {
    /// Division code or risk code that the bar links to.
    pub region: String,
    pub name: String,
    pub short: String,
    pub open: u64,
    pub overdue: u64,
    pub households: String,
    pub top: usize,
    pub middle: usize,
    pub width: u64,
    pub after: u64,
}

#[derive(Template)]
#[template(path = "workbench.html")]
struct Workbench {
    shell: Shell,
    headline: String,
    screening: Option<String>,
    cards: Vec<Card>,
    may_screen: bool,
    may_hand_in: bool,
    sees_leads: bool,
    places: Vec<Bar>,
    all_places: Vec<Bar>,
    chart_height: usize,
    risks: Vec<Bar>,
    risk_height: usize,
    leads: Vec<LeadLine>,
    dashboard: RegisterDashboard,
    /// Forms that could not be taken when they were sent, in a sentence.
    unsent: Option<String>,
}

/// `GET /`
pub fn show(visit: &Visit<'_>, (): ()) -> Answer {
    let language = visit.preferences.language;
    let sees_leads = visit.may(Permission::SeeLeads);
    let view = visit.view();
    let counts = visit.counts(true)?;
    let open = LeadFilter { open: Some(true), ..LeadFilter::default() };
    let rows = if sees_leads { view.leads(&open, None, TOP_LEADS)?.rows } else { Vec::new() };
    let waiting = waiting(view, &Catalog::new(visit.site, language), visit.today())?;
    let unsent = view.unsent_forms(visit.site.now_ms())?.len();
    let place = view.region_path(visit.actor.region)?;
    let shell = visit.shell(language.say("menu_workbench").to_owned(), crumbs(&place))?;
    let unsent = (unsent > 0).then(|| language.fill("unsent_waiting", &[("count", &unsent)]));
    page(&Workbench { unsent, ..prepare(visit, shell, counts, &rows, waiting) })
}

fn prepare(visit: &Visit<'_>, shell: Shell, counts: Counts, rows: &[LeadRow], waiting: Waiting) -> Workbench {
    let language = visit.preferences.language;
    let catalog = Catalog::new(visit.site, language);
    let sees_leads = visit.may(Permission::SeeLeads);
    let place_bar = |place: &store::PlaceCount| Bar {
        overdue: place.overdue,
        households: show::count(place.households),
        ..bar(place.region.to_string(), place.name.clone(), place.open, 7)
    };
    let mut all_places: Vec<Bar> = counts.by_place.iter().map(place_bar).collect();
    all_places.sort_by(|one, other| other.open.cmp(&one.open).then_with(|| one.region.cmp(&other.region)));
    let places = counts.by_place.iter().filter(|place| place.open > 0).map(place_bar).collect();
    let places = draw(places, 104);
    let risks = counts.by_risk.iter().map(|(risk, open)| bar(risk.clone(), catalog.risk(risk), *open, 9)).collect();
    let risks = draw(risks, 128);
    Workbench {
        headline: if sees_leads { headline(&counts, language) } else { data_headline(&counts, language) },
        screening: Some(screening_text(&counts, &catalog)),
        cards: cards(&counts, visit, language),
        may_screen: visit.may(Permission::Screen),
        may_hand_in: visit.may(Permission::HandIn),
        sees_leads,
        chart_height: places.len() * BAR_STEP,
        risk_height: risks.len() * BAR_STEP,
        places,
        all_places,
        risks,
        leads: rows.iter().map(|row| lead_line(row, &catalog, visit.today())).collect(),
        dashboard: dashboard(waiting, &catalog),
        unsent: None,
        shell,
    }
}

fn crumbs(place: &[Region]) -> Vec<Crumb> {
    place.iter().map(|region| Crumb::here(region.name.clone())).collect()
}

/// `今天要办 47 件,其中 3 件已超时`
fn headline(counts: &Counts, language: Language) -> String {
    let number = show::count(counts.open);
    let overdue = show::count(counts.overdue);
    match (counts.open, counts.overdue) {
        (0, _) => language.say("headline_none").to_owned(),
        (_, 0) => language.fill("headline_open", &[("number", &number)]),
        _ => language.fill("headline_overdue", &[("number", &number), ("overdue", &overdue)]),
    }
}

/// For those who hand in data and see no leads: `有 2 次报送需要更正`.
fn data_headline(counts: &Counts, language: Language) -> String {
    match counts.imports_with_faults {
        0 => language.say("headline_data_none").to_owned(),
        number => language.fill("headline_data", &[("number", &show::count(number))]),
    }
}

fn screening_text(counts: &Counts, catalog: &Catalog<'_>) -> String {
    let language = catalog.language;
    let Some(screening) = &counts.last_screening else { return language.say("screening_never").to_owned() };
    let (at, place) = (model::moment_at(screening.at_ms), catalog.place(screening.region));
    let values: [(&str, &dyn std::fmt::Display); 3] = [("day", &screening.day), ("at", &at), ("place", &place)];
    match &screening.figures {
        None => language.fill("screening_around", &values),
        Some(figures) => {
            let (households, raised) = (show::count(figures.households), show::count(figures.raised));
            let figures: [(&str, &dyn std::fmt::Display); 2] = [("households", &households), ("raised", &raised)];
            language.fill("screening_last", &[&values[..], &figures].concat())
        }
    }
}

fn cards(counts: &Counts, visit: &Visit<'_>, language: Language) -> Vec<Card> {
    let mut cards = Vec::new();
    let mut add = |name: &str, address: &str, number: String, class: &'static str, note: String| {
        let label = language.say(&format!("card_{name}")).to_owned();
        cards.push(Card { address: address.to_owned(), label, number, class, note });
    };
    if visit.may(Permission::SeeLeads) {
        let red = if counts.overdue > 0 { "sw-red" } else { "" };
        let amber = if counts.due_soon > 0 { "sw-amber" } else { "" };
        add(
            "overdue",
            "/leads?state=overdue",
            show::count(counts.overdue),
            red,
            language.say("card_overdue_note").into(),
        );
        add("soon", "/leads?state=soon", show::count(counts.due_soon), amber, language.say("card_soon_note").into());
        let new = language.fill("card_open_note", &[("new", &show::count(counts.new))]);
        add("open", "/leads", show::count(counts.open), "", new);
        let closed = language.fill("card_closed_note", &[("confirmed", &show::count(counts.confirmed))]);
        add("closed", "/leads?state=final", show::count(counts.closed), "sw-green", closed);
        let hit = if counts.verified > 0 {
            show::percent(show::per_mille(counts.confirmed, counts.verified))
        } else {
            "–".into()
        };
        let note = language.fill("card_hit_note", &[("verified", &show::count(counts.verified))]);
        add("hit", "/rules", hit, "", note);
    }
    let residents = language.fill("card_households_note", &[("residents", &show::count(counts.residents))]);
    if visit.may(Permission::SeeHouseholds) {
        add("households", "/households", show::count(counts.households), "", residents);
    }
    if visit.may(Permission::HandIn) {
        let red = if counts.imports_with_faults > 0 { "sw-red" } else { "" };
        let note = language.say("card_imports_note").to_owned();
        add("imports", "/imports", show::count(counts.imports_with_faults), red, note);
    }
    cards
}

fn bar(region: String, name: String, open: u64, letters: usize) -> Bar {
    let short = cut(&name, letters);
    Bar { region, name, short, open, overdue: 0, households: String::new(), top: 0, middle: 0, width: 0, after: 0 }
}

/// The name in the room of so many Chinese letters; others are half as wide.
fn cut(name: &str, letters: usize) -> String {
    let wide = |letter: char| if letter.is_ascii() { 1 } else { 2 };
    if name.chars().map(wide).sum::<usize>() <= letters * 2 {
        return name.to_owned();
    }
    let mut room = letters * 2 - 2;
    let fits = name.chars().take_while(|letter| {
        let fits = wide(*letter) <= room;
        room = room.saturating_sub(wide(*letter));
        fits
    });
    fits.chain(['…']).collect()
}

/// Puts the longest bars in their places, most first.
fn draw(mut bars: Vec<Bar>, left: u64) -> Vec<Bar> {
    bars.sort_by(|one, other| other.open.cmp(&one.open).then_with(|| one.region.cmp(&other.region)));
    bars.truncate(BARS_MAX);
    let longest = bars.first().map_or(1, |bar| bar.open.max(1));
    for (index, bar) in bars.iter_mut().enumerate() {
        bar.top = index * BAR_STEP + 4;
        bar.middle = bar.top + 13;
        bar.width = (bar.open * BAR_LONGEST / longest).max(2);
        bar.after = left + bar.width + 6;
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_says_how_much_is_overdue() {
        let counts = |open, overdue| Counts { open, overdue, ..Counts::default() };
        let cases = [
            (counts(47, 3), "今天要办 47 件,其中 3 件已超时"),
            (counts(47, 0), "今天要办 47 件,没有超时"),
            (counts(0, 0), "今天没有要办的线索"),
        ];
        for (counts, text) in cases {
            assert_eq!(headline(&counts, Language::CHINESE), text);
        }
    }

    #[test]
    fn the_longest_bar_fills_the_width_and_none_vanishes() {
        let bars = draw(vec![bar("1".into(), "小乡".into(), 1, 9), bar("2".into(), "大镇".into(), 1000, 9)], 104);
        assert_eq!(bars.iter().map(|bar| (bar.open, bar.width)).collect::<Vec<_>>(), [(1000, BAR_LONGEST), (1, 2)]);
        let many = draw((0..40).map(|index| bar(index.to_string(), "乡".into(), index, 9)).collect(), 104);
        assert_eq!(many.len(), BARS_MAX);
    }

    #[test]
    fn long_names_are_cut_in_the_drawing_only() {
        let long = bar("1".into(), "麻吾桃林彝族藏族乡".into(), 1, 7);
        assert_eq!((long.short.as_str(), long.name.as_str()), ("麻吾桃林彝族…", "麻吾桃林彝族藏族乡"));
        for (name, short) in
            [("Unsafe dwelling", "Unsafe dwelling"), ("Income well below the line", "Income well belo…"), ("", "")]
        {
            assert_eq!(cut(name, 9), short);
        }
    }
}
