//! Accounts come in and get passwords.

use super::change::{AuditedObject, UnitOfWork};
use crate::database::values;
use crate::error::refusal;
use crate::{NewAccount, Receipt, Refusal, RefusalKind};
use words::{Wording, wording};

impl UnitOfWork<'_> {
    pub(super) fn add_account(&mut self, account: &NewAccount) -> Result<Receipt, Refusal> {
        self.only_system(wording!("act_add_accounts"))?;
        self.account_fits(account)?;
        let department = account.department.as_deref();
        let inserted = self.transaction.execute(
            include_str!("../sql/insert_account.sql"),
            values![
                account.name,
                account.shown_name,
                account.role,
                account.region.to_string(),
                department,
                account.password_hash,
            ],
        )?;
        if inserted == 0 {
            return Err(refusal!("account_exists", RefusalKind::Conflict, account = account.name));
        }
        let after = serde_json::json!({
            "shown_name": account.shown_name, "role": account.role,
            "region": account.region.to_string(), "department": department,
        });
        self.object_event(Some(account.region), AuditedObject::Account(&account.name), "added", &after.to_string())?;
        Ok(Receipt { id: Some(account.name.clone()), added: 1, ..Receipt::default() })
    }

    pub(super) fn set_password(&mut self, account: &str, password_hash: &str) -> Result<Receipt, Refusal> {
        if !self.is_system() && self.actor.account != account {
            return Err(Refusal::not_allowed(wording!("act_set_password_of_others")));
        }
        let changed = self.transaction.execute(
            "update account set password_hash = ?2, failures = 0, locked_until_ms = 0 where name = ?1",
            values![account, password_hash],
        )?;
        if changed == 0 {
            return Err(Refusal::not_found(wording!("thing_account")));
        }
        self.transaction.execute("delete from session where account = ?1", values![account])?;
        self.object_event(Some(self.actor.region), AuditedObject::Account(account), "password_set", "")?;
        Ok(Receipt { id: Some(account.to_owned()), changed: 1, ..Receipt::default() })
    }

    /// Role, place and department of a new account must fit the package.
    fn account_fits(&self, account: &NewAccount) -> Result<(), Refusal> {
        let kind = RefusalKind::Invalid;
        let Some(role) = self.inner.declarations.roles.get(&account.role) else {
            return Err(refusal!("role_unknown", kind, role = account.role));
        };
        if account.name.trim().is_empty() || account.name == crate::stored::keys::SYSTEM_ROLE {
            return Err(refusal!("account_name_reserved", kind));
        }
        if account.region.level() != role.level {
            let (role, region) = (Wording::pair(&role.label, &role.label_en), account.region);
            return Err(refusal!("role_of_other_level", kind, role, region));
        }
        if role.of_department != account.department.is_some() {
            let role = Wording::pair(&role.label, &role.label_en);
            return Err(refusal!("role_with_other_department", kind, role));
        }
        Ok(())
    }
}
