//! Where the lake of a test lies: in a folder, or in a bucket. Every promise is held in both.

use crate::server::{BUCKET, SECRET, Server};
use lake::Lake;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Folder,
    Bucket,
}

/// All kinds of places.
pub const BOTH: [Kind; 2] = [Kind::Folder, Kind::Bucket];

/// A place of its own for a test; it goes when the test ends.
pub struct Home {
    root: PathBuf,
    pub server: Option<Server>,
}

impl Home {
    pub fn new(kind: Kind) -> Home {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("lake-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let root = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&root).expect("a temporary folder can be made");
        let server = (kind == Kind::Bucket).then(|| Server::start(&root.join("server")));
        Home { root, server }
    }

    /// Opens the lake anew.
    pub fn lake(&self) -> Lake {
        self.open(SECRET).expect("the lake can be opened")
    }

    /// Opens the lake anew, with this secret where one is asked for.
    pub fn open(&self, secret: &str) -> lake::Result<Lake> {
        match &self.server {
            None => Lake::local(self.root.join("lake")),
            Some(server) => Lake::bucket(&self.address(), server.variables(secret), self.scratch()),
        }
    }

    pub fn address(&self) -> String {
        format!("s3://{BUCKET}/county/990101")
    }

    /// The folder for files that are not finished.
    pub fn scratch(&self) -> PathBuf {
        self.root.join("scratch")
    }

    /// The file behind an object of the lake.
    pub fn file(&self, path: &str) -> PathBuf {
        match self.server {
            None => self.root.join("lake").join(path),
            Some(_) => self.root.join("server").join(BUCKET).join("county/990101").join(path),
        }
    }

    /// Names of the objects in a folder of the lake, in order.
    pub fn names(&self, path: &str) -> Vec<String> {
        names(&self.file(path))
    }

    /// True where nothing unfinished is left on this machine.
    pub fn is_tidy(&self) -> bool {
        let unfinished = |name: &String| !name.ends_with(".parquet") && !name.ends_with(".json") && name != "lock";
        !all_files(&if self.server.is_some() { self.scratch() } else { self.root.join("lake") }).iter().any(unfinished)
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    names
}

fn all_files(folder: &Path) -> Vec<String> {
    let inside = |name: String| match folder.join(&name).is_dir() {
        true => all_files(&folder.join(&name)),
        false => vec![name],
    };
    names(folder).into_iter().flat_map(inside).collect()
}

impl Drop for Home {
    fn drop(&mut self) {
        self.server = None;
        let _ = std::fs::remove_dir_all(&self.root);
    }
}
