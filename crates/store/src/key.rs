//! The key of an installation and what is derived from it.

use crate::StoreError;
use aes_gcm::aead::Generate;
use aes_gcm::{Aes256Gcm, Key};
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

const CONTEXT: &str = "shouwang 2026-11 store key: ";

/// 32 secret bytes; everything that is encrypted, found or signed hangs on them. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreKey([u8; 32]);

impl StoreKey {
    /// A new key from the system's random numbers.
    pub fn generate() -> StoreKey {
        StoreKey(Key::<Aes256Gcm>::generate().into())
    }

    /// A key with these bytes, for tests and for keys kept elsewhere.
    pub fn from_bytes(bytes: [u8; 32]) -> StoreKey {
        StoreKey(bytes)
    }

    /// Where the key of a database lies: `secret.key` in the same folder.
    pub fn path_beside(database: &Path) -> PathBuf {
        database.with_file_name("secret.key")
    }

    /// Makes a key and writes it to a new file that only its owner may read (mode 0600 on Unix).
    ///
    /// # Errors
    /// `KeyFile` when the file exists or cannot be written.
    pub fn create(path: &Path) -> Result<StoreKey, StoreError> {
        let key = StoreKey::generate();
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let write = || -> std::io::Result<()> {
            let mut file = options.open(path)?;
            file.write_all(&key.0)?;
            file.sync_all()
        };
        write().map_err(|source| StoreError::KeyFile { path: path.to_owned(), source })?;
        Ok(key)
    }

    /// Reads the key from its file.
    ///
    /// # Errors
    /// `KeyFile` when the file is missing, unreadable or not 32 bytes long.
    pub fn read(path: &Path) -> Result<StoreKey, StoreError> {
        let fault = |source| StoreError::KeyFile { path: path.to_owned(), source };
        let bytes = std::fs::read(path).map_err(fault)?;
        let exact: [u8; 32] =
            bytes.try_into().map_err(|_| fault(std::io::Error::other("the key file is not 32 bytes long")))?;
        Ok(StoreKey(exact))
    }

    /// Key of the one-to-one cipher that makes resident keys from identity numbers.
    pub fn person_cipher_key(&self) -> [u8; 32] {
        self.derive("person cipher")
    }

    /// A key of 32 bytes for one purpose; purposes say nothing about one another or about the key itself.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        blake3::derive_key(&format!("{CONTEXT}{purpose}"), &self.0)
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKey(..)")
    }
}
