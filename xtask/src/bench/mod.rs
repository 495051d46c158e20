//! `cargo xtask bench`: how fast and how small, printed as figures and as ratios against DuckDB on the same lake files.
//!
//! Nothing here passes or fails but the comparison of leads: both engines must find the same (household, rule) pairs.

mod imports;
mod program;
mod registers;
mod watch;

use anyhow::{Context, Result, bail, ensure};
use program::Program;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use watch::{decimal_after, number_after, watch};

const DAY: &str = "2024-10-31";
const REGION: &str = "513431";
const SEED: &str = "20210527";

/// Options after `bench`.
struct Options {
    /// Households of the import part.
    import_households: u64,
    /// Households of the screening part.
    screen_households: u64,
    /// Where files are made; kept when it is given.
    work: PathBuf,
}

/// Runs both parts.
///
/// # Errors
/// When a step fails, or the leads of the two engines differ.
pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
    match arguments.split_first() {
        Some((first, rest)) if first == "registers" => return registers::run(root, rest),
        Some((first, rest)) if first == "imports" => return imports::run(root, rest),
        _ => {}
    }
    let options = read(arguments)?;
    let program = Program::built(root)?;
    std::fs::create_dir_all(&options.work)?;
    let bench = Bench { root, program, options };
    if bench.options.import_households > 0 {
        bench.imports("csv")?;
        bench.imports("xlsx")?;
    }
    if bench.options.screen_households > 0 {
        bench.screening()?;
    }
    Ok(())
}

fn read(arguments: &[String]) -> Result<Options> {
    let mut options = Options {
        import_households: 50_000,
        screen_households: 500_000,
        work: std::env::temp_dir().join("shouwang-bench"),
    };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let value = rest.next().with_context(|| format!("`{name}` needs a value"))?;
        match name.as_str() {
            "--import-households" => options.import_households = value.parse()?,
            "--screen-households" => options.screen_households = value.parse()?,
            "--work" => options.work = PathBuf::from(value),
            _ => bail!("usage: cargo xtask bench [--import-households N] [--screen-households N] [--work DIR]"),
        }
    }
    Ok(options)
}

struct Bench<'a> {
    root: &'a Path,
    program: Program,
    options: Options,
}

