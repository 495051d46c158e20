//! The workers behind the pages: several, each on a thread of its own, watched and started again where one ends.

use super::worker::work;
use crate::installation::Installation;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use web::WorkersShown;

/// Workers of one server. One heavy job at most is at work at a time (`store::NewJob`), so that the others are there for small ones.
pub const WORKERS: usize = 3;
const WATCHED_EVERY: Duration = Duration::from_millis(200);
/// A worker that ended is not started again at once, lest one that cannot start eats the machine.
const REST: Duration = Duration::from_secs(1);

/// What a worker does until it is told to stop.
type Work = dyn Fn(&AtomicBool) + Send + Sync;

/// The workers of a server.
pub struct Workers {
    seats: Mutex<Vec<Option<JoinHandle<()>>>>,
    restarts: AtomicU32,
    stop: Arc<AtomicBool>,
    work: Arc<Work>,
}

impl Workers {
    /// Workers over the queue of an installation; none is at work before [`Workers::watch`].
    pub fn of(installation: Arc<Installation>, stop: Arc<AtomicBool>) -> Workers {
        Workers::doing(Arc::new(move |stop: &AtomicBool| work(&installation, stop)), stop)
    }

    fn doing(work: Arc<Work>, stop: Arc<AtomicBool>) -> Workers {
        let seats = (0..WORKERS).map(|_| None).collect();
        Workers { seats: Mutex::new(seats), restarts: AtomicU32::new(0), stop, work }
    }

    /// Starts the workers, starts again whichever ends, and returns when all have ended after `stop` was set.
    pub fn watch(&self) {
        let mut is_first = true;
        while !self.stop.load(Ordering::Relaxed) {
            let started = self.fill_seats();
            if started > 0 && !is_first {
                self.restarts.fetch_add(started, Ordering::Relaxed);
                tracing::error!(started, "workers had ended and were started again");
                std::thread::sleep(REST);
            }
            is_first = false;
            std::thread::sleep(WATCHED_EVERY);
        }
        let seats: Vec<_> = self.seats().iter_mut().filter_map(Option::take).collect();
        for worker in seats {
            if worker.join().is_err() {
                tracing::error!("a worker ended badly");
            }
        }
    }

    /// How many there are, and how often one was started again.
    pub fn shown(&self) -> WorkersShown {
        let at_work = self.seats().iter().flatten().filter(|worker| !worker.is_finished()).count();
        let restarts = self.restarts.load(Ordering::Relaxed);
        WorkersShown { running: u32::try_from(at_work).unwrap_or(u32::MAX), of: WORKERS as u32, restarts }
    }

    fn fill_seats(&self) -> u32 {
        let mut started = 0;
        for (number, seat) in self.seats().iter_mut().enumerate() {
            if seat.as_ref().is_some_and(|worker| !worker.is_finished()) {
                continue;
            }
            let (work, stop) = (self.work.clone(), self.stop.clone());
            let thread = std::thread::Builder::new().name(format!("worker {number}"));
            match thread.spawn(move || work(&stop)) {
                Ok(worker) => (*seat, started) = (Some(worker), started + 1),
                Err(error) => tracing::error!(%error, "a worker cannot be started"),
            }
        }
        started
    }

    fn seats(&self) -> std::sync::MutexGuard<'_, Vec<Option<JoinHandle<()>>>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    /// Waits until it holds, at most ten seconds.
    fn until(holds: impl Fn() -> bool) -> bool {
        let began = Instant::now();
        while !holds() {
            if began.elapsed() > Duration::from_secs(10) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        true
    }

    #[test]
    fn a_worker_that_ends_is_started_again_and_told_of() {
        let (stop, breaks) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(2)));
        let left = breaks.clone();
        let work = move |stop: &AtomicBool| {
            let takes = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            assert!(takes.is_err(), "a worker that breaks");
            while !stop.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        let workers = Arc::new(Workers::doing(Arc::new(work), stop.clone()));
        assert_eq!(workers.shown(), WorkersShown { running: 0, of: 3, restarts: 0 });
        let watched = workers.clone();
        let watch = std::thread::spawn(move || watched.watch());
        assert!(until(|| workers.shown() == WorkersShown { running: 3, of: 3, restarts: 2 }), "{:?}", workers.shown());
        stop.store(true, Ordering::Relaxed);
        watch.join().expect("ends well");
        assert_eq!(workers.shown().running, 0, "none is left behind");
    }
}
