//! Files, their names and their imports, where two who may not know of each other have the same one.

use crate::answer::send;
use crate::seeds::{Kind, Seed};
use crate::world::{On, VILLAGES, World, day, place};
use axum::body::Body;
use axum::http::Request;
use model::*;
use store::RecordQuery;
use store::*;
use tokio::runtime::Runtime;

const HASH: &str = "abcdef0123456789abcdef0123456789";

fn a_file_is_read_where_somebody_brought_it(on: On) {
    let runtime = Runtime::new().expect("a runtime");
    let world = World::new(on, &|seed| seed.kind == Kind::Garden && seed.village == 0);
    let hash = world.ids[0]["hash"].clone();
    let none = "0".repeat(64);
    let stranger = "clerk-990102100000";
    let router = world.router();
    let own = |number: &str, hash: &str| {
        let fields = [
            ("garden_no", number),
            ("region_code", VILLAGES[3]),
            ("kind_code", "fruit"),
            ("photos", &format!("{hash}:照片.png")),
        ];
        let fields = fields.map(|(name, text)| (name.to_owned(), Value::Text(text.to_owned())));
        Command::Enter(Entry { register: "garden".into(), fields: fields.to_vec(), ..Entry::default() })
    };
    let (keeper, strange) = (world.cookie("clerk-990101100000"), world.cookie(stranger));
    let file = |account: &str, id: &str, hash: &str| {
        let path = format!("/registers/garden/records/{id}/files/{hash}");
        let cookie = if account == stranger { &strange } else { &keeper };
        let request = Request::get(path).header("cookie", cookie).body(Body::empty());
        send(&router, &runtime, request.expect("a request")).plain(&[("id", id), ("hash", hash)])
    };
    let read = file("clerk-990101100000", &world.ids[0]["garden"], &hash);
    assert!(read.starts_with("200") && read.contains(Seed { kind: Kind::Garden, village: 0 }.letter()), "{read}");
    let mine = world.done(stranger, own("抄一", &hash));
    let nothing = world.done(stranger, own("抄二", &none));
    let answer = file(stranger, &mine, &hash);
    assert!(answer.starts_with("404"), "a name alone opens nothing: {answer}");
    assert_eq!(answer, file(stranger, &nothing, &none));
    let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
    picture.extend(Seed { kind: Kind::Garden, village: 0 }.text("照片").bytes());
    let brought =
        world.done(stranger, Command::SaveAttachment(NewAttachment { media: "image/png".into(), content: picture }));
    assert_eq!(brought, hash, "the same content");
    assert!(file(stranger, &mine, &hash).starts_with("200"), "who has the file may keep it with a record");
}

fn the_same_file_of_two_places_is_two_imports(on: On) {
    let world = World::new(on, &|_| false);
    let (one, other) = ("clerk-990101100000", "clerk-990102100000");
    let begun = |account: &str, region: &str| {
        let import = NewImport {
            dataset: "garden".into(),
            file_name: format!("{account}.xlsx"),
            file_hash: HASH.into(),
            bytes: 10,
            region: place(region),
            delivered_on: day("2024-06-01"),
            said_days: (None, None),
        };
        world.done(account, Command::BeginImport(import))
    };
    let taken = |account: &str, village: &str, number: &str| {
        let columns = &crate::world::package().registers["garden"].field;
        let value = |name: &str| match name {
            "garden_no" => Value::Text(number.to_owned()),
            "region_code" => Value::Text(village.to_owned()),
            "kind_code" => Value::Text("fruit".to_owned()),
            _ => Value::Null,
        };
        let fields = columns.iter().map(|column| value(&column.name)).collect();
        let records = vec![Record { row: 2, fields, ..Record::default() }];
        world.apply_as(account, Command::ImportRecords { register: "garden".into(), file: HASH[..12].into(), records })
    };
    let done = |account: &str, import: &str| {
        let summary = ImportSummary { state: ImportState::Done, rows_read: 1, ..ImportSummary::default() };
        world.apply_as(account, Command::FinishImport { import: import.to_owned(), summary })
    };
    let rows = |account: &str| {
        let view = world.view(account);
        let page = view
            .records("garden", RecordQuery { filter: &RecordFilter::default(), order: None, columns: &[] }, None, 10)
            .expect("reads");
        (
            view.imports(None, 10).expect("reads").rows.into_iter().map(|row| row.file_name).collect::<Vec<_>>(),
            page.rows.len(),
        )
    };
    let first = begun(one, "990101100000");
    taken(one, VILLAGES[0], "甲一");
    let fault =
        UnmatchedRow { row: 9, reason: "nobody".into(), what: String::from("没有").into(), seen: "9*".into() };
    world.apply_as(one, Command::AddUnmatched { import: first.clone(), rows: vec![fault] });
    done(one, &first);
    let second = begun(other, "990102100000");
    taken(other, VILLAGES[3], "乙一");
    done(other, &second);
    assert_ne!(first, second);
    assert_eq!(rows(one), (vec![format!("{one}.xlsx")], 1), "the first import stands");
    assert_eq!(rows(other), (vec![format!("{other}.xlsx")], 1));
    assert_eq!(world.view(one).unmatched(&first, None, 9).expect("reads").expect("is there").rows.len(), 1);
    assert!(world.view(other).import(&first).expect("reads").is_none());
    let undone = world.apply_as(other, Command::UndoImport { import: second });
    assert_eq!((undone.changed, undone.outside), (1, 0), "only what lies in the own place is put back");
    assert_eq!((rows(one).1, rows(other).1), (1, 0));
}

macro_rules! on_both {
    ($($test:ident),+ $(,)?) => { $(
        mod $test {
            #[test]
            fn on_sqlite() {
                super::$test(crate::world::On::Sqlite);
            }

            #[test]
            fn on_postgresql() {
                super::$test(crate::world::On::Postgresql);
            }
        }
    )+ };
}
on_both![a_file_is_read_where_somebody_brought_it, the_same_file_of_two_places_is_two_imports];
