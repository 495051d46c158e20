//! Threads that share tasks, and the parts of tasks: whoever is done helps the others.

use crate::error::Result;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::Scope;

/// So many threads, the caller's among them, whatever is run within what.
pub(crate) struct Threads {
    free: AtomicIsize,
}

/// Numbered tasks that wait, and the results of those that are done.
struct Queue<'a, T> {
    threads: &'a Threads,
    next: AtomicUsize,
    count: usize,
    done: Mutex<Vec<Option<Result<T>>>>,
    work: &'a (dyn Fn(usize) -> Result<T> + Sync),
}

impl Threads {
    /// `threads`: at least 1 counts.
    pub(crate) fn new(threads: usize) -> Threads {
        Threads { free: AtomicIsize::new(isize::try_from(threads.saturating_sub(1)).unwrap_or(isize::MAX)) }
    }

    /// Runs tasks 0 to `count` and returns their results in that order. A task may run parts of its own here.
    pub(crate) fn run<T: Send>(&self, count: usize, work: &(dyn Fn(usize) -> Result<T> + Sync)) -> Result<Vec<T>> {
        let done = Mutex::new((0..count).map(|_| None).collect());
        let queue = Queue { threads: self, next: AtomicUsize::new(0), count, done, work };
        std::thread::scope(|scope| {
            queue.work(scope);
            // While this thread waits for the others, one more may help them.
            self.free.fetch_add(1, Ordering::Relaxed);
        });
        self.free.fetch_sub(1, Ordering::Relaxed);
        let done = queue.done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.into_iter().flatten().collect()
    }

    fn take(&self) -> bool {
        let one_less = |free: isize| (free > 0).then_some(free - 1);
        self.free.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
    }
}

impl<T: Send> Queue<'_, T> {
    /// Works until nothing waits; calls a free thread whenever more waits than this one can take.
    fn work<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) {
        loop {
            let task = self.next.fetch_add(1, Ordering::Relaxed);
            if task >= self.count {
                return;
            }
            if task + 1 < self.count && self.threads.take() {
                scope.spawn(move || {
                    self.work(scope);
                    self.threads.free.fetch_add(1, Ordering::Relaxed);
                });
            }
            let result = (self.work)(task);
            if result.is_err() {
                self.next.store(self.count, Ordering::Relaxed);
            }
            self.done.lock().unwrap_or_else(PoisonError::into_inner)[task] = Some(result);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AnalysisError;

    #[test]
    fn parts_of_tasks_come_back_in_order_whatever_the_number_of_threads() {
        for threads in [0, 1, 2, 3, 8] {
            let shared = Threads::new(threads);
            let task = |task: usize| shared.run(task, &|part| Ok(task * 100 + part));
            let expected: Vec<Vec<usize>> =
                (0..20).map(|task| (0..task).map(|part| task * 100 + part).collect()).collect();
            assert_eq!(shared.run(20, &task).expect("nothing fails"), expected, "{threads} threads");
            let free = isize::try_from(threads.max(1)).expect("few") - 1;
            assert_eq!(shared.free.load(Ordering::Relaxed), free, "all are free again");
        }
    }

    #[test]
    fn the_first_failure_is_told() {
        let shared = Threads::new(3);
        let work = |task: usize| match task {
            7 => Err(AnalysisError::NoHousehold { household_no: 7 }),
            task => Ok(task),
        };
        assert!(matches!(shared.run(50, &work), Err(AnalysisError::NoHousehold { household_no: 7 })));
    }
}
