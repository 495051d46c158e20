//! Notices: steps that others took, told to each person of the roles that wait for them until that person has read them.

use crate::database::{Sql, Transaction};
use crate::read::{NoticeShown, View};
use crate::stored::keys::RegionSpan;
use crate::{Store, StoreError};
use model::{Actor, RecordId};
use std::collections::{BTreeMap, BTreeSet};

/// Older notices are not shown any more.
const NOTICES_MAX: i64 = 200;

impl View<'_> {
    /// Notices for the actor's role within the own place, newest first, 200 at most. Registers that the actor does not see say
    /// nothing, and neither do records that lie outside by now or were withdrawn.
    ///
    /// # Errors
    /// What the database says.
    pub fn notices(&self) -> Result<Vec<NoticeShown>, StoreError> {
        self.read(|transaction| self.notices_in(transaction))
    }

    /// Notices that the actor has not read.
    pub(super) fn unread_notices_in(&self, transaction: &Transaction<'_>) -> Result<u64, StoreError> {
        Ok(self.notices_in(transaction)?.iter().filter(|notice| !notice.is_read).count() as u64)
    }

    fn notices_in(&self, transaction: &Transaction<'_>) -> Result<Vec<NoticeShown>, StoreError> {
        let Some(RegionSpan { first, last }) = self.span(None) else { return Ok(Vec::new()) };
        let account = self.actor.account.as_str();
        let values: [Sql; 5] = [
            self.actor.role.as_str().into(),
            first.as_str().into(),
            last.as_str().into(),
            account.into(),
            NOTICES_MAX.into(),
        ];
        let changes = &self.store.inner.declarations.changes;
        let broken = || StoreError::StoredValue { column: "notice".to_owned() };
        let mut notices = transaction.all(include_str!("../sql/notices.sql"), values, |row| {
            let number: i64 = row.get(0)?;
            // The numbers of all notices would tell how many there are elsewhere.
            let mark = self.store.inner.cipher.token(&format!("notice {account} {number}")).chars().take(24).collect();
            let notice = NoticeShown {
                mark,
                place: row.get::<String>(1)?.parse().map_err(|_| broken())?,
                register: changes.register_now(&row.get::<String>(2)?).to_owned(),
                record: row.get(3)?,
                step: row.get(4)?,
                day: row.get::<String>(5)?.parse().map_err(|_| broken())?,
                at_ms: row.get(6)?,
                who: row.get(7)?,
                is_read: row.get::<i64>(8)? == 1,
                number,
            };
            Ok(notice)
        })?;
        let mut asked: BTreeMap<String, BTreeSet<RecordId>> = BTreeMap::new();
        for notice in &notices {
            asked.entry(notice.register.clone()).or_default().extend(notice.record.parse::<RecordId>().ok());
        }
        let mut in_sight = BTreeSet::new();
        for (register, ids) in asked {
            let Some(table) = self.store.inner.tables.get(&register).filter(|table| self.sees(&table.register)) else {
                continue;
            };
            // Whole numbers of our own.
            let ids: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
            let sql = format!(
                "select id from {} where id in ({}) and place between ?1 and ?2 and coalesce(is_withdrawn, 0) = 0",
                table.table,
                ids.join(", ")
            );
            let span: [Sql; 2] = [first.as_str().into(), last.as_str().into()];
            let found: Vec<RecordId> = transaction.all(&sql, span, |row| row.get(0))?;
            in_sight.extend(found.into_iter().map(|id| (register.clone(), id)));
        }
        notices.retain(|notice| {
            notice.record.parse::<RecordId>().ok().is_some_and(|id| in_sight.contains(&(notice.register.clone(), id)))
        });
        Ok(notices)
    }
}

impl Store {
    /// Notes that the actor has read the notice of this mark, or all of them; gives how many were unread until now. Like a
    /// preference this is no record and leaves no event. A mark of somebody else is one that does not exist.
    ///
    /// # Errors
    /// What the database says.
    pub fn read_notices(&self, actor: &Actor, mark: Option<&str>) -> Result<u64, StoreError> {
        let unread = self.view(actor).notices()?.into_iter().filter(|notice| !notice.is_read);
        let numbers: Vec<i64> =
            unread.filter(|notice| mark.is_none_or(|mark| notice.mark == mark)).map(|notice| notice.number).collect();
        if numbers.is_empty() {
            return Ok(0);
        }
        let sql = "insert into notice_read (account, number) values (?1, ?2) on conflict (account, number) do nothing";
        self.inner.database.write(|transaction| {
            let mut read = 0;
            for number in &numbers {
                read += transaction.execute(sql, &[actor.account.as_str().into(), (*number).into()])?;
            }
            Ok(read)
        })
    }
}
