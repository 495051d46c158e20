//! Records of the registers that the package marks in `sample/ledgers.toml`: made from their declarations alone.
//!
//! Every field is filled by its kind, its code list and its range; references lead to records that were made before; households
//! and residents are those of the made-up place. What a check or a constraint refuses is made again, field by field, and left out
//! where that does not help. No dirt is planted.

mod cells;
mod home;

use crate::random::Stream;
use cells::Maker;
use model::{Day, Value};
use policy::declare::{Grain, Register};
use policy::record::{Setting, broken_constraints, calculate, failed_checks, lookup};
use policy::{LookupForm, Package, RegisterForm};
use std::collections::BTreeSet;

pub use home::Home;

/// Of so many households, one is in a register about households or residents; generation keeps these.
pub const HOUSEHOLDS_PER_HOME: u64 = 10;
/// Records of registers of other things.
const THINGS: usize = 30;
/// Records of any register.
const RECORDS_MAX: usize = 400;
/// Attempts to make a record that nothing refuses.
const ATTEMPTS: u32 = 80;
/// Of these, attempts in which every kind of child record has some.
const ATTEMPTS_WITH_CHILDREN: u32 = 6;

/// The records of one register.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    pub register: String,
    pub records: Vec<LedgerRecord>,
}

/// One value for each declared field, calculated ones filled; for each kind of child its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerRecord {
    pub fields: Vec<Value>,
    pub children: Vec<Vec<Vec<Value>>>,
}

/// Makes the ledgers that the package marks, those that others refer to first.
pub fn ledgers(package: &Package, suitable: &[String], homes: &[Home], seed: u64, day: Day) -> Vec<Ledger> {
    let mut made = Made { package, day, ledgers: Vec::new() };
    for name in in_order(package, suitable) {
        let (Some(register), Some(form)) = (package.registers.get(&name), package.register_forms.get(&name)) else {
            continue;
        };
        let ledger = made.make(&name, register, form, homes, seed);
        made.ledgers.push(ledger);
    }
    made.ledgers
}

/// Referred registers before those that refer to them.
fn in_order(package: &Package, suitable: &[String]) -> Vec<String> {
    let mut order: Vec<String> = Vec::new();
    for _ in 0..suitable.len() {
        for name in suitable.iter().filter(|name| package.registers.contains_key(*name)) {
            let register = &package.registers[name];
            let children = register.child.iter().flat_map(|child| &child.field);
            let targets = register.field.iter().chain(children).filter_map(|field| field.to.as_ref());
            let mut waits = targets.filter(|to| *to != name && suitable.contains(to) && !order.contains(to));
            if waits.next().is_none() && !order.contains(name) {
                order.push(name.clone());
            }
        }
    }
    order
}

struct Made<'a> {
    package: &'a Package,
    day: Day,
    ledgers: Vec<Ledger>,
}

