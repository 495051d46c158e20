//! What holds of every sample, whatever the seed and the place: each cell fits its declaration, and the tables fit one another.

mod support;

use model::{Day, IdentityNumber, Kind, RegionCode, Value};
use policy::Package;
use policy::declare::{Column, Grain};
use policy::written::Reader;
use sample::{Home, Summary, Use, ledgers, suitable};
use std::collections::{BTreeMap, BTreeSet};
use support::{Keeper, Kept, column, county, made, options, package};

const SEEDS: [u64; 3] = [1, 20_210_527, u64::MAX];

fn delivery() -> Day {
    options(RegionCode::from_number(510_000_000_000).expect("a code"), 0, 0, true).day
}

/// The declared columns of a table, where it is of the package.
fn columns<'a>(package: &'a Package, name: &str) -> Option<&'a [Column]> {
    let register = package.registers.get(name).map(|register| register.field.as_slice());
    register.or_else(|| package.sources.get(name).map(|source| source.column.as_slice()))
}

/// Calls for a county of the demo, and for a part of the whole, with every seed.
fn each(check: impl Fn(&Package, &Keeper, &Summary, u64)) {
    let package = package();
    for seed in SEEDS {
        for region in [county(&package), package.head.region] {
            let (keeper, summary) = made(&package, &options(region, 200, seed, true));
            check(&package, &keeper, &summary, seed);
        }
    }
}

/// Values of a table, each read as the rest of the program reads what people type; `Null` for an empty cell.
fn values(package: &Package, table: &Kept, columns: &[Column]) -> Vec<Vec<Value>> {
    let reader = Reader::of(package, delivery());
    let read = |row: &Vec<sample::Cell>| -> Vec<Value> {
        let cells = columns.iter().zip(row);
        cells
            .map(|(column, cell)| {
                let text = cell.to_string();
                let read = reader.read(column, &text);
                read.unwrap_or_else(|misfit| panic!("{}.{}: `{text}` is {misfit:?}", table.head.name, column.name))
            })
            .collect()
    };
    table.rows.iter().map(read).collect()
}

#[test]
fn every_cell_of_a_clean_sample_fits_its_declared_column() {
    each(|package, keeper, _, seed| {
        let mut cells = 0;
        for table in keeper.tables.iter().filter(|table| table.head.usage != Use::Truth) {
            let Some(columns) = columns(package, &table.head.name) else {
                panic!("{} is not declared", table.head.name)
            };
            assert_eq!(table.head.headings.len(), columns.len(), "{}", table.head.name);
            for row in values(package, table, columns) {
                cells += row.len();
                for (column, value) in columns.iter().zip(row) {
                    let where_it_is = || format!("{}.{} with seed {seed}", table.head.name, column.name);
                    assert!(!(column.required && value.is_null()), "{} is empty", where_it_is());
                    let is_event = package
                        .sources
                        .get(&table.head.name)
                        .is_some_and(|source| source.day.as_ref() == Some(&column.name));
                    let is_ahead = is_event && value.as_day().is_some_and(|day| day > delivery());
                    assert!(!is_ahead, "{} lies ahead: {value}", where_it_is());
                }
            }
        }
        assert!(cells > 8_000, "{cells} cells");
    });
}

#[test]
fn every_person_of_an_extract_is_in_the_register_of_people() {
    each(|package, keeper, _, seed| {
        let known: BTreeSet<u64> = column(package, keeper, "resident", "identity_no")
            .iter()
            .map(|number| IdentityNumber::parse(number).expect("a valid number").digits17())
            .collect();
        let mut looked_up = 0;
        for (name, source) in &package.sources {
            let table = keeper.table(name);
            let at = source.column.iter().position(|column| Some(&column.name) == source.identity.as_ref());
            let Some(at) = at.filter(|_| source.of == Grain::Resident) else { continue };
            for cell in table.rows.iter().map(|row| row[at].to_string()).filter(|cell| !cell.is_empty()) {
                let number = IdentityNumber::parse(&cell).unwrap_or_else(|fault| panic!("{name}: {cell} {fault}"));
                assert!(known.contains(&number.digits17()), "{name} names a stranger, seed {seed}");
                looked_up += 1;
            }
        }
        assert!(looked_up > 200, "{looked_up} people were looked up");
    });
}

#[test]
fn no_household_and_no_person_stands_twice_and_nobody_is_without_a_household() {
    each(|package, keeper, summary, seed| {
        let households = column(package, keeper, "household", "household_no");
        let distinct: BTreeSet<&String> = households.iter().collect();
        assert_eq!((distinct.len(), households.len() as u64), (households.len(), summary.households), "seed {seed}");
        let homes = column(package, keeper, "resident", "household_no");
        let strangers: Vec<&String> = homes.iter().filter(|home| !distinct.contains(home)).collect();
        assert!(strangers.is_empty(), "{strangers:?}");
        let lived_in: BTreeSet<&String> = homes.iter().collect();
        assert_eq!(lived_in.len(), distinct.len(), "a household without people, seed {seed}");
        let places = column(package, keeper, "household", "region_code");
        for (number, place) in households.iter().zip(places) {
            assert!(number.starts_with(&place), "{number} lies in {place}");
        }
        // Registers learn late that somebody left: nobody who is there is missing, and some who are gone may still be listed.
        let left = column(package, keeper, "resident", "member_to");
        let listed = left.iter().filter(|day| day.is_empty()).count() as u64;
        let late = summary.residents / 50;
        assert!((summary.residents..=summary.residents + late).contains(&listed), "{listed}, seed {seed}");
    });
}

