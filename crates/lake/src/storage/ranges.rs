//! An object that is read in pieces: blocks around what is wanted, of which the last few stay in memory.
//!
//! Columns of a file lie apart and are read page by page in turns; so several blocks are kept, one for each column that is read.

use super::bucket::Bucket;
use crate::error::{LakeError, Result};
use bytes::{Bytes, BytesMut};
use object_store::ObjectStoreExt;
use parquet::errors::ParquetError;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a block: several pages of one column.
const BLOCK_BYTES: u64 = 256 << 10;
/// Blocks of one object that stay in memory while it is read.
const BLOCKS_KEPT: usize = 32;

/// What failed while Parquet was decoded, which would keep only the text of it.
pub(crate) type Failure = Arc<Mutex<Option<LakeError>>>;

/// One object that is being read.
pub(crate) struct Ranges {
    bucket: Bucket,
    path: String,
    length: u64,
    /// Number and bytes, the one used last in front.
    blocks: Mutex<VecDeque<(u64, Bytes)>>,
    failure: Failure,
}

impl Ranges {
    pub(super) fn new(bucket: Bucket, path: String, length: u64) -> Ranges {
        Ranges { bucket, path, length, blocks: Mutex::default(), failure: Failure::default() }
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn failure(&self) -> Failure {
        Arc::clone(&self.failure)
    }

    /// So many bytes from there on.
    pub(super) fn bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        let end = start.saturating_add(length as u64);
        if end > self.length {
            return Err(ParquetError::EOF(format!("{end} bytes expected, {} there", self.length)));
        }
        self.wanted(start, end).map_err(|error| {
            let told = ParquetError::General(error.to_string());
            *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            told
        })
    }

    fn wanted(&self, start: u64, end: u64) -> Result<Bytes> {
        if end - start > BLOCK_BYTES {
            return self.fetch(start, end);
        }
        let mut whole = BytesMut::new();
        let mut at = start;
        while at < end {
            let block = self.block(at / BLOCK_BYTES)?;
            let from = at % BLOCK_BYTES;
            let to = (from + end - at).min(BLOCK_BYTES);
            let piece = block.slice(from as usize..to as usize);
            if at == start && from + end - start == to {
                return Ok(piece);
            }
            whole.extend_from_slice(&piece);
            at += to - from;
        }
        Ok(whole.freeze())
    }

    fn block(&self, number: u64) -> Result<Bytes> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let known = blocks.iter().position(|(known, _)| *known == number);
        let block = match known.and_then(|at| blocks.remove(at)) {
            Some((_, block)) => block,
            None => self.fetch(number * BLOCK_BYTES, ((number + 1) * BLOCK_BYTES).min(self.length))?,
        };
        blocks.push_front((number, block.clone()));
        blocks.truncate(BLOCKS_KEPT);
        Ok(block)
    }

    fn fetch(&self, start: u64, end: u64) -> Result<Bytes> {
        let bytes = self
            .bucket
            .ask("read", &self.path, |objects, path| async move { objects.get_range(&path, start..end).await })?;
        // Whoever slices it relies on its length.
        if bytes.len() as u64 == end - start { Ok(bytes) } else { Err(self.bucket.cut_short(&self.path)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ObjectFault;
    use crate::storage::Folder;
    use object_store::PutPayload;
    use object_store::memory::InMemory;

    const BLOCK: usize = BLOCK_BYTES as usize;

    fn object(bytes: &[u8]) -> (Bucket, Ranges) {
        let scratch = Folder::open(std::env::temp_dir()).expect("a folder");
        let bucket = Bucket::over(Arc::new(InMemory::new()), scratch);
        let payload = PutPayload::from(bytes.to_vec());
        bucket.ask("write", "it", |objects, path| async move { objects.put(&path, payload).await }).expect("writable");
        let ranges = Ranges::new(bucket.clone(), "it".to_owned(), bytes.len() as u64);
        (bucket, ranges)
    }

    #[test]
    fn what_is_read_in_pieces_is_what_was_put() {
        let whole: Vec<u8> = (0..3 * BLOCK + 100).map(|at| (at % 251) as u8).collect();
        let (_, ranges) = object(&whole);
        let end = whole.len();
        let cases = [
            (0, 0),
            (0, 1),
            (BLOCK - 1, 1),
            (BLOCK - 1, 2),
            (BLOCK, BLOCK),
            (BLOCK - 7, BLOCK),
            (5, BLOCK + 1),
            (0, end),
            (end - 8, 8),
            (end - BLOCK, BLOCK),
            (end, 0),
        ];
        for (start, length) in cases.into_iter().chain(cases) {
            let read = ranges.bytes(start as u64, length).expect("it is there");
            assert!(read == whole[start..start + length], "{length} bytes from {start}");
        }
        for (start, length) in [(end, 1), (end - 8, 9), (usize::MAX, 1)] {
            assert!(matches!(ranges.bytes(start as u64, length), Err(ParquetError::EOF(_))), "{length} from {start}");
        }
    }

    #[test]
    fn few_blocks_stay_in_memory_however_long_the_object() {
        let whole = vec![7; (BLOCKS_KEPT + 5) * BLOCK];
        let (_, ranges) = object(&whole);
        (0..BLOCKS_KEPT + 5).for_each(|block| drop(ranges.bytes((block * BLOCK) as u64, 10).expect("it is there")));
        assert_eq!(ranges.blocks.lock().expect("nobody failed").len(), BLOCKS_KEPT);
    }

    #[test]
    fn an_object_that_goes_while_it_is_read_is_told_by_its_name() {
        let (bucket, ranges) = object(&vec![7; 2 * BLOCK]);
        ranges.bytes(0, 10).expect("it is there");
        bucket.remove("it").expect("deletable");
        assert!(ranges.bytes(5, 10).is_ok(), "that is in memory");
        assert!(ranges.bytes(BLOCK as u64, 10).is_err());
        let failure = ranges.failure().lock().expect("nobody failed").take();
        let is_missing = |error: &LakeError| matches!(error, LakeError::Object { fault: ObjectFault::Missing, object, .. } if object == "s3://memory/it");
        assert!(failure.as_ref().is_some_and(is_missing), "{failure:?}");
    }
}
