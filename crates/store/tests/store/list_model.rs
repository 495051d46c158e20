//! Lists against a plain model: what a filter leaves, in which order, on which page, for whom, on random records.

use crate::chaos::{Dice, seed};
use crate::county::{actor, day, place};
use crate::place::on_both;
use crate::valley::{VILLAGES, Valley, decimal, package, text};
use model::{Actor, Day, Fen, Value};
use std::cmp::Ordering;
use store::{
    Command, Condition, Exported, Page, Predicate, Record, RecordFilter, RecordOrder, RecordRow, RefusalKind, Total,
    system_actor,
};

on_both![
    random_lists_are_those_of_the_plain_model,
    an_export_gives_the_list_of_all_pages,
    the_size_of_a_page_has_two_ends,
    a_page_goes_on_behind_its_last_row_whatever_comes_and_goes,
    a_cursor_is_of_one_list_and_one_account,
];

/// Records of one run.
const GARDENS: usize = 36;
const NAMES: [&str; 5] = ["阿依", "阿芝", "吉木", "尔哈", "杨珍"];

/// A garden as the model knows it.
#[derive(Clone, Debug)]
struct Garden {
    number: String,
    village: usize,
    kind: &'static str,
    crops: Vec<&'static str>,
    /// In hundredths.
    area: Option<i64>,
    worth: Option<i64>,
    planted: Option<Day>,
    keeper: &'static str,
    state: &'static str,
    due: Option<Day>,
    is_withdrawn: bool,
    id: String,
}

impl Garden {
    fn random(dice: &mut Dice, at: usize) -> Garden {
        let crops = ["apple", "pear", "tea"].into_iter().filter(|_| dice.below(3) == 0).collect();
        let some = |dice: &mut Dice, most: u64| (dice.below(4) > 0).then(|| dice.below(most) as i64);
        Garden {
            number: format!("G{at:03}"),
            village: dice.below(4) as usize,
            kind: if dice.below(4) == 0 { "tea" } else { "fruit" },
            crops,
            // Few values, so that many records share one.
            area: some(dice, 8).map(|area| area * 125),
            worth: some(dice, 5).map(|worth| worth * 10_001),
            planted: some(dice, 6).map(|days| day("2024-02-26").plus_days(days)),
            keeper: NAMES[dice.below(5) as usize],
            state: "drafted",
            due: None,
            is_withdrawn: false,
            id: String::new(),
        }
    }

    fn row(&self, row: u32) -> Record {
        let value = |name: &str| match name {
            "garden_no" => text(&self.number),
            "region_code" => text(VILLAGES[self.village]),
            "kind_code" => text(self.kind),
            "keeper_name" => text(self.keeper),
            "crops" if !self.crops.is_empty() => text(&self.crops.join(",")),
            "area_mu" => self.area.map_or(Value::Null, area_shown),
            "worth_fen" => self.worth.map_or(Value::Null, |worth| Value::Fen(Fen(worth))),
            "planted_on" => self.planted.map_or(Value::Null, Value::Day),
            _ => Value::Null,
        };
        let fields = package().registers["garden"].field.iter().map(|field| value(&field.name)).collect();
        Record { row, fields, ..Record::default() }
    }

    /// Where the database puts records of one value: by their number.
    fn whole_id(&self) -> i64 {
        u64::from_str_radix(&self.id, 16).expect("hexadecimal") as i64
    }
}

fn area_shown(hundredths: i64) -> Value {
    decimal(&format!("{}.{:02}", hundredths / 100, hundredths % 100))
}

