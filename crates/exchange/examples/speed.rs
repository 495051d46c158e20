//! Rows per second of an import with every check on: `cargo run --release -p exchange --example speed -- 500000 csv`.
//!
//! Prints the rows, the seconds, rows per second and (on Linux) the greatest memory so far.

#[path = "../tests/support/mod.rs"]
mod support;

use exchange::{Options, Output, TableWriter};
use std::ops::ControlFlow;
use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rows: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(200_000);
    let format = arguments.next().unwrap_or_else(|| "csv".to_owned());
    let output = match format.as_str() {
        "gb18030" => Output::CsvGb18030,
        "xlsx" => Output::Xlsx,
        "parquet" => Output::ParquetText,
        _ => Output::Csv,
    };
    let path = std::env::temp_dir().join(format!("exchange-speed-{}.{format}", std::process::id()));
    let (columns, codes, key) = (support::columns(), support::codes(), support::key());
    let mut table = TableWriter::create(&path, output, &support::headings(&columns)).expect("creates");
    let started = Instant::now();
    for number in 0..rows {
        table.write_texts(&support::clean(number)).expect("writes");
    }
    table.finish().expect("finishes");
    println!("written: {rows} rows of {} columns in {:.2?}", columns.len(), started.elapsed());
    let started = Instant::now();
    let mut taken = 0;
    let summary = exchange::read(&path, &support::shape(&columns, &codes, &key), &Options::default(), &mut |chunk| {
        taken += chunk.rows.len();
        ControlFlow::Continue(())
    });
    let seconds = started.elapsed().as_secs_f64();
    let faults = summary.as_ref().map(|summary| summary.fault_count()).unwrap_or_default();
    println!("read: {taken} rows, {faults} faults in {seconds:.2} s: {:.0} rows/s", rows as f64 / seconds);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    if let Err(refusal) = summary {
        println!("refused: {refusal}");
    }
    let removed = std::fs::remove_file(&path);
    debug_assert!(removed.is_ok());
}
