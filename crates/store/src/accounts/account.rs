//! Accounts, sign-in with delay and lock, and sessions.
//!
//! Password hashes are opaque here; whoever checks passwords reports the outcome, and the store counts.

use crate::database::{Row, Transaction, values};
use crate::log::write::{Event, Log};
use crate::{Store, StoreError};
use model::{Actor, Moment, RegionCode};

/// An account as sign-in needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub shown_name: String,
    pub role: String,
    pub region: RegionCode,
    pub department: Option<String>,
    pub password_hash: String,
    /// Failed sign-ins since the last one that worked.
    pub failures: u32,
    /// Sign-in is refused before this instant (milliseconds since 1970), even with the right password.
    pub locked_until_ms: i64,
}

impl Account {
    /// The account as an actor.
    pub fn actor(&self) -> Actor {
        Actor {
            account: self.name.clone(),
            shown_name: self.shown_name.clone(),
            role: self.role.clone(),
            region: self.region,
            department: self.department.clone(),
        }
    }
}

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub struct SessionTimes {
    /// Ends after so long without a request.
    pub idle_ms: i64,
    /// Ends so long after sign-in in any case.
    pub longest_ms: i64,
}

impl Default for SessionTimes {
    /// Half an hour idle, twelve hours at most.
    fn default() -> SessionTimes {
        SessionTimes { idle_ms: 30 * 60_000, longest_ms: 12 * 3_600_000 }
    }
}

/// Failures that cost nothing.
const FREE_FAILURES: u32 = 2;
/// The failure that locks.
const LOCKING_FAILURES: u32 = 10;
const LOCK_MS: i64 = 15 * 60_000;
const FIRST_DELAY_MS: i64 = 2_000;

const SELECT_ACCOUNT: &str = "select name, shown_name, role, region, department, password_hash, failures, locked_until_ms \
     from account";