/// Random gardens in the valley, some of them public, some withdrawn; half came a week later.
fn filled(dice: &mut Dice) -> (Valley, Vec<Garden>) {
    let valley = Valley::new();
    let mut gardens: Vec<Garden> = (0..GARDENS).map(|at| Garden::random(dice, at)).collect();
    for (part, on) in gardens.chunks_mut(GARDENS / 2).zip(["2024-06-01", "2024-06-08"]) {
        let records = part.iter().zip(2..).map(|(garden, row)| garden.row(row)).collect();
        let command = Command::ImportRecords { register: "garden".into(), file: "aaaaaaaaaaaa".into(), records };
        let receipt = valley.apply(&system_actor(place("99")), on, command).expect("is taken");
        assert_eq!((receipt.added, receipt.refused.len()), (part.len() as u64, 0));
        for garden in part {
            garden.due = Some(day(on).plus_days(10));
        }
    }
    for garden in &mut gardens {
        let view = valley.store.view(&system_actor(place("99")));
        garden.id = view.record_by_key("garden", &garden.number).expect("reads").expect("is there");
        let (register, id) = ("garden".to_owned(), garden.id.clone());
        let clerk = actor("clerk", &VILLAGES[garden.village][..9]);
        match dice.below(6) {
            0 => {
                let fields = vec![("minutes".to_owned(), text("一致同意"))];
                let step = Command::TakeStep { register, id, version: None, step: "publish".into(), fields };
                valley.apply(&clerk, "2024-06-09", step).expect("is put up");
                (garden.state, garden.due) = ("public", None);
            }
            1 => {
                let withdraw = Command::Withdraw { register, id, version: model::Version(1), why: "重复".into() };
                valley.apply(&clerk, "2024-06-09", withdraw).expect("is withdrawn");
                garden.is_withdrawn = true;
            }
            _ => {}
        }
    }
    (valley, gardens)
}

/// What the model says of one condition.
type Holds = Box<dyn Fn(&Garden) -> bool>;

/// A random filter, as the store and as the model understand it.
fn random_filter(dice: &mut Dice) -> (RecordFilter, Vec<Holds>) {
    let mut filter = RecordFilter { withdrawn: dice.below(8) == 0, ..RecordFilter::default() };
    let wants_withdrawn = filter.withdrawn;
    let mut holds: Vec<Holds> = vec![Box::new(move |garden| garden.is_withdrawn == wants_withdrawn)];
    for _ in 0..dice.below(4) {
        let (field, test, told): (&str, Predicate, Holds) = match dice.below(10) {
            0 => ("kind_code", Predicate::Is(text("tea")), Box::new(|garden| garden.kind == "tea")),
            1 => ("crops", Predicate::Is(text("pear")), Box::new(|garden| garden.crops.contains(&"pear"))),
            2 => {
                let least = dice.below(8) as i64 * 125;
                let test = Predicate::AtLeast(area_shown(least));
                ("area_mu", test, Box::new(move |garden| garden.area.is_some_and(|area| area >= least)))
            }
            3 => {
                let most = dice.below(8) as i64 * 125;
                let test = Predicate::AtMost(area_shown(most));
                ("area_mu", test, Box::new(move |garden| garden.area.is_some_and(|area| area <= most)))
            }
            4 => {
                let first = day("2024-02-26").plus_days(dice.below(6) as i64);
                let test = Predicate::AtLeast(Value::Day(first));
                ("planted_on", test, Box::new(move |garden| garden.planted.is_some_and(|on| on >= first)))
            }
            5 => ("keeper_name", Predicate::Begins("阿".into()), Box::new(|garden| garden.keeper.starts_with('阿'))),
            6 if filter.region.is_none() => {
                let village = dice.below(4) as usize;
                let digits = [6, 9, 12][dice.below(3) as usize];
                filter.region = Some(place(&VILLAGES[village][..digits]));
                let inside = VILLAGES[village][..digits].to_owned();
                holds.push(Box::new(move |garden| VILLAGES[garden.village].starts_with(&inside)));
                continue;
            }
            7 => {
                let state = if dice.below(2) == 0 { "public" } else { "drafted" };
                filter.state = Some(state.to_owned());
                holds.push(Box::new(move |garden| garden.state == state));
                break;
            }
            8 => {
                let before = day("2024-06-11").plus_days(dice.below(9) as i64);
                filter.due_before = Some(before);
                holds.push(Box::new(move |garden| garden.due.is_some_and(|due| due < before)));
                break;
            }
            _ => {
                let number = format!("G{:03}", dice.below(GARDENS as u64));
                let wanted = number.clone();
                ("garden_no", Predicate::Is(text(&number)), Box::new(move |garden| garden.number == wanted))
            }
        };
        filter.conditions.push(Condition { field: field.to_owned(), test });
        holds.push(told);
    }
    (filter, holds)
}

/// The model's order: known values first, in their order or the reverse; those of one value, and the unknown ones, by number.
fn compared(field: &str, is_descending: bool, one: &Garden, other: &Garden) -> Ordering {
    let key = |garden: &Garden| match field {
        "area_mu" => garden.area,
        "worth_fen" => garden.worth,
        _ => garden.planted.map(|on| i64::from(on.epoch_days())),
    };
    let turned = |order: Ordering| if is_descending { order.reverse() } else { order };
    let unknown = key(one).is_none().cmp(&key(other).is_none());
    unknown.then(turned(key(one).cmp(&key(other)).then(one.whole_id().cmp(&other.whole_id()))))
}

