//! A package, a lake and rows by seed.

use analysis::ScreeningRequest;
use lake::{DatasetSchema, Lake};
use model::{Day, Decimal, Fen, HouseholdNo, LakeRow, ResidentKey, Value};
use policy::Package;
use policy::declare::Mode;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The counties of the fixture package.
pub const COUNTIES: [u32; 2] = [990_101, 990_102];

pub fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

pub fn package() -> Package {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture/package");
    Package::load(&root, &[]).unwrap_or_else(|problems| {
        let errors: Vec<_> = problems.0.into_iter().filter(|problem| problem.is_error()).collect();
        panic!("the fixture package has mistakes: {errors:?}")
    })
}

pub fn request(threads: usize) -> ScreeningRequest {
    ScreeningRequest { threads, ..ScreeningRequest::on(day("2023-06-30")) }
}

/// A folder of its own for a test; it goes when the test ends.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("analysis-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a temporary folder can be made");
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A generator of numbers: the same seed gives the same numbers.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number from 0 to `below`, without `below`.
    pub fn below(&mut self, below: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        i64::try_from((mixed ^ (mixed >> 31)) >> 1).expect("63 bits") % below
    }

    /// True in `percent` of a hundred.
    pub fn percent(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }

    /// The value, unknown in one of ten.
    pub fn mostly(&mut self, value: Value) -> Value {
        if self.percent(10) { Value::Null } else { value }
    }
}

pub fn row(household: i64, resident: Option<i64>, number: u32, values: Vec<Value>) -> LakeRow {
    LakeRow {
        household_no: HouseholdNo(household),
        resident_key: resident.map(ResidentKey),
        key_hash: i64::from(number) * 7_919 + household,
        file: "0123456789ab".to_owned(),
        row: number,
        values,
    }
}

/// The rows of one county by dataset.
pub struct County {
    pub household: Vec<LakeRow>,
    pub resident: Vec<LakeRow>,
    pub medical_bill: Vec<LakeRow>,
    pub school_roster: Vec<LakeRow>,
}

/// A made-up county of `households` households.
pub fn county(seed: u64, county: u32, households: i64) -> County {
    let mut dice = Dice::new(seed ^ u64::from(county));
    let mut made = County { household: vec![], resident: vec![], medical_bill: vec![], school_roster: vec![] };
    let base = i64::from(county) * 10_000_000;
    let mut number = 1;
    for index in 0..households {
        let household = base + index * 3 + dice.below(3);
        let village = format!("{county:06}100{:03}", 201 + dice.below(2));
        let land = Value::Decimal(Decimal::new(dice.below(300), 1));
        let values = vec![
            Value::Text(village),
            {
                let income = Value::Fen(Fen(dice.below(6_000_000)));
                dice.mostly(income)
            },
            Value::Null,
            dice.mostly(land),
            {
                let truth = Value::Bool(dice.percent(10));
                dice.mostly(truth)
            },
        ];
        number += 1;
        made.household.push(row(household, None, number, values));
        for _ in 0..dice.below(6) {
            let key = dice.below(i64::MAX) - i64::MAX / 2;
            let born = Value::Day(day("1940-01-01").plus_days(dice.below(30_000)));
            let left = if dice.percent(5) { Value::Day(day("2023-01-01")) } else { Value::Null };
            number += 1;
            made.resident.push(row(household, Some(key), number, vec![dice.mostly(born), Value::Null, left]));
            people_rows(&mut dice, &mut made, household, key, &mut number);
        }
    }
    made
}

fn people_rows(dice: &mut Dice, made: &mut County, household: i64, key: i64, number: &mut u32) {
    for _ in 0..dice.below(3) {
        let total = dice.below(1_500_000);
        let values = vec![
            Value::Day(day("2022-06-01").plus_days(dice.below(420))),
            {
                let visit = Value::Text(if dice.percent(70) { "1" } else { "2" }.to_owned());
                dice.mostly(visit)
            },
            Value::Fen(Fen(total)),
            {
                let reimbursed = Value::Fen(Fen(dice.below(total + 1)));
                dice.mostly(reimbursed)
            },
        ];
        *number += 1;
        made.medical_bill.push(row(household, Some(key), *number, values));
    }
    if dice.percent(50) {
        let absent = Value::Decimal(Decimal::new(dice.below(400), 1));
        *number += 1;
        let values = vec![
            {
                let truth = Value::Bool(dice.percent(80));
                dice.mostly(truth)
            },
            dice.mostly(absent),
        ];
        made.school_roster.push(row(household, Some(key), *number, values));
    }
}

/// Merges all rows of a county into the lake.
pub fn fill(lake: &Lake, package: &Package, county: u32, rows: &County) {
    let register = |name: &str| DatasetSchema::of_register(name, &package.registers[name]);
    let source = |name: &str| DatasetSchema::of_source(name, &package.sources[name]);
    let datasets = [
        (register("household"), Mode::Roster, &rows.household),
        (register("resident"), Mode::Roster, &rows.resident),
        (source("medical_bill"), Mode::Events, &rows.medical_bill),
        (source("school_roster"), Mode::Roster, &rows.school_roster),
    ];
    for (schema, mode, rows) in datasets {
        lake.merge(&schema, mode, county, day("2023-06-30"), rows).expect("the rows fit");
    }
}

/// A lake of made-up counties.
pub fn lake(folder: &Path, package: &Package, households: i64) -> Lake {
    let lake = Lake::local(folder).expect("the folder can be made");
    for number in COUNTIES {
        fill(&lake, package, number, &county(11, number, households));
    }
    lake
}
