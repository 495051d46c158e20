//! Records that the engine itself reads when it decides about others: who acts for an office, and where work is suspended.

use crate::StoreError;
use crate::database::{Row, Sql, Transaction, values};
use crate::store::Inner;
use crate::stored::tables::RegisterTable;
use lifecycle::{Deputy, Suspension};
use model::{Actor, Day, Level, RegionCode};
use policy::declare::ServesAs;

/// An office that an account holds for a time besides its own: a role at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// The account in that office.
    pub actor: Actor,
    /// The last day.
    pub until: Day,
}

impl Office {
    /// By what it is chosen: `<role>@<place>`.
    pub fn name(&self) -> String {
        format!("{}@{}", self.actor.role, self.actor.region)
    }
}

impl Inner {
    /// The offices for which the actor acts on that day.
    pub(crate) fn deputies(
        &self,
        transaction: &Transaction<'_>,
        actor: &Actor,
        today: Day,
    ) -> Result<Vec<Deputy>, StoreError> {
        let Some(table) = self.serving(ServesAs::Deputies) else { return Ok(Vec::new()) };
        let column = |name: &str| table.column_sql("t", name);
        let sql = format!(
            "select {role}, t.place, {from}, {until} from {table} t where {account} = ?1 and {from} <= ?2 and {until} >= ?2 \
             and coalesce(t.is_withdrawn, 0) = 0 order by t.id",
            role = column("role_code"),
            from = column("from_on"),
            until = column("until_on"),
            account = column("account"),
            table = table.table,
        );
        transaction.all(&sql, values![actor.account, today.to_string()], |row| {
            Ok(Deputy {
                account: actor.account.clone(),
                role: row.get(0)?,
                region: read(table, row, 1)?,
                from: read(table, row, 2)?,
                until: read(table, row, 3)?,
            })
        })
    }

    /// The account in each office that it holds on that day besides its own: what the office sees and does, it sees and does then,
    /// in its own name. The one place that says what a deputy reaches.
    pub(crate) fn in_offices(
        &self,
        transaction: &Transaction<'_>,
        own: &Actor,
        today: Day,
    ) -> Result<Vec<Office>, StoreError> {
        let mut offices: Vec<Office> = Vec::new();
        for Deputy { role, region, until, .. } in self.deputies(transaction, own, today)? {
            let is_own = role == own.role && region == own.region;
            if is_own || !self.declarations.roles.contains_key(&role) {
                continue;
            }
            let actor = Actor { role, region, ..own.clone() };
            match offices.iter_mut().find(|known| known.actor == actor) {
                Some(known) => known.until = known.until.max(until),
                None => offices.push(Office { actor, until }),
            }
        }
        Ok(offices)
    }

    /// When no step is taken at a place: its own suspensions, and those of the places around it.
    pub(crate) fn suspensions(
        &self,
        transaction: &Transaction<'_>,
        place: RegionCode,
    ) -> Result<Vec<Suspension>, StoreError> {
        let Some(table) = self.serving(ServesAs::Suspensions) else { return Ok(Vec::new()) };
        let column = |name: &str| table.column_sql("t", name);
        let sql = format!(
            "select t.place, {}, {}, {} from {} t where t.place in (?1, ?2, ?3, ?4, ?5) \
             and coalesce(t.is_withdrawn, 0) = 0 order by t.id",
            column("from_on"),
            column("until_on"),
            column("reason"),
            table.table,
        );
        let levels = [Level::Province, Level::Prefecture, Level::County, Level::Township, Level::Village];
        let around = levels.map(|level| Sql::Text(place.at(level.min(place.level())).to_string()));
        transaction.all(&sql, around, |row| {
            Ok(Suspension {
                region: read(table, row, 0)?,
                from: read(table, row, 1)?,
                until: read(table, row, 2)?,
                reason: row.get(3)?,
            })
        })
    }

    /// The register that the engine reads for this, where the package has one.
    fn serving(&self, serves_as: ServesAs) -> Option<&RegisterTable> {
        self.tables.values().find(|table| table.register.serves_as == Some(serves_as))
    }
}

/// A place or a day as it is kept.
fn read<T: std::str::FromStr>(table: &RegisterTable, row: &Row<'_>, at: usize) -> Result<T, StoreError> {
    let text: String = row.get(at)?;
    text.parse().map_err(|_| StoreError::StoredValue { column: table.table.clone() })
}
