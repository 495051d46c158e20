//! A made-up valley with registers of every kind of field: gardens with harvests and steps, tools, duties of residents, and
//! nurseries, whose form begins with the household.

use crate::browser::Browser;
use crate::fixture::{AT_MS, NoFacts, now_ms, package_at, password_hash, today};
use axum::Router;
use model::Moment;
use model::*;
use policy::Package;
use std::path::Path;
use std::sync::Arc;
use store::*;
use web::{Known, Site};

pub const VILLAGES: [&str; 4] = ["990101100201", "990101100202", "990101200201", "990102100201"];
pub const PHONE: &str = "13812345678";

pub struct Valley {
    pub folder: tempfile::TempDir,
    pub store: Store,
    pub package: Arc<Package>,
}

impl Valley {
    pub fn new() -> Valley {
        let folder = tempfile::tempdir().expect("a folder");
        let package = Arc::new(package_at(&copied_package(folder.path())));
        let store = Store::create(&folder.path().join("valley.db"), &*package, &StoreKey::from_bytes([7; 32]));
        let valley = Valley { folder, store: store.expect("a store"), package };
        let regions = valley.package.divisions.all().iter();
        let regions = regions.map(|one| Region { code: one.code, name: one.name.clone(), short: one.short.clone() });
        valley.system(Command::SaveRegions(regions.collect()));
        for (name, role) in &valley.package.roles {
            for (account, village) in [(name.clone(), VILLAGES[0]), (format!("{name}2"), VILLAGES[1])] {
                valley.system(Command::AddAccount(NewAccount {
                    shown_name: format!("{}·{account}", "王干部"),
                    name: account,
                    role: name.clone(),
                    region: place(village).at(role.level),
                    department: role.of_department.then(|| "farming".to_owned()),
                    password_hash: password_hash().to_owned(),
                }));
            }
        }
        let households = VILLAGES.iter().zip(1..).map(|(village, number)| household(number, village));
        let register = "household".to_owned();
        valley.system(Command::ImportRecords { register, file: "aaaaaaaaaaaa".into(), records: households.collect() });
        valley
    }

    /// The site on a day of its own.
    pub fn router(&self, today: fn() -> Day) -> Router {
        web::router(self.store.clone(), self.site(today))
    }

    pub fn site(&self, today: fn() -> Day) -> Site {
        let known = Known {
            source: "subsidy".to_owned(),
            column: "paid_fen".to_owned(),
            value: Value::Fen(Fen(123_450)),
            day: Some(day("2026-10-31")),
        };
        Site {
            package: self.package.clone(),
            gateway: Arc::new(NoFacts(Vec::new(), vec![known])),
            inbox: self.folder.path().join("inbox"),
            out: self.folder.path().join("out"),
            today,
            now_ms,
            unsent_hours: 72,
            secure_cookies: false,
        }
    }

    pub fn browser(&self, account: &str) -> Browser {
        self.browser_on(account, today)
    }

    pub fn browser_on(&self, account: &str, today: fn() -> Day) -> Browser {
        Browser::at(self.router(today), crate::fixture::session(&self.store, account))
    }

    pub fn system(&self, command: Command) -> Receipt {
        let actor = system_actor(place("990000000000"));
        self.store
            .apply(&actor, Moment { day: day("2024-06-01"), at_ms: AT_MS }, command)
            .unwrap_or_else(|refusal| panic!("{refusal:?}"))
    }

    pub fn actor(&self, role: &str) -> Actor {
        let level = self.package.roles[role].level;
        Actor {
            account: role.to_owned(),
            shown_name: String::new(),
            role: role.to_owned(),
            region: place(VILLAGES[0]).at(level),
            department: None,
        }
    }

    /// Enters a garden as the clerk on that day and gives its id.
    pub fn garden(&self, number: &str, on: &str, more: &[(&str, Value)]) -> String {
        let mut fields = vec![
            ("garden_no".to_owned(), text(number)),
            ("region_code".to_owned(), text(VILLAGES[0])),
            ("household_no".to_owned(), text("1")),
            ("kind_code".to_owned(), text("fruit")),
            ("keeper_name".to_owned(), text("阿依")),
            ("keeper_phone".to_owned(), text(PHONE)),
            ("area_mu".to_owned(), decimal("4.5")),
            ("worth_fen".to_owned(), Value::Fen(Fen(120_000))),
        ];
        for (name, value) in more {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), value.clone()));
        }
        let harvest = |on: &str, phone: &str| {
            vec![
                ("picked_on".to_owned(), Value::Day(day(on))),
                ("weight_kg".to_owned(), decimal("10.5")),
                ("buyer_phone".to_owned(), text(phone)),
            ]
        };
        let rows = vec![harvest("2024-05-01", "13900001111"), harvest("2024-05-02", "13900002222")];
        let children = vec![("harvest".to_owned(), rows)];
        let entry = Entry { register: "garden".into(), fields, children, ..Entry::default() };
        self.apply("clerk", on, Command::Enter(entry)).id.expect("an id")
    }

    pub fn apply(&self, role: &str, on: &str, command: Command) -> Receipt {
        let applied = self.store.apply(&self.actor(role), Moment { day: day(on), at_ms: AT_MS }, command);
        applied.unwrap_or_else(|refusal| panic!("{refusal:?}"))
    }

    /// The record as the clerk sees it.
    pub fn seen(&self, register: &str, id: &str) -> RecordFile {
        let view = self.store.view(&self.actor("clerk"));
        view.record(register, id, today()).expect("reads").expect("is there")
    }
}

pub fn value(file: &RecordFile, name: &str) -> Value {
    file.fields.iter().find(|field| field.name == name).map(|field| field.value.clone()).expect("a field")
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().expect("a decimal"))
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

pub fn place(text: &str) -> RegionCode {
    text.parse().expect("a place")
}

/// Household, place, head, phone, income, land, cleared.
fn household(number: u32, village: &str) -> Record {
    let fields = vec![
        text(&number.to_string()),
        text(village),
        text("吉木·阿古莫"),
        text(PHONE),
        Value::Fen(Fen(1_000_000)),
        decimal("3.5"),
        Value::Null,
    ];
    Record { row: number + 1, fields, ..Record::default() }
}

/// The package of the valley in a folder of its own, with the nurseries and their source.
fn copied_package(folder: &Path) -> std::path::PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/store");
    for part in ["valley", "valley/registers", "valley/roles", "codes"] {
        std::fs::create_dir_all(folder.join(part)).expect("a folder");
        for entry in std::fs::read_dir(here.join(part)).expect("a folder").flatten().filter(|one| one.path().is_file())
        {
            std::fs::copy(entry.path(), folder.join(part).join(entry.file_name())).expect("a copy");
        }
    }
    let package = folder.join("valley");
    std::fs::create_dir_all(package.join("sources")).expect("a folder");
    std::fs::write(package.join("registers/nursery.toml"), include_str!("nursery.toml")).expect("a register");
    std::fs::write(package.join("sources/subsidy.toml"), include_str!("subsidy.toml")).expect("a source");
    package
}
