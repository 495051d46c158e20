//! Rows are read by household, by stripe and by position: always those of a plain list, in its order.

use crate::home::{BOTH, Home, Kind};
use crate::support::{COUNTIES, Dice, day, row, schema};
use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use lake::{CountyRows, DatasetSchema, Lake, LakeColumn, RowSource};
use model::{Fen, HouseholdNo, LakeRow, Value};
use policy::declare::Mode;
use std::ops::Range;
use std::sync::Arc;

/// Rows of some households: several pages, households that go over the end of a page, and gaps between their numbers.
fn many(count: i64) -> Vec<LakeRow> {
    let of = |number: i64| {
        let number_in_file = u32::try_from(number).expect("few") + 2;
        // Two in three households have one row; every tenth has a hundred.
        let household = 1_000 + number / 100 * 30 + if number % 1_000 < 100 { 0 } else { number % 100 / 5 };
        let values = vec![Value::Day(day("2024-06-01")), Value::Null, Value::Fen(Fen(number)), Value::Null];
        row(household, Some(number), number_in_file, values)
    };
    (0..count).map(of).collect()
}

struct Fixture {
    lake: Lake,
    /// Households of all rows, in the order of the file.
    households: Vec<i64>,
    _home: Home,
}

fn fixture(at: Kind, count: i64) -> Fixture {
    let (home, rows) = (Home::new(at), many(count));
    let lake = home.lake();
    lake.merge(&schema(), Mode::Events, COUNTIES[0], day("2024-06-30"), &rows).expect("the rows fit");
    let mut households: Vec<i64> = rows.iter().map(|row| row.household_no.0).collect();
    households.sort_unstable();
    Fixture { lake, households, _home: home }
}

impl Fixture {
    fn rows(&self) -> Arc<dyn CountyRows> {
        RowSource::rows(&self.lake, &schema(), COUNTIES[0]).expect("readable").expect("in force")
    }
}

fn one(range: Range<usize>) -> Vec<Range<usize>> {
    Vec::from([range])
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// Households of what is read between two, each with its position.
fn between(rows: &dyn CountyRows, first: i64, last: i64) -> Vec<(usize, i64)> {
    let mut found = Vec::new();
    for stretch in rows.between(first, last, &names(&["household_no"])).expect("readable") {
        let stretch = stretch.expect("readable");
        let numbers = stretch.batch.column(0).as_primitive::<Int64Type>();
        found.extend(numbers.values().iter().enumerate().map(|(at, number)| (stretch.start + at, *number)));
    }
    found
}

#[test]
fn rows_between_two_households_are_all_of_theirs_in_their_places() {
    for at in BOTH {
        let fixture = fixture(at, 9_500);
        let rows = fixture.rows();
        let (low, high) = (fixture.households[0], *fixture.households.last().expect("rows"));
        assert_eq!(rows.span(), Some((low, high)));
        let mut dice = Dice::new(4);
        let mut spans = vec![(i64::MIN, i64::MAX), (low, low), (high, high), (high + 1, i64::MAX), (i64::MIN, low - 1)];
        for _ in 0..if at == Kind::Folder { 30 } else { 5 } {
            let first = low + dice.below(high - low);
            spans.push((first, first + dice.below(300)));
        }
        for (first, last) in spans {
            let found = between(&*rows, first, last);
            let expected: Vec<(usize, i64)> = fixture.households.iter().copied().enumerate().collect();
            let inside = |one: &&(usize, i64)| (first..=last).contains(&one.1);
            let wanted: Vec<&(usize, i64)> = expected.iter().filter(inside).collect();
            assert_eq!(found.iter().filter(inside).collect::<Vec<_>>(), wanted, "{first} to {last}");
            // Others may come along, but in their own places, too.
            assert!(found.iter().all(|one| expected[one.0] == *one), "{first} to {last}");
        }
    }
}

#[test]
fn stripes_cover_every_number_once_and_lie_apart() {
    let fixture = fixture(Kind::Folder, 13_000);
    let rows = fixture.rows();
    for pages in [0, 1, 2, 3, 100] {
        let stripes = rows.stripes(pages);
        assert_eq!((stripes[0].0, stripes.last().map(|last| last.1)), (i64::MIN, Some(i64::MAX)), "{pages}");
        assert!(stripes.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0), "{pages}: {stripes:?}");
        assert!(pages != 1 || stripes.len() >= 3, "{stripes:?}");
        assert!(pages != 100 || stripes.len() == 1, "{stripes:?}");
        let read: usize = stripes
            .iter()
            .map(|(first, last)| {
                between(&*rows, *first, *last).iter().filter(|one| (*first..=*last).contains(&one.1)).count()
            })
            .sum();
        assert_eq!(read, fixture.households.len(), "{pages} pages: every row is in one of them");
    }
}

