//! Rows of a delivery on their way into the lake: held by county, in memory or beside the lake, until they come into force.

use super::super::matched::extract_rows::PlacedRow;
use super::super::order::Order;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome};
use lake::{DatasetSchema, Delivery, Lake};
use model::{CountyCode, Day};
use policy::declare::Source;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use words::{Advice, Wording, advice};

/// Rows that are kept in memory before they go to the disk.
const ROWS_IN_MEMORY_MAX: usize = 65_536;

/// The rows of one file that will enter the lake.
pub struct Holding<'a> {
    lake: &'a Lake,
    source: &'a Source,
    pub schema: DatasetSchema,
    delivered_on: Day,
    pub counties: BTreeMap<CountyCode, Delivery>,
    /// Rows of all counties that are in memory.
    rows_in_memory: usize,
}

impl<'a> Holding<'a> {
    pub fn new(installation: &'a Installation, order: &Order<'_>, source: &'a Source) -> Holding<'a> {
        let schema = DatasetSchema::of_source(order.dataset, source);
        let (lake, delivered_on) = (&installation.lake, order.day);
        Holding { lake, source, schema, delivered_on, counties: BTreeMap::new(), rows_in_memory: 0 }
    }

    /// Holds rows.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn take(&mut self, rows: Vec<PlacedRow>) -> Outcome<()> {
        for PlacedRow { place, row } in rows {
            let county = place.county();
            let pushed = self.delivery(county).and_then(|delivery| delivery.push(row));
            pushed.attempt(|| unwritten(self.source, Some(county)))?;
            self.rows_in_memory += 1;
            if self.rows_in_memory >= ROWS_IN_MEMORY_MAX {
                self.spill()?;
            }
        }
        Ok(())
    }

    fn delivery(&mut self, county: CountyCode) -> lake::Result<&mut Delivery> {
        match self.counties.entry(county) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                Ok(place.insert(self.lake.delivery(&self.schema, county.number(), self.delivered_on)?))
            }
        }
    }

    /// Puts what all counties hold in memory on the disk: a file may have rows of many counties, each with few.
    fn spill(&mut self) -> Outcome<()> {
        self.rows_in_memory = 0;
        for (county, delivery) in &mut self.counties {
            delivery.spill().attempt(|| unwritten(self.source, Some(*county)))?;
        }
        Ok(())
    }
}

/// The lake's files of a source, of one county where it is said, cannot be written.
pub fn unwritten(source: &Source, county: Option<CountyCode>) -> Advice {
    advice!("lake_unwritten", source = files_of(source, county))
}

/// What the lake's files of a source are called, of one county where it is said.
pub fn files_of(source: &Source, county: Option<CountyCode>) -> Wording {
    let county = county.map(|county| format!(" {county}")).unwrap_or_default();
    Wording::pair(format!("{}{county}", source.label), format!("{}{county}", source.label_en))
}
