//! Random commands on steps with effects, and a program that is killed among them: whatever happens, an effect has its step,
//! none comes twice, what is taken back leaves nothing, and every record stands where its events say.

use crate::chaos::{Dice, number_from, seed};
use crate::county::{day, key, place};
use crate::grants::{Grants, cadre, package, person};
use crate::place::{On, Place, on_both};
use crate::valley::{AT_MS, VILLAGES, Valley, text};
use model::{Actor, Day, Fen, Moment, Value};
use std::collections::BTreeMap;
use std::process::{Command as Process, Stdio};
use std::time::Duration;
use store::{Command, Entry, RecordFile, RecordFilter, RecordQuery, Store, system_actor};

on_both![effects_have_their_step_and_events_tell_where_records_stand];

/// Commands of one run.
const COMMANDS: u64 = 220;

fn actors() -> [Actor; 5] {
    [cadre(), person("an", "clerk"), person("bo", "county"), person("ci", "clerk"), person("du", "county")]
}

/// What stands of a record: its state, its deadline and its fields.
fn standing(file: &RecordFile) -> (Option<String>, Option<Day>, Vec<Value>, bool) {
    let fields = file.fields.iter().map(|field| field.value.clone()).collect();
    (file.state.clone(), file.due_on, fields, file.is_withdrawn)
}

/// How often something stands in the log.
fn logged(place: &Place, register: &str, condition: &str) -> i64 {
    place.number(&format!("select count(*) from event where register = '{register}' and {condition}"))
}

/// Each approval that was the last one brought one visit or one attachment, each closing one finished visit; what was taken
/// back took its effect along. Nothing else opened or finished a visit in the name of a step.
fn effects_have_their_steps(place: &Place) {
    let by = "after like '%\"_by\":%'";
    let approved = logged(place, "aid", "action = 'approve' and after like '%\"_state\":\"approved\"%'");
    let brought = logged(place, "visit", &format!("action in ('opened', 'attached') and {by}"));
    assert_eq!(approved, brought, "each approval brings one visit");
    assert_eq!(logged(place, "visit", "action in ('opened', 'attached')"), brought, "each names its step");
    let closed = logged(place, "aid", "action = 'close'");
    assert_eq!(
        closed,
        logged(place, "visit", &format!("action = 'finish' and {by}")),
        "each closing finishes one visit"
    );
    let undone = |state: &str| {
        logged(place, "aid", &format!("action = 'step_undone' and before like '%\"_state\":\"{state}\"%'"))
    };
    let gone = logged(place, "visit", &format!("action in ('withdrawn', 'detached') and {by}"));
    assert_eq!(undone("approved"), gone, "an approval that is taken back takes its visit back");
    assert_eq!(undone("closed"), logged(place, "visit", &format!("action = 'step_undone' and {by}")));
    let twice = "select count(*) from (select household_no from r_visit where state = 'open' \
                 and coalesce(is_withdrawn, 0) = 0 group by household_no having count(*) > 1) t";
    assert_eq!(place.number(twice), 0, "a household has one open visit");
}

/// Tries one command; true where it was carried out.
fn attempt(
    grants: &Grants,
    dice: &mut Dice,
    ids: &mut Vec<String>,
    today: Day,
    undone: &mut BTreeMap<String, RecordFile>,
) -> bool {
    let on = today.to_string();
    let everybody = actors();
    let who = &everybody[dice.below(everybody.len() as u64) as usize];
    if ids.len() < 3 || dice.below(30) == 0 {
        ids.push(grants.enter(&format!("R{}", ids.len()), 1 + dice.below(9_500) as i64));
        return true;
    }
    let id = ids[dice.below(ids.len() as u64) as usize].clone();
    let before = grants.file("aid", &id);
    if before.is_withdrawn {
        return false;
    }
    let opinion = [("opinion", "意见")];
    // Half of the time what leads on, so that records get to their end.
    let likely = match before.state.as_deref() {
        Some("drafted") => 0,
        Some("public") => 2,
        Some("paused") => 9,
        _ => 7,
    };
    let outcome = match if dice.below(2) == 0 { likely } else { dice.below(14) } {
        0 | 1 => grants.step(&cadre(), &on, &id, "publish"),
        2..=5 => grants.step(who, &on, &id, "approve"),
        6 => grants.send_back(who, &on, &id, "退回"),
        7 => grants.step(who, &on, &id, "close"),
        8 => grants.step_with(who, &on, &id, "pause", &opinion),
        9 => grants.step_with(who, &on, &id, "take_up", &opinion),
        10 => {
            if before.state.as_deref() == Some("public") {
                let settled = if dice.below(2) == 0 { "" } else { "不成立" };
                // What changes nothing is no objection, and the record is locked.
                let outcome = if settled.is_empty() { Value::Null } else { text(settled) };
                let rows = before.children.iter().find(|child| child.name == "objection").map(|child| &child.rows);
                let is_so =
                    |row: &Vec<store::FieldShown>| row.iter().any(|one| one.name == "outcome" && one.value == outcome);
                if rows.is_some_and(|rows| rows.len() == 1 && is_so(&rows[0])) {
                    return false;
                }
                grants.object(&on, &id, &[("有异议", settled)]);
                return true;
            }
            return false;
        }
        11 => {
            grants.0.store.go_on(Moment { day: today, at_ms: AT_MS }).expect("goes on");
            return true;
        }
        _ => {
            let taken_back = grants.undo(who, &on, &id);
            if taken_back.is_ok() {
                let then = undone.remove(&id).expect("only a step that was seen is taken back");
                assert_eq!(standing(&grants.file("aid", &id)), standing(&then), "what is taken back leaves nothing");
            }
            return taken_back.is_ok();
        }
    };
    if outcome.is_ok() {
        undone.insert(id, before);
    }
    outcome.is_ok()
}

