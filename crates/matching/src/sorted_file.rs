//! Records of a fixed width in a file, sorted, and found by their first eight bytes: for registers too large for memory.
//!
//! ```text
//! records in ascending order | first key of every block, 8 bytes each | number of records, 8 bytes
//! ```
//! Of an open file only the first keys of the blocks are held, 8 bytes for every 4 KiB, and the blocks looked at last.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Error, ErrorKind, Read, Result, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes that are read at once.
const BLOCK_BYTES: usize = 4_096;
/// Blocks that are kept.
const BLOCKS_KEPT: usize = 2_048;
/// Records that are sorted in memory.
const RUN_RECORDS: usize = 1 << 18;

/// A whole number as bytes that sort as the numbers do.
pub(crate) fn key_bytes(number: i64) -> [u8; 8] {
    (number.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

/// The number behind `key_bytes`.
pub(crate) fn number_of(bytes: [u8; 8]) -> i64 {
    (u64::from_be_bytes(bytes) ^ (1 << 63)).cast_signed()
}

/// Takes records in any order and writes them sorted, each once; memory does not grow with their number.
pub(crate) struct SortedWriter<const WIDTH: usize> {
    path: PathBuf,
    buffer: Vec<[u8; WIDTH]>,
    runs: Vec<PathBuf>,
}

impl<const WIDTH: usize> SortedWriter<WIDTH> {
    /// The file stands at `path` when `finish` is done; until then only files beside it.
    pub(crate) fn new(path: PathBuf) -> SortedWriter<WIDTH> {
        SortedWriter { path, buffer: Vec::new(), runs: Vec::new() }
    }

    pub(crate) fn push(&mut self, record: [u8; WIDTH]) -> Result<()> {
        if self.buffer.len() == RUN_RECORDS {
            let run = beside(&self.path, &format!("run{}", self.runs.len()));
            self.runs.push(run.clone());
            self.buffer.sort_unstable();
            let mut file = BufWriter::new(File::create(&run)?);
            self.buffer.drain(..).try_for_each(|record| file.write_all(&record))?;
            file.flush()?;
        }
        self.buffer.push(record);
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<()> {
        let part = beside(&self.path, "new");
        let mut out = Out::create(&part)?;
        self.buffer.sort_unstable();
        let runs: Result<Vec<Run>> = self.runs.iter().map(|run| Run::open(run)).collect();
        let (mut runs, mut last) = (runs?, self.buffer.iter());
        // The buffer is the last of the runs.
        let mut waiting: BinaryHeap<Reverse<([u8; WIDTH], usize)>> = BinaryHeap::new();
        let mut next = |from: usize| match runs.get_mut(from) {
            Some(run) => run.next(),
            None => Ok(last.next().copied()),
        };
        for from in 0..=self.runs.len() {
            waiting.extend(next(from)?.map(|record| Reverse((record, from))));
        }
        while let Some(Reverse((record, from))) = waiting.pop() {
            out.write(record)?;
            waiting.extend(next(from)?.map(|record| Reverse((record, from))));
        }
        out.finish()?;
        std::fs::rename(&part, &self.path)
    }
}

impl<const WIDTH: usize> Drop for SortedWriter<WIDTH> {
    fn drop(&mut self) {
        for run in &self.runs {
            let _ = std::fs::remove_file(run);
        }
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.{ending}", std::process::id()));
    PathBuf::from(name)
}

/// A sorted part of the records.
struct Run(BufReader<File>);

impl Run {
    fn open(path: &Path) -> Result<Run> {
        Ok(Run(BufReader::with_capacity(1 << 16, File::open(path)?)))
    }

    fn next<const WIDTH: usize>(&mut self) -> Result<Option<[u8; WIDTH]>> {
        let mut record = [0; WIDTH];
        match self.0.read_exact(&mut record) {
            Ok(()) => Ok(Some(record)),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The file as it is written.
struct Out<const WIDTH: usize> {
    file: BufWriter<File>,
    last: Option<[u8; WIDTH]>,
    starts: Vec<u8>,
    records: u64,
}

impl<const WIDTH: usize> Out<WIDTH> {
    fn create(path: &Path) -> Result<Out<WIDTH>> {
        Ok(Out { file: BufWriter::new(File::create(path)?), last: None, starts: Vec::new(), records: 0 })
    }

    fn write(&mut self, record: [u8; WIDTH]) -> Result<()> {
        if self.last == Some(record) {
            return Ok(());
        }
        if self.records.is_multiple_of(per_block(WIDTH)) {
            self.starts.extend_from_slice(&record[..8]);
        }
        self.records += 1;
        self.last = Some(record);
        self.file.write_all(&record)
    }

    fn finish(mut self) -> Result<()> {
        self.file.write_all(&self.starts)?;
        self.file.write_all(&self.records.to_be_bytes())?;
        self.file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
    }
}

fn per_block(width: usize) -> u64 {
    (BLOCK_BYTES / width) as u64
}

/// An open file of sorted records.
#[derive(Debug)]
pub(crate) struct SortedFile<const WIDTH: usize> {
    records: u64,
    starts: Vec<[u8; 8]>,
    open: RefCell<Blocks>,
}

#[derive(Debug)]
struct Blocks {
    file: File,
    kept: Vec<Option<(usize, Box<[u8]>)>>,
}

impl<const WIDTH: usize> SortedFile<WIDTH> {
    /// Opens a file that a `SortedWriter` of the same width wrote.
    pub(crate) fn open(path: &Path) -> Result<SortedFile<WIDTH>> {
        let mut file = File::open(path)?;
        let mut count = [0; 8];
        file.seek(SeekFrom::End(-8))?;
        file.read_exact(&mut count)?;
        let records = u64::from_be_bytes(count);
        let blocks = records.div_ceil(per_block(WIDTH));
        let whole = records.checked_mul(WIDTH as u64).and_then(|bytes| bytes.checked_add(blocks * 8 + 8));
        if whole != Some(file.metadata()?.len()) {
            return Err(Error::new(ErrorKind::InvalidData, "the file is not whole"));
        }
        file.seek(SeekFrom::Start(records * WIDTH as u64))?;
        let mut bytes = vec![0; usize::try_from(blocks * 8).map_err(Error::other)?];
        file.read_exact(&mut bytes)?;
        let starts = bytes.chunks_exact(8).map(|start| std::array::from_fn(|at| start[at])).collect();
        let kept = (0..BLOCKS_KEPT).map(|_| None).collect();
        Ok(SortedFile { records, starts, open: RefCell::new(Blocks { file, kept }) })
    }

    /// How many records there are.
    pub(crate) fn len(&self) -> u64 {
        self.records
    }

    /// All records that begin with `key`, ascending.
    pub(crate) fn find(&self, key: [u8; 8]) -> Result<Vec<[u8; WIDTH]>> {
        let mut found = Vec::new();
        let mut open = self.open.borrow_mut();
        let first = self.starts.partition_point(|start| *start < key).saturating_sub(1);
        for block in first..self.starts.len() {
            if self.starts[block] > key {
                break;
            }
            let bytes = open.block(block, self.span(block))?;
            let (records, _) = bytes.as_chunks::<WIDTH>();
            let from = records.partition_point(|record| record[..8] < key[..]);
            let count = found.len();
            found.extend(records[from..].iter().take_while(|record| record[..8] == key));
            if from + found.len() - count < records.len() {
                break;
            }
        }
        Ok(found)
    }

    /// Where a block lies.
    fn span(&self, block: usize) -> Span {
        let first = block as u64 * per_block(WIDTH);
        let count = per_block(WIDTH).min(self.records - first);
        Span { start: first * WIDTH as u64, length: count as usize * WIDTH }
    }
}

/// Bytes of a file.
#[derive(Clone, Copy)]
struct Span {
    start: u64,
    length: usize,
}

impl Blocks {
    fn block(&mut self, block: usize, Span { start, length }: Span) -> Result<&[u8]> {
        let slot = &mut self.kept[block % BLOCKS_KEPT];
        if slot.as_ref().is_none_or(|(known, _)| *known != block) {
            let mut bytes = vec![0; length].into_boxed_slice();
            self.file.seek(SeekFrom::Start(start))?;
            self.file.read_exact(&mut bytes)?;
            *slot = Some((block, bytes));
        }
        Ok(slot.as_ref().map(|(_, bytes)| &**bytes).unwrap_or_default())
    }
}
