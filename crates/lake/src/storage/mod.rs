//! Where a lake lies: in a folder of this machine, or in a bucket of an object store.
//!
//! Objects are named by paths below the lake (`medical_bill/990101/in_force.json`). One appears only when it is whole, in both.
//! In a folder changes of a dataset follow one another by a lock of its file; in a bucket nobody holds a lock, and a small
//! object is replaced only where it still is what was read before.

mod address;
mod bucket;
mod folder;
mod ranges;
mod reader;
mod upload;
mod worker;

pub(crate) use address::is_address;
pub(crate) use bucket::{Bucket, Version};
pub(crate) use folder::Folder;
pub(crate) use ranges::Failure;
pub(crate) use reader::{Located, ObjectReader};

use crate::error::Result;
use std::path::{Path, PathBuf};

/// What is below a path: names of folders and of objects, each in order.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub folders: Vec<String>,
    pub objects: Vec<String>,
}

/// The place of a lake.
#[derive(Clone, Debug)]
pub(crate) enum Storage {
    Folder(Folder),
    Bucket(Bucket),
}

impl Storage {
    /// What is directly below a path; nothing where there is nothing.
    pub(crate) fn names(&self, path: &str) -> Result<Names> {
        match self {
            Storage::Folder(folder) => folder.names(path),
            Storage::Bucket(bucket) => bucket.names(path),
        }
    }

    /// Removes an object, which may have gone already.
    pub(crate) fn remove(&self, path: &str) -> Result<()> {
        match self {
            Storage::Folder(folder) => folder.remove(path),
            Storage::Bucket(bucket) => bucket.remove(path),
        }
    }

    /// An object that is read by ranges; in a folder it is looked for only when it is opened.
    pub(crate) fn locate(&self, path: &str) -> Result<Located> {
        match self {
            Storage::Folder(folder) => Ok(Located::File(folder.path(path))),
            Storage::Bucket(bucket) => bucket.locate(path),
        }
    }

    /// The folder of this machine in which unfinished files of `path` lie; it is made where it is missing.
    pub(crate) fn workshop(&self, path: &str) -> Result<PathBuf> {
        match self {
            Storage::Folder(folder) => folder.make(path),
            Storage::Bucket(bucket) => bucket.scratch.make(path),
        }
    }

    /// Puts a finished file of the workshop of the object's folder under its name, whole and for good; the file is gone then.
    pub(crate) fn put(&self, file: &Path, path: &str) -> Result<()> {
        match self {
            Storage::Folder(folder) => folder.put(file, path),
            Storage::Bucket(bucket) => bucket.put(file, path),
        }
    }

    /// How people would name an object: the path of a file, or an address.
    pub(crate) fn shown(&self, path: &str) -> String {
        match self {
            Storage::Folder(folder) => folder.path(path).display().to_string(),
            Storage::Bucket(bucket) => bucket.shown(path),
        }
    }
}
