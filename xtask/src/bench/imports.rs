//! `cargo xtask bench imports --against PROGRAM`: the same dirty files through two states of the program, in turn, in one run.
//!
//! Registers come first, then the records of other registers, then the extracts. Figures are printed; none fails. A file that one of
//! the two refuses is named and counts for neither.

use super::program::Program;
use super::watch::number_after;
use super::{files, median};
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};

const USAGE: &str = "usage: cargo xtask bench imports --against PROGRAM [--against-policy DIR] [--households N] [--rounds N] [--work DIR]";

struct Options {
    against: PathBuf,
    /// The folder of policies that the other program reads, where it does not know today's.
    against_policy: PathBuf,
    households: u64,
    rounds: usize,
    work: PathBuf,
}

/// Seconds of one file by round, of the own program and of the other.
struct Timed {
    dataset: String,
    rows: u64,
    seconds: Vec<(f64, f64)>,
}

/// Runs the comparison for CSV and for XLSX.
///
/// # Errors
/// When a program does not start, or makes no sample or installation.
pub(super) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let options = read(root, arguments)?;
    ensure!(options.against.is_file(), "there is no program `{}`", options.against.display());
    let own = Program::built(root)?;
    let other = Program::new(options.against.clone(), options.against_policy.clone());
    for format in ["csv", "xlsx"] {
        let place = options.work.join(format!("against-{format}"));
        let sample = own.sample(&place, options.households, format, &["--ledgers"])?;
        let files = files(&sample, &place)?;
        let timed = rounds([&own, &other], &place, &files, options.rounds)?;
        show(format, &timed, options.rounds);
    }
    Ok(())
}

fn read(root: &Path, arguments: &[String]) -> Result<Options> {
    let mut against = None;
    let mut options = Options {
        against: PathBuf::new(),
        against_policy: root.join("policy"),
        households: 10_000,
        rounds: 3,
        work: std::env::temp_dir().join("shouwang-bench"),
    };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let value = rest.next().with_context(|| format!("`{name}` needs a value"))?;
        match name.as_str() {
            "--against" => against = Some(PathBuf::from(value)),
            "--against-policy" => options.against_policy = PathBuf::from(value),
            "--households" => options.households = value.parse()?,
            "--rounds" => options.rounds = value.parse()?,
            "--work" => options.work = PathBuf::from(value),
            _ => bail!(USAGE),
        }
    }
    options.against = against.context(USAGE)?;
    ensure!(options.rounds > 0, "no round, no figure");
    Ok(options)
}

/// Imports every file with both programs, each into its own new installation, round by round; who goes first changes.
fn rounds(programs: [&Program; 2], place: &Path, files: &[(String, String)], rounds: usize) -> Result<Vec<Timed>> {
    let timed = |(dataset, _): &(String, String)| Timed { dataset: dataset.clone(), rows: 0, seconds: Vec::new() };
    let mut all: Vec<Timed> = files.iter().map(timed).collect();
    let folders = [place.join("own"), place.join("other")];
    for round in 0..rounds {
        for (program, folder) in programs.iter().zip(&folders) {
            let _ = std::fs::remove_dir_all(folder);
            program.init(folder)?;
        }
        for (at, (dataset, file)) in files.iter().enumerate() {
            let mut seconds = [None; 2];
            for side in if (round + at).is_multiple_of(2) { [0, 1] } else { [1, 0] } {
                match programs[side].import(&folders[side].to_string_lossy(), dataset, file) {
                    Ok(ran) => {
                        seconds[side] = Some(ran.took.as_secs_f64());
                        all[at].rows = number_after(&ran.output, "\"rows_read\":").unwrap_or(all[at].rows);
                    }
                    Err(error) => eprintln!("{dataset}, the {} program: {error:#}", ["own", "other"][side]),
                }
            }
            if let [Some(own), Some(other)] = seconds {
                all[at].seconds.push((own, other));
            }
        }
    }
    Ok(all)
}

fn show(format: &str, all: &[Timed], rounds: usize) {
    println!("\nimport of {format}, {rounds} rounds, medians");
    println!("{:<28} {:>10} {:>9} {:>9} {:>7}", "dataset", "rows", "seconds", "other s", "ratio");
    let is_whole = |timed: &&Timed| timed.seconds.len() == rounds;
    for timed in all {
        let Some(ratio) = median(timed.seconds.iter().map(|(own, other)| own / other)) else {
            println!("{:<28} {:>10} not comparable", timed.dataset, timed.rows);
            continue;
        };
        let own = median(timed.seconds.iter().map(|(own, _)| *own)).unwrap_or_default();
        let other = median(timed.seconds.iter().map(|(_, other)| *other)).unwrap_or_default();
        println!("{:<28} {:>10} {own:>9.2} {other:>9.2} {ratio:>7.2}", timed.dataset, timed.rows);
    }
    let sums = |round: usize| {
        all.iter()
            .filter(is_whole)
            .map(|timed| timed.seconds[round])
            .fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    };
    let ratios: Vec<f64> = (0..rounds).map(|round| sums(round).0 / sums(round).1).collect();
    let shown: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
    let median = median(ratios.into_iter()).unwrap_or(f64::NAN);
    println!("all files together: median ratio {median:.2} (by round: {})", shown.join(", "));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_program_must_be_named() {
        let read =
            |words: &[&str]| read(Path::new("here"), &words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        let options = read(&["--against", "old", "--rounds", "5"]).expect("is complete");
        assert_eq!((options.rounds, options.against_policy), (5, PathBuf::from("here/policy")));
        for words in
            [&[][..], &["--against"], &["--against", "old", "--rounds", "0"], &["--against", "old", "--x", "1"]]
        {
            assert!(read(words).is_err(), "{words:?}");
        }
    }
}
