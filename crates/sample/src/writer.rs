//! Writes the rows of one table, and plants its dirt: at most one piece in a row.

use crate::dirt::{Dirt, Planting, Spoiler, spoil};
use crate::fields::Subject;
use crate::fill::{self, Fill, template};
use crate::plan::Plan;
use crate::random::Stream;
use crate::spec::Faults;
use crate::table::Table;
use crate::tables::{Cell, TableHead, Tables};
use crate::world::Village;
use model::{Decimal, Kind};
use std::collections::HashSet;
use std::io;

/// Share of rows with a variant, and share with a fault.
const VARIANT_SHARE: f64 = 0.02;
const FAULT_SHARE: f64 = 0.006;

/// A piece of dirt that was planted.
#[derive(Clone, Debug, PartialEq)]
pub struct Planted {
    pub stem: String,
    /// As a spreadsheet counts: the first line is 1.
    pub row: u64,
    /// Empty for dirt of a whole row.
    pub heading: String,
    pub dirt: Dirt,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Written,
    /// Written, but a reader will leave it out because of a fault.
    Lost,
    /// Not written, because its key had been written for this household before.
    LeftOut,
}

/// The writer of one table.
pub struct Writer<'p> {
    pub table: &'p Table,
    plan: &'p Plan,
    id: usize,
    /// Rows written so far, title and headings included.
    line: u64,
    head_lines: u64,
    serial: u32,
    keys: HashSet<String>,
    planted: Vec<Planted>,
    variants: Vec<Planting>,
    faults: Vec<Planting>,
}

