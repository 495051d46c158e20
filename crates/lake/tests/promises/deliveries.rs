//! What is in force follows from the deliveries that stand, in whatever order they came, were corrected and were taken back.

use crate::home::{BOTH, Home, Kind};
use crate::support::{COUNTIES, Dice, bills, day, schema};
use lake::{Changes, Coverage, Delivered, Lake, Note, Spared};
use model::{Day, Fen, HouseholdNo, LakeRow, RegionCode, ResidentKey, Value};
use policy::declare::Mode;
use std::collections::BTreeMap;

/// Column of `medical_bill` that differs from row to row.
const FEN: usize = 2;

/// A delivery as it is handed in.
#[derive(Clone, Debug)]
struct Handed {
    id: String,
    coverage: Coverage,
    day: Day,
    rows: Vec<LakeRow>,
    spared: Spared,
}

/// Whom a row is of.
fn person(row: &LakeRow) -> i64 {
    row.resident_key.map_or(row.household_no.0, |resident| resident.0)
}

fn place(number: u64) -> RegionCode {
    RegionCode::from_number(number).expect("a place")
}

/// Households of a county are by turns in its first and its second township.
fn township(household: HouseholdNo) -> RegionCode {
    place(household.0.unsigned_abs() / 1_000 * 1_000_000 + (household.0.unsigned_abs() % 2 + 1) * 1_000)
}

fn in_place(household: HouseholdNo, place: RegionCode) -> bool {
    place.holds(township(household))
}

fn county_of(household: HouseholdNo) -> u32 {
    u32::try_from(household.0 / 1_000).expect("a county")
}

/// Hands a delivery in, in all counties that it covers, and returns what changed by it.
fn hand_in(lake: &Lake, mode: Mode, handed: &Handed) -> BTreeMap<u32, Changes> {
    let schema = schema();
    let mut landing = lake.landing(&schema, mode, &in_place).expect("nobody else is about it");
    let note = Note { id: handed.id.clone(), coverage: handed.coverage.clone(), spared: handed.spared.clone() };
    let mut changes = BTreeMap::new();
    let covered = |county: &&u32| {
        let code = place(u64::from(**county) * 1_000_000);
        handed.coverage.place.holds(code) || code.holds(handed.coverage.place)
    };
    for county in COUNTIES.iter().filter(covered) {
        let mut delivery = lake.delivery(&schema, *county, handed.day).expect("writable");
        for row in handed.rows.iter().filter(|row| county_of(row.household_no) == *county) {
            delivery.push(row.clone()).expect("it fits");
        }
        changes.insert(*county, landing.add(delivery, Some(&note)).expect("it fits").rows);
    }
    landing.commit().expect("writable");
    changes
}

fn take_back(lake: &Lake, mode: Mode, id: &str) {
    let schema = schema();
    let mut landing = lake.landing(&schema, mode, &in_place).expect("nobody else is about it");
    for county in COUNTIES {
        landing.withdraw(county, id).expect("readable");
    }
    landing.commit().expect("writable");
}

/// The rows in force, said in the simplest way: of each key the last row that no later delivery replaces.
fn model(mode: Mode, handed: &[Handed]) -> BTreeMap<i64, LakeRow> {
    let mut order: Vec<&Handed> = handed.iter().collect();
    if mode == Mode::Roster {
        order.sort_by_key(|handed| handed.day);
    }
    let mut rows = BTreeMap::new();
    for (at, earlier) in order.iter().enumerate() {
        for row in &earlier.rows {
            let is_replaced = order[at + 1..].iter().any(|later| {
                let (own, other) = (&later.coverage, &earlier.coverage);
                let same_days = own.from == other.from && own.to == other.to;
                let holds_days = own.is_declared && own.from <= other.from && own.to >= other.to;
                let is_about = mode == Mode::Roster || same_days || holds_days;
                let gives_way = is_about && !own.is_partial && in_place(row.household_no, own.place);
                gives_way && !later.spared.holds(row.key_hash, person(row))
            });
            if !is_replaced {
                rows.insert(row.key_hash, row.clone());
            }
        }
    }
    rows
}

fn in_force(lake: &Lake) -> BTreeMap<i64, LakeRow> {
    let households =
        COUNTIES.iter().flat_map(|county| (0..20).map(move |at| HouseholdNo(i64::from(*county) * 1_000 + at)));
    let rows = households.flat_map(|household| lake.rows_of_household(&schema(), household).expect("readable"));
    rows.map(|row| (row.key_hash, row)).collect()
}

