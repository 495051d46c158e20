//! A program is killed at any moment: what it acknowledged is there once, nothing is there by half, and the log holds.
//!
//! The child is this test program again, with one ignored test. `SHOUWANG_KILLS` sets how often it is killed (the server:
//! a tenth of it) and `SHOUWANG_SEED` the seed; `cargo xtask simulate kills --times 200` runs many.

use crate::county::{day, key, place};
use crate::place::{On, Place, on};
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, decimal, garden, garden_row, package, text};
use model::{Moment, Version};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};
use store::{Command, Declarations, Entry, Location, RecordFilter, RecordQuery, Store, system_actor};
use test_server::{Durability, Server};

/// Records of one import of the child.
const IMPORTED: u64 = 20;
/// Longest wait until a store that was cut off is open again.
pub const OPEN_MAX: Duration = Duration::from_secs(5);

/// A number that a run by hand sets.
pub fn number_from(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// A stream of numbers that a seed fixes (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// The valley's package; every few runs declare one more field with an index, so that opening changes the tables.
fn declared(run: u64) -> Declarations {
    let mut declarations = Declarations::from(package());
    let register = declarations.registers.get_mut("garden").expect("is declared");
    for number in 0..run / 4 {
        let mut field = register.field_named("planted_on").expect("is declared").clone();
        field.name = format!("later_{number}_on");
        register.list.filter.push(field.name.clone());
        register.field.push(field);
    }
    declarations
}

#[test]
#[ignore = "what the tests of this file start and kill"]
fn child_that_is_killed() {
    let Ok(location) = std::env::var("SHOUWANG_CHILD_LOCATION") else { return };
    let run = number_from("SHOUWANG_CHILD_RUN", 0);
    let location: Location = if location.starts_with("postgres") {
        location.as_str().into()
    } else {
        std::path::Path::new(&location).into()
    };
    let say = |line: &str| {
        let mut out = std::io::stderr().lock();
        let _ = writeln!(out, "{line}");
        let _ = out.flush();
    };
    let store = Store::open_at_once(location, declared(run), &key()).expect("opens");
    say("open");
    store.finish_upgrade().expect("fills in");
    for number in 0.. {
        if work(&store, (run, number), &say).is_err() {
            return;
        }
    }
}

/// Enters, corrects, publishes, sends back and imports; says what is done as soon as the store has acknowledged it.
fn work(store: &Store, (run, number): (u64, u64), say: &dyn Fn(&str)) -> Result<(), store::Refusal> {
    let on = day("2024-06-03");
    let name = format!("E{run}-{number}");
    let id = store
        .apply(&clerk(), Moment { day: on, at_ms: AT_MS }, Command::Enter(garden(&name, VILLAGES[0], &[])))?
        .id
        .unwrap_or_default();
    say(&format!("ack {name} 1"));
    let fields = vec![("area_mu".to_owned(), decimal("7"))];
    let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
    store.apply(
        &clerk(),
        Moment { day: on, at_ms: AT_MS },
        Command::Correct { id: id.clone(), version: Version(1), entry },
    )?;
    say(&format!("ack {name} 2"));
    for (step, fields, version) in
        [("publish", vec![("minutes".to_owned(), text("同意"))], 3), ("send_back", Vec::new(), 4)]
    {
        let step =
            Command::TakeStep { version: None, register: "garden".into(), id: id.clone(), step: step.into(), fields };
        store.apply(&clerk(), Moment { day: on, at_ms: AT_MS }, step)?;
        say(&format!("ack {name} {version}"));
    }
    let (file, more) = (format!("{run:06}{number:06}"), declared(run).registers["garden"].field.len());
    let row = |row: u64| {
        let mut record = garden_row(row as u32 + 2, &format!("I{run}-{number}-{row}"), VILLAGES[0], "1");
        record.fields.resize(more, model::Value::Null);
        record
    };
    let records = (0..IMPORTED).map(row).collect();
    store.apply(
        &system_actor(place("99")),
        Moment { day: on, at_ms: AT_MS },
        Command::ImportRecords { register: "garden".into(), file, records },
    )?;
    // One line for all of them: a kill between two lines would leave a command acknowledged by half.
    say(&format!("import I{run}-{number} whole"));
    Ok(())
}

fn start(location: &str, run: u64) -> Child {
    let own = std::env::current_exe().expect("knows itself");
    let mut child = Process::new(own);
    child.args(["--ignored", "--exact", "chaos::child_that_is_killed", "--nocapture"]);
    child.env("SHOUWANG_CHILD_LOCATION", location).env("SHOUWANG_CHILD_RUN", run.to_string());
    child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts")
}

/// Versions of all gardens by number.
type Gardens = BTreeMap<String, i64>;

/// What was acknowledged until the child ended, laid over what was known before.
struct Listener(std::thread::JoinHandle<Gardens>);

impl Listener {
    /// Tells `opened` once the child has opened the store.
    fn new(child: &mut Child, opened: std::sync::mpsc::Sender<()>) -> Listener {
        let lines = BufReader::new(child.stderr.take().expect("is piped")).lines();
        Listener(std::thread::spawn(move || {
            let mut told = Gardens::new();
            for line in lines.map_while(Result::ok) {
                let words: Vec<&str> = line.split(' ').collect();
                match words.as_slice() {
                    ["open"] => drop(opened.send(())),
                    // A line that was cut off by the kill has no version.
                    ["ack", name, version] => drop(told.insert((*name).to_owned(), version.parse().unwrap_or(0))),
                    ["import", name, "whole"] => {
                        told.extend((0..IMPORTED).map(|row| (format!("{name}-{row}"), 1)));
                    }
                    _ => {}
                }
            }
            told
        }))
    }
}

fn gardens(store: &Store) -> Gardens {
    let mut found = Gardens::new();
    let view = store.view(&system_actor(place("99")));
    let columns = ["garden_no".to_owned()];
    let given = view.export_records(
        "garden",
        RecordQuery { filter: &RecordFilter::default(), order: None, columns: &columns },
        &mut |row| match found.insert(row.cells[0].to_string(), row.version.0) {
            None => Ok(()),
            Some(_) => Err(format!("{} is there twice", row.cells[0])),
        },
    );
    assert_eq!(given.expect("reads"), found.len() as u64);
    found
}

/// Compares what is there with what was acknowledged: at most one command more was carried out, and that one whole.
fn judge(store: &Store, known: &Gardens, told: &Gardens, what: &str) -> Gardens {
    let mut expected = known.clone();
    expected.extend(told.iter().map(|(name, version)| (name.clone(), *version)));
    let found = gardens(store);
    for (name, version) in &expected {
        let there = found.get(name).unwrap_or_else(|| panic!("{what}: {name} was acknowledged and is gone"));
        assert!(there == version || *there == version + 1, "{what}: {name} is {there}, acknowledged was {version}");
    }
    let more: Vec<&String> =
        found.iter().filter(|(name, version)| expected.get(*name) != Some(*version)).map(|one| one.0).collect();
    let imported = more.iter().filter(|name| name.starts_with('I')).count() as u64;
    let is_whole = match imported {
        0 => more.len() <= 1,
        _ => imported == IMPORTED && more.len() as u64 == IMPORTED,
    };
    assert!(is_whole, "{what}: one command at most was under way, but these are there too: {more:?}");
    let view = store.view(&system_actor(place("99")));
    for name in told.keys().chain(more).filter(|name| name.starts_with('E')) {
        let id = view.record_by_key("garden", name).expect("reads").expect("is there");
        let file = view.record("garden", &id, day("2024-06-04")).expect("reads").expect("is there");
        assert_eq!(file.history.len() as i64, file.version.0, "{what}: {name} has one event for each change");
    }
    store.verify().unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(store.recount().expect("counts"), [""; 0], "{what}: counts are kept with every change");
    found
}

pub fn seed() -> u64 {
    let seed = number_from("SHOUWANG_SEED", std::process::id().into());
    println!("seed {seed} (set SHOUWANG_SEED to run it again)");
    seed
}

/// Kills the child some time after its start, or after it opened the store: within so many milliseconds.
fn kill_some_time(child: &mut Child, dice: &mut Dice, (opened, within): (&std::sync::mpsc::Receiver<()>, u64)) {
    if dice.below(3) > 0 {
        let _ = opened.recv_timeout(Duration::from_secs(60));
    }
    std::thread::sleep(Duration::from_millis(dice.below(within)));
    child.kill().expect("is killed");
}

fn a_killed_program(place_of_test: &Valley) {
    let kills = number_from("SHOUWANG_KILLS", 10);
    let mut dice = Dice(seed());
    let location = match place_of_test.place() {
        Place::Folder(folder) => folder.path().join("county.db").to_string_lossy().into_owned(),
        Place::Schema(scratch) => scratch.address(),
    };
    let (mut known, mut slowest, mut completed, mut acknowledged) = (Gardens::new(), Duration::ZERO, Duration::ZERO, 0);
    for run in 1..=kills {
        // As a program of an earlier form leaves its records; a kill may then fall anywhere into filling them in.
        let is_old = dice.below(4) == 0;
        if is_old {
            place_of_test.place().forge("update r_garden set id = null, place = null, county = null");
        }
        let within = if is_old { 150 + known.len() as u64 / 8 } else { 150 };
        let mut child = start(&location, run);
        let (tell, opened) = std::sync::mpsc::channel();
        let listener = Listener::new(&mut child, tell);
        kill_some_time(&mut child, &mut dice, (&opened, within));
        child.wait().expect("has ended");
        let told = listener.0.join().expect("listens");
        let began = Instant::now();
        let store = Store::open_at_once(place_of_test.location(), declared(run), &key()).expect("opens again");
        let took = began.elapsed();
        assert!(took < OPEN_MAX, "run {run}: open after {took:?}");
        store.finish_upgrade().expect("fills in");
        (slowest, completed) = (slowest.max(took), completed.max(began.elapsed()));
        acknowledged += told.len();
        known = judge(&store, &known, &told, &format!("run {run}"));
    }
    println!(
        "{:?}: killed {kills} times; {acknowledged} records acknowledged, {} kept, none lost, none doubled; opened again in {slowest:?}, \
         filled in after {completed:?} at most",
        on(),
        known.len()
    );
    assert!(acknowledged > 0, "the child was given time to work");
}

#[test]
fn a_program_that_is_killed_loses_nothing_on_sqlite() {
    crate::place::run(On::Sqlite, || a_killed_program(&Valley::new()));
}

#[test]
fn a_program_that_is_killed_loses_nothing_on_postgresql() {
    crate::place::run(On::Postgresql, || a_killed_program(&Valley::new()));
}

#[test]
fn a_server_that_is_killed_loses_nothing() {
    let kills = number_from("SHOUWANG_KILLS", 10).div_ceil(10).max(2);
    let mut dice = Dice(seed());
    let server = Server::start(Durability::Full).unwrap_or_else(|why| panic!("{why}"));
    let address = server.address();
    let store = Store::create(address.as_str(), declared(0), &key()).expect("creates");
    let places = package().divisions.all().iter();
    let places = places.map(|one| store::Region { code: one.code, name: one.name.clone(), short: one.short.clone() });
    let save = Command::SaveRegions(places.collect());
    store
        .apply(&system_actor(place("99")), Moment { day: day("2024-06-01"), at_ms: AT_MS }, save)
        .expect("places are saved");
    let (mut known, mut slowest, mut acknowledged) = (Gardens::new(), Duration::ZERO, 0);
    for run in 1..=kills {
        let mut child = start(&address, run);
        let (tell, opened) = std::sync::mpsc::channel();
        let listener = Listener::new(&mut child, tell);
        opened.recv_timeout(Duration::from_secs(60)).expect("the child opens");
        std::thread::sleep(Duration::from_millis(20 + dice.below(200)));
        server.kill().unwrap_or_else(|why| panic!("{why}"));
        child.wait().expect("ends when its server is gone");
        let told = listener.0.join().expect("listens");
        server.run_again().unwrap_or_else(|why| panic!("{why}"));
        let began = Instant::now();
        // The same handle: its connections broke, and are made anew.
        known = judge(&store, &known, &told, &format!("run {run}"));
        slowest = slowest.max(began.elapsed());
        acknowledged += told.len();
    }
    println!(
        "server killed {kills} times: {acknowledged} records acknowledged, {} kept; judged in {slowest:?} at most",
        known.len()
    );
    assert!(acknowledged > 0);
}
