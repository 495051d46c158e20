//! Damaged files are read by a child process, which is watched: each must end within seconds, without a panic, in little memory.
//!
//! The child is this test program again, with one ignored test. It says which file it begins, each panic, and the memory that a file
//! took; the file at which it breaks or hangs is named and kept, and another child goes on behind it.

use crate::damage::damaged;
use crate::random::number_from;
use exchange::Options;
use std::io::{BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// The longest that a small file may take, on a machine that has other work.
const SECONDS_MAX: u64 = 20;
/// Files that one child reads.
const FILES_PER_CHILD: u64 = 500;
const FAILURES_MAX: usize = 10;
/// Begins what the child says.
const MARK: &str = "child says: ";

/// What became of damaged files.
#[derive(Default)]
struct Watched {
    /// Files that were begun.
    begun: u64,
    /// Seeds with what is wrong.
    failed: Vec<(u64, String)>,
    /// The most memory that a file took, and its seed.
    peak_kib: (u64, u64),
}

#[test]
fn damaged_files_end_in_a_reading_or_a_refusal() {
    let (seed, times) = (number_from("SHOUWANG_SEED", crate::SEED), number_from("SHOUWANG_DAMAGED", 400));
    println!("{times} damaged files from seed {seed}");
    let mut all = Watched::default();
    while all.begun < times && all.failed.len() < FAILURES_MAX {
        let begun = all.begun;
        watch(seed.wrapping_add(begun), FILES_PER_CHILD.min(times - begun), &mut all);
        assert!(all.begun > begun, "no child reads a file: {:?}", all.failed);
    }
    let (peak, largest) = all.peak_kib;
    println!("{} files, at most {} MiB for one (seed {largest})", all.begun, peak / 1024);
    let failed: Vec<String> =
        all.failed.iter().map(|(seed, what)| format!("seed {seed}: {what}\n{}", kept(*seed))).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

/// Leaves the file where it can be looked at.
fn kept(seed: u64) -> String {
    let (file, done) = damaged(seed);
    let path = std::env::temp_dir().join(format!("shouwang-damaged-{seed}.{}", file.ending));
    std::fs::write(&path, &file.bytes).expect("a file can be written");
    format!("{done}: {}\nagain: cargo xtask simulate damage --times 1 --seed {seed}", path.display())
}

/// Lets a child read some files from this seed on, and adds what became of them.
fn watch(seed: u64, count: u64, all: &mut Watched) {
    let mut child = Command::new(std::env::current_exe().expect("knows itself"))
        .args(["--exact", "watched::a_child_reads_damaged_files", "--ignored", "--nocapture", "--test-threads=1"])
        .env("SHOUWANG_CHILD_SEED", seed.to_string())
        .env("SHOUWANG_CHILD_FILES", count.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let lines = lines_of(&mut child);
    let mut file = None;
    let outcome = follow(&lines, &mut file, all);
    let _ = child.kill();
    let ended = child.wait().map(|status| status.to_string()).unwrap_or_default();
    if let (Err(what), Some(file)) = (outcome, file) {
        all.failed.push((file, format!("{what} ({ended})")));
    }
}

/// What the child prints, line by line.
fn lines_of(child: &mut Child) -> Receiver<String> {
    let output = child.stdout.take().expect("is piped");
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        let said = BufReader::new(output).lines().map_while(Result::ok);
        said.take_while(|line| sender.send(line.clone()).is_ok()).for_each(drop);
    });
    lines
}

/// Follows the child to its end. `file`: the seed of the file that it reads.
///
/// # Errors
/// The child hangs at a file, or ends within one.
fn follow(lines: &Receiver<String>, file: &mut Option<u64>, all: &mut Watched) -> Result<(), String> {
    loop {
        let line = match lines.recv_timeout(Duration::from_secs(SECONDS_MAX)) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => return Err(format!("takes more than {SECONDS_MAX} seconds")),
            Err(RecvTimeoutError::Disconnected) if file.is_some() => return Err("ends the process".to_owned()),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        // The test runner may have begun the line.
        let Some((_, said)) = line.split_once(MARK) else { continue };
        match said.split_once(' ') {
            Some(("begins", seed)) => {
                *file = seed.parse().ok();
                all.begun += 1;
            }
            Some(("panics", place)) => all.failed.push((file.unwrap_or_default(), format!("panics at {place}"))),
            Some(("ends", peak)) => {
                let peak = peak.parse().unwrap_or(u64::MAX);
                all.peak_kib = all.peak_kib.max((peak, file.unwrap_or_default()));
                // The suite does not measure; the run of many files does.
                if peak / 1024 > number_from("SHOUWANG_PEAK_MIB", u64::MAX) {
                    all.failed.push((file.unwrap_or_default(), format!("takes {} MiB", peak / 1024)));
                }
                *file = None;
            }
            _ => return Err(format!("says what nobody understands: {said}")),
        }
    }
}

fn say(what: &str) {
    let mut output = std::io::stdout().lock();
    // A parent that is gone has nothing to learn.
    let _ = writeln!(output, "{MARK}{what}").and_then(|()| output.flush());
}

#[test]
#[ignore = "the child of the test above"]
fn a_child_reads_damaged_files() {
    let (seed, count) = (number_from("SHOUWANG_CHILD_SEED", crate::SEED), number_from("SHOUWANG_CHILD_FILES", 1));
    let folder = tempfile::tempdir().expect("a folder");
    // Also a panic that is caught has printed its message on somebody's screen.
    std::panic::set_hook(Box::new(|panic| {
        say(&format!("panics {}", panic.location().map(ToString::to_string).unwrap_or_default()));
    }));
    for at in 0..count {
        let seed = seed.wrapping_add(at);
        say(&format!("begins {seed}"));
        let (file, _) = damaged(seed);
        let path = folder.path().join(format!("{seed}.{}", file.ending));
        std::fs::write(&path, &file.bytes).expect("a file can be written");
        let table = file.table;
        drop(file.bytes);
        forget_the_peak();
        let read =
            || exchange::read(&path, &table.shape(), &Options::default(), &mut |_| ControlFlow::Continue(())).is_ok();
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
        say(&format!("ends {}", peak_kib()));
        let _ = std::fs::remove_file(&path);
    }
}

/// Lets the system measure the greatest memory anew, where it can.
fn forget_the_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The greatest memory since then; 0 where the system does not tell.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or_default()
}