#[test]
fn rows_at_positions_are_those_that_stand_there() {
    for at in BOTH {
        let fixture = fixture(at, 9_500);
        let rows = fixture.rows();
        let cases: [Vec<Range<usize>>; 6] = [
            vec![],
            one(0..1),
            one(4_095..4_097),
            vec![0..3, 5..6, 4_096..4_098, 9_499..9_500],
            one(9_499..9_500),
            one(0..9_500),
        ];
        for positions in cases {
            let mut found = Vec::new();
            for batch in rows.at(&positions, &names(&["total_fen", "household_no"])).expect("readable") {
                let batch = batch.expect("readable");
                assert_eq!(batch.num_columns(), 2);
                found.extend(batch.column(1).as_primitive::<Int64Type>().values().to_vec());
            }
            let expected: Vec<i64> = positions.iter().cloned().flatten().map(|at| fixture.households[at]).collect();
            assert_eq!(found, expected, "{positions:?}");
        }
    }
}

#[test]
fn a_column_that_was_declared_later_is_unknown_in_earlier_rows() {
    for at in BOTH {
        let fixture = fixture(at, 50);
        let mut later = schema();
        later.columns.insert(1, LakeColumn { name: "ward_code".to_owned(), kind: model::Kind::Code });
        later.columns.push(LakeColumn { name: "is_refund".to_owned(), kind: model::Kind::Bool });
        let rows = RowSource::rows(&fixture.lake, &later, COUNTIES[0]).expect("readable").expect("in force");
        for stretch in
            rows.between(i64::MIN, i64::MAX, &names(&["ward_code", "total_fen", "is_refund"])).expect("readable")
        {
            let batch = stretch.expect("readable").batch;
            let unknown: Vec<usize> = batch.columns().iter().map(|column| column.null_count()).collect();
            assert_eq!(unknown, [batch.num_rows(), 0, batch.num_rows()]);
        }
        let household = HouseholdNo(fixture.households[0]);
        let found = fixture.lake.rows_of_household(&later, household).expect("readable");
        assert!(!found.is_empty());
        assert!(found.iter().all(|row| row.values.len() == 6 && row.values[1].is_null() && row.values[5].is_null()));
        // What is declared no longer is read no longer.
        let fewer = DatasetSchema { columns: schema().columns[2..3].to_vec(), ..schema() };
        let found = fixture.lake.rows_of_household(&fewer, household).expect("readable");
        assert!(found.iter().all(|row| matches!(row.values.as_slice(), [Value::Fen(_)])), "{found:?}");
    }
}

#[test]
fn nothing_is_there_where_nothing_was_handed_in() {
    for at in BOTH {
        let home = Home::new(at);
        let lake = home.lake();
        assert!(lake.datasets().expect("readable").is_empty());
        assert!(lake.counties("medical_bill").expect("readable").is_empty());
        assert!(RowSource::rows(&lake, &schema(), COUNTIES[0]).expect("readable").is_none());
        assert!(lake.rows_of_household(&schema(), HouseholdNo(1)).expect("readable").is_empty());
        assert_eq!(lake.remove_superseded().expect("nothing to do"), 0);
        // An empty list was handed in, and says that there is nobody.
        lake.merge(&schema(), Mode::Roster, COUNTIES[1], day("2024-06-30"), &[]).expect("no rows fit");
        assert_eq!(lake.counties("medical_bill").expect("readable"), [COUNTIES[1]]);
        let rows = RowSource::rows(&lake, &schema(), COUNTIES[1]).expect("readable").expect("in force");
        assert_eq!((rows.span(), between(&*rows, i64::MIN, i64::MAX).len()), (None, 0));
        assert_eq!(rows.hash().len(), 16);
    }
}
