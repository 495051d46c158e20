//! Files of a register against a plain model: random files with new, changed, equal, wrong, foreign and doubled rows.

use crate::chaos::{Dice, seed};
use crate::county::{actor, day, place};
use crate::place::on_both;
use crate::valley::{VILLAGES, Valley, clerk, decimal, package, text};
use model::{Actor, Fen, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Command, Receipt, Record, RecordFile, Unsaid, system_actor};

on_both![
    random_files_leave_the_records_of_the_model,
    a_file_tells_what_became_of_each_row,
    a_field_without_a_column_stays_and_an_empty_cell_does_not,
    children_stay_where_a_file_does_not_speak_of_them,
    rows_that_were_worked_on_since_the_file_was_written_are_refused,
    a_receipt_names_the_first_that_changed,
];

/// What the model holds of a garden.
#[derive(Clone, Debug, PartialEq)]
struct Garden {
    village: usize,
    area: u64,
    worth: Option<i64>,
    harvests: Vec<u64>,
    version: i64,
}

/// A row of a file.
#[derive(Clone, Debug)]
struct Row {
    number: u64,
    village: usize,
    area: u64,
    /// Below zero it is refused by a check.
    worth: Option<i64>,
    /// `None`: the file says nothing of harvests.
    harvests: Option<Vec<u64>>,
}

impl Row {
    fn random(dice: &mut Dice) -> Row {
        let worth = match dice.below(8) {
            0 => None,
            1 => Some(-1),
            _ => Some(dice.below(3) as i64 * 100),
        };
        let harvests = (dice.below(3) > 0).then(|| (0..dice.below(3)).map(|_| 1 + dice.below(2)).collect());
        Row { number: dice.below(8), village: dice.below(4) as usize, area: dice.below(3), worth, harvests }
    }

    fn record(&self, row: u32) -> Record {
        let value = |name: &str| match name {
            "garden_no" => text(&format!("G{}", self.number)),
            "region_code" => text(VILLAGES[self.village]),
            "kind_code" => text("fruit"),
            "area_mu" => decimal(&self.area.to_string()),
            "worth_fen" => self.worth.map_or(Value::Null, |worth| Value::Fen(Fen(worth))),
            _ => Value::Null,
        };
        let fields = package().registers["garden"].field.iter().map(|field| value(&field.name)).collect();
        let children = self.harvests.as_ref().map(|weights| vec![Some(weights.iter().map(harvest).collect())]);
        Record { row, fields, children, ..Record::default() }
    }
}

fn harvest(weight: &u64) -> Vec<Value> {
    vec![Value::Day(day("2024-05-01")), decimal(&weight.to_string()), Value::Null]
}

/// What the receipt counts: added, changed, unchanged, outside, refused.
type Counted = (u64, u64, u64, u64, u64);

fn counted(receipt: &Receipt) -> Counted {
    (receipt.added, receipt.changed, receipt.unchanged, receipt.outside, receipt.refused.len() as u64)
}

/// Takes a row in as the model does; false where it may not be told from the row alone.
fn take(known: &mut BTreeMap<u64, Garden>, row: &Row, who: &Actor, counts: &mut Counted) {
    let reaches = |village: usize| who.region.holds(place(VILLAGES[village]));
    if !reaches(row.village) {
        counts.3 += 1;
        return;
    }
    if row.worth.is_some_and(|worth| worth < 0) {
        counts.4 += 1;
        return;
    }
    let Row { village, area, worth, harvests, .. } = row.clone();
    let next = |harvests: Vec<u64>, version| Garden { village, area, worth, harvests, version };
    match known.get(&row.number) {
        None => {
            counts.0 += 1;
            known.insert(row.number, next(harvests.unwrap_or_default(), 1));
        }
        Some(held) => {
            let wanted = next(harvests.unwrap_or_else(|| held.harvests.clone()), held.version);
            match (wanted == *held, reaches(held.village)) {
                (true, _) => counts.2 += 1,
                (false, false) => counts.3 += 1,
                (false, true) => {
                    counts.1 += 1;
                    known.insert(row.number, Garden { version: held.version + 1, ..wanted });
                }
            }
        }
    }
}

fn import(valley: &Valley, who: &Actor, file: &str, records: Vec<Record>) -> Receipt {
    let command = Command::ImportRecords { register: "garden".into(), file: file.into(), records };
    valley.apply(who, "2024-06-03", command).expect("is taken")
}