impl Bench<'_> {
    fn imports(&self, format: &str) -> Result<()> {
        let place = self.options.work.join(format!("import-{format}"));
        let sample = self.program.sample(&place, self.options.import_households, format, &[])?;
        let dir = self.program.init(&place.join("install"))?;
        println!("\nimport of {} households, dirty, {format}", self.options.import_households);
        println!("{:<28} {:>10} {:>9} {:>10} {:>9}", "dataset", "rows", "seconds", "rows/s", "peak MiB");
        let (mut rows, mut seconds, mut peak) = (0, 0.0, 0);
        for (dataset, file) in files(&sample, &place)? {
            let ran = self.program.import(&dir, &dataset, &file)?;
            let read = number_after(&ran.output, "\"rows_read\":")?;
            let took = ran.took.as_secs_f64();
            println!("{dataset:<28} {read:>10} {took:>9.2} {:>10.0} {:>9}", read as f64 / took, ran.peak_mib);
            rows += read;
            seconds += took;
            peak = peak.max(ran.peak_mib);
        }
        println!("{:<28} {rows:>10} {seconds:>9.2} {:>10.0} {peak:>9}", "all", rows as f64 / seconds);
        let screened = self.program.run(&["--json", "screen", "--dir", &dir, "--day", DAY])?;
        println!(
            "screening, with evidence, into the store: {:.2} s, {} MiB",
            screened.took.as_secs_f64(),
            screened.peak_mib
        );
        Ok(())
    }

    fn screening(&self) -> Result<()> {
        let place = self.options.work.join("screen");
        let dir = place.join("install").to_string_lossy().into_owned();
        if !place.join("ready").exists() {
            let sample = self.program.sample(&place, self.options.screen_households, "csv", &["--clean"])?;
            self.program.init(&place.join("install"))?;
            for (dataset, file) in files(&sample, &place)? {
                self.program.import(&dir, &dataset, &file)?;
            }
            self.program.run(&["--json", "screen", "--dir", &dir, "--day", DAY, "--dry-run"])?;
            std::fs::write(place.join("ready"), "")?;
        }
        let own_pairs = place.join("own.csv").to_string_lossy().into_owned();
        let sql = place.join("rules.sql").to_string_lossy().into_owned();
        self.program.run(&["--json", "sql", "--dir", &dir, "--day", DAY, "--out", &sql])?;
        let python = self.duckdb()?;
        let script = self.root.join("xtask/bench/duckdb_screen.py").to_string_lossy().into_owned();
        println!("\nscreening of {} households from the lake, two threads", self.options.screen_households);
        println!(
            "{:<6} {:>12} {:>12} {:>8} {:>10} {:>10}",
            "run", "shouwang s", "duckdb s", "ratio", "MiB", "MiB duckdb"
        );
        let mut ratios = Vec::new();
        for run in 1..=5 {
            let own = self.program.run(&[
                "--json",
                "screen",
                "--dir",
                &dir,
                "--day",
                DAY,
                "--threads",
                "2",
                "--dry-run",
                "--pairs",
                &own_pairs,
            ])?;
            let seconds = decimal_after(&own.output, "\"seconds\":")?;
            let other_pairs = place.join("duckdb.csv").to_string_lossy().into_owned();
            let other = watch(Command::new(&python).args([&script, &sql, &other_pairs, "2"]))?;
            let other_seconds = decimal_after(&other.output, "\"seconds\":")?;
            let ratio = seconds / other_seconds;
            println!(
                "{run:<6} {seconds:>12.2} {other_seconds:>12.2} {ratio:>8.2} {:>10} {:>10}",
                own.peak_mib, other.peak_mib
            );
            ratios.push(ratio);
            let (own, other) = (std::fs::read_to_string(&own_pairs)?, std::fs::read_to_string(&other_pairs)?);
            ensure!(own == other, "the leads differ: compare {own_pairs} with {other_pairs}");
        }
        let ratio = median(ratios.into_iter()).unwrap_or(f64::NAN);
        let pairs = std::fs::read_to_string(&own_pairs)?.lines().count();
        println!("median ratio {ratio:.2}; both found the same {pairs} (household, rule) pairs");
        Ok(())
    }

    /// A Python with DuckDB, in an environment of its own beside the bench files; used for measuring only.
    fn duckdb(&self) -> Result<PathBuf> {
        let home = self.options.work.join("python");
        let python = home.join("bin/python");
        let has_duckdb = || Command::new(&python).args(["-c", "import duckdb"]).stderr(Stdio::null()).status();
        if !has_duckdb().is_ok_and(|status| status.success()) {
            ensure!(
                Command::new("python3").args(["-m", "venv"]).arg(&home).status()?.success(),
                "no python3 with venv"
            );
            let installed = Command::new(&python).args(["-m", "pip", "install", "--quiet", "duckdb"]).status()?;
            ensure!(installed.success(), "cannot install the Python package duckdb");
        }
        Ok(python)
    }
}

/// The `registers` and `extracts` of a sample's summary, households first: pairs of dataset and file.
fn files(summary: &str, place: &Path) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (folder, key) in [("registers", "\"registers\":["), ("extracts", "\"extracts\":[")] {
        let at = summary.find(key).with_context(|| format!("no {folder} in the summary"))? + key.len();
        let list = &summary[at..];
        let list = &list[..list.find("]]").unwrap_or(0)];
        let words: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
        let mut pairs: Vec<(String, String)> = words
            .chunks(2)
            .filter(|pair| pair.len() == 2)
            .map(|pair| (pair[0].to_owned(), pair[1].to_owned()))
            .collect();
        pairs.sort_by_key(|(name, _)| (name != "household", name != "resident"));
        found.extend(pairs);
    }
    ensure!(!found.is_empty(), "the sample in {} has no files", place.display());
    Ok(found)
}

/// The middle of some figures, the upper one of two; `None` of none.
fn median(figures: impl Iterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = figures.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_lies_in_the_middle() {
        for (figures, expected) in
            [(&[][..], None), (&[3.0], Some(3.0)), (&[9.0, 1.0, 2.0], Some(2.0)), (&[2.0, 1.0], Some(2.0))]
        {
            assert_eq!(median(figures.iter().copied()), expected, "{figures:?}");
        }
    }

    #[test]
    fn figures_and_files_are_read_from_summaries() {
        let summary = r#"{"residents":12,"seconds":0.25,"registers":[["resident","r.csv"],["household","h.csv"]],"extracts":[["a","a.csv"]]}"#;
        assert_eq!(number_after(summary, "\"residents\":").ok(), Some(12));
        assert_eq!(decimal_after(summary, "\"seconds\":").ok(), Some(0.25));
        assert!(number_after(summary, "\"none\":").is_err());
        let found = files(summary, Path::new("x")).expect("files");
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["household", "resident", "a"]);
    }
}
