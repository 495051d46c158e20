//! The handle of an open database.

use crate::caches::{Bases, Estimates, Waiting};
use crate::cipher::Cipher;
use crate::database::{Database, Transaction};
use crate::stored::named;
use crate::stored::raised::{self, Evidence};
use crate::stored::tables::RegisterTable;
use crate::{Declarations, StoreError};
use model::{RegionCode, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// An open database. Clones share it; it is safe to use from many threads.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) database: Database,
    pub(crate) cipher: Cipher,
    pub(crate) declarations: Declarations,
    pub(crate) tables: BTreeMap<String, RegisterTable>,
    pub(crate) estimates: Estimates,
    pub(crate) bases: Bases,
    pub(crate) waiting: Waiting,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store(..)")
    }
}

impl Store {
    /// The place of the package.
    pub fn region(&self) -> RegionCode {
        self.inner.declarations.region
    }

    /// A value of the installation that was set by `SetSetting`, as JSON text.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let name = format!("setting {name}");
        self.inner.database.read(|transaction| named::value(transaction, &name))
    }

    /// Copies the database to a new file while it is in use.
    ///
    /// # Errors
    /// `Exists` where the file is there already; `BackUpElsewhere` for a PostgreSQL database.
    pub fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        if to.exists() {
            return Err(StoreError::Exists { path: to.to_owned() });
        }
        self.inner.database.back_up(to)
    }
}

impl Inner {
    /// The register that screenings raise records of; every package has one.
    pub(crate) fn raised(&self) -> Result<&RegisterTable, StoreError> {
        self.tables.values().find(|table| table.register.is_raised()).ok_or_else(|| StoreError::Declaration {
            register: "*".to_owned(),
            why: "no register is raised by a screening".to_owned(),
        })
    }

    /// What is behind a raised record; nothing where no file is named.
    pub(crate) fn evidence(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        fields: &[Value],
    ) -> Result<Evidence, StoreError> {
        let Some(named) = table.value(fields, raised::EVIDENCE).as_text() else { return Ok(Evidence::default()) };
        let sql = "select content from attachment where hash = ?1";
        let hash = raised::evidence_hash(named);
        let content: Option<Vec<u8>> = transaction.first(sql, &[hash.into()], |row| row.get(0))?;
        let content = content.ok_or_else(|| StoreError::StoredValue { column: format!("attachment {hash}") })?;
        Ok(serde_json::from_slice(&content)?)
    }

    /// Refuses while records are still being filled in.
    pub(crate) fn must_be_complete(&self) -> Result<(), StoreError> {
        match self.waiting.0.load(Ordering::Acquire) {
            0 => Ok(()),
            records => Err(StoreError::Incomplete { records }),
        }
    }
}