/// A random delivery of a made-up prefecture. Keys are few, so that they meet again, in other households too.
fn random(dice: &mut Dice, number: usize, pattern: &LakeRow) -> Handed {
    let first = COUNTIES[0] as u64 * 1_000_000;
    let places = [first / 100_000_000 * 100_000_000, first, first, first + 1_000, first + 2_000];
    let periods = [("2024-05-01", "2024-05-31"), ("2024-06-01", "2024-06-30"), ("2024-04-01", "2024-06-30")];
    let pick = |dice: &mut Dice, count: usize| usize::try_from(dice.below(count as i64)).expect("not negative");
    let place = place(places[pick(dice, places.len())]);
    let (from, to) = periods[pick(dice, periods.len())];
    let (is_declared, is_partial) = (dice.percent(40), dice.percent(20));
    let coverage = Coverage { place, from: day(from), to: day(to), is_declared, is_partial };
    let households =
        COUNTIES.iter().flat_map(|county| (0..8).map(move |at| HouseholdNo(i64::from(*county) * 1_000 + at)));
    let inside: Vec<HouseholdNo> = households.filter(|household| in_place(*household, place)).collect();
    let mut rows: BTreeMap<i64, LakeRow> = BTreeMap::new();
    for _ in 0..dice.below(12) {
        let household_no = inside[pick(dice, inside.len())];
        // A key belongs to a county, as the households that it may meet do.
        let key_hash = i64::from(county_of(household_no)) * 100 + dice.below(10);
        let mut row = LakeRow { household_no, key_hash, file: format!("{number:012}"), ..pattern.clone() };
        row.row = u32::try_from(rows.len() + 2).expect("few");
        row.values[FEN] = Value::Fen(Fen(dice.below(3)));
        row.resident_key = row.resident_key.map(|resident| ResidentKey(resident.0 + dice.below(4)));
        rows.insert(key_hash, row);
    }
    let day = day(["2024-06-30", "2024-07-05", "2024-07-31"][pick(dice, 3)]);
    let keys = (0..dice.below(3)).map(|_| i64::from(COUNTIES[0]) * 100 + dice.below(10)).collect();
    let people = (0..dice.below(2)).map(|_| pattern.resident_key.map_or(0, |resident| resident.0) + dice.below(4));
    let spared = Spared::new(keys, people.collect());
    let id = format!("delivery {number}");
    Handed { id, coverage, day, rows: rows.into_values().collect(), spared }
}

/// Rows of both sides by what became of them.
fn counted(before: &BTreeMap<i64, LakeRow>, after: &BTreeMap<i64, LakeRow>) -> [usize; 4] {
    let says = |row: &LakeRow| (row.household_no, row.resident_key, row.values.clone());
    let met = before.iter().filter_map(|(key, row)| Some((row, after.get(key)?)));
    let unchanged = met.clone().filter(|(one, other)| says(one) == says(other)).count();
    let changed = met.count() - unchanged;
    let [both_before, both_after] = [before.len() - changed - unchanged, after.len() - changed - unchanged];
    [both_after, changed, both_before, unchanged]
}

#[test]
fn the_lake_is_what_the_deliveries_that_stand_say() {
    for at in BOTH {
        let pattern = bills(5, COUNTIES[0], 20).remove(0);
        // Requests take their time.
        let (seeds, steps) = if at == Kind::Folder { (10, 14) } else { (1, 6) };
        for (seed, mode) in (0..seeds).flat_map(|seed| [(seed, Mode::Events), (seed, Mode::Roster)]) {
            let (home, mut dice) = (Home::new(at), Dice::new(seed + 1));
            let lake = home.lake();
            let mut handed: Vec<Handed> = Vec::new();
            for number in 0..steps {
                let before = in_force(&lake);
                if !handed.is_empty() && dice.percent(30) {
                    let at = usize::try_from(dice.below(handed.len() as i64)).expect("not negative");
                    let one = handed.remove(at);
                    // Taken back, or handed in once more: then it is the last.
                    if dice.percent(70) {
                        take_back(&lake, mode, &one.id);
                    } else {
                        hand_in(&lake, mode, &one);
                        handed.push(one);
                    }
                } else {
                    let one = random(&mut dice, number, &pattern);
                    handed.push(one.clone());
                    let changes = hand_in(&lake, mode, &one);
                    let sum = |part: fn(&Changes) -> u64| changes.values().map(part).sum::<u64>() as usize;
                    let told = [sum(|c| c.added), sum(|c| c.changed), sum(|c| c.removed), sum(|c| c.unchanged)];
                    let (before, after) = (covered(&before, &one), covered(&model(mode, &handed), &one));
                    assert_eq!(told, counted(&before, &after), "seed {seed} {mode:?} delivery {number}");
                }
                assert_eq!(in_force(&lake), model(mode, &handed), "seed {seed} {mode:?} step {number}: {handed:#?}");
            }
            replayed(at, &lake, mode, &handed);
        }
    }
}

