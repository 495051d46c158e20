//! An import under way, as the store knows it: begun, with what is noted of its rows as they come, and ended.

use super::counts::Counts;
use super::order::Order;
use super::shape::Dataset;
use crate::installation::Installation;
use crate::trouble::{Outcome, Trouble};
use exchange::FileHash;
use model::Fault;
use store::{Command, ImportSummary, Leaver, NewImport, Receipt, Record, UnmatchedRow};
use words::{Wording, advice};

/// Rows whose people are noted at once.
const LEAVERS_AT_ONCE: usize = 5_000;
/// So many digits of a file's hash name it in the lake and the store.
const FILE_DIGITS: usize = 12;

/// What is to be said of rows: those for which nobody was found, and those that were taken and should be looked at.
#[derive(Default)]
pub struct RowNotes {
    pub unmatched: Vec<UnmatchedRow>,
    pub noted: Vec<UnmatchedRow>,
}

/// One import under way.
pub struct Entry<'a> {
    pub installation: &'a Installation,
    pub order: &'a Order<'a>,
    /// Its number.
    pub id: String,
    /// The first digits of the file's hash.
    pub file: String,
    pub counts: Counts,
    /// What is told of it when it is done.
    pub remarks: Vec<Wording>,
}

impl<'a> Entry<'a> {
    /// # Errors
    /// When the store fails, or the actor may not.
    pub fn begin(
        installation: &'a Installation,
        order: &'a Order<'a>,
        dataset: Dataset<'_>,
        hash: &FileHash,
    ) -> Outcome<Entry<'a>> {
        let declared = &order.declared;
        let new = NewImport {
            dataset: order.dataset.to_owned(),
            file_name: order.file_name.to_owned(),
            file_hash: hash.hex.clone(),
            bytes: hash.bytes,
            region: declared.place.unwrap_or(order.region),
            delivered_on: order.day,
            said_days: dataset.of_events().map(|_| (declared.from, declared.to)).unwrap_or_default(),
        };
        let receipt = installation.apply_as(order.actor, Command::BeginImport(new))?;
        let id = receipt.id.ok_or_else(|| Trouble::of(advice!("import_without_number")))?;
        let file = hash.hex.chars().take(FILE_DIGITS).collect();
        Ok(Entry { installation, order, id, file, counts: Counts::default(), remarks: Vec::new() })
    }

    /// Takes records into the register, each by itself; the receipt says what became of them.
    ///
    /// # Errors
    /// When the store fails, or the actor may not.
    pub fn take_records(&mut self, records: Vec<Record>) -> Outcome<Receipt> {
        let (register, file) = (self.order.dataset.to_owned(), self.file.clone());
        let command = Command::ImportRecords { register, file, records };
        let receipt = self.installation.apply_as(self.order.actor, command)?;
        self.counts.add_receipt(&receipt);
        Ok(receipt)
    }

    /// Notes faults, and rows that nobody was found for or that should be looked at.
    ///
    /// # Errors
    /// When the store fails.
    pub fn note(&mut self, faults: Vec<Fault>, RowNotes { unmatched, noted }: RowNotes) -> Outcome<()> {
        self.counts.add_faults(&faults);
        self.counts.unmatched += unmatched.len() as u64;
        self.counts.noted += noted.len() as u64;
        let import = || self.id.clone();
        if !faults.is_empty() {
            self.apply(Command::AddFaults { import: import(), faults })?;
        }
        if !unmatched.is_empty() {
            self.apply(Command::AddUnmatched { import: import(), rows: unmatched })?;
        }
        if !noted.is_empty() {
            self.apply(Command::AddNoted { import: import(), rows: noted })?;
        }
        Ok(())
    }

    /// Notes of whom the rows were that went.
    ///
    /// # Errors
    /// When the store fails.
    pub fn note_leavers(&self, leavers: &[Leaver]) -> Outcome<()> {
        for leavers in leavers.chunks(LEAVERS_AT_ONCE) {
            self.apply(Command::AddLeavers { import: self.id.clone(), leavers: leavers.to_vec() })?;
        }
        Ok(())
    }

    /// Ends the import.
    ///
    /// # Errors
    /// When the store fails.
    pub fn finish(&self, summary: &ImportSummary) -> Outcome<()> {
        self.apply(Command::FinishImport { import: self.id.clone(), summary: summary.clone() })
    }

    fn apply(&self, command: Command) -> Outcome<()> {
        self.installation.apply_as(self.order.actor, command).map(|_| ())
    }
}
