//! How many requests one token may make: some at once, and then so many in a second.

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::time::Duration;

/// Requests that a token that was quiet may make at once.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(300).expect("is not nought");
/// Time after which one more may come: fifty in a second.
const EVERY: Duration = Duration::from_millis(20);
/// Where more tokens than this are remembered, those that are quiet again are forgotten.
const TOKENS_MAX: usize = 10_000;

/// Counts requests by token.
pub struct Rate<C: Clock = MonotonicClock> {
    limiter: RateLimiter<String, HashMapStateStore<String>, C, NoOpMiddleware<C::Instant>>,
    clock: C,
}

impl<C: Clock + Clone> Rate<C> {
    /// A rate by this clock.
    pub fn by(clock: C) -> Rate<C> {
        let quota = Quota::with_period(EVERY).unwrap_or(Quota::per_second(NonZeroU32::MIN)).allow_burst(AT_ONCE);
        Rate { limiter: RateLimiter::new(quota, HashMapStateStore::default(), clock.clone()), clock }
    }

    /// Takes one request.
    ///
    /// # Errors
    /// Whole seconds after which the next one is taken.
    pub fn take(&self, token: &str) -> Result<(), u64> {
        if self.limiter.len() >= TOKENS_MAX {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&token.to_owned()).map_err(|refused| {
            let wait = refused.wait_time_from(self.clock.now());
            wait.as_secs_f64().ceil().max(1.0) as u64
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    #[test]
    fn many_at_once_are_taken_and_then_as_many_as_the_pace_allows() {
        let clock = FakeRelativeClock::default();
        let rate = Rate::by(clock.clone());
        for count in 0..AT_ONCE.get() {
            assert_eq!(rate.take("mine"), Ok(()), "{count}");
        }
        assert_eq!(rate.take("mine"), Err(1));
        assert_eq!(rate.take("other"), Ok(()), "each token for itself");
        clock.advance(EVERY);
        assert_eq!(rate.take("mine"), Ok(()));
        assert_eq!(rate.take("mine"), Err(1), "what was refused does not count");
        clock.advance(EVERY * AT_ONCE.get());
        assert!((0..AT_ONCE.get()).all(|_| rate.take("mine").is_ok()));
        assert!(rate.take("mine").is_err());
    }
}
