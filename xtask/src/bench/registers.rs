//! `cargo xtask bench registers`: a register of the shipped package filled and read on both databases, beside the plain way.
//!
//! The work is an example of `store`, so that nothing of DataFusion is built for it. Figures are printed; none fails.

use anyhow::{Context, Error, Result, bail, ensure};
use std::path::Path;
use std::process::Command;
use test_server::{Durability, Server};

const USAGE: &str = "usage: cargo xtask bench registers [--records N] [--readers N] [--seconds N]";

/// What `docs/guides/postgresql.md` recommends for a province.
const SETTINGS: [(&str, &str); 7] = [
    ("shared_buffers", "2GB"),
    ("effective_cache_size", "8GB"),
    ("max_wal_size", "8GB"),
    ("checkpoint_timeout", "30min"),
    ("wal_compression", "lz4"),
    ("random_page_cost", "1.1"),
    ("maintenance_work_mem", "256MB"),
];

/// Runs the bench on a PostgreSQL server of its own, which flushes every commit, and on SQLite with three tenths of the records.
///
/// # Errors
/// When the example does not build, or a step of it fails.
pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let (mut records, mut readers, mut seconds) = (1_000_000_u64, 50_u64, 20_u64);
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let value = rest.next().with_context(|| format!("`{name}` needs a value"))?.parse()?;
        match name.as_str() {
            "--records" => records = value,
            "--readers" => readers = value,
            "--seconds" => seconds = value,
            _ => bail!(USAGE),
        }
    }
    let server = Server::start(Durability::Full).map_err(Error::msg)?;
    server.configure(&SETTINGS).map_err(Error::msg)?;
    let address = format!("{}?schema=bench", server.address());
    example(root, &address, [records, readers, seconds])?;
    drop(server);
    let file = std::env::temp_dir().join(format!("shouwang-bench-{}.db", std::process::id()));
    let outcome = example(root, &file.to_string_lossy(), [records * 3 / 10, readers, seconds]);
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    outcome
}

/// `load`: records, readers and seconds, as the example takes them.
fn example(root: &Path, database: &str, load: [u64; 3]) -> Result<()> {
    let package = root.join("policy/sichuan-2021");
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--release", "--package", "store", "--example", "registers", "--"]).arg(package);
    cargo.arg(database).args(load.map(|number| number.to_string())).current_dir(root);
    ensure!(cargo.status()?.success(), "the example `registers` failed");
    Ok(())
}
