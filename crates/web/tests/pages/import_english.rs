//! What is said of an import on pages in English: nothing of it in Chinese, but what stands in the file and what the package declares.

use crate::browser::Browser;
use crate::fixture::World;
use crate::house::officer;
use axum::http::StatusCode;
use model::{Actor, Moment, RegionCode};
use serde_json::{Value, json};
use store::{Command, ImportState, ImportSummary, NewImport, NewJob, UnmatchedRow};
use web::jobs::{ColumnQuestion, FieldQuestion, FileColumnShown, ImportOutcome, PreviewOutcome, Question};
use words::Wording;

/// A heading of the file.
const HEADING: &str = "家庭实际承担";

fn both(number: u32) -> Wording {
    Wording::pair(format!("第{number}句,请核对。"), format!("Sentence {number}, please check."))
}

/// The officer, and a register that the officer imports.
fn who(world: &World) -> (Actor, String) {
    let account = world.store.accounts().expect("a store").into_iter().find(|one| one.name == officer(world));
    let account = account.expect("an account");
    let registers = world.package.registers.iter();
    let (name, shown_name, role) = (account.name, account.shown_name, account.role);
    let (region, department) = (account.region, account.department);
    let mut imported = registers.filter(|(_, register)| register.may_import.contains(&role));
    let register = imported.next().expect("a register to import").0.clone();
    (Actor { account: name, shown_name, role, region, department }, register)
}

/// An import that ended so, with a row of its own in each list.
fn import(world: &World, summary: ImportSummary) -> String {
    let (actor, dataset) = who(world);
    let apply = |command: Command| {
        let done =
            world.store.apply(&actor, Moment { day: crate::fixture::today(), at_ms: 1_795_320_000_000 }, command);
        done.unwrap_or_else(|why| panic!("{why:?}"))
    };
    let new = NewImport {
        dataset,
        file_name: "a.xlsx".into(),
        file_hash: "abcdefabcdef0123".into(),
        bytes: 10,
        region: actor.region,
        delivered_on: crate::fixture::today(),
        said_days: (None, None),
    };
    let import = apply(Command::BeginImport(new)).id.expect("an id");
    let row =
        |reason: &str, number| UnmatchedRow { row: 9, reason: reason.into(), what: both(number), seen: "5*".into() };
    apply(Command::AddUnmatched { import: import.clone(), rows: vec![row("unknown_household", 1)] });
    apply(Command::AddNoted {
        import: import.clone(),
        rows: vec![row("name_differs", 2), row("of_a_later_release", 3)],
    });
    apply(Command::FinishImport { import: import.clone(), summary });
    import
}

/// The job of the officer's that left this.
fn job(world: &World, preview: bool, outcome: &ImportOutcome) -> String {
    let (actor, register) = who(world);
    let order = json!({
        "dataset": register, "inbox_file": "a.xlsx", "file_hash": "abcdefabcdef0123", "original_name": "a.xlsx", "bytes": 10,
        "day": "2026-11-20", "region": actor.region, "preview": preview,
    });
    let id = world.store.enqueue(&actor, NewJob::changing(web::jobs::IMPORT, &order, ""), 1).expect("a store");
    let job = world.store.claim_job(1, 1_000).expect("a store").expect("a job");
    world.store.finish_job(job.id, &serde_json::to_value(outcome).expect("is JSON"), 2).expect("a store");
    format!("/registers/{register}/import?job={id}")
}

fn column_question(world: &World) -> ColumnQuestion {
    let field = &world.package.registers[&who(world).1].field[0];
    let text = Wording::pair(format!("F列（{HEADING}）"), format!("column F ({HEADING})"));
    ColumnQuestion {
        fields: vec![FieldQuestion { field: field.name.clone(), candidates: vec!["F".into()] }],
        columns: vec![FileColumnShown { letters: "F".into(), text }],
        units: Vec::new(),
    }
}

fn question(place: RegionCode, why: Wording) -> Question {
    let day = crate::fixture::today();
    Question {
        why,
        is_replacement: false,
        place,
        from: day,
        to: day,
        leaving: 0,
        of: 0,
        example: None,
        shown: String::new(),
    }
}

/// What is shown, without what stands in the file and what the package and the accounts call themselves.
fn without_data(world: &World, shown: &str) -> String {
    let places = world.package.divisions.all().iter().map(|place| place.name.as_str());
    let mut data: Vec<&str> =
        places.chain([HEADING, "李科员", "中文", "结算明细"]).filter(|text| shown.contains(text)).collect();
    data.sort_by_key(|text| std::cmp::Reverse(text.len()));
    data.iter().fold(shown.to_owned(), |shown, text| shown.replace(text, ""))
}

fn chinese(text: &str) -> Vec<char> {
    text.chars().filter(|letter| ('\u{3001}'..='\u{9fff}').contains(letter)).collect()
}

async fn english(world: &World, path: &str) -> String {
    let shown = Browser::of(world, officer(world), "; sw_language=en").get(path).await;
    assert_eq!(shown.status, StatusCode::OK, "{path}");
    let visible = shown.visible();
    let left = without_data(world, &visible);
    assert!(chinese(&left).is_empty(), "{path}: {:?} in {left}", chinese(&left));
    visible
}

