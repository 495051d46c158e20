//! How long an import takes; run by hand: `cargo nextest run -p store --release --run-ignored only speed --no-capture`.

use crate::county::{County, household};
use crate::place::{On, on, run};
use std::time::Instant;

const RECORDS: i64 = 100_000;
const TOGETHER: usize = 5_000;

fn import() {
    let county = County::empty();
    let village = "990101100201";
    let mut records: Vec<_> = (1..=RECORDS).map(|number| household(number, village, "吉木阿古")).collect();
    for what in ["new", "unchanged", "one in ten changed"] {
        let chunks: Vec<Vec<_>> = records.chunks(TOGETHER).map(<[_]>::to_vec).collect();
        let started = Instant::now();
        for chunk in chunks {
            county.save("household", chunk).expect("is saved");
        }
        let seconds = started.elapsed().as_secs_f64();
        println!("{:?}: {RECORDS} records, {what}: {seconds:.2} s", on());
        records.iter_mut().step_by(10).for_each(|record| {
            if what == "unchanged" {
                record.fields[4] = model::Value::Null;
            }
        });
    }
    let started = Instant::now();
    let events = county.store.verify().expect("the log holds").events;
    println!("{:?}: {events} events verified: {:.2} s", on(), started.elapsed().as_secs_f64());
}

#[test]
#[ignore = "a measurement"]
fn speed_of_an_import_on_sqlite() {
    run(On::Sqlite, import);
}

#[test]
#[ignore = "a measurement"]
fn speed_of_an_import_on_postgresql() {
    run(On::Postgresql, import);
}
