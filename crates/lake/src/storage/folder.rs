//! A lake in a folder of this machine. What is written is synced before it has its name, and the folder after.

use super::Names;
use crate::error::{LakeError, Result};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The folder of a lake.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Opens a folder, which is made where it is missing.
    pub(crate) fn open(root: impl Into<PathBuf>) -> Result<Folder> {
        let folder = Folder { root: root.into() };
        folder.make("")?;
        Ok(folder)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.root.clone() } else { self.root.join(path) }
    }

    pub(crate) fn make(&self, path: &str) -> Result<PathBuf> {
        let folder = self.path(path);
        std::fs::create_dir_all(&folder).map_err(LakeError::file("make the folder", &folder))?;
        Ok(folder)
    }

    pub(crate) fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let path = self.path(path);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(LakeError::file("read", &path)(error)),
        }
    }

    pub(crate) fn names(&self, path: &str) -> Result<Names> {
        let folder = self.path(path);
        let failed = |error| LakeError::file("list", &folder)(error);
        let listing = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Names::default()),
            listing => listing.map_err(failed)?,
        };
        let mut names = Names::default();
        for entry in listing {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if entry.path().is_dir() { names.folders.push(name) } else { names.objects.push(name) }
        }
        names.folders.sort();
        names.objects.sort();
        Ok(names)
    }

    pub(crate) fn remove(&self, path: &str) -> Result<()> {
        let file = self.path(path);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            removed => removed.map_err(LakeError::file("delete", &file))?,
        }
        sync_folder_of(&file).map_err(LakeError::file("write", file))
    }

    pub(crate) fn put(&self, file: &Path, path: &str) -> Result<()> {
        let path = self.path(path);
        let named = std::fs::rename(file, &path).and_then(|()| sync_folder_of(&path));
        named.map_err(LakeError::file("write", path))
    }

    /// Writes an object so that a reader sees the old one or the whole new one, also after a crash.
    pub(crate) fn replace(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(path);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let beside = path.with_file_name(format!("{name}.{}.tmp", std::process::id()));
        let written = || -> std::io::Result<()> {
            let mut file = File::create(&beside)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            std::fs::rename(&beside, &path)?;
            sync_folder_of(&path)
        };
        written().map_err(LakeError::file("write", path.clone()))
    }

    /// The open file of a lock; it is made where it is missing.
    pub(crate) fn lock_file(&self, path: &str) -> Result<File> {
        let path = self.path(path);
        let opened = File::options().create(true).truncate(false).write(true).open(&path);
        opened.map_err(LakeError::file("open", path))
    }
}

fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
