//! The queue of jobs against a plain model: random hands enqueue, claim, work, end, stop and restart.

use crate::chaos::{Dice, seed};
use crate::county::{County, actor, place};
use crate::place::on_both;
use model::Actor;
use serde_json::json;
use store::{Job, JobState, NewJob, QUEUE_OF_ACCOUNT_MAX, StoreError, Turn, system_actor};
use words::Wording;

on_both![
    random_hands_leave_the_queue_of_the_model,
    jobs_are_taken_in_the_order_in_which_they_came,
    what_has_ended_stays_as_it_ended,
    the_result_and_the_message_are_kept_to_the_letter,
    the_latest_jobs_come_first_and_are_of_the_own_account,
    one_waiting_job_is_taken_by_one_worker,
    a_place_keeps_its_order_and_no_other_place_waits,
    the_queue_has_an_end_for_each_account,
];

/// A job as the model knows it.
#[derive(Clone, Debug)]
struct Known {
    id: i64,
    account: String,
    dedupe: String,
    /// First and last county and so on of its place, as texts.
    place: (String, String),
    turn: Turn,
    is_heavy: bool,
    state: JobState,
    attempts: u32,
    lease_until: i64,
    done: u64,
    total: u64,
    ended: Option<i64>,
}

impl Known {
    fn is_under_way(&self) -> bool {
        matches!(self.state, JobState::Queued | JobState::Running)
    }
}

fn workers() -> [Actor; 4] {
    let officer = actor("officer", "990101");
    [
        actor("clerk", "990101100"),
        actor("clerk", "990101200"),
        Actor { account: "another".into(), ..officer.clone() },
        officer,
    ]
}

/// A job that waits for none of these tests.
fn reading<'a>(payload: &'a serde_json::Value, key: &'a str) -> NewJob<'a> {
    NewJob { turn: Turn::Reads, ..NewJob::changing("screen", payload, key) }
}

fn system() -> Actor {
    system_actor(place("99"))
}

/// True when the later job has to wait for the earlier one to end.
fn waits_for(later: &Known, earlier: &Known) -> bool {
    let overlap = later.place.0 <= earlier.place.1 && earlier.place.0 <= later.place.1;
    match (later.turn, earlier.turn) {
        (_, Turn::Reads) => false,
        (Turn::Reads, Turn::Changes) => later.account == earlier.account,
        (Turn::Reads | Turn::Changes, Turn::Screens) => false,
        (Turn::Changes | Turn::Screens, Turn::Changes) | (Turn::Screens, Turn::Screens) => overlap,
    }
}

/// The one that is taken next: the oldest whose turn it is, of those that wait or whose worker is silent.
fn next(jobs: &mut [Known], at: i64) -> Option<&mut Known> {
    let may = |job: &Known| {
        let is_free = match job.state {
            JobState::Queued => true,
            JobState::Running => job.lease_until < at,
            _ => false,
        };
        let waits = jobs.iter().any(|other| other.id < job.id && other.is_under_way() && waits_for(job, other));
        let is_at_work = |other: &Known| other.state == JobState::Running && other.lease_until >= at;
        let other_heavy = jobs.iter().any(|other| other.id != job.id && other.is_heavy && is_at_work(other));
        is_free && !waits && !(job.is_heavy && other_heavy)
    };
    let found = jobs.iter().position(may)?;
    jobs.get_mut(found)
}

fn enqueue(county: &County, jobs: &mut Vec<Known>, dice: &mut Dice, at: i64) {
    let who = &workers()[dice.below(4) as usize];
    let dedupe = format!("key {}", dice.below(4));
    let turn = [Turn::Changes, Turn::Screens, Turn::Reads][dice.below(3) as usize];
    let is_heavy = dice.below(3) == 0;
    let payload = json!({ "at": at });
    let new = NewJob { turn, is_heavy, ..NewJob::changing("import", &payload, &dedupe) };
    let id = county.store.enqueue(who, new, at).expect("is added");
    let same = |job: &&Known| job.account == who.account && job.dedupe == dedupe && job.is_under_way();
    match jobs.iter().find(same) {
        Some(same) => assert_eq!(id, same.id, "it waits or runs already"),
        None => {
            assert!(jobs.iter().all(|job| job.id < id), "numbers only grow");
            let account = who.account.clone();
            let (state, attempts, lease_until) = (JobState::Queued, 0, 0);
            let (first, last) = who.region.span();
            let place = (first.to_string(), last.to_string());
            let (done, total, ended) = (0, 0, None);
            jobs.push(Known {
                id,
                account,
                dedupe,
                place,
                turn,
                is_heavy,
                state,
                attempts,
                lease_until,
                done,
                total,
                ended,
            });
        }
    }
}

