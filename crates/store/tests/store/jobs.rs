//! Jobs: once in the queue, taken once, taken again when their worker has gone.

use crate::county::{County, actor, declarations, key};
use crate::place::on_both;
use serde_json::json;
use store::{JobState, NewJob, Store, system_actor};
use words::Wording;

on_both![
    the_same_job_stands_in_the_queue_once,
    a_silent_worker_loses_its_job_and_a_live_one_keeps_it,
    running_jobs_wait_again_after_a_restart,
    a_job_that_is_given_back_has_lost_no_start,
    jobs_belong_to_their_account,
];

fn the_same_job_stands_in_the_queue_once() {
    let county = County::empty();
    let clerk = actor("clerk", "990101100");
    let add = |key: &str| {
        county.store.enqueue(&clerk, NewJob::changing("import", &json!({"file": "x"}), key), 1).expect("adds")
    };
    let first = add("import x");
    assert_eq!(add("import x"), first);
    assert_ne!(add("import y"), first);
    let taken = county.store.claim_job(2, 100).expect("claims").expect("one waits");
    assert_eq!((taken.id, taken.attempts, taken.state), (first, 1, JobState::Running));
    assert_eq!(add("import x"), first, "still running");
    county.store.finish_job(first, &json!({"rows": 3}), 5).expect("ends");
    assert_ne!(add("import x"), first, "it may be wanted again");
}

fn a_silent_worker_loses_its_job_and_a_live_one_keeps_it() {
    let county = County::empty();
    let clerk = actor("clerk", "990101100");
    let id = county.store.enqueue(&clerk, NewJob::changing("screen", &json!({}), "s"), 1).expect("adds");
    county.store.claim_job(10, 100).expect("claims").expect("one waits");
    assert_eq!(county.store.claim_job(110, 100).expect("claims"), None, "the lease ends at 110, inclusive");
    assert!(county.store.job_progress(id, 1, 4, &Wording::pair("读取", "Reading"), 100, 100).expect("says"));
    assert_eq!(county.store.claim_job(111, 100).expect("claims"), None, "the lease was renewed");
    let again = county.store.claim_job(201, 100).expect("claims").expect("the worker is gone");
    assert_eq!((again.id, again.attempts, again.done, again.total), (id, 2, 1, 4));
    assert_eq!(again.text, Wording::pair("读取", "Reading"));
    let damaged = Wording::pair("文件损坏", "The file is damaged");
    county.store.fail_job(id, &damaged, 210).expect("ends");
    let nothing = Wording::default();
    assert!(!county.store.job_progress(id, 2, 4, &nothing, 220, 100).expect("says"), "it has ended");
    let job = county.store.job(&clerk, id).expect("reads").expect("is there");
    assert_eq!((job.state, job.message, job.ended_ms), (JobState::Failed, damaged, Some(210)));
}

fn running_jobs_wait_again_after_a_restart() {
    let county = County::empty();
    let clerk = actor("clerk", "990101100");
    let id = county.store.enqueue(&clerk, NewJob::changing("screen", &json!({}), "s"), 1).expect("adds");
    county.store.claim_job(10, 1_000_000).expect("claims").expect("one waits");
    let again = Store::open(county.location(), declarations(""), &key()).expect("opens");
    assert_eq!(again.requeue_jobs().expect("requeues"), 1);
    assert_eq!(again.claim_job(11, 100).expect("claims").expect("one waits").id, id);
}

fn a_job_that_is_given_back_has_lost_no_start() {
    let county = County::empty();
    let clerk = actor("clerk", "990101100");
    let id = county.store.enqueue(&clerk, NewJob::changing("screen", &json!({}), "s"), 1).expect("adds");
    for at in 0..5 {
        let taken = county.store.claim_job(at, 1_000_000).expect("claims").expect("one waits");
        assert_eq!((taken.id, taken.attempts), (id, 1));
        county.store.release_job(id).expect("gives back");
    }
    county.store.claim_job(9, 100).expect("claims").expect("one waits");
    county.store.finish_job(id, &json!({}), 10).expect("ends");
    county.store.release_job(id).expect("does nothing");
    let job = county.store.job(&clerk, id).expect("reads").expect("is there");
    assert_eq!((job.state, job.attempts), (JobState::Done, 1));
}

fn jobs_belong_to_their_account() {
    let county = County::empty();
    let (one, other) = (actor("clerk", "990101100"), actor("clerk", "990101200"));
    let id = county.store.enqueue(&one, NewJob::changing("import", &json!({}), "x"), 1).expect("adds");
    assert!(county.store.job(&one, id).expect("reads").is_some());
    assert!(county.store.job(&other, id).expect("reads").is_none());
    assert!(county.store.jobs_of(&other, 10).expect("reads").is_empty());
    let system = system_actor(crate::county::place("99"));
    assert_eq!(county.store.jobs_of(&system, 10).expect("reads").len(), 1);
}
