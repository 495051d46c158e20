//! A transaction of either database.

use super::dialect::Dialect;
use super::postgresql::Session;
use super::row::Row;
use super::sqlite;
use super::value::{Sql, values};
use crate::StoreError;
use sea_query::SelectStatement;

/// PostgreSQL keeps no text with the character NUL, so SQLite must not either.
fn without_nul(values: &[Sql]) -> Result<(), StoreError> {
    let has_nul = |value: &Sql| matches!(value, Sql::Text(text) if has_nul(text));
    if values.iter().any(has_nul) { Err(StoreError::Nul) } else { Ok(()) }
}

/// True where a text holds the character NUL.
pub(crate) fn has_nul(text: &str) -> bool {
    text.as_bytes().contains(&0)
}

/// A transaction: statements that see one state, and come into force together or not at all.
pub(crate) struct Transaction<'c> {
    pub(super) work: Work<'c>,
}

/// The transaction of either database.
pub(super) enum Work<'c> {
    Sqlite(rusqlite::Transaction<'c>),
    Postgresql(Box<Session<'c>>),
}

/// What is looked up by keys: one column of a table.
pub(crate) struct Lookup<'a> {
    pub(crate) table: &'a str,
    /// Columns of the key, in the order of its parts.
    pub(crate) key: &'a [&'a str],
    /// The column that is wanted.
    pub(crate) wanted: &'a str,
}

