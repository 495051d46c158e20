//! Bytes that requests hold in memory: counted over all of them, so that many large ones at once are told to come again and do not
//! fill the machine.

use crate::http::trouble::PageError;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes that all requests together may hold, in KiB: what a form of 64 MiB holds, four times.
const IN_FLIGHT_KIB: usize = 256 << 10;

/// What may be held by all requests.
pub struct InFlight(Arc<Semaphore>);

/// What one request holds, given back when it is dropped.
#[derive(Default)]
pub struct Held {
    permit: Option<OwnedSemaphorePermit>,
    /// Bytes that were not counted yet: less than a KiB.
    rest: usize,
}

impl Default for InFlight {
    fn default() -> InFlight {
        InFlight::of_kib(IN_FLIGHT_KIB)
    }
}

impl InFlight {
    fn of_kib(kib: usize) -> InFlight {
        InFlight(Arc::new(Semaphore::new(kib)))
    }

    /// Counts further bytes to what a request holds.
    ///
    /// # Errors
    /// `Crowded` where all requests together hold too much; this one is to give up.
    pub fn hold(&self, held: &mut Held, bytes: usize) -> Result<(), PageError> {
        held.rest += bytes;
        let kib = u32::try_from(held.rest >> 10).map_err(|_| PageError::Crowded)?;
        held.rest &= 1023;
        if kib == 0 {
            return Ok(());
        }
        let permit = self.0.clone().try_acquire_many_owned(kib).map_err(|_| PageError::Crowded)?;
        match &mut held.permit {
            Some(held) => held.merge(permit),
            None => held.permit = Some(permit),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_counted_to_the_kib_and_given_back() {
        let in_flight = InFlight::of_kib(4);
        let (mut one, mut other) = (Held::default(), Held::default());
        for _ in 0..4 {
            in_flight.hold(&mut one, 512).expect("half of it");
        }
        in_flight.hold(&mut other, 2048).expect("the other half");
        assert!(matches!(in_flight.hold(&mut one, 1024), Err(PageError::Crowded)));
        in_flight.hold(&mut one, 1023).expect("less than is counted");
        drop(other);
        in_flight.hold(&mut one, 1024).expect("there is room again");
        drop(one);
        let mut last = Held::default();
        in_flight.hold(&mut last, 4096).expect("all of it");
        assert!(matches!(in_flight.hold(&mut Held::default(), usize::MAX >> 1), Err(PageError::Crowded)));
    }
}
