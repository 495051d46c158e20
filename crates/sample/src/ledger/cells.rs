//! One cell after another, by the kind of its field.

use super::home::Home;
use crate::random::Stream;
use model::{Day, Decimal, Fen, Kind, Level, RegionCode, Value};
use policy::Package;
use policy::declare::{Column, Register};

/// Field by which records belong to a household.
const HOUSEHOLD_NO: &str = "household_no";
/// Share of the fields that need not be filled that are.
const FILLED: f64 = 0.7;
/// What people write where any text will do; some begin as formulas do.
const TEXTS: [&str; 8] = [
    "已现场核对",
    "资料齐全",
    "=上次登记数",
    "+2户待核实",
    "-3℃时停水一天",
    "@驻村工作队已知",
    "照片已存档",
    "村民小组会议通过",
];
/// Days back that things lie.
const DAYS_BACK: i64 = 1_000;

/// Makes the cells of one record.
pub(super) struct Maker<'a> {
    pub package: &'a Package,
    pub name: &'a str,
    pub register: &'a Register,
    pub day: Day,
    /// Counted from 1 within the register.
    pub serial: u64,
    pub home: &'a Home,
    /// The member that a record about a resident is about.
    pub person: Option<usize>,
    /// Keys of the records that a reference may name.
    pub keys: &'a dyn Fn(&str) -> Vec<Value>,
    pub stream: Stream,
}

impl Maker<'_> {
    /// A value for a field of the record; nothing for calculated ones.
    pub fn value(&mut self, column: &Column) -> Value {
        let is_key = self.register.key.contains(&column.name);
        let names_place = self.register.region.as_ref() == Some(&column.name);
        let names_household = column.name == HOUSEHOLD_NO && self.register.of.is_some();
        let is_needed = column.required || is_key || names_place || names_household;
        if !column.is_entered() || !(is_needed || self.stream.chance(FILLED)) {
            return Value::Null;
        }
        if column.kind == Kind::Text && is_key && column.name != HOUSEHOLD_NO {
            return Value::Text(format!("{}{:05}", initials(self.name), self.serial));
        }
        if column.kind == Kind::Text && column.required && column.name != HOUSEHOLD_NO {
            return Value::Text(format!("示例{}{}", column.label, self.serial));
        }
        self.of_kind(column)
    }

    /// Rows of each kind of child record; `least`: how many there are of each at least.
    pub fn children(&mut self, least: i64) -> Vec<Vec<Vec<Value>>> {
        let register = self.register;
        let mut all = Vec::with_capacity(register.child.len());
        for child in &register.child {
            let rows = self.stream.between(least, 3);
            let row = |maker: &mut Self| child.field.iter().map(|field| maker.child_value(field)).collect();
            all.push((0..rows).map(|_| row(self)).collect());
        }
        all
    }

    fn child_value(&mut self, column: &Column) -> Value {
        let is_filled = column.is_entered() && (column.required || self.stream.chance(FILLED));
        if is_filled { self.of_kind(column) } else { Value::Null }
    }

    fn of_kind(&mut self, column: &Column) -> Value {
        let person = self.person.or(Some(0)).and_then(|at| self.home.people.get(at));
        match column.kind {
            Kind::Text if column.name == HOUSEHOLD_NO => Value::Text(self.home.number.to_string()),
            Kind::Text => Value::Text(self.stream.pick(&TEXTS).map_or(String::new(), |text| (*text).to_owned())),
            Kind::Name => person.map_or(Value::Null, |(_, name)| Value::Text(name.clone())),
            Kind::Identity => person.map_or(Value::Null, |(identity, _)| Value::Text(identity.clone())),
            Kind::Phone => Value::Text(format!("139{:08}", self.stream.between(0, 99_999_999))),
            Kind::Account => Value::Text(format!("62170000{:010}", self.stream.between(0, 9_999_999_999))),
            Kind::Code => self.codes(column),
            Kind::Bool => Value::Bool(self.stream.chance(0.5)),
            Kind::Int => Value::Int(self.number(column, 0)),
            Kind::Decimal => Value::Decimal(Decimal::new(self.number(column, 2), 2).normalize()),
            Kind::Fen => Value::Fen(Fen(self.number(column, 2))),
            Kind::Day => Value::Day(self.some_day(column)),
            Kind::Month => {
                let day = self.some_day(column);
                Value::Day(Day::new(day.year(), day.month(), 1).unwrap_or(day))
            }
            Kind::Region => Value::Text(self.place().to_string()),
            Kind::Reference => self.reference(column),
            Kind::File => Value::Null,
        }
    }

    /// Mostly the village; some registers are about larger places.
    fn place(&mut self) -> RegionCode {
        match self.stream.between(0, 9) {
            0 => self.home.village.at(Level::Township),
            1 => self.home.village.at(Level::County),
            _ => self.home.village,
        }
    }

    fn codes(&mut self, column: &Column) -> Value {
        let list = column.codes.as_ref().and_then(|name| self.package.codes.get(name));
        let Some(list) = list.filter(|list| !list.code.is_empty()) else { return Value::Null };
        let first = self.stream.index(list.code.len());
        let second = if column.many { self.stream.index(list.code.len()) } else { first };
        let (low, high) = (first.min(second), first.max(second));
        let codes =
            if low == high { &list.code[low..=low] } else { &[list.code[low].clone(), list.code[high].clone()] };
        Value::Text(codes.iter().map(|code| code.code.as_str()).collect::<Vec<_>>().join(","))
    }

    /// A number between the bounds of the field, in units of its last decimal.
    fn number(&mut self, column: &Column, decimals: u32) -> i64 {
        let scale = Decimal::from(10_i64.pow(decimals));
        let whole = |bound: Decimal| i64::try_from((bound * scale).trunc().mantissa()).ok();
        let low = column.min.and_then(whole).unwrap_or(10_i64.pow(decimals));
        let high = column.max.and_then(whole).unwrap_or_else(|| low.saturating_add(500 * 10_i64.pow(decimals)));
        self.stream.between(low, high.min(low.saturating_add(100_000 * 10_i64.pow(decimals))).max(low))
    }

    fn some_day(&mut self, column: &Column) -> Day {
        let last = if column.may_be_future { DAYS_BACK } else { 0 };
        self.day.plus_days(self.stream.between(-DAYS_BACK, last))
    }

    fn reference(&mut self, column: &Column) -> Value {
        let keys = column.to.as_deref().map(self.keys).unwrap_or_default();
        match column.to.as_deref() {
            Some("household") => Value::Text(self.home.number.to_string()),
            Some("region") => Value::Text(self.home.village.to_string()),
            _ => self.stream.pick(&keys).cloned().unwrap_or_default(),
        }
    }
}

/// First letters of the words of a name, in capitals.
fn initials(name: &str) -> String {
    name.split('_').filter_map(|word| word.chars().next()).map(|letter| letter.to_ascii_uppercase()).collect()
}
