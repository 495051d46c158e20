//! What only a bucket can do: be refused, be unreachable, be changed by two at once, be left half way by a killed process.

use crate::home::{Home, Kind};
use crate::server::{BUCKET, SECRET};
use crate::support::{COUNTIES, bills, day, schema};
use lake::{Coverage, Lake, LakeError, Note, ObjectFault, RowSource, Spared};
use model::{LakeRow, RegionCode};
use policy::declare::Mode;
use std::error::Error;

/// What people could read of an error: its own words and those of its causes, and what a log would show.
fn everything(error: &LakeError) -> String {
    let mut told = format!("{error} {error:?} {:?}", error.advice());
    let mut cause = error.source();
    while let Some(next) = cause {
        told += &format!(" {next} {next:?}");
        cause = next.source();
    }
    told
}

fn filled(home: &Home) -> (Lake, Vec<LakeRow>) {
    let (lake, rows) = (home.lake(), bills(5, COUNTIES[0], 20));
    lake.merge(&schema(), Mode::Events, COUNTIES[0], day("2024-06-30"), &rows).expect("the rows fit");
    (lake, rows)
}

fn note(id: &str) -> Note {
    let coverage = Coverage {
        place: RegionCode::from_number(990_100_000_000).expect("a place"),
        from: day("2024-06-01"),
        to: day("2024-06-30"),
        is_declared: true,
        is_partial: false,
    };
    Note { id: id.to_owned(), coverage, spared: Spared::default() }
}

/// Hands in bills of all counties.
fn hand_in(lake: &Lake, id: &str, households: i64) -> lake::Result<()> {
    let schema = schema();
    let mut landing = lake.landing(&schema, Mode::Events, &|_, _| true)?;
    for county in COUNTIES {
        let mut delivery = lake.delivery(&schema, county, day("2024-07-05"))?;
        bills(9, county, households).into_iter().try_for_each(|row| delivery.push(row))?;
        landing.add(delivery, Some(&note(id)))?;
    }
    landing.commit()
}

fn rows_in_force(lake: &Lake) -> Vec<u64> {
    let rows = |county| lake.in_force("medical_bill", county).expect("readable").map_or(0, |in_force| in_force.rows);
    COUNTIES.map(rows).to_vec()
}

#[test]
fn a_wrong_secret_is_told_without_it_and_changes_nothing() {
    let home = Home::new(Kind::Bucket);
    let (lake, _) = filled(&home);
    let before = rows_in_force(&lake);
    let wrong = "another-secret-that-must-not-be-seen";
    let error = home.open(wrong).expect_err("the store refuses");
    assert!(matches!(error, LakeError::Object { fault: ObjectFault::Refused, .. }), "{error:?}");
    let told = everything(&error);
    assert!(told.contains(&home.address()) && told.contains("AWS_SECRET_ACCESS_KEY"), "{told}");
    assert!(!told.contains(wrong) && !told.contains(SECRET), "{told}");
    assert!(!format!("{lake:?}").contains(SECRET));
    assert_eq!(rows_in_force(&home.lake()), before);
}

#[test]
fn a_bucket_that_is_not_there_and_a_server_that_is_gone_are_told_apart() {
    let mut home = Home::new(Kind::Bucket);
    let (lake, _) = filled(&home);
    let server = home.server.as_ref().expect("a server");
    let other = Lake::bucket("s3://other-bucket/x", server.variables(SECRET), home.scratch());
    let error = other.expect_err("no such bucket");
    assert!(matches!(error, LakeError::Object { fault: ObjectFault::Missing, .. }), "{error:?}");
    assert!(everything(&error).contains("s3://other-bucket/x"));
    home.server = None;
    let error = lake.in_force("medical_bill", COUNTIES[0]).expect_err("nobody answers");
    assert!(matches!(error, LakeError::Object { fault: ObjectFault::NoAnswer, .. }), "{error:?}");
    assert!(everything(&error).contains("medical_bill/990101/in_force.json") && !everything(&error).contains(SECRET));
}

#[test]
fn of_two_changes_at_once_the_second_is_told_and_changes_nothing() {
    let home = Home::new(Kind::Bucket);
    let (lake, rows) = filled(&home);
    let (schema, other) = (schema(), home.lake());
    let mut landing = lake.landing(&schema, Mode::Events, &|_, _| false).expect("nothing is under way");
    let mut delivery = lake.delivery(&schema, COUNTIES[0], day("2024-07-05")).expect("writable");
    delivery.push(LakeRow { key_hash: 1, ..rows[0].clone() }).expect("it fits");
    landing.add(delivery, Some(&note("slow"))).expect("it fits");
    hand_in(&other, "quick", 10).expect("nobody came before");
    let before = (rows_in_force(&lake), lake.in_force("medical_bill", COUNTIES[0]).expect("readable"));
    let error = landing.commit().expect_err("somebody came before");
    assert!(matches!(&error, LakeError::Changed { dataset } if dataset == "medical_bill"), "{error:?}");
    assert_eq!((rows_in_force(&lake), lake.in_force("medical_bill", COUNTIES[0]).expect("readable")), before);
    // Whoever tries again comes through, though the first had claimed the turn.
    hand_in(&lake, "again", 10).expect("nobody else is about it");
    let deliveries = lake.in_force("medical_bill", COUNTIES[0]).expect("readable").expect("in force").deliveries;
    assert_eq!(deliveries.last().map(|delivered| delivered.id.as_str()), Some("again"));
}

