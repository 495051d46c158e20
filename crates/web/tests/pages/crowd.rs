//! Many readers at once: each page holds one state of the database and asks for more besides; all of them are answered.

use crate::browser::Browser;
use crate::gardens::{Gardens, LIST};
use axum::http::StatusCode;
use store::Location;
use test_server::Scratch;
use tokio::task::JoinSet;

/// More than a store has connections.
const READERS: usize = 60;

/// Every second reader changes which columns the list has, while the others read it.
fn all_are_answered(world: &Gardens) {
    world.garden("G1", "2026-11-20", &[]);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let router = web::router(world.store.clone(), world.site());
    let cookie = world.browser("clerk").cookie;
    let one = Browser::at(router.clone(), cookie.clone());
    let token = runtime.block_on(one.get(LIST)).hidden("form_token");
    let answers = runtime.block_on(async {
        let mut readers = JoinSet::new();
        for reader in 0..READERS {
            let (browser, token) = (Browser::at(router.clone(), cookie.clone()), token.clone());
            readers.spawn(async move {
                match reader % 2 {
                    0 => browser.get(LIST).await.status,
                    _ => browser.post("/registers/garden/columns", &token, &[("column-garden_no", "1")]).await.status,
                }
            });
        }
        readers.join_all().await
    });
    let of = |status: StatusCode| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!((of(StatusCode::OK), of(StatusCode::SEE_OTHER)), (READERS / 2, READERS / 2), "{answers:?}");
}

#[test]
fn many_readers_at_once_are_all_answered_on_sqlite() {
    all_are_answered(&Gardens::new());
}

#[test]
fn many_readers_at_once_are_all_answered_on_postgresql() {
    let scratch = Scratch::new().unwrap_or_else(|why| panic!("{why}"));
    all_are_answered(&Gardens::at(Location::from(scratch.address().as_str()), tempfile::tempdir().expect("a folder")));
}
