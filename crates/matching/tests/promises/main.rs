//! What the room `matching` promises: who is who, told by plain models, in the words that people read.

mod explained;
mod files;
mod model_of_matching;
mod names;
mod near;
mod spans;
mod stories;

use matching::{Member, NameBook, NameMark, PersonCipher, Spellings};
use model::{Day, HouseholdNo, IdentityNumber, ResidentKey};

fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

/// A membership without a name.
fn member(person: i64, household: i64, from: Option<Day>, to: Option<Day>) -> Member {
    Member { resident_key: ResidentKey(person), household_no: HouseholdNo(household), from, to, name: NameMark::NONE }
}

fn cipher() -> PersonCipher {
    PersonCipher::new(&[9; 32])
}

fn names() -> NameBook {
    let letters = "form,letter\n張,张\n爾,尔\n";
    let forms = "group,people,form\n1,yi,木呷\n1,yi,木嘎\n2,yi,沙马\n2,yi,沙玛\n";
    NameBook::new([5; 32], Spellings::from_csv(letters, forms).expect("well written"))
}

fn key_of(identity: &str) -> ResidentKey {
    cipher().key_of(IdentityNumber::parse(identity).expect("test numbers are well written"))
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

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}
