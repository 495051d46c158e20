//! Prints how fast a sample is made; run by hand in release: `cargo test -p sample --release --test speed -- --ignored --nocapture`.

mod support;

use sample::{Cell, CsvFolder, Plan, TableHead, Tables, generate};
use std::io;
use std::time::Instant;

/// Takes everything and keeps nothing.
struct Nowhere;

impl Tables for Nowhere {
    fn begin(&mut self, _head: &TableHead) -> io::Result<()> {
        Ok(())
    }

    fn row(&mut self, _id: usize, _cells: &[Cell]) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, _id: usize) -> io::Result<()> {
        Ok(())
    }
}

#[test]
#[ignore = "a measurement, not a promise"]
fn how_fast() {
    let package = support::package();
    let region = std::env::var("SAMPLE_REGION").map(|code| code.parse().expect("a region"));
    let households = std::env::var("SAMPLE_HOUSEHOLDS").map_or(50_000, |number| number.parse().expect("a number"));
    let options = support::options(region.unwrap_or_else(|_| support::county(&package)), households, 1, false);
    let start = Instant::now();
    let plan = Plan::new(&package, &options).expect("a plan");
    let planned = start.elapsed();
    let made = match std::env::var("SAMPLE_OUT") {
        Ok(folder) => generate(&plan, &mut CsvFolder::new(folder), &mut |_| {}),
        Err(_) => generate(&plan, &mut Nowhere, &mut |_| {}),
    };
    let seconds = (start.elapsed() - planned).as_secs_f64();
    let made = made.expect("a sample");
    println!(
        "planned in {planned:?}, made in {seconds:.2} s: {:.0} residents a minute",
        made.residents as f64 / seconds * 60.0
    );
    println!("{made:#?}");
}