fn seen(valley: &Valley, number: &str) -> Option<RecordFile> {
    let view = valley.store.view(&system_actor(place("99")));
    let id = view.record_by_key("garden", number).expect("reads")?;
    view.record("garden", &id, day("2024-06-03")).expect("reads")
}

fn value(file: &RecordFile, name: &str) -> Value {
    file.fields.iter().find(|field| field.name == name).map(|field| field.value.clone()).expect("a field")
}

fn check(valley: &Valley, known: &BTreeMap<u64, Garden>) {
    for number in 0..8 {
        let file = seen(valley, &format!("G{number}"));
        let found = file.map(|file| {
            let worth = match value(&file, "worth_fen") {
                Value::Fen(fen) => Some(fen.0),
                _ => None,
            };
            let village = VILLAGES.iter().position(|village| place(village) == file.place.expect("a place"));
            let weights = file.children[0].rows.iter().map(|row| row[1].value.to_string().parse().expect("a number"));
            let area = value(&file, "area_mu").to_string().parse().expect("a number");
            let harvests: Vec<u64> = weights.collect();
            assert_eq!(value(&file, "harvest_kg"), decimal(&harvests.iter().sum::<u64>().to_string()));
            Garden { village: village.expect("a village"), area, worth, harvests, version: file.version.0 }
        });
        assert_eq!(found.as_ref(), known.get(&number), "G{number}");
    }
}

fn random_files_leave_the_records_of_the_model() {
    let mut dice = Dice(seed());
    let valley = Valley::new();
    let mut known = BTreeMap::new();
    let hands = [system_actor(place("99")), clerk(), actor("clerk", "990101200"), actor("county", "990101")];
    for file in 0..14 {
        let who = &hands[dice.below(4) as usize];
        let mut rows: Vec<Row> = (0..1 + dice.below(9)).map(|_| Row::random(&mut dice)).collect();
        // A file has a sheet of harvests or none: where one row of a record tells of them, the next one does.
        for at in 1..rows.len() {
            if rows[..at].iter().any(|before| before.number == rows[at].number) {
                rows[at].harvests.get_or_insert_default();
            }
        }
        let records = (2..).zip(&rows).map(|(number, row)| row.record(number)).collect();
        let receipt = import(&valley, who, &format!("{file:012x}"), records);
        let mut counts = Counted::default();
        rows.iter().for_each(|row| take(&mut known, row, who, &mut counts));
        assert_eq!(counted(&receipt), counts, "{} brings {rows:?}", who.account);
        check(&valley, &known);
    }
    valley.store.verify().expect("the chains hold");
}

fn row(number: u64, village: usize, area: u64, worth: Option<i64>) -> Row {
    Row { number, village, area, worth, harvests: None }
}

fn a_file_tells_what_became_of_each_row() {
    let valley = Valley::new();
    let first = [row(1, 0, 1, None), row(2, 0, 1, None), row(3, 2, 1, None)];
    import(&valley, &system_actor(place("99")), "a", (2..).zip(&first).map(|(at, row)| row.record(at)).collect());
    let rows = [
        row(1, 0, 1, None),
        row(2, 0, 2, None),
        row(3, 0, 2, None),
        row(4, 0, 1, None),
        row(5, 2, 1, None),
        row(6, 0, 1, Some(-1)),
        row(4, 0, 2, None),
        row(4, 0, 2, None),
    ];
    let records = (2..).zip(&rows).map(|(at, row)| row.record(at)).collect();
    let receipt = import(&valley, &clerk(), "b", records);
    // The third is held in another township; the fifth lies there; the last two are the fourth again.
    assert_eq!(counted(&receipt), (1, 2, 2, 2, 1));
    assert_eq!(receipt.refused[0].row, 7);
    assert_eq!((receipt.refused[0].what.chinese(), receipt.refused[0].hint.chinese()), ("价值不能为负", "请核对"));
    assert_eq!(receipt.refused[0].columns, ["worth_fen"]);
    assert_eq!(value(&seen(&valley, "G4").expect("is there"), "area_mu"), decimal("2"), "the later row counts");
    assert!(seen(&valley, "G6").is_none());
}

/// Places of fields among the declared ones.
fn places_of(names: &[&str]) -> Arc<[usize]> {
    let fields = &package().registers["garden"].field;
    names.iter().map(|name| fields.iter().position(|field| field.name == *name).expect("is declared")).collect()
}

