//! Scoped reads: what an actor may see, and nothing else.
//!
//! Every query of a [`View`] carries the row policy inside: the span of the actor's place and the permissions of the role.
//! What lies outside is `None` or missing, exactly as if it did not exist.

mod attachments;
mod counts;
mod export;
mod found;
mod history;
mod households;
mod imports;
mod leads;
mod notices;
mod paging;
mod places;
mod record;
mod record_shown;
mod records;
mod rules;
mod search;
mod shown;
mod snapshot;

pub use export::Exported;
pub use imports::ReasonCounts;
pub use record_shown::*;
pub use shown::*;

use crate::database::Transaction;
use crate::stored::keys::{SYSTEM_ROLE, span_text};
use crate::{Store, StoreError};
use model::{Actor, RegionCode};
use policy::declare::Permission;

/// The store as one actor sees it.
#[derive(Clone, Debug)]
pub struct View {
    pub(crate) store: Store,
    pub(crate) actor: Actor,
}

impl Store {
    /// The store as this actor sees it.
    pub fn view(&self, actor: &Actor) -> View {
        View { store: self.clone(), actor: actor.clone() }
    }
}

impl View {
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// True when the actor's role has the permission. The system may everything; an unknown role nothing.
    pub fn may(&self, permission: Permission) -> bool {
        self.is_system() || self.store.inner.declarations.role_may(&self.actor.role, permission)
    }

    fn is_system(&self) -> bool {
        self.actor.role == SYSTEM_ROLE
    }

    /// Reads one consistent state, behind the second wall of the actor's place.
    fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let (first, last) = span_text(self.actor.region);
        self.read_within((&first, &last), work)
    }

    /// As [`View::read`], behind the wall of a span of places.
    fn read_within<T>(
        &self,
        (first, last): (&str, &str),
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.store.inner.must_be_complete()?;
        self.store.inner.database.read_as(first, last, work)
    }

    /// First and last place that the actor may see, narrowed to `region`; `None` where nothing is left.
    fn span(&self, region: Option<RegionCode>) -> Option<(String, String)> {
        let own = self.actor.region;
        match region {
            None => Some(span_text(own)),
            Some(region) if own.holds(region) => Some(span_text(region)),
            Some(region) if region.holds(own) => Some(span_text(own)),
            Some(_) => None,
        }
    }

    /// Name of the column with the place of a household.
    fn household_place(&self) -> &str {
        let table = &self.store.inner.tables["household"];
        table.region.map_or("", |index| table.columns[index].name.as_str())
    }

    /// Name of the column with the first person's name of a register; a column that is always there where it has none.
    fn person_name(&self, register: &str) -> &str {
        let table = &self.store.inner.tables[register];
        table.person_name.map_or("origin_file", |index| table.columns[index].name.as_str())
    }

    /// Counts the present members of the household of `alias` (those without a day of leaving, where it is declared).
    fn members_of(&self, alias: &str) -> String {
        let dated = self.store.inner.tables["resident"].columns.iter().any(|column| column.field.name == "member_to");
        let present = if dated { " and m.member_to is null" } else { "" };
        format!("(select count(*) from r_resident m where m.household_no = {alias}.household_no{present})")
    }

    /// A name as the role may see it.
    fn name_shown(&self, name: &str) -> String {
        if self.may(Permission::SeeNames) { name.to_owned() } else { model::mask_name(name) }
    }
}
