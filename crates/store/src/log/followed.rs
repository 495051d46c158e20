//! What followed from a step, in sentences; the receipt of the step and the page behind it say the same.

use crate::database::Transaction;
use crate::receipt::Agreement;
use crate::store::Inner;
use crate::stored::tables::RegisterTable;
use crate::{Declarations, StoreError};
use lifecycle::{Approval, Term};
use model::{Day, RegionCode};
use policy::declare::{Approvals, Register, Step};
use words::{Wording, wording};

impl Declarations {
    /// Labels of roles, in a list.
    pub(crate) fn roles_told(&self, roles: &[String]) -> Wording {
        words::list(roles.iter().map(|name| {
            self.roles.get(name).map_or_else(Wording::default, |role| Wording::pair(&role.label, &role.label_en))
        }))
    }

    /// How far these have come to agree to the step; `None` where one is enough, or all are there.
    pub(crate) fn agreement(&self, step: &Step, approvals: &[Approval]) -> Option<Agreement> {
        let tally = lifecycle::tally(step, approvals).filter(|tally| !tally.is_full())?;
        let (given, needed) = (tally.given, tally.needed);
        let roles = self.roles_told(&lifecycle::still_needed(step, approvals));
        let label = match step.approvals {
            Some(Approvals::AtLeast(_)) => {
                wording!("followed_agreed_some", given, needed, more = needed.saturating_sub(given), roles)
            }
            _ => wording!("followed_agreed", given, needed, roles),
        };
        Some(Agreement { given, needed, label })
    }
}

impl Inner {
    /// The roles that are told of a step, and for which place.
    pub(crate) fn notified(
        &self,
        transaction: &Transaction<'_>,
        roles: &[String],
        place: Option<RegionCode>,
    ) -> Result<Wording, StoreError> {
        let place = self.place_name(transaction, place)?;
        Ok(wording!("followed_notified", roles = self.declarations.roles_told(roles), place))
    }

    /// The name of a place; empty where it has none.
    pub(crate) fn place_name(
        &self,
        transaction: &Transaction<'_>,
        place: Option<RegionCode>,
    ) -> Result<String, StoreError> {
        let Some(place) = place else { return Ok(String::new()) };
        let code = &self.tables["region"].key[0];
        let sql = format!("select name from r_region where \"{code}\" = ?1");
        let name = transaction.first(&sql, &[place.to_string().into()], |row| row.get::<Option<String>>(0))?;
        Ok(name.flatten().unwrap_or_default())
    }
}

/// The days of a notice.
pub(crate) fn put_up(Term { from, last_day, free_on }: Term) -> Wording {
    wording!("followed_put_up", from, last_day, free_on)
}

/// The notice is taken down.
pub(crate) fn taken_down() -> Wording {
    wording!("followed_take_down")
}

/// A deadline stands still, or runs again.
pub(crate) fn clock(table: &RegisterTable, deadline: &str, is_stopped: bool) -> Wording {
    let label = deadline_label(table, deadline);
    if is_stopped { wording!("followed_stopped", label) } else { wording!("followed_resumed", label) }
}

/// A document is to be made.
pub(crate) fn document(name: &str) -> Wording {
    wording!("followed_document", name)
}

/// The day by which the record should move on.
pub(crate) fn due(register: &Register, state: &str, due_on: Day) -> Wording {
    let label = register
        .state_named(state)
        .map_or_else(|| Wording::same(state), |state| Wording::pair(&state.label, &state.label_en));
    wording!("followed_due", state = label, due_on)
}

fn deadline_label(table: &RegisterTable, name: &str) -> Wording {
    let declared = table.register.deadline.iter().find(|deadline| deadline.name == name);
    declared.map_or_else(|| Wording::same(name), |one| Wording::pair(&one.label, &one.label_en))
}