/// The rows of the counties that a delivery reaches.
fn covered(rows: &BTreeMap<i64, LakeRow>, handed: &Handed) -> BTreeMap<i64, LakeRow> {
    let reaches = |row: &LakeRow| {
        let code = place(u64::from(county_of(row.household_no)) * 1_000_000);
        handed.coverage.place.holds(code) || code.holds(handed.coverage.place)
    };
    rows.iter().filter(|(_, row)| reaches(row)).map(|(key, row)| (*key, row.clone())).collect()
}

/// A lake that only ever got what stands in the end is the same, byte for byte.
fn replayed(at: Kind, lake: &Lake, mode: Mode, handed: &[Handed]) {
    let home = Home::new(at);
    let other = home.lake();
    for one in handed {
        hand_in(&other, mode, one);
    }
    for county in COUNTIES {
        let [one, two] = [lake, &other].map(|lake| lake.in_force("medical_bill", county).expect("readable"));
        assert_eq!(one.map(|one| (one.hash, one.delivery_days)), two.map(|two| (two.hash, two.delivery_days)));
    }
}

fn handed(id: &str, rows: &[LakeRow]) -> Handed {
    let coverage = Coverage {
        place: place(u64::from(COUNTIES[0]) * 1_000_000),
        from: day("2024-06-01"),
        to: day("2024-06-30"),
        is_declared: false,
        is_partial: false,
    };
    Handed { id: id.to_owned(), coverage, day: day("2024-07-05"), rows: rows.to_vec(), spared: Spared::default() }
}

/// Rows of households of the first county, named as the places of this test are.
fn rows(count: usize) -> Vec<LakeRow> {
    let mut rows = bills(5, COUNTIES[0], 20);
    rows.truncate(count);
    for (at, row) in rows.iter_mut().enumerate() {
        row.household_no = HouseholdNo(i64::from(COUNTIES[0]) * 1_000 + at as i64);
    }
    rows
}

#[test]
fn a_lake_of_an_earlier_version_goes_on() {
    for at in BOTH {
        let all = rows(6);
        for mode in [Mode::Events, Mode::Roster] {
            let home = Home::new(at);
            let lake = home.lake();
            lake.merge(&schema(), mode, COUNTIES[0], day("2024-06-05"), &all[..4]).expect("the rows fit");
            let before = lake.in_force("medical_bill", COUNTIES[0]).expect("readable").expect("in force");
            assert!(before.deliveries.is_empty(), "so a lake was before deliveries were noted");
            hand_in(&lake, mode, &handed("new", &all[2..]));
            let expected = if mode == Mode::Events { 6 } else { 4 };
            assert_eq!(in_force(&lake).len(), expected, "{mode:?}");
            lake.remove_superseded().expect("deletable");
            take_back(&lake, mode, "new");
            let after = lake.in_force("medical_bill", COUNTIES[0]).expect("readable").expect("in force");
            assert_eq!((after.hash, after.rows), (before.hash, 4), "{mode:?}");
        }
    }
}

#[test]
fn the_same_rows_saved_in_another_form_leave_the_file_as_it_is() {
    for at in BOTH {
        let home = Home::new(at);
        let lake = home.lake();
        let all = rows(5);
        hand_in(&lake, Mode::Events, &handed("june", &all));
        let before = lake.in_force("medical_bill", COUNTIES[0]).expect("readable").expect("in force");
        let mut resaved = all.clone();
        for (at, row) in resaved.iter_mut().rev().enumerate() {
            (row.file, row.row) = ("ba9876543210".to_owned(), u32::try_from(at).expect("few") + 2);
        }
        let changes = hand_in(&lake, Mode::Events, &handed("june again", &resaved));
        assert!(changes[&COUNTIES[0]].is_none());
        let after = lake.in_force("medical_bill", COUNTIES[0]).expect("readable").expect("in force");
        assert_eq!(after.hash, before.hash);
        // Either of them alone stands for both.
        take_back(&lake, Mode::Events, "june");
        assert_eq!(in_force(&lake).len(), 5);
        take_back(&lake, Mode::Events, "june again");
        assert_eq!(lake.in_force("medical_bill", COUNTIES[0]).expect("readable"), None);
    }
}

#[test]
fn a_change_that_is_left_leaves_nothing() {
    for at in BOTH {
        let home = Home::new(at);
        let lake = home.lake();
        let all = rows(6);
        hand_in(&lake, Mode::Roster, &handed("one", &all));
        let files = || home.names("medical_bill/990101");
        let (before, count) = (in_force(&lake), files());
        let schema = schema();
        let mut landing = lake.landing(&schema, Mode::Roster, &in_place).expect("nobody else is about it");
        let mut delivery = lake.delivery(&schema, COUNTIES[0], day("2024-07-06")).expect("writable");
        delivery.push(all[0].clone()).expect("it fits");
        let two = handed("two", &[]);
        let note = Note { id: two.id, coverage: two.coverage, spared: two.spared };
        assert_eq!(landing.add(delivery, Some(&note)).expect("it fits").rows.leavers.len(), 5);
        drop(landing);
        if at == Kind::Bucket {
            // Somebody else may have made the same file: nobody deletes but on demand.
            lake.remove_superseded().expect("deletable");
        }
        assert_eq!((in_force(&lake), files()), (before, count));
    }
}

