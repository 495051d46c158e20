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

/// An office as a record of deputies gives it.
struct Given {
    deputy: Deputy,
    department: Option<String>,
}

impl Office {
    /// By what it is chosen: `<role>@<place>`, and `@<department>` where the role is of one.
    pub fn name(&self) -> String {
        let Actor { role, region, department, .. } = &self.actor;
        let department = department.iter().map(|department| format!("@{department}"));
        format!("{role}@{region}{}", department.collect::<String>())
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
        Ok(self.given(transaction, actor, today)?.into_iter().map(|given| given.deputy).collect())
    }

    /// What was given to the actor that is an office: a declared role at a place of its level, in a department where it is of one.
    fn given(&self, transaction: &Transaction<'_>, actor: &Actor, today: Day) -> Result<Vec<Given>, StoreError> {
        let Some(table) = self.serving(ServesAs::Deputies) else { return Ok(Vec::new()) };
        let column = |name: &str| table.column_sql("t", name);
        let sql = format!(
            "select {role}, t.place, {from}, {until}, {department} from {table} t where {account} = ?1 and {from} <= ?2 \
             and {until} >= ?2 and coalesce(t.is_withdrawn, 0) = 0 order by t.id",
            role = column("role_code"),
            from = column("from_on"),
            until = column("until_on"),
            department = column("department"),
            account = column("account"),
            table = table.table,
        );
        let given = transaction.all(&sql, values![actor.account, today.to_string()], |row| {
            let (account, role, region) = (actor.account.clone(), row.get(0)?, read(table, row, 1)?);
            let deputy = Deputy { account, role, region, from: read(table, row, 2)?, until: read(table, row, 3)? };
            Ok(Given { deputy, department: row.get(4)? })
        })?;
        let is_office = |given: &Given| {
            let declared = self.declarations.roles.get(&given.deputy.role);
            declared.is_some_and(|role| {
                role.level == given.deputy.region.level() && role.of_department == given.department.is_some()
            })
        };
        Ok(given.into_iter().filter(is_office).collect())
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
        for Given { deputy: Deputy { role, region, until, .. }, department } in self.given(transaction, own, today)? {
            let actor = Actor { role, region, department, ..own.clone() };
            if actor == *own {
                continue;
            }
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