impl Transaction<'_> {
    pub(crate) fn dialect(&self) -> Dialect {
        match self.work {
            Work::Sqlite(_) => Dialect::Sqlite,
            Work::Postgresql(_) => Dialect::Postgresql,
        }
    }

    /// Runs a statement; the number of rows that it touched.
    pub(crate) fn execute(&self, sql: &str, values: impl AsRef<[Sql]>) -> Result<u64, StoreError> {
        without_nul(values.as_ref())?;
        match &self.work {
            Work::Sqlite(connection) => sqlite::execute(connection, sql, values.as_ref()),
            Work::Postgresql(session) => session.execute(sql, values.as_ref()),
        }
    }

    /// Runs fixed statements without values, parted by semicolons.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        match &self.work {
            Work::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Work::Postgresql(session) => session.batch(sql),
        }
    }

    /// All rows of a query that has few of them.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        values: impl AsRef<[Sql]>,
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        without_nul(values.as_ref())?;
        let mut found = Vec::new();
        let mut keep = |row: &Row<'_>| {
            found.push(read(row)?);
            Ok(true)
        };
        match &self.work {
            Work::Sqlite(connection) => sqlite::each(connection, sql, values.as_ref(), &mut keep)?,
            Work::Postgresql(session) => session.all(sql, values.as_ref(), &mut keep)?,
        }
        Ok(found)
    }

    /// The first row of a query, if there is one.
    pub(crate) fn first<T>(
        &self,
        sql: &str,
        values: impl AsRef<[Sql]>,
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        without_nul(values.as_ref())?;
        let mut found = None;
        let mut keep = |row: &Row<'_>| {
            found = Some(read(row)?);
            Ok(false)
        };
        match &self.work {
            Work::Sqlite(connection) => sqlite::each(connection, sql, values.as_ref(), &mut keep)?,
            Work::Postgresql(session) => session.all(sql, values.as_ref(), &mut keep)?,
        }
        Ok(found)
    }

    /// Hands on the rows of a query that may have very many; few are in memory at a time. Other statements may run
    /// in the same transaction meanwhile.
    pub(crate) fn each(
        &self,
        sql: &str,
        values: impl AsRef<[Sql]>,
        mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut go_on = |row: &Row<'_>| each(row).map(|()| true);
        match &self.work {
            Work::Sqlite(connection) => sqlite::each(connection, sql, values.as_ref(), &mut go_on),
            Work::Postgresql(session) => session.each(sql, values.as_ref(), &mut go_on),
        }
    }

    /// All rows of a query that was put together.
    pub(crate) fn select<T>(
        &self,
        select: &SelectStatement,
        read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let (sql, values) = self.dialect().statement(select);
        self.all(&sql, values, read)
    }

    /// Adds rows, many at once. The names of table and columns are the program's or checked identifiers.
    pub(crate) fn bulk(
        &self,
        table: &str,
        columns: &[&str],
        rows: impl IntoIterator<Item = Vec<Sql>>,
    ) -> Result<u64, StoreError> {
        let mut is_storable = true;
        let mut rows = rows.into_iter().take_while(|row| {
            is_storable = without_nul(row).is_ok();
            is_storable
        });
        let added = match &self.work {
            Work::Sqlite(connection) => sqlite::bulk(connection, table, columns, &mut rows),
            Work::Postgresql(session) => session.bulk(table, columns, &mut rows),
        };
        if is_storable { added } else { Err(StoreError::Nul) }
    }

    /// The value of one column for every key of a table, in the order of the keys; `None` where there is no such row.
    /// The keys hold no `Null`.
    pub(crate) fn look_up(&self, lookup: &Lookup<'_>, keys: &[&[Sql]]) -> Result<Vec<Option<Sql>>, StoreError> {
        match &self.work {
            Work::Sqlite(connection) => sqlite::look_up(connection, lookup, keys),
            Work::Postgresql(session) => session.look_up(lookup, keys),
        }
    }

    /// About how many rows a query gives, as the database's planner estimates; `None` where it does not say.
    pub(crate) fn estimate(&self, sql: &str, values: impl AsRef<[Sql]>) -> Result<Option<u64>, StoreError> {
        match self.work {
            Work::Sqlite(_) => Ok(None),
            Work::Postgresql(_) => {
                // The planner knows nothing of what the second wall leaves and takes it for next to nothing. The query names
                // the reader's places itself, so that the plan is made in front of the wall.
                let reader: Option<String> = self
                    .first("select nullif(current_setting('role'), 'none')", values![], |row| row.get(0))?
                    .flatten();
                self.batch("set local role none")?;
                let plan: Option<String> =
                    self.first(&format!("explain (format json) {sql}"), values, |row| row.get(0))?;
                if let Some(reader) = reader {
                    self.batch(&format!("set local role \"{reader}\""))?;
                }
                plan.map_or(Ok(None), |plan| rows_of_plan(&plan))
            }
        }
    }

    /// Form of the database; 0 in a new one.
    pub(crate) fn form(&self) -> Result<i64, StoreError> {
        match &self.work {
            Work::Sqlite(connection) => sqlite::form(connection),
            Work::Postgresql(session) => session.form(),
        }
    }

    pub(crate) fn set_form(&self, form: i64) -> Result<(), StoreError> {
        match &self.work {
            Work::Sqlite(connection) => sqlite::set_form(connection, form),
            Work::Postgresql(session) => session.set_form(form),
        }
    }
}

/// How many rows a plan in JSON expects at its top; `None` where it has none.
fn rows_of_plan(plan: &str) -> Result<Option<u64>, StoreError> {
    #[derive(serde::Deserialize)]
    struct Explained {
        #[serde(rename = "Plan")]
        plan: Top,
    }
    #[derive(serde::Deserialize)]
    struct Top {
        #[serde(rename = "Plan Rows")]
        rows: f64,
    }
    let plans: Vec<Explained> = serde_json::from_str(plan)?;
    // The planner counts in floating point; what it shows is whole.
    Ok(plans.first().map(|one| one.plan.rows.max(0.0) as u64))
}

#[cfg(test)]
mod tests {
    use super::rows_of_plan;

    #[test]
    fn a_plan_tells_the_rows_of_its_top() {
        let plan = r#"[{"Plan": {"Node Type": "Seq Scan", "Plan Rows": 1234, "Plan Width": 4,
            "Plans": [{"Node Type": "Index Scan", "Plan Rows": 7}]}}]"#;
        assert_eq!(rows_of_plan(plan).expect("reads"), Some(1234));
        assert_eq!(rows_of_plan("[]").expect("reads"), None);
        assert!(rows_of_plan("Seq Scan on t  (cost=0.00..1.01 rows=1 width=4)").is_err());
    }
}
