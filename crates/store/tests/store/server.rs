//! What only a PostgreSQL server has: a second wall, several programs at once, connections that break.

use crate::county::{County, actor, day, declarations, household, key, lead, place};
use crate::place::{On, Place, connect, run};
use model::{HouseholdNo, Moment};
use postgres::Client;
use store::{Command, LeadFilter, Store, StoreError};

const VILLAGES: [&str; 4] = ["990101100201", "990101100202", "990101200201", "990102100201"];

/// A county on the server, and a connection past every door.
fn county() -> (County, Client) {
    run(On::Postgresql, || {});
    let county = County::filled();
    let leads = VILLAGES.iter().zip(1..).map(|(village, number)| lead(number, village, "2024-06-03", 1)).collect();
    county.publish("2024-06-03", leads).expect("is published");
    let Place::Schema(scratch) = &county.place else { unreachable!("the test runs on the server") };
    let client = connect(scratch);
    (county, client)
}

/// Rows of a query without any `where`, as the reader of this span of places sees them.
fn seen(client: &mut Client, (first, last): (&str, &str), sql: &str) -> Vec<i64> {
    let mut reading = client.transaction().expect("begins");
    reading
        .batch_execute(&format!(
            "set local role shouwang_reader; set local shouwang.first = '{first}'; set local shouwang.last = '{last}'"
        ))
        .expect("the reader is there");
    reading.query(sql, &[]).expect("reads").iter().map(|row| row.get(0)).collect()
}

#[test]
fn behind_the_second_wall_rows_of_other_places_do_not_exist() {
    let (_county, mut client) = county();
    let everything = ("990000000000", "999999999999");
    for (village, number) in VILLAGES.iter().zip(1..) {
        let figure = format!("insert into figure values ('x', '2024', '', '', '{village}', {number}, 0, 1, 0)");
        client.batch_execute(&figure).expect("is written");
    }
    for (village, number) in VILLAGES.iter().zip(1..) {
        for table in ["r_household", "r_resident", "r_lead"] {
            let sql = format!("select distinct household_no from {table} order by 1");
            assert_eq!(seen(&mut client, (village, village), &sql), [number], "{table} of {village}");
            assert_eq!(seen(&mut client, everything, &sql), [1, 2, 3, 4], "{table} of the province");
        }
        let events = "select distinct household_no from event order by 1";
        assert_eq!(seen(&mut client, (village, village), events), [number]);
        let reasons = "select count(*) from r_lead__reason";
        assert_eq!(seen(&mut client, (village, village), reasons), [1]);
        assert_eq!(seen(&mut client, (village, village), "select numerator from figure"), [number]);
        let findings = "select household_no from quality_finding";
        assert_eq!(seen(&mut client, (village, village), findings).len(), usize::from(number == 1));
    }
}

#[test]
fn behind_the_second_wall_nothing_is_written_and_no_secret_is_read() {
    let (_county, mut client) = county();
    for sql in [
        "select password_hash from account",
        "select token from session",
        "select value from installation",
        "delete from r_lead",
        "update r_household set income_fen = 1",
        "insert into event select * from event",
    ] {
        let mut reading = client.transaction().expect("begins");
        let reader = "set local role shouwang_reader; set local shouwang.first = '0'; set local shouwang.last = '9'";
        reading.batch_execute(reader).expect("the reader is there");
        let refused = reading.batch_execute(sql).expect_err(sql);
        assert_eq!(refused.code(), Some(&postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{sql}");
    }
}

#[test]
fn tables_of_a_newer_package_stand_behind_the_wall_too() {
    let (county, mut client) = county();
    let location = county.location();
    drop(county.store);
    let mut newer = declarations("");
    let mut visit = newer.registers["household"].clone();
    visit.may_import.clear();
    newer.registers.insert("visit".to_owned(), visit);
    let newer = Store::open(location, newer, &key()).expect("opens");
    let records = vec![household(1, VILLAGES[0], "某人"), household(2, VILLAGES[1], "某人")];
    let command = Command::ImportRecords { register: "visit".into(), file: "f".into(), records };
    newer
        .apply(&store::system_actor(place("99")), Moment { day: day("2024-06-01"), at_ms: 0 }, command)
        .expect("is saved");
    let visits = "select household_no from r_visit";
    assert_eq!(seen(&mut client, (VILLAGES[1], VILLAGES[1]), visits), [2]);
}

#[test]
fn a_broken_connection_is_replaced() {
    let (county, mut client) = county();
    let view = county.store.view(&actor("clerk", "990101100"));
    let end = "select pg_terminate_backend(pid) from pg_stat_activity \
         where application_name = 'shouwang ' || current_schema()";
    for _ in 0..3 {
        assert!(!client.query(end, &[]).expect("runs").is_empty(), "connections are kept");
        let rows = view.leads(&LeadFilter::default(), None, 10).expect("the next read has a new connection").rows;
        assert_eq!(rows.len(), 2);
        county.save("household", vec![household(1, VILLAGES[0], "吉木阿古")]).expect("the next write as well");
    }
}

#[test]
fn writers_of_two_programs_come_in_one_by_one() {
    let (county, _client) = county();
    let other = Store::open(county.location(), declarations(""), &key()).expect("a second program opens");
    let before = county.store.verify().expect("holds").events;
    std::thread::scope(|scope| {
        for (store, start) in [(&county.store, 1000), (&other, 2000), (&county.store, 3000), (&other, 4000)] {
            scope.spawn(move || {
                for number in start..start + 20 {
                    let records = vec![household(number, VILLAGES[0], "某人")];
                    let command = Command::ImportRecords { register: "household".into(), file: "f".into(), records };
                    store
                        .apply(&store::system_actor(place("99")), Moment { day: day("2024-06-01"), at_ms: 0 }, command)
                        .expect("is saved");
                }
            });
        }
    });
    assert_eq!(other.verify().expect("the chain holds").events, before + 80);
    let view = county.store.view(&actor("cadre", VILLAGES[0]));
    assert!(view.household(HouseholdNo(4019)).expect("reads").is_some());
}

#[test]
fn an_address_that_leads_nowhere_is_told_without_its_password() {
    for (address, is_read) in [
        ("postgres://li:geheim@127.0.0.1:1/none", true),
        ("postgres://li:geheim@127.0.0.1/none?schema=A", false),
        ("postgres://li:geheim@127.0.0.1:x/none", false),
    ] {
        let refused = Store::open(address, declarations(""), &key()).expect_err("nobody answers");
        assert_eq!(matches!(refused, StoreError::Open { .. }), is_read, "{refused:?}");
        assert_eq!(matches!(refused, StoreError::Address { .. }), !is_read, "{refused:?}");
        assert!(!format!("{refused} {refused:?}").contains("geheim"), "{refused:?}");
    }
}
