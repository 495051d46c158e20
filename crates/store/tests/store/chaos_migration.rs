//! A program is killed at any moment while it brings a database up to another package: fills records in, carries codes over,
//! calculates anew, and takes new records in meanwhile. What it acknowledged is there once, and the next start ends the work.
//!
//! `SHOUWANG_KILLS` sets how often it is killed, `SHOUWANG_MIGRATED` the number of records that are worked on and
//! `SHOUWANG_SEED` the seed; `cargo xtask simulate kills --times 200` runs many.

use crate::chaos::{Dice, OPEN_MAX, number_from, seed};
use crate::county::{day, key, place};
use crate::edited::Edited;
use crate::place::{On, Place, on};
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, garden, garden_row};
use model::{Day, Moment};
use policy::Package;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};
use store::{Command, Store, system_actor};

const GARDEN: &str = "registers/garden.toml";
/// Runs after which the whole log is verified.
const VERIFIED_EVERY: u64 = 20;
/// Areas go from 0 to this; the packages differ in the size from which a garden is large.
const AREAS: u64 = 100;

/// Size from which a garden is large in a run.
fn large_from(run: u64) -> u64 {
    if run.is_multiple_of(2) { 45 } else { 55 }
}

/// The package of a run: other formulas than in the one before, a field more every few runs, a renamed field, and a code
/// that became another.
fn package(run: u64) -> Package {
    let later: String = (0..run / 25)
        .map(|number| {
            format!(
                "  {{ name = \"later_{number}_on\", label = \"后{number}\", label_en = \"Later\", kind = \"day\" }},\n"
            )
        })
        .collect();
    Edited::new()
        .replace(GARDEN, "derived = \"area_mu >= 5\"", &format!("derived = \"area_mu >= {}\"", large_from(run)))
        .replace(GARDEN, "  { name = \"is_large\"", &format!("{later}  {{ name = \"is_large\""))
        .replace(GARDEN, "worth_fen", "value_fen")
        .change("a", "2024-06-03", "[[renamed]]\nregister = \"garden\"\nfield = \"worth_fen\"\nto = \"value_fen\"")
        .change("b", "2024-06-03", "[[recoded]]\ncodes = \"garden_kind\"\ncode = \"grove\"\nto = \"fruit\"")
        .package()
}

fn day_of(run: u64) -> Day {
    day("2024-06-03").plus_days(run as i64)
}

