//! How fast one register of a package is filled and read; `cargo xtask bench registers` runs it on both databases.
//!
//! `registers <folder of the package> <file or address of the database> <records> <readers> <seconds>`.
//! The register is the one with the most fields to sort by that needs nothing of other registers.

mod reading;
mod rival;
mod rows;

use model::{Actor, Day, Moment, RegionCode};
use policy::Package;
use policy::declare::Register;
use rows::Maker;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};
use store::{Command, Location, Region, Store, StoreKey, system_actor};

/// Records of one command, as an import sends them.
const TOGETHER: u64 = 5_000;
/// Rows per second and milliseconds that are aimed at.
const ROWS_TARGET: f64 = 30_000.0;
const P50_TARGET: f64 = 50.0;
const P99_TARGET: f64 = 300.0;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What is measured, and on what.
struct Bench {
    package: Package,
    name: String,
    store: Store,
    address: String,
    records: u64,
    villages: Vec<RegionCode>,
    today: Day,
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, address, records, readers, seconds] = arguments.as_slice() else {
        return Err("usage: registers <package> <database> <records> <readers> <seconds>".into());
    };
    let package = Package::load(Path::new(folder), &[]).map_err(|problems| problems.to_string())?;
    let name = choose(&package).ok_or("no register of the package can be imported by itself")?;
    let location: Location =
        if address.starts_with("postgres") { address.as_str().into() } else { Path::new(address).into() };
    let store = Store::create(location.clone(), &package, &key())?;
    let places = package.divisions.all();
    let villages = places.iter().filter(|place| place.level == model::Level::Village).map(|place| place.code).collect();
    let today = Day::new(2024, 10, 31).ok_or("no day")?;
    let regions = places.iter().map(|one| Region { code: one.code, name: one.name.clone(), short: one.short.clone() });
    let system = system_actor(package.head.region);
    store
        .apply(&system, Moment { day: today, at_ms: 0 }, Command::SaveRegions(regions.collect()))
        .map_err(|refusal| refusal.to_string())?;
    let bench = Bench { package, name, store, address: address.clone(), records: records.parse()?, villages, today };
    bench.describe();
    let rate = bench.import()?;
    rival::import(&bench, rate)?;
    rival::settle(&bench)?;
    reading::alone(&bench)?;
    reading::together(&bench, readers.parse()?, Duration::from_secs(seconds.parse()?))?;
    open_again(bench, location)
}

/// How long a start waits for a database with that many records.
fn open_again(bench: Bench, location: Location) -> Outcome<()> {
    let Bench { package, store, records, .. } = bench;
    drop(store);
    let began = Instant::now();
    Store::open_at_once(location, &package, &key())?;
    println!("opened with {records} records in {} ms", began.elapsed().as_millis());
    Ok(())
}

fn key() -> StoreKey {
    StoreKey::from_bytes([7; 32])
}

/// The register with the most fields to sort by that is about no resident and refers to nothing it cannot be without.
fn choose(package: &Package) -> Option<String> {
    let stands_alone = |register: &Register| {
        let key_is_text = register.key.iter().all(|key| {
            register
                .field_named(key)
                .is_some_and(|field| field.kind == model::Kind::Text && field.name != "household_no")
        });
        let is_free = register.field.iter().all(|field| !field.required || field.kind != model::Kind::Reference);
        register.region.is_some() && key_is_text && is_free && !register.may_import.is_empty()
    };
    let possible = package.registers.iter().filter(|(_, register)| stands_alone(register));
    possible
        .max_by_key(|(_, register)| (register.list.sortable.len(), register.field.len()))
        .map(|(name, _)| name.clone())
}

impl Bench {
    fn register(&self) -> &Register {
        &self.package.registers[&self.name]
    }

    /// Somebody who sees the register, at that place.
    fn reader(&self, region: RegionCode) -> Actor {
        let of_department = |role: &String| self.package.roles.get(role).is_some_and(|role| role.of_department);
        let role = self.register().may_see.iter().find(|role| !of_department(role)).cloned().unwrap_or_default();
        Actor { account: "reader".into(), shown_name: "某人".into(), role, region, department: None }
    }

    fn describe(&self) {
        let register = self.register();
        println!(
            "{}: register {} ({} fields, {} kinds of child record, {} checks, {} constraints, {} fields to sort by), {} villages",
            if self.is_server() { "PostgreSQL" } else { "SQLite" },
            self.name,
            register.field.len(),
            register.child.len(),
            register.check.len(),
            register.constraint.len(),
            register.list.sortable.len() + 1,
            self.villages.len()
        );
    }

    fn is_server(&self) -> bool {
        self.address.starts_with("postgres")
    }

    /// Imports all records through the one write path; gives rows per second, the making of the rows left out.
    fn import(&self) -> Outcome<f64> {
        let mut maker = Maker::new(&self.package, &self.name, &self.villages, self.today);
        let rate = self.take_in(&mut maker, "first load", 0..self.records)?;
        println!("  target {ROWS_TARGET:.0} rows/s");
        self.take_in(&mut maker, "a further file", self.records..self.records + self.records / 10)?;
        let mut maker = Maker::new(&self.package, &self.name, &self.villages, self.today);
        self.take_in(&mut maker, "a part of the first once more", 0..self.records / 10)?;
        Ok(rate)
    }

    /// Imports the records with these numbers; gives rows per second.
    fn take_in(&self, maker: &mut Maker, what: &str, numbers: std::ops::Range<u64>) -> Outcome<f64> {
        let system = system_actor(self.package.head.region);
        let (mut took, mut told, mut refused, mut children) = (Duration::ZERO, [0; 3], 0, 0);
        let (mut slowest, mut next) = (Duration::ZERO, numbers.start);
        while next < numbers.end {
            let until = numbers.end.min(next + TOGETHER);
            let records: Vec<store::Record> = (next..until).map(|number| maker.record(number)).collect();
            let kinds = records.iter().flat_map(|record| record.children.iter().flatten().flatten());
            children += kinds.map(Vec::len).sum::<usize>();
            let command = Command::ImportRecords { register: self.name.clone(), file: "aaaaaaaaaaaa".into(), records };
            let began = Instant::now();
            let receipt = self
                .store
                .apply(&system, Moment { day: self.today, at_ms: 0 }, command)
                .map_err(|refusal| refusal.to_string())?;
            took += began.elapsed();
            slowest = slowest.max(began.elapsed());
            for (sum, more) in told.iter_mut().zip([receipt.added, receipt.changed, receipt.unchanged]) {
                *sum += more;
            }
            if let Some(first) = receipt.refused.first().filter(|_| refused == 0) {
                println!("first refused: row {}: {} {:?}", first.row, first.what.english(), first.columns);
            }
            refused += receipt.refused.len();
            next = until;
        }
        let began = Instant::now();
        self.store.finish_upgrade()?;
        let indexing = began.elapsed();
        took += indexing;
        let rate = (numbers.end - numbers.start) as f64 / took.as_secs_f64();
        let [added, changed, unchanged] = told;
        println!(
            "{what}: {added} added, {changed} changed, {unchanged} unchanged, {refused} refused, {:.1} s, {rate:.0} rows/s, slowest \
             chunk {} ms, lists indexed in {:.1} s; {children} child rows came with them",
            took.as_secs_f64(),
            slowest.as_millis(),
            indexing.as_secs_f64()
        );
        Ok(rate)
    }
}
