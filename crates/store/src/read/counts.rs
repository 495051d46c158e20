//! Figures for the workbench.

use super::paging::counted;
use super::rules::for_each;
use crate::StoreError;
use crate::database::{Transaction, statement, values};
use crate::read::{Counts, LeadFilter, PlaceCount, View};
use crate::stored::keys::RegionSpan;
use crate::stored::raised;
use model::{Day, Level};
use policy::declare::Permission;
use sea_query::{Expr, ExprTrait};
use std::collections::BTreeMap;

/// Records of a span of places that were not withdrawn.
pub(super) const IN_FORCE: &str = "t.place between ?1 and ?2 and coalesce(t.is_withdrawn, 0) = 0";

impl View<'_> {
    /// Figures for the workbench on `today`. What the role may not see stays zero.
    pub fn counts(&self, today: Day) -> Result<Counts, StoreError> {
        let Some(RegionSpan { first, last }) = self.span(None) else { return Ok(Counts::default()) };
        self.read(|transaction| {
            let mut counts = Counts { last_screening: self.last_screening_in(transaction)?, ..Counts::default() };
            let mut places = BTreeMap::new();
            if self.may(Permission::SeeHouseholds) {
                self.count_households(transaction, &mut counts, &mut places, &first, &last)?;
            }
            if self.raised_seen()?.is_some() {
                self.count_leads(transaction, &mut counts, today, &first, &last)?;
                self.count_places(transaction, &mut places, today, &first, &last)?;
            }
            counts.by_place = self.name_places(transaction, places)?;
            if let Some(mut select) = self.imports_in_sight() {
                // What a program of an earlier version has ended is not counted yet: unknown is not zero.
                let trouble = Expr::cust("(state in ('refused', 'failed') or troubles > 0 or troubles is null)");
                select.expr(Expr::cust("count(*)")).and_where(Expr::col("state").ne("running")).and_where(trouble);
                counts.imports_with_faults =
                    statement::first(transaction, &select, |row| counted(row, 0))?.unwrap_or(0);
            }
            counts.unread_notices = self.unread_notices_in(transaction)?;
            Ok(counts)
        })
    }

    fn count_households(
        &self,
        transaction: &Transaction<'_>,
        counts: &mut Counts,
        places: &mut BTreeMap<String, PlaceCount>,
        first: &str,
        last: &str,
    ) -> Result<(), StoreError> {
        let place = self.household_place();
        let digits = self.digits_below();
        let households = format!(
            "select substr(\"{place}\", 1, {digits}), count(*) from r_household where \"{place}\" between ?1 and ?2 group by 1"
        );
        for_each(transaction, &households, values![first, last], |row| {
            let number = counted(row, 1)?;
            counts.households += number;
            if let Some(place) = place_of(places, row.get(0)?) {
                place.households = number;
            }
            Ok(())
        })?;
        let residents = format!(
            "select count(*) from r_household h join r_resident m on m.household_no = h.household_no \
              where h.\"{place}\" between ?1 and ?2"
        );
        for_each(transaction, &residents, values![first, last], |row| {
            counts.residents = counted(row, 0)?;
            Ok(())
        })
    }

    fn count_leads(
        &self,
        transaction: &Transaction<'_>,
        counts: &mut Counts,
        today: Day,
        first: &str,
        last: &str,
    ) -> Result<(), StoreError> {
        let behind_soon = LeadFilter::due_soon(today).due_before.unwrap_or(today).to_string();
        let screened = counts.last_screening.as_ref().map(|screening| screening.day.to_string()).unwrap_or_default();
        let values = values![first, last, today.to_string(), behind_soon, screened];
        let raised = self.store.inner.raised()?;
        let (table, open) = (&raised.table, raised.open_states());
        let column = |name: &str| raised.column_sql("t", name);
        let sql = format!(
            "select count(case when t.state in ({open}) then 1 end), \
                    count(case when t.state in ({open}) and t.due_on < ?3 then 1 end), \
                    count(case when t.state in ({open}) and t.due_on >= ?3 and t.due_on < ?4 then 1 end), \
                    count(case when t.state in ({open}) and {raised_on} = ?5 then 1 end), \
                    count(case when t.state in ({open}) and {is_stale} = 1 then 1 end), \
                    count(case when t.state in ({last}) then 1 end) \
               from {table} t where {IN_FORCE}",
            raised_on = column(raised::RAISED_ON),
            is_stale = column(raised::IS_STALE),
            last = raised.states_sql(|state| state.is_final),
        );
        for_each(transaction, &sql, values, |row| {
            counts.open = counted(row, 0)?;
            counts.overdue = counted(row, 1)?;
            counts.due_soon = counted(row, 2)?;
            counts.new = counted(row, 3)?;
            counts.stale = counted(row, 4)?;
            counts.closed = counted(row, 5)?;
            Ok(())
        })?;
        for_each(transaction, include_str!("../sql/count_closings.sql"), values![first, last], |row| {
            (counts.verified, counts.confirmed) = (counted(row, 0)?, counted(row, 1)?);
            Ok(())
        })?;
        let by_risk = format!(
            "select {risk}, count(*) from {table} t where t.state in ({open}) and {IN_FORCE} group by 1 order by 2 desc, 1",
            risk = column(raised::RISK),
        );
        for_each(transaction, &by_risk, values![first, last], |row| {
            counts.by_risk.push((row.get::<Option<String>>(0)?.unwrap_or_default(), counted(row, 1)?));
            Ok(())
        })?;
        let by_state = format!("select t.state, count(*) from {table} t where {IN_FORCE} group by 1 order by 1");
        for_each(transaction, &by_state, values![first, last], |row| {
            counts.by_state.push((row.get::<Option<String>>(0)?.unwrap_or_default(), counted(row, 1)?));
            Ok(())
        })
    }

    fn count_places(
        &self,
        transaction: &Transaction<'_>,
        places: &mut BTreeMap<String, PlaceCount>,
        today: Day,
        first: &str,
        last: &str,
    ) -> Result<(), StoreError> {
        let raised = self.store.inner.raised()?;
        let sql = format!(
            "select substr(t.place, 1, {}), count(*), count(case when t.due_on < ?3 then 1 end) from {} t \
              where t.state in ({}) and {IN_FORCE} group by 1",
            self.digits_below(),
            raised.table,
            raised.open_states(),
        );
        for_each(transaction, &sql, values![first, last, today.to_string()], |row| {
            let (open, overdue) = (counted(row, 1)?, counted(row, 2)?);
            if let Some(place) = place_of(places, row.get(0)?) {
                (place.open, place.overdue) = (open, overdue);
            }
            Ok(())
        })
    }

    /// Digits that name the places one level below the actor's.
    fn digits_below(&self) -> u32 {
        match self.actor.region.level() {
            Level::Province => Level::Prefecture.digits(),
            Level::Prefecture => Level::County.digits(),
            Level::County => Level::Township.digits(),
            Level::Township | Level::Village => Level::Village.digits(),
        }
    }

    fn name_places(
        &self,
        transaction: &Transaction<'_>,
        places: BTreeMap<String, PlaceCount>,
    ) -> Result<Vec<PlaceCount>, StoreError> {
        let code = &self.store.inner.tables["region"].key[0];
        let sql = format!("select name from r_region where \"{code}\" = ?1");
        let mut named = Vec::with_capacity(places.len());
        for mut place in places.into_values() {
            for_each(transaction, &sql, values![place.region.to_string()], |row| {
                place.name = row.get::<Option<String>>(0)?.unwrap_or_default();
                Ok(())
            })?;
            named.push(place);
        }
        Ok(named)
    }
}

/// The entry of the place that these leading digits name.
fn place_of(places: &mut BTreeMap<String, PlaceCount>, digits: String) -> Option<&mut PlaceCount> {
    let region = digits.parse().ok()?;
    let fresh = PlaceCount { region, name: String::new(), open: 0, overdue: 0, households: 0 };
    Some(places.entry(digits).or_insert(fresh))
}
