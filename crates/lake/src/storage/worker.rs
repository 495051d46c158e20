//! Requests to an object store run on a thread of their own, so that they can be waited for anywhere: also where a runtime runs.

use std::future::Future;
use std::pin::Pin;
use std::sync::mpsc::sync_channel;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The thread with the runtime; it ends with the last one who can give it work.
#[derive(Debug)]
pub(crate) struct Worker {
    jobs: UnboundedSender<Job>,
}

impl Worker {
    /// Starts the thread.
    pub(crate) fn start() -> std::io::Result<Worker> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (jobs, mut given) = unbounded_channel::<Job>();
        let run = move || {
            runtime.block_on(async move {
                while let Some(job) = given.recv().await {
                    tokio::spawn(job);
                }
            });
        };
        std::thread::Builder::new().name("lake".to_owned()).spawn(run)?;
        Ok(Worker { jobs })
    }

    /// Waits for what `work` gives; `None` when it broke off.
    pub(crate) fn wait<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Option<T> {
        let (done, answer) = sync_channel(1);
        let job = async move {
            // Whoever asked may have gone.
            let _ = done.send(work.await);
        };
        self.jobs.send(Box::pin(job)).ok()?;
        answer.recv().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_waited_for_inside_of_a_runtime_and_after_work_that_broke_off() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let worker = Worker::start().expect("a thread");
            assert_eq!(worker.wait(async { 7 }), Some(7));
            assert_eq!(worker.wait(async { assert!(std::hint::black_box(false), "broken") }), None);
            assert_eq!(worker.wait(async { "still there" }), Some("still there"));
        });
    }
}
