//! Steps of leads through the door.

use crate::county::{County, actor, day, lead};
use crate::place::on_both;
use model::{Moment, Value, Version};
use store::{Command, Entry, LeadFilter, RefusalKind};

on_both![
    closing_asks_for_a_reason_and_keeps_it,
    a_lead_out_of_sight_is_as_none,
    fields_with_a_step_are_declared_and_fit,
    deadlines_follow_the_state,
    nobody_enters_corrects_withdraws_or_imports_what_a_screening_raises,
];

const VILLAGE: &str = "990101100201";

fn county() -> County {
    let county = County::filled();
    county.publish("2024-06-03", vec![lead(1, VILLAGE, "2024-06-03", 1)]).expect("is published");
    county
}

fn closing_asks_for_a_reason_and_keeps_it() {
    let county = county();
    let cadre = actor("cadre", VILLAGE);
    let refusal = county.step(&cadre, "2024-06-04", "1-20240603", "close", "").expect_err("no reason");
    let RefusalKind::Lifecycle(lifecycle::RefusalKind::Missing(fields)) = &refusal.kind else { panic!("{refusal:?}") };
    assert_eq!(fields, &["reason_code"]);
    assert!(refusal.what.chinese().contains("办结原因"), "{}", refusal.what.chinese());
    county.step(&cadre, "2024-06-04", "1-20240603", "close", " ").expect_err("a blank is no reason");
    county.step(&cadre, "2024-06-04", "1-20240603", "close", "01").expect("is closed");
    let file = county.store.view(&cadre).lead("1-20240603", day("2024-06-05")).expect("reads").expect("is there");
    assert_eq!(file.row.state, "closed");
    assert_eq!(file.row.due_on, None);
    assert_eq!(file.entered_state_on, day("2024-06-04"));
    assert_eq!(file.fields.get("reason_code"), Some(&Value::Text("01".into())));
    assert_eq!(file.history.iter().map(|event| event.action.as_str()).collect::<Vec<_>>(), ["raised", "close"]);
    assert!(file.offers.is_empty());
    assert!(county.step(&cadre, "2024-06-05", "1-20240603", "close", "01").is_err(), "it has ended");
}

fn a_lead_out_of_sight_is_as_none() {
    let county = county();
    let cases = [
        actor("cadre", "990101100202"),
        actor("clerk", "990101200"),
        actor("clerk", "990102100"),
        actor("officer", "990101"),
        actor("analyst", "99"),
        actor("unknown", VILLAGE),
    ];
    for who in cases {
        let refusal = county.step(&who, "2024-06-04", "1-20240603", "close", "01").expect_err(&who.account);
        assert!(matches!(refusal.kind, RefusalKind::NotFound), "{}", who.account);
        let missing = county.step(&who, "2024-06-04", "9-20240603", "close", "01").expect_err(&who.account);
        assert_eq!(
            (refusal.what.chinese(), refusal.hint.chinese()),
            (missing.what.chinese(), missing.hint.chinese()),
            "the same words as for none"
        );
    }
}

fn fields_with_a_step_are_declared_and_fit() {
    let county = county();
    let take = |name: &str, value: Value| {
        let fields = vec![("reason_code".into(), Value::Text("01".into())), (name.into(), value)];
        let command = Command::TakeStep {
            version: None,
            register: "lead".into(),
            id: "1-20240603".into(),
            step: "close".into(),
            fields,
        };
        county.store.apply(&actor("cadre", VILLAGE), Moment { day: day("2024-06-04"), at_ms: 0 }, command)
    };
    assert!(matches!(take("nothing", Value::Null).expect_err("undeclared").kind, RefusalKind::Invalid));
    assert!(matches!(take("note", Value::Int(1)).expect_err("other kind").kind, RefusalKind::Invalid));
    take("note", Value::Text("已入户".into())).expect("is closed");
}

fn deadlines_follow_the_state() {
    let county = county();
    let cadre = actor("cadre", VILLAGE);
    let due = || {
        let rows = county.store.view(&cadre).leads(&LeadFilter::default(), None, 10).expect("reads").rows;
        rows[0].due_on
    };
    assert_eq!(due(), Some(day("2024-06-10")), "to be begun within 7 days");
    let overdue = |on: &str| county.store.view(&cadre).counts(day(on)).expect("reads").overdue;
    assert_eq!((overdue("2024-06-10"), overdue("2024-06-11")), (0, 1));
    county.step(&cadre, "2024-06-05", "1-20240603", "start", "").expect("is begun");
    assert_eq!(due(), Some(day("2024-06-20")), "to be closed within 15 days");
}

fn nobody_enters_corrects_withdraws_or_imports_what_a_screening_raises() {
    let county = county();
    let (system, cadre) = (store::system_actor("99".parse().expect("a place")), actor("cadre", VILLAGE));
    let id = "1-20240603".to_owned();
    let entry = || Entry { register: "lead".into(), ..Entry::default() };
    let commands = [
        Command::Enter(entry()),
        Command::Correct { id: id.clone(), version: Version::FIRST, entry: entry() },
        Command::Withdraw { register: "lead".into(), id, version: Version::FIRST, why: "误报".into() },
        Command::ImportRecords { register: "lead".into(), file: "a.csv".into(), records: Vec::new() },
    ];
    for command in commands {
        let shown = format!("{command:?}");
        let now = Moment { day: day("2024-06-04"), at_ms: 0 };
        let is_file = matches!(command, Command::ImportRecords { .. });
        for who in [&system, &cadre].into_iter().filter(|who| !is_file || who.account == system.account) {
            let refusal = county.store.apply(who, now, command.clone()).expect_err(&shown);
            assert_eq!(refusal.name, "raised_by_screening", "{shown}: {refusal}");
            assert!(refusal.what.chinese().contains("筛查") && refusal.hint.english().contains("screen again"));
        }
    }
}