#[test]
fn a_process_killed_between_object_and_manifest_leaves_what_was_in_force() {
    let home = Home::new(Kind::Bucket);
    let (lake, rows) = filled(&home);
    let before = (rows_in_force(&lake), lake.in_force("medical_bill", COUNTIES[0]).expect("readable"));
    let schema = schema();
    let mut landing = lake.landing(&schema, Mode::Events, &|_, _| false).expect("nothing is under way");
    let mut delivery = lake.delivery(&schema, COUNTIES[0], day("2024-07-05")).expect("writable");
    delivery.push(LakeRow { key_hash: 1, ..rows[0].clone() }).expect("it fits");
    landing.add(delivery, Some(&note("killed"))).expect("it fits");
    // Nothing of the process runs any more, not even what would tidy up.
    std::mem::forget(landing);
    assert!(home.names("medical_bill/990101").len() > 2, "its objects are there");
    let lake = home.lake();
    assert_eq!((rows_in_force(&lake), lake.in_force("medical_bill", COUNTIES[0]).expect("readable")), before);
    hand_in(&lake, "next", 10).expect("nobody is in the way");
    assert!(lake.remove_superseded().expect("deletable") >= 1);
    assert!(rows_in_force(&home.lake()).iter().all(|rows| *rows > 0));
}

/// As the turn was while both manifests were named and the first alone was written.
#[test]
fn what_a_killed_process_had_decided_is_finished_and_what_it_had_claimed_is_not() {
    let home = Home::new(Kind::Bucket);
    let lake = home.lake();
    hand_in(&lake, "first", 10).expect("nobody else is about it");
    let old = COUNTIES.map(|county| lake.in_force("medical_bill", county).expect("readable").expect("in force"));
    let old_bytes = COUNTIES.map(|county| std::fs::read(manifest(&home, county)).expect("readable"));
    hand_in(&lake, "second", 20).expect("nobody else is about it");
    let new = COUNTIES.map(|county| lake.in_force("medical_bill", county).expect("readable").expect("in force"));
    assert_ne!(old, new);
    let decided =
        |counties: serde_json::Value| serde_json::json!({"decided": {"change": "c0ffee", "counties": counties}});
    // The first manifest is the new one already, the second still the old one.
    put(&home, &format!("medical_bill/{}/in_force.json", COUNTIES[1]), &old_bytes[1]);
    let e_tag = |bytes: &[u8]| e_tag(&home, bytes);
    let counties = serde_json::json!({
        COUNTIES[0].to_string(): {"before": e_tag(&old_bytes[0]), "in_force": new[0]},
        COUNTIES[1].to_string(): {"before": e_tag(&old_bytes[1]), "in_force": new[1]},
    });
    let claimed = serde_json::json!({"claimed": {"change": "c0ffee"}});
    put(&home, "medical_bill/turn.json", claimed.to_string().as_bytes());
    assert_eq!(of_both(&home.lake()), [new[0].clone(), old[1].clone()], "what was only claimed is left alone");
    put(&home, "medical_bill/turn.json", decided(counties).to_string().as_bytes());
    assert_eq!(of_both(&home.lake()), new, "what was decided is finished");
    hand_in(&home.lake(), "third", 5).expect("the turn is free");
}

fn of_both(lake: &Lake) -> [lake::InForce; 2] {
    COUNTIES.map(|county| lake.in_force("medical_bill", county).expect("readable").expect("in force"))
}

fn manifest(home: &Home, county: u32) -> std::path::PathBuf {
    home.file(&format!("medical_bill/{county}/in_force.json"))
}

/// Puts an object as the store does, so that it has the right tag; returns the tag.
fn put(home: &Home, path: &str, bytes: &[u8]) -> String {
    use object_store::ObjectStoreExt;
    let server = home.server.as_ref().expect("a server");
    let store = object_store::aws::AmazonS3Builder::new()
        .with_bucket_name(BUCKET)
        .with_endpoint(&server.endpoint)
        .with_allow_http(true)
        .with_access_key_id(crate::server::KEY)
        .with_secret_access_key(SECRET)
        .build()
        .expect("a client");
    let path = object_store::path::Path::from(format!("county/990101/{path}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let put = runtime.block_on(store.put(&path, bytes.to_vec().into())).expect("writable");
    put.e_tag.expect("a tag")
}

/// The tag that the store gives to these bytes.
fn e_tag(home: &Home, bytes: &[u8]) -> String {
    put(home, "tags/of/bytes", bytes)
}

#[test]
fn a_lake_in_a_bucket_is_read_inside_of_a_runtime() {
    let home = Home::new(Kind::Bucket);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let rows = runtime.block_on(async {
        let (lake, rows) = filled(&home);
        let table = RowSource::rows(&lake, &schema(), COUNTIES[0]).expect("readable").expect("in force");
        let names = ["household_no".to_owned()];
        let read = table.between(i64::MIN, i64::MAX, &names).expect("readable");
        (rows.len(), read.map(|stretch| stretch.expect("readable").batch.num_rows()).sum::<usize>())
    });
    assert_eq!(rows.0, rows.1);
}