fn claim(county: &County, jobs: &mut [Known], dice: &mut Dice, at: i64) {
    let lease = 1 + dice.below(60) as i64;
    let claimed = county.store.claim_job(at, lease).expect("claims");
    let expected = next(jobs, at);
    assert_eq!(claimed.as_ref().map(|job| job.id), expected.as_ref().map(|job| job.id));
    if let (Some(job), Some(claimed)) = (expected, claimed) {
        (job.state, job.attempts, job.lease_until) = (JobState::Running, job.attempts + 1, at + lease);
        assert_eq!((claimed.attempts, claimed.state), (job.attempts, JobState::Running));
        assert_eq!((claimed.done, claimed.total), (job.done, job.total), "it goes on where it was left");
    }
}

/// One of the things that happen to a job that was taken.
fn work(county: &County, job: &mut Known, dice: &mut Dice, at: i64) {
    let runs = job.state == JobState::Running;
    match dice.below(4) {
        0 => {
            let (done, lease) = (dice.below(10), 1 + dice.below(60) as i64);
            let text = Wording::pair("读取", "Reading");
            let goes_on = county.store.job_progress(job.id, done, 10, &text, at, lease).expect("says");
            assert_eq!(goes_on, runs, "who is told no stops working");
            if runs {
                (job.done, job.total, job.lease_until) = (done, 10, at + lease);
            }
        }
        1 => {
            county.store.finish_job(job.id, &json!({ "rows": at }), at).expect("ends");
            if runs {
                (job.state, job.ended, job.done) = (JobState::Done, Some(at), job.total);
            }
        }
        2 => {
            county.store.fail_job(job.id, &Wording::pair("坏了", "It broke"), at).expect("ends");
            if runs {
                (job.state, job.ended) = (JobState::Failed, Some(at));
            }
        }
        _ => {
            county.store.release_job(job.id).expect("gives back");
            if runs {
                (job.state, job.attempts, job.lease_until) = (JobState::Queued, job.attempts - 1, 0);
            }
        }
    }
}

fn check(county: &County, jobs: &[Known]) {
    let stored = county.store.jobs_of(&system(), 1_000).expect("reads");
    let told = |job: &Job| (job.id, job.state, job.attempts, job.done, job.total, job.ended_ms);
    let found: Vec<_> = stored.iter().rev().map(told).collect();
    let expected = jobs.iter().map(|job| (job.id, job.state, job.attempts, job.done, job.total, job.ended));
    assert_eq!(found, expected.collect::<Vec<_>>());
}

fn random_hands_leave_the_queue_of_the_model() {
    let county = County::empty();
    let mut dice = Dice(seed());
    let mut jobs: Vec<Known> = Vec::new();
    let mut at = 1_000;
    for _ in 0..150 {
        at += dice.below(30) as i64;
        match dice.below(10) {
            0..=2 => enqueue(&county, &mut jobs, &mut dice, at),
            3..=5 => claim(&county, &mut jobs, &mut dice, at),
            6 if dice.below(8) == 0 => {
                let running = jobs.iter_mut().filter(|job| job.state == JobState::Running);
                let back = running.map(|job| (job.state, job.lease_until) = (JobState::Queued, 0)).count();
                assert_eq!(county.store.requeue_jobs().expect("requeues"), back as u64);
            }
            _ if jobs.is_empty() => {}
            _ => {
                let which = dice.below(jobs.len() as u64) as usize;
                work(&county, &mut jobs[which], &mut dice, at);
            }
        }
        check(&county, &jobs);
    }
}

fn jobs_are_taken_in_the_order_in_which_they_came() {
    let county = County::empty();
    let [one, other, ..] = workers();
    let add = |who: &Actor, key: &str| county.store.enqueue(who, reading(&json!({}), key), 5).expect("is added");
    let ids = [add(&one, "a"), add(&other, "a"), add(&one, "b"), add(&other, "b")];
    let take = || county.store.claim_job(10, 100).expect("claims").map(|job| (job.id, job.actor.account));
    assert_eq!(take(), Some((ids[0], one.account.clone())));
    assert_eq!(take(), Some((ids[1], other.account.clone())), "of two accounts the same key is two jobs");
    county.store.release_job(ids[0]).expect("gives back");
    assert_eq!(take().map(|taken| taken.0), Some(ids[0]), "what was given back comes first again");
    assert_eq!(take().map(|taken| taken.0), Some(ids[2]));
    assert_eq!(take().map(|taken| taken.0), Some(ids[3]));
    assert_eq!(take(), None, "all of them are at work");
    county.store.finish_job(ids[1], &json!(null), 20).expect("ends");
    assert_eq!(take(), None, "what has ended is not taken again");
}

/// Ends a job.
type End = fn(&County, i64);

