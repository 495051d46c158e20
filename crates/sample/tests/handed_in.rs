//! What is handed in: to any sink, of any place, on any day; dirt only where it is listed, and truth that the tables bear out.

mod support;

use model::{Day, Level, RegionCode, Value};
use policy::declare::{Column, Grain};
use policy::written::Reader;
use sample::{Cell, CsvFolder, Options, Plan, TableHead, Tables, Use, generate};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use support::{Keeper, column, county, made, options, package};

/// A sink that fails at the call with this number.
struct Full {
    calls: usize,
    fails_at: usize,
}

impl Full {
    fn call(&mut self) -> io::Result<()> {
        self.calls += 1;
        if self.calls > self.fails_at { Err(io::Error::other("the disk is full")) } else { Ok(()) }
    }
}

impl Tables for Full {
    fn begin(&mut self, _: &TableHead) -> io::Result<()> {
        self.call()
    }

    fn row(&mut self, _: usize, _: &[Cell]) -> io::Result<()> {
        self.call()
    }

    fn end(&mut self, _: usize) -> io::Result<()> {
        self.call()
    }
}

#[test]
fn the_first_error_of_the_sink_comes_back_and_nothing_more_is_handed_in() {
    let package = package();
    let plan = Plan::new(&package, &options(county(&package), 30, 1, false)).expect("a plan");
    let mut whole = Full { calls: 0, fails_at: usize::MAX };
    generate(&plan, &mut whole, &mut |_| {}).expect("there is room");
    let tables = package.sources.len();
    for fails_at in [0, 1, tables, whole.calls / 2, whole.calls - 1] {
        let mut full = Full { calls: 0, fails_at };
        let error = generate(&plan, &mut full, &mut |_| {}).expect_err("the sink fails");
        assert_eq!((error.to_string().as_str(), full.calls), ("the disk is full", fails_at + 1));
    }
}

#[test]
fn files_are_what_was_handed_in() {
    let package = package();
    let plan = Plan::new(&package, &options(county(&package), 60, 9, false)).expect("a plan");
    let (mut keeper, mut told) = (Keeper::default(), Vec::new());
    generate(&plan, &mut keeper, &mut |made| told.push(made)).expect("in memory");
    assert!(told.is_sorted() && told.last() == Some(&60) && plan.households() == 60, "{told:?}");
    let folder = tempfile::tempdir().expect("a folder");
    generate(&plan, &mut CsvFolder::new(folder.path()), &mut |_| {}).expect("writable");
    let mut titles = 0;
    for table in &keeper.tables {
        let path = folder.path().join(format!("{}.csv", table.head.stem));
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path).expect("a file for each table");
        let lines: Vec<Vec<String>> =
            reader.records().map(|record| record.expect("a record").iter().map(str::to_owned).collect()).collect();
        titles += usize::from(table.head.title.is_some());
        let mut expected: Vec<Vec<String>> = table.head.title.iter().map(|title| vec![title.clone()]).collect();
        expected.push(table.head.headings.clone());
        expected.extend(table.rows.iter().map(|row| row.iter().map(ToString::to_string).collect()));
        assert_eq!(lines, expected, "{}", table.head.name);
    }
    assert!(titles > 0, "some tables have a title");
    let absent = folder.path().join("absent");
    assert!(generate(&plan, &mut CsvFolder::new(absent), &mut |_| {}).is_err());
    let mut unbegun = CsvFolder::new(folder.path());
    let refused = unbegun.row(0, &[Cell::text("x")]).expect_err("it has not begun");
    assert_eq!(refused.to_string(), "a row of a table that has not begun");
}

#[test]
fn a_sample_of_any_place_lies_in_it() {
    let package = package();
    let (home, _) = made(&package, &options(county(&package), 40, 2, true));
    let village: RegionCode = column(&package, &home, "household", "region_code")[0].parse().expect("a code");
    for level in [Level::Village, Level::Township, Level::Prefecture] {
        let place = village.at(level);
        let (keeper, summary) = made(&package, &options(place, 25, 2, true));
        assert_eq!(summary.households, 25, "{place}");
        let villages = column(&package, &keeper, "household", "region_code");
        assert!(villages.iter().all(|code| place.holds(code.parse().expect("a code"))), "{place}: {villages:?}");
        let distinct: BTreeSet<&String> = villages.iter().collect();
        assert_eq!(distinct.len() == 1, level == Level::Village, "{place}: {distinct:?}");
    }
}

