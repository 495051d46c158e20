//! Records made by seed for any register of a package, so that its checks take them.

use model::{Day, Decimal, Fen, Kind, RegionCode, Value};
use policy::Package;
use policy::declare::{Column, Register};
use policy::record::{Setting, calculate, failed_checks};
use store::Record;

/// A stream of numbers that a seed fixes (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }
}

/// Makes the records of one register.
pub struct Maker<'p> {
    package: &'p Package,
    name: &'p str,
    register: &'p Register,
    villages: &'p [RegionCode],
    today: Day,
    dice: Dice,
}

impl<'p> Maker<'p> {
    /// `villages`: places that the records are spread over evenly.
    pub fn new(package: &'p Package, name: &'p str, villages: &'p [RegionCode], today: Day) -> Maker<'p> {
        Maker { package, name, register: &package.registers[name], villages, today, dice: Dice(20_210_527) }
    }

    /// The record with this number; it fails no check that would drop it, as far as some tries find one.
    pub fn record(&mut self, number: u64) -> Record {
        let mut record = self.roll(number);
        for _ in 0..20 {
            if self.passes(&record) {
                break;
            }
            record = self.roll(number);
        }
        record
    }

    fn passes(&self, record: &Record) -> bool {
        let form = &self.package.register_forms[self.name];
        let place = self.package.head.region;
        let parameters = |name: &str| self.package.parameter(name, place, self.today, self.today).value;
        let state = self.register.state.iter().find(|state| state.initial).map_or("", |state| state.name.as_str());
        let setting = Setting { state, parameters: &parameters, today: self.today };
        let (mut fields, mut children) = (record.fields.clone(), record.children.clone().unwrap_or_default());
        let mut children: Vec<_> = children.drain(..).map(Option::unwrap_or_default).collect();
        calculate(self.register, form, &mut fields, &mut children, &setting);
        failed_checks(self.register, form, &fields, &setting).iter().all(|check| !check.drops_row)
    }

    fn roll(&mut self, number: u64) -> Record {
        let register = self.register;
        let village = self.villages[(number % self.villages.len() as u64) as usize];
        let fields = register.field.iter().map(|field| match () {
            () if register.region.as_ref() == Some(&field.name) => Value::Text(village.to_string()),
            () if field.name == "household_no" && field.kind != Kind::Reference => {
                Value::Text((1 + number / 2).to_string())
            }
            () if register.key.contains(&field.name) => Value::Text(format!("{}-{number:08}", &self.name[..2])),
            () => self.value(field),
        });
        let fields = fields.collect();
        let children = register.child.iter().map(|child| {
            let rows = self.dice.below(2);
            Some((0..rows).map(|_| child.field.iter().map(|field| self.value(field)).collect()).collect())
        });
        let children = Some(children.collect());
        Record { row: u32::try_from(number + 2).unwrap_or(u32::MAX), fields, children, ..Record::default() }
    }

    fn value(&mut self, field: &Column) -> Value {
        if !field.is_entered() || (!field.required && self.dice.below(10) == 0) {
            return Value::Null;
        }
        let whole = |bound: Option<Decimal>, other: i64| {
            bound.and_then(|one| i64::try_from(one.trunc().mantissa()).ok()).unwrap_or(other)
        };
        let (least, most) = (whole(field.min, 0), whole(field.max, 100_000));
        let number = least + self.dice.below((most - least).max(1) as u64) as i64;
        match field.kind {
            Kind::Bool => Value::Bool(self.dice.below(2) == 0),
            Kind::Int => Value::Int(number),
            Kind::Decimal => Value::Decimal(Decimal::new(number.max(1) * 100 - self.dice.below(99) as i64, 2)),
            Kind::Fen => Value::Fen(Fen(number * 100 + self.dice.below(100) as i64)),
            Kind::Day | Kind::Month => Value::Day(self.today.plus_days(-(self.dice.below(7000) as i64))),
            Kind::Code => self.code(field),
            Kind::Name => Value::Text(self.letters(3)),
            Kind::Phone => Value::Text(format!("139{:08}", self.dice.below(100_000_000))),
            Kind::Account => Value::Text(format!("6217{:015}", self.dice.below(1_000_000_000_000_000))),
            Kind::Identity => Value::Text(format!("51010119{:010}", self.dice.below(10_000_000_000))),
            Kind::Region => {
                Value::Text(self.villages[self.dice.below(self.villages.len() as u64) as usize].to_string())
            }
            Kind::Text => Value::Text(self.letters(8)),
            Kind::Reference | Kind::File => Value::Null,
        }
    }

    fn code(&mut self, field: &Column) -> Value {
        let list = field.codes.as_ref().and_then(|name| self.package.codes.get(name));
        let codes = list.map_or(&[][..], |list| &list.code);
        let chosen = self.dice.below(codes.len() as u64) as usize;
        codes.get(chosen).map_or(Value::Null, |code| Value::Text(code.code.clone()))
    }

    fn letters(&mut self, count: u32) -> String {
        (0..count).filter_map(|_| char::from_u32(0x4E00 + self.dice.below(3000) as u32)).collect()
    }
}