fn random_order(dice: &mut Dice) -> Option<RecordOrder> {
    let field = ["area_mu", "worth_fen", "planted_on", ""][dice.below(4) as usize];
    (!field.is_empty()).then(|| RecordOrder { field: field.to_owned(), descending: dice.below(2) == 0 })
}

fn readers() -> [Actor; 6] {
    [
        actor("clerk", "990101100"),
        actor("clerk", "990102100"),
        actor("cadre", VILLAGES[2]),
        actor("county", "990101"),
        actor("analyst", "99"),
        system_actor(place("99")),
    ]
}

/// The numbers that the model expects, in order.
fn expected(gardens: &[Garden], who: &Actor, holds: &[Holds], order: Option<&RecordOrder>) -> Vec<String> {
    let in_sight = |garden: &&Garden| who.region.holds(place(VILLAGES[garden.village]));
    let mut left: Vec<&Garden> =
        gardens.iter().filter(in_sight).filter(|garden| holds.iter().all(|holds| holds(garden))).collect();
    if let Some(order) = order {
        left.sort_by(|one, other| compared(&order.field, order.descending, one, other));
    }
    left.into_iter().map(|garden| garden.number.clone()).collect()
}

/// The numbers of all pages of a list, and the total that every page told.
fn listed(valley: &Valley, who: &Actor, list: (&RecordFilter, Option<&RecordOrder>), size: u32) -> Vec<String> {
    let (view, columns) = (valley.store.view(who), vec!["garden_no".to_owned()]);
    let (mut found, mut after, mut totals) = (Vec::new(), None::<String>, Vec::new());
    loop {
        let page = view
            .records(
                "garden",
                store::RecordQuery { filter: list.0, order: list.1, columns: &columns },
                after.as_deref(),
                size,
            )
            .expect("reads");
        assert!(page.rows.len() <= size as usize && (page.next.is_none() || page.rows.len() == size as usize));
        assert!(totals.len() <= GARDENS, "the pages come to an end");
        totals.push(page.total);
        found.extend(page.rows.iter().map(|row| row.cells[0].to_string()));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert!(totals.iter().all(|total| *total == Total::Exactly(found.len() as u64)), "{totals:?}: {found:?}");
    found
}

fn random_lists_are_those_of_the_plain_model() {
    let mut dice = Dice(seed());
    let (valley, gardens) = filled(&mut dice);
    for _ in 0..60 {
        let (filter, holds) = random_filter(&mut dice);
        let order = random_order(&mut dice);
        let who = &readers()[dice.below(6) as usize];
        let list = (&filter, order.as_ref());
        let size = 1 + dice.below(9) as u32;
        let asks_for_names = filter.conditions.iter().any(|one| matches!(one.test, Predicate::Begins(_)));
        if asks_for_names && who.role == "analyst" {
            let refused = valley.store.view(who).records(
                "garden",
                store::RecordQuery { filter: list.0, order: list.1, columns: &[] },
                None,
                size,
            );
            assert!(matches!(refused.expect_err("does not see names").kind, RefusalKind::Invalid));
            continue;
        }
        let expected = expected(&gardens, who, &holds, order.as_ref());
        assert_eq!(listed(&valley, who, list, size), expected, "{} {filter:?} {order:?} by {size}", who.account);
    }
}

fn an_export_gives_the_list_of_all_pages() {
    let mut dice = Dice(seed());
    let (valley, gardens) = filled(&mut dice);
    for _ in 0..20 {
        let (filter, holds) = random_filter(&mut dice);
        let order = random_order(&mut dice);
        for who in [actor("clerk", "990101100"), actor("county", "990101")] {
            let mut found = Vec::new();
            let each = &mut |row| {
                let Exported::Record(row) = row else { return Err("children were not asked for".to_owned()) };
                found.push(row.cells[0].to_string());
                Ok(())
            };
            let list = (&filter, order.as_ref());
            let given = valley.store.view(&who).export(
                "garden",
                store::RecordQuery { filter: list.0, order: list.1, columns: &["garden_no".to_owned()] },
                false,
                each,
            );
            assert_eq!(given.expect("is given"), found.len() as u64);
            assert_eq!(found, expected(&gardens, &who, &holds, order.as_ref()), "{filter:?} {order:?}");
        }
    }
}

fn page(valley: &Valley, who: &Actor, after: Option<&str>, size: u32) -> Page<RecordRow> {
    let view = valley.store.view(who);
    view.records(
        "garden",
        store::RecordQuery { filter: &RecordFilter::default(), order: None, columns: &["garden_no".to_owned()] },
        after,
        size,
    )
    .expect("reads")
}

fn the_size_of_a_page_has_two_ends() {
    let valley = Valley::new();
    let none = page(&valley, &system_actor(place("99")), None, 10);
    assert_eq!((none.rows.len(), none.total, none.next), (0, Total::Exactly(0), None), "an empty list has one page");
    let mut dice = Dice(1);
    let gardens: Vec<Record> = (0..502).map(|at| Garden::random(&mut dice, at).row(at as u32 + 2)).collect();
    valley.import("garden", gardens).expect("is taken");
    let whole = |size: u32| {
        let page = page(&valley, &system_actor(place("99")), None, size);
        (page.rows.len(), page.next.is_some())
    };
    for (size, rows, has_next) in
        [(0, 1, true), (1, 1, true), (499, 499, true), (500, 500, true), (501, 500, true), (u32::MAX, 500, true)]
    {
        assert_eq!(whole(size), (rows, has_next), "{size}");
    }
    let first = page(&valley, &system_actor(place("99")), None, 500);
    let rest = page(&valley, &system_actor(place("99")), first.next.as_deref(), 500);
    assert_eq!((rest.rows.len(), rest.next), (2, None));
}

fn a_page_goes_on_behind_its_last_row_whatever_comes_and_goes() {
    let valley = Valley::new();
    let enter = |number: &str| valley.enter(number, &[]);
    let ids: Vec<String> = ["G10", "G20", "G30", "G40", "G50"].map(enter).to_vec();
    let clerk = crate::valley::clerk();
    let first = page(&valley, &clerk, None, 2);
    // The last row of the page goes, one comes in front of it, and one behind it.
    let withdraw = Command::Withdraw {
        register: "garden".into(),
        id: ids[1].clone(),
        version: model::Version(1),
        why: "重复".into(),
    };
    valley.apply(&clerk, "2024-06-03", withdraw).expect("is withdrawn");
    enter("G15");
    enter("G25");
    let second = page(&valley, &clerk, first.next.as_deref(), 2);
    let numbers = |page: &Page<RecordRow>| page.rows.iter().map(|row| row.cells[0].to_string()).collect::<Vec<_>>();
    assert_eq!(
        (numbers(&first), numbers(&second)),
        (vec!["G10".into(), "G20".into()], vec!["G25".into(), "G30".into()])
    );
    assert_eq!(second.total, Total::Exactly(6), "the total is that of now");
}

fn a_cursor_is_of_one_list_and_one_account() {
    let valley = Valley::new();
    ["G1", "G2", "G3"].iter().for_each(|number| drop(valley.enter(number, &[])));
    let clerk = crate::valley::clerk();
    let next = page(&valley, &clerk, None, 1).next.expect("there is more");
    assert!(!next.contains("G1") && next.bytes().all(|byte| byte.is_ascii_hexdigit()), "it tells nothing: {next}");
    let filter = RecordFilter::default();
    let read = |who: &Actor, register: &str, order: Option<&RecordOrder>, after: &str| {
        let read = valley.store.view(who).records(
            register,
            store::RecordQuery { filter: &filter, order, columns: &[] },
            Some(after),
            1,
        );
        read.map(|page| page.rows.len()).map_err(|refusal| refusal.what.english().to_owned())
    };
    let gone = Err("The place in the list is not valid any more".to_owned());
    assert_eq!(read(&clerk, "garden", None, &next), Ok(1));
    assert_eq!(read(&actor("county", "990101"), "garden", None, &next), gone, "of another account");
    assert_eq!(read(&clerk, "tool", None, &next), gone, "of another register");
    let order = |descending| RecordOrder { field: "garden_no".into(), descending };
    assert_eq!(read(&clerk, "garden", Some(&order(false)), &next), Ok(1), "the same order by its name");
    assert_eq!(read(&clerk, "garden", Some(&order(true)), &next), gone, "of the other direction");
    for broken in ["", "zz", "00", &next[1..], &next[..next.len() - 2], &next.replace(&next[..4], "ffff")] {
        assert_eq!(read(&clerk, "garden", None, broken), gone, "{broken}");
    }
}
