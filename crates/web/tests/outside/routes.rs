//! The routes of the site, as the router itself knows them.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use std::collections::BTreeSet;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// `GET /leads/{id}` and so on: the paths as the router prints them, the methods as it allows them.
pub fn routes(router: &Router, runtime: &Runtime) -> BTreeSet<String> {
    let printed = format!("{router:?}");
    let paths = printed.split("paths: {").skip(1).flat_map(|part| part.split('}').next().map(|_| part));
    let paths = paths.flat_map(|part| part.split("RouteId(").skip(1));
    let paths = paths.filter_map(|line| line.split_once(": \"").and_then(|(_, rest)| rest.split('"').next()));
    let paths: BTreeSet<&str> = paths.filter(|path| path.starts_with('/') && !path.contains("__private")).collect();
    let allowed = |path: &str| {
        let asked: String =
            path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect::<Vec<_>>().join("/");
        let request = Request::builder().method("BREW").uri(asked).body(Body::empty()).expect("a request");
        let answer = runtime.block_on(router.clone().oneshot(request)).expect("an answer");
        let allowed = answer.headers().get("allow").and_then(|value| value.to_str().ok()).unwrap_or("ANY").to_owned();
        allowed.split(',').map(|one| one.trim().to_owned()).filter(|one| one != "HEAD").collect::<Vec<_>>()
    };
    paths.iter().flat_map(|path| allowed(path).into_iter().map(move |method| format!("{method} {path}"))).collect()
}
