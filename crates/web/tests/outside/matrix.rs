//! The three questions, put to every route.

use crate::answer::{Answer, send};
use crate::calls::{Ask, Credentials, of_pages};
use crate::calls_api::of_api;
use crate::oracle::{knows, sees};
use crate::routes::routes;
use crate::seeds::{Kind, Seed};
use crate::world::{Ids, On, VILLAGES, World, actors, nothing};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use model::Actor;
use std::collections::BTreeSet;
use tokio::runtime::Runtime;

/// Routes that nobody needs to be signed in for, or that end what they are asked with.
const APART: [&str; 2] = ["POST /sign-in", "POST /sign-out"];

fn everything(ids: &Ids) -> Vec<Ask> {
    let mut asks = of_pages(ids);
    asks.extend(of_api(ids));
    // What is changed last does not change what is read before.
    asks.sort_by_key(|ask| !ask.is_read());
    asks
}

/// Somebody at work in a world.
pub struct Client<'w> {
    router: Router,
    runtime: &'w Runtime,
    credentials: Credentials,
    ids: &'w [Ids],
}

impl<'w> Client<'w> {
    pub fn new(world: &'w World, runtime: &'w Runtime, who: &Actor) -> Client<'w> {
        let cookie = world.cookie(&who.account);
        let bearers = (0..4).map(|_| world.bearer(&who.account)).collect();
        let router = world.router();
        let page = Request::get("/help").header("cookie", &cookie).body(Body::empty()).expect("a request");
        let page = send(&router, runtime, page).text;
        let form_token = page.split_once("name=\"form_token\" value=\"").and_then(|(_, rest)| rest.split('"').next());
        let form_token = form_token.unwrap_or_else(|| panic!("no form in {page}")).to_owned();
        Client { router, runtime, credentials: Credentials { cookie, form_token, bearers }, ids: &world.ids }
    }

    pub fn send(&self, ask: &Ask) -> Answer {
        send(&self.router, self.runtime, ask.request(&self.credentials))
    }

    /// The answer, and what is left of it without the identities that were asked for.
    fn answer(&self, ask: &Ask, ids: &Ids) -> (Answer, String) {
        let answer = self.send(ask);
        let plain = answer.plain(&ask.named(ids));
        (answer, plain)
    }
}

#[test]
fn a_new_route_is_missing_here_until_it_is_asked() {
    let runtime = Runtime::new().expect("a runtime");
    let world = World::new(On::Sqlite, &|_| false);
    let known: BTreeSet<String> = everything(&nothing()).into_iter().map(|ask| ask.route).collect();
    let known: BTreeSet<String> = known.into_iter().chain(APART.map(str::to_owned)).collect();
    let routes = routes(&world.router(), &runtime);
    assert!(routes.len() > 60, "the router names its routes: {routes:?}");
    assert_eq!(routes.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "routes that are not asked");
    assert_eq!(known.difference(&routes).collect::<Vec<_>>(), Vec::<&String>::new(), "routes that are gone");
}

fn matrix(on: On) {
    let runtime = Runtime::new().expect("a runtime");
    let full = World::new(on, &|_| true);
    let (mut outside, mut seen, mut same, mut holes) = (0, 0, 0, Vec::new());
    for who in actors() {
        let client = Client::new(&full, &runtime, &who);
        let part = World::new(on, &|seed| knows(&who, seed));
        let alone = Client::new(&part, &runtime, &who);
        let hidden: Vec<String> = Seed::all().filter(|seed| !knows(&who, *seed)).flat_map(Seed::marks).collect();
        for village in 0..VILLAGES.len() {
            let (ids, ids_alone, none) = (&client.ids[village], &alone.ids[village], nothing());
            let asks = everything(ids).into_iter().zip(everything(ids_alone)).zip(everything(&none));
            for ((ask, ask_alone), ask_none) in asks {
                let about = format!("{} {} {:?} of village {village}", who.account, ask.route, ask.path);
                let is_seen = ask.about.is_none_or(|kind| sees(&who, Seed { kind, village }));
                if is_seen && ask.about.is_some() && !ask.is_read() || ask.about.is_none() && village > 0 {
                    continue;
                }
                let (answer, plain) = client.answer(&ask, ids);
                if is_seen && ask.about.is_some() && ask.must_open() && answer.status != 200 {
                    holes.push(format!("{about}: is not opened, {}", answer.status));
                }
                if let Some(mark) = hidden.iter().find(|mark| plain.contains(mark.as_str())) {
                    holes.push(format!("{about}: shows {mark} in {}", around(&plain, mark)));
                }
                let (kind, (_, other)) = match is_seen {
                    true => ("alone", alone.answer(&ask_alone, ids_alone)),
                    false => ("nothing", client.answer(&ask_none, &none)),
                };
                if let Some(difference) = difference(&plain, &other) {
                    holes.push(format!("{about}: differs from {kind}: {difference}"));
                }
                match is_seen {
                    true if ask.about.is_some() => seen += usize::from(answer.status == 200),
                    true => same += 1,
                    false => outside += 1,
                }
            }
        }
    }
    holes.sort();
    assert!(holes.is_empty(), "{} holes:\n{}", holes.len(), holes.join("\n"));
    assert!(outside > 3_000 && seen > 500 && same > 500, "{outside} outside, {seen} seen, {same} of nothing");
}

fn difference(one: &str, other: &str) -> Option<String> {
    if one == other {
        return None;
    }
    let at = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let cut = |text: &str| text.chars().skip(at.saturating_sub(60)).take(160).collect::<String>().replace('\n', "⏎");
    Some(format!("“{}” and “{}”", cut(one), cut(other)))
}

fn around(text: &str, mark: &str) -> String {
    let at = text.find(mark).unwrap_or_default();
    let before: String = text[..at].chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
    format!("{before}{}", text[at..].chars().take(60).collect::<String>()).replace('\n', "⏎")
}

#[test]
fn nothing_outside_is_told_on_sqlite() {
    matrix(On::Sqlite);
}

#[test]
fn nothing_outside_is_told_on_postgresql() {
    matrix(On::Postgresql);
}

#[test]
fn every_seed_has_a_letter_of_its_own() {
    let letters: BTreeSet<char> = Seed::all().map(Seed::letter).collect();
    assert_eq!(letters.len(), Seed::all().count());
    let none = Seed { kind: Kind::Place, village: 0 };
    assert_eq!(none.place(), VILLAGES[0]);
}
