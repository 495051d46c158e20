//! How many requests one token may make: some at once, and then so many in a second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Requests that a token that was quiet may make at once.
const AT_ONCE: u32 = 300;
/// Time after which one more may come: fifty in a second.
const EVERY: Duration = Duration::from_millis(20);
/// More tokens than this are not remembered; full ones go first.
const TOKENS_MAX: usize = 10_000;

/// Counts requests by token.
///
/// A token's instant is when everything it asked for will have been worked off at the allowed pace; it may lie ahead by as much
/// as the requests that are allowed at once take.
#[derive(Default)]
pub struct Rate {
    worked_off: Mutex<HashMap<String, Instant>>,
}

impl Rate {
    /// Takes one request at `now`.
    ///
    /// # Errors
    /// Whole seconds after which the next one is taken.
    pub fn take(&self, token: &str, now: Instant) -> Result<(), u64> {
        let mut worked_off = self.worked_off.lock().unwrap_or_else(PoisonError::into_inner);
        if worked_off.len() >= TOKENS_MAX && !worked_off.contains_key(token) {
            worked_off.retain(|_, at| *at > now);
        }
        let at = worked_off.get(token).copied().unwrap_or(now).max(now) + EVERY;
        let ahead = at.saturating_duration_since(now);
        let most = EVERY * AT_ONCE;
        if ahead > most {
            return Err((ahead - most).as_secs_f64().ceil().max(1.0) as u64);
        }
        worked_off.insert(token.to_owned(), at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_at_once_are_taken_and_then_as_many_as_the_pace_allows() {
        let (rate, start) = (Rate::default(), Instant::now());
        for count in 0..AT_ONCE {
            assert_eq!(rate.take("mine", start), Ok(()), "{count}");
        }
        assert_eq!(rate.take("mine", start), Err(1));
        assert_eq!(rate.take("other", start), Ok(()), "each token for itself");
        assert_eq!(rate.take("mine", start + EVERY), Ok(()));
        assert_eq!(rate.take("mine", start + EVERY), Err(1), "what was refused does not count");
        let rested = start + EVERY * (AT_ONCE + 1);
        assert!((0..AT_ONCE).all(|_| rate.take("mine", rested).is_ok()));
        assert!(rate.take("mine", rested).is_err());
    }
}