fn what_has_ended_stays_as_it_ended() {
    let county = County::empty();
    let [who, ..] = workers();
    let none = Wording::default();
    let ends: [(&str, End); 2] = [
        ("done", |county, id| county.store.finish_job(id, &json!(1), 20).expect("ends")),
        ("failed", |county, id| {
            county.store.fail_job(id, &Wording::pair("坏了", "It broke"), 20).expect("ends");
        }),
    ];
    for (what, end) in ends {
        let id = county.store.enqueue(&who, NewJob::changing("screen", &json!({}), what), 5).expect("is added");
        assert!(!county.store.job_progress(id, 1, 2, &none, 6, 9).expect("says"), "{what}: it waits still");
        end(&county, id);
        let waiting = county.store.job(&who, id).expect("reads").expect("is there");
        assert_eq!((waiting.state, waiting.ended_ms), (JobState::Queued, None), "{what}: only what runs ends");
        county.store.claim_job(10, 100).expect("claims").expect("waits");
        end(&county, id);
        let ended = county.store.job(&who, id).expect("reads").expect("is there");
        county.store.finish_job(id, &json!(2), 30).expect("does nothing");
        county.store.fail_job(id, &Wording::pair("晚了", "Late"), 30).expect("does nothing");
        county.store.release_job(id).expect("does nothing");
        assert_eq!(county.store.requeue_jobs().expect("requeues"), 0);
        assert!(!county.store.job_progress(id, 1, 2, &none, 30, 9).expect("says"), "{what}");
        assert_eq!(county.store.job(&who, id).expect("reads"), Some(ended), "{what}");
        assert_eq!(county.store.claim_job(10_000, 100).expect("claims"), None, "{what}");
    }
    assert!(
        county.store.job(&who, 0).expect("reads").is_none() && county.store.job(&who, 99).expect("reads").is_none()
    );
    county.store.finish_job(99, &json!(1), 20).expect("of a job that is none nothing is said");
}

fn the_result_and_the_message_are_kept_to_the_letter() {
    let county = County::empty();
    let [who, ..] = workers();
    let payload = json!({ "文件": "园子 '1'.xlsx", "rows": [1, 2.5, null, true], "deep": { "a": "\"\\\u{0007}" } });
    let id = county.store.enqueue(&who, NewJob::changing("import", &payload, "x"), 5).expect("is added");
    let waiting = county.store.job(&who, id).expect("reads").expect("is there");
    assert_eq!((waiting.kind.as_str(), &waiting.payload, waiting.created_ms), ("import", &payload, 5));
    assert_eq!((waiting.result, waiting.attempts, waiting.actor), (None, 0, who.clone()));
    let taken = county.store.claim_job(10, 100).expect("claims").expect("waits");
    assert_eq!(taken.payload, payload);
    county.store.job_progress(id, 3, 9, &Wording::pair("第3行", "Row 3"), 11, 100).expect("says");
    let running = county.store.job(&who, id).expect("reads").expect("is there");
    assert_eq!((running.done, running.total, running.text), (3, 9, Wording::pair("第3行", "Row 3")));
    county.store.finish_job(id, &payload, 12).expect("ends");
    let done = county.store.job(&who, id).expect("reads").expect("is there");
    assert_eq!((done.result, done.ended_ms, done.message), (Some(payload), Some(12), Wording::default()));
    assert_eq!((done.done, done.total), (9, 9), "what is done is done whole");
    let other = county.store.enqueue(&who, NewJob::changing("import", &json!(null), "x"), 5).expect("is added");
    county.store.claim_job(10, 100).expect("claims").expect("waits");
    let why = Wording::pair("文件“甲|乙”打不开", "The file “A|B” does not open");
    county.store.fail_job(other, &why, 13).expect("ends");
    let failed = county.store.job(&who, other).expect("reads").expect("is there");
    assert_eq!((failed.message, failed.result, failed.payload), (why, None, json!(null)));
}

fn the_latest_jobs_come_first_and_are_of_the_own_account() {
    let county = County::empty();
    let [one, other, ..] = workers();
    let add = |who: &Actor, at: i64| {
        county.store.enqueue(who, NewJob::changing("screen", &json!({}), &at.to_string()), at).expect("is added")
    };
    let ids: Vec<i64> = (0..6).map(|at| add(if at % 2 == 0 { &one } else { &other }, at)).collect();
    let listed = |who: &Actor, limit| -> Vec<i64> {
        let jobs = county.store.view(who).jobs(limit).expect("reads");
        assert_eq!(jobs, county.store.jobs_of(who, limit).expect("reads"), "the view tells the same");
        jobs.into_iter().map(|job| job.id).collect()
    };
    assert_eq!(listed(&one, 10), [ids[4], ids[2], ids[0]]);
    assert_eq!(listed(&one, 2), [ids[4], ids[2]]);
    assert_eq!(listed(&one, 0), [0; 0]);
    assert_eq!(listed(&system(), 4), [ids[5], ids[4], ids[3], ids[2]]);
    let same_place = Actor { account: "somebody".into(), ..one.clone() };
    assert_eq!(listed(&same_place, 10), [0; 0], "the place makes no one's jobs theirs");
    assert!(county.store.view(&same_place).job(ids[0]).expect("reads").is_none());
    assert!(county.store.view(&system()).job(ids[0]).expect("reads").is_some());
}

