//! How rules fare, what quality rules found, the last screening.

use super::counts::IN_FORCE;
use super::paging::{COUNT_MAX, counted, day, empty, page, page_size, region, whole};
use crate::StoreError;
use crate::database::{Row, Sql, Transaction, statement, values};
use crate::read::{Page, QualityRow, RuleFigures, ScreeningFigures, ScreeningRow, View};
use crate::stored::keys::RegionSpan;
use crate::stored::raised;
use model::{HouseholdNo, ResidentKey};
use policy::declare::Permission;
use sea_query::{Expr, ExprTrait, Order, Query};
use std::collections::BTreeMap;
use words::Wording;

impl View<'_> {
    /// Figures of every rule that ever ran or raised a lead, ordered by name.
    pub fn rules(&self) -> Result<Vec<RuleFigures>, StoreError> {
        let Some(RegionSpan { first, last }) = self.span(None).filter(|_| self.may(Permission::SeeRules)) else {
            return Ok(Vec::new());
        };
        let mut figures: BTreeMap<String, RuleFigures> = BTreeMap::new();
        let mut add = |rule: String, fill: &dyn Fn(&mut RuleFigures)| {
            let entry = figures.entry(rule.clone()).or_insert_with(|| RuleFigures { rule, ..RuleFigures::default() });
            fill(entry);
        };
        self.read(|transaction| {
            let span = values![first, last];
            let own = self.actor.region.to_string();
            for_each(transaction, include_str!("../sql/rule_runs.sql"), values![own, first, last], |row| {
                let found = counted(row, 1)?;
                let not_run = Wording::from(row.get::<String>(2)?);
                let is_within = self.actor.region.holds(region(row, 3)?);
                add(row.get(0)?, &|figures| {
                    if is_within {
                        figures.found = Some(figures.found.unwrap_or(0) + found);
                    }
                    figures.not_run.clone_from(&not_run);
                });
                Ok(())
            })?;
            let raised = self.store.inner.raised()?;
            let of_leads = format!(
                "select reason.rule, count(distinct t.id), count(distinct case when t.state in ({}) then t.id end) \
                   from {} reason join {} t on t.id = reason.record_id where {IN_FORCE} group by 1 order by 1",
                raised.open_states(),
                raised.child_table(raised::REASON)?.table,
                raised.table,
            );
            for_each(transaction, &of_leads, &span, |row| {
                let (raised, open) = (counted(row, 1)?, counted(row, 2)?);
                add(row.get(0)?, &|figures| (figures.raised, figures.open) = (raised, open));
                Ok(())
            })?;
            for_each(transaction, include_str!("../sql/rule_closings.sql"), &span, |row| {
                let (closed, confirmed) = (counted(row, 1)?, counted(row, 2)?);
                add(row.get(0)?, &|figures| (figures.closed, figures.confirmed) = (closed, confirmed));
                Ok(())
            })?;
            let quality = "select rule, count(*) from quality_finding where region between ?1 and ?2 group by rule";
            for_each(transaction, quality, &span, |row| {
                let number = counted(row, 1)?;
                add(row.get(0)?, &|figures| figures.quality = number);
                Ok(())
            })
        })?;
        Ok(figures.into_values().collect())
    }

    /// Findings of quality rules, of one rule or of all, in the order in which they were found.
    pub fn quality(&self, rule: Option<&str>, after: Option<&str>, limit: u32) -> Result<Page<QualityRow>, StoreError> {
        let Some(RegionSpan { first, last }) = self.span(None).filter(|_| self.may(Permission::SeeRules)) else {
            return Ok(empty());
        };
        let limit = page_size(limit);
        let mut count = Query::select();
        count
            .from("quality_finding")
            .and_where(Expr::col("region").between(first, last))
            .and_where_option(rule.map(|rule| Expr::col("rule").eq(rule)));
        let mut select = count.clone();
        count.expr(Expr::val(1)).limit(COUNT_MAX + 1);
        let counting = Query::select().expr(Expr::cust("count(*)")).from_subquery(count, "c").to_owned();
        select.columns(["number", "rule", "household_no", "resident_key", "region", "because", "because_en"]);
        select.and_where_option(whole(after).map(|number| Expr::col("number").gt(number)));
        select.order_by("number", Order::Asc).limit(u64::from(limit) + 1);
        self.read(|transaction| {
            let total = statement::first(transaction, &counting, |row| counted(row, 0))?.unwrap_or(0);
            let rows = statement::all(transaction, &select, quality_row)?;
            Ok(page(rows, limit, total, |row| row.number.to_string()))
        })
    }

    /// The latest publication whose place holds, or lies inside, the actor's.
    pub fn last_screening(&self) -> Result<Option<ScreeningRow>, StoreError> {
        self.read(|transaction| self.last_screening_in(transaction))
    }

    pub(super) fn last_screening_in(&self, transaction: &Transaction<'_>) -> Result<Option<ScreeningRow>, StoreError> {
        let Some(RegionSpan { first, last }) = self.span(None) else { return Ok(None) };
        let mut found = None;
        for_each(transaction, include_str!("../sql/last_screening.sql"), values![first, last], |row| {
            found = Some(self.screening_row(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    fn screening_row(&self, row: &Row<'_>) -> Result<ScreeningRow, StoreError> {
        let place = region(row, 0)?;
        let inputs: String = row.get(9)?;
        let own = self.actor.region;
        let figures = match own.holds(place) {
            false => None,
            true => Some(ScreeningFigures {
                households: counted(row, 4)?,
                leads: counted(row, 5)?,
                raised: counted(row, 6)?,
                changed: counted(row, 7)?,
                lapsed: counted(row, 8)?,
            }),
        };
        let mut inputs: Vec<crate::Input> = serde_json::from_str(&inputs)?;
        inputs.retain(|input| own.holds(input.region) || input.region.holds(own));
        Ok(ScreeningRow { region: place, day: day(row, 1)?, known: day(row, 2)?, at_ms: row.get(3)?, figures, inputs })
    }
}

/// Runs a fixed query and hands every row on.
pub(super) fn for_each(
    transaction: &Transaction<'_>,
    sql: &str,
    values: impl AsRef<[Sql]>,
    mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    transaction.all(sql, values, &mut each).map(|_: Vec<()>| ())
}

fn quality_row(row: &Row<'_>) -> Result<QualityRow, StoreError> {
    Ok(QualityRow {
        number: row.get(0)?,
        rule: row.get(1)?,
        household_no: HouseholdNo(row.get(2)?),
        resident_key: row.get::<Option<i64>>(3)?.map(ResidentKey),
        region: region(row, 4)?,
        because: row.get(5)?,
        because_en: row.get(6)?,
    })
}
