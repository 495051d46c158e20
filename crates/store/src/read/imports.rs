//! Imports with their faults and unmatched rows.

use super::paging::{COUNT_MAX, counted, day, empty, number_and_text, page, page_size, region, whole};
use crate::database::{Row, Transaction, statement, values};
use crate::read::{FaultRow, ImportRow, LeaverShown, Page, UnmatchedShown, View};
use crate::stored::keys::RegionSpan;
use crate::{ImportCoverage, ImportState, ImportSummary, StoreError, UnmatchedRow};
use model::{FaultKind, HouseholdNo, ResidentKey};
use policy::declare::Permission;
use sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement};
use words::Wording;

/// Reason, its text, and how many rows it holds for.
pub type ReasonCounts = Vec<(String, Wording, u64)>;

const COLUMNS: [&str; 13] = [
    "import_id",
    "dataset",
    "department",
    "file_name",
    "file_hash",
    "bytes",
    "region",
    "delivered_on",
    "account",
    "state",
    "began_ms",
    "ended_ms",
    "summary",
];

/// A table whose rows hang on imports, and the columns that are read of it, the number of the row first.
#[derive(Clone, Copy)]
struct ListOfImport<'t> {
    table: &'t str,
    columns: &'t str,
}

impl View<'_> {
    /// Imports, newest first. Officers of a department see those of their department's sources only; who may not see
    /// the imports of the place sees the own ones.
    pub fn imports(&self, after: Option<&str>, limit: u32) -> Result<Page<ImportRow>, StoreError> {
        let limit = page_size(limit);
        let Some(mut count) = self.imports_in_sight() else { return Ok(empty()) };
        let mut select = count.clone();
        count.expr(Expr::val(1)).limit(COUNT_MAX + 1);
        let counting = Query::select().expr(Expr::cust("count(*)")).from_subquery(count, "c").to_owned();
        select.columns(COLUMNS).order_by("began_ms", Order::Desc).order_by("import_id", Order::Asc);
        select.limit(u64::from(limit) + 1);
        if let Some((began_ms, import_id)) = number_and_text(after) {
            let same = Expr::col("began_ms").eq(began_ms).and(Expr::col("import_id").gt(import_id));
            select.cond_where(Cond::any().add(Expr::col("began_ms").lt(began_ms)).add(same));
        }
        self.read(|transaction| {
            let total = statement::first(transaction, &counting, |row| counted(row, 0))?.unwrap_or(0);
            let rows = statement::all(transaction, &select, |row| self.import_row(row))?;
            Ok(page(rows, limit, total, |row| format!("{}:{}", row.began_ms, row.import_id)))
        })
    }

    /// One import.
    pub fn import(&self, import_id: &str) -> Result<Option<ImportRow>, StoreError> {
        self.read(|transaction| self.import_in(transaction, import_id))
    }

    /// Faults of an import in the order of the file.
    pub fn faults(
        &self,
        import_id: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Option<Page<FaultRow>>, StoreError> {
        let read = |row: &Row<'_>| {
            let document: String = row.get(1)?;
            Ok(FaultRow { number: row.get(0)?, fault: serde_json::from_str(&document)? })
        };
        let list = ListOfImport { table: "fault", columns: "number, document" };
        self.rows_of(import_id, list, after, limit, read, |row| row.number)
    }

    /// Number of faults of an import by kind, most first.
    pub fn fault_counts(&self, import_id: &str) -> Result<Option<Vec<(FaultKind, u64)>>, StoreError> {
        let counts =
            self.counts_of(import_id, "select kind, '', count(*) from fault where import_id = ?1 group by kind")?;
        let Some(counts) = counts else { return Ok(None) };
        let kinds = counts
            .into_iter()
            .map(|(kind, _, number)| Ok((serde_json::from_value(serde_json::Value::String(kind))?, number)));
        kinds.collect::<Result<Vec<_>, StoreError>>().map(Some)
    }

    /// Number of unmatched rows of an import by reason (name, text), most first.
    pub fn unmatched_counts(&self, import_id: &str) -> Result<Option<ReasonCounts>, StoreError> {
        self.counts_of(
            import_id,
            "select reason, max(what), count(*) from unmatched where import_id = ?1 group by reason",
        )
    }

    /// Number of notes on taken rows of an import by kind (name, text), most first.
    pub fn noted_counts(&self, import_id: &str) -> Result<Option<ReasonCounts>, StoreError> {
        self.counts_of(import_id, "select reason, max(what), count(*) from noted where import_id = ?1 group by reason")
    }

    /// Unmatched rows of an import in the order of the file.
    pub fn unmatched(
        &self,
        import_id: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Option<Page<UnmatchedShown>>, StoreError> {
        self.reasoned_rows("unmatched", import_id, after, limit)
    }

    /// Notes on taken rows of an import in the order of the file.
    pub fn noted(
        &self,
        import_id: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Option<Page<UnmatchedShown>>, StoreError> {
        self.reasoned_rows("noted", import_id, after, limit)
    }

    fn reasoned_rows(
        &self,
        table: &str,
        import_id: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Option<Page<UnmatchedShown>>, StoreError> {
        let read = |row: &Row<'_>| {
            let what = row.get::<String>(3)?.into();
            let shown = UnmatchedRow { row: row.get(1)?, reason: row.get(2)?, what, seen: row.get(4)? };
            Ok(UnmatchedShown { number: row.get(0)?, row: shown })
        };
        let list = ListOfImport { table, columns: "number, row, reason, what, seen" };
        self.rows_of(import_id, list, after, limit, read, |row| row.number)
    }

    /// Of whom the rows are that a delivery took out of a list, or would take out; by name where the actor may see them.
    pub fn leavers(
        &self,
        import_id: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Option<Page<LeaverShown>>, StoreError> {
        let read = |row: &Row<'_>| {
            let (household_no, resident_key) = (HouseholdNo(row.get(1)?), row.get::<Option<i64>>(2)?.map(ResidentKey));
            Ok(LeaverShown { number: row.get(0)?, household_no, resident_key, household: None, name: String::new() })
        };
        let list = ListOfImport { table: "leaver", columns: "number, household_no, resident_key" };
        let Some(mut page) = self.rows_of(import_id, list, after, limit, read, |row| row.number)? else {
            return Ok(None);
        };
        for row in &mut page.rows {
            (row.household, row.name) = self.person_of(row.household_no, row.resident_key)?;
        }
        Ok(Some(page))
    }

    /// What the actor's last delivery of a source covered that is still taken in.
    pub fn last_coverage(&self, dataset: &str) -> Result<Option<ImportCoverage>, StoreError> {
        let sql = "select summary from import where dataset = ?1 and account = ?2 and state = 'done' \
                   order by began_ms desc, import_id limit 1";
        let summary = self.read(|transaction| {
            transaction.first(sql, values![dataset, self.actor.account], |row| row.get::<String>(0))
        })?;
        let Some(summary) = summary else { return Ok(None) };
        let summary: ImportSummary = serde_json::from_str(&summary)?;
        Ok(summary.coverage)
    }

    /// Imports that the actor may see: in the place, and of the department, of all, or the own ones; none where the role is of a
    /// department and the actor has none.
    pub(super) fn imports_in_sight(&self) -> Option<SelectStatement> {
        let RegionSpan { first, last } = self.span(None)?;
        let mut select = Query::select();
        select.from("import").and_where(Expr::col("region").between(first, last));
        let own = Expr::col("account").eq(self.actor.account.as_str());
        match &self.actor.department {
            Some(department) => {
                select.and_where(Expr::col("department").eq(department.as_str()));
            }
            None if self.store.inner.declarations.of_department(&self.actor) => return None,
            None if self.may(Permission::SeeImports) => {}
            None => {
                select.and_where(own);
            }
        }
        Some(select)
    }

    fn import_in(&self, transaction: &Transaction<'_>, import_id: &str) -> Result<Option<ImportRow>, StoreError> {
        let Some(mut select) = self.imports_in_sight() else { return Ok(None) };
        select.columns(COLUMNS).and_where(Expr::col("import_id").eq(import_id));
        statement::first(transaction, &select, |row| self.import_row(row))
    }

    fn counts_of(&self, import_id: &str, sql: &str) -> Result<Option<ReasonCounts>, StoreError> {
        self.read(|transaction| {
            if self.import_in(transaction, import_id)?.is_none() {
                return Ok(None);
            }
            let sql = format!("{sql} order by 3 desc, 1");
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get::<String>(1)?.into(), row.get(2)?));
            transaction.all(&sql, values![import_id], read).map(Some)
        })
    }

    /// Rows of a table that hang on an import, if the actor may see it.
    fn rows_of<T>(
        &self,
        import_id: &str,
        list: ListOfImport<'_>,
        after: Option<&str>,
        limit: u32,
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
        number: impl Fn(&T) -> i64,
    ) -> Result<Option<Page<T>>, StoreError> {
        let ListOfImport { table, columns } = list;
        let limit = page_size(limit);
        self.read(|transaction| {
            if self.import_in(transaction, import_id)?.is_none() {
                return Ok(None);
            }
            let counting =
                format!("select count(*) from (select 1 from {table} where import_id = ?1 limit ?2) counted");
            let total =
                transaction.first(&counting, values![import_id, COUNT_MAX as i64 + 1], |row| counted(row, 0))?;
            let sql =
                format!("select {columns} from {table} where import_id = ?1 and number > ?2 order by number limit ?3");
            let rows = transaction.all(&sql, values![import_id, whole(after).unwrap_or(0), limit + 1], &read)?;
            Ok(Some(page(rows, limit, total.unwrap_or(0), |row| number(row).to_string())))
        })
    }
}

impl View<'_> {
    fn import_row(&self, row: &Row<'_>) -> Result<ImportRow, StoreError> {
        let state: String = row.get(9)?;
        let summary: String = row.get(12)?;
        let summary: ImportSummary = serde_json::from_str(&summary)?;
        Ok(ImportRow {
            import_id: row.get(0)?,
            dataset: self.store.inner.declarations.changes.register_now(&row.get::<String>(1)?).to_owned(),
            department: row.get(2)?,
            file_name: row.get(3)?,
            file_hash: row.get(4)?,
            bytes: counted(row, 5)?,
            region: region(row, 6)?,
            delivered_on: day(row, 7)?,
            account: row.get(8)?,
            state: match state.as_str() {
                "running" => ImportState::Running,
                "done" => ImportState::Done,
                "refused" => ImportState::Refused,
                "undone" => ImportState::Undone,
                _ => ImportState::Failed,
            },
            began_ms: row.get(10)?,
            ended_ms: row.get(11)?,
            summary,
        })
    }
}
