//! Who may do what with leads, households, imports and jobs of which place: a table that people read and review.

use crate::calls::{Ask, Sent, ask, fields};
use crate::matrix::Client;
use crate::seeds::{Kind, Seed};
use crate::world::{Ids, On, VILLAGES, World, actors};
use model::{Actor, Moment};
use store::Command;
use tokio::runtime::Runtime;

/// What may be done, in words of the table, and what is asked to find out.
const DEEDS: [(&str, Kind, &[&str]); 6] = [
    ("lead", Kind::Lead, &["list", "search", "open", "start", "close"]),
    ("household", Kind::Household, &["list", "search", "open"]),
    ("finding", Kind::Finding, &["list"]),
    ("import of medical", Kind::Bill, &["list", "open", "file"]),
    ("import of farming", Kind::Subsidy, &["list", "open", "file"]),
    ("import of a register", Kind::GardenFile, &["list", "open", "file", "undo"]),
];

fn asked(deed: &str, kind: Kind, ids: &Ids) -> Option<Ask> {
    let id = |name: &str| ids[name].as_str();
    let get = |route: &str, parts: &[&str], query: &str| Some(ask(route, parts, query, Some(kind), Sent::Nothing));
    let found =
        |route: &str, text: &str| Some(ask(route, &[], "", Some(kind), fields(&[("text", text), ("state", "all")])));
    let import = match kind {
        Kind::Bill => "bill_import",
        Kind::Subsidy => "subsidy_import",
        _ => "garden_import",
    };
    match (kind, deed) {
        (Kind::Lead, "list") => get("GET /leads", &[], "?state=all"),
        (Kind::Lead, "search") => found("POST /leads", id("household_name")),
        (Kind::Lead, "open") => get("GET /leads/{id}", &[id("lead")], ""),
        (Kind::Household, "list") => get("GET /households", &[], ""),
        (Kind::Household, "search") => found("POST /households", id("household")),
        (Kind::Household, "open") => get("GET /households/{number}", &[id("household")], ""),
        (Kind::Finding, "list") => get("GET /rules/{name}", &["doubt"], ""),
        (_, "list") => get("GET /imports", &[], ""),
        (_, "open") => get("GET /imports/{id}", &[id(import)], ""),
        (_, "file") => get("GET /imports/{id}/files/{name}", &[id(import), "faults.xlsx"], ""),
        (_, "undo") => get("GET /imports/{id}/undo", &[id(import)], ""),
        _ => None,
    }
}

/// True when the actor gets it: the answer opens and shows what it is about.
fn gets(world: &World, client: &Client<'_>, who: &Actor, deed: &str, Seed { kind, village }: Seed) -> bool {
    let ids = &world.ids[village];
    if let Some(ask) = asked(deed, kind, ids) {
        let answer = client.send(&ask);
        let seed = Seed { kind, village };
        // Names are masked for some: the number of the household tells that it is there.
        let shows = match kind {
            Kind::Lead => answer.text.contains(&ids["lead"]),
            Kind::Household | Kind::Finding => {
                answer.text.contains(&format!("/households/{}", ids["household"]))
                    || answer.text.contains(seed.letter())
            }
            _ => answer.text.contains(seed.letter()),
        };
        return answer.status == 200 && shows;
    }
    let reason = model::Value::Text("03".to_owned());
    let fields = if deed == "close" { vec![("reason_code".to_owned(), reason)] } else { Vec::new() };
    let (register, id) = ("lead".to_owned(), ids["lead"].clone());
    let step = Command::TakeStep { version: None, register, id, step: deed.to_owned(), fields };
    world.store.rehearse(who, Moment { day: crate::world::today(), at_ms: 1_717_400_000_000 }, step).is_ok()
}

#[test]
fn the_table_of_leads_households_and_imports_is_the_one_that_was_reviewed() {
    let runtime = Runtime::new().expect("a runtime");
    let world = World::new(On::Sqlite, &|_| true);
    let mut table = String::from(
        "role                 thing                own village / sibling / other township / other county\n",
    );
    let own = |who: &&Actor| crate::oracle::lies_in(VILLAGES[0], &who.region.to_string());
    for who in actors().iter().filter(own) {
        let client = Client::new(&world, &runtime, who);
        for (thing, kind, deeds) in DEEDS {
            let of_village = |village: usize| -> String {
                let granted = deeds.iter().filter(|deed| gets(&world, &client, who, deed, Seed { kind, village }));
                let granted: Vec<&str> = granted.copied().collect();
                if granted.is_empty() { "-".to_owned() } else { granted.join(" ") }
            };
            let cells: Vec<String> = (0..VILLAGES.len()).map(of_village).collect();
            let role =
                who.department.as_ref().map_or(who.role.clone(), |department| format!("{} of {department}", who.role));
            table.push_str(&format!("{role:<20} {thing:<20} {}\n", cells.join(" / ")));
        }
    }
    let golden = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outside/rights.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &table).expect("the golden file is written");
    }
    assert_eq!(
        table,
        std::fs::read_to_string(&golden).unwrap_or_default(),
        "look at the difference with UPDATE_GOLDEN=1 and git diff"
    );
}
