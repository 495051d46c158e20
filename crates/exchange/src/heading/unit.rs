//! The units that columns are given in: of money from the heading, or from what stands above the table.

use super::measures::kind_of;
use super::unit_words::{self, UnitReading, said_alone, said_beside, said_by_heading};
use super::{Headings, normal, remark};
use crate::ground::note::Notes;
use crate::raw::{RawCell, RawRow, own_rows};
use crate::{MoneyUnit, NoteKind, Shape};
use model::Kind;
use policy::declare::Column;
use words::Wording;

/// The units of a sheet's columns of money.
pub(crate) struct MoneyUnits {
    /// For each declared column its unit, and where it was said.
    of_column: Vec<(MoneyUnit, From)>,
    /// Declared columns whose unit is not clear.
    pub unclear: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Nowhere,
    Heading,
    Above,
    Person,
}

/// What stands around a table.
pub(crate) struct Around<'a> {
    /// The first rows of the sheet, the headings among them.
    pub rows: &'a [RawRow],
    pub sheet: Option<&'a str>,
}

impl Around<'_> {
    /// What the texts above the headings and the name of the sheet say.
    fn above(&self, headings: &Headings) -> UnitReading {
        let rows = self.rows.iter().filter(|row| row.number < headings.row && !own_rows::is_one(row));
        let said = rows.flat_map(entries).map(|text| said_beside(&text)).fold(UnitReading::Nothing, UnitReading::and);
        said.and(self.sheet.map_or(UnitReading::Nothing, said_beside))
    }

    /// The row directly below the headings, where it holds units in place of values.
    pub fn row_of_units(&self, headings: &Headings, shape: &Shape<'_>) -> Option<&RawRow> {
        let row = self.rows.iter().find(|row| row.number > headings.row)?;
        let said = |place: usize| said_of_cell(row.cell(place)) != UnitReading::Nothing;
        let of_money = money_places(headings, shape);
        let is_alone = row.cells.iter().filter(|cell| !cell.is_empty()).count() == 1;
        let has_unit = of_money.iter().any(|place| said(*place)) || is_alone && (0..row.cells.len()).any(said);
        let has_number = |cell: &RawCell| match cell {
            RawCell::Text(text) => text.chars().filter(char::is_ascii_digit).count() > 2,
            cell => !cell.is_empty(),
        };
        (has_unit && !row.cells.iter().any(has_number)).then_some(row)
    }
}

/// What a row says beside a table: its texts, each with the unit in the next cell where it only announces one.
fn entries(row: &RawRow) -> impl Iterator<Item = String> {
    let texts: Vec<&str> = row.cells.iter().filter_map(text_of).collect();
    let one = |at: usize| {
        let next = texts.get(at + 1).filter(|_| unit_words::is_open_entry(texts[at]));
        next.map_or(texts[at].to_owned(), |next| format!("{} {next}", texts[at]))
    };
    (0..texts.len()).map(one).collect::<Vec<_>>().into_iter()
}

fn text_of(cell: &RawCell) -> Option<&str> {
    if let RawCell::Text(text) = cell {
        Some(text).filter(|text| !text.trim().is_empty()).map(String::as_str)
    } else {
        None
    }
}

fn said_of_cell(cell: &RawCell) -> UnitReading {
    text_of(cell).map_or(UnitReading::Nothing, said_alone)
}

fn money_places(headings: &Headings, shape: &Shape<'_>) -> Vec<usize> {
    let columns = shape.columns.iter().zip(&headings.of_column).filter(|(column, _)| column.kind == Kind::Fen);
    columns.filter_map(|(_, place)| *place).collect()
}

/// Texts that may say a unit are shorter.
const ENTRY_LETTERS_MAX: usize = 60;

/// True where a row among or below the data says another unit than holds for the columns that do not name their own.
pub(crate) fn says_other_unit(row: &RawRow, headings: &Headings) -> bool {
    let Some(held) = headings.unit_beside else { return false };
    let is_short = |text: &String| text.chars().count() <= ENTRY_LETTERS_MAX;
    let said =
        entries(row).filter(is_short).map(|text| said_beside(&text)).fold(UnitReading::Nothing, UnitReading::and);
    said != UnitReading::Nothing && said != UnitReading::Unit(held)
}

