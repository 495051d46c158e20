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

/// Rows that are held in memory before they go to the disk.
const ROWS_HELD: usize = 65_536;
/// What to do where the lake cannot be written.
pub const IMPORT_AGAIN: [&str; 2] =
    ["请检查磁盘空间和权限后重新导入", "Check the free space of the disk and the permissions, and import again."];

/// The rows of one file that will enter the lake.
pub struct Holding<'a> {
    lake: &'a Lake,
    source: &'a Source,
    pub schema: DatasetSchema,
    delivered_on: Day,
    pub counties: BTreeMap<CountyCode, Delivery>,
    /// Rows of all counties that are held in memory.
    held: usize,
}

impl<'a> Holding<'a> {
    pub fn new(installation: &'a Installation, order: &Order<'_>, source: &'a Source) -> Holding<'a> {
        let schema = DatasetSchema::of_source(order.dataset, source);
        let (lake, delivered_on) = (&installation.lake, order.day);
        Holding { lake, source, schema, delivered_on, counties: BTreeMap::new(), held: 0 }
    }

    /// Holds rows.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn take(&mut self, rows: Vec<PlacedRow>) -> Outcome<()> {
        for PlacedRow { place, row } in rows {
            let county = place.county();
            let pushed = self.delivery(county).and_then(|delivery| delivery.push(row));
            pushed.attempt(|| unwritten(self.source, Some(county)), IMPORT_AGAIN)?;
            self.held += 1;
            if self.held >= ROWS_HELD {
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
        self.held = 0;
        for (county, delivery) in &mut self.counties {
            delivery.spill().attempt(|| unwritten(self.source, Some(*county)), IMPORT_AGAIN)?;
        }
        Ok(())
    }
}

/// The lake's files of a source, of one county where it is said, cannot be written.
pub fn unwritten(source: &Source, county: Option<CountyCode>) -> [String; 2] {
    let county = county.map(|county| format!(" {county}")).unwrap_or_default();
    [
        format!("无法写入数据湖({}{county})", source.label),
        format!("The lake cannot be written ({}{county})", source.label_en),
    ]
}
