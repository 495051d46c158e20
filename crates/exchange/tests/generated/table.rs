//! A made-up table: a shape with columns of all kinds, rows with the truth beside every text, and mistakes planted on purpose.

use crate::random::Random;
use crate::values::{self, DELIVERY, Marks, Wanted};
use exchange::{NoPlaces, Shape};
use model::{Kind, Value};
use policy::declare::{Code, CodeList, Column};
use std::collections::BTreeMap;

/// A column as the file has it.
pub struct FileColumn {
    pub heading: String,
    /// The declared column that it feeds.
    pub declared: Option<usize>,
    /// Tens that the heading's unit adds to yuan.
    pub tens: i32,
}

/// A cell: what is written, and what it says.
#[derive(Clone)]
pub struct Cell {
    pub text: String,
    pub value: Value,
    pub is_damaged: bool,
}

/// What must become of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Taken,
    Dropped,
    /// Left out, or taken with its own values.
    Either,
}

/// A mistake of the line as a whole, which text files alone can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A quotation mark before the cell in this column of the file is never closed.
    OpenQuote(usize),
    /// The last cell is missing.
    CellLost,
    /// A cell too many.
    CellMore,
}

#[derive(Clone)]
pub struct Record {
    /// By column of the file.
    pub cells: Vec<Cell>,
    pub fate: Fate,
    pub flaw: Option<Flaw>,
}

pub struct Table {
    pub columns: Vec<Column>,
    pub codes: BTreeMap<String, CodeList>,
    pub key: Vec<String>,
    pub identity: Option<String>,
    pub household: Option<String>,
    pub file_columns: Vec<FileColumn>,
    /// A note above the headings says that money is in units of 10,000 yuan.
    pub has_unit_above: bool,
    pub records: Vec<Record>,
}

/// What a way of writing can hold.
#[derive(Clone, Copy)]
pub struct Room {
    pub rows: usize,
    pub marks: Marks,
    /// Mistakes in cells are planted.
    pub damage: bool,
    /// Mistakes of whole lines are planted.
    pub flaws: bool,
    pub open_quotes: bool,
    /// Notes may stand above the headings.
    pub notes: bool,
}

/// The column that every file must have.
pub const SERIAL: &str = "serial_no";

/// Labels by kind; none is part of another's spelling.
const LABELS: [(Kind, &[&str]); 13] = [
    (Kind::Text, &["事由", "经办情况", "详细住址"]),
    (Kind::Name, &["姓名", "监护人"]),
    (Kind::Code, &["性别", "补助类别"]),
    (Kind::Int, &["受益人数", "住院天数"]),
    (Kind::Decimal, &["耕地面积", "工时"]),
    (Kind::Fen, &["补助金额", "自付费用"]),
    (Kind::Day, &["发放日期", "登记日期"]),
    (Kind::Month, &["所属年月"]),
    (Kind::Bool, &["是否完成"]),
    (Kind::Identity, &["证件号码"]),
    (Kind::Phone, &["联系电话"]),
    (Kind::Account, &["银行账号"]),
    (Kind::Region, &["行政村代码"]),
];

pub fn codes() -> BTreeMap<String, CodeList> {
    let code = |(code, label): &(&str, &str)| Code {
        code: (*code).to_owned(),
        label: (*label).to_owned(),
        label_en: String::new(),
        aliases: Vec::new(),
        confirms: Default::default(),
    };
    let list = |label: &str, codes: &[(&str, &str)]| CodeList {
        label: label.to_owned(),
        label_en: String::new(),
        source: String::new(),
        code: codes.iter().map(code).collect(),
    };
    let sexes = list("性别", &[("1", "男性"), ("2", "女性")]);
    let kinds = list("补助类别", &[("01", "临时补助"), ("02", "大病补助"), ("11", "教育补助")]);
    BTreeMap::from([("性别".to_owned(), sexes), ("补助类别".to_owned(), kinds)])
}