impl<'p> Writer<'p> {
    /// The writer of table number `id` of the plan.
    pub fn new(id: usize, table: &'p Table, plan: &'p Plan) -> Writer<'p> {
        let (faults, variants) = table.plantings.iter().partition(|planting| planting.dirt.fault().is_some());
        let (line, serial) = (0, 0);
        Writer {
            table,
            plan,
            id,
            line,
            head_lines: 1,
            serial,
            keys: HashSet::new(),
            planted: Vec::new(),
            variants,
            faults,
        }
    }

    /// Begins the table. The title may name the county of the first village.
    pub fn begin(&mut self, village: &Village, tables: &mut dyn Tables) -> io::Result<()> {
        let title = self.table.title.as_ref().map(|parts| {
            let nobody = crate::world::Household::nobody(self.plan.options.day);
            let population = &self.plan.population;
            let subject = Subject {
                day: self.plan.options.day,
                population,
                village,
                household: &nobody,
                resident: None,
                event: None,
            };
            template(parts, &subject)
        });
        if title.is_some() {
            self.line += 1;
            self.note(Dirt::TitleRow, None);
        }
        self.head_lines = self.line + 1;
        self.line = self.head_lines;
        tables.begin(&TableHead {
            id: self.id,
            name: self.table.name.clone(),
            stem: self.table.stem.clone(),
            usage: self.table.usage,
            title,
            headings: self.table.headings.clone(),
            kinds: self.table.columns.iter().map(|column| column.kind).collect(),
        })
    }

    /// A household begins: serial numbers start again.
    pub fn begin_household(&mut self) {
        self.serial = 0;
        self.keys.clear();
    }

    /// Writes one row, clean or dirty.
    pub fn row(
        &mut self,
        fills: &[Fill],
        subject: &Subject,
        stream: &mut Stream,
        tables: &mut dyn Tables,
    ) -> io::Result<Outcome> {
        self.serial += 1;
        let cells = self.cells(fills, subject, stream);
        if !self.table.key.is_empty() && !self.keys.insert(self.key_of(&cells)) {
            return Ok(Outcome::LeftOut);
        }
        let lot = stream.unit();
        let planting = match lot {
            lot if lot < FAULT_SHARE => one_of_each_kind(&self.faults, &cells, stream),
            lot if lot < FAULT_SHARE + VARIANT_SHARE => one_of_each_kind(&self.variants, &cells, stream),
            _ => None,
        };
        match planting {
            Some(planting) => self.dirty_row(cells, planting, stream, tables),
            None => self.put(&cells, tables).map(|()| Outcome::Written),
        }
    }

    /// Ends the table, perhaps with a total or a note.
    pub fn end(&mut self, tables: &mut dyn Tables) -> io::Result<()> {
        let mut stream = Stream::of(self.plan.options.seed, &self.table.name, 0, 2);
        let has_rows = self.rows() > 0 && !self.plan.options.is_clean;
        let width = self.table.columns.len();
        if has_rows && width >= 3 && stream.chance(0.5) {
            let mut cells = vec![Cell::Empty; width];
            cells[0] = Cell::text("合计");
            cells[width - 1] = Cell::Text(format!("{}条", self.rows()));
            self.put(&cells, tables)?;
            self.note(Dirt::TotalLine, Some(0));
        }
        if has_rows && width >= 3 && stream.chance(0.4) {
            let mut cells = vec![Cell::Empty; width];
            cells[0] = Cell::text("备注：以上数据由业务系统导出，请以最近一次报送为准");
            self.put(&cells, tables)?;
            self.note(Dirt::NoteLine, Some(0));
        }
        tables.end(self.id)
    }

    /// The dirt planted since the last call.
    pub fn take_planted(&mut self) -> Vec<Planted> {
        std::mem::take(&mut self.planted)
    }

    /// Rows below the headings.
    pub fn rows(&self) -> u64 {
        self.line - self.head_lines
    }

    fn cells(&self, fills: &[Fill], subject: &Subject, stream: &mut Stream) -> Vec<Cell> {
        let columns = self.table.columns.iter().zip(&self.table.labels);
        let cell = |(fill, (column, labels)): (&Fill, (&policy::declare::Column, &bool))| {
            let codes = column.codes.as_ref().and_then(|name| self.plan.codes.get(name));
            fill::cell(fill.datum(subject, self.serial, stream), column, codes, *labels)
        };
        fills.iter().zip(columns).map(cell).collect()
    }

    fn key_of(&self, cells: &[Cell]) -> String {
        let parts: Vec<String> = self.table.key.iter().map(|index| cells[*index].to_string()).collect();
        parts.join("\u{1f}")
    }

    fn dirty_row(
        &mut self,
        cells: Vec<Cell>,
        planting: Planting,
        stream: &mut Stream,
        tables: &mut dyn Tables,
    ) -> io::Result<Outcome> {
        match planting.dirt {
            Dirt::DuplicateRow | Dirt::DuplicateKey => self.repeat(&cells, planting.dirt, stream, tables),
            Dirt::SwappedNameAndIdentity => self.swap(cells, tables),
            Dirt::Stranger => self.stranger(cells, stream, tables),
            Dirt::BlankRow => {
                self.put(&cells, tables)?;
                self.put(&vec![Cell::Empty; cells.len()], tables)?;
                self.note(Dirt::BlankRow, None);
                Ok(Outcome::Written)
            }
            dirt => self.spoil_cell(cells, dirt, planting.column, stream, tables),
        }
    }

    fn spoil_cell(
        &mut self,
        mut cells: Vec<Cell>,
        dirt: Dirt,
        index: usize,
        stream: &mut Stream,
        tables: &mut dyn Tables,
    ) -> io::Result<Outcome> {
        let column = &self.table.columns[index];
        let codes = column.codes.as_ref().and_then(|name| self.plan.codes.get(name));
        let (names, areas, day) = (&self.plan.names, &self.plan.areas, self.plan.options.day);
        let spoiler = Spoiler { column, codes, names, areas, day };
        let Some(spoiled) = spoil(dirt, &cells[index], &spoiler, stream) else {
            return self.put(&cells, tables).map(|()| Outcome::Written);
        };
        let loses_row = dirt.fault().is_some() && self.is_needed(index);
        if loses_row && self.table.faults == Faults::InCopies {
            self.put(&cells, tables)?;
            self.renumber(&mut cells, index, stream);
            cells[index] = spoil(dirt, &cells[index], &spoiler, stream).unwrap_or(spoiled);
        } else {
            cells[index] = spoiled;
        }
        self.put(&cells, tables)?;
        self.note(dirt, Some(index));
        let is_lost = loses_row && self.table.faults == Faults::Anywhere;
        Ok(if is_lost { Outcome::Lost } else { Outcome::Written })
    }

    /// A reader leaves the row out when this column has a fault.
    fn is_needed(&self, index: usize) -> bool {
        let column = &self.table.columns[index];
        column.required || column.kind == Kind::Identity || self.table.key.contains(&index)
    }

    /// Gives the copy of a row a number that no household has.
    fn renumber(&self, cells: &mut [Cell], spoiled: usize, stream: &mut Stream) {
        let is_number = |index: &&usize| **index != spoiled && self.table.columns[**index].kind == Kind::Text;
        for index in self.table.key.iter().filter(is_number) {
            if let Cell::Text(text) = &cells[*index] {
                let head = text.get(..text.len().saturating_sub(4)).unwrap_or_default();
                cells[*index] = Cell::Text(format!("{head}9{:03}{:02}", stream.between(0, 999), stream.between(0, 99)));
            }
        }
    }

    fn repeat(
        &mut self,
        cells: &[Cell],
        dirt: Dirt,
        stream: &mut Stream,
        tables: &mut dyn Tables,
    ) -> io::Result<Outcome> {
        self.put(cells, tables)?;
        if dirt == Dirt::DuplicateRow {
            self.put(cells, tables)?;
            self.note(dirt, None);
            return Ok(Outcome::Written);
        }
        if let Some(index) = self.changeable(cells) {
            let mut changed = cells.to_vec();
            changed[index] = match &cells[index] {
                Cell::Number(number) => Cell::Number(*number + Decimal::from(stream.between(1, 9))),
                other => Cell::Text(format!("{other}改")),
            };
            self.put(&changed, tables)?;
            self.note(dirt, self.table.key.first().copied());
        }
        Ok(Outcome::Written)
    }

    /// A filled column that is neither part of the key nor read by a check, and that may hold something else.
    fn changeable(&self, cells: &[Cell]) -> Option<usize> {
        let fits = |index: &usize| {
            let column = &self.table.columns[*index];
            let is_text = matches!(column.kind, Kind::Text | Kind::Name) && !column.name.ends_with("_no");
            let is_money = column.kind == Kind::Fen && matches!(cells[*index], Cell::Number(_));
            let is_free = !self.table.key.contains(index) && !self.table.checked.contains(index);
            is_free && !cells[*index].is_empty() && (is_text || is_money)
        };
        (0..cells.len()).find(fits)
    }

    fn swap(&mut self, mut cells: Vec<Cell>, tables: &mut dyn Tables) -> io::Result<Outcome> {
        let place = |kind: Kind| {
            let fits = |index: &usize| self.table.columns[*index].kind == kind && !cells[*index].is_empty();
            (0..cells.len()).find(fits)
        };
        let places = place(Kind::Name).zip(place(Kind::Identity));
        let Some((name, identity)) = places.filter(|_| self.table.faults == Faults::Anywhere) else {
            return self.put(&cells, tables).map(|()| Outcome::Written);
        };
        cells.swap(name, identity);
        self.put(&cells, tables)?;
        self.note(Dirt::SwappedNameAndIdentity, Some(name));
        self.note(Dirt::SwappedNameAndIdentity, Some(identity));
        Ok(Outcome::Lost)
    }

    /// An additional row about someone whom the register does not know.
    fn stranger(&mut self, mut cells: Vec<Cell>, stream: &mut Stream, tables: &mut dyn Tables) -> io::Result<Outcome> {
        self.put(&cells, tables)?;
        let of_kind = |kind: Kind| self.table.columns.iter().position(|column| column.kind == kind);
        let Some(identity) = of_kind(Kind::Identity).filter(|index| !cells[*index].is_empty()) else {
            return Ok(Outcome::Written);
        };
        let number = self.plan.numbers.stranger(self.plan.options.region, stream);
        let certificate = cells[identity].to_string().get(18..).map(str::to_owned).unwrap_or_default();
        self.renumber(&mut cells, identity, stream);
        cells[identity] = Cell::Text(format!("{}{certificate}", number.canonical()));
        self.put(&cells, tables)?;
        self.note(Dirt::Stranger, Some(identity));
        Ok(Outcome::Written)
    }

    fn put(&mut self, cells: &[Cell], tables: &mut dyn Tables) -> io::Result<()> {
        self.line += 1;
        tables.row(self.id, cells)
    }

    /// Notes dirt of the row that was just written.
    fn note(&mut self, dirt: Dirt, column: Option<usize>) {
        let heading = column.map(|index| self.table.headings[index].clone()).unwrap_or_default();
        self.planted.push(Planted { stem: self.table.stem.clone(), row: self.line, heading, dirt });
    }
}

/// One planting in a filled cell, so that kinds are equally frequent however many columns they fit.
fn one_of_each_kind(plantings: &[Planting], cells: &[Cell], stream: &mut Stream) -> Option<Planting> {
    let filled = || plantings.iter().filter(|planting| planting.is_of_row() || !cells[planting.column].is_empty());
    let mut kinds: Vec<Dirt> = filled().map(|planting| planting.dirt).collect();
    kinds.dedup();
    let kind = *stream.pick(&kinds)?;
    let fitting: Vec<&Planting> = filled().filter(|planting| planting.dirt == kind).collect();
    stream.pick(&fitting).map(|planting| **planting)
}
