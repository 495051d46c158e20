//! `shouwang serve`: the pages, and the workers behind them.

use super::{Said, announce};
use crate::arguments::Serve;
use crate::clock;
use crate::gateway::AnalysisGateway;
use crate::installation::Installation;
use crate::jobs::workers::Workers;
use crate::process;
use crate::trouble::{Attempt, Outcome, Trouble};
use serde_json::json;
use std::fs::{File, TryLockError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use words::{advice, wording};

/// Locked in the folder while it is served.
const SERVING: &str = "serving.lock";
/// Wait after a failure of the daily work.
const TRY_AGAIN_MS: i64 = 60_000;

/// Serves until interrupted, or for `stop_after` seconds.
///
/// # Errors
/// When the address is taken or the installation cannot be opened.
pub fn run(arguments: &Serve) -> Outcome<Said> {
    let installation = Arc::new(Installation::open_at_once(&arguments.dir)?);
    let serving = Serving {
        listen: &arguments.listen,
        unsent_hours: arguments.keep_unsent_hours,
        stop_after: arguments.stop_after,
    };
    serve(installation, &serving, &|address| announce(&wording!("serving_at", address)))
}

/// How pages are served.
pub struct Serving<'a> {
    pub listen: &'a str,
    /// Hours for which a form is kept that could not be taken.
    pub unsent_hours: u32,
    pub stop_after: Option<u64>,
}

/// Serves an open installation; `ready` is told the address once it listens.
///
/// # Errors
/// When the address is taken.
pub fn serve(
    installation: Arc<Installation>,
    &Serving { listen, unsent_hours, stop_after }: &Serving<'_>,
    ready: &dyn Fn(std::net::SocketAddr),
) -> Outcome<Said> {
    let _alone = alone(&installation)?;
    process::raise_open_files();
    // What a former run left half done is done now.
    installation.store.requeue_jobs()?;
    let stop = Arc::new(AtomicBool::new(false));
    let workers = Arc::new(Workers::of(installation.clone(), stop.clone()));
    let watch = {
        let workers = workers.clone();
        std::thread::spawn(move || workers.watch())
    };
    {
        // Nobody waits for it at the end: what it is cut off in is done at the next start.
        let (installation, stop) = (installation.clone(), stop.clone());
        std::thread::spawn(move || maintain_daily(&installation, &stop));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.attempt(|| advice!("serving_not_started"))?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await;
        let listener = listener.attempt(|| advice!("address_taken", address = listen))?;
        let address = listener.local_addr().attempt(|| advice!("address_unknown"))?;
        ready(address);
        web::serve(
            listener,
            web::router(installation.store.clone(), site(&installation, workers, unsent_hours)),
            web::ConnectionLimits::default(),
            until_stopped(stop_after),
        )
        .await
        .attempt(|| advice!("serving_broke_off"))
    });
    stop.store(true, Ordering::Relaxed);
    if watch.join().is_err() {
        tracing::error!("the watch over the workers ended badly");
    }
    served.map(|()| Said::new(vec![wording!("serving_stopped")], &json!({ "stopped": true })))
}

/// Keeps a second server off the folder, as long as the file is open: it would begin again what this one is about.
fn alone(installation: &Installation) -> Outcome<File> {
    let path = installation.dir.join(SERVING);
    let unwritten = || advice!("file_unwritten", path = path.display());
    let lock = File::options().write(true).create(true).truncate(false).open(&path).attempt(unwritten)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            Err(Trouble::of(advice!("served_already", folder = installation.dir.display())))
        }
        Err(TryLockError::Error(error)) => Err(error).attempt(unwritten),
    }
}

/// Brings the records up to the package behind the open pages, and again on each new day: standards may come into force, waits
/// and notices end.
fn maintain_daily(installation: &Installation, stop: &AtomicBool) {
    let mut done = None;
    let mut next_try_ms = 0;
    while !stop.load(Ordering::Relaxed) {
        let today = clock::today();
        if done == Some(today) || clock::now_ms() < next_try_ms {
            std::thread::sleep(Duration::from_millis(200));
            continue;
        }
        match installation.backfill().and_then(|backfill| Ok((backfill, installation.go_on()?))) {
            Ok((backfill, gone_on)) => {
                tracing::info!(?backfill, "records were brought up to the day");
                tracing::info!(?gone_on, "what was due went on by itself");
                done = Some(today);
            }
            Err(trouble) => {
                tracing::error!(%trouble, "the records were not brought up to the day; it will be tried again");
                next_try_ms = clock::now_ms() + TRY_AGAIN_MS;
            }
        }
    }
}

fn site(installation: &Arc<Installation>, workers: Arc<Workers>, unsent_hours: u32) -> web::Site {
    web::Site {
        package: installation.package.clone(),
        gateway: Arc::new(AnalysisGateway::new(installation.clone(), workers)),
        inbox: installation.inbox(),
        out: installation.out(),
        today: clock::today,
        now_ms: clock::now_ms,
        unsent_hours,
        secure_cookies: false,
    }
}

async fn until_stopped(stop_after: Option<u64>) {
    let timed = async {
        match stop_after {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = timed => {}
        _ = tokio::signal::ctrl_c() => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending::<()>().await;
}
