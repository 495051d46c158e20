//! The lake keeps what was delivered, whatever the order and however often.

use crate::home::{BOTH, Home, Kind};
use crate::support::{COUNTIES, bills, day, schema};
use lake::{CountyChanges, DatasetSchema, Delivery, Lake};
use model::{Day, Fen, LakeRow, Value};
use policy::declare::Mode;

struct Fixture {
    lake: Lake,
    schema: DatasetSchema,
    rows: Vec<LakeRow>,
    home: Home,
}

fn land(lake: &Lake, schema: &DatasetSchema, mode: Mode, delivery: Delivery) -> CountyChanges {
    let mut landing = lake.landing(schema, mode, &|_, _| false).expect("nobody else is about it");
    let changes = landing.add(delivery, None).expect("the rows fit");
    landing.commit().expect("writable");
    changes
}

fn fixture(at: Kind, households: i64) -> Fixture {
    let home = Home::new(at);
    Fixture { lake: home.lake(), schema: schema(), rows: bills(5, COUNTIES[0], households), home }
}

impl Fixture {
    fn merge(&self, mode: Mode, on: Day, rows: &[LakeRow]) -> CountyChanges {
        self.lake.merge(&self.schema, mode, COUNTIES[0], on, rows).expect("the rows fit")
    }

    fn standing(&self) -> Vec<LakeRow> {
        let mut households: Vec<_> = self.rows.iter().map(|row| row.household_no).collect();
        households.dedup();
        households
            .into_iter()
            .flat_map(|household| self.lake.rows_of_household(&self.schema, household).expect("the lake can be read"))
            .collect()
    }
}

#[test]
fn rows_come_back_as_they_went_in() {
    for at in BOTH {
        let fixture = fixture(at, 40);
        fixture.merge(Mode::Events, day("2023-06-30"), &fixture.rows);
        let mut expected = fixture.rows.clone();
        expected.sort_by_key(|row| (row.household_no, row.resident_key, row.key_hash));
        assert_eq!(fixture.standing(), expected);
    }
}

#[test]
fn the_same_rows_in_any_order_or_twice_give_the_same_file() {
    for at in BOTH {
        let fixture = fixture(at, 300);
        let first = fixture.merge(Mode::Events, day("2023-06-30"), &fixture.rows);
        let again = fixture.merge(Mode::Events, day("2023-06-30"), &fixture.rows);
        assert!(again.rows.is_none() && again.hash == first.hash);
        assert_eq!(again.rows.unchanged, fixture.rows.len() as u64);
        let other = self::fixture(at, 300);
        let mut reversed = other.rows.clone();
        reversed.reverse();
        let half = reversed.len() / 2;
        other.merge(Mode::Events, day("2023-06-30"), &reversed[..half]);
        let second = other.merge(Mode::Events, day("2023-06-30"), &reversed);
        assert_eq!(first.hash, second.hash);
        assert_eq!(first.rows_in_force, fixture.rows.len() as u64);
    }
}

#[test]
fn rows_that_went_through_the_disk_give_the_same_file_as_rows_in_memory() {
    for at in BOTH {
        let mut dice = crate::support::Dice::new(3);
        let plain = fixture(at, 300);
        // Rows that stand there twice, further down with another value and in another household, and rows in force already.
        let mut rows = plain.rows.clone();
        for at in (0..rows.len()).step_by(5) {
            let mut later = rows[at].clone();
            later.row += 100_000;
            later.values[2] = Value::Fen(Fen(7));
            later.household_no = rows[(at * 7) % plain.rows.len()].household_no;
            rows.push(later);
        }
        let (first, second) = rows.split_at(rows.len() / 3);
        plain.merge(Mode::Events, day("2023-05-31"), first);
        let expected = plain.merge(Mode::Events, day("2023-06-30"), second);
        let roster = plain.merge(Mode::Roster, day("2023-07-31"), first);
        assert!(expected.rows.changed > 10 && expected.rows_in_force < rows.len() as u64);
        for rows_of_run in [1, 7, 100] {
            let other = fixture(at, 1);
            let spilled = |mode: Mode, on: &str, rows: &[LakeRow], dice: &mut crate::support::Dice| {
                let mut rows = rows.to_vec();
                for at in (1..rows.len()).rev() {
                    rows.swap(at, usize::try_from(dice.below(at as i64 + 1)).expect("not negative"));
                }
                let mut delivery = other.lake.delivery(&other.schema, COUNTIES[0], day(on)).expect("writable");
                for row in rows {
                    delivery.push(row).expect("the rows fit");
                    if delivery.rows_held() == rows_of_run {
                        delivery.spill().expect("writable");
                    }
                }
                land(&other.lake, &other.schema, mode, delivery)
            };
            spilled(Mode::Events, "2023-05-31", first, &mut dice);
            assert_eq!(spilled(Mode::Events, "2023-06-30", second, &mut dice), expected, "{rows_of_run} rows a run");
            assert_eq!(spilled(Mode::Roster, "2023-07-31", first, &mut dice), roster, "{rows_of_run} rows a run");
            let names = other.home.names("medical_bill/990101");
            assert!(
                names.into_iter().all(|name| name.ends_with(".parquet") || name == "in_force.json"),
                "nothing is left"
            );
            assert!(other.home.is_tidy(), "nor on this machine");
        }
    }
}

