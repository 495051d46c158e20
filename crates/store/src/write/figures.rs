//! Figures of indicators come into force.

use super::change::UnitOfWork;
use crate::database::{Row, Sql, values};
use crate::error::refusal;
use crate::log::write::Event;
use crate::stored::keys::RegionSpan;
use crate::{FigurePublication, IndicatorFigures, Receipt, Refusal, RefusalKind, StoreError};
use model::RegionCode;
use policy::FigureParts;
use policy::declare::Permission;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use words::wording;

/// Columns of a figure behind indicator and period.
const COLUMNS: &str = "place, group_name, group_code, numerator, denominator, known, unknown";

/// Place, group and code.
type Cell = (RegionCode, String, String);
type Cells = BTreeMap<Cell, FigureParts>;

/// What one publication changes, as its event tells it.
#[derive(Default)]
struct PublishedFigures {
    /// Figures that others took the place of, or that are gone.
    before: Vec<Json>,
    after: Vec<Json>,
}

impl UnitOfWork<'_> {
    pub(super) fn publish_figures_of(&mut self, publication: &FigurePublication) -> Result<Receipt, Refusal> {
        if !self.may(Permission::Screen) || !self.reaches(publication.region) {
            return Err(Refusal::not_allowed(wording!("act_publish_figures")));
        }
        let (mut receipt, mut published) = (Receipt::default(), PublishedFigures::default());
        for figures in &publication.figures {
            self.publish_indicator(publication, figures, &mut receipt, &mut published)?;
        }
        if published.after.is_empty() {
            return Ok(receipt);
        }
        let name = format!("{}/{}", publication.region, publication.day);
        let before = if published.before.is_empty() {
            String::new()
        } else {
            json!({ "figures": published.before }).to_string()
        };
        let after = json!({ "day": publication.day, "figures": published.after }).to_string();
        self.event(&Event {
            region: Some(publication.region),
            register: "figure",
            record: &name,
            household_no: None,
            action: "published",
            before: &before,
            after: &after,
        })?;
        Ok(receipt)
    }

    fn publish_indicator(
        &self,
        publication: &FigurePublication,
        figures: &IndicatorFigures,
        receipt: &mut Receipt,
        published: &mut PublishedFigures,
    ) -> Result<(), Refusal> {
        let cells = cells_of(publication, figures)?;
        self.no_later_figures(publication, figures)?;
        let stored = self.stored_figures(publication.region, figures)?;
        let differ = |(cell, parts): &(&Cell, &FigureParts)| cells.get(*cell) != Some(*parts);
        let replaced: Vec<(&Cell, &FigureParts)> = stored.iter().filter(differ).collect();
        let is_same = stored == cells;
        if is_same && self.is_in_force(publication, figures)? {
            receipt.unchanged += 1;
            return Ok(());
        }
        if !is_same {
            self.replace_figures(publication.region, figures, &cells)?;
        }
        self.note_run(publication, figures)?;
        match stored.is_empty() {
            true => receipt.added += 1,
            false => receipt.changed += 1,
        }
        let period = figures.period.to_string();
        published.before.extend(replaced.into_iter().map(|(cell, parts)| {
            let (place, group, code) = cell;
            let FigureParts { numerator, denominator, known, unknown } = parts;
            json!([figures.indicator, period, place, group, code, numerator, denominator, known, unknown])
        }));
        let whole = cells.iter().filter(|((_, group, _), _)| group.is_empty());
        let whole = whole.fold(FigureParts::default(), |sum, (_, parts)| sum.plus(*parts).unwrap_or(sum));
        published.after.push(json!({
            "indicator": figures.indicator, "period": period, "inputs": figures.inputs, "rows": cells.len(), "whole": whole,
        }));
        Ok(())
    }

    fn no_later_figures(&self, publication: &FigurePublication, figures: &IndicatorFigures) -> Result<(), Refusal> {
        let RegionSpan { first, last } = RegionSpan::of(publication.region);
        let (period, day) = (figures.period.to_string(), publication.day.to_string());
        let sql = "select max(day) from figure_run \
             where indicator = ?1 and period = ?2 and region <= ?4 and region_end >= ?3 and day > ?5";
        let values = values![figures.indicator, period, first, last, day];
        let later = self.transaction.first(sql, values, |row| row.get::<Option<String>>(0))?.flatten();
        match later {
            None => Ok(()),
            Some(later) => Err(refusal!("later_figures", RefusalKind::Conflict, day, period, later)),
        }
    }

    fn stored_figures(&self, region: RegionCode, figures: &IndicatorFigures) -> Result<Cells, StoreError> {
        let RegionSpan { first, last } = RegionSpan::of(region);
        let sql =
            format!("select {COLUMNS} from figure where indicator = ?1 and period = ?2 and place between ?3 and ?4");
        let values = values![figures.indicator, figures.period.to_string(), first, last];
        Ok(self.transaction.all(&sql, values, cell)?.into_iter().collect())
    }

    /// True where the same figures of the same day are in force already.
    fn is_in_force(&self, publication: &FigurePublication, figures: &IndicatorFigures) -> Result<bool, StoreError> {
        let sql = "select day, inputs from figure_run where indicator = ?1 and period = ?2 and region = ?3";
        let values = values![figures.indicator, figures.period.to_string(), publication.region.to_string()];
        let run = self.transaction.first(sql, values, |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))?;
        Ok(run == Some((publication.day.to_string(), figures.inputs.clone())))
    }

    fn replace_figures(&self, region: RegionCode, figures: &IndicatorFigures, cells: &Cells) -> Result<(), StoreError> {
        let RegionSpan { first, last } = RegionSpan::of(region);
        let period = figures.period.to_string();
        let delete = "delete from figure where indicator = ?1 and period = ?2 and place between ?3 and ?4";
        self.transaction.execute(delete, values![figures.indicator, period, first, last])?;
        let columns: Vec<&str> = ["indicator", "period"].into_iter().chain(COLUMNS.split(", ")).collect();
        let rows = cells.iter().map(|((place, group, code), parts)| {
            let FigureParts { numerator, denominator, known, unknown } = *parts;
            let key = values![figures.indicator, period, place.to_string(), group, code];
            let numbers: [Sql; 4] = values![numerator, denominator, known, unknown];
            key.into_iter().chain(numbers).collect()
        });
        self.transaction.bulk("figure", &columns, rows)?;
        Ok(())
    }

    /// Notes the run; those of places inside it are none any more.
    fn note_run(&self, publication: &FigurePublication, figures: &IndicatorFigures) -> Result<(), StoreError> {
        let RegionSpan { first, last } = RegionSpan::of(publication.region);
        let period = figures.period.to_string();
        let delete = "delete from figure_run where indicator = ?1 and period = ?2 and region between ?3 and ?4";
        self.transaction.execute(delete, values![figures.indicator, period, first, last])?;
        let columns = ["indicator", "period", "region", "region_end", "day", "at_ms", "inputs"];
        let day = publication.day.to_string();
        let run = values![figures.indicator, period, first, last, day, self.now.at_ms, figures.inputs];
        self.transaction.bulk("figure_run", &columns, [run.to_vec()])?;
        Ok(())
    }
}

/// The figures by place and group; nothing is kept of a group that a place does not have.
fn cells_of(publication: &FigurePublication, figures: &IndicatorFigures) -> Result<Cells, Refusal> {
    let mut cells = Cells::new();
    for row in &figures.rows {
        let key = (row.place, row.group.clone(), row.code.clone());
        let is_misplaced = !publication.region.holds(row.place) || cells.contains_key(&key);
        if is_misplaced || figures.period.first_day() > publication.day {
            let (indicator, place) = (&figures.indicator, row.place);
            return Err(refusal!("figure_misplaced", RefusalKind::Invalid, indicator, place));
        }
        cells.insert(key, row.parts);
    }
    cells.retain(|(_, group, _), parts| group.is_empty() || *parts != FigureParts::default());
    Ok(cells)
}

fn cell(row: &Row<'_>) -> Result<(Cell, FigureParts), StoreError> {
    let place: String = row.get(0)?;
    let place = place.parse().map_err(|_| StoreError::StoredValue { column: "figure.place".to_owned() })?;
    let parts =
        FigureParts { numerator: row.get(3)?, denominator: row.get(4)?, known: row.get(5)?, unknown: row.get(6)? };
    Ok(((place, row.get(1)?, row.get(2)?), parts))
}