fn a_field_without_a_column_stays_and_an_empty_cell_does_not() {
    let cases = [
        ("an empty cell says that there is nothing", &[][..], None, None),
        ("without a column nothing is said", &["worth_fen"][..], None, Some(500)),
        ("a value that is given all the same counts", &["worth_fen"][..], Some(700), Some(700)),
        ("another column is left out", &["planted_on"][..], None, None),
    ];
    for (what, unsaid, given, expected) in cases {
        let valley = Valley::new();
        import(&valley, &clerk(), "a", vec![row(1, 0, 1, Some(500)).record(2)]);
        let unsaid = Unsaid { fields: places_of(unsaid), ..Unsaid::default() };
        let record = Record { unsaid, ..row(1, 0, 2, given).record(2) };
        let receipt = import(&valley, &clerk(), "b", vec![record]);
        assert_eq!(receipt.changed, 1, "{what}");
        let found = value(&seen(&valley, "G1").expect("is there"), "worth_fen");
        assert_eq!(found, expected.map_or(Value::Null, |worth| Value::Fen(Fen(worth))), "{what}");
    }
}

/// What a file says of children: of all kinds, of each, its rows.
type Said = Option<Vec<Option<Vec<Vec<Value>>>>>;

fn children_stay_where_a_file_does_not_speak_of_them() {
    let two = || Some(vec![3, 4]);
    let cases: [(&str, Said, &[u64], u64); 4] = [
        ("of none", None, &[3, 4], 0),
        ("not of this kind", Some(vec![None]), &[3, 4], 0),
        ("of none that are left", Some(vec![Some(Vec::new())]), &[], 2),
        ("of one", Some(vec![Some(vec![harvest(&4)])]), &[4], 1),
    ];
    for (what, children, expected, gone) in cases {
        let valley = Valley::new();
        import(&valley, &clerk(), "a", vec![Row { harvests: two(), ..row(1, 0, 1, None) }.record(2)]);
        let receipt = import(&valley, &clerk(), "b", vec![Record { children, ..row(1, 0, 2, None).record(2) }]);
        let file = seen(&valley, "G1").expect("is there");
        let weights: Vec<Value> = file.children[0].rows.iter().map(|row| row[1].value.clone()).collect();
        let expected: Vec<Value> = expected.iter().map(|weight| decimal(&weight.to_string())).collect();
        assert_eq!((weights, receipt.rows_gone), (expected, gone), "{what}");
        assert_eq!(receipt.changed, 1, "{what}: its area changed in any case");
    }
}

fn rows_that_were_worked_on_since_the_file_was_written_are_refused() {
    // Rows that were held when the file was written, as it says; whether it may change those that are held now.
    let cases = [(None, true), (Some(2), true), (Some(1), false), (Some(3), false), (Some(0), false)];
    for (then, may) in cases {
        let valley = Valley::new();
        import(&valley, &clerk(), "a", vec![Row { harvests: Some(vec![3, 4]), ..row(1, 0, 1, None) }.record(2)]);
        let children = Some(vec![Some(vec![harvest(&9)])]);
        let unsaid = Unsaid { rows_then: vec![then], ..Unsaid::default() };
        let record = Record { children, unsaid, ..row(1, 0, 1, None).record(5) };
        let receipt = import(&valley, &clerk(), "b", vec![record]);
        let told = (receipt.changed, receipt.refused.iter().map(|refused| refused.row).collect::<Vec<_>>());
        assert_eq!(told, if may { (1, vec![]) } else { (0, vec![5]) }, "{then:?}");
        let rows = seen(&valley, "G1").expect("is there").children[0].rows.len();
        assert_eq!(rows, if may { 1 } else { 2 }, "{then:?}: what somebody worked on stays");
    }
}

fn a_receipt_names_the_first_that_changed() {
    let valley = Valley::new();
    let rows = |area: u64| -> Vec<Record> {
        (0..25).map(|number| row(number, 0, area, None).record(number as u32 + 2)).collect()
    };
    let added = import(&valley, &clerk(), "a", rows(1));
    assert_eq!((added.added, added.changed_records.len()), (25, 0), "new ones are not named");
    let changed = import(&valley, &clerk(), "b", rows(2));
    assert_eq!((changed.changed, changed.changed_records.len()), (25, 20));
    let at: Vec<u32> = changed.changed_records.iter().map(|(row, _)| *row).collect();
    assert_eq!(at, (2..22).collect::<Vec<u32>>(), "in the order of the file");
    let view = valley.store.view(&clerk());
    for (number, (_, id)) in changed.changed_records.iter().enumerate() {
        assert_eq!(view.record_by_key("garden", &format!("G{number}")).expect("reads").as_ref(), Some(id));
    }
}