#[test]
#[ignore = "what the tests of this file start and kill"]
fn child_that_migrates_and_is_killed() {
    let Ok(location) = std::env::var("SHOUWANG_CHILD_LOCATION") else { return };
    let run = number_from("SHOUWANG_CHILD_RUN", 0);
    let location: store::Location = match location.starts_with("postgres") {
        true => location.as_str().into(),
        false => std::path::Path::new(&location).into(),
    };
    let say = |line: &str| {
        let mut out = std::io::stderr().lock();
        let _ = writeln!(out, "{line}");
        let _ = out.flush();
    };
    let package = package(run);
    say("begin");
    let store = Store::open_at_once(location, &package, &key()).expect("opens");
    say("open");
    let people = store.clone();
    std::thread::spawn(move || {
        while !people.is_complete() {
            std::thread::sleep(Duration::from_millis(1));
        }
        for number in 0.. {
            let name = format!("E{run}-{number}");
            let mut entry = garden(&name, VILLAGES[0], &[]);
            entry
                .fields
                .iter_mut()
                .filter(|(name, _)| name == "worth_fen")
                .for_each(|(name, _)| *name = "value_fen".into());
            if people.apply(&clerk(), Moment { day: day_of(run), at_ms: AT_MS }, Command::Enter(entry)).is_err() {
                return;
            }
            let mut out = std::io::stderr().lock();
            let _ = writeln!(out, "ack {name} whole");
            let _ = out.flush();
            drop(out);
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    store.backfill(Moment { day: day_of(run), at_ms: AT_MS }).expect("settles");
    say("settled");
    std::thread::sleep(Duration::from_secs(60));
}

fn start(location: &str, run: u64) -> Child {
    let mut child = Process::new(std::env::current_exe().expect("knows itself"));
    child.args(["--ignored", "--exact", "chaos_migration::child_that_migrates_and_is_killed", "--nocapture"]);
    child.env("SHOUWANG_CHILD_LOCATION", location).env("SHOUWANG_CHILD_RUN", run.to_string());
    child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts")
}

/// What a child said until it was killed.
#[derive(Default)]
struct Told {
    entered: i64,
    has_settled: bool,
}

/// Lets a child work, kills it at a random moment of its work, and gives what it said.
fn kill_one(location: &str, run: u64, dice: &mut Dice, whole: Duration) -> Told {
    let mut child = start(location, run);
    let lines = BufReader::new(child.stderr.take().expect("is piped")).lines();
    let (tell, begun) = std::sync::mpsc::channel();
    let listener = std::thread::spawn(move || {
        let mut told = Told::default();
        for line in lines.map_while(Result::ok) {
            match line.split(' ').collect::<Vec<_>>().as_slice() {
                ["begin"] => drop(tell.send(())),
                // A line that was cut off by the kill is not whole.
                ["ack", _, "whole"] => told.entered += 1,
                ["settled"] => told.has_settled = true,
                _ => {}
            }
        }
        told
    });
    let _ = begun.recv_timeout(Duration::from_secs(60));
    std::thread::sleep(Duration::from_micros(dice.below(whole.as_micros() as u64 + 1)));
    child.kill().expect("is killed");
    child.wait().expect("has ended");
    listener.join().expect("listens")
}

/// Everything that must hold when the work is done.
fn judge(at: &Place, run: u64, records: u64, what: &str) {
    let none = [
        ("old codes", "select count(*) from r_garden where kind_code = 'grove'".to_owned()),
        ("records without an id", "select count(*) from r_garden where id is null".to_owned()),
        (
            "wrongly calculated",
            format!(
                "select count(*) from r_garden where is_large <> case when area_mu_order >= {} then 1 else 0 end",
                large_from(run) * 1_000_000
            ),
        ),
        (
            "changes without their event, or events without their change",
            "select count(*) from r_garden g where g.version <> case when g.origin_file = '' then 0 else 1 end + \
             (select count(*) from event e where e.record_id = g.id)"
                .to_owned(),
        ),
        (
            "done twice",
            "select count(*) from (select record_id, action, day from event where action in ('recalculated', 'recoded') \
             group by record_id, action, day having count(*) > 1) d"
                .to_owned(),
        ),
    ];
    for (name, sql) in none {
        assert_eq!(at.number(&sql), 0, "{what}: {name}");
    }
    let imported = at.number("select count(*) from r_garden where garden_no like 'M%'");
    assert_eq!(imported, records as i64, "{what}: records");
}

fn a_killed_migration(valley: &Valley) {
    let (kills, records) = (number_from("SHOUWANG_KILLS", 6), number_from("SHOUWANG_MIGRATED", 2_000));
    let mut dice = Dice(seed());
    let at = valley.place();
    let location = match at {
        Place::Folder(folder) => folder.path().join("county.db").to_string_lossy().into_owned(),
        Place::Schema(scratch) => scratch.address(),
    };
    for first in (0..records).step_by(2_000) {
        let row = |number: u64| {
            garden_row(2, &format!("M{number}"), VILLAGES[(number % 3) as usize], &(number % AREAS).to_string())
        };
        let rows = (first..records.min(first + 2_000)).map(row).collect();
        let command = Command::ImportRecords { register: "garden".into(), file: format!("{first:012}"), records: rows };
        valley
            .store
            .apply(&system_actor(place("99")), Moment { day: day("2024-06-02"), at_ms: AT_MS }, command)
            .expect("is taken");
    }
    let open = |run: u64| {
        let package = package(run);
        let began = Instant::now();
        let store = Store::open_at_once(valley.location(), &package, &key()).expect("opens");
        let opened = began.elapsed();
        store.backfill(Moment { day: day_of(run), at_ms: AT_MS }).expect("settles");
        (store, opened, began.elapsed())
    };
    let (store, _, mut whole) = open(0);
    drop(store);
    judge(at, 0, records, "at first");
    let (mut slowest, mut settled_in, mut acknowledged, mut within) = (Duration::ZERO, Duration::ZERO, 0, 0);
    let mut late = Vec::new();
    for run in 1..=kills {
        let what = format!("run {run}");
        // As a program with the earlier package would leave it, and a database of an earlier form.
        let share = format!("({run} + origin_row + area_mu_order / 1000000)");
        at.forge(&format!("update r_garden set kind_code = 'grove' where garden_no like 'M%' and {share} % 40 = 0"));
        at.forge(&format!(
            "update r_garden set id = null, place = null, county = null where garden_no like 'M%' and {share} % 50 = 1"
        ));
        let told = kill_one(&location, run, &mut dice, whole);
        let (store, opened, took) = open(run);
        if opened > OPEN_MAX {
            late.push(run);
        }
        (slowest, settled_in) = (slowest.max(opened), settled_in.max(took));
        println!("{what}: killed in the work: {}; open in {opened:?}, done in {took:?}", !told.has_settled);
        // Kills that come too late are drawn nearer, those within the work a little further.
        whole = if told.has_settled { whole * 4 / 5 } else { whole * 11 / 10 };
        judge(at, run, records, &what);
        let entered = at.number(&format!("select count(*) from r_garden where garden_no like 'E{run}-%'"));
        let fits = entered == told.entered || entered == told.entered + 1;
        assert!(fits, "{what}: {} records were acknowledged, {entered} are there", told.entered);
        acknowledged += told.entered;
        within += u64::from(!told.has_settled);
        if run.is_multiple_of(VERIFIED_EVERY) || run == kills {
            store.verify().unwrap_or_else(|error| panic!("{what}: {error}"));
        }
    }
    println!(
        "{:?}: killed {kills} times, {within} of them within the work on {records} records; {acknowledged} entered meanwhile, \
         none lost, none doubled; open again in {slowest:?}, all done in {settled_in:?} at most",
        on()
    );
    assert!(late.is_empty(), "open again too late in runs {late:?}");
    assert!(within > 0, "no kill fell into the work");
}

#[test]
fn a_migration_that_is_killed_loses_nothing_on_sqlite() {
    crate::place::run(On::Sqlite, || a_killed_migration(&Valley::new()));
}

#[test]
fn a_migration_that_is_killed_loses_nothing_on_postgresql() {
    crate::place::run(On::Postgresql, || a_killed_migration(&Valley::new()));
}