impl Store {
    /// The account with that name, if there is one.
    pub fn find_account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        self.inner.database.read(|transaction| find(transaction, name))
    }

    /// All accounts, ordered by name.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.inner
            .database
            .read(|transaction| transaction.all(&format!("{SELECT_ACCOUNT} order by name"), values![], account))
    }

    /// Notes a failed sign-in. The first two cost nothing, each further one doubles a delay that starts at two seconds,
    /// the tenth locks for fifteen minutes. Returns the instant before which sign-in is refused; 0 for an unknown account.
    pub fn note_failed_sign_in(&self, name: &str, at_ms: i64) -> Result<i64, StoreError> {
        self.inner.database.write(|transaction| {
            let Some(found) = find(transaction, name)? else { return Ok(0) };
            let failures = found.failures.saturating_add(1);
            let locked_until_ms = at_ms + delay_ms(failures);
            transaction.execute(
                "update account set failures = ?2, locked_until_ms = ?3 where name = ?1",
                values![name, failures, locked_until_ms],
            )?;
            self.note(transaction, &found.actor(), "sign_in_failed", at_ms)?;
            Ok(locked_until_ms)
        })
    }

    /// Starts a session after a sign-in that worked, sets the failures to zero. `token` is secret and random (32 bytes or
    /// more as text); only its hash is kept. `None` where the account does not exist or is locked at `at_ms`.
    pub fn begin_session(
        &self,
        name: &str,
        token: &str,
        at_ms: i64,
        times: SessionTimes,
    ) -> Result<Option<Actor>, StoreError> {
        self.inner.database.write(|transaction| {
            let Some(found) = find(transaction, name)?.filter(|found| found.locked_until_ms <= at_ms) else {
                return Ok(None);
            };
            let actor = found.actor();
            transaction
                .execute("update account set failures = 0, locked_until_ms = 0 where name = ?1", values![name])?;
            transaction.execute("delete from session where ends_ms <= ?1", values![at_ms])?;
            transaction.execute(
                include_str!("../sql/begin_session.sql"),
                values![
                    self.inner.cipher.token(token),
                    name,
                    at_ms,
                    times.idle_ms,
                    at_ms.saturating_add(times.longest_ms),
                ],
            )?;
            self.note(transaction, &actor, "sign_in", at_ms)?;
            Ok(Some(actor))
        })
    }

    /// Who the token belongs to, if the session is alive at `at_ms`; moves its idle end forward.
    pub fn session(&self, token: &str, at_ms: i64) -> Result<Option<Actor>, StoreError> {
        let token = self.inner.cipher.token(token);
        let found = self.inner.database.read(|transaction| live_session(transaction, &token, at_ms))?;
        let Some((name, seen_ms)) = found else { return Ok(None) };
        if at_ms - seen_ms > SEEN_EVERY_MS {
            self.inner.database.write(|transaction| {
                let update = "update session set seen_ms = ?2 where token = ?1 and seen_ms < ?2";
                transaction.execute(update, values![token, at_ms])
            })?;
        }
        Ok(self.find_account(&name)?.map(|account| account.actor()))
    }

    /// Ends a session; an unknown token is no error.
    pub fn end_session(&self, token: &str, at_ms: i64) -> Result<(), StoreError> {
        let token = self.inner.cipher.token(token);
        self.inner.database.write(|transaction| {
            let Some((name, _)) = live_session(transaction, &token, at_ms)? else { return Ok(()) };
            transaction.execute("delete from session where token = ?1", values![token])?;
            match find(transaction, &name)? {
                Some(account) => self.note(transaction, &account.actor(), "sign_out", at_ms),
                None => Ok(()),
            }
        })
    }

    /// Ends all sessions of an account.
    pub fn end_sessions_of(&self, name: &str) -> Result<(), StoreError> {
        self.inner.database.write(|transaction| {
            transaction.execute("delete from session where account = ?1", values![name])?;
            Ok(())
        })
    }

    /// Leaves an event about sign-in; its day is that of the instant in UTC+8, the time of the whole country.
    fn note(&self, transaction: &Transaction<'_>, actor: &Actor, action: &str, at_ms: i64) -> Result<(), StoreError> {
        let mut log = Log::new(actor, Moment::at(at_ms), self.inner.declarations.region);
        let event = Event {
            region: Some(actor.region),
            register: "session",
            record: &actor.account,
            household_no: None,
            action,
            before: "",
            after: "",
        };
        log.write(transaction, &event)?;
        log.close(transaction, &self.inner.cipher)
    }
}

/// A session's last use is written at most this often.
const SEEN_EVERY_MS: i64 = 60_000;

fn delay_ms(failures: u32) -> i64 {
    match failures {
        0..=FREE_FAILURES => 0,
        LOCKING_FAILURES.. => LOCK_MS,
        _ => FIRST_DELAY_MS << (failures - FREE_FAILURES - 1),
    }
}

/// Account and last use of a session that is alive.
fn live_session(transaction: &Transaction<'_>, token: &str, at_ms: i64) -> Result<Option<(String, i64)>, StoreError> {
    let sql = include_str!("../sql/live_session.sql");
    transaction.first(sql, values![token, at_ms], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(crate) fn find(transaction: &Transaction<'_>, name: &str) -> Result<Option<Account>, StoreError> {
    transaction.first(&format!("{SELECT_ACCOUNT} where name = ?1"), values![name], account)
}

fn account(row: &Row<'_>) -> Result<Account, StoreError> {
    let region: String = row.get(3)?;
    Ok(Account {
        name: row.get(0)?,
        shown_name: row.get(1)?,
        role: row.get(2)?,
        region: region.parse().map_err(|_| StoreError::StoredValue { column: "account/region".to_owned() })?,
        department: row.get(4)?,
        password_hash: row.get(5)?,
        failures: row.get(6)?,
        locked_until_ms: row.get(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::delay_ms;

    #[test]
    fn delays_double_and_the_tenth_failure_locks() {
        let cases = [(1, 0), (2, 0), (3, 2_000), (4, 4_000), (9, 128_000), (10, 900_000), (50, 900_000)];
        for (failures, delay) in cases {
            assert_eq!(delay_ms(failures), delay, "{failures}");
        }
    }
}