impl Made<'_> {
    fn make(&self, name: &str, register: &Register, form: &RegisterForm, homes: &[Home], seed: u64) -> Ledger {
        let about: Vec<(&Home, Option<usize>)> = match register.of {
            Some(Grain::Resident) => {
                let people = |home| move |person| (home, Some(person));
                homes.iter().flat_map(|home| (0..home.people.len()).take(1).map(people(home))).collect()
            }
            Some(_) => homes.iter().map(|home| (home, None)).collect(),
            None => homes.iter().cycle().take(THINGS.min(homes.len() * 4)).map(|home| (home, None)).collect(),
        };
        let mut ledger = Ledger { register: name.to_owned(), records: Vec::new() };
        let mut keys = BTreeSet::new();
        for (serial, (home, person)) in about.into_iter().take(RECORDS_MAX).enumerate() {
            let stream = Stream::of(seed, name, serial as u64, 7);
            let maker = Maker {
                package: self.package,
                name,
                register,
                day: self.day,
                serial: serial as u64 + 1,
                home,
                person,
                keys: &|to| self.keys_of(to),
                stream,
            };
            if let Some(record) = self.record(maker, form, &ledger, &mut keys) {
                ledger.records.push(record);
            }
        }
        ledger
    }

    fn record(
        &self,
        mut maker: Maker<'_>,
        form: &RegisterForm,
        ledger: &Ledger,
        keys: &mut BTreeSet<Vec<String>>,
    ) -> Option<LedgerRecord> {
        let register = maker.register;
        let state = register.state.iter().find(|state| state.initial).or(register.state.first());
        let state = state.map_or("", |state| state.name.as_str());
        let setting = Setting { state, parameters: &|_| Value::Null, today: self.day };
        let mut fields: Vec<Value> = register.field.iter().map(|field| maker.value(field)).collect();
        for attempt in 0..ATTEMPTS {
            // Sums over children may ask for what chance does not give: then none is as good.
            let mut children = maker.children(i64::from(attempt < ATTEMPTS_WITH_CHILDREN));
            calculate(register, form, &mut fields, &mut children, &setting);
            // What is only remarkable is avoided at first.
            let is_strict = attempt < ATTEMPTS / 2;
            let wrong = self.wrong(register, form, &fields, ledger, is_strict, &setting);
            let key: Vec<String> = register
                .key
                .iter()
                .filter_map(|name| position(register, name))
                .map(|at| fields[at].to_string())
                .collect();
            if wrong.is_empty() && !keys.contains(&key) {
                keys.insert(key);
                return Some(LedgerRecord { fields, children });
            }
            let again = |name: &str| {
                if wrong.is_empty() { register.key.iter().any(|key| key == name) } else { wrong.contains(name) }
            };
            for (cell, field) in fields.iter_mut().zip(&register.field) {
                if again(&field.name) || maker.stream.chance(0.1) {
                    *cell = maker.value(field);
                }
            }
        }
        None
    }

    /// Fields of the checks and constraints that do not hold.
    fn wrong(
        &self,
        register: &Register,
        form: &RegisterForm,
        fields: &[Value],
        ledger: &Ledger,
        is_strict: bool,
        setting: &Setting<'_>,
    ) -> BTreeSet<String> {
        let is_missing = |(field, value): &(&policy::declare::Column, &Value)| {
            field.is_entered() && field.required && value.is_null()
        };
        let missing = register.field.iter().zip(fields).filter(is_missing);
        let mut wrong: BTreeSet<String> = missing.map(|(field, _)| field.name.clone()).collect();
        for check in
            failed_checks(register, form, fields, setting).into_iter().filter(|check| is_strict || check.drops_row)
        {
            wrong.extend(check.columns.iter().cloned());
            wrong.insert(String::new());
        }
        let found = |form: &LookupForm| self.found(register, form, fields, ledger, setting);
        for broken in broken_constraints(register, form, fields, &found, setting)
            .into_iter()
            .filter(|one| is_strict || !one.warns)
        {
            wrong.extend(broken.columns.iter().cloned());
            wrong.insert(String::new());
        }
        wrong
    }

    fn found(
        &self,
        register: &Register,
        form: &LookupForm,
        fields: &[Value],
        ledger: &Ledger,
        setting: &Setting<'_>,
    ) -> Value {
        let of = if form.from == ledger.register { Some(ledger) } else { self.ledger(&form.from) };
        let Some(there) = self.package.registers.get(&form.from) else { return Value::Null };
        let agrees = |record: &&LedgerRecord| {
            form.matching.iter().all(|(from, to)| match (position(there, from), position(register, to)) {
                (Some(from), Some(to)) => !fields[to].is_null() && record.fields[from] == fields[to],
                _ => false,
            })
        };
        let rows: Vec<&LedgerRecord> = of.iter().flat_map(|ledger| &ledger.records).filter(agrees).collect();
        let state = there.state.iter().find(|state| state.initial).or(there.state.first());
        let state = state.map_or(Value::Null, |state| Value::Text(state.name.clone()));
        let cell = |row: usize, name: &str| match position(there, name) {
            Some(at) => rows.get(row).map(|record| record.fields[at].clone()).unwrap_or_default(),
            None => state.clone(),
        };
        lookup(form, rows.len(), &cell, setting)
    }

    fn ledger(&self, name: &str) -> Option<&Ledger> {
        self.ledgers.iter().find(|ledger| ledger.register == name)
    }

    /// Keys of the records that a reference to the register may name.
    fn keys_of(&self, to: &str) -> Vec<Value> {
        let at = self.package.registers.get(to).and_then(|register| position(register, register.key.first()?));
        let records = self.ledger(to).map(|ledger| ledger.records.as_slice()).unwrap_or_default();
        records.iter().filter_map(|record| at.map(|at| record.fields[at].clone())).collect()
    }
}

fn position(register: &Register, name: &str) -> Option<usize> {
    register.field.iter().position(|field| field.name == name)
}

/// What `sample/ledgers.toml` says.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Suitable {
    /// Registers whose declaration is enough to make records.
    suitable: Vec<String>,
}

/// The registers that the package marks; none where it says nothing.
///
/// # Errors
/// Where the file cannot be understood.
pub fn suitable(package: &Package) -> Result<Vec<String>, Box<toml::de::Error>> {
    let text = std::fs::read_to_string(package.root.join("sample").join("ledgers.toml")).unwrap_or_default();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    toml::from_str::<Suitable>(&text).map(|said| said.suitable).map_err(Box::new)
}