#[tokio::test]
async fn a_receipt_in_english_says_nothing_in_chinese() {
    let cases = [
        (ImportState::Done, vec![1, 4, 5, 6], vec![]),
        (ImportState::Refused, vec![1, 4, 5, 6], vec!["Say which column is which", "column F"]),
        (ImportState::Failed, vec![4], vec![]),
    ];
    for (state, sentences, parts) in cases {
        let world = World::new();
        let summary = ImportSummary {
            state,
            message: Wording::joined(&[both(4), both(5)]),
            notes: vec![both(6)],
            rows_in_file: 9,
            rows_noted: 2,
            remarks: 7,
            ..ImportSummary::default()
        };
        let import = import(&world, summary);
        let (column_question, place) = (Some(column_question(&world)), who(&world).0.region);
        let question = Some(question(place, both(7)));
        job(
            &world,
            false,
            &ImportOutcome { import: Some(import.clone()), column_question, question, ..Default::default() },
        );
        let path = format!("/imports/{import}");
        let shown = english(&world, &path).await;
        let sentences = sentences.into_iter().map(|number| both(number).english().to_owned());
        for part in sentences.chain(parts.into_iter().map(str::to_owned)).chain(["Remarks".to_owned()]) {
            assert!(shown.contains(&part), "{state:?}: {part} in {shown}");
        }
        let shown = Browser::of(&world, officer(&world), "").get(&path).await.visible();
        for number in [1, 4, 5, 6] {
            assert!(shown.contains(both(number).chinese()) && !shown.contains(both(number).english()), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_preview_in_english_says_nothing_in_chinese() {
    let world = World::new();
    let unmatched_counts = vec![("unknown_household".to_owned(), both(1), 2)];
    let seen = PreviewOutcome { added: 1, remark: both(2), unmatched: 2, unmatched_counts, ..Default::default() };
    let refused = PreviewOutcome {
        refusal: both(3),
        column_question: Some(column_question(&world)),
        ..PreviewOutcome::default()
    };
    for (seen, sentences) in [(seen, vec![1, 2]), (refused, vec![3])] {
        let world = World::new();
        let path = job(&world, true, &ImportOutcome { preview: Some(seen), ..Default::default() });
        let shown = english(&world, &path).await;
        for sentence in sentences.into_iter().map(both) {
            assert!(shown.contains(sentence.english()), "{} in {shown}", sentence.english());
        }
    }
}

#[tokio::test]
async fn what_an_earlier_release_kept_in_chinese_alone_is_shown_as_it_is() {
    let world = World::new();
    let kept: ImportSummary =
        serde_json::from_value(json!({ "state": "done", "message": "旧话。", "notes": ["旧注。"] }))
            .expect("reads what an earlier release kept");
    let later = serde_json::to_value(ImportSummary { message: both(1), notes: vec![both(2)], ..kept.clone() });
    let later = later.expect("is JSON");
    assert!(later["message"].is_string() && later["notes"][0].is_string(), "the earlier release reads it: {later}");
    let import = import(&world, kept);
    let earlier: Value = json!({ "import": import, "column_question": null });
    job(&world, false, &serde_json::from_value(earlier).expect("reads what an earlier release left"));
    let shown = Browser::of(&world, officer(&world), "; sw_language=en").get(&format!("/imports/{import}")).await;
    assert!(shown.visible().contains("旧话。") && shown.visible().contains("旧注。"), "{}", shown.visible());
}

#[tokio::test]
async fn a_job_is_shown_in_the_language_of_who_reads() {
    for is_failed in [false, true] {
        let world = World::new();
        let path = job(&world, false, &ImportOutcome::default());
        let id: i64 = path.rsplit_once('=').expect("a number").1.parse().expect("a number");
        let (actor, _) = who(&world);
        let order = json!({ "list": "leads", "format": "csv", "language": "en" });
        let at_work = world.store.enqueue(&actor, NewJob::changing(web::jobs::EXPORT, &order, ""), 3).expect("a store");
        assert_ne!(at_work, id, "a second job");
        world.store.claim_job(4, 1_000).expect("a store").expect("a job");
        let done = match is_failed {
            false => world.store.job_progress(at_work, 1, 9, &both(1), 5, 1_000).map(|_| ()),
            true => world.store.fail_job(at_work, &both(1), 5),
        };
        done.expect("a store");
        for path in [format!("/jobs/{at_work}"), format!("/jobs/{at_work}/state")] {
            assert!(english(&world, &path).await.contains(both(1).english()), "{path}");
            let shown = Browser::of(&world, officer(&world), "").get(&path).await.visible();
            assert!(shown.contains(both(1).chinese()) && !shown.contains(both(1).english()), "{path}: {shown}");
        }
        for path in ["/jobs".to_owned(), format!("/jobs/{id}"), "/import".to_owned(), "/imports".to_owned()] {
            english(&world, &path).await;
        }
    }
}