#[test]
fn on_the_edges_of_months_and_years_nothing_lies_ahead() {
    let package = package();
    for text in ["2024-01-01", "2024-02-29"] {
        let day: Day = text.parse().expect("a day");
        let options = Options { day, ..options(county(&package), 80, 4, true) };
        let (keeper, _) = made(&package, &options);
        let reader = Reader::of(&package, day);
        for table in keeper.tables.iter().filter(|table| table.head.usage != Use::Truth) {
            assert!(table.head.stem.ends_with(text), "{}", table.head.stem);
            let columns = declared(&package, &table.head.name);
            for (column, cell) in table.rows.iter().flat_map(|row| columns.iter().zip(row)) {
                let read = reader.read(column, &cell.to_string());
                assert!(read.is_ok(), "{}.{} on {text}: `{cell}` {read:?}", table.head.name, column.name);
            }
        }
        for row in &keeper.table("truth").rows {
            let since: Day = row[2].to_string().parse().expect("a day");
            assert!(since < day, "{since} {text}");
        }
    }
}

fn declared<'a>(package: &'a policy::Package, name: &str) -> &'a [Column] {
    let register = package.registers.get(name).map(|register| register.field.as_slice());
    register.unwrap_or_else(|| &package.sources[name].column)
}

/// Listed dirt by file and row.
fn listed(keeper: &Keeper) -> BTreeMap<(String, usize), Vec<[String; 3]>> {
    let mut listed: BTreeMap<(String, usize), Vec<[String; 3]>> = BTreeMap::new();
    for row in &keeper.table("planted_dirt").rows {
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        let place = (cells[0].clone(), cells[1].parse().expect("a row number"));
        listed.entry(place).or_default().push([cells[2].clone(), cells[3].clone(), cells[4].clone()]);
    }
    listed
}

/// How forms say it is told apart from how files do: aliases of codes and days as numbers of a spreadsheet.
const OF_FILES: [&str; 3] = ["code_as_alias", "serial_day", "name_variant"];

#[test]
fn every_cell_that_cannot_be_read_is_listed_and_no_other() {
    let package = package();
    let (keeper, _) = made(&package, &options(county(&package), 1_500, 21, false));
    let (listed, reader) = (listed(&keeper), Reader::of(&package, options(county(&package), 0, 0, true).day));
    let (mut good, mut bad) = (0, 0);
    for table in keeper.tables.iter().filter(|table| table.head.usage != Use::Truth) {
        let (columns, above) = (declared(&package, &table.head.name), 2 + usize::from(table.head.title.is_some()));
        for (index, row) in table.rows.iter().enumerate() {
            let pieces = listed.get(&(table.head.stem.clone(), index + above));
            for ((column, cell), heading) in columns.iter().zip(row).zip(&table.head.headings) {
                let piece = pieces.and_then(|pieces| pieces.iter().find(|piece| piece[0] == *heading));
                let is_of_row = pieces.is_some_and(|pieces| {
                    pieces
                        .iter()
                        .any(|piece| piece[0].is_empty() || matches!(piece[1].as_str(), "total_line" | "note_line"))
                });
                let is_unread = reader.read(column, &cell.to_string()).is_err();
                let place = format!("{} row {} {heading}: `{cell}` {piece:?}", table.head.name, index + above);
                match piece {
                    None => assert!(!is_unread || is_of_row, "not listed: {place}"),
                    Some(piece) if piece[2].is_empty() => {
                        assert!(!is_unread || OF_FILES.contains(&piece[1].as_str()), "a variant: {place}");
                        good += 1;
                    }
                    Some(piece) if piece[2] == "missing" => assert!(column.required && cell.is_empty(), "{place}"),
                    Some(piece) => {
                        // Areas that never were, households that are not there and long texts have the form of sound ones.
                        let needs_more =
                            ["identity_area", "unknown_household", "too_long", "duplicate_key", "not_data"];
                        assert!(is_unread || needs_more.contains(&piece[2].as_str()), "a fault: {place}");
                        bad += usize::from(is_unread);
                    }
                }
            }
        }
    }
    assert!(good > 60 && bad > 20, "{good} variants and {bad} faults");
}

/// Whom the rows of a table speak of: identity or household numbers.
fn spoken_of(package: &policy::Package, keeper: &Keeper, source: &str) -> Vec<String> {
    let declared = &package.sources[source];
    let name = match declared.of {
        Grain::Resident => declared.identity.clone().expect("a column with the person"),
        _ => "household_no".to_owned(),
    };
    match declared.column.iter().any(|column| column.name == name) {
        true => column(package, keeper, source, &name),
        false => Vec::new(),
    }
}

