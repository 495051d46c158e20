//! A made-up valley with registers of its own: gardens with harvests and a lifecycle, tools, duties of residents.

use crate::county::{actor, day, place};
use crate::place::Place;
use model::{Actor, Decimal, Fen, Moment, Value};
use policy::Package;
use std::path::Path;
use std::sync::OnceLock;
use store::{Command, Entry, Location, Receipt, Record, Refusal, Region, Rows, Store, system_actor};

pub const AT_MS: i64 = 1_717_300_000_000;
pub const VILLAGES: [&str; 4] = ["990101100201", "990101100202", "990101200201", "990102100201"];

/// The package of the valley, read and checked once.
pub fn package() -> &'static Package {
    static PACKAGE: OnceLock<Package> = OnceLock::new();
    PACKAGE.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/valley");
        Package::load(&root, &[]).unwrap_or_else(|problems| panic!("{problems}"))
    })
}

/// An open store with the valley's places and four households.
pub struct Valley {
    pub store: Store,
    /// Goes away with the valley.
    own: Place,
}

impl Valley {
    /// A new one on the database of the running test.
    pub fn new() -> Valley {
        Valley::of(package())
    }

    /// One with another package of the same valley.
    pub fn of(package: &Package) -> Valley {
        let own = Place::new();
        let store = Store::create(own.location(), package, &crate::county::key()).expect("creates");
        let valley = Valley { store, own };
        let regions = package.divisions.all().iter();
        let regions = regions.map(|one| Region { code: one.code, name: one.name.clone(), short: one.short.clone() });
        valley.system(Command::SaveRegions(regions.collect())).expect("places are saved");
        let households =
            VILLAGES.iter().zip(1..).map(|(village, number)| crate::county::household(number, village, "吉木"));
        valley.import("household", households.collect()).expect("households are saved");
        valley
    }

    pub fn location(&self) -> Location {
        self.own.location()
    }

    pub fn place(&self) -> &Place {
        &self.own
    }

    pub fn system(&self, command: Command) -> Result<Receipt, Refusal> {
        self.store.apply(&system_actor(place("99")), Moment { day: day("2024-06-01"), at_ms: AT_MS }, command)
    }

    pub fn import(&self, register: &str, records: Vec<Record>) -> Result<Receipt, Refusal> {
        self.system(Command::ImportRecords { register: register.into(), file: "aaaaaaaaaaaa".into(), records })
    }

    pub fn apply(&self, who: &Actor, on: &str, command: Command) -> Result<Receipt, Refusal> {
        self.store.apply(who, Moment { day: day(on), at_ms: AT_MS }, command)
    }

    /// Enters a garden as the clerk of the first township and gives its id.
    pub fn enter(&self, number: &str, more: &[(&str, Value)]) -> String {
        let entered = self.apply(&clerk(), "2024-06-02", Command::Enter(garden(number, VILLAGES[0], more)));
        entered.expect("is entered").id.expect("has an id")
    }
}

/// Whatever a test did: every register was counted as it changed.
impl Drop for Valley {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.store.recount().expect("counts"), [""; 0], "counts are kept with every change");
        }
    }
}

pub fn clerk() -> Actor {
    actor("clerk", "990101100")
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse::<Decimal>().expect("a decimal"))
}

/// A garden to be entered; `more` stands in the place of what it would have otherwise.
pub fn garden(number: &str, village: &str, more: &[(&str, Value)]) -> Entry {
    let mut fields: Vec<(String, Value)> = vec![
        ("garden_no".into(), text(number)),
        ("region_code".into(), text(village)),
        ("kind_code".into(), text("fruit")),
        ("keeper_name".into(), text("阿依")),
        ("keeper_phone".into(), text("13812345678")),
        ("area_mu".into(), decimal("4.5")),
        ("worth_fen".into(), Value::Fen(Fen(120_000))),
    ];
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), value.clone()));
    }
    Entry { register: "garden".into(), fields, ..Entry::default() }
}

/// Harvests: day and weight.
pub fn harvests(rows: &[(&str, &str)]) -> (String, Rows) {
    let row = |(on, weight): &(&str, &str)| {
        vec![("picked_on".to_owned(), Value::Day(day(on))), ("weight_kg".to_owned(), decimal(weight))]
    };
    ("harvest".into(), rows.iter().map(row).collect())
}

/// A garden as a row of a file, in declared order.
pub fn garden_row(row: u32, number: &str, village: &str, area: &str) -> Record {
    let register = &package().registers["garden"];
    let value = |name: &str| match name {
        "garden_no" => text(number),
        "region_code" => text(village),
        "kind_code" => text("fruit"),
        "keeper_name" => text("阿依"),
        "area_mu" => decimal(area),
        _ => Value::Null,
    };
    let fields = register.field.iter().map(|field| value(&field.name)).collect();
    Record { row, fields, ..Record::default() }
}
