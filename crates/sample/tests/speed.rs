//! Prints how fast a sample is made; run by hand in release: `cargo test -p sample --release --test speed -- --ignored --nocapture`.

use model::Day;
use policy::Package;
use sample::{Cell, CsvFolder, Options, Plan, TableHead, Tables, generate};
use std::io;
use std::path::{Path, PathBuf};
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
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy/sichuan-2021");
    let package = Package::load(&root, &[]).expect("the package is sound");
    let wanted = |name: &str, usual: &str| std::env::var(name).unwrap_or_else(|_| usual.to_owned());
    let options = Options {
        region: wanted("SAMPLE_REGION", "513437").parse().expect("a region"),
        households: wanted("SAMPLE_HOUSEHOLDS", "50000").parse().expect("a number"),
        seed: 1,
        day: Day::new(2024, 6, 30).expect("a day"),
        is_clean: false,
    };
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