#[test]
fn a_large_delivery_stands_whole_and_sorted() {
    for at in BOTH {
        let fixture = fixture(at, 10);
        let mut delivery = fixture.lake.delivery(&fixture.schema, COUNTIES[0], day("2023-06-30")).expect("open");
        let count: i64 = 400_000;
        for number in 0..count {
            // Every household once, in an order that is none.
            let household = 1 + (number * 7_919) % count;
            let mut row = fixture.rows[0].clone();
            (row.household_no.0, row.key_hash, row.row) =
                (household, household, u32::try_from(number).expect("few") + 1);
            delivery.push(row).expect("it fits");
        }
        assert!(delivery.rows_held() < 100_000, "most of it is on the disk by now");
        let report = land(&fixture.lake, &fixture.schema, Mode::Events, delivery);
        assert_eq!((report.rows_in_force, report.rows.added, report.rows.changed), (400_000, 400_000, 0));
        // More than a bucket takes at once: it went there in parts.
        let stored = fixture.home.file(&format!("medical_bill/990101/{}.parquet", report.hash));
        assert!(std::fs::metadata(stored).expect("a file").len() > 8 << 20);
        for household in [1, 4_096, 65_536, 131_073, count] {
            let found =
                fixture.lake.rows_of_household(&fixture.schema, model::HouseholdNo(household)).expect("readable");
            assert_eq!(found.len(), 1, "{household}");
            assert_eq!(found[0].key_hash, household);
        }
    }
}

#[test]
fn a_corrected_row_takes_the_place_of_the_earlier_one() {
    for at in BOTH {
        let fixture = fixture(at, 40);
        fixture.merge(Mode::Events, day("2023-06-30"), &fixture.rows);
        let mut corrected = fixture.rows[3].clone();
        corrected.values[2] = Value::Fen(Fen(42));
        corrected.file = "ba9876543210".to_owned();
        let report = fixture.merge(Mode::Events, day("2023-07-31"), std::slice::from_ref(&corrected));
        assert_eq!((report.rows.added, report.rows.changed, report.rows_in_force), (0, 1, fixture.rows.len() as u64));
        assert!(fixture.standing().contains(&corrected));
    }
}

#[test]
fn a_list_replaces_the_former_list_unless_it_is_older() {
    for at in BOTH {
        let fixture = fixture(at, 40);
        let (all, few) = (&fixture.rows[..], &fixture.rows[..10]);
        fixture.merge(Mode::Roster, day("2023-06-30"), all);
        let older = fixture.merge(Mode::Roster, day("2023-06-29"), few);
        assert_eq!((older.outdated_by, older.rows_outdated), (Some(day("2023-06-30")), 10));
        assert_eq!(older.rows_in_force, all.len() as u64);
        let same_day = fixture.merge(Mode::Roster, day("2023-06-30"), few);
        let rows = (same_day.rows_in_force, same_day.rows.removed, same_day.rows.unchanged, same_day.spoken_of);
        assert_eq!(rows, (10, all.len() as u64 - 10, 10, all.len() as u64));
    }
}

#[test]
fn a_value_of_another_type_is_refused_and_changes_nothing() {
    for at in BOTH {
        let fixture = fixture(at, 10);
        fixture.merge(Mode::Events, day("2023-06-30"), &fixture.rows);
        let before = fixture.lake.in_force("medical_bill", COUNTIES[0]).expect("readable");
        for values in [vec![Value::Null; 3], vec![Value::Text("x".into()), Value::Null, Value::Null, Value::Null]] {
            let row = LakeRow { values, ..fixture.rows[0].clone() };
            let merged = fixture.lake.merge(&fixture.schema, Mode::Events, COUNTIES[0], day("2023-06-30"), &[row]);
            assert!(matches!(merged, Err(lake::LakeError::Row { .. })));
        }
        assert_eq!(fixture.lake.in_force("medical_bill", COUNTIES[0]).expect("readable"), before);
    }
}

#[test]
fn a_half_written_file_is_never_in_force() {
    for at in BOTH {
        let fixture = fixture(at, 10);
        let report = fixture.merge(Mode::Events, day("2023-06-30"), &fixture.rows);
        let half = fixture.home.file("medical_bill/990101/in_force.json.1.tmp");
        std::fs::write(half, b"{\"file\"").expect("writable");
        std::fs::write(fixture.home.file("medical_bill/990101/ffffffffffffffff.parquet"), b"PAR1").expect("writable");
        let in_force = fixture.lake.in_force("medical_bill", COUNTIES[0]).expect("readable").expect("in force");
        assert_eq!(in_force.hash, report.hash);
        assert_eq!(fixture.lake.remove_superseded().expect("deletable"), 2);
        assert_eq!(fixture.standing().len(), fixture.rows.len());
    }
}