#[test]
fn whoever_is_said_to_be_visible_stands_in_the_table_that_shows_it() {
    let package = package();
    let made_of = options(county(&package), 4_000, 13, true);
    let ((keeper, summary), delivery) = (made(&package, &made_of), made_of.day);
    let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (homes, people) =
        (column(&package, &keeper, "resident", "household_no"), column(&package, &keeper, "resident", "identity_no"));
    for (home, person) in homes.into_iter().zip(people) {
        members.entry(home).or_default().insert(person);
    }
    let tables: BTreeMap<&String, Vec<String>> =
        package.sources.keys().map(|name| (name, spoken_of(&package, &keeper, name))).collect();
    let mut shown = 0;
    for row in &keeper.table("truth").rows {
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        let (home, since, visible) = (&cells[0], cells[2].parse::<Day>().expect("a day"), &cells[3]);
        assert_eq!(visible.is_empty(), cells[4].is_empty(), "{cells:?}");
        let visible_since = if visible.is_empty() { since } else { cells[4].parse::<Day>().expect("a day") };
        assert!(visible_since >= since, "nobody knows before it happens: {cells:?}");
        assert!(visible_since <= delivery, "what is known later is not visible yet: {cells:?}");
        assert!(cells[5].is_empty(), "nothing is lost in a clean sample: {cells:?}");
        for source in visible.split(';').filter(|name| !name.is_empty()) {
            let rows = &tables[&source.to_owned()];
            // A certificate's number begins with its owner's; a household's may stand there by its head.
            let is_of_home =
                |whose: &String| whose == home || members[home].iter().any(|person| whose.starts_with(person.as_str()));
            assert!(rows.is_empty() || rows.iter().any(is_of_home), "{source} does not show {cells:?}");
            shown += usize::from(!rows.is_empty());
        }
    }
    assert!(shown > 20 && summary.hidden < summary.truths, "{shown} sightings");
}

#[test]
fn the_register_of_households_agrees_with_the_register_of_people() {
    let package = package();
    let (keeper, _) = made(&package, &options(package.head.region, 400, 17, true));
    let of_people = |name: &str| column(&package, &keeper, "resident", name);
    let relations: BTreeSet<&str> = ["01", "户主", "本人或户主"].into();
    let heads: BTreeMap<String, (String, String)> = of_people("household_no")
        .into_iter()
        .zip(of_people("relation_code"))
        .zip(of_people("name").into_iter().zip(of_people("phone")))
        .filter(|((_, relation), _)| relations.contains(relation.as_str()))
        .map(|((home, _), told)| (home, told))
        .collect();
    let of_homes = |name: &str| column(&package, &keeper, "household", name);
    let rows = of_homes("household_no").into_iter().zip(of_homes("head_name")).zip(of_homes("phone"));
    let mut compared = 0;
    for ((home, name), phone) in rows {
        let Some(head) = heads.get(&home) else { continue };
        assert_eq!((&name, &phone), (&head.0, &head.1), "{home}");
        compared += 1;
    }
    assert_eq!(compared, 400, "every household has a head");
}

#[test]
fn incomes_add_up_to_what_a_person_has() {
    let package = package();
    let (keeper, _) = made(&package, &options(county(&package), 300, 19, true));
    let reader = Reader::of(&package, options(county(&package), 0, 0, true).day);
    let columns = declared(&package, "household");
    let names =
        ["wage_fen", "business_fen", "property_fen", "transfer_fen", "production_cost_fen", "net_per_person_fen"];
    let at = names.map(|name| columns.iter().position(|column| column.name == name).expect("a column"));
    let residents = column(&package, &keeper, "resident", "household_no");
    let left = column(&package, &keeper, "resident", "member_to");
    let numbers = column(&package, &keeper, "household", "household_no");
    for (row, number) in keeper.table("household").rows.iter().zip(numbers) {
        let fen = |place: usize| match reader.read(&columns[at[place]], &row[at[place]].to_string()) {
            Ok(Value::Fen(fen)) => fen.0,
            other => panic!("{number}: {other:?}"),
        };
        let net = fen(0) + fen(1) + fen(2) + fen(3) - fen(4);
        let listed = residents.iter().zip(&left).filter(|(home, left)| **home == number && left.is_empty()).count();
        let per_person = net / 100 / listed.max(1) as i64 * 100;
        assert_eq!(fen(5), per_person, "{number}: {net} fen for {listed}");
        assert!((0..4).all(|place| fen(place) >= 0), "{number}");
    }
}
