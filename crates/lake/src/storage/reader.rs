//! What Parquet files are read from: a file of this machine, or an object by ranges.

use super::bucket::Bucket;
use super::ranges::{Failure, Ranges};
use crate::error::{LakeError, Result};
use bytes::Bytes;
use object_store::ObjectStoreExt;
use parquet::file::reader::{ChunkReader, Length};
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::PathBuf;

/// Bytes that are read ahead where nobody says how many are wanted.
const AHEAD_BYTES: u64 = 64 << 10;

/// Something that can be opened for reading, as often as wanted.
#[derive(Clone, Debug)]
pub(crate) enum Located {
    File(PathBuf),
    Object { bucket: Bucket, path: String, length: u64 },
}

impl Located {
    /// How people would name it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Located::File(path) => path.display().to_string(),
            Located::Object { bucket, path, .. } => bucket.shown(path),
        }
    }

    /// Opens it.
    ///
    /// # Errors
    /// `File` when it cannot be opened; an object tells when it is read.
    pub(crate) fn open(&self) -> Result<ObjectReader> {
        match self {
            Located::File(path) => File::open(path).map(ObjectReader::File).map_err(LakeError::file("open", path)),
            Located::Object { bucket, path, length } => {
                Ok(ObjectReader::Ranges(Ranges::new(bucket.clone(), path.clone(), *length)))
            }
        }
    }
}

impl Bucket {
    /// An object that is read by ranges.
    pub(crate) fn locate(&self, path: &str) -> Result<Located> {
        let meta = self.ask("open", path, |objects, path| async move { objects.head(&path).await })?;
        Ok(Located::Object { bucket: self.clone(), path: path.to_owned(), length: meta.size })
    }
}

/// An open file or object.
pub(crate) enum ObjectReader {
    File(File),
    Ranges(Ranges),
}

impl ObjectReader {
    /// Where it is found later what failed, if anything did.
    pub(crate) fn failure(&self) -> Failure {
        match self {
            ObjectReader::File(_) => Failure::default(),
            ObjectReader::Ranges(ranges) => ranges.failure(),
        }
    }
}

impl Length for ObjectReader {
    fn len(&self) -> u64 {
        match self {
            ObjectReader::File(file) => Length::len(file),
            ObjectReader::Ranges(ranges) => ranges.length(),
        }
    }
}

impl ChunkReader for ObjectReader {
    type T = Box<dyn Read + Send>;

    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        match self {
            ObjectReader::File(file) => Ok(Box::new(file.get_read(start)?)),
            ObjectReader::Ranges(ranges) => {
                let ahead = AHEAD_BYTES.min(ranges.length().saturating_sub(start));
                Ok(Box::new(Cursor::new(ranges.bytes(start, ahead as usize)?)))
            }
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        match self {
            ObjectReader::File(file) => file.get_bytes(start, length),
            ObjectReader::Ranges(ranges) => ranges.bytes(start, length),
        }
    }
}