fn one_waiting_job_is_taken_by_one_worker() {
    let county = County::empty();
    let [who, ..] = workers();
    let ids: Vec<i64> = (0..6)
        .map(|number| county.store.enqueue(&who, reading(&json!({}), &number.to_string()), 5).expect("is added"))
        .collect();
    let start = std::sync::Barrier::new(4);
    let mut taken: Vec<i64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    let mut taken = Vec::new();
                    while let Some(job) = county.store.claim_job(10, 1_000_000).expect("claims") {
                        taken.push(job.id);
                    }
                    taken
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("ends well")).collect()
    });
    taken.sort_unstable();
    assert_eq!(taken, ids, "each once");
}

/// Jobs as they come: place, turn, heavy; and for each the numbers of those that it has to wait for.
fn a_place_keeps_its_order_and_no_other_place_waits() {
    use Turn::{Changes, Reads, Screens};
    type Came = (&'static str, Turn, bool);
    let cases: [(&str, &[Came], &[usize]); 8] = [
        ("two counties", &[("990101", Changes, false), ("990102", Changes, false)], &[0, 1]),
        ("one county", &[("990101", Changes, false), ("990101", Changes, false)], &[0]),
        ("a township of it", &[("990101", Changes, false), ("990101100", Changes, false)], &[0]),
        ("the prefecture above", &[("990101100", Changes, false), ("9901", Changes, false)], &[0]),
        ("behind a screening", &[("9901", Screens, true), ("990101", Changes, false)], &[0, 1]),
        ("a screening behind", &[("990101", Changes, false), ("9901", Screens, true)], &[0]),
        ("two heavy ones", &[("990101", Changes, true), ("990102", Changes, true), ("990103", Reads, false)], &[0, 2]),
        ("what is read by another", &[("990101", Changes, false), ("990101100", Reads, false)], &[0, 1]),
    ];
    for (what, came, at_once) in cases {
        let county = County::empty();
        let ids: Vec<i64> = came
            .iter()
            .enumerate()
            .map(|(number, (place, turn, is_heavy))| {
                let role = if place.len() < 9 { "officer" } else { "clerk" };
                let who = Actor { account: format!("account {number}"), ..actor(role, place) };
                let (payload, key) = (json!({}), number.to_string());
                let new = NewJob { turn: *turn, is_heavy: *is_heavy, ..NewJob::changing("x", &payload, &key) };
                county.store.enqueue(&who, new, 5).expect("is added")
            })
            .collect();
        let take = || county.store.claim_job(10, 100).expect("claims").map(|job| job.id);
        let taken: Vec<i64> = std::iter::from_fn(take).collect();
        let expected: Vec<i64> = at_once.iter().map(|number| ids[*number]).collect();
        assert_eq!(taken, expected, "{what}");
        taken.iter().for_each(|id| county.store.finish_job(*id, &json!(null), 20).expect("ends"));
        let left: Vec<i64> = std::iter::from_fn(take).collect();
        assert_eq!(left.len() + taken.len(), ids.len(), "{what}: the others come then");
    }
}

fn the_queue_has_an_end_for_each_account() {
    let county = County::empty();
    let [one, other, ..] = workers();
    let add = |who: &Actor, number: i64| county.store.enqueue(who, reading(&json!({}), &number.to_string()), 5);
    let ids: Vec<i64> = (0..QUEUE_OF_ACCOUNT_MAX).map(|number| add(&one, number).expect("is added")).collect();
    let refused = add(&one, -1).expect_err("one too many");
    assert!(matches!(refused, StoreError::QueueFull { waiting } if waiting == QUEUE_OF_ACCOUNT_MAX), "{refused}");
    assert_eq!(add(&one, 0).expect("it waits already"), ids[0]);
    add(&other, 0).expect("another account is not held up");
    let taken = county.store.claim_job(10, 100).expect("claims").expect("waits");
    assert!(add(&one, -1).is_err(), "what runs counts too");
    county.store.finish_job(taken.id, &json!(null), 20).expect("ends");
    add(&one, -1).expect("there is room again");
}
