//! Figures of indicators, as they were published: for a place, for those below it, by group, and as a series.
//!
//! Figures are kept for the smallest places only; every larger place adds them up here, so that no level can say something else
//! than those below it.

use super::places::below;
use crate::StoreError;
use crate::database::{Row, Transaction, values};
use crate::read::{FigureRun, FigureShown, GroupFigure, PeriodFigure, PlaceFigure, View};
use crate::stored::keys::RegionSpan;
use model::{Day, Level, Period, RegionCode};
use policy::FigureParts;
use policy::declare::Permission;
use std::collections::BTreeMap;

/// Numbers below it are not shown of small places to those who may not see households.
const SMALL: i64 = 3;
/// Periods of a series.
const SERIES_MAX: u32 = 24;
/// The sum of figures.
const SUM: &str = "sum(numerator), sum(denominator), sum(known), sum(unknown)";

impl View<'_> {
    /// Names of the indicators whose figures the actor may see: those over households for whoever sees leads or rules, those
    /// over a register for whoever sees the register.
    pub fn indicators(&self) -> Vec<String> {
        let declarations = &self.store.inner.declarations;
        let sees_all = self.may(Permission::SeeLeads) || self.may(Permission::SeeRules);
        let sees = |from: &Option<String>| match from {
            None => sees_all,
            Some(register) => declarations.registers.get(register).is_some_and(|register| self.sees(register)),
        };
        let seen = declarations.indicators.iter().filter(|(_, one)| sees(&one.declared.from));
        seen.map(|(name, _)| name.clone()).collect()
    }

    /// The figure of an indicator for a place: of the latest period for which one was published that is whole there, or else of
    /// the latest for which there is any. `None` where there is none, and where the actor may not see it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn latest_figure(&self, indicator: &str, place: RegionCode) -> Result<Option<PeriodFigure>, StoreError> {
        let series = self.series_within(indicator, place, SERIES_MAX, true)?;
        Ok(series.into_iter().next())
    }

    /// The figures of a place, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn figure_series(&self, indicator: &str, place: RegionCode) -> Result<Vec<PeriodFigure>, StoreError> {
        self.series_within(indicator, place, SERIES_MAX, false)
    }

    /// The figures of a period for the places one level below, in the order of their codes; places without one are left out. What
    /// lies at the place itself and at none below it comes first, under the place's own code.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn figures_below(
        &self,
        indicator: &str,
        place: RegionCode,
        period: Period,
    ) -> Result<Vec<PlaceFigure>, StoreError> {
        let Some(level) = below(place.level()).filter(|_| self.sees_figures(indicator, place)) else {
            return Ok(Vec::new());
        };
        let RegionSpan { first, last } = RegionSpan::of(place);
        let digits = level.digits();
        let sql = format!(
            "select substr(place, 1, {digits}), {SUM} from figure \
              where indicator = ?1 and period = ?2 and group_name = '' and group_code = '' and place between ?3 and ?4 \
              group by 1 order by 1"
        );
        let zeros = "0".repeat(12 - digits as usize);
        let mut rows = self.read(|transaction| {
            transaction.all(&sql, values![indicator, period.to_string(), first, last], |row| {
                let code: String = row.get(0)?;
                let code = format!("{code}{zeros}").parse();
                let place: RegionCode = code.map_err(|_| StoreError::StoredValue { column: "figure.place".into() })?;
                Ok(PlaceFigure { place, figure: FigureShown::Parts(parts(row, 1)?) })
            })
        })?;
        if rows.iter().all(|row| row.place == place) {
            return Ok(Vec::new());
        }
        if level == Level::Village && self.hides_small() {
            hide_small(&mut rows.iter_mut().map(|row| &mut row.figure).collect::<Vec<_>>());
        }
        Ok(rows)
    }

    /// The figures of a period for the groups of a place.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn figure_groups(
        &self,
        indicator: &str,
        place: RegionCode,
        period: Period,
    ) -> Result<Vec<GroupFigure>, StoreError> {
        if !self.sees_figures(indicator, place) {
            return Ok(Vec::new());
        }
        let RegionSpan { first, last } = RegionSpan::of(place);
        let sql = format!(
            "select group_name, group_code, {SUM} from figure \
              where indicator = ?1 and period = ?2 and group_name <> '' and place between ?3 and ?4 \
              group by group_name, group_code order by group_name, group_code"
        );
        let mut rows = self.read(|transaction| {
            transaction.all(&sql, values![indicator, period.to_string(), first, last], |row| {
                Ok(GroupFigure { group: row.get(0)?, code: row.get(1)?, figure: FigureShown::Parts(parts(row, 2)?) })
            })
        })?;
        if place.level() >= Level::Township && self.hides_small() {
            let mut by_group: BTreeMap<String, Vec<&mut FigureShown>> = BTreeMap::new();
            rows.iter_mut().for_each(|row| by_group.entry(row.group.clone()).or_default().push(&mut row.figure));
            by_group.values_mut().for_each(|figures| hide_small(figures));
        }
        Ok(rows)
    }

    fn sees_figures(&self, indicator: &str, place: RegionCode) -> bool {
        self.actor.region.holds(place) && self.indicators().iter().any(|seen| seen == indicator)
    }

    /// Small numbers of villages, and of groups of townships, tell of people.
    fn hides_small(&self) -> bool {
        !self.may(Permission::SeeHouseholds)
    }

    /// The latest figures of a place; `whole_first` puts those that are whole in front.
    fn series_within(
        &self,
        indicator: &str,
        place: RegionCode,
        most: u32,
        whole_first: bool,
    ) -> Result<Vec<PeriodFigure>, StoreError> {
        if !self.sees_figures(indicator, place) {
            return Ok(Vec::new());
        }
        self.read(|transaction| {
            let runs = runs_at(transaction, indicator, place, self.actor.region, most)?;
            let mut periods: Vec<(Period, FigureRun)> = runs.into_iter().rev().collect();
            if whole_first {
                periods.sort_by_key(|(_, run)| !run.is_whole);
                periods.truncate(1);
            }
            let figure = |(period, run)| {
                let parts = sum_of(transaction, indicator, place, period)?;
                let mut figure = FigureShown::Parts(parts);
                if place.level() == Level::Village && self.hides_small() {
                    hide_small(&mut [&mut figure]);
                }
                Ok(PeriodFigure { period, run, figure })
            };
            periods.into_iter().map(figure).collect()
        })
    }
}

