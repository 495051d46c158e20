//! What names records, places and the engine's own things, in the log, in the tables and in addresses.

use super::field_column::FieldColumn;
use super::values::{ordered, to_sql, to_text};
use crate::cipher::Cipher;
use crate::database::Sql;
use model::{Actor, Level, RegionCode, Value};

/// Role of changes that no person makes: the command line of the machine's owner, and nightly work. No package declares it.
pub const SYSTEM_ROLE: &str = "system";

/// The actor for changes that no person makes, at this place.
pub fn system_actor(region: RegionCode) -> Actor {
    Actor {
        account: SYSTEM_ROLE.to_owned(),
        shown_name: words::wording!("who_system").chinese().to_owned(),
        role: SYSTEM_ROLE.to_owned(),
        region,
        department: None,
    }
}

/// Name under which the signed number of events and chains is kept.
pub(crate) const SEAL: &str = "log_seal";
/// Value of the installation with the last event of those that `tally` counted.
pub(crate) const COUNTED: &str = "tally";

/// Actions of events that the system leaves when a package has changed. Nobody worked on the record then.
pub(crate) const BY_PACKAGE: [&str; 2] = ["recalculated", "recoded"];

/// The county of a place; places above counties stand for themselves.
pub(crate) fn county_of(place: Option<RegionCode>) -> Option<RegionCode> {
    place.map(|place| place.at(Level::County))
}

/// First and last code of a place and all inside it, as texts are compared.
#[derive(Clone, Debug)]
pub(crate) struct RegionSpan {
    pub(crate) first: String,
    pub(crate) last: String,
}

impl RegionSpan {
    pub(crate) fn of(region: RegionCode) -> RegionSpan {
        let (first, last) = region.span();
        RegionSpan { first: first.to_string(), last: last.to_string() }
    }
}

/// A value in the form in which the column is compared: hashed where it is sealed.
pub(crate) fn compared_value(cipher: &Cipher, column: &FieldColumn, value: &Value) -> Option<Sql> {
    if column.find.is_some() {
        let text = to_text(column, value).ok().flatten()?;
        return Some(Sql::Whole(cipher.find("whole", &text)));
    }
    if column.order.is_some() {
        return ordered(value).map(Sql::Whole);
    }
    to_sql(column, value).ok().filter(|value| !value.is_null())
}

/// The digest under which a frozen chunk, or the digests of all chunks of a county, stand in the log.
pub(crate) fn digest_of(cipher: &Cipher, bytes: &[u8]) -> String {
    format!("{:016x}", cipher.content(bytes) as u64)
}