fn effects_have_their_step_and_events_tell_where_records_stand() {
    let mut dice = Dice(seed());
    let grants = Grants::new();
    let (mut ids, mut today, mut done, mut undone) = (Vec::new(), day("2024-06-02"), 0, BTreeMap::new());
    for number in 0..COMMANDS {
        today = today.plus_days(dice.below(3) as i64).min(day("2024-08-20"));
        done += u64::from(attempt(&grants, &mut dice, &mut ids, today, &mut undone));
        if number % 20 == 0 {
            effects_have_their_steps(grants.0.place());
        }
    }
    effects_have_their_steps(grants.0.place());
    assert_eq!(grants.0.store.replay_all().expect("replays"), [], "every record stands where its events say");
    grants.0.store.verify().expect("the log holds");
    let approved = logged(grants.0.place(), "aid", "action = 'approve' and after like '%\"_state\":\"approved\"%'");
    println!("{done} of {COMMANDS} commands were carried out, {approved} approvals brought a visit");
    assert!(done > COMMANDS / 10 && approved > 0, "the run did something");
}

#[test]
#[ignore = "what the test of this file starts and kills"]
fn child_whose_steps_are_killed() {
    let Ok(location) = std::env::var("SHOUWANG_CHILD_LOCATION") else { return };
    let run = number_from("SHOUWANG_CHILD_RUN", 0);
    let location: store::Location = if location.starts_with("postgres") {
        location.as_str().into()
    } else {
        std::path::Path::new(&location).into()
    };
    let store = Store::open_at_once(location, package(), &key()).expect("opens");
    store.finish_upgrade().expect("fills in");
    for number in 0.. {
        if approve_and_close(&store, &format!("K{run}-{number}"), 1 + number % 4).is_err() {
            return;
        }
    }
}

/// From the entry to the closing, with every other approval taken back once.
fn approve_and_close(store: &Store, number: &str, household: u64) -> Result<(), store::Refusal> {
    let fields = vec![
        ("aid_no".into(), text(number)),
        ("region_code".into(), text(VILLAGES[0])),
        ("household_no".into(), text(&household.to_string())),
        ("amount_fen".into(), Value::Fen(Fen(100))),
    ];
    let entry = Entry { register: "aid".into(), fields, ..Entry::default() };
    let id = store
        .apply(&cadre(), Moment { day: day("2024-06-01"), at_ms: AT_MS }, Command::Enter(entry))?
        .id
        .unwrap_or_default();
    let step = |who: &Actor, on: &str, step: &str| {
        let (register, id, step) = ("aid".to_owned(), id.clone(), step.to_owned());
        store.apply(
            who,
            Moment { day: day(on), at_ms: AT_MS },
            Command::TakeStep { register, id, version: None, step, fields: Vec::new() },
        )
    };
    step(&cadre(), "2024-06-10", "publish")?;
    step(&person("an", "clerk"), "2024-06-16", "approve")?;
    let bo = person("bo", "county");
    let version = step(&bo, "2024-06-16", "approve")?.version.unwrap_or_default();
    if household.is_multiple_of(2) {
        let (register, why) = ("aid".to_owned(), "点错了".to_owned());
        store.apply(
            &bo,
            Moment { day: day("2024-06-16"), at_ms: AT_MS },
            Command::UndoStep { register, id: id.clone(), version, why },
        )?;
        step(&bo, "2024-06-16", "approve")?;
    }
    step(&person("an", "clerk"), "2024-06-17", "close")?;
    Ok(())
}

fn killed_among_steps() {
    let kills = number_from("SHOUWANG_KILLS", 10).div_ceil(2);
    let mut dice = Dice(seed());
    let valley = Valley::of(package());
    let location = match valley.place() {
        Place::Folder(folder) => folder.path().join("county.db").to_string_lossy().into_owned(),
        Place::Schema(scratch) => scratch.address(),
    };
    for run in 1..=kills {
        let own = std::env::current_exe().expect("knows itself");
        let mut child = Process::new(own);
        child.args(["--ignored", "--exact", "random_effects::child_whose_steps_are_killed", "--nocapture"]);
        child.env("SHOUWANG_CHILD_LOCATION", &location).env("SHOUWANG_CHILD_RUN", run.to_string());
        child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = child.spawn().expect("starts");
        std::thread::sleep(Duration::from_millis(400 + dice.below(600)));
        child.kill().expect("is killed");
        child.wait().expect("has ended");
        let store = Store::open_at_once(valley.location(), package(), &key()).expect("opens again");
        store.finish_upgrade().expect("fills in");
        effects_have_their_steps(valley.place());
        assert_eq!(store.replay_all().expect("replays"), [], "run {run}: every record stands where its events say");
        assert_eq!(store.recount().expect("counts"), [""; 0], "run {run}: counts are kept with every change");
        store.verify().unwrap_or_else(|error| panic!("run {run}: {error}"));
    }
    let view = valley.store.view(&system_actor(place("99")));
    let columns = ["aid_no".to_owned()];
    let aids = view
        .export_records(
            "aid",
            RecordQuery { filter: &RecordFilter::default(), order: None, columns: &columns },
            &mut |_| Ok(()),
        )
        .expect("reads");
    println!("killed {kills} times among the steps of {aids} records");
    assert!(aids > 0, "the child was given time to work");
}

#[test]
fn steps_that_are_killed_are_whole_or_nothing_on_sqlite() {
    crate::place::run(On::Sqlite, killed_among_steps);
}

#[test]
fn steps_that_are_killed_are_whole_or_nothing_on_postgresql() {
    crate::place::run(On::Postgresql, killed_among_steps);
}
