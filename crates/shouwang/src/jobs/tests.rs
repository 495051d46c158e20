//! What jobs tell when they cannot be done, and while they are done: both languages, each by itself.

use super::worker::run;
use crate::installation::{Elsewhere, Installation};
use crate::package_folder::load_package;
use model::{Actor, RegionCode};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use store::{Job, JobState, NewJob};
use tempfile::TempDir;
use web::jobs::{EXPORT, IMPORT, ImportOutcome, SCREEN, TAKE_BACK};
use words::Wording;

/// Registers whose files are read here.
const REGISTER: &str = super::people::HOUSEHOLD;

/// A new installation with the package of the repository, at its place of demonstration.
fn installation() -> (TempDir, Installation) {
    let folder = TempDir::new().expect("a folder");
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let packages = std::fs::read_dir(packages).expect("packages").map(|entry| entry.expect("an entry").path());
    let package: PathBuf = packages.filter(|path| path.join("package.toml").exists()).min().expect("a package");
    let region = load_package(&package, &[]).expect("it is whole").head.demo.expect("a demonstration").region;
    let dir = folder.path().join("install");
    let made = Installation::create(&dir, &package, &[], Some(region), Elsewhere::default());
    (folder, made.expect("is made"))
}

/// The job of the actor's, done as often as its number of starts says.
fn done(installation: &Installation, actor: &Actor, kind: &str, order: &Value, starts: u32) -> Job {
    let store = &installation.store;
    let id = store.enqueue(actor, NewJob::changing(kind, order, ""), 1).expect("a store");
    let claim = |at_ms| store.claim_job(at_ms, 0).expect("a store").expect("a job");
    let mut job = claim(2);
    for start in 1..starts {
        job = claim(2 + i64::from(start));
    }
    assert_eq!(job.id, id);
    run(installation, &job, &AtomicBool::new(false));
    store.job(actor, id).expect("a store").expect("the job")
}

fn han(text: &str) -> Vec<char> {
    text.chars().filter(|letter| ('\u{3001}'..='\u{9fff}').contains(letter)).collect()
}

/// Each half is in its own language.
fn check(said: &Wording, about: &str) {
    assert!(!han(said.chinese()).is_empty(), "{about}: {said:?}");
    assert!(said.english().len() > 10 && han(said.english()).is_empty(), "{about}: {said:?}");
}

fn import_of(dataset: &str, file: &str, region: RegionCode, more: &Value) -> Value {
    let mut order = json!({
        "dataset": dataset, "inbox_file": file, "file_hash": "abcdefabcdef0123", "original_name": "a.csv", "bytes": 10,
        "day": "2024-10-31", "region": region,
    });
    order.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    order
}

fn export_of(records: &Value) -> Value {
    json!({ "list": "records", "format": "xlsx", "language": "en", "records": records })
}

#[test]
fn jobs_that_fail_say_why_in_both_languages() {
    let (_folder, installation) = installation();
    let system = installation.system();
    let stranger = Actor { account: "li".to_owned(), role: "of_no_package".to_owned(), ..system.clone() };
    let region = system.region;
    let elsewhere = if region.to_string().starts_with("11") { "120000" } else { "110000" };
    std::fs::write(installation.inbox().join("a.csv"), "a,b\n1,2\n").expect("a file");
    let import = |dataset: &str, file: &str, more: Value| import_of(dataset, file, region, &more);
    let source = installation.package.sources.keys().next().expect("a source").as_str();
    let cases = [
        (&system, "of_a_later_release", json!({}), 1, "There is no task"),
        (&system, IMPORT, json!({}), 1, "cannot be read. Hand it in again."),
        (&system, IMPORT, import("nothing", "a.csv", json!({})), 1, "no register or source nothing. Names: "),
        (&system, IMPORT, import(REGISTER, "none.csv", json!({})), 1, "cannot be read. See that"),
        (&system, IMPORT, import(source, "a.csv", json!({ "place": elsewhere })), 1, "does not lie in"),
        (&system, IMPORT, import("nothing", "a.csv", json!({ "preview": true })), 1, "no register nothing"),
        (&system, IMPORT, import(REGISTER, "none.csv", json!({ "preview": true })), 1, "cannot be read. See that"),
        (&stranger, IMPORT, import(REGISTER, "a.csv", json!({})), 1, "may not"),
        (&system, SCREEN, json!({ "region": region }), 1, "No department has delivered data yet"),
        (&system, EXPORT, export_of(&json!({ "register": "nothing", "columns": [] })), 1, "no such register"),
        (&system, EXPORT, export_of(&json!({ "register": REGISTER, "columns": [], "search": "x" })), 1, "not kept"),
        (&stranger, EXPORT, export_of(&json!({ "register": REGISTER, "columns": [] })), 1, "no such register. Check"),
        (&stranger, TAKE_BACK, json!({}), 1, "cannot be read. Hand it in again."),
        (&system, SCREEN, json!({ "region": region }), 4, "started 3 times"),
    ];
    for (actor, kind, order, starts, part) in cases {
        let job = done(&installation, actor, kind, &order, starts);
        let about = format!("{kind} {order}");
        assert_eq!(job.state, JobState::Failed, "{about}: {:?}", job.result);
        check(&job.message, &about);
        assert!(job.message.english().contains(part), "{about}: {part} in {}", job.message.english());
    }
    let kept = std::fs::remove_dir_all(installation.out()).and_then(|()| std::fs::write(installation.out(), "a file"));
    kept.expect("nothing can be written there");
    let job = done(&installation, &system, EXPORT, &json!({ "list": "leads", "format": "csv", "language": "en" }), 1);
    check(&job.message, "a folder that cannot be made");
    assert!(job.message.english().contains("cannot be made"), "{:?}", job.message);
}

