//! Records of registers: entered, calculated, checked, corrected, moved on, withdrawn, seen.

use crate::county::{actor, day, place};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, decimal, garden, garden_row, harvests, text};
use model::{Actor, Fen, Moment, ResidentKey, Value, Version};
use store::{
    Command, Condition, Entry, Predicate, RecordFile, RecordFilter, RecordOrder, RecordQuery, RefusalKind, STORED_ROW,
    Total,
};

fn seen(valley: &Valley, who: &Actor, id: &str) -> Option<RecordFile> {
    valley.store.view(who).record("garden", id, day("2024-06-03")).expect("reads")
}

fn value(file: &RecordFile, name: &str) -> Value {
    file.fields.iter().find(|field| field.name == name).map(|field| field.value.clone()).expect("a field")
}

fn what_is_entered_is_calculated_and_seen() {
    let valley = &Valley::new();
    let mut entry = garden("G1", VILLAGES[0], &[("area_mu", decimal("5"))]);
    entry.children.push(harvests(&[("2024-05-01", "10.5"), ("2024-05-09", "4.25")]));
    let receipt = valley.apply(&clerk(), "2024-06-02", Command::Enter(entry)).expect("is entered");
    let id = receipt.id.expect("has an id");
    let file = seen(valley, &clerk(), &id).expect("is there");
    assert_eq!(value(&file, "harvest_kg"), decimal("14.75"));
    assert_eq!(value(&file, "is_large"), Value::Bool(true), "five mu are large");
    assert_eq!(value(&file, "keeper_phone"), text("138****5678"), "masked");
    assert_eq!(
        (file.version, file.state.as_deref(), file.due_on),
        (Version(1), Some("drafted"), Some(day("2024-06-12")))
    );
    assert_eq!(file.children[0].rows.len(), 2);
    assert_eq!(file.history.iter().map(|event| event.action.as_str()).collect::<Vec<_>>(), ["added"]);
    assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
}

