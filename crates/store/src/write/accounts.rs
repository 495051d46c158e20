//! Accounts come in and get passwords.

use super::change::{AuditedObject, UnitOfWork};
use crate::database::values;
use crate::{NewAccount, Receipt, Refusal, RefusalKind};

impl UnitOfWork<'_> {
    pub(super) fn add_account(&mut self, account: &NewAccount) -> Result<Receipt, Refusal> {
        self.only_system("新增账号", "add accounts")?;
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
            return Err(Refusal::new(
                RefusalKind::Conflict,
                [&format!("账号“{}”已经存在", account.name), "请换一个账号名"],
                [&format!("The account `{}` exists already", account.name), "Choose another name."],
            ));
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
            return Err(Refusal::not_allowed("修改他人的密码", "set another account's password"));
        }
        let changed = self.transaction.execute(
            "update account set password_hash = ?2, failures = 0, locked_until_ms = 0 where name = ?1",
            values![account, password_hash],
        )?;
        if changed == 0 {
            return Err(Refusal::not_found("该账号", "account"));
        }
        self.transaction.execute("delete from session where account = ?1", values![account])?;
        self.object_event(Some(self.actor.region), AuditedObject::Account(account), "password_set", "")?;
        Ok(Receipt { id: Some(account.to_owned()), changed: 1, ..Receipt::default() })
    }

    /// Role, place and department of a new account must fit the package.
    fn account_fits(&self, account: &NewAccount) -> Result<(), Refusal> {
        let invalid = |why: &str, why_en: &str| {
            Refusal::new(RefusalKind::Invalid, [why, "请更正后重试"], [why_en, "Correct it and try again."])
        };
        let Some(role) = self.inner.declarations.roles.get(&account.role) else {
            return Err(invalid(&format!("政策包没有岗位“{}”", account.role), "The package has no such role"));
        };
        if account.name.trim().is_empty() || account.name == crate::stored::keys::SYSTEM_ROLE {
            return Err(invalid("账号名不能为空,也不能是系统保留名", "The name is empty or reserved"));
        }
        if account.region.level() != role.level {
            let why = format!("岗位“{}”的辖区级别与区划代码 {} 不符", role.label, account.region);
            return Err(invalid(&why, "The place is not of the role's level"));
        }
        if role.of_department != account.department.is_some() {
            let why = format!("岗位“{}”与部门不符", role.label);
            return Err(invalid(&why, "The role needs a department, or may not have one"));
        }
        Ok(())
    }
}