#[test]
fn people_are_born_before_they_join_and_join_before_they_leave() {
    each(|package, keeper, _, seed| {
        let table = |name: &str| column(package, keeper, "resident", name);
        let (born, joined, left) = (table("born_on"), table("member_from"), table("member_to"));
        for ((born, joined), left) in born.iter().zip(&joined).zip(&left) {
            assert!(joined.is_empty() || born <= joined, "born {born}, joined {joined}, seed {seed}");
            assert!(left.is_empty() || joined <= left, "joined {joined}, left {left}, seed {seed}");
            let age = born.parse::<Day>().expect("a day").age_on(delivery());
            assert!((0..=110).contains(&age), "{age} years old, seed {seed}");
        }
    });
}

#[test]
fn the_truth_names_households_of_the_sample_each_once_a_cause() {
    each(|package, keeper, summary, seed| {
        let households: BTreeSet<String> = column(package, keeper, "household", "household_no").into_iter().collect();
        let truth = keeper.table("truth");
        let mut seen = BTreeSet::new();
        for row in &truth.rows {
            let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
            assert!(households.contains(&cells[0]), "{} is of no household, seed {seed}", cells[0]);
            assert!(
                seen.insert((cells[0].clone(), cells[1].clone())),
                "{} twice for {}, seed {seed}",
                cells[0],
                cells[1]
            );
        }
        assert_eq!(seen.len() as u64, summary.truths);
        assert!(summary.hidden <= summary.truths, "seed {seed}");
    });
}

#[test]
fn what_a_summary_counts_is_what_was_written() {
    each(|_, keeper, summary, seed| {
        let written: BTreeMap<&str, u64> = keeper
            .tables
            .iter()
            .filter(|table| table.head.usage == Use::Extract)
            .map(|table| (table.head.name.as_str(), table.rows.len() as u64))
            .collect();
        assert!(written.len() > 10, "{written:?}");
        for (name, rows) in written {
            assert_eq!(summary.rows.get(name), Some(&rows), "{name}, seed {seed}");
        }
        assert!(keeper.tables.iter().all(|table| table.has_ended), "seed {seed}");
    });
}

/// Homes of households that do not exist elsewhere, at real villages.
fn homes(package: &Package, seed: u64) -> Vec<Home> {
    let plan = sample::Plan::new(package, &options(county(package), 300, seed, true)).expect("a plan");
    let mut keeper = Keeper::default();
    sample::generate(&plan, &mut keeper, &mut |_| {}).expect("nothing fails in memory").homes
}

#[test]
fn records_of_ledgers_keep_to_their_declarations_and_their_keys() {
    let package = package();
    let suitable = suitable(&package).expect("the list of ledgers");
    assert!(!suitable.is_empty());
    for seed in SEEDS {
        let homes = homes(&package, seed);
        let made = ledgers(&package, &suitable, &homes, seed, delivery());
        assert_eq!(made, ledgers(&package, &suitable, &homes, seed, delivery()), "the same seed, the same records");
        let people: BTreeSet<String> = made.iter().map(|ledger| ledger.register.clone()).collect();
        assert_eq!(people, suitable.iter().cloned().collect(), "each that is marked is made");
        for ledger in &made {
            let register = &package.registers[&ledger.register];
            let mut keys = BTreeSet::new();
            for record in &ledger.records {
                assert_eq!(record.fields.len(), register.field.len(), "{}", ledger.register);
                assert_eq!(record.children.len(), register.child.len(), "{}", ledger.register);
                let named = |name: &String| {
                    let at = register.field.iter().position(|field| field.name == *name).expect("a declared field");
                    record.fields[at].to_string()
                };
                assert!(keys.insert(register.key.iter().map(named).collect::<Vec<_>>()), "{} twice", ledger.register);
                for (field, value) in register.field.iter().zip(&record.fields) {
                    assert!(!(field.required && value.is_null()), "{}.{} is empty", ledger.register, field.name);
                    is_within(&ledger.register, field, value);
                }
                for (child, rows) in register.child.iter().zip(&record.children) {
                    for row in rows {
                        assert_eq!(row.len(), child.field.len(), "{}.{}", ledger.register, child.name);
                        child.field.iter().zip(row).for_each(|(field, value)| is_within(&child.name, field, value));
                    }
                }
            }
        }
    }
}

/// A number lies between the limits of its field, both of which may be reached.
fn is_within(of: &str, field: &Column, value: &Value) {
    let number = match value {
        Value::Int(number) => model::Decimal::from(*number),
        Value::Decimal(number) => *number,
        Value::Fen(fen) if field.kind == Kind::Fen => model::Decimal::new(fen.0, 2),
        _ => return,
    };
    assert!(field.min.is_none_or(|min| number >= min), "{of}.{} is {number}", field.name);
    assert!(field.max.is_none_or(|max| number <= max), "{of}.{} is {number}", field.name);
}