impl MoneyUnits {
    /// The units by the headings, or the row of units below them, else by what stands around the table; `chosen`: what a person has said of
    /// columns without a clear one.
    pub fn of(headings: &Headings, around: &Around<'_>, shape: &Shape<'_>, chosen: Option<MoneyUnit>) -> MoneyUnits {
        let units_below = around.row_of_units(headings, shape);
        let is_money_below = units_below.is_some_and(|row| {
            money_places(headings, shape).iter().any(|at| said_of_cell(row.cell(*at)) != UnitReading::Nothing)
        });
        let mut above = around.above(headings);
        if let Some(row) = units_below.filter(|_| !is_money_below) {
            above = row.cells.iter().map(said_of_cell).fold(above, UnitReading::and);
        }
        let mut units = MoneyUnits { of_column: Vec::new(), unclear: Vec::new() };
        for (at, column) in shape.columns.iter().enumerate() {
            let place = headings.of_column[at].filter(|_| column.kind == Kind::Fen);
            let own = place.map_or(UnitReading::Nothing, |place| {
                let groups = headings.groups[place].iter().map(|group| said_by_heading(group));
                let own = said_by_heading(&headings.texts[place]);
                let own =
                    if own == UnitReading::Nothing { groups.fold(UnitReading::Nothing, UnitReading::and) } else { own };
                own.and(units_below.map_or(UnitReading::Nothing, |row| said_of_cell(row.cell(place))))
            });
            units.of_column.push(match (place, own, chosen, above) {
                (None, ..) => (MoneyUnit::Yuan, From::Nowhere),
                (_, UnitReading::Unit(unit), ..) => (unit, From::Heading),
                (_, _, Some(unit), _) => (unit, From::Person),
                (_, UnitReading::Nothing, None, UnitReading::Unit(unit)) => (unit, From::Above),
                (_, UnitReading::Nothing, None, UnitReading::Nothing) => (MoneyUnit::Yuan, From::Nowhere),
                _ => {
                    units.unclear.push(at);
                    (MoneyUnit::Yuan, From::Nowhere)
                }
            });
        }
        units
    }

    /// The unit of the columns that do not name their own, where there are any and no person has said it.
    pub fn beside(&self, headings: &Headings, shape: &Shape<'_>) -> Option<MoneyUnit> {
        let is_money = |at: usize| shape.columns[at].kind == Kind::Fen && headings.of_column[at].is_some();
        let of_column = self.of_column.iter().enumerate();
        let mut open = of_column.filter(|(at, (_, from))| is_money(*at) && matches!(from, From::Nowhere | From::Above));
        open.next().map(|(_, (unit, _))| *unit)
    }

    /// For each declared column of money the unit that was said of it; `None` where nothing was.
    pub fn said(&self) -> Vec<Option<MoneyUnit>> {
        self.of_column.iter().map(|(unit, from)| (*from != From::Nowhere).then_some(*unit)).collect()
    }

    /// The tens that the units add to yuan.
    pub fn tens(&self) -> Vec<i32> {
        self.of_column.iter().map(|(unit, _)| unit.tens()).collect()
    }

    /// Says which units were taken from where.
    pub fn tell(&self, headings: &Headings, sheet: Option<&str>, notes: &mut Notes) {
        for (from, kind) in [
            (From::Heading, NoteKind::UnitOfHeading as fn(MoneyUnit) -> NoteKind),
            (From::Above, NoteKind::UnitAbove),
            (From::Person, NoteKind::UnitChosen),
        ] {
            for unit in MoneyUnit::ALL.into_iter().filter(|unit| *unit != MoneyUnit::Yuan || from == From::Person) {
                let is_it = |at: &usize| self.of_column[*at] == (unit, from);
                let columns = (0..self.of_column.len()).filter(is_it).filter_map(|at| headings.of_column[at]);
                notes.add_named(kind(unit), sheet, columns.map(|place| headings.name(place)).collect());
            }
        }
    }
}

/// Columns whose heading names another unit than the one that is declared, without being money.
pub(crate) fn other_units(headings: &Headings, shape: &Shape<'_>) -> Vec<Wording> {
    let differs = |column: &Column, place: &Option<usize>| {
        let place = place.filter(|_| matches!(column.kind, Kind::Int | Kind::Decimal))?;
        let label = normal(&column.label);
        let declared = if column.unit.is_empty() { remark(&label)?.to_owned() } else { normal(&column.unit) };
        let heading = normal(&headings.texts[place]);
        let (declared, found) = (kind_of(&declared)?, kind_of(remark(&heading)?)?);
        (declared != found).then(|| headings.name(place))
    };
    shape.columns.iter().zip(&headings.of_column).filter_map(|(column, place)| differs(column, place)).collect()
}

/// The texts of a sheet without a table say a unit of money other than yuan.
pub(crate) fn says_a_unit(rows: &[RawRow]) -> bool {
    let said = rows.iter().flat_map(entries).filter(|text| text.chars().count() <= ENTRY_LETTERS_MAX);
    let said = said.map(|text| said_beside(&text)).fold(UnitReading::Nothing, UnitReading::and);
    !matches!(said, UnitReading::Nothing | UnitReading::Unit(MoneyUnit::Yuan))
}
