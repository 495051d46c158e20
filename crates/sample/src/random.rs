//! Chance by seed: one stream per thing, so that neither order nor threads matter.
//!
//! Everything is built on whole numbers and plain arithmetic: the same seed gives the same bytes on every machine
//! and with every release of the random-number crates.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A stream of chance that belongs to one thing (a village, a household, a table's rows of a household).
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of the thing that `purpose` and the two numbers name, under the seed of the whole sample.
    pub fn of(seed: u64, purpose: &str, first: u64, second: u64) -> Stream {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&fingerprint(purpose).to_le_bytes());
        key[16..24].copy_from_slice(&first.to_le_bytes());
        key[24..].copy_from_slice(&second.to_le_bytes());
        Stream(ChaCha8Rng::from_seed(key))
    }

    /// A number of 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from 0 up to 1, 1 left out.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True in `share` of all cases.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// A whole number from `low` to `high`, both included; `low` where `high` is below it.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        let width = high.abs_diff(low).saturating_add(1);
        let scaled = (u128::from(self.bits()) * u128::from(width)) >> 64;
        // Wraps to the right number where the range is wider than half of all numbers.
        low.wrapping_add(scaled as i64)
    }

    /// An index below `length`; 0 for an empty length.
    pub fn index(&mut self, length: usize) -> usize {
        self.between(0, length as i64 - 1).max(0) as usize
    }

    /// One of the items; `None` where there is none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.index(items.len()))
    }

    /// The index of one weight, each in proportion to its size; 0 where all are 0.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let total: f64 = weights.iter().sum();
        let mut left = self.unit() * total;
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0)
    }

    /// About normal, mean 0 and deviation 1, never beyond 6 (the sum of twelve uniform numbers).
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// About log-normal around `median`; `spread` is the deviation of the logarithm.
    pub fn log_normal(&mut self, median: f64, spread: f64) -> f64 {
        median * exponential(self.normal() * spread)
    }

    /// A whole count around `mean`: the whole part, and one more in the share of the rest.
    pub fn count(&mut self, mean: f64) -> i64 {
        let whole = mean.max(0.0).floor();
        whole as i64 + i64::from(self.chance(mean.max(0.0) - whole))
    }
}

/// Weights summed up once, for drawing often from a long list.
pub struct Lottery {
    sums: Vec<u64>,
}

impl Lottery {
    /// A lottery in which item `i` has `weights[i]` tickets.
    pub fn new(weights: impl IntoIterator<Item = u64>) -> Lottery {
        let mut total = 0_u64;
        let sums = weights
            .into_iter()
            .map(|weight| {
                total += weight;
                total
            })
            .collect();
        Lottery { sums }
    }

    /// The index of the item drawn; 0 where there is no ticket.
    pub fn draw(&self, stream: &mut Stream) -> usize {
        let total = self.sums.last().copied().unwrap_or(0);
        if total == 0 {
            return 0;
        }
        let ticket = stream.between(0, total as i64 - 1) as u64;
        self.sums.partition_point(|sum| *sum <= ticket)
    }
}

/// FNV-1a over the bytes: names become numbers.
pub fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// e to the power of `x` with plain arithmetic only, so that all machines agree to the last bit.
fn exponential(x: f64) -> f64 {
    let small = x / 64.0;
    let series = 1.0
        + small
            * (1.0
                + small / 2.0 * (1.0 + small / 3.0 * (1.0 + small / 4.0 * (1.0 + small / 5.0 * (1.0 + small / 6.0)))));
    (0..6).fold(series, |power, _| power * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_different_things_differ_and_of_the_same_agree() {
        let draw = |seed, purpose, first, second| Stream::of(seed, purpose, first, second).bits();
        assert_eq!(draw(1, "village", 2, 3), draw(1, "village", 2, 3));
        for other in
            [draw(2, "village", 2, 3), draw(1, "rows", 2, 3), draw(1, "village", 3, 3), draw(1, "village", 2, 4)]
        {
            assert_ne!(draw(1, "village", 2, 3), other);
        }
    }

    #[test]
    fn whole_numbers_reach_both_ends_and_never_leave_them() {
        let mut stream = Stream::of(7, "between", 0, 0);
        let drawn: Vec<i64> = (0..1000).map(|_| stream.between(-2, 2)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&2)));
        assert_eq!(stream.between(5, 4), 5);
    }

    #[test]
    fn a_lottery_draws_in_proportion_and_never_an_empty_lot() {
        let lottery = Lottery::new([1, 0, 3]);
        let mut stream = Stream::of(7, "lottery", 0, 0);
        let mut drawn = [0; 3];
        (0..4000).for_each(|_| drawn[lottery.draw(&mut stream)] += 1);
        assert_eq!(drawn[1], 0);
        assert!((900..1100).contains(&drawn[0]), "{drawn:?}");
    }

    #[test]
    fn the_exponential_agrees_with_the_library() {
        for x in [-3.0, -0.5, 0.0, 0.7, 2.0, 4.0] {
            assert!((exponential(x) / f64::exp(x) - 1.0).abs() < 1e-9, "{x}");
        }
    }
}
