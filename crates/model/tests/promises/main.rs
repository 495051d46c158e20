//! What the room `model` promises: the words that every room shares.

mod days;
mod numbers;
mod persons;
mod places;
mod texts;
mod values;
mod words;

use model::Day;

fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

/// Splitmix64: numbers without end from a seed, each below `bound`.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}
