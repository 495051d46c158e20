//! Slows down guessing: after a few wrong passwords for one name, that name has to wait, whether it exists or not.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Wrong tries that are free.
const FREE_TRIES: u32 = 5;
/// How long a name waits after that; each further wrong try starts the wait anew.
const WAIT: Duration = Duration::from_secs(300);
/// More names than this are not remembered; the oldest go first.
const NAMES_MAX: usize = 10_000;

/// Counts wrong tries by typed name.
#[derive(Default)]
pub struct Throttle {
    tries: Mutex<HashMap<String, (u32, Instant)>>,
}

impl Throttle {
    /// Seconds that the name still has to wait at `now`; 0 when it may try.
    pub fn wait_seconds(&self, name: &str, now: Instant) -> u64 {
        let tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        match tries.get(name) {
            Some((count, last)) if *count >= FREE_TRIES => {
                (*last + WAIT).saturating_duration_since(now).as_secs_f64().ceil() as u64
            }
            _ => 0,
        }
    }

    /// Remembers a wrong try.
    pub fn failed(&self, name: &str, now: Instant) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= NAMES_MAX {
            tries.retain(|_, (_, last)| now.saturating_duration_since(*last) < WAIT);
        }
        if tries.len() >= NAMES_MAX {
            let oldest = tries.iter().min_by_key(|(_, (_, last))| *last).map(|(name, _)| name.clone());
            oldest.map(|name| tries.remove(&name));
        }
        let entry = tries.entry(name.to_owned()).or_insert((0, now));
        let forgotten = now.saturating_duration_since(entry.1) >= WAIT;
        *entry = (if forgotten { 1 } else { entry.0 + 1 }, now);
    }

    /// Forgets the name after a right password.
    pub fn passed(&self, name: &str) {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_try_waits_and_the_wait_ends() {
        let throttle = Throttle::default();
        let start = Instant::now();
        for _ in 0..FREE_TRIES - 1 {
            throttle.failed("li", start);
        }
        assert_eq!(throttle.wait_seconds("li", start), 0);
        throttle.failed("li", start);
        assert_eq!(throttle.wait_seconds("li", start), WAIT.as_secs());
        assert_eq!(throttle.wait_seconds("yang", start), 0);
        assert_eq!(throttle.wait_seconds("li", start + WAIT - Duration::from_millis(1)), 1);
        assert_eq!(throttle.wait_seconds("li", start + WAIT), 0);
        throttle.failed("li", start + WAIT);
        assert_eq!(throttle.wait_seconds("li", start + WAIT), 0, "old tries are forgotten");
    }

    #[test]
    fn a_right_password_forgets_the_wrong_ones() {
        let throttle = Throttle::default();
        let start = Instant::now();
        (0..9).for_each(|_| throttle.failed("li", start));
        throttle.passed("li");
        assert_eq!(throttle.wait_seconds("li", start), 0);
    }
}
