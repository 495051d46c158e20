//! Pseudonyms of persons: a keyed one-to-one map between identity numbers and 64-bit keys.

use model::{IdentityNumber, ResidentKey};
use siphasher::sip::SipHasher24;
use std::fmt;

/// Rounds of the Feistel network.
const ROUNDS: usize = 12;
/// What the secret of an installation is used for here; changing a text changes every key.
const ROUND_KEYS: &str = "shouwang 2021 person cipher: round keys";
const FINGERPRINT: &str = "shouwang 2021 person cipher: fingerprint";

/// A keyed permutation of 64-bit numbers: a Feistel network of 12 rounds over two halves of 32 bits, whose round function is
/// SipHash-2-4 under round keys drawn from the secret with BLAKE3.
///
/// What it gives: equal persons get equal keys, different persons different keys, joins are joins of integers, and without
/// the secret a key says nothing about its person. What it does not give: it is no certified cipher, it is deterministic
/// (rows of one person can be seen to belong together), and whoever holds the secret can turn every key back. The lake is
/// therefore pseudonymous, not anonymous, and the secret belongs where the database's own keys are.
#[derive(Clone)]
pub struct PersonCipher {
    rounds: [SipHasher24; ROUNDS],
    fingerprint: String,
}

impl PersonCipher {
    /// The cipher of an installation with this secret of 32 random bytes.
    pub fn new(secret: &[u8; 32]) -> PersonCipher {
        let mut drawn = [0; ROUNDS * 16];
        blake3::Hasher::new_derive_key(ROUND_KEYS).update(secret).finalize_xof().fill(&mut drawn);
        let rounds = std::array::from_fn(|round| {
            let mut key = [0; 16];
            key.copy_from_slice(&drawn[round * 16..][..16]);
            SipHasher24::new_with_key(&key)
        });
        let fingerprint =
            blake3::derive_key(FINGERPRINT, secret)[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        PersonCipher { rounds, fingerprint }
    }

    /// The key of the person with this number. Certificates of one person give one key.
    pub fn key_of(&self, number: IdentityNumber) -> ResidentKey {
        ResidentKey(self.permute(number.digits17()).cast_signed())
    }

    /// The number behind a key; `None` for a key that this secret gives to nobody, as keys made with another secret are
    /// (all but about one in a thousand of them).
    pub fn reveal(&self, key: ResidentKey) -> Option<IdentityNumber> {
        IdentityNumber::from_digits17(self.restore(key.0.cast_unsigned())).ok()
    }

    /// 16 hexadecimal digits that tell secrets apart without telling anything about them: kept beside the data so that a
    /// wrong secret is noticed at the start.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn permute(&self, number: u64) -> u64 {
        let (mut left, mut right) = halves(number);
        for round in &self.rounds {
            (left, right) = (right, left ^ scramble(round, right));
        }
        joined(left, right)
    }

    fn restore(&self, number: u64) -> u64 {
        let (mut left, mut right) = halves(number);
        for round in self.rounds.iter().rev() {
            (left, right) = (right ^ scramble(round, left), left);
        }
        joined(left, right)
    }
}

impl fmt::Debug for PersonCipher {
    /// The fingerprint alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonCipher({})", self.fingerprint)
    }
}

fn scramble(round: &SipHasher24, half: u32) -> u32 {
    round.hash(&half.to_le_bytes()) as u32
}

fn halves(number: u64) -> (u32, u32) {
    ((number >> 32) as u32, number as u32)
}

fn joined(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

#[cfg(test)]
mod tests {
    use super::PersonCipher;
    use model::{IdentityNumber, ResidentKey};
    use proptest::prelude::{any, prop_assert_eq, proptest};

    fn cipher(byte: u8) -> PersonCipher {
        PersonCipher::new(&[byte; 32])
    }

    #[test]
    fn keys_of_old_installations_stay_what_they_were() {
        let golden = [
            (7, 0, 12_447_704_243_364_336_236),
            (7, 11_010_519_491_231_002, 13_537_245_526_273_444_628),
            (8, 0, 8_970_876_003_305_889_355),
        ];
        for (secret, number, key) in golden {
            assert_eq!(cipher(secret).permute(number), key, "{secret} {number}");
        }
        assert_eq!(cipher(7).fingerprint(), "e98173f51b6182de");
    }

    #[test]
    fn all_certificates_of_a_person_give_one_key_that_leads_back() {
        let cipher = cipher(1);
        let texts = ["11010519491231002X", "110105491231002", "11010519491231002X41", "11010519491231002x4101"];
        let keys = texts.map(|text| cipher.key_of(IdentityNumber::parse(text).expect("well written")));
        assert!(keys.iter().all(|key| *key == keys[0]));
        assert_eq!(cipher.reveal(keys[0]).map(IdentityNumber::canonical).as_deref(), Some(texts[0]));
    }

    #[test]
    fn keys_of_another_secret_hardly_ever_lead_to_a_person() {
        let (own, other) = (cipher(1), cipher(2));
        let wrong = (0..10_000).filter(|key| other.reveal(ResidentKey(own.permute(*key).cast_signed())).is_some());
        assert!(wrong.count() < 100);
        assert_ne!(own.fingerprint(), other.fingerprint());
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(format!("{:?}", cipher(7)), format!("PersonCipher({})", cipher(7).fingerprint()));
    }

    #[test]
    fn one_digit_changes_about_half_of_the_bits() {
        let cipher = cipher(3);
        let changed: u32 = (0..1_000_u64).map(|n| (cipher.permute(n) ^ cipher.permute(n + 1)).count_ones()).sum();
        assert!((30_000..34_000).contains(&changed), "{changed} of 64,000 bits");
    }

    proptest! {
        #[test]
        fn every_number_comes_back(secret in any::<[u8; 32]>(), number in any::<u64>()) {
            let cipher = PersonCipher::new(&secret);
            prop_assert_eq!(cipher.restore(cipher.permute(number)), number);
            prop_assert_eq!(cipher.permute(cipher.restore(number)), number);
        }
    }
}
