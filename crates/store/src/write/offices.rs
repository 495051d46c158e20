//! Who may name deputies, and which offices there are to name them for.

use super::change::UnitOfWork;
use super::draft::Draft;
use crate::RefusedRow;
use crate::database::values;
use crate::error::refusal;
use crate::stored::tables::RegisterTable;
use crate::{Refusal, RefusalKind, StoreError};
use model::RegionCode;
use policy::declare::ServesAs;
use words::{Wording, advice};

impl UnitOfWork<'_> {
    /// Who acts for an office names nobody to act for it, nor for another.
    pub(super) fn names_deputies(&self, table: &RegisterTable) -> Result<(), Refusal> {
        if table.register.serves_as == Some(ServesAs::Deputies) && self.is_in_office()? {
            return Err(refusal!("deputies_by_deputy", RefusalKind::NotAllowed, register = table.label()));
        }
        Ok(())
    }

    /// True where the actor has another role or another place than the account.
    fn is_in_office(&self) -> Result<bool, StoreError> {
        let sql = "select role, region from account where name = ?1";
        let read = |row: &crate::database::Row<'_>| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
        let own = self.transaction.first(sql, values![self.actor.account], read)?;
        Ok(own.is_some_and(|(role, region)| role != self.actor.role || region != self.actor.region.to_string()))
    }

    /// Why nobody can be a deputy as the draft says; `None` where the register is no register of deputies.
    pub(super) fn unfit_office(
        &self,
        table: &RegisterTable,
        draft: &Draft,
        place: Option<RegionCode>,
    ) -> Option<RefusedRow> {
        if table.register.serves_as != Some(ServesAs::Deputies) {
            return None;
        }
        let text = |name: &str| table.value(&draft.fields, name).as_text().map(str::to_owned);
        let refused = |advice, column: &str| Some(RefusedRow::new(draft.row, advice, vec![column.to_owned()]));
        if text("account").is_some_and(|account| account == self.actor.account) {
            return refused(advice!("deputy_of_oneself"), "account");
        }
        let role = text("role_code")?;
        let Some(declared) = self.inner.declarations.roles.get(&role) else {
            return refused(advice!("role_unknown", role), "role_code");
        };
        let role = Wording::pair(&declared.label, &declared.label_en);
        if let Some(region) = place.filter(|place| place.level() != declared.level) {
            return refused(advice!("role_of_other_level", role, region), "region_code");
        }
        if declared.of_department != text("department").is_some() {
            return refused(advice!("role_with_other_department", role), "department");
        }
        None
    }
}
