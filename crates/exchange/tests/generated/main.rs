//! Files made from a seed, read, and held against the truth; the same files damaged at random.
//!
//! `file` makes a table of random columns (texts, names of several peoples, codes, numbers, money, days, identity numbers ...) with
//! random rows, plants mistakes in some, and keeps for every cell what it says and for every row what must become of it. It writes it
//!
//! - as text: four separators, quotes where needed, nowhere or everywhere, texts with separators, quotation marks and line breaks of
//!   their own, quotation marks that never close, cells too many and too few, three line ends, five encodings, a line `sep=`;
//! - as a workbook of raw parts: shared, inline and rich texts, formulas, errors, both calendars, cells that do not say where they
//!   stand, hidden and merged rows, several sheets with the same headings; and as a common library writes it;
//! - as Parquet, in the types that programs choose;
//!
//! with notes above the headings, blank rows, totals, notes and headings among and below the rows. `hold` then wants: every row of
//! the file is taken, left out with a fault at its place, or passed over for a reason, and the counts say so; a taken row has the
//! values of its own line and no other; a sound row is taken; a file is refused only where it must be; reading twice gives the same;
//! no message shows a cell.
//!
//! `damage` spoils small files: bytes flipped, cut, moved and doubled, hostile references, lengths and directories. A child process
//! reads them under a watch (`watched`): no panic, no hang, memory that stays small.
//!
//! `SHOUWANG_FILES`, `SHOUWANG_DAMAGED` and `SHOUWANG_SEED` say how many and from which seed;
//! `cargo xtask simulate files|damage --times 20000` runs many.

mod book;
mod columnar;
mod damage;
mod file;
mod hold;
mod layout;
mod random;
mod table;
mod text;
mod values;
mod watched;
mod xml;

use random::number_from;
use std::path::{Path, PathBuf};

/// The seed of the suite, that the same files are read until somebody asks for others.
const SEED: u64 = 20_210_527;
/// Files that are shown before a run gives up.
const FAILURES_MAX: usize = 5;

/// Writes a file, checks it, and says how to see it again where a promise is broken.
fn check(seed: u64, folder: &Path) -> Result<(), String> {
    let file = file::generate(seed);
    // A name without digits: messages show it, and a cell may hold any digits.
    let path = folder.join(format!("made_up.{}", file.ending));
    std::fs::write(&path, &file.bytes).expect("a file can be written");
    let outcome = hold::check(&file, &path);
    let _ = std::fs::remove_file(&path);
    outcome.map_err(|what| format!("seed {seed}: {what}\n{}\n{}", file.words, kept(seed, &file)))
}

/// Leaves the file where it can be looked at.
fn kept(seed: u64, file: &file::Generated) -> String {
    let path: PathBuf = std::env::temp_dir().join(format!("shouwang-generated-{seed}.{}", file.ending));
    std::fs::write(&path, &file.bytes).expect("a file can be written");
    format!("{}\nagain: cargo xtask simulate files --times 1 --seed {seed}", path.display())
}

#[test]
fn every_row_of_a_generated_file_is_accounted_for_with_its_own_values() {
    let (seed, times) = (number_from("SHOUWANG_SEED", SEED), number_from("SHOUWANG_FILES", 500));
    println!("{times} files from seed {seed}");
    let folder = tempfile::tempdir().expect("a folder");
    let failed: Vec<String> =
        (0..times).filter_map(|at| check(seed.wrapping_add(at), folder.path()).err()).take(FAILURES_MAX).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
