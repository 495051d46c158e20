//! Notices: steps that others took, told to the roles that wait for them.

use super::paging::page_size;
use super::{NoticeShown, View};
use crate::StoreError;

impl View {
    /// Notices for the actor's role within the own place, newest first. Registers that the actor does not see say nothing.
    pub fn notices(&self, limit: u32) -> Result<Vec<NoticeShown>, StoreError> {
        let Some((first, last)) = self.span(None) else { return Ok(Vec::new()) };
        let sql = format!(
            "select n.number, n.place, n.register, n.record, n.step, n.day, n.at_ms, coalesce(a.shown_name, n.account) \
             from notice n left join account a on a.name = n.account \
             where n.role = ?1 and n.place between ?2 and ?3 order by n.number desc limit {}",
            page_size(limit)
        );
        let values = [self.actor.role.as_str().into(), first.as_str().into(), last.as_str().into()];
        let broken = || StoreError::StoredValue { column: "notice".to_owned() };
        let notices = self.store.inner.database.read_as(&first, &last, |transaction| {
            transaction.all(&sql, &values, |row| {
                Ok(NoticeShown {
                    number: row.get(0)?,
                    place: row.get::<String>(1)?.parse().map_err(|_| broken())?,
                    register: row.get(2)?,
                    record: row.get(3)?,
                    step: row.get(4)?,
                    day: row.get::<String>(5)?.parse().map_err(|_| broken())?,
                    at_ms: row.get(6)?,
                    who: row.get(7)?,
                })
            })
        })?;
        let declarations = &self.store.inner.declarations;
        let now = |notice: NoticeShown| NoticeShown {
            register: declarations.changes.register_now(&notice.register).to_owned(),
            ..notice
        };
        let registers = &declarations.registers;
        let sees = |notice: &NoticeShown| registers.get(&notice.register).is_some_and(|register| self.sees(register));
        Ok(notices.into_iter().map(now).filter(sees).collect())
    }
}