#[test]
fn an_export_of_leads_that_was_ordered_before_is_one_of_their_register() {
    let (_folder, installation) = installation();
    let system = installation.system();
    let (name, register) = installation.package.raised().expect("leads");
    for (format, filter) in [("csv", json!({ "state": "overdue", "text": "1", "rule": "r" })), ("xlsx", json!({}))] {
        let order = json!({ "list": "leads", "format": format, "language": "en", "filter": filter });
        let job = done(&installation, &system, EXPORT, &order, 1);
        assert_eq!(job.state, JobState::Done, "{name} {order}: {:?}", job.message);
        let result = job.result.expect("an outcome");
        let file = result["file"].as_str().expect("a file");
        assert!(file.starts_with(&register.label_en) && file.ends_with(format) && result["rows"] == 0, "{result}");
        assert!(installation.out().join(job.id.to_string()).join(file).exists());
    }
    let stranger = Actor { account: "li".to_owned(), role: "of_no_package".to_owned(), ..system };
    let job = done(&installation, &stranger, EXPORT, &json!({ "list": "leads", "format": "csv", "language": "en" }), 1);
    assert_eq!(job.state, JobState::Failed, "{:?}", job.result);
    check(&job.message, "who does not see leads");
}

#[test]
fn a_file_that_is_refused_leaves_why() {
    let (_folder, installation) = installation();
    let system = installation.system();
    std::fs::write(installation.inbox().join("a.csv"), "a,b\n1,2\n").expect("a file");
    let import = |more: Value| import_of(REGISTER, "a.csv", system.region, &more);
    for order in [import(json!({})), import(json!({ "preview": true }))] {
        let job = done(&installation, &system, IMPORT, &order, 1);
        let outcome: ImportOutcome = serde_json::from_value(job.result.expect("an outcome")).expect("is read");
        check(outcome.refused().expect("it was refused"), "the headings are none of the register's");
    }
}

#[test]
fn jobs_say_what_they_do_in_both_languages() {
    let (_folder, installation) = installation();
    let (system, fields) = (installation.system(), &installation.package.registers[REGISTER].field);
    let line = |text: fn(&policy::declare::Column) -> &str| fields.iter().map(text).collect::<Vec<_>>().join(",");
    let file = format!("{}\n{}\n", line(|field| &field.label), line(|_| "1"));
    std::fs::write(installation.inbox().join("a.csv"), file).expect("a file");
    let import = |more: Value| import_of(REGISTER, "a.csv", system.region, &more);
    let cases = [
        (IMPORT, import(json!({})), "Importing a.csv"),
        (IMPORT, import(json!({ "preview": true })), "Looking at a.csv"),
        (SCREEN, json!({ "region": system.region }), "Bringing the copies of the registers up to date"),
    ];
    for (kind, order, english) in cases {
        let job = done(&installation, &system, kind, &order, 1);
        check(&job.text, english);
        assert_eq!(job.text.english(), english, "{:?}", job.message);
    }
}
