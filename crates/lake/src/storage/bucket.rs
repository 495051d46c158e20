//! A lake in a bucket of an object store of the kind of S3. An object appears only when it is whole: the store promises that.

use super::Names;
use super::address::Address;
use super::folder::Folder;
use super::worker::Worker;
use crate::error::{LakeError, ObjectFault, Result};
use object_store::path::Path as ObjectPath;
use object_store::{Error as StoreError, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion};
use std::future::Future;
use std::sync::Arc;

/// The bucket of a lake, and the folder of this machine in which files are made.
#[derive(Clone)]
pub(crate) struct Bucket {
    objects: Arc<dyn ObjectStore>,
    address: Address,
    worker: Arc<Worker>,
    /// Unfinished files lie here, in folders of the same names.
    pub(super) scratch: Folder,
}

/// A small object as it was when it was read.
#[derive(Debug)]
pub(crate) struct Stored {
    pub bytes: Vec<u8>,
    pub version: Version,
}

/// Which bytes an object had; another one for other bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Version(Option<String>);

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The client would show more than an address.
        f.debug_tuple("Bucket").field(&self.address).finish()
    }
}

impl Bucket {
    /// A bucket by its address, with the variables of the environment that say how it is reached.
    ///
    /// # Errors
    /// `Address` where they do not fit; `File` when the folder for unfinished files cannot be made.
    pub(crate) fn open(address: &str, variables: &[(String, String)], scratch: Folder) -> Result<Bucket> {
        let address = Address::parse(address)?;
        let objects = Arc::new(address.client(variables)?);
        let worker = Worker::start().map_err(LakeError::file("start a thread for", scratch.path("")))?;
        Ok(Bucket { objects, address, worker: Arc::new(worker), scratch })
    }

    /// A bucket over any store.
    #[cfg(test)]
    pub(super) fn over(objects: Arc<dyn ObjectStore>, scratch: Folder) -> Bucket {
        let address = Address { bucket: "memory".to_owned(), prefix: String::new() };
        Bucket { objects, address, worker: Arc::new(Worker::start().expect("a thread")), scratch }
    }

    /// The address of an object.
    pub(crate) fn shown(&self, path: &str) -> String {
        let Address { bucket, prefix } = &self.address;
        let parts = [bucket.as_str(), prefix, path];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("s3://{}", parts.join("/"))
    }

    fn path(&self, path: &str) -> Result<ObjectPath> {
        let prefix = &self.address.prefix;
        let whole = if prefix.is_empty() { path.to_owned() } else { format!("{prefix}/{path}") };
        let what = || format!("`{path}` cannot be the name of an object");
        ObjectPath::parse(whole.trim_end_matches('/')).map_err(|_| LakeError::Address { what: what() })
    }

    /// Waits for an answer of the store about an object.
    pub(super) fn ask<T: Send + 'static, A: Future<Output = object_store::Result<T>> + Send + 'static>(
        &self,
        attempt: &'static str,
        path: &str,
        question: impl FnOnce(Arc<dyn ObjectStore>, ObjectPath) -> A,
    ) -> Result<T> {
        let answer = question(Arc::clone(&self.objects), self.path(path)?);
        let answer = self.worker.wait(answer).unwrap_or_else(|| Err(broken_off()));
        answer.map_err(|error| self.failed(attempt, path, error))
    }

    pub(super) fn failed(&self, attempt: &'static str, path: &str, source: StoreError) -> LakeError {
        let fault = match &source {
            StoreError::NotFound { .. } => ObjectFault::Missing,
            StoreError::PermissionDenied { .. } | StoreError::Unauthenticated { .. } => ObjectFault::Refused,
            _ => ObjectFault::NoAnswer,
        };
        LakeError::Object { attempt, object: self.shown(path), fault, source: Box::new(source) }
    }

    /// Reads a small object; `None` where there is none.
    pub(crate) fn read(&self, path: &str) -> Result<Option<Stored>> {
        let found = self.ask("read", path, |objects, path| async move {
            let found = objects.get(&path).await?;
            let version = Version(found.meta.e_tag.clone());
            Ok(Stored { version, bytes: found.bytes().await?.to_vec() })
        });
        match found {
            Err(LakeError::Object { fault: ObjectFault::Missing, .. }) => Ok(None),
            found => found.map(Some),
        }
    }

    /// Puts a small object in the place of the one that was read (`None`: there was none). `None`, and nothing is changed, where
    /// another one stands there now. The bytes must be such as nobody else writes.
    ///
    /// # Errors
    /// `Object` when the store does not answer; then it may be in its place all the same.
    pub(crate) fn replace(&self, path: &str, bytes: Vec<u8>, before: Option<&Version>) -> Result<Option<Version>> {
        let mode = match before {
            None => PutMode::Create,
            Some(Version(e_tag)) => PutMode::Update(UpdateVersion { e_tag: e_tag.clone(), version: None }),
        };
        let payload = PutPayload::from(bytes.clone());
        let put = self.ask("write", path, |objects, path| async move {
            match objects.put_opts(&path, payload, PutOptions::from(mode)).await {
                Ok(put) => Ok(Some(Version(put.e_tag))),
                Err(StoreError::AlreadyExists { .. } | StoreError::Precondition { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        })?;
        // A request that was sent again because its answer was lost is refused although it was met.
        let is_own = |found: &Stored| found.bytes == bytes;
        match put {
            Some(version) => Ok(Some(version)),
            None => Ok(self.read(path)?.filter(is_own).map(|found| found.version)),
        }
    }

    pub(crate) fn names(&self, path: &str) -> Result<Names> {
        let found = self.ask("list", path, |objects, path| async move {
            match objects.list_with_delimiter(Some(&path)).await {
                Ok(found) => Ok(found),
                Err(error) => Err(why_not_listed(objects, &path, error).await),
            }
        })?;
        let name = |path: &ObjectPath| path.filename().map(str::to_owned);
        let mut names = Names {
            folders: found.common_prefixes.iter().filter_map(name).collect(),
            objects: found.objects.iter().filter_map(|object| name(&object.location)).collect(),
        };
        names.folders.sort();
        names.objects.sort();
        Ok(names)
    }

    pub(crate) fn remove(&self, path: &str) -> Result<()> {
        let removed = self.ask("delete", path, |objects, path| async move { objects.delete(&path).await });
        match removed {
            Err(LakeError::Object { fault: ObjectFault::Missing, .. }) => Ok(()),
            removed => removed,
        }
    }

    /// What to say of an object that is shorter than the store said.
    pub(super) fn cut_short(&self, path: &str) -> LakeError {
        let source = StoreError::Generic { store: "lake", source: "fewer bytes came than were asked for".into() };
        self.failed("read", path, source)
    }
}

/// Why nothing was listed. A refused list does not say why; a question about one object, which need not be there, does.
async fn why_not_listed(objects: Arc<dyn ObjectStore>, path: &ObjectPath, error: StoreError) -> StoreError {
    match objects.head(&path.clone().join("turn.json")).await {
        Err(told @ (StoreError::NotFound { .. } | StoreError::PermissionDenied { .. })) => told,
        Err(told @ StoreError::Unauthenticated { .. }) => told,
        _ => error,
    }
}

fn broken_off() -> StoreError {
    StoreError::Generic { store: "lake", source: "the request broke off".into() }
}