impl Table {
    pub fn random(random: &mut Random, room: Room) -> Table {
        let columns = columns(random);
        let named = |kind: Kind| columns.iter().find(|column| column.kind == kind).map(|column| column.name.clone());
        let mut key = vec![SERIAL.to_owned()];
        match random.below(4) {
            0 => key.clear(),
            1 => key.extend(named(Kind::Day)),
            _ => {}
        }
        let identity = named(Kind::Identity).filter(|_| random.in_hundred(70));
        let household = columns.iter().find(|column| column.label == "户编号").map(|column| column.name.clone());
        let mut file_columns = file_columns(&columns, &key, identity.as_deref(), random);
        let has_unit_above = room.notes && random.in_hundred(10);
        let is_bare_money = |column: &&mut FileColumn| {
            let is_money = column.declared.is_some_and(|at| columns[at].kind == Kind::Fen);
            is_money && !column.heading.contains('元')
        };
        if has_unit_above {
            file_columns.iter_mut().filter(is_bare_money).for_each(|column| column.tens = 4);
        }
        let (codes, records) = (codes(), Vec::new());
        let mut table = Table { columns, codes, key, identity, household, file_columns, has_unit_above, records };
        let first = random.next() % 1_000_000;
        for at in 0..room.rows as u64 {
            let record = table.record(first + at, room, random);
            table.records.push(record);
        }
        if room.damage && random.in_hundred(20) {
            table.repeat_one(random);
        }
        table
    }

    /// What the file is read as.
    pub fn shape(&self) -> Shape<'_> {
        Shape {
            name: "made_up",
            label: "编造的台账",
            label_en: "",
            columns: &self.columns,
            key: &self.key,
            identity: self.identity.as_deref(),
            household: self.household.as_deref(),
            tests: Vec::new(),
            codes: &self.codes,
            delivery_day: DELIVERY.parse().expect("is a day"),
            places: &NoPlaces,
        }
    }

    /// True where a row without a good value is left out.
    pub fn is_needed(&self, declared: usize) -> bool {
        let column = &self.columns[declared];
        let is_identity = self.identity.as_ref() == Some(&column.name) && self.household.is_none();
        column.required || self.key.contains(&column.name) || is_identity
    }

    /// The declared column behind a column of the file.
    pub fn declared(&self, at: usize) -> Option<&Column> {
        self.file_columns[at].declared.map(|declared| &self.columns[declared])
    }

    fn wanted(&self, at: usize, tag: u64, marks: Marks) -> Option<Wanted<'_>> {
        let column = self.declared(at)?;
        let is_household = self.household.as_ref() == Some(&column.name);
        let is_key = self.key.contains(&column.name);
        Some(Wanted { column, tens: self.file_columns[at].tens, is_key, is_household, tag, marks })
    }

    fn record(&self, tag: u64, room: Room, random: &mut Random) -> Record {
        let mut cells: Vec<Cell> =
            (0..self.file_columns.len()).map(|at| self.good_cell(at, tag, room.marks, random)).collect();
        let mut fate = Fate::Taken;
        if room.damage && random.in_hundred(12) {
            for _ in 0..=random.below(2) {
                let at = random.below(cells.len());
                let Some(wanted) = self.wanted(at, tag, room.marks) else { continue };
                let text = if wanted.column.required && random.in_hundred(30) {
                    String::new()
                } else {
                    values::bad(&wanted, random)
                };
                cells[at] = Cell { text, value: Value::Null, is_damaged: true };
                let is_needed = self.file_columns[at].declared.is_some_and(|declared| self.is_needed(declared));
                fate = if is_needed || fate == Fate::Dropped { Fate::Dropped } else { Fate::Either };
            }
        }
        let flaw = if room.flaws && random.in_hundred(6) { self.flaw(&cells, room, random) } else { None };
        Record { cells, fate: if flaw.is_some() { Fate::Dropped } else { fate }, flaw }
    }

    fn flaw(&self, cells: &[Cell], room: Room, random: &mut Random) -> Option<Flaw> {
        match random.below(3) {
            0 if room.open_quotes => {
                // Where other rows have quotation marks, one that never closes finds its end in them.
                let is_text = |at: &usize| self.declared(*at).is_some_and(|column| column.kind == Kind::Text);
                let texts: Vec<usize> = (0..cells.len()).filter(is_text).collect();
                let at = if random.in_hundred(60) { random.pick(&texts) } else { random.below(cells.len()) };
                let is_plain = |text: &str| !text.is_empty() && !text.contains(['"', ',', ';', '|', '\n', '\r']);
                // Nobody can say where a row ends that also has a cell over several lines.
                let is_one_line = cells.iter().all(|cell| !cell.text.contains('\n'));
                (is_one_line && is_plain(&cells[at].text)).then_some(Flaw::OpenQuote(at))
            }
            1 => {
                let rest = &cells[..cells.len() - 1];
                (rest.iter().filter(|cell| !cell.text.is_empty()).count() > 1).then_some(Flaw::CellLost)
            }
            _ => Some(Flaw::CellMore),
        }
    }

    fn good_cell(&self, at: usize, tag: u64, marks: Marks, random: &mut Random) -> Cell {
        let Some(wanted) = self.wanted(at, tag, marks) else {
            let text = if random.in_hundred(60) { format!("附注{tag}") } else { String::new() };
            return Cell { text, value: Value::Null, is_damaged: false };
        };
        let may_be_empty = !wanted.column.required && !wanted.is_key;
        let (text, value) = match random.below(100) {
            0..15 if may_be_empty => (String::new(), Value::Null),
            _ => values::good(&wanted, random),
        };
        Cell { text, value, is_damaged: false }
    }

    /// Writes an earlier row once more at the end.
    fn repeat_one(&mut self, random: &mut Random) {
        if self.records.is_empty() {
            return;
        }
        let mut again = self.records[random.below(self.records.len())].clone();
        again.fate = if again.fate == Fate::Taken { Fate::Dropped } else { Fate::Either };
        // A row without a key is known by all that it says, and a needed cell may be bad in both.
        if again.fate == Fate::Either && again.flaw.is_some() {
            again.fate = Fate::Dropped;
        }
        self.records.push(again);
    }
}