#[test]
fn what_a_killed_process_had_begun_to_put_in_force_is_finished() {
    let home = Home::new(Kind::Folder);
    let lake = home.lake();
    let all = rows(4);
    let mut of_both = all.clone();
    of_both.extend(all.iter().map(|row| {
        let household = row.household_no.0 % 1_000 + i64::from(COUNTIES[1]) * 1_000;
        LakeRow { household_no: HouseholdNo(household), key_hash: row.key_hash ^ 1, ..row.clone() }
    }));
    let mut whole = handed("whole", &of_both);
    whole.coverage.place = place(u64::from(COUNTIES[0]) / 100 * 100_000_000);
    hand_in(&lake, Mode::Events, &whole);
    // As it was with both new manifests named and the second one not yet written.
    let manifest = |county: u32| home.file(&format!("medical_bill/{county:06}/in_force.json"));
    let read = |county: u32| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(manifest(county)).expect("readable")).expect("JSON")
    };
    let (first, second) = (COUNTIES[0].to_string(), COUNTIES[1].to_string());
    let pending = serde_json::json!({ first: read(COUNTIES[0]), second: read(COUNTIES[1]) });
    std::fs::write(home.file("medical_bill/landing.json"), pending.to_string()).expect("writable");
    std::fs::remove_file(manifest(COUNTIES[1])).expect("deletable");
    assert_eq!(in_force(&lake).len(), 4);
    let lake = home.lake();
    assert_eq!(in_force(&lake).len(), 8);
    assert!(!home.file("medical_bill/landing.json").exists());
}

#[test]
fn every_delivery_is_noted_with_what_it_covers() {
    for at in BOTH {
        let home = Home::new(at);
        let lake = home.lake();
        let one = handed("one", &rows(3));
        hand_in(&lake, Mode::Events, &one);
        let in_force = lake.in_force("medical_bill", COUNTIES[0]).expect("readable").expect("in force");
        let expected = Delivered {
            id: "one".into(),
            file: in_force.file.clone(),
            rows: 3,
            days: vec![one.day],
            coverage: Some(one.coverage),
            spared: Spared::default(),
        };
        assert_eq!(in_force.deliveries, [expected]);
    }
}

#[test]
fn whoever_is_spared_keeps_the_rows_that_were_in_force() {
    for at in BOTH {
        let home = Home::new(at);
        let lake = home.lake();
        let mut all = rows(6);
        for (at, row) in all.iter_mut().enumerate() {
            row.resident_key = row.resident_key.map(|_| ResidentKey(at as i64));
        }
        hand_in(&lake, Mode::Roster, &handed("one", &all));
        let schema = schema();
        let mut landing = lake.landing(&schema, Mode::Roster, &in_place).expect("nobody else is about it");
        let mut delivery = lake.delivery(&schema, COUNTIES[0], day("2024-07-06")).expect("writable");
        all[..2].iter().for_each(|row| delivery.push(row.clone()).expect("it fits"));
        // One is recognised by the key of the row, one by the person, one is on the list as well, and one is nobody's.
        let spared = Spared::new(vec![all[2].key_hash, all[0].key_hash], vec![person(&all[3]), -7]);
        let note = Note { id: "two".to_owned(), coverage: handed("two", &[]).coverage, spared };
        let changes = landing.add(delivery, Some(&note)).expect("it fits");
        assert_eq!(
            (changes.rows.removed, changes.rows.unchanged, changes.rows_spared, changes.spoken_of),
            (2, 4, 2, 6)
        );
        assert_eq!(changes.known, Spared::new(vec![all[2].key_hash, all[0].key_hash], vec![person(&all[3])]));
        landing.commit().expect("writable");
        assert_eq!(in_force(&lake).len(), 4);
        // A list of an earlier day that comes later is in force where it is spared, and says that the rest is not.
        let mut landing = lake.landing(&schema, Mode::Roster, &in_place).expect("nobody else is about it");
        let mut delivery = lake.delivery(&schema, COUNTIES[0], day("2024-07-01")).expect("writable");
        all[..3].iter().for_each(|row| delivery.push(row.clone()).expect("it fits"));
        let note = Note { id: "older".to_owned(), ..note };
        let changes = landing.add(delivery, Some(&note)).expect("it fits");
        assert_eq!((changes.rows_outdated, changes.outdated_by), (3, Some(day("2024-07-06"))));
    }
}
