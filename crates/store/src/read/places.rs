//! Names of places.

use crate::database::{Row, values};
use crate::read::View;
use crate::{Region, StoreError};
use model::{Level, RegionCode};

impl View<'_> {
    /// The places one level below, ordered by code; the actor's own place and below only.
    pub fn regions(&self, inside: RegionCode) -> Result<Vec<Region>, StoreError> {
        if !self.actor.region.holds(inside) {
            return Ok(Vec::new());
        }
        let Some(below) = below(inside.level()) else { return Ok(Vec::new()) };
        let (first, last) = inside.span();
        let places = self.named(&first.to_string(), &last.to_string(), below)?;
        Ok(places.into_iter().filter(|place| place.code != inside).collect())
    }

    /// From the province down to the place itself, names for a breadcrumb. Names of places are no secret.
    pub fn region_path(&self, region: RegionCode) -> Result<Vec<Region>, StoreError> {
        let levels = [Level::Province, Level::Prefecture, Level::County, Level::Township, Level::Village];
        let mut path = Vec::new();
        for level in levels.into_iter().filter(|level| *level <= region.level()) {
            let code = region.at(level).to_string();
            path.extend(self.named(&code, &code, level)?);
        }
        Ok(path)
    }

    /// Places of that level between two codes.
    fn named(&self, first: &str, last: &str, level: Level) -> Result<Vec<Region>, StoreError> {
        let code = &self.store.inner.tables["region"].key[0];
        let short = self.store.inner.tables["region"].columns.iter().any(|column| column.field.name == "short");
        let short = if short { "coalesce(short, name)" } else { "name" };
        let zeros = "0".repeat(12 - level.digits() as usize);
        let sql = format!(
            "select \"{code}\", name, {short} from r_region where \"{code}\" between ?1 and ?2 and \"{code}\" like ?3 order by 1"
        );
        self.read(|transaction| {
            let mut places = transaction.all(&sql, values![first, last, format!("%{zeros}")], place)?;
            places.retain(|place| place.code.level() == level);
            Ok(places)
        })
    }
}

/// The level below.
pub(super) fn below(level: Level) -> Option<Level> {
    match level {
        Level::Province => Some(Level::Prefecture),
        Level::Prefecture => Some(Level::County),
        Level::County => Some(Level::Township),
        Level::Township => Some(Level::Village),
        Level::Village => None,
    }
}

fn place(row: &Row<'_>) -> Result<Region, StoreError> {
    Ok(Region { code: super::paging::region(row, 0)?, name: row.get(1)?, short: row.get(2)? })
}