/// The publications that reach a place, by period: of each the latest that is whole for it, or what lies inside it together.
/// Whoever sees a part of the place that was published for is not told by a hash that the rest has changed.
fn runs_at(
    transaction: &Transaction<'_>,
    indicator: &str,
    place: RegionCode,
    own: RegionCode,
    most: u32,
) -> Result<BTreeMap<Period, FigureRun>, StoreError> {
    let RegionSpan { first, last } = RegionSpan::of(place);
    let sql = format!(
        "select period, region, region_end, day, inputs from figure_run \
          where indicator = ?1 and region <= ?3 and region_end >= ?2 \
            and period in (select distinct period from figure_run \
                            where indicator = ?1 and region <= ?3 and region_end >= ?2 \
                            order by period desc limit {most}) \
          order by period, day, region"
    );
    let mut runs: BTreeMap<Period, FigureRun> = BTreeMap::new();
    let rows = transaction.all(&sql, values![indicator, first, last], |row| {
        let [period, region, region_end, day, inputs] =
            [row.get::<String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
        let is_own = region.parse().is_ok_and(|region| own.holds(region));
        Ok((period, region <= first && region_end >= last, day, is_own.then_some(inputs)))
    })?;
    for (period, is_whole, day, inputs) in rows {
        let broken = |column: &str| StoreError::StoredValue { column: format!("figure_run.{column}") };
        let period: Period = period.parse().map_err(|_| broken("period"))?;
        let day: Day = day.parse().map_err(|_| broken("day"))?;
        match runs.get_mut(&period) {
            // Rows are in the order of days: the later one says more.
            Some(run) if is_whole || !run.is_whole => *run = FigureRun { day, is_whole, inputs },
            Some(_) => {}
            None => drop(runs.insert(period, FigureRun { day, is_whole, inputs })),
        }
    }
    Ok(runs)
}

fn sum_of(
    transaction: &Transaction<'_>,
    indicator: &str,
    place: RegionCode,
    period: Period,
) -> Result<FigureParts, StoreError> {
    let RegionSpan { first, last } = RegionSpan::of(place);
    let sql = format!(
        "select {SUM} from figure \
          where indicator = ?1 and period = ?2 and group_name = '' and group_code = '' and place between ?3 and ?4"
    );
    let sum = transaction.first(&sql, values![indicator, period.to_string(), first, last], |row| parts(row, 0))?;
    Ok(sum.unwrap_or_default())
}

fn parts(row: &Row<'_>, at: usize) -> Result<FigureParts, StoreError> {
    let number = |index: usize| Ok::<i64, StoreError>(row.get::<Option<i64>>(at + index)?.unwrap_or_default());
    Ok(FigureParts { numerator: number(0)?, denominator: number(1)?, known: number(2)?, unknown: number(3)? })
}

/// Hides numbers of few; where that hides one alone, the next smallest too, since the whole would give the one away.
fn hide_small(figures: &mut [&mut FigureShown]) {
    let few = |number: i64| (1..SMALL).contains(&number);
    let mut hidden = 0;
    for figure in figures.iter_mut() {
        if let FigureShown::Parts(parts) = figure
            && (few(parts.numerator) || few(parts.known))
        {
            **figure = FigureShown::Hidden;
            hidden += 1;
        }
    }
    if hidden == 1 {
        let shown = figures.iter_mut().filter_map(|figure| match figure {
            FigureShown::Parts(parts) if parts.numerator > 0 => Some((parts.numerator, figure)),
            _ => None,
        });
        if let Some((_, figure)) = shown.min_by_key(|(number, _)| *number) {
            **figure = FigureShown::Hidden;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_few_are_hidden_and_never_one_alone() {
        let of =
            |number: i64| FigureShown::Parts(FigureParts { numerator: number, known: 90, ..FigureParts::default() });
        let cases: [(&[i64], &[usize]); 6] = [
            (&[0, 3, 9], &[]),
            (&[2, 3, 9], &[0, 1]),
            (&[1, 2, 9], &[0, 1]),
            (&[0, 0, 1], &[2]),
            (&[9, 7, 1], &[1, 2]),
            (&[], &[]),
        ];
        for (numbers, hidden) in cases {
            let mut figures: Vec<FigureShown> = numbers.iter().map(|number| of(*number)).collect();
            hide_small(&mut figures.iter_mut().collect::<Vec<_>>());
            let found: Vec<usize> = (0..figures.len()).filter(|at| figures[*at] == FigureShown::Hidden).collect();
            assert_eq!(found, hidden, "{numbers:?}");
        }
    }
}
