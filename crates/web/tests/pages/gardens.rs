//! A site over the made-up valley of the store's tests: gardens with a lifecycle, tools, duties; two counties.

use crate::browser::Browser;
use crate::fixture::{NoFacts, now_ms, password_hash, session, today};
use model::Moment;
use model::*;
use policy::Package;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use store::*;
use web::Site;

/// Instant of all changes.
const AT_MS: i64 = 1_795_320_000_000;
/// Two villages of the clerk's township, one of its neighbour, one of the other county.
pub const VILLAGES: [&str; 4] = ["990101100201", "990101100202", "990101200201", "990102100201"];
/// The list of gardens.
pub const LIST: &str = "/registers/garden/records";
/// Account, role and place.
const ACCOUNTS: [(&str, &str, &str); 7] = [
    ("clerk", "clerk", "990101100"),
    ("second", "clerk", "990101100"),
    ("cadre", "cadre", "990101100201"),
    ("county", "county", "990101"),
    ("other", "county", "990102"),
    ("analyst", "analyst", "99"),
    ("officer", "officer", "990101"),
];

fn key() -> StoreKey {
    StoreKey::from_bytes([7; 32])
}

fn package() -> Arc<Package> {
    static PACKAGE: OnceLock<Arc<Package>> = OnceLock::new();
    let load = || {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/store/valley");
        Arc::new(Package::load(&root, &[]).unwrap_or_else(|problems| panic!("{problems:?}")))
    };
    PACKAGE.get_or_init(load).clone()
}

pub struct Gardens {
    pub folder: tempfile::TempDir,
    pub store: Store,
    pub package: Arc<Package>,
}

impl Gardens {
    pub fn new() -> Gardens {
        let folder = tempfile::tempdir().expect("a folder");
        Gardens::at((&folder.path().join("store.db")).into(), folder)
    }

    /// With its database in this place.
    pub fn at(location: Location, folder: tempfile::TempDir) -> Gardens {
        Gardens::of(package(), location, folder)
    }

    /// With another package of the same valley.
    pub fn of(package: Arc<Package>, location: Location, folder: tempfile::TempDir) -> Gardens {
        let store = Store::create(location, &*package, &key()).expect("a store");
        let world = Gardens { folder, store, package };
        let regions = world.package.divisions.all().iter();
        let regions = regions.map(|one| Region { code: one.code, name: one.name.clone(), short: one.short.clone() });
        world.system(Command::SaveRegions(regions.collect()));
        for (name, role, region) in ACCOUNTS {
            world.system(Command::AddAccount(NewAccount {
                name: name.to_owned(),
                shown_name: format!("{name}·阿木"),
                role: role.to_owned(),
                region: region.parse().expect("a place"),
                department: (role == "officer").then(|| "medical".to_owned()),
                password_hash: password_hash().to_owned(),
            }));
        }
        world
    }

    /// The same, with the store as a start of the program has it before records are brought up.
    pub fn restarted(self, location: Location) -> Gardens {
        let Gardens { folder, store, package } = self;
        drop(store);
        let store = Store::open_at_once(location, &*package, &key()).expect("opens");
        Gardens { folder, store, package }
    }

    pub fn site(&self) -> Site {
        Site {
            package: self.package.clone(),
            gateway: Arc::new(NoFacts(Vec::new(), Vec::new())),
            inbox: self.folder.path().join("inbox"),
            out: self.folder.path().join("out"),
            today,
            now_ms,
            unsent_hours: 72,
            secure_cookies: false,
        }
    }

    /// Somebody signed in with this account.
    pub fn browser(&self, account: &str) -> Browser {
        Browser::at(web::router(self.store.clone(), self.site()), session(&self.store, account))
    }

    fn system(&self, command: Command) -> Receipt {
        let actor = system_actor(self.package.head.region);
        self.store
            .apply(&actor, Moment { day: today(), at_ms: AT_MS }, command)
            .unwrap_or_else(|refusal| panic!("{refusal:?}"))
    }

    pub fn actor(&self, account: &str) -> Actor {
        let (name, role, region) = ACCOUNTS.iter().find(|(name, ..)| *name == account).expect("an account");
        Actor {
            account: (*name).to_owned(),
            shown_name: format!("{name}·阿木"),
            role: (*role).to_owned(),
            region: region.parse().expect("a place"),
            department: (*role == "officer").then(|| "medical".to_owned()),
        }
    }

    /// What an account changes on a day.
    pub fn apply(&self, account: &str, on: &str, command: Command) -> Receipt {
        let day = on.parse().expect("a day");
        let done = self.store.apply(&self.actor(account), Moment { day, at_ms: AT_MS }, command);
        done.unwrap_or_else(|refusal| panic!("{refusal:?}"))
    }

    /// Enters a garden as the clerk on a day and gives its id; `more` stands in the place of what it has otherwise.
    pub fn garden(&self, number: &str, on: &str, more: &[(&str, Value)]) -> String {
        let mut fields = vec![
            ("garden_no", text(number)),
            ("region_code", text(VILLAGES[0])),
            ("kind_code", text("fruit")),
            ("keeper_name", text("阿依")),
        ];
        fields.retain(|(name, _)| !more.iter().any(|(given, _)| given == name));
        fields.extend(more.iter().cloned());
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
        self.apply("clerk", on, Command::Enter(entry)).id.expect("an id")
    }

    /// Takes a step with a garden.
    pub fn step(&self, account: &str, on: &str, id: &str, step: &str, fields: &[(&str, Value)]) {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        self.apply(
            account,
            on,
            Command::TakeStep { version: None, register: "garden".into(), id: id.into(), step: step.into(), fields },
        );
    }

    /// Saves many gardens at once, as a file of theirs would, each with what `more` gives for its number.
    pub fn import(&self, gardens: impl Iterator<Item = (String, Vec<(&'static str, Value)>)>) {
        let columns = &self.package.registers["garden"].field;
        let records = gardens.zip(2..).map(|((number, more), row)| {
            let value = |name: &str| match name {
                "garden_no" => text(&number),
                "region_code" => text(VILLAGES[0]),
                "kind_code" => text("fruit"),
                name => more.iter().find(|(given, _)| *given == name).map_or(Value::Null, |(_, value)| value.clone()),
            };
            let fields = columns.iter().map(|column| value(&column.name)).collect();
            Record { row, fields, ..Record::default() }
        });
        let records = records.collect();
        self.system(Command::ImportRecords { register: "garden".into(), file: "aaaaaaaaaaaa".into(), records });
    }
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse::<Decimal>().expect("a decimal"))
}

pub fn day(text: &str) -> Value {
    Value::Day(text.parse().expect("a day"))
}