fn columns(random: &mut Random) -> Vec<Column> {
    let mut pool: Vec<(Kind, &str)> =
        LABELS.iter().flat_map(|(kind, labels)| labels.iter().map(|label| (*kind, *label))).collect();
    pool.push((Kind::Text, "户编号"));
    pool.push((Kind::Reference, "项目编号"));
    random.shuffle(&mut pool);
    pool.truncate(4 + random.below(11));
    let mut columns: Vec<Column> =
        pool.iter().enumerate().map(|(at, (kind, label))| column(at, *kind, label, random)).collect();
    let serial = Column {
        name: SERIAL.to_owned(),
        label: "单号".to_owned(),
        label_en: "Serial".to_owned(),
        headings: vec!["单号栏".to_owned()],
        required: true,
        ..Column::default()
    };
    columns.insert(random.below(columns.len() + 1), serial);
    columns
}

fn column(at: usize, kind: Kind, label: &str, random: &mut Random) -> Column {
    Column {
        name: format!("column_{at}"),
        label: label.to_owned(),
        label_en: format!("Column {at}"),
        kind,
        codes: (kind == Kind::Code).then(|| label.to_owned()),
        headings: vec![format!("{label}栏")],
        required: random.in_hundred(35),
        may_be_future: kind == Kind::Day && random.in_hundred(30),
        ..Column::default()
    }
}

/// The columns of the file: most of the declared ones in any order, and some that nobody asked for.
fn file_columns(columns: &[Column], key: &[String], identity: Option<&str>, random: &mut Random) -> Vec<FileColumn> {
    let mut found = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let is_needed = column.required || key.contains(&column.name) || identity == Some(column.name.as_str());
        if !is_needed && found.len() >= 4 && random.in_hundred(12) {
            continue;
        }
        let (heading, tens) = heading(column, random);
        found.push(FileColumn { heading, declared: Some(at), tens });
    }
    for at in 0..random.below(3) {
        found.push(FileColumn { heading: format!("附加内容{}", ["甲", "乙"][at]), declared: None, tens: 0 });
    }
    random.shuffle(&mut found);
    found
}

/// A heading as people write it, and the tens that its unit adds.
fn heading(column: &Column, random: &mut Random) -> (String, i32) {
    let label = &column.label;
    let is_money = column.kind == Kind::Fen;
    match random.below(10) {
        0 => (format!("{label}栏"), 0),
        1 => (format!("*{label}"), 0),
        2 => (format!(" {label}："), 0),
        3 => (label.chars().map(|letter| format!("{letter} ")).collect::<String>().trim_end().to_owned(), 0),
        4 if is_money => (format!("{label}（万元）"), 4),
        5 if is_money => (format!("{label}(千元)"), 3),
        6 if is_money => (format!("{label}（元）"), 0),
        _ => (label.clone(), 0),
    }
}