/// What is wrong, the fields that make it so, and the fields that the refusal names.
type Refused<'a> = (&'a str, Vec<(&'a str, Value)>, &'a [&'a str]);

fn what_does_not_fit_is_refused_with_its_field() {
    let valley = &Valley::new();
    let cases: [Refused<'_>; 8] = [
        ("required", vec![("kind_code", Value::Null)], &["kind_code"]),
        ("blank is missing", vec![("kind_code", text(" "))], &["kind_code"]),
        ("of another kind", vec![("worth_fen", text("many"))], &["worth_fen"]),
        ("calculated", vec![("is_large", Value::Bool(true))], &["is_large"]),
        ("not declared", vec![("colour", text("red"))], &["colour"]),
        ("a check", vec![("worth_fen", Value::Fen(Fen(-1)))], &["worth_fen"]),
        ("a reference to nothing", vec![("tool_no", text("T9"))], &["tool_no"]),
        ("a village outside", vec![("region_code", text(VILLAGES[2]))], &[]),
    ];
    for (what, more, fields) in cases {
        let refused = valley.apply(&clerk(), "2024-06-02", Command::Enter(garden("G2", VILLAGES[0], &more)));
        let refusal = refused.expect_err(what);
        assert_eq!(refusal.fields, fields, "{what}: {refusal}");
        let is_said = |said: &words::Wording| !said.of(words::Language::ENGLISH).is_empty();
        assert!(is_said(&refusal.hint) && is_said(&refusal.what), "{what}");
    }
    valley.enter("G2", &[("worth_fen", Value::Fen(Fen(0)))]);
    let tool = vec![("tool_no".into(), text("T9")), ("name".into(), text("犁"))];
    let tool = Entry { register: "tool".into(), fields: tool, ..Entry::default() };
    valley.apply(&clerk(), "2024-06-02", Command::Enter(tool)).expect("a tool");
    valley.enter("G3", &[("tool_no", text("T9"))]);
}

fn the_same_record_again_says_who_has_it() {
    let valley = &Valley::new();
    let id = valley.enter("G1", &[]);
    let again =
        valley.apply(&actor("cadre", VILLAGES[0]), "2024-06-03", Command::Enter(garden("G1", VILLAGES[0], &[])));
    let refusal = again.expect_err("is there already");
    assert!(matches!(refusal.kind, RefusalKind::Conflict));
    assert_eq!(refusal.record, Some(id));
    assert!(refusal.what.chinese().contains("2024-06-02"), "{}", refusal.what.chinese());
}

fn a_correction_from_an_old_version_is_told_who_and_when() {
    let valley = &Valley::new();
    let id = valley.enter("G1", &[]);
    let correct = |version: i64, area: &str| {
        let fields = vec![("area_mu".to_owned(), decimal(area))];
        let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
        valley.apply(&clerk(), "2024-06-03", Command::Correct { id: id.clone(), version: Version(version), entry })
    };
    correct(1, "6").expect("is corrected");
    let refusal = correct(1, "7").expect_err("was overtaken");
    assert!(matches!(refusal.kind, RefusalKind::Conflict));
    assert!(refusal.what.chinese().contains("2024-06-03"), "{}", refusal.what.chinese());
    correct(2, "7").expect("from the new version");
    let file = seen(valley, &clerk(), &id).expect("is there");
    assert_eq!((file.version, value(&file, "area_mu")), (Version(3), decimal("7")));
}

fn every_day_can_be_seen_again() {
    let valley = &Valley::new();
    let id = valley.enter("G1", &[]);
    let correct = |on: &str, version: i64, fields: Vec<(&str, Value)>| {
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let mut entry = Entry { register: "garden".into(), fields, ..Entry::default() };
        entry.children.push(harvests(&[(on, "1.5")]));
        valley
            .apply(&clerk(), on, Command::Correct { id: id.clone(), version: Version(version), entry })
            .expect("is corrected");
    };
    correct("2024-06-05", 1, vec![("area_mu", decimal("9")), ("keeper_phone", text("13900001111"))]);
    correct("2024-06-07", 2, vec![("area_mu", decimal("2")), ("keeper_phone", Value::Null)]);
    let as_of = |on: &str| valley.store.view(&clerk()).record_as_of("garden", &id, day(on)).expect("reads");
    assert!(as_of("2024-06-01").is_none(), "not entered yet");
    let cases = [
        ("2024-06-02", "4.5", text("138****5678"), 0),
        ("2024-06-04", "4.5", text("138****5678"), 0),
        ("2024-06-05", "9", text("139****1111"), 1),
        ("2024-06-06", "9", text("139****1111"), 1),
        ("2024-06-07", "2", Value::Null, 1),
    ];
    for (on, area, phone, harvests) in cases {
        let file = as_of(on).expect("was there");
        assert_eq!(value(&file, "area_mu"), decimal(area), "{on}");
        assert_eq!(value(&file, "keeper_phone"), phone, "{on}: a correction erases nothing");
        assert_eq!(file.children[0].rows.len(), harvests, "{on}");
        assert!(file.history.iter().all(|event| event.day <= day(on)), "{on}");
    }
    valley.store.verify().expect("the chain holds");
}

fn a_corrected_row_keeps_what_nobody_can_see() {
    let valley = &Valley::new();
    let mut entry = garden("G1", VILLAGES[0], &[]);
    let row = |phone: &str, on: &str| {
        vec![("picked_on".to_owned(), Value::Day(day(on))), ("buyer_phone".to_owned(), text(phone))]
    };
    entry.children.push(("harvest".into(), vec![row("13900001111", "2024-05-01"), row("13900002222", "2024-05-02")]));
    let id = valley.apply(&clerk(), "2024-06-02", Command::Enter(entry)).expect("is entered").id.expect("an id");
    let rows = |rows: Vec<Vec<(String, Value)>>, version| {
        let children = vec![("harvest".to_owned(), rows)];
        let entry = Entry { register: "garden".into(), children, ..Entry::default() };
        valley.apply(&clerk(), "2024-06-03", Command::Correct { id: id.clone(), version: Version(version), entry })
    };
    let held = |number: i64| (STORED_ROW.to_owned(), Value::Int(number));
    let changed = vec![held(1), ("weight_kg".to_owned(), decimal("3"))];
    rows(vec![changed, row("13900003333", "2024-05-03")], 1).expect("is corrected");
    let file = seen(valley, &clerk(), &id).expect("is there");
    let shown: Vec<Vec<Value>> =
        file.children[0].rows.iter().map(|row| row.iter().map(|field| field.value.clone()).collect()).collect();
    let expected = [
        [Value::Day(day("2024-05-02")), decimal("3"), text("139****2222")],
        [Value::Day(day("2024-05-03")), Value::Null, text("139****3333")],
    ];
    assert_eq!(shown, expected);
    assert!(rows(vec![vec![held(2)]], 2).is_err(), "there is no third row");
}

fn steps_follow_the_declaration() {
    let valley = &Valley::new();
    let id = valley.enter("G1", &[]);
    let step = |who: &Actor, on: &str, step: &str, fields: Vec<(String, Value)>| {
        valley.apply(
            who,
            on,
            Command::TakeStep { version: None, register: "garden".into(), id: id.clone(), step: step.into(), fields },
        )
    };
    let minutes = || vec![("minutes".to_owned(), text("三人到会,一致同意"))];
    let missing = step(&clerk(), "2024-06-03", "publish", Vec::new()).expect_err("minutes are missing");
    assert_eq!(missing.fields, ["minutes"]);
    let smuggled = vec![("area_mu".to_owned(), decimal("100"))];
    assert!(step(&clerk(), "2024-06-03", "publish", smuggled).is_err(), "a step brings only what it asks for");
    step(&clerk(), "2024-06-03", "publish", minutes()).expect("is published");
    let locked = Entry { register: "garden".into(), ..Entry::default() };
    let correction =
        valley.apply(&clerk(), "2024-06-04", Command::Correct { id: id.clone(), version: Version(2), entry: locked });
    assert!(correction.is_err(), "no correction while it is public");
    let other = actor("county", "990101");
    let early = step(&other, "2024-06-08", "confirm", Vec::new()).expect_err("five whole days");
    assert!(matches!(early.kind, RefusalKind::Lifecycle(lifecycle::RefusalKind::TooEarly(_))), "{early}");
    let own = step(&clerk(), "2024-06-20", "confirm", Vec::new()).expect_err("who entered it");
    assert!(matches!(own.kind, RefusalKind::Lifecycle(lifecycle::RefusalKind::OwnEntry)), "{own}");
    step(&other, "2024-06-09", "confirm", Vec::new()).expect("is confirmed");
    let late = step(&other, "2024-06-09", "send_back", Vec::new()).expect_err("it is final");
    assert!(late.what.chinese().contains("2024-06-09"), "who and when: {}", late.what.chinese());
}

fn notices_are_read_by_each_person_and_tell_only_of_what_is_in_sight() {
    let valley = &Valley::new();
    let seen = |who: &Actor| {
        let notices = valley.store.view(who).notices().expect("reads");
        notices.iter().map(|notice| (notice.record.clone(), notice.is_read)).collect::<Vec<_>>()
    };
    let unread = |who: &Actor| valley.store.view(who).counts(day("2024-06-04")).expect("reads").unread_notices;
    let publish = |id: &str| {
        let fields = vec![("minutes".to_owned(), text("一致同意"))];
        let (register, step) = ("garden".to_owned(), "publish".to_owned());
        let step = Command::TakeStep { register, id: id.to_owned(), version: Some(Version(1)), step, fields };
        valley.apply(&clerk(), "2024-06-03", step).expect("is published");
    };
    let ids = ["G1", "G2", "G3"].map(|number| valley.enter(number, &[]));
    ids.iter().for_each(|id| publish(id));
    let named = |name: &str, region: &str| Actor { account: name.to_owned(), ..actor("county", region) };
    let (one, other, away) = (named("one", "990101"), named("other", "990101"), named("away", "990102"));
    let [first, second, third] = ids.clone();
    let all = vec![(third.clone(), false), (second.clone(), false), (first.clone(), false)];
    assert_eq!((seen(&one), seen(&other), seen(&away)), (all.clone(), all.clone(), Vec::new()));
    assert_eq!((unread(&one), unread(&other), unread(&away)), (3, 3, 0));
    let marks: Vec<String> =
        valley.store.view(&one).notices().expect("reads").into_iter().map(|notice| notice.mark).collect();
    assert_eq!(valley.store.read_notices(&one, Some(&marks[1])).expect("is kept"), 1);
    assert_eq!(valley.store.read_notices(&one, Some(&marks[1])).expect("is kept"), 0, "once");
    for who in [&other, &away] {
        assert_eq!(valley.store.read_notices(who, Some(&marks[0])).expect("is kept"), 0, "a mark of somebody else");
    }
    assert_eq!(seen(&one), [(third.clone(), false), (second, true), (first.clone(), false)]);
    assert_eq!((seen(&other), unread(&one), unread(&other)), (all, 2, 3), "each reads for themselves");
    // Sent back by the one, withdrawn by the clerk: the record is gone, and so is what was told of it.
    let (register, step) = ("garden".to_owned(), "send_back".to_owned());
    let back = Command::TakeStep { register, id: third.clone(), version: Some(Version(2)), step, fields: Vec::new() };
    valley.apply(&one, "2024-06-03", back).expect("is sent back");
    let why = "重复".to_owned();
    let withdraw = Command::Withdraw { register: "garden".into(), id: third, version: Version(3), why };
    valley.apply(&clerk(), "2024-06-03", withdraw).expect("is withdrawn");
    assert_eq!((unread(&one), unread(&other)), (1, 2));
    assert_eq!(valley.store.read_notices(&other, None).expect("is kept"), 2);
    assert_eq!((unread(&one), unread(&other)), (1, 0));
}

fn constraints_look_at_other_records() {
    let valley = &Valley::new();
    let tea = |household: &str| vec![("kind_code", text("tea")), ("household_no", text(household))];
    valley.enter("G1", &tea("1"));
    valley.enter("G2", &tea("1"));
    valley.enter("G3", &tea("2"));
    let third = valley.apply(&clerk(), "2024-06-02", Command::Enter(garden("G4", VILLAGES[0], &tea("1"))));
    let refusal = third.expect_err("a third tea garden of the household");
    assert_eq!(refusal.fields, ["household_no", "kind_code"]);
    valley.enter("G4", &[("kind_code", text("fruit")), ("household_no", text("1"))]);
    let same = Entry { register: "garden".into(), fields: vec![("area_mu".into(), decimal("1"))], ..Entry::default() };
    let id = valley.store.view(&clerk()).record_by_key("garden", "G2").expect("reads").expect("is there");
    valley
        .apply(&clerk(), "2024-06-03", Command::Correct { id, version: Version(1), entry: same })
        .expect("itself is not counted");
}

fn one_person_has_one_duty_across_all_files() {
    let valley = &Valley::new();
    let duty = |row: u32, number: i64, from: &str, to: Option<&str>| store::Record {
        resident_key: Some(ResidentKey(number * 7_919)),
        row,
        fields: vec![
            text(&crate::county::identity(number)),
            text("某人"),
            text(VILLAGES[0]),
            Value::Day(day(from)),
            to.map_or(Value::Null, |to| Value::Day(day(to))),
        ],
        ..store::Record::default()
    };
    let rows = vec![
        duty(2, 1, "2024-01-01", Some("2024-02-01")),
        duty(3, 1, "2024-03-01", None),
        duty(4, 1, "2024-04-01", None),
        duty(5, 2, "2024-04-01", None),
    ];
    let receipt = valley.import("duty", rows.clone()).expect("is taken");
    assert_eq!((receipt.added, receipt.refused.len()), (3, 1));
    assert_eq!(receipt.refused[0].row, 4, "the second open duty in the same file");
    let again = valley.import("duty", vec![duty(2, 2, "2024-05-01", None)]).expect("is taken");
    assert_eq!(again.refused.len(), 1, "against what another file brought");
    let unchanged = valley.import("duty", rows).expect("is taken");
    assert_eq!((unchanged.added, unchanged.unchanged, unchanged.refused.len()), (0, 3, 1));
}

fn lists_are_filtered_and_put_in_order_page_by_page() {
    let valley = &Valley::new();
    let areas = ["10", "9.5", "0.5", "100", "9.5"];
    let mut rows: Vec<_> =
        areas.iter().zip(2..).map(|(area, row)| garden_row(row, &format!("G{row}"), VILLAGES[0], area)).collect();
    let mut unknown = garden_row(7, "G7", VILLAGES[1], "1");
    unknown.fields[7] = Value::Null;
    rows.push(unknown);
    valley.import("garden", rows).expect("is taken");
    let view = valley.store.view(&clerk());
    let columns = vec!["garden_no".to_owned(), "area_mu".to_owned()];
    for (descending, expected) in
        [(false, ["0.5", "9.5", "9.5", "10", "100", ""]), (true, ["100", "10", "9.5", "9.5", "0.5", ""])]
    {
        let order = RecordOrder { field: "area_mu".into(), descending };
        let filter = RecordFilter::default();
        let (mut found, mut ids, mut after) = (Vec::new(), Vec::new(), None);
        loop {
            let page = view
                .records(
                    "garden",
                    RecordQuery { filter: &filter, order: Some(&order), columns: &columns },
                    after.as_deref(),
                    2,
                )
                .expect("reads");
            assert_eq!(page.total, Total::Exactly(6));
            found.extend(page.rows.iter().map(|row| row.cells[1].to_string()));
            ids.extend(page.rows.iter().map(|row| row.id.clone()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, expected, "numbers in order of value, unknown ones last");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 6, "each record once");
    }
    let count = |conditions: Vec<Condition>| {
        let filter = RecordFilter { conditions, ..RecordFilter::default() };
        view.records("garden", RecordQuery { filter: &filter, order: None, columns: &columns }, None, 50)
            .expect("reads")
            .rows
            .len()
    };
    let condition = |field: &str, test: Predicate| Condition { field: field.into(), test };
    assert_eq!(count(vec![condition("area_mu", Predicate::AtLeast(decimal("9.5")))]), 4);
    assert_eq!(count(vec![condition("area_mu", Predicate::AtMost(decimal("9.49")))]), 1);
    assert_eq!(count(vec![condition("garden_no", Predicate::Is(text("G7")))]), 1);
    assert_eq!(count(vec![condition("keeper_name", Predicate::Begins("阿".into()))]), 6);
    assert_eq!(count(vec![condition("keeper_name", Predicate::Begins("依".into()))]), 0);
}

fn what_is_not_declared_cannot_be_sorted_or_filtered_by() {
    let valley = &Valley::new();
    let view = valley.store.view(&clerk());
    let columns = vec!["garden_no".to_owned()];
    for field in ["minutes", "keeper_phone", "colour", "garden_no; drop table event", "t.id"] {
        let order = RecordOrder { field: field.into(), descending: false };
        let refused = view.records(
            "garden",
            RecordQuery { filter: &RecordFilter::default(), order: Some(&order), columns: &columns },
            None,
            10,
        );
        assert!(matches!(refused.expect_err(field).kind, RefusalKind::Invalid), "{field}");
    }
    for field in ["minutes", "worth_fen", "colour\" or 1=1 --"] {
        let conditions = vec![Condition { field: field.into(), test: Predicate::Is(text("x")) }];
        let filter = RecordFilter { conditions, ..RecordFilter::default() };
        assert!(
            view.records("garden", RecordQuery { filter: &filter, order: None, columns: &columns }, None, 10).is_err(),
            "{field}"
        );
    }
    let forged = view.records(
        "garden",
        RecordQuery { filter: &RecordFilter::default(), order: None, columns: &columns },
        Some("00ff"),
        10,
    );
    assert!(matches!(forged.expect_err("no cursor of ours").kind, RefusalKind::Invalid));
    assert!(
        view.records(
            "garden",
            RecordQuery { filter: &RecordFilter::default(), order: None, columns: &["colour".into()] },
            None,
            10
        )
        .is_err()
    );
}

fn phones_are_found_whole_and_several_codes_one_by_one() {
    let valley = &Valley::new();
    valley.enter("G1", &[("crops", text("apple,pear"))]);
    valley.enter("G2", &[("crops", text("apple")), ("keeper_phone", text("13900001111"))]);
    let view = valley.store.view(&clerk());
    let found = |field: &str, wanted: &str| {
        let conditions = vec![Condition { field: field.into(), test: Predicate::Is(text(wanted)) }];
        let filter = RecordFilter { conditions, ..RecordFilter::default() };
        let page = view
            .records("garden", RecordQuery { filter: &filter, order: None, columns: &["garden_no".into()] }, None, 10)
            .expect("reads");
        page.rows.iter().map(|row| row.cells[0].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("crops", "apple"), ["G1", "G2"]);
    assert_eq!(found("crops", "pear"), ["G1"]);
    assert!(found("crops", "pea").is_empty());
    assert_eq!(found("keeper_phone", "13900001111"), ["G2"]);
    assert!(found("keeper_phone", "1390000111").is_empty());
}

fn nobody_sees_what_lies_outside() {
    let valley = &Valley::new();
    let id = valley.enter("G1", &[]);
    valley.import("garden", vec![garden_row(2, "H1", VILLAGES[3], "1")]).expect("is taken");
    let cases = [
        (actor("cadre", VILLAGES[0]), 1, true),
        (actor("cadre", VILLAGES[1]), 0, false),
        (actor("clerk", "990101200"), 0, false),
        (actor("county", "990101"), 1, true),
        (actor("county", "990102"), 1, false),
        (actor("analyst", "99"), 2, true),
    ];
    for (who, records, sees) in cases {
        let view = valley.store.view(&who);
        let page = view.records(
            "garden",
            RecordQuery { filter: &RecordFilter::default(), order: None, columns: &["garden_no".into()] },
            None,
            50,
        );
        assert_eq!(page.expect("reads").rows.len(), records, "{who:?}");
        assert_eq!(seen(valley, &who, &id).is_some(), sees, "{who:?}");
        assert_eq!(view.register_figures("garden", day("2024-06-03")).expect("reads").records, records as u64);
        assert_eq!(view.record_by_key("garden", "G1").expect("reads").is_some(), sees, "{who:?}");
    }
    let stranger = actor("officer", "990101");
    let refused = valley.store.view(&stranger).records(
        "garden",
        RecordQuery { filter: &RecordFilter::default(), order: None, columns: &[] },
        None,
        5,
    );
    assert!(matches!(refused.expect_err("of another department").kind, RefusalKind::NotFound));
    let outside = Command::Withdraw { register: "garden".into(), id, version: Version(1), why: "不该有".into() };
    let refusal = valley.apply(&actor("clerk", "990101200"), "2024-06-03", outside).expect_err("another township");
    assert!(matches!(refusal.kind, RefusalKind::NotFound));
}

fn a_withdrawn_record_is_hidden_and_may_come_again() {
    let valley = &Valley::new();
    let id = valley.enter("G1", &[]);
    let withdraw = |version: i64, why: &str| {
        let command =
            Command::Withdraw { register: "garden".into(), id: id.clone(), version: Version(version), why: why.into() };
        valley.apply(&clerk(), "2024-06-03", command)
    };
    assert!(withdraw(1, " ").is_err(), "a reason is needed");
    withdraw(1, "重复登记").expect("is withdrawn");
    let list = |withdrawn: bool| {
        let filter = RecordFilter { withdrawn, ..RecordFilter::default() };
        let page = valley.store.view(&clerk()).records(
            "garden",
            RecordQuery { filter: &filter, order: None, columns: &[] },
            None,
            10,
        );
        page.expect("reads").rows.len()
    };
    assert_eq!((list(false), list(true)), (0, 1));
    assert_eq!(valley.enter("G1", &[("area_mu", decimal("8"))]), id, "the same record again");
    assert_eq!((list(false), list(true)), (1, 0));
    valley.store.verify().expect("the chain holds");
}

fn a_whole_import_is_taken_back_but_for_what_was_worked_on() {
    let valley = &Valley::new();
    let older = valley.enter("G1", &[("area_mu", decimal("3"))]);
    let hash = "abcdefabcdef0123";
    let new = store::NewImport {
        dataset: "garden".into(),
        file_name: "园子.xlsx".into(),
        file_hash: hash.into(),
        bytes: 10,
        region: place("990101100"),
        delivered_on: day("2024-06-03"),
        said_days: (None, None),
    };
    let import = valley.apply(&clerk(), "2024-06-03", Command::BeginImport(new)).expect("begins").id.expect("id");
    let mut changed = garden_row(2, "G1", VILLAGES[0], "7");
    changed.children = None;
    let rows = vec![changed, garden_row(3, "N1", VILLAGES[0], "1"), garden_row(4, "N2", VILLAGES[0], "2")];
    let command = Command::ImportRecords { register: "garden".into(), file: hash[..12].into(), records: rows };
    let receipt = valley.apply(&clerk(), "2024-06-03", command).expect("is taken");
    assert_eq!((receipt.added, receipt.changed), (2, 1));
    let finished = store::ImportSummary { state: store::ImportState::Done, ..store::ImportSummary::default() };
    let finish = Command::FinishImport { import: import.clone(), summary: finished };
    valley.apply(&clerk(), "2024-06-03", finish).expect("ends");
    let view = valley.store.view(&clerk());
    let worked_on = view.record_by_key("garden", "N2").expect("reads").expect("is there");
    let entry =
        Entry { register: "garden".into(), fields: vec![("area_mu".into(), decimal("2.5"))], ..Entry::default() };
    valley
        .apply(&clerk(), "2024-06-04", Command::Correct { id: worked_on, version: Version(1), entry })
        .expect("is corrected");
    let undone =
        valley.apply(&clerk(), "2024-06-05", Command::UndoImport { import: import.clone() }).expect("is undone");
    assert_eq!((undone.changed, undone.outside), (2, 1));
    let file = seen(valley, &clerk(), &older).expect("is there");
    assert_eq!(value(&file, "area_mu"), decimal("3"), "put back");
    assert_eq!(value(&file, "keeper_phone"), text("138****5678"), "put back");
    assert!(view.record_by_key("garden", "N1").expect("reads").is_none(), "withdrawn");
    assert!(view.record_by_key("garden", "N2").expect("reads").is_some(), "was worked on");
    let again = valley.apply(&clerk(), "2024-06-05", Command::UndoImport { import });
    assert!(matches!(again.expect_err("once").kind, RefusalKind::Conflict));
    valley.store.verify().expect("the chain holds");
}

fn a_look_at_a_whole_number_is_logged_with_its_purpose() {
    let valley = &Valley::new();
    let id = valley.enter("G1", &[]);
    let look = |who: &Actor, field: &str, purpose: &str| {
        let command =
            Command::Unmask { register: "garden".into(), id: id.clone(), field: field.into(), purpose: purpose.into() };
        valley.store.apply(who, Moment { day: day("2024-06-03"), at_ms: AT_MS }, command)
    };
    assert!(look(&clerk(), "keeper_phone", "看").is_err(), "no purpose");
    assert!(look(&actor("county", "990101"), "keeper_phone", "回访核实").is_err(), "no right");
    assert!(look(&clerk(), "area_mu", "回访核实").is_err(), "nothing to unmask");
    let receipt = look(&clerk(), "keeper_phone", "回访核实").expect("may look");
    assert_eq!(receipt.text.as_deref(), Some("13812345678"));
    let file = seen(valley, &clerk(), &id).expect("is there");
    assert!(file.history.iter().any(|event| event.action == "unmasked"));
    assert_eq!(file.version, Version(1), "looking changes nothing");
}

fn a_year_is_frozen_once() {
    let valley = &Valley::new();
    valley.enter("G1", &[]);
    for (on, is_over) in [("2024-12-31", false), ("2025-01-01", true)] {
        let now = model::Moment { day: day(on), at_ms: 0 };
        let system = store::system_actor(crate::county::place("99"));
        let frozen = valley.store.rehearse(&system, now, Command::Freeze { year: 2024 });
        assert_eq!(frozen.map_err(|refusal| refusal.name).err(), (!is_over).then_some("year_not_over"), "{on}");
    }
    let receipt = valley.system(Command::Freeze { year: 2023 }).expect("is frozen");
    assert!(receipt.added >= 5, "households and the garden");
    assert!(matches!(valley.system(Command::Freeze { year: 2023 }).expect_err("once").kind, RefusalKind::Conflict));
    assert!(valley.apply(&clerk(), "2024-12-31", Command::Freeze { year: 2025 }).is_err(), "the system only");
    valley.store.verify().expect("the chain holds");
}

on_both!(
    what_is_entered_is_calculated_and_seen,
    what_does_not_fit_is_refused_with_its_field,
    the_same_record_again_says_who_has_it,
    a_correction_from_an_old_version_is_told_who_and_when,
    every_day_can_be_seen_again,
    a_corrected_row_keeps_what_nobody_can_see,
    steps_follow_the_declaration,
    notices_are_read_by_each_person_and_tell_only_of_what_is_in_sight,
    constraints_look_at_other_records,
    one_person_has_one_duty_across_all_files,
    lists_are_filtered_and_put_in_order_page_by_page,
    what_is_not_declared_cannot_be_sorted_or_filtered_by,
    phones_are_found_whole_and_several_codes_one_by_one,
    nobody_sees_what_lies_outside,
    a_withdrawn_record_is_hidden_and_may_come_again,
    a_whole_import_is_taken_back_but_for_what_was_worked_on,
    a_look_at_a_whole_number_is_logged_with_its_purpose,
    a_year_is_frozen_once,
);
