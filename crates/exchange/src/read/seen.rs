//! Which keys a file has held so far, in flat memory: 20 bytes for each of the newest keys, and for the older ones sorted runs on disk
//! with a small filter each.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// Keys held in memory before they move to disk: just below a growth step of the table.
const KEYS_IN_MEMORY: usize = 3_600_000;
const RECORD_BYTES: usize = 20;
/// Records between two entries of a run's index.
const STRIDE: usize = 256;
/// Bits of a run's filter for each key, and how many of them a key sets.
const FILTER_BITS: usize = 10;
const FILTER_PROBES: u64 = 4;

type Key = [u8; 12];

/// An earlier row with the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// As it was noted.
    pub row: u32,
    /// It agrees in all other cells, too.
    pub is_same: bool,
}

/// The keys of one file.
pub(crate) struct Seen {
    newest: HashMap<Key, (u32, u32)>,
    runs: Vec<Run>,
    keys_in_memory: usize,
}

impl Seen {
    /// No key seen yet; beyond a fixed number of keys they go to a file.
    pub fn new() -> Seen {
        Seen::with_memory(KEYS_IN_MEMORY)
    }

    /// Holds at most so many keys in memory.
    pub fn with_memory(keys_in_memory: usize) -> Seen {
        Seen { newest: HashMap::new(), runs: Vec::new(), keys_in_memory }
    }

    /// Notes a row; the earlier row with the same key, if there is one (the first stays noted).
    ///
    /// `key`, `content`: hashes of the row's key and of all its cells. `row`: its number, counted on from sheet to sheet.
    pub fn note(&mut self, key: [u8; 32], content: [u8; 32], row: u32) -> io::Result<Option<Earlier>> {
        let key: Key = std::array::from_fn(|at| key[at]);
        let content = u32::from_le_bytes(std::array::from_fn(|at| content[at]));
        if let Some(found) = self.find(&key)? {
            return Ok(Some(Earlier::of(found, content)));
        }
        if self.newest.len() >= self.keys_in_memory {
            self.runs.push(Run::write(&mut self.newest)?);
        }
        self.newest.insert(key, (content, row));
        Ok(None)
    }

    /// The earlier row with the key, if there is one; nothing is noted.
    pub fn look(&mut self, key: [u8; 32], content: [u8; 32]) -> io::Result<Option<Earlier>> {
        let content = u32::from_le_bytes(std::array::from_fn(|at| content[at]));
        let found = self.find(&std::array::from_fn(|at| key[at]))?;
        Ok(found.map(|found| Earlier::of(found, content)))
    }

    fn find(&mut self, key: &Key) -> io::Result<Option<(u32, u32)>> {
        if let Some(found) = self.newest.get(key) {
            return Ok(Some(*found));
        }
        for run in &mut self.runs {
            if let Some(found) = run.find(key)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

impl Earlier {
    fn of(found: (u32, u32), content: u32) -> Earlier {
        let (kept, row) = found;
        Earlier { row, is_same: kept == content }
    }
}

/// Sorted records on disk.
struct Run {
    file: File,
    path: PathBuf,
    /// The key of every `STRIDE`th record.
    index: Vec<Key>,
    filter: Vec<u64>,
    records: usize,
}

impl Run {
    /// Moves all keys to a new file.
    fn write(keys: &mut HashMap<Key, (u32, u32)>) -> io::Result<Run> {
        let mut sorted: Vec<(Key, (u32, u32))> = keys.drain().collect();
        sorted.sort_unstable();
        let path = free_path();
        let file = File::options().read(true).write(true).create_new(true).open(&path)?;
        let records = sorted.len();
        let mut run =
            Run { file, path, index: Vec::new(), filter: vec![0; (records * FILTER_BITS).div_ceil(64) + 1], records };
        let mut out = BufWriter::new(&run.file);
        for (at, (key, (content, row))) in sorted.iter().enumerate() {
            if at % STRIDE == 0 {
                run.index.push(*key);
            }
            out.write_all(key)?;
            out.write_all(&content.to_le_bytes())?;
            out.write_all(&row.to_le_bytes())?;
        }
        out.flush()?;
        drop(out);
        sorted.iter().for_each(|(key, _)| run.mark(key));
        Ok(run)
    }

    fn mark(&mut self, key: &Key) {
        let bits = self.filter.len() as u64 * 64;
        for bit in probes(key, bits) {
            self.filter[(bit / 64) as usize] |= 1 << (bit % 64);
        }
    }

    fn find(&mut self, key: &Key) -> io::Result<Option<(u32, u32)>> {
        let bits = self.filter.len() as u64 * 64;
        if !probes(key, bits).all(|bit| self.filter[(bit / 64) as usize] >> (bit % 64) & 1 == 1) {
            return Ok(None);
        }
        let Some(block) = self.index.partition_point(|first| first <= key).checked_sub(1) else { return Ok(None) };
        let count = STRIDE.min(self.records - block * STRIDE);
        let mut bytes = vec![0; count * RECORD_BYTES];
        self.file.seek(SeekFrom::Start((block * STRIDE * RECORD_BYTES) as u64))?;
        self.file.read_exact(&mut bytes)?;
        let number = |record: &[u8], from: usize| u32::from_le_bytes(std::array::from_fn(|at| record[from + at]));
        Ok(bytes
            .chunks_exact(RECORD_BYTES)
            .find(|record| record.starts_with(key))
            .map(|record| (number(record, 12), number(record, 16))))
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // What is left of a file that cannot be removed is found in the folder of temporary files.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn probes(key: &Key, bits: u64) -> impl Iterator<Item = u64> {
    let first = u64::from_le_bytes(std::array::from_fn(|at| key[at]));
    let step = u64::from(u32::from_le_bytes(std::array::from_fn(|at| key[8 + at]))) | 1;
    (0..FILTER_PROBES).map(move |turn| first.wrapping_add(step.wrapping_mul(turn).wrapping_mul(0x9E37_79B9)) % bits)
}

fn free_path() -> PathBuf {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("shouwang-keys-{}-{number}", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: u64) -> [u8; 32] {
        *blake3::hash(&number.to_le_bytes()).as_bytes()
    }

    #[test]
    fn a_key_is_found_again_in_memory_and_on_disk() {
        for memory in [1, 7, 1_000, 100_000] {
            let mut seen = Seen::with_memory(memory);
            for number in 0..5_000_u64 {
                assert_eq!(
                    seen.note(hash(number), hash(number), number as u32).expect("notes"),
                    None,
                    "{number} {memory}"
                );
                if memory == 1 && number > 40 {
                    break;
                }
            }
            for number in [0_u64, 1, 6, 7, 8, 40] {
                let same = seen.note(hash(number), hash(number), 9_999).expect("notes");
                assert_eq!(same, Some(Earlier { row: number as u32, is_same: true }));
                let other = seen.note(hash(number), hash(77_777), 9_999).expect("notes");
                assert_eq!(other, Some(Earlier { row: number as u32, is_same: false }));
            }
        }
    }

    #[test]
    fn runs_leave_nothing_behind() {
        let mut seen = Seen::with_memory(2);
        for number in 0..9_u64 {
            seen.note(hash(number), hash(0), 1).expect("notes");
        }
        let paths: Vec<PathBuf> = seen.runs.iter().map(|run| run.path.clone()).collect();
        assert!(!paths.is_empty() && paths.iter().all(|path| path.exists()));
        drop(seen);
        assert!(paths.iter().all(|path| !path.exists()));
    }
}
