//! The second wall: on PostgreSQL, rows of other places do not exist in a read in somebody's name.
//!
//! The first wall is the span of places in every query of a view. Behind the second, the transaction runs as a role that
//! may only read, and policies of the server leave out what lies outside the span, even where a query forgot to ask.

use super::pool::{Pool, READER};
use crate::StoreError;
use crate::database::{Database, Transaction, values};
use std::sync::atomic::Ordering;

/// Beginning of the names of policies; the rest is a hash of what the policy says.
const POLICY: &str = "shouwang_";

/// What a table's rows stand behind.
#[derive(Clone, Debug)]
pub(crate) enum Behind {
    /// The place in this column.
    Place(String),
    /// The row of another table with the same value in this column: `(table, column)`.
    Row(String, String),
    /// The household, or the record of a register: pairs of register and table.
    Record(Vec<(String, String)>),
    /// The record of this table that the child record belongs to.
    Child(String),
}

impl Behind {
    fn condition(&self, table: &str) -> String {
        let same = |other: &str, column: &str| {
            format!("exists (select 1 from {other} o where o.\"{column}\" = {table}.\"{column}\")")
        };
        match self {
            // The planner takes a span of settings for next to nothing and would sort whole counties; of a case it takes half
            // to be left. No index is lost: every query names the reader's places itself.
            Behind::Place(column) => format!(
                "case when {table}.\"{column}\" between current_setting('shouwang.first') \
                 and current_setting('shouwang.last') then true else false end"
            ),
            Behind::Row(other, column) => same(other, column),
            Behind::Record(registers) => {
                let records = registers.iter().map(|(register, of)| {
                    format!(
                        " or ({table}.register = '{register}' and exists \
                         (select 1 from {of} o where o.id = {table}.record_id))"
                    )
                });
                let records: String = records.collect();
                format!("{}{records}", same("r_household", "household_no"))
            }
            Behind::Child(of) => format!("exists (select 1 from {of} o where o.id = {table}.record_id)"),
        }
    }
}

impl Database {
    /// Raises the second wall in front of these tables; nothing to do on SQLite. `secret`: tables that reads in
    /// somebody's name have no business with, with the columns that they may see all the same.
    ///
    /// Where the connecting user may not make the role, a warning is left and the first wall stands alone.
    pub(crate) fn raise_wall(&self, walls: &[(String, Behind)], secret: &[(&str, &str)]) {
        if let Database::Postgresql(pool) = self {
            let raised = pool.make_reader().and_then(|()| {
                pool.write(|transaction| {
                    transaction.raise_wall(walls)?;
                    transaction.let_read(pool.schema(), secret)
                })
            });
            match raised {
                Ok(()) => pool.walled.store(true, Ordering::Release),
                Err(error) => {
                    let why = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
                    tracing::warn!(%error, why, "row level security is off: the role cannot be made");
                }
            }
        }
    }
}

impl Pool {
    fn make_reader(&self) -> Result<(), StoreError> {
        let is_there = || {
            self.with_connection(|connection| {
                let row = connection
                    .client
                    .query_one("select exists (select 1 from pg_roles where rolname = $1)", &[&READER])?;
                row.try_get::<_, bool>(0)
            })
        };
        if !is_there()? {
            let made = self.with_connection(|connection| {
                connection.client.batch_execute(&format!("create role {READER} nologin"))
            });
            // Another installation on the same server may have been quicker.
            if made.is_err() && !is_there()? {
                return made;
            }
        }
        self.with_connection(|connection| {
            let row = connection.client.query_one("select pg_has_role(current_user, $1, 'member')", &[&READER])?;
            if row.try_get(0)? {
                Ok(())
            } else {
                connection.client.batch_execute(&format!("grant {READER} to current_user"))
            }
        })
    }
}

impl Transaction<'_> {
    fn raise_wall(&self, walls: &[(String, Behind)]) -> Result<(), StoreError> {
        let present = "select tablename, policyname from pg_policies where schemaname = current_schema()";
        let present: Vec<(String, String)> = self.all(present, values![], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for (table, behind) in walls {
            let condition = behind.condition(table);
            let policy = format!("{POLICY}{}", &blake3::hash(condition.as_bytes()).to_hex()[..16]);
            let own = present.iter().filter(|(known, name)| known == table && name.starts_with(POLICY));
            if own.clone().any(|(_, name)| *name == policy) {
                continue;
            }
            // What an earlier package said of the table no longer holds.
            for (_, old) in own {
                self.batch(&format!("drop policy \"{old}\" on {table}"))?;
            }
            self.batch(&format!(
                "alter table {table} enable row level security; \
                 create policy {policy} on {table} for select to {READER} using ({condition})"
            ))?;
        }
        Ok(())
    }

    /// Lets the reader read every table, those that a newer program added as well, but not the secret ones.
    fn let_read(&self, schema: &str, secret: &[(&str, &str)]) -> Result<(), StoreError> {
        let unread = "select relname from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' \
             and not has_table_privilege(?1, oid, 'select')";
        let unread: Vec<String> = self.all(unread, values![READER], |row| row.get(0))?;
        let has_schema = "select has_schema_privilege(?1, ?2, 'usage')";
        if self.first(has_schema, values![READER, schema], |row| row.get(0))? != Some(true) {
            self.batch(&format!("grant usage on schema \"{schema}\" to {READER}"))?;
        }
        for table in unread {
            match secret.iter().find(|(name, _)| *name == table) {
                None => self.batch(&format!("grant select on \"{table}\" to {READER}"))?,
                Some((_, "")) => {}
                Some((_, columns)) => self.batch(&format!("grant select ({columns}) on \"{table}\" to {READER}"))?,
            }
        }
        Ok(())
    }
}
