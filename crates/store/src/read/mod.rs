//! Scoped reads: what an actor may see, and nothing else.
//!
//! Every query of a [`View`] carries the row policy inside: the span of the actor's place and the permissions of the role.
//! What lies outside is `None` or missing, exactly as if it did not exist.

mod attachments;
mod counts;
mod course_shown;
mod export;
mod figures;
mod found;
mod history;
mod households;
mod imports;
mod leads;
mod notices;
mod own;
mod paging;
mod places;
mod record;
mod record_shown;
mod records;
mod register_figures;
mod rules;
mod search;
mod shown;
mod snapshot;

pub use course_shown::*;
pub use export::Exported;
pub use imports::ReasonCounts;
pub use record_shown::*;
pub use shown::*;

use crate::database::Transaction;
use crate::stored::keys::{RegionSpan, SYSTEM_ROLE};
use crate::{Store, StoreError};
use model::{Actor, RegionCode};
use policy::declare::Permission;

/// The store as one actor sees it. Each read sees one consistent state; inside of [`View::read_transaction`] all of them see the same.
#[derive(Clone)]
pub struct View<'t> {
    pub(crate) store: Store,
    pub(crate) actor: Actor,
    /// The transaction in which everything is read; without one, each read has its own.
    transaction: Option<&'t Transaction<'t>>,
}

impl Store {
    /// The store as this actor sees it.
    pub fn view(&self, actor: &Actor) -> View<'static> {
        View { store: self.clone(), actor: actor.clone(), transaction: None }
    }
}

impl View<'_> {
    /// Who sees it so.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// True where all reads see one state already.
    pub fn is_in_transaction(&self) -> bool {
        self.transaction.is_some()
    }

    /// Does `work` with a view all of whose reads see one state of the database, whatever is written meanwhile; behind the
    /// second wall of the actor's place. One inside of another is the same. It holds a connection until `work` is done.
    ///
    /// # Errors
    /// What `work` says, or what the database says where the transaction cannot begin.
    pub fn read_transaction<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&View<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.is_in_transaction() {
            return work(self);
        }
        let RegionSpan { first, last } = RegionSpan::of(self.actor.region);
        let outcome = self.store.inner.database.read_as(&first, &last, |transaction| {
            Ok(work(&View { store: self.store.clone(), actor: self.actor.clone(), transaction: Some(transaction) }))
        });
        outcome?
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
        self.read_within(&RegionSpan::of(self.actor.region), work)
    }

    /// As [`View::read`], behind the wall of a span of places inside of the actor's; in a transaction that runs already, behind the wall of
    /// the actor's place, as every statement names its span itself.
    fn read_within<T>(
        &self,
        span: &RegionSpan,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.store.inner.must_be_complete()?;
        match self.transaction {
            Some(transaction) => work(transaction),
            None => self.store.inner.database.read_as(&span.first, &span.last, work),
        }
    }

    /// First and last place that the actor may see, narrowed to `region`; `None` where nothing is left.
    fn span(&self, region: Option<RegionCode>) -> Option<RegionSpan> {
        let own = self.actor.region;
        match region {
            None => Some(RegionSpan::of(own)),
            Some(region) if own.holds(region) => Some(RegionSpan::of(region)),
            Some(region) if region.holds(own) => Some(RegionSpan::of(own)),
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
