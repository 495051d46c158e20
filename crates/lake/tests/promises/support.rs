//! A dataset, a folder and rows by seed.

use lake::{DatasetSchema, LakeColumn};
use model::{Day, Fen, HouseholdNo, Kind, LakeRow, ResidentKey, Value};

/// The counties of the tests.
pub const COUNTIES: [u32; 2] = [990_101, 990_102];

pub fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

/// Bills: a day, a text and two sums.
pub fn schema() -> DatasetSchema {
    let column = |name: &str, kind: Kind| LakeColumn { name: name.to_owned(), kind };
    let columns = vec![
        column("visit_on", Kind::Day),
        column("visit", Kind::Text),
        column("total_fen", Kind::Fen),
        column("reimbursed_fen", Kind::Fen),
    ];
    DatasetSchema { name: "medical_bill".to_owned(), columns }
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

/// Bills of the people of `households` households of a county.
pub fn bills(seed: u64, county: u32, households: i64) -> Vec<LakeRow> {
    let mut dice = Dice::new(seed ^ u64::from(county));
    let (mut rows, mut number) = (Vec::new(), 1);
    for index in 0..households {
        let household = i64::from(county) * 10_000_000 + index * 3 + dice.below(3);
        for _ in 0..dice.below(5) {
            let key = dice.below(i64::MAX) - i64::MAX / 2;
            let total = dice.below(1_500_000);
            let reimbursed = Value::Fen(Fen(dice.below(total + 1)));
            let values = vec![
                Value::Day(day("2022-06-01").plus_days(dice.below(420))),
                dice.mostly(Value::Text("1".to_owned())),
                Value::Fen(Fen(total)),
                dice.mostly(reimbursed),
            ];
            number += 1;
            rows.push(row(household, Some(key), number, values));
        }
    }
    rows
}
